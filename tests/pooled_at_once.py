"""The consolidated form the plain way: all forms at hand, each figure from a list of what goes into it.

What `xltools.merging.pooling` has to come to, however the batch was cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, localcontext
from typing import NamedTuple

from xltools import scoring
from xltools.merging import FormFacts, FundTotal, IndicatorFacts, Pool, PooledRow, Value, exact, numeric
from xltools.merging.facts import SEPARATOR
from xltools.messages.interface import LEVEL1
from xltools.profiles import Profile
from xltools.quantities import round_half_up
from xltools.vocabulary import label_key, vocabulary


class Member(NamedTuple):
    form: int
    name: str
    scored: bool
    weight: Decimal
    facts: IndicatorFacts


class Batch(NamedTuple):
    forms: list[FormFacts]
    weights: list[Decimal]
    base: Decimal
    profile: Profile


def total(products: Iterable[tuple[Decimal, ...]]) -> Decimal:
    """Of products, to the last digit."""
    with localcontext(prec=3000):
        found = Decimal(0)
        for factors in products:
            product = Decimal(1)
            for factor in factors:
                product *= factor
            found += product
        return found


def pooled_at_once(
    forms: list[FormFacts], profile: Profile, listed_rows: int
) -> tuple[tuple[PooledRow, ...], dict[str, int], Pool]:
    weights = weights_of(forms)
    base = total((weight,) for weight, facts in zip(weights, forms, strict=True) if facts.scored)
    batch = Batch(forms, weights, base, profile)
    groups = ordered(batch)
    widest = sorted(groups, key=lambda group: -len(group))[:listed_rows]
    chosen = {group[0].facts.key for group in widest}
    listed = [group for group in groups if group[0].facts.key in chosen]
    rest: dict[str, list[list[Member]]] = {}
    for group in groups:
        key = group[0].facts.key
        if key not in chosen:
            rest.setdefault(SEPARATOR.join(key.split(SEPARATOR)[:2]), []).append(group)
    rows = [row_of(at, group, batch) for at, group in enumerate(listed, start=1)]
    numbers = {group[0].facts.key: at for at, group in enumerate(listed, start=1)}
    for collected in rest.values():
        rows.append(rest_of(len(rows) + 1, collected, batch))
        numbers |= {group[0].facts.key: len(rows) for group in collected}
    return tuple(rows), numbers, whole(batch, tuple(rows))


def weights_of(forms: list[FormFacts]) -> list[Decimal]:
    weights = [max(numeric(facts.annual) or Decimal(0), Decimal(0)) for facts in forms]
    scored = [weight for weight, facts in zip(weights, forms, strict=True) if facts.scored]
    return weights if any(scored or weights) else [Decimal(1)] * len(forms)


def ordered(batch: Batch) -> list[list[Member]]:
    members: dict[str, list[Member]] = {}
    for at, facts in enumerate(batch.forms):
        for each in facts.indicators:
            member = Member(at, facts.unit or facts.project, facts.scored, batch.weights[at], each)
            members.setdefault(each.key, []).append(member)
    families = ["output", "cost", "benefit", "satisfaction", "execution"]
    seconds = list(vocabulary().level2_order)

    def place(group: list[Member]) -> tuple[int, str, int, str, int]:
        family, level2, *_ = group[0].facts.key.split(SEPARATOR)
        return (
            families.index(family) if family in families else 99,
            family,
            seconds.index(level2) if level2 in seconds else 99,
            level2,
            -len(group),
        )

    return sorted(members.values(), key=place)


def row_of(number: int, group: list[Member], batch: Batch) -> PooledRow:
    first = group[0].facts
    own = [member.facts for member in group if not member.facts.renamed]
    named = own[0] if own else first._replace(level3=first.key.split(SEPARATOR)[2])
    way = first.way
    weight, score = weight_and_score(group, batch)
    if way in (None, "words"):
        target, actual = (said([getattr(m.facts, field) for m in group]) for field in ("target", "actual"))
    else:
        target, actual = numbers(group) or (None, None)
    return PooledRow(
        number=number,
        level1=LEVEL1[named.family][0] if named.family in LEVEL1 else named.level1,
        level2=named.level2,
        level3=named.level3,
        nature=named.nature,
        direction=named.direction,
        unit="" if way == "words" else named.unit or first.key.split(SEPARATOR)[4][:-1],
        way=way,
        method="scored" if way in (None, "words") else "averaged" if first.relative else "added",
        target=target,
        actual=actual,
        weight=weight,
        score=score,
        units=len(group),
        note=note(group, named.level3, len(batch.forms)),
    )


def numbers(group: list[Member]) -> tuple[Decimal, Decimal] | None:
    pairs = [
        (member.weight, exact(member.facts.target_number), exact(member.facts.actual_number))
        for member in group
        if member.facts.target_number is not None and member.facts.actual_number is not None
    ]
    if not pairs:
        return None
    targets, actuals = [target for _, target, _ in pairs], [actual for _, _, actual in pairs]
    if not group[0].facts.relative:
        return total((each,) for each in targets), total((each,) for each in actuals)
    funded = any(weight for weight, _, _ in pairs)
    shares = [weight if funded else Decimal(1) for weight, _, _ in pairs]
    whole = total((share,) for share in shares)
    target, actual = (
        round_half_up(total(zip(shares, each, strict=True)) / whole, 4) for each in (targets, actuals)
    )
    return target, actual


def is_unjudged(member: Member) -> bool:
    facts = member.facts
    if member.scored:
        return facts.recomputed is None
    return facts.way not in (None, "words") and None in (facts.target_number, facts.actual_number)


def weight_and_score(group: list[Member], batch: Batch) -> tuple[Decimal | None, Decimal | None]:
    scored = [member for member in group if member.scored]
    if not scored or not batch.base:
        return None, None
    points = [(m.weight, numeric(m.facts.weight)) for m in scored]
    weight = total((funds, each) for funds, each in points if each is not None) / batch.base
    scores = [(m.weight, exact(m.facts.recomputed)) for m in scored if m.facts.recomputed is not None]
    if any(map(is_unjudged, group)):
        return weight, None
    way = group[0].facts.way
    if way in (None, "words"):
        return weight, total(scores) / batch.base
    found = numbers(group)
    if found is None:
        return weight, None
    hundred = Decimal(100)
    if way == "lower":
        share = scoring.reverse_score(*found, hundred, batch.profile.reverse_forms[0])
    else:
        share = (scoring.equal_score if way == "equal" else scoring.positive_score)(*found, hundred)
    return weight, None if share is None else share / hundred * weight


def said(values: list[Value]) -> str | None:
    texts = [
        ("" if value is None else value.strip() if isinstance(value, str) else f"{value:g}") or "未填"
        for value in values
    ]
    (text, most), *others = Counter(texts).most_common()
    if most == len(texts):
        return None if text == "未填" else text
    common = [(text, most), *others]
    parts = [f"{t if len(t) <= 12 else t[:11] + '…'} {count}家" for t, count in common[:3]]
    return "；".join([*parts, f"其他 {sum(count for _, count in common[3:])}家"] if common[3:] else parts)


def units(members: list[Member]) -> str:
    names = list(dict.fromkeys(member.name or "未填单位" for member in members))
    return "、".join(names[:5]) + (f"等{len(names)}家" if len(names) > 5 else "")


def note(group: list[Member], name: str, forms: int) -> str:
    others = {label_key(m.facts.level3): m.facts.level3 for m in group if m.facts.renamed}
    others.pop(label_key(name), None)
    have = len({member.form for member in group})
    missed = [member for member in group if member.facts.met is False]
    unjudged = [member for member in group if is_unjudged(member)]
    only = have == 1 and forms > 1
    texts = [
        f"含对应指标：{'、'.join(list(others.values())[:5])}" if others else "",
        f"仅“{group[0].name or '未填单位'}”填报" if only else f"{have}/{forms}家填报" if have < forms else "",
        f"未完成：{units(missed)}" if missed else "",
        f"无法判定：{units(unjudged)}" if unjudged else "",
    ]
    return "；".join(filter(None, texts))


def rest_of(number: int, groups: list[list[Member]], batch: Batch) -> PooledRow:
    pairs = [weight_and_score(group, batch) for group in groups]
    weights = [weight for weight, _ in pairs if weight is not None]
    judged = all(score is not None for weight, score in pairs if weight is not None)
    first = row_of(number, groups[0], batch)
    return first._replace(
        level1=LEVEL1[groups[0][0].facts.family][0]
        if groups[0][0].facts.family in LEVEL1
        else groups[0][0].facts.level1,
        level2=groups[0][0].facts.level2,
        level3=f"其余 {len(groups)} 项指标",
        nature="",
        direction="",
        unit="",
        way=None,
        method="scored",
        target=None,
        actual=None,
        weight=scoring.sum_of(weights) if weights else None,
        score=scoring.sum_of(score for _, score in pairs if score is not None) if judged else None,
        units=len({member.form for group in groups for member in group}),
        note=f"逐项见指标明细，合并行号 {number}",
        live=False,
    )


def funds_of(forms: list[FormFacts]) -> tuple[FundTotal, ...]:
    order = ("total", "fiscal", "carryover", "other", "special_account", "unit_funds", "unknown")
    lines = [line for facts in forms for line in facts.funds]
    kinds = {*order[:4], *(line.kind for line in lines)}
    return tuple(
        fund_of(kind, [line for line in lines if line.kind == kind]) for kind in order if kind in kinds
    )


def fund_of(kind: str, lines: list[object]) -> FundTotal:
    initial, annual, executed = (
        [numeric(getattr(line, field)) for line in lines] for field in ("initial", "annual", "executed")
    )
    both = [(a, e) for a, e in zip(annual, executed, strict=True) if a is not None and e is not None]
    return FundTotal(
        kind,
        *(total((each,) for each in amounts if each is not None) for amounts in (initial, annual, executed)),
        rate=scoring.execution_rate(total((a,) for a, _ in both), total((e,) for _, e in both)),
        complete=all((a is None) == (e is None) for a, e in zip(annual, executed, strict=True)),
    )


def whole(batch: Batch, rows: tuple[PooledRow, ...]) -> Pool:
    funds = funds_of(batch.forms)
    given = total(
        (weight, exact(facts.execution_weight))
        for weight, facts in zip(batch.weights, batch.forms, strict=True)
        if facts.scored
    )
    weight = given / batch.base if batch.base else batch.profile.execution_weight
    score = None if funds[0].rate is None else scoring.execution_score(funds[0].rate, weight)
    counted = [row for row in rows if row.weight is not None]
    judged = [(row.weight, row.score) for row in counted if row.score is not None]
    parts = [*([] if score is None else [(weight, score)]), *judged]
    points = round_half_up(scoring.sum_of(got for _, got in parts))
    return Pool(
        funds=funds,
        rows=rows,
        base=batch.base,
        execution_weight=weight,
        execution_score=score,
        total_weight=round_half_up(weight + scoring.sum_of(row.weight for row in counted)),
        total=points if score is not None and counted and len(judged) == len(counted) else None,
        judged=(points, round_half_up(scoring.sum_of(part for part, _ in parts))),
    )
