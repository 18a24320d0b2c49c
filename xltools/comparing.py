"""This year beside last year, unit by unit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltools import scoring
from xltools.merging import Consolidation, FormFacts, numeric
from xltools.messages.console import say
from xltools.messages.interface import Lang
from xltools.profiles import Profile
from xltools.quantities import round_half_up
from xltools.rules.consolidation import unit_key

INCOMPLETE = "上年数不全"
_NAMED = 5  # units in one remark


class Past(NamedTuple):
    """A form of last year; money in 万元, None where no number is known."""

    unit: str
    annual: Decimal | None
    executed: Decimal | None
    stated: Decimal | None
    total: Decimal | None


class Figures(NamedTuple):
    """A unit in one year.  annual, executed: what is known, None when no form gives it.
    whole, spent: every form gives its budget, and what was executed.
    rate: None unless every form gives both.  stated, total: means."""

    forms: int
    annual: Decimal | None
    executed: Decimal | None
    whole: bool
    spent: bool
    rate: Decimal | None
    stated: Decimal | None
    total: Decimal | None


class Compared(NamedTuple):
    """forms: this year's, as indices into ``Consolidation.forms``; none when the unit is not there.
    withheld: forms of the unit came last year and are in none of its figures."""

    unit: str
    forms: tuple[int, ...]
    now: Figures | None
    before: Figures | None
    withheld: bool = False

    @property
    def complete(self) -> bool:
        """Everything of last year is in its figures."""
        return not self.withheld and (self.before is None or (self.before.whole and self.before.spent))


class Comparison(NamedTuple):
    """source: the name of what was compared with.  year: last year's, if it is known.
    left_out: (file in it, why) of what counts in no figure of last year."""

    source: str
    year: int | None
    lines: tuple[Compared, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def past(facts: FormFacts) -> Past:
    return Past(
        facts.unit,
        numeric(facts.annual),
        numeric(facts.executed),
        numeric(facts.stated_total),
        numeric(facts.total),
    )


def compare(
    consolidation: Consolidation,
    before: Sequence[Past],
    source: str,
    year: int | None,
    left_out: Sequence[tuple[str, str]] = (),
    withheld: Collection[str] = (),
) -> Comparison:
    """This year's units in their order, then those that are no longer there.

    withheld: the units of forms of last year that do not count."""
    these = [past(form.facts) for lines in consolidation.each_lines() for form in lines.forms]
    now: dict[str, list[int]] = {}
    for at, form in enumerate(these):
        now.setdefault(unit_key(form.unit), []).append(at)
    then: dict[str, list[Past]] = {}
    for each in before:
        then.setdefault(unit_key(each.unit), []).append(each)
    lines, partly = [], {unit_key(unit) for unit in withheld}
    for key in dict.fromkeys([*now, *then]):
        forms = tuple(now.get(key, ()))
        mine = [these[at] for at in forms]
        name = mine[0].unit if mine else then[key][0].unit
        lines.append(Compared(name, forms, figures(mine), figures(then.get(key, ())), key in partly))
    return Comparison(source, year, tuple(lines), tuple(left_out))


def figures(forms: Sequence[Past]) -> Figures | None:
    if not forms:
        return None
    annual, executed = (_known(getattr(each, name) for each in forms) for name in ("annual", "executed"))
    whole = all(each.annual is not None for each in forms)
    spent = all(each.executed is not None for each in forms)
    rate = None
    if whole and spent and annual is not None and executed is not None:
        rate = scoring.execution_rate(annual, executed)
    return Figures(
        len(forms),
        annual,
        executed,
        whole,
        spent,
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
        return ["本年未见" if line.now is None else "上年未计入" if line.withheld else "上年未见"]
    changes = (
        ("预算变动大", budget_change(line.now, line.before), profile.budget_change),
        ("执行率变动大", change(line.now.rate, line.before.rate), profile.rate_change),
        ("自评分变动大", change(line.now.stated, line.before.stated), profile.score_change),
        ("复算分变动大", change(line.now.total, line.before.total), profile.score_change),
    )
    words = [word for word, value, limit in changes if value is not None and abs(value) > limit]
    return words if line.complete else [*words, INCOMPLETE]


def remarks(comparison: Comparison, year: int | None, lang: Lang = "zh") -> Iterator[str]:
    """What the figures of last year lack, and whether they are of an earlier year at all.

    year: what this consolidation is about.
    """
    if comparison.year and year and comparison.year >= year:
        years = {"before": str(comparison.year), "now": str(year)}
        yield say("previous_year", lang, source=comparison.source, **years)
    for path, why in comparison.left_out:
        yield say("previous_left_out", lang, source=comparison.source, path=path, reason=why)
    there = [(line.unit, line.before) for line in comparison.lines if line.before]
    for key, units in (
        ("previous_budget", [unit for unit, before in there if not before.whole]),
        ("previous_executed", [unit for unit, before in there if not before.spent]),
    ):
        if units:
            shown = "、".join(unit or "（未填）" for unit in units[:_NAMED])
            yield say(key, lang, count=str(len(units)), units=shown + ("……" if units[_NAMED:] else ""))


def budget_change(now: Figures, before: Figures) -> Decimal | None:
    """In percent of last year's."""
    if not (now.whole and before.whole and before.annual) or now.annual is None:
        return None
    return round_half_up((now.annual - before.annual) / before.annual * 100)


def change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if now is None or before is None else round_half_up(now - before)
