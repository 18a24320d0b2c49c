"""The consolidated form, from the tally of a batch: what is divided, rounded, scored and put into words.

Numbers are added, relative ones averaged with the funds as weights, and only then scored; words are
represented by their scores, funds as weights (财预〔2020〕10号 and local notes).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltools import scoring
from xltools.merging.facts import UNDETERMINED, FindingFacts, FormFacts, Method, Way
from xltools.merging.row_tally import Key, NumbersTally, RatesTally, RowTally, WordsTally
from xltools.merging.tally import FundTally, Tally
from xltools.merging.wording import Wording
from xltools.messages.interface import LEVEL1
from xltools.profiles import Profile
from xltools.quantities import round_half_up
from xltools.scoring import HUNDRED, ZERO
from xltools.vocabulary import label_key, vocabulary

LISTED_ROWS = 2000  # rows of the consolidated form; the rest is added up by level-2 indicator


class FindingLine(NamedTuple):
    """One line of 问题清单.

    form: index into ``Consolidation.forms``, None without one.  In ``batch_findings`` of
    `consolidate` it is the index as `forms_of` counts.
    """

    facts: FindingFacts
    unit: str
    project: str
    source: str
    form: int | None = None


class MergedForm(NamedTuple):
    """A form that counts.  weight: its funds, or 1 where no form of the batch has any.
    rows: for each indicator the number of its row in the consolidated form.
    findings: those about the form, of its own and of the batch.
    remarks: what of its amounts is not in the totals."""

    source: str
    facts: FormFacts
    weight: Decimal
    rows: tuple[int, ...]
    findings: tuple[FindingFacts, ...]
    remarks: str

    @property
    def name(self) -> str:
        return self.facts.unit or self.facts.project or self.source


class PooledRow(NamedTuple):
    """One row of the consolidated form.

    number: 1-based.  live: its cells can be formulas over the list of indicators.
    weight None: no form that has it gives points.  score None: it cannot be judged.
    """

    number: int
    level1: str
    level2: str
    level3: str
    nature: str
    direction: str
    unit: str
    way: Way | None
    method: Method
    target: Decimal | str | None
    actual: Decimal | str | None
    weight: Decimal | None
    score: Decimal | None
    units: int
    note: str
    live: bool = True


class FundTotal(NamedTuple):
    """complete: every form that has the line gives both amounts, so the rate is that of the sums."""

    kind: str
    initial: Decimal
    annual: Decimal
    executed: Decimal
    rate: Decimal | None
    complete: bool


class Pool(NamedTuple):
    """The consolidated form.  base: the weights of the scored forms added up."""

    funds: tuple[FundTotal, ...]
    rows: tuple[PooledRow, ...]
    base: Decimal
    execution_weight: Decimal
    execution_score: Decimal | None
    total_weight: Decimal
    total: Decimal | None
    judged: tuple[Decimal, Decimal]


def pooled(tally: Tally, profile: Profile) -> tuple[tuple[PooledRow, ...], Mapping[str, int], Pool]:
    """The consolidated rows, the number of the row for each key of an indicator, and the whole form."""
    rows, number = _rows(tally, profile)
    return rows, number, _pool(tally, rows, profile)


# --- funds ----------------------------------------------------------------------------------------

_FUND_ORDER = ("total", "fiscal", "carryover", "other", "special_account", "unit_funds", "unknown")
_ON_EVERY_FORM = _FUND_ORDER[:4]


def _fund_totals(lines: Mapping[str, FundTally]) -> tuple[FundTotal, ...]:
    shown = (kind for kind in _FUND_ORDER if kind in lines or kind in _ON_EVERY_FORM)
    return tuple(_fund_total(kind, lines.get(kind) or FundTally()) for kind in shown)


def _fund_total(kind: str, line: FundTally) -> FundTotal:
    rate = scoring.execution_rate(line.both_annual, line.both_executed)
    return FundTotal(kind, line.initial, line.annual, line.executed, rate, line.complete)


# --- which rows -----------------------------------------------------------------------------------


class _Group(NamedTuple):
    """The indicators of one key."""

    text: str
    key: Key
    row: RowTally


def _rows(tally: Tally, profile: Profile) -> tuple[tuple[PooledRow, ...], dict[str, int]]:
    listed, rest = _listed(_ordered(tally))
    rows = [_pooled(at, group, tally, profile) for at, group in enumerate(listed, start=1)]
    number = {group.text: at for at, group in enumerate(listed, start=1)}
    for groups in rest:
        rows.append(_collected(len(rows) + 1, groups, tally.base, profile))
        number |= {group.text: len(rows) for group in groups}
    return tuple(rows), number


_FAMILIES = ("output", "cost", "benefit", "satisfaction", "execution")


def _ordered(tally: Tally) -> list[_Group]:
    """As on the form: by family and level 2; what most units have comes first."""
    families = {family: at for at, family in enumerate(_FAMILIES)}
    seconds = {level2: at for at, level2 in enumerate(vocabulary().level2_order)}

    def place(group: _Group) -> tuple[int, str, int, str, int]:
        family, level2, *_ = group.key
        rank = families.get(family, len(families)), seconds.get(level2, len(seconds))
        return rank[0], family, rank[1], level2, -len(group.row)

    return sorted((_Group(text, Key.of(text), row) for text, row in tally.rows.items()), key=place)


def _listed(ordered: list[_Group]) -> tuple[list[_Group], list[list[_Group]]]:
    """The rows to list, and those to add up by level-2 indicator because the form would not end."""
    if len(ordered) <= LISTED_ROWS:
        return ordered, []
    widest = sorted(range(len(ordered)), key=lambda at: -len(ordered[at].row))
    chosen = set(widest[:LISTED_ROWS])
    rest: dict[tuple[str, str], list[_Group]] = {}
    for at, group in enumerate(ordered):
        if at not in chosen:
            rest.setdefault((group.key.family, group.key.level2), []).append(group)
    return [ordered[at] for at in sorted(chosen)], list(rest.values())


# --- one row --------------------------------------------------------------------------------------


def _pooled(number: int, group: _Group, tally: Tally, profile: Profile) -> PooledRow:
    _, key, row = group
    words = row.named or row.first._replace(level3=key.level3)
    target, actual = _target_and_actual(row)
    weight = _weight(row, tally.base)
    return PooledRow(
        number=number,
        level1=_level1(key, words),
        level2=words.level2,
        level3=words.level3,
        nature=words.nature,
        direction=words.direction,
        unit="" if key.way == "words" else words.unit or key.unit,
        way=key.way,
        method=row.method,
        target=target,
        actual=actual,
        weight=weight,
        score=_score(group, weight, tally.base, profile),
        units=len(row),
        note=_note(row, words.level3, tally.names),
    )


def _level1(key: Key, words: Wording) -> str:
    return LEVEL1[key.family][0] if key.family in LEVEL1 else words.level1


def _collected(number: int, groups: list[_Group], base: Decimal, profile: Profile) -> PooledRow:
    """Rows beyond what a form can list, in one: their weights and scores are those of the rows."""
    weights = [_weight(group.row, base) for group in groups]
    scores = [_score(group, weight, base, profile) for group, weight in zip(groups, weights, strict=True)]
    judged = all(s is not None or w is None for s, w in zip(scores, weights, strict=True))
    known = [weight for weight in weights if weight is not None]
    first = groups[0]
    return PooledRow(
        number=number,
        level1=_level1(first.key, first.row.first),
        level2=first.row.first.level2,
        level3=f"其余 {len(groups)} 项指标",
        nature="",
        direction="",
        unit="",
        way=None,
        method="scored",
        target=None,
        actual=None,
        weight=scoring.sum_of(known) if known else None,
        score=scoring.sum_of(score for score in scores if score is not None) if judged else None,
        units=len(set().union(*(group.row.forms() for group in groups))),
        note=f"逐项见指标明细，合并行号 {number}",
        live=False,
    )


# --- target and actual, weight and score ----------------------------------------------------------


def _target_and_actual(row: RowTally) -> tuple[Decimal | str | None, Decimal | str | None]:
    if isinstance(row, WordsTally):
        return row.targets.shown(), row.actuals.shown()
    return _numbers(row) or (None, None)


def _numbers(row: RowTally) -> tuple[Decimal, Decimal] | None:
    """Target and actual of all forms; None for words, and where no form has both as numbers."""
    if isinstance(row, RatesTally):
        sums = (row.funds, row.funded_target, row.funded_actual)
        shares, target, actual = sums if row.funds else (Decimal(row.count), row.target, row.actual)
        return (round_half_up(target / shares, 4), round_half_up(actual / shares, 4)) if shares else None
    return (row.target, row.actual) if isinstance(row, NumbersTally) and row.count else None


def _weight(row: RowTally, base: Decimal) -> Decimal | None:
    """Funds-weighted over all scored forms, 0 where a form lacks the row: so the weights of the batch
    add up to what those of the forms do."""
    return None if not base or row.points is None else row.points / base


def _score(group: _Group, weight: Decimal | None, base: Decimal, profile: Profile) -> Decimal | None:
    _, key, row = group
    if weight is None or row.unjudged():
        return None
    if isinstance(row, WordsTally):
        return row.scores / base
    numbers = _numbers(row)
    share = _share(key.way, *numbers, profile) if numbers else None
    return None if share is None else share / HUNDRED * weight


def _share(way: Way | None, target: Decimal, actual: Decimal, profile: Profile) -> Decimal | None:
    """The score out of 100.  Only the total is rounded to what the form shows: the weights of a large
    batch are so small that rounding each row's points would add up to whole points."""
    if way == "lower":
        return scoring.reverse_score(target, actual, HUNDRED, profile.reverse_forms[0])
    if way == "equal":
        return scoring.equal_score(target, actual, HUNDRED)
    return scoring.positive_score(target, actual, HUNDRED)


