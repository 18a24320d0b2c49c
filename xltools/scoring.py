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
from itertools import repeat
from typing import Literal, NamedTuple

from xltools.model import Comparator, FundLine, Grade, Indicator, Nature, SelfEvaluation, Tier
from xltools.profiles import Profile
from xltools.quantities import convert, plain, round_half_up
from xltools.remembering import remembered_rows
from xltools.vocabulary import is_dash, vocabulary

Orientation = Literal["higher", "lower", "equal"]
Basis = Literal["formula", "range", "tier", "stated", "unjudged"]

ZERO = Decimal(0)
HUNDRED = Decimal(100)
NOT_APPLICABLE = "—"

ROWS_REMEMBERED = 1024
"""Indicator rows of a batch whose scores, findings and facts are remembered: a few templates' worth."""

_HUNDREDTH = Decimal("0.01")
_MORE_IS_BETTER = ("higher", "equal")


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
        high -= _HUNDREDTH
    return low, high


# --- one row ----------------------------------------------------------------------------------


class Measure(NamedTuple):
    """What an indicator row says under every profile, asked of it once for scores, rules and sums.

    way: which way is better.  numbers: target and actual in one unit.  Both None in a qualitative row.
    """

    name: str
    qualitative: bool
    comparator: Comparator | None
    way: Orientation | None
    numbers: tuple[Decimal, Decimal] | None
    explained: bool


class RowScore(NamedTuple):
    """What the rules say of one indicator row.

    said: what the row itself says.
    score: the recomputed score: the formula's, or the stated one where the rules leave a range and it
        lies inside.  low, high: the range the rules admit.  All None when the row cannot be judged.
    literal: the score if a sign that contradicts the nature is taken at its word, else None.
    met: whether the target is met; None when that cannot be said.
    basis: "formula" one value; "range" several accepted readings; "tier" a qualitative tier;
        "stated" a qualitative row whose tier cannot be told, taken at its own score;
        "unjudged" no value.
    ratio: actual / target, where both are positive numbers.
    """

    said: Measure
    score: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    literal: Decimal | None = None
    met: bool | None = None
    basis: Basis = "unjudged"
    ratio: Decimal | None = None


def contradictory(nature: Nature | None, sign: Comparator | None) -> bool:
    """Nature and sign contradict each other (正向 with ≤, 反向 with ≥)."""
    return (nature == "positive" and sign in ("le", "lt")) or (nature == "negative" and sign in ("ge", "gt"))


def _orientation(row: Indicator, sign: Comparator | None) -> Orientation | None:
    """Which way is better.  The nature outranks a contradictory sign; satisfaction is never "the
    lower the better"; None when neither nature nor sign is stated."""
    nature = row.nature.value
    if nature == "negative":
        return "lower"
    if nature == "positive" or row.satisfaction:
        return "equal" if sign == "eq" else "higher"
    return _by_sign(sign)


def _by_sign(sign: Comparator | None) -> Orientation | None:
    if sign is None:
        return None
    return "equal" if sign == "eq" else "higher" if sign in ("ge", "gt") else "lower"


def target_and_actual(row: Indicator) -> tuple[Decimal, Decimal] | None:
    """Both as numbers in one unit; None when one is missing or the units cannot be compared."""
    target, actual = row.target.value, row.actual.value
    if target is None or actual is None:
        return None
    if not target.unit and not actual.unit:
        return target.number, actual.number
    unit = row.unit.value or target.unit or actual.unit
    numbers = convert(target, unit), convert(actual, unit)
    return None if None in numbers else (numbers[0], numbers[1])  # type: ignore[return-value]


def explained(row: Indicator) -> bool:
    """A reason stands in the deviation cell, not just a dash or 无."""
    reason = row.deviation.value
    return reason is not None and not is_dash(reason)


def measure(row: Indicator) -> Measure:
    name, sign, reason = row.name, row.comparator, explained(row)
    if row.qualitative:
        return Measure(name, True, sign, None, None, reason)
    return Measure(name, False, sign, _orientation(row, sign), target_and_actual(row), reason)


