"""Execution rate, scores, totals and grade: the Decimal value and, beside it, the Excel formula.

Every computed cell of the form is defined here and nowhere else.  Money is in the unit of the
form, rates are percent on the 0–100 scale, scores are points.  Rounding is half up to two
decimals, because that is what the forms show and what Excel's ROUND does.

Sources: 财预〔2020〕10号 (proportional scoring, three tiers, grades); the two reverse forms are
those of the budget software ("difference") and of printed local notes ("ratio").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from xltools.model import Grade, Indicator, SelfEvaluation, Tier
from xltools.profiles import Profile
from xltools.quantities import convert, plain, round_half_up
from xltools.vocabulary import label_key, vocabulary

Orientation = Literal["higher", "lower", "equal"]
Basis = Literal["formula", "range", "tier", "stated", "unjudged"]

ZERO = Decimal(0)
HUNDRED = Decimal(100)
NOT_APPLICABLE = "—"


# --- budget execution -------------------------------------------------------------------------


def execution_rate(annual_budget: Decimal, executed: Decimal) -> Decimal | None:
    """executed / annual budget in percent; None when the budget is 0 (nothing can be said)."""
    if annual_budget == 0:
        return None
    return round_half_up(executed / annual_budget * HUNDRED)


def execution_rate_formula(annual_budget: str, executed: str) -> str:
    return f'IF(N({annual_budget})=0,"{NOT_APPLICABLE}",ROUND({executed}/{annual_budget}*100,2))'


def execution_score(rate: Decimal, weight: Decimal) -> Decimal:
    """Linear in the rate, never more than the weight."""
    return round_half_up(max(ZERO, min(rate, HUNDRED)) / HUNDRED * weight)


def execution_score_formula(rate: str, weight: str) -> str:
    return f'IF(ISNUMBER({rate}),ROUND(MAX(0,MIN({rate},100))/100*{weight},2),"{NOT_APPLICABLE}")'


def sum_of(values: Iterable[Decimal]) -> Decimal:
    return sum(values, ZERO)


def sum_formula(cells: Sequence[str]) -> str:
    """SUM over cells of one column; neighbours are joined to a range, so inserted rows count too."""
    return f"SUM({','.join(_ranges(cells))})"


def _ranges(cells: Sequence[str]) -> list[str]:
    if not cells:
        return []
    if len(cells) == 1:
        return [cells[0]]
    rows = [int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in cells]
    ranges, start = [], 0
    for here in range(1, len(cells) + 1):
        if here == len(cells) or rows[here] != rows[here - 1] + 1:
            first, last = cells[start], cells[here - 1]
            ranges.append(first if first == last else f"{first}:{last}")
            start = here
    return ranges


# --- quantitative rows ------------------------------------------------------------------------


def positive_score(target: Decimal, actual: Decimal, weight: Decimal) -> Decimal | None:
    """Met: the weight; not met: weight × A/T; a negative actual counts as 0.  None when T <= 0 is missed."""
    if actual >= target:
        return weight
    if target <= 0:
        return None
    return round_half_up(max(actual, ZERO) / target * weight)


def positive_score_formula(target: str, actual: str, weight: str) -> str:
    return f"IF({actual}>={target},{weight},ROUND(MAX({actual},0)/{target}*{weight},2))"


def equal_score(target: Decimal, actual: Decimal, weight: Decimal) -> Decimal | None:
    """As positive; with a target of 0 only an actual of at most 0 meets it."""
    if target == 0:
        return weight if actual <= 0 else ZERO
    return positive_score(target, actual, weight)


def equal_score_formula(target: str, actual: str, weight: str) -> str:
    positive = positive_score_formula(target, actual, weight)
    return f"IF({target}=0,IF({actual}<=0,{weight},0),{positive})"


def reverse_score(target: Decimal, actual: Decimal, weight: Decimal, form: str) -> Decimal | None:
    """Met (A <= T): the weight.  Missed, "difference": weight × (1-(A-T)/T), 0 from A = 2T on;
    "ratio": weight × T/A.  None when a target below 0 is missed."""
    if actual <= target:
        return weight
    if target < 0:
        return None
    if target == 0:
        return ZERO
    share = 1 - (actual - target) / target if form == "difference" else target / actual
    return round_half_up(max(share, ZERO) * weight)


def reverse_score_formula(target: str, actual: str, weight: str, form: str) -> str:
    share = f"1-({actual}-{target})/{target}" if form == "difference" else f"{target}/{actual}"
    missed = f"IF({target}=0,0,ROUND(MAX({share},0)*{weight},2))"
    return f"IF({actual}<={target},{weight},{missed})"


def tier_band(tier: Tier, weight: Decimal, profile: Profile) -> tuple[Decimal, Decimal]:
    """Lowest and highest score of a tier, in points, rounded; the upper bound of a lower tier is
    exclusive, so it is given as one hundredth less."""
    low, high = (round_half_up(bound / HUNDRED * weight) for bound in profile.tiers[tier])
    if tier != "achieved" and high > low:
        high -= Decimal("0.01")
    return low, high


# --- one row ----------------------------------------------------------------------------------


class RowScore(NamedTuple):
    """What the rules say of one indicator row.

    score: the recomputed score: the formula's, or the stated one where the rules leave a range and it
        lies inside.  low, high: the range the rules admit.  All None when the row cannot be judged.
    literal: the score if a sign that contradicts the nature is taken at its word, else None.
    met: whether the target is met; None when that cannot be said.
    basis: "formula" one value; "range" several accepted readings; "tier" a qualitative tier;
        "stated" a qualitative row whose tier cannot be told, taken at its own score;
        "unjudged" no value.
    ratio: actual / target, where both are positive numbers.
    """

    score: Decimal | None
    low: Decimal | None
    high: Decimal | None
    literal: Decimal | None
    met: bool | None
    basis: Basis
    ratio: Decimal | None = None


UNJUDGED = RowScore(None, None, None, None, None, "unjudged")


def contradictory(row: Indicator) -> bool:
    """Nature and sign contradict each other (正向 with ≤, 反向 with ≥)."""
    nature, sign = row.nature.value, row.comparator
    return (nature == "positive" and sign in ("le", "lt")) or (nature == "negative" and sign in ("ge", "gt"))


def orientation(row: Indicator) -> Orientation | None:
    """Which way is better.  The nature outranks a contradictory sign; satisfaction is never "the
    lower the better"; None when neither nature nor sign is stated."""
    nature, sign = row.nature.value, row.comparator
    if nature == "negative":
        return "lower"
    if nature == "positive" or row.satisfaction:
        return "equal" if sign == "eq" else "higher"
    return _by_sign(row)