# --- notes ----------------------------------------------------------------------------------------

_NAMED = 5


def _note(row: RowTally, name: str, names: list[str]) -> str:
    texts = []
    others = {label: each for label, each in (row.brought or {}).items() if label != label_key(name)}
    if others:
        texts.append(f"含对应指标：{'、'.join(list(others.values())[:_NAMED])}")
    have = len(row.forms())
    if have == 1 and len(names) > 1:
        texts.append(f"仅“{_units([row.first_form()], names)}”填报")
    elif have < len(names):
        texts.append(f"{have}/{len(names)}家填报")
    if missed := row.missed():
        texts.append(f"未完成：{_units(missed, names)}")
    if unjudged := row.unjudged():
        texts.append(f"{UNDETERMINED}：{_units(unjudged, names)}")
    return "；".join(texts)


def _units(forms: Iterable[int], names: list[str]) -> str:
    """Who sent the forms: the first few, and how many they are."""
    distinct = list(dict.fromkeys(names[form] or "未填单位" for form in forms))
    more = f"等{len(distinct)}家" if len(distinct) > _NAMED else ""
    return "、".join(distinct[:_NAMED]) + more


# --- the whole form -------------------------------------------------------------------------------


def _pool(tally: Tally, rows: tuple[PooledRow, ...], profile: Profile) -> Pool:
    funds = _fund_totals(tally.funds)
    weight = tally.execution / tally.base if tally.base else profile.execution_weight
    score = None if funds[0].rate is None else scoring.execution_score(funds[0].rate, weight)
    counted = [row for row in rows if row.weight is not None]
    weights = [row.weight for row in counted if row.weight is not None]
    known = [(row.weight or ZERO, row.score) for row in counted if row.score is not None]
    parts = [(weight, score), *known] if score is not None else known
    determined = score is not None and bool(counted) and len(known) == len(counted)
    points = round_half_up(scoring.sum_of(got for _, got in parts if got is not None))
    return Pool(
        funds=funds,
        rows=rows,
        base=tally.base,
        execution_weight=weight,
        execution_score=score,
        total_weight=round_half_up(weight + scoring.sum_of(weights)),
        total=points if determined else None,
        judged=(points, round_half_up(scoring.sum_of(part for part, _ in parts))),
    )