def _scores(
    way: Orientation | None, target: Decimal, actual: Decimal, weight: Decimal, profile: Profile
) -> list[Decimal] | None:
    """Every score the rules know for these numbers, of both ways where none is stated; None when one
    cannot be said."""
    if way is None:
        higher, lower = (_scores(each, target, actual, weight, profile) for each in ("higher", "lower"))
        return [*higher, *lower] if higher and lower else None
    if way == "lower":
        scores = [reverse_score(target, actual, weight, form) for form in profile.reverse_forms]
    else:
        scores = [(equal_score if way == "equal" else positive_score)(target, actual, weight)]
    known = [score for score in scores if score is not None]
    return known if len(known) == len(scores) else None


def _met(way: Orientation | None, target: Decimal, actual: Decimal) -> bool | None:
    if way is None:
        return True if actual == target else None
    if way == "lower" or (way == "equal" and target == 0):
        return actual <= target
    return actual >= target


def _quantitative(row: Indicator, said: Measure, weight: Decimal, profile: Profile) -> RowScore:
    if said.numbers is None:
        return RowScore(said)
    target, actual = said.numbers
    way, stated = said.way, row.score.value
    met = _met(way, target, actual)
    if met:
        low = high = weight  # no formula gives less
    else:
        scores = _scores(way, target, actual, weight, profile)
        if scores is None:
            return RowScore(said, met=met)
        low, high = min(scores), max(scores)
    ratio = actual / target if way in _MORE_IS_BETTER and target > 0 and actual > 0 else None
    too_low = ratio is not None and ratio >= profile.over_achievement
    if stated is not None and (too_low or (met and said.explained)):
        low = max(ZERO, min(low, stated))  # a target set too low, or a reason given, admits less
    score, literal = _within(stated, low, high), _literal(said, weight, profile)
    return RowScore(said, score, low, high, literal, met, "formula" if low == high else "range", ratio)


def _within(stated: Decimal | None, low: Decimal, high: Decimal) -> Decimal:
    """The stated score where the rules admit it, else the nearest score they do."""
    if stated is None:
        return high
    nearest = high if stated > high else stated
    return nearest if nearest > low else low


def _literal(said: Measure, weight: Decimal, profile: Profile) -> Decimal | None:
    """The score if the sign is taken at its word, where that turns the row round; 等于 points nowhere."""
    way, literal = said.way, _by_sign(said.comparator)
    if way is None or literal in (None, "equal") or said.numbers is None:
        return None
    if (way == "lower") == (literal == "lower"):
        return None
    scores = _scores(literal, *said.numbers, weight, profile)
    return scores[0] if scores else None


def _qualitative(row: Indicator, said: Measure, weight: Decimal, profile: Profile) -> RowScore:
    if row.actual.empty:
        return RowScore(said)
    stated = row.score.value
    tier = vocabulary().tier_of(row.actual.raw)
    if tier:
        low, high = tier_band(tier, weight, profile)
        return RowScore(said, _within(stated, low, high), low, high, None, tier == "achieved", "tier")
    if stated is None:
        return RowScore(said)
    score = max(ZERO, min(stated, weight))
    floor = tier_band("achieved", weight, profile)[0]
    return RowScore(said, score, min(score, floor), score, basis="stated")


@remembered_rows(ROWS_REMEMBERED)
def row_score(row: Indicator, profile: Profile) -> RowScore:
    """Score one indicator row; never raises, says "unjudged" where a cell is missing or unreadable."""
    said, weight = measure(row), row.weight.value
    if weight is None or weight < 0:
        return RowScore(said)
    if said.qualitative:
        return _qualitative(row, said, weight, profile)
    return _quantitative(row, said, weight, profile)


def row_scores(form: SelfEvaluation, assessment: Assessment) -> tuple[RowScore, ...]:
    """One for each indicator row; unjudged where the assessment is of another form."""
    if len(assessment.rows) == len(form.indicators):
        return assessment.rows
    return tuple(RowScore(measure(row)) for row in form.indicators)


# --- the whole form ---------------------------------------------------------------------------


class Assessment(NamedTuple):
    """The form recomputed.

    execution_weight: what the execution score counts for in the total; 0 where the indicators hold the
        whole weight, the profile's where none can be read.
    rows: one `RowScore` for each of ``form.indicators``.
    total: execution score + row scores; None when any of them cannot be judged.
    total_low: the same with every qualitative row at the floor of its tier (of 达成 where it has none).
    total_literal: the total if contradictory signs are taken at their word; None without such a row.
    grade: of ``total``.  stated_grade: as written on the form, else that of the stated total.
    """

    rate: Decimal | None
    execution_score: Decimal | None
    execution_weight: Decimal
    rows: tuple[RowScore, ...]
    total: Decimal | None
    total_low: Decimal | None
    total_literal: Decimal | None
    grade: Grade | None
    stated_grade: Grade | None


