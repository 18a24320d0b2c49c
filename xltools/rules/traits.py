"""What a form or a row is like at a glance: by its traits a rule says what it looks at.

Nearly every form and row is in order, and nearly every rule looks for something that is not.  So
what could be out of order is asked once, and only the rules that may have something to say are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from xltools.model import FundLine, Indicator, Quantity, SelfEvaluation
from xltools.scoring import HUNDRED, ZERO, RowScore

BROKEN = frozenset({"error", "uncached"})
"""The states in which no cell may be, whatever belongs there."""

UNREADABLE = frozenset({"text", "error", "uncached"})
"""The states in which no cell may be where a number belongs."""

BANDS = ("funds", "goals", "indicators", "total")
COLUMNS = ("level1", "level2", "level3", "target", "actual")
SCORE_COLUMNS = ("weight", "score")
FUND_COLUMNS = ("annual_budget", "executed")

_row_figures = attrgetter("target.state", "actual.state", "weight.state", "score.state")
_row_words = attrgetter("level3.state", "unit.state", "deviation.state")
_head = attrgetter(
    "year.state",
    "project_name.state",
    "supervising_department.state",
    "implementing_unit.state",
    "goal_expected.state",
    "goal_actual.state",
)
_FOUR_VALUES, _SIX_VALUES = ("ok",) * 4, ("ok",) * 6
_ALL_BANDS, _ALL_FUND_COLUMNS = frozenset(BANDS), frozenset(FUND_COLUMNS)
_ALL_COLUMNS = frozenset((*COLUMNS, *SCORE_COLUMNS))


class RowTraits(NamedTuple):
    """gap: a target, actual, weight or score is not simply a value, or a word is an error value.
    unitless, unsigned: no unit in its column, no sign anywhere.  unweighted: no weight above 0.
    zero: the actual is 0.  exact: it is the target to the digit.  beyond: one of them lies outside 0 … 100.
    unmet: the target is missed.  short: the score is less than the weight.
    incomparable: target and actual are numbers, but in units that have nothing to do with each other.
    measured: no nature is stated, and the target is a date or a range rather than a quality.
    """

    quantitative: bool
    qualitative: bool
    gap: bool
    unitless: bool
    unsigned: bool
    unweighted: bool
    zero: bool
    exact: bool
    beyond: bool
    unmet: bool
    short: bool
    incomparable: bool
    measured: bool


def row_traits(row: Indicator, judged: RowScore) -> RowTraits:
    said, weight, score = judged.said, row.weight.value, row.score.value
    target, actual = row.target.value, row.actual.value
    return RowTraits(
        not said.qualitative,
        said.qualitative,
        _row_figures(row) != _FOUR_VALUES or not BROKEN.isdisjoint(_row_words(row)),
        not row.unit.value,
        said.comparator is None,
        weight is None or weight <= 0,
        actual is not None and actual.number == 0,
        said.numbers is not None and said.numbers[0] == said.numbers[1],
        _beyond(target) or _beyond(actual),
        judged.met is False,
        weight is not None and score is not None and score < weight,
        said.numbers is None and not said.qualitative and target is not None and actual is not None,
        said.qualitative and row.nature.value is None and any(map(str.isdigit, row.target.raw)),
    )


def _beyond(quantity: Quantity | None) -> bool:
    return quantity is not None and not ZERO <= quantity.number <= HUNDRED


class StatedFund(NamedTuple):
    """A row of the fund band with its numbers, asked once.

    amounts: initial, annual, executed.  counted: the same with 0 where there is none.
    orderly: the amounts and the rate are such as a form in order has them.  readable: every cell is.
    changed: the annual budget is not the initial one.
    """

    line: FundLine
    amounts: tuple[Decimal | None, Decimal | None, Decimal | None]
    counted: tuple[Decimal, Decimal, Decimal]
    rate: Decimal | None
    orderly: bool
    readable: bool
    changed: bool

    @property
    def name(self) -> str:
        return fund_name(self.line)


def fund_name(line: FundLine) -> str:
    return line.label.value or f"第{line.row}行"


def stated_fund(line: FundLine) -> StatedFund:
    _, _, first, budget, spent, weight, share, score, _, reason = line
    amounts = initial, annual, executed = first.value, budget.value, spent.value
    states = {first.state, budget.state, spent.state, weight.state, share.state, score.state}
    rate = share.value
    return StatedFund(
        line,
        amounts,
        (initial or ZERO, annual or ZERO, executed or ZERO),
        rate,
        _orderly(initial, annual, executed, rate),
        states.isdisjoint(UNREADABLE) and reason.state not in BROKEN,
        initial is not None and annual is not None and initial != annual,
    )


class FormTraits(NamedTuple):
    """unfilled: a cell of the head or a goal does not hold a value.
    unreadable: a cell of the head, a goal, a total or a fund row cannot be understood.
    incomplete: the form lacks one of the bands or columns that the fullest layout has, or every indicator.
    shifted: rows do not stand under their columns.
    odd_money: a fund row lacks an amount or has a negative one, more is spent than budgeted, or a rate
        is stated of nothing.
    changed_money: a fund row has another annual budget than initial budget.
    """

    unfilled: bool
    unreadable: bool
    incomplete: bool
    shifted: bool
    odd_money: bool
    changed_money: bool


def begun(form: SelfEvaluation) -> bool:
    """Somebody filled in some of it: a template as it was handed out is no form with faults."""
    if form.indicators or form.goal_expected.ok or form.goal_actual.ok:
        return True
    return any(entry.value for line in form.funds for entry in (*dict(line.amounts()).values(), line.score))


_readable, _is_orderly, _changed = map(attrgetter, ("readable", "orderly", "changed"))


def form_traits(form: SelfEvaluation, funds: Sequence[StatedFund]) -> FormTraits:
    head = _head(form)
    return FormTraits(
        head != _SIX_VALUES,
        head != _SIX_VALUES
        or form.total_weight.state in UNREADABLE
        or form.total_score.state in UNREADABLE
        or not all(map(_readable, funds)),
        not (
            form.bands >= _ALL_BANDS
            and form.fund_columns >= _ALL_FUND_COLUMNS
            and form.columns >= _ALL_COLUMNS
            and form.indicators
        ),
        bool(form.shifted),
        not all(map(_is_orderly, funds)),
        any(map(_changed, funds)),
    )


def _orderly(
    initial: Decimal | None, annual: Decimal | None, executed: Decimal | None, rate: Decimal | None
) -> bool:
    if initial is None or annual is None or executed is None:
        return False
    return ZERO <= executed <= annual and initial >= ZERO and (annual > 0 or rate is None)
