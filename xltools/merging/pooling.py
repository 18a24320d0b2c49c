"""Adding up: money, and indicators that have the same name, unit and direction.

Numbers are added, relative ones averaged with the funds as weights, and only then scored; words are
represented by their scores, funds as weights (财预〔2020〕10号 and local notes).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from xltools import scoring
from xltools.merging.facts import (
    SEPARATOR,
    UNDETERMINED,
    FindingFacts,
    FormFacts,
    FundFacts,
    IndicatorFacts,
    Method,
    Value,
    Way,
    exact,
    numeric,
)
from xltools.messages.interface import LEVEL1
from xltools.profiles import Profile
from xltools.quantities import round_half_up
from xltools.scoring import HUNDRED, ZERO, Orientation
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


# --- funds ----------------------------------------------------------------------------------------


def fund_weights(forms: list[FormFacts]) -> list[Decimal]:
    """全年预算数 of each form; 1 each where no form that is scored has any."""
    weights = [max(numeric(facts.annual) or ZERO, ZERO) for facts in forms]
    scored = [weight for weight, facts in zip(weights, forms, strict=True) if facts.scored]
    return weights if any(scored or weights) else [Decimal(1)] * len(forms)


_FUND_ORDER = ("total", "fiscal", "carryover", "other", "special_account", "unit_funds", "unknown")


def _fund_totals(forms: Sequence[MergedForm]) -> tuple[FundTotal, ...]:
    lines: dict[str, list[FundFacts]] = {kind: [] for kind in _FUND_ORDER[:4]}
    for form in forms:
        for line in form.facts.funds:
            lines.setdefault(line.kind, []).append(line)
    return tuple(_fund_total(kind, lines[kind]) for kind in _FUND_ORDER if kind in lines)


def _fund_total(kind: str, lines: list[FundFacts]) -> FundTotal:
    pairs = [(numeric(line.annual), numeric(line.executed)) for line in lines]
    both = [(a, e) for a, e in pairs if a is not None and e is not None]
    rate = scoring.execution_rate(scoring.sum_of(a for a, _ in both), scoring.sum_of(e for _, e in both))
    halves = any((a is None) != (e is None) for a, e in pairs)
    return FundTotal(
        kind,
        initial=_sum(line.initial for line in lines),
        annual=_sum(line.annual for line in lines),
        executed=_sum(line.executed for line in lines),
        rate=rate,
        complete=not halves,
    )


def _sum(values: Iterable[Value]) -> Decimal:
    return scoring.sum_of(exact(value) for value in values if isinstance(value, float))


# --- indicators -----------------------------------------------------------------------------------


class _Member(NamedTuple):
    form: int
    name: str
    scored: bool
    weight: Decimal
    facts: IndicatorFacts


def pool_rows(
    forms: list[FormFacts], weights: list[Decimal], profile: Profile
) -> tuple[tuple[PooledRow, ...], list[tuple[int, ...]]]:
    """The consolidated rows, and for each form the row number of each of its indicators."""
    members: dict[str, list[_Member]] = {}
    for at, facts in enumerate(forms):
        name = facts.unit or facts.project
        for each in facts.indicators:
            members.setdefault(each.key, []).append(_Member(at, name, facts.scored, weights[at], each))
    base = scoring.sum_of(w for w, facts in zip(weights, forms, strict=True) if facts.scored)
    ordered = _ordered(members)
    listed, rest = _listed(ordered)
    rows = [_pooled(n, group, base, len(forms), profile) for n, group in enumerate(listed, start=1)]
    number = {group[0].facts.key: row.number for row, group in zip(rows, listed, strict=True)}
    for groups in rest:
        rows.append(_collected(len(rows) + 1, groups, base, profile))
        number |= {group[0].facts.key: len(rows) for group in groups}
    return tuple(rows), [tuple(number[each.key] for each in facts.indicators) for facts in forms]


_FAMILIES = ("output", "cost", "benefit", "satisfaction", "execution")


def _rank(order: tuple[str, ...], label: str) -> int:
    return order.index(label) if label in order else len(order)


def _ordered(members: dict[str, list[_Member]]) -> list[list[_Member]]:
    """As on the form: by family and level 2; what most units have comes first."""

    seconds = vocabulary().level2_order

    def place(group: list[_Member]) -> tuple[int, str, int, str, int]:
        _, level2, *_ = group[0].facts.key.split(SEPARATOR)
        family = group[0].facts.family
        return _rank(_FAMILIES, family), family, _rank(seconds, level2), level2, -len(group)

    return sorted(members.values(), key=place)


def _listed(ordered: list[list[_Member]]) -> tuple[list[list[_Member]], list[list[list[_Member]]]]:
    """The rows to list, and those to add up by level-2 indicator because the form would not end."""
    if len(ordered) <= LISTED_ROWS:
        return ordered, []
    widest = sorted(range(len(ordered)), key=lambda at: -len(ordered[at]))
    chosen = set(widest[:LISTED_ROWS])
    rest: dict[str, list[list[_Member]]] = {}
    for at, group in enumerate(ordered):
        if at not in chosen:
            rest.setdefault(SEPARATOR.join(group[0].facts.key.split(SEPARATOR)[:2]), []).append(group)
    return [ordered[at] for at in sorted(chosen)], list(rest.values())


def _pooled(number: int, group: list[_Member], base: Decimal, forms: int, profile: Profile) -> PooledRow:
    first = _named_so(group)
    method: Method = "scored" if first.way in (None, "words") else "averaged" if first.relative else "added"
    weight, unjudged = _weight(group, base), _unjudged(group)
    target, actual = _target_and_actual(group, method)
    score = (
        None if unjudged or weight is None else _score(group, method, target, actual, weight, base, profile)
    )
    return PooledRow(
        number=number,
        level1=_level1(first),
        level2=first.level2,
        level3=first.level3,
        nature=first.nature,
        direction=first.direction,
        unit="" if first.way == "words" else first.unit or first.key.split(SEPARATOR)[4][:-1],
        way=first.way,
        method=method,
        target=target,
        actual=actual,
        weight=weight,
        score=score,
        units=len(group),
        note=_note(group, first.level3, unjudged, forms),
    )


def _named_so(group: list[_Member]) -> IndicatorFacts:
    """A row that has the name of the pooled row itself, before those a mapping brought here."""
    for member in group:
        if not member.facts.renamed:
            return member.facts
    name = group[0].facts.key.split(SEPARATOR)[2]
    return group[0].facts._replace(level3=name)


def _level1(facts: IndicatorFacts) -> str:
    return LEVEL1[facts.family][0] if facts.family in LEVEL1 else facts.level1


def _weight(group: list[_Member], base: Decimal) -> Decimal | None:
    """Funds-weighted over all scored forms, 0 where a form lacks the row: so the weights of the batch
    add up to what those of the forms do."""
    if not base or not any(member.scored for member in group):
        return None
    known = ((member.weight, numeric(member.facts.weight)) for member in group if member.scored)
    return scoring.sum_of(funds * points for funds, points in known if points is not None) / base


def _unjudged(group: list[_Member]) -> list[_Member]:
    return [member for member in group if member.scored and member.facts.recomputed is None]


def _target_and_actual(
    group: list[_Member], method: Method
) -> tuple[Decimal | str | None, Decimal | str | None]:
    if method == "scored":
        return _same_words(group, "target"), _same_words(group, "actual")
    known = [
        (member.weight, exact(member.facts.target_number), exact(member.facts.actual_number))
        for member in group
        if member.facts.target_number is not None and member.facts.actual_number is not None
    ]
    if not known:
        return None, None
    if method == "added":
        return scoring.sum_of(t for _, t, _ in known), scoring.sum_of(a for _, _, a in known)
    funds = scoring.sum_of(weight for weight, _, _ in known)
    shares = [weight if funds else Decimal(1) for weight, _, _ in known]
    return (
        _average(shares, [target for _, target, _ in known]),
        _average(shares, [actual for _, _, actual in known]),
    )


def _average(shares: list[Decimal], numbers: list[Decimal]) -> Decimal:
    total = scoring.sum_of(share * number for share, number in zip(shares, numbers, strict=True))
    return round_half_up(total / scoring.sum_of(shares), 4)


def _same_words(group: list[_Member], field: str) -> str | None:
    """The words if every unit has the same ones, else how many have which."""
    counts: dict[str, int] = {}
    for member in group:
        value: Value = getattr(member.facts, field)
        text = "" if value is None else value.strip() if isinstance(value, str) else f"{value:g}"
        counts[text or "未填"] = counts.get(text or "未填", 0) + 1
    if len(counts) == 1:
        only = next(iter(counts))
        return None if only == "未填" else only
    common = sorted(counts.items(), key=lambda pair: -pair[1])
    texts = [f"{_short(text, 12)} {count}家" for text, count in common[:3]]
    if len(common) > 3:
        texts.append(f"其他 {sum(count for _, count in common[3:])}家")
    return "；".join(texts)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _score(
    group: list[_Member],
    method: Method,
    target: Decimal | str | None,
    actual: Decimal | str | None,
    weight: Decimal,
    base: Decimal,
    profile: Profile,
) -> Decimal | None:
    if method == "scored":
        known = ((m.weight, m.facts.recomputed) for m in group if m.scored and m.facts.recomputed is not None)
        return scoring.sum_of(funds * exact(score) for funds, score in known) / base
    if not isinstance(target, Decimal) or not isinstance(actual, Decimal):
        return None
    share = _share(group[0].facts.way, target, actual, profile)
    return None if share is None else share / HUNDRED * weight


def _share(
    way: Orientation | Literal["words"] | None, target: Decimal, actual: Decimal, profile: Profile
) -> Decimal | None:
    """The score out of 100.  Only the total is rounded to what the form shows: the weights of a large
    batch are so small that rounding each row's points would add up to whole points."""
    if way == "lower":
        return scoring.reverse_score(target, actual, HUNDRED, profile.reverse_forms[0])
    if way == "equal":
        return scoring.equal_score(target, actual, HUNDRED)
    return scoring.positive_score(target, actual, HUNDRED)