def grade_of(total: Decimal, profile: Profile) -> Grade:
    for grade, low in profile.grades:
        if total >= low:
            return grade
    return profile.grades[-1][0]


def grade_formula(total: str, profile: Profile, names: dict[Grade, str]) -> str:
    """Nested IFs from the best grade down; "" while there is no number."""
    text = f'"{names[profile.grades[-1][0]]}"'
    for grade, low in reversed(profile.grades[:-1]):
        text = f'IF({total}>={plain(low)},"{names[grade]}",{text})'
    return f'IF(ISNUMBER({total}),{text},"")'


def sum_if_known(values: Sequence[Decimal | None]) -> Decimal | None:
    """None when there are no values, or one is not known."""
    if not values:
        return None
    try:
        return sum_of(values)  # type: ignore[arg-type]  # nearly always all are known
    except TypeError:
        return None


def _total(values: Sequence[Decimal | None]) -> Decimal | None:
    """Rounded; None when one is not known."""
    total = sum_if_known(values)
    return None if total is None else round_half_up(total)


def execution_weight(line: FundLine, profile: Profile) -> Decimal | None:
    """As stated; the usual one where nothing is, or a dash stands beside a score."""
    stated, scored = line.weight, line.score.value is not None
    return profile.execution_weight if stated.empty or (stated.state == "dash" and scored) else stated.value


def _readable_weight(line: FundLine | None, profile: Profile) -> Decimal:
    stated = None if line is None else execution_weight(line, profile)
    return profile.execution_weight if stated is None or stated < 0 else stated


def _execution(line: FundLine | None, profile: Profile) -> tuple[Decimal | None, Decimal | None]:
    """(rate, score) of the row 年度资金总额."""
    if line is None or line.annual_budget.value is None or line.executed.value is None:
        return None, None
    rate = execution_rate(line.annual_budget.value, line.executed.value)
    weight = execution_weight(line, profile)
    if rate is None or weight is None or weight < 0:
        return rate, None
    return rate, execution_score(rate, weight)


def execution_among_indicators(form: SelfEvaluation, profile: Profile) -> bool:
    """The fund band scores nothing: the execution rate is an indicator row, or the indicators alone
    make up the whole weight."""
    line, indicators = form.total_fund, form.indicators
    if line is not None and line.weight.value is not None:
        return False
    if any(row.group == "execution" for row in indicators):
        return True
    if line is not None and (line.score.value is not None or line.score.unreadable or line.weight.unreadable):
        return False
    weight = sum_if_known([row.weight.value for row in indicators])
    return weight is not None and abs(weight - profile.total_weight) <= profile.weight_tolerance


def assess(form: SelfEvaluation, profile: Profile) -> Assessment:
    """Recompute a form: execution, every row, total, grade."""
    line, indicators = form.total_fund, form.indicators
    rate, execution = _execution(line, profile)
    rows = tuple(row_score.each(indicators, repeat(profile)))
    among = execution_among_indicators(form, profile)
    parts = [] if among else [execution]
    total = total_low = total_literal = None
    if rows and form.scored:
        total = _total([*parts, *[row.score for row in rows]])
    if total is not None:
        total_low = _total([*parts, *map(_at_the_floor, rows)])
        if any(row.literal is not None for row in rows):
            total_literal = _total([*parts, *map(_taken_literally, rows)])
    return Assessment(
        rate=rate,
        execution_score=execution,
        execution_weight=ZERO if among else _readable_weight(line, profile),
        rows=rows,
        total=total,
        total_low=total_low,
        total_literal=total_literal,
        grade=None if total is None else grade_of(total, profile),
        stated_grade=_stated_grade(form, profile),
    )


def _at_the_floor(row: RowScore) -> Decimal | None:
    return row.low if row.said.qualitative else row.score


def _taken_literally(row: RowScore) -> Decimal | None:
    return row.score if row.literal is None else row.literal


def _stated_grade(form: SelfEvaluation, profile: Profile) -> Grade | None:
    grade, total = form.stated_grade.value, form.total_score.value
    return grade_of(total, profile) if grade is None and total is not None else grade