def _by_sign(row: Indicator) -> Orientation | None:
    sign = row.comparator
    if sign is None:
        return None
    return "equal" if sign == "eq" else "higher" if sign in ("ge", "gt") else "lower"


def target_and_actual(row: Indicator) -> tuple[Decimal, Decimal] | None:
    """Both as numbers in one unit; None when one is missing or the units cannot be compared."""
    target, actual = row.target.value, row.actual.value
    if target is None or actual is None:
        return None
    unit = row.unit.value or target.unit or actual.unit
    numbers = convert(target, unit), convert(actual, unit)
    return None if None in numbers else (numbers[0], numbers[1])  # type: ignore[return-value]


def _scores(
    way: Orientation, target: Decimal, actual: Decimal, weight: Decimal, profile: Profile
) -> list[Decimal | None]:
    if way == "higher":
        return [positive_score(target, actual, weight)]
    if way == "equal":
        return [equal_score(target, actual, weight)]
    return [reverse_score(target, actual, weight, form) for form in profile.reverse_forms]


def _within(stated: Decimal | None, low: Decimal, high: Decimal) -> Decimal:
    """The stated score where the rules admit it, else the nearest score they do."""
    return high if stated is None else max(low, min(stated, high))


def _quantitative(row: Indicator, weight: Decimal, profile: Profile) -> RowScore:
    numbers = target_and_actual(row)
    if numbers is None:
        return UNJUDGED
    target, actual = numbers
    way = orientation(row)
    ways: tuple[Orientation, ...] = (way,) if way else ("higher", "lower")
    scores = [score for each in ways for score in _scores(each, target, actual, weight, profile)]
    if any(score is None for score in scores):
        return UNJUDGED
    known = [score for score in scores if score is not None]
    low, high = min(known), max(known)
    literal_way = _by_sign(row)
    opposite = way is not None and {way, literal_way} in ({"higher", "lower"}, {"equal", "lower"})
    literal = _scores(literal_way, target, actual, weight, profile)[0] if literal_way and opposite else None
    ratio = actual / target if target > 0 and actual > 0 and way in ("higher", "equal") else None
    stated = row.score.value
    met = _met(way, target, actual)
    too_low = ratio is not None and ratio >= profile.over_achievement
    if stated is not None and (too_low or (met and explained(row))):
        low = max(ZERO, min(low, stated))  # a target set too low, or a reason given, admits less
    return RowScore(
        score=_within(row.score.value, low, high),
        low=low,
        high=high,
        literal=literal,
        met=met,
        basis="formula" if low == high else "range",
        ratio=ratio,
    )