def _names(members: Iterable[_Member], most: int = 5) -> str:
    names = list(dict.fromkeys(member.name or "未填单位" for member in members))
    more = f"等{len(names)}家" if len(names) > most else ""
    return "、".join(names[:most]) + more


def _note(group: list[_Member], name: str, unjudged: list[_Member], forms: int) -> str:
    texts = []
    renamed = (member.facts.level3 for member in group if member.facts.renamed)
    others = {label_key(each): each for each in renamed}
    others.pop(label_key(name), None)
    if others:
        texts.append(f"含对应指标：{'、'.join(list(others.values())[:5])}")
    have = len({member.form for member in group})
    if forms > 1 and have == 1:
        texts.append(f"仅“{group[0].name or '未填单位'}”填报")
    elif have < forms:
        texts.append(f"{have}/{forms}家填报")
    missed = [member for member in group if member.facts.met is False]
    if missed:
        texts.append(f"未完成：{_names(missed)}")
    if unjudged:
        texts.append(f"{UNDETERMINED}：{_names(unjudged)}")
    return "；".join(texts)


def _collected(number: int, groups: list[list[_Member]], base: Decimal, profile: Profile) -> PooledRow:
    """Rows beyond what a form can list, in one: their weights and scores are those of the rows."""
    rows = [_pooled(number, group, base, 0, profile) for group in groups]
    weights = [row.weight for row in rows if row.weight is not None]
    judged = all(row.score is not None or row.weight is None for row in rows)
    first = groups[0][0].facts
    return PooledRow(
        number=number,
        level1=_level1(first),
        level2=first.level2,
        level3=f"其余 {len(groups)} 项指标",
        nature="",
        direction="",
        unit="",
        way=None,
        method="scored",
        target=None,
        actual=None,
        weight=scoring.sum_of(weights) if weights else None,
        score=scoring.sum_of(row.score for row in rows if row.score is not None) if judged else None,
        units=len({member.form for group in groups for member in group}),
        note=f"逐项见指标明细，合并行号 {number}",
        live=False,
    )


def pool_of(forms: tuple[MergedForm, ...], rows: tuple[PooledRow, ...], profile: Profile) -> Pool:
    funds = _fund_totals(forms)
    scored = [form for form in forms if form.facts.scored]
    base = scoring.sum_of(form.weight for form in scored)
    given = scoring.sum_of(form.weight * exact(form.facts.execution_weight) for form in scored)
    weight = given / base if base else profile.execution_weight
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
        base=base,
        execution_weight=weight,
        execution_score=score,
        total_weight=round_half_up(weight + scoring.sum_of(weights)),
        total=points if determined else None,
        judged=(points, round_half_up(scoring.sum_of(part for part, _ in parts))),
    )
