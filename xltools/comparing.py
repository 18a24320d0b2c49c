"""This year beside last year, unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltools import scoring
from xltools.merging import Consolidation, FormFacts, numeric
from xltools.profiles import Profile
from xltools.quantities import round_half_up
from xltools.rules.consolidation import unit_key


class Past(NamedTuple):
    """A form of last year; money in 万元, None where no number is known."""

    unit: str
    annual: Decimal | None
    executed: Decimal | None
    stated: Decimal | None
    total: Decimal | None


class Figures(NamedTuple):
    """A unit in one year.  annual, executed: what is known, None when no form gives it.
    whole: every form gives its budget.  rate: None unless every form gives both.  stated, total: means."""

    forms: int
    annual: Decimal | None
    executed: Decimal | None
    whole: bool
    rate: Decimal | None
    stated: Decimal | None
    total: Decimal | None


class Compared(NamedTuple):
    """forms: this year's, as indices into ``Consolidation.forms``; none when the unit is not there."""

    unit: str
    forms: tuple[int, ...]
    now: Figures | None
    before: Figures | None


class Comparison(NamedTuple):
    """source: the name of what was compared with.  year: last year's, if it is known."""

    source: str
    year: int | None
    lines: tuple[Compared, ...]


def past(facts: FormFacts) -> Past:
    return Past(
        facts.unit,
        numeric(facts.annual),
        numeric(facts.executed),
        numeric(facts.stated_total),
        numeric(facts.total),
    )


def compare(
    consolidation: Consolidation, before: Sequence[Past], source: str, year: int | None
) -> Comparison:
    """This year's units in their order, then those that are no longer there."""
    these = [past(form.facts) for lines in consolidation.each_lines() for form in lines.forms]
    now: dict[str, list[int]] = {}
    for at, form in enumerate(these):
        now.setdefault(unit_key(form.unit), []).append(at)
    then: dict[str, list[Past]] = {}
    for each in before:
        then.setdefault(unit_key(each.unit), []).append(each)
    lines = []
    for key in dict.fromkeys([*now, *then]):
        forms = tuple(now.get(key, ()))
        mine = [these[at] for at in forms]
        name = mine[0].unit if mine else then[key][0].unit
        lines.append(Compared(name, forms, figures(mine), figures(then.get(key, ()))))
    return Comparison(source, year, tuple(lines))


def figures(forms: Sequence[Past]) -> Figures | None:
    if not forms:
        return None
    annual, executed = (_known(getattr(each, name) for each in forms) for name in ("annual", "executed"))
    whole = all(each.annual is not None for each in forms)
    both = whole and all(each.executed is not None for each in forms)
    rate = None
    if both and annual is not None and executed is not None:
        rate = scoring.execution_rate(annual, executed)
    return Figures(
        len(forms),
        annual,
        executed,
        whole,
        rate,
        _mean(each.stated for each in forms),
        _mean(each.total for each in forms),
    )


def _known(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return scoring.sum_of(known) if known else None


def _mean(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return round_half_up(scoring.sum_of(known) / len(known)) if known else None


def marks(line: Compared, profile: Profile) -> list[str]:
    """What is worth a question, in the order of the columns."""
    if line.now is None or line.before is None:
        return ["本年未见" if line.now is None else "上年未见"]
    changes = (
        ("预算变动大", budget_change(line.now, line.before), profile.budget_change),
        ("执行率变动大", change(line.now.rate, line.before.rate), profile.rate_change),
        ("自评分变动大", change(line.now.stated, line.before.stated), profile.score_change),
        ("复算分变动大", change(line.now.total, line.before.total), profile.score_change),
    )
    return [word for word, value, limit in changes if value is not None and abs(value) > limit]


def budget_change(now: Figures, before: Figures) -> Decimal | None:
    """In percent of last year's."""
    if not (now.whole and before.whole and before.annual) or now.annual is None:
        return None
    return round_half_up((now.annual - before.annual) / before.annual * 100)


def change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if now is None or before is None else round_half_up(now - before)