def _met(way: Orientation | None, target: Decimal, actual: Decimal) -> bool | None:
    if way is None:
        return True if actual == target else None
    if way == "lower" or (way == "equal" and target == 0):
        return actual <= target
    return actual >= target


def explained(row: Indicator) -> bool:
    """A reason stands in the deviation cell, not just a dash or 无."""
    reason = row.deviation.value
    return reason is not None and label_key(reason) not in vocabulary().not_applicable


def _qualitative(row: Indicator, weight: Decimal, profile: Profile) -> RowScore:
    if row.actual.empty:
        return UNJUDGED
    stated = row.score.value
    tier = vocabulary().tier_of(row.actual.raw)
    if tier:
        low, high = tier_band(tier, weight, profile)
        return RowScore(_within(stated, low, high), low, high, None, tier == "achieved", "tier")
    if stated is None:
        return UNJUDGED
    score = max(ZERO, min(stated, weight))
    floor = tier_band("achieved", weight, profile)[0]
    return RowScore(score, min(score, floor), score, None, None, "stated")


def row_score(row: Indicator, profile: Profile) -> RowScore:
    """Score one indicator row; never raises, says "unjudged" where a cell is missing or unreadable."""
    weight = row.weight.value
    if weight is None or weight < 0:
        return UNJUDGED
    return _qualitative(row, weight, profile) if row.qualitative else _quantitative(row, weight, profile)


# --- the whole form ---------------------------------------------------------------------------


class Assessment(NamedTuple):
    """The form recomputed.

    rows: one `RowScore` for each of ``form.indicators``.
    total: execution score + row scores; None when any of them cannot be judged.
    total_low: the least the rules admit (qualitative rows at the floor of their tier).
    total_literal: the total if contradictory signs are taken at their word; None without such a row.
    grade: of ``total``.  stated_grade: as written on the form, else that of the stated total.
    """

    rate: Decimal | None
    execution_score: Decimal | None
    rows: tuple[RowScore, ...]
    total: Decimal | None
    total_low: Decimal | None
    total_literal: Decimal | None
    grade: Grade | None
    stated_grade: Grade | None


def grade_of(total: Decimal, profile: Profile) -> Grade:
    return next((grade for grade, low in profile.grades if total >= low), profile.grades[-1][0])


def grade_formula(total: str, profile: Profile, names: dict[Grade, str]) -> str:
    """Nested IFs from the best grade down; "" while there is no number."""
    text = f'"{names[profile.grades[-1][0]]}"'
    for grade, low in reversed(profile.grades[:-1]):
        text = f'IF({total}>={plain(low)},"{names[grade]}",{text})'
    return f'IF(ISNUMBER({total}),{text},"")'


def _total(values: Iterable[Decimal | None]) -> Decimal | None:
    known = list(values)
    return None if None in known else round_half_up(sum_of(v for v in known if v is not None))


def _execution(form: SelfEvaluation, profile: Profile) -> tuple[Decimal | None, Decimal | None]:
    line = form.total_fund
    if line is None or line.annual_budget.value is None or line.executed.value is None:
        return None, None
    rate = execution_rate(line.annual_budget.value, line.executed.value)
    weight = profile.execution_weight if line.weight.empty else line.weight.value
    if rate is None or weight is None:
        return rate, None
    return rate, execution_score(rate, weight)


def _execution_among(indicators: Sequence[Indicator], form: SelfEvaluation) -> bool:
    """The execution rate is scored as an indicator row, and not in the fund band as well."""
    line = form.total_fund
    in_band = line is not None and line.weight.value is not None
    return not in_band and any(row.group == "execution" for row in indicators)


def assess(form: SelfEvaluation, profile: Profile) -> Assessment:
    """Recompute a form: execution, every row, total, grade."""
    rate, execution = _execution(form, profile)
    indicators = form.indicators
    rows = tuple(row_score(row, profile) for row in indicators)
    scored = form.scored and bool(rows)
    parts = [] if _execution_among(indicators, form) else [execution]
    total = _total([*parts, *(row.score for row in rows)]) if scored else None
    literal = None
    if total is not None and any(row.literal is not None for row in rows):
        literal = _total([*parts, *(row.score if row.literal is None else row.literal for row in rows)])
    stated = form.stated_grade.value
    if stated is None and form.total_score.value is not None:
        stated = grade_of(form.total_score.value, profile)
    return Assessment(
        rate=rate,
        execution_score=execution,
        rows=rows,
        total=total,
        total_low=_total([*parts, *(row.low for row in rows)]) if total is not None else None,
        total_literal=literal,
        grade=None if total is None else grade_of(total, profile),
        stated_grade=stated,
    )
