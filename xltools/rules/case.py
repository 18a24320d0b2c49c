"""What a rule is given: the form, what was recomputed, the profile, and the rows prepared once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from sys import intern
from typing import Any, NamedTuple

from xltools.model import (
    Comparator,
    Entry,
    Finding,
    FundLine,
    Indicator,
    Quantity,
    ReportText,
    SelfEvaluation,
    Severity,
)
from xltools.profiles import Profile
from xltools.remembering import remembered
from xltools.rules.registry import RULES
from xltools.scoring import HUNDRED, ZERO, Assessment, Orientation, RowScore, sum_of

BROKEN = frozenset({"error", "uncached"})
"""The states in which no cell may be, whatever belongs there."""

_figures = attrgetter("target.state", "actual.state", "weight.state", "score.state")
_VALUES = ("ok",) * 4
_words = attrgetter("level3.state", "unit.state", "deviation.state")


class Traits(NamedTuple):
    """By which a rule about rows says which rows it looks at (see `registry.RowTrait`).

    gap: a target, actual, weight or score is not simply a value, or a word is an error value.
    zero: the actual is 0.  exact: it is the target to the digit.  beyond: one of them lies outside 0 … 100.
    unmet: the target is missed.  short: the score is less than the weight.
    """

    quantitative: bool
    qualitative: bool
    gap: bool
    zero: bool
    exact: bool
    beyond: bool
    unmet: bool
    short: bool


class JudgedRow(NamedTuple):
    """An indicator row with its recomputed score; the model's properties, asked once.

    numbers: target and actual in one unit.  scores: (score, weight), both numbers.
    unexplained: no reason is given: blank, no such cell, or only a dash or 无.
    """

    row: Indicator
    judged: RowScore
    name: str
    qualitative: bool
    comparator: Comparator | None
    way: Orientation | None
    numbers: tuple[Decimal, Decimal] | None
    scores: tuple[Decimal, Decimal] | None
    unexplained: bool
    traits: Traits

    @property
    def lost(self) -> Decimal:
        """The points that the row lost."""
        return ZERO if self.scores is None else self.scores[1] - self.scores[0]

    @property
    def deviation_cell(self) -> Entry[Any]:
        return self.row.deviation if self.row.deviation.place else self.row.score


def judged_row(row: Indicator, judged: RowScore) -> JudgedRow:
    name, qualitative, comparator, way, numbers, explained = judged.said
    score, weight = row.score.value, row.weight.value
    scores = None if score is None or weight is None else (score, weight)
    target, actual = row.target.value, row.actual.value
    traits = Traits(
        not qualitative,
        qualitative,
        _figures(row) != _VALUES or not BROKEN.isdisjoint(_words(row)),
        actual is not None and actual.number == 0,
        numbers is not None and numbers[0] == numbers[1],
        _beyond(target) or _beyond(actual),
        judged.met is False,
        scores is not None and scores[0] < scores[1],
    )
    return JudgedRow(row, judged, name, qualitative, comparator, way, numbers, scores, not explained, traits)


def _beyond(quantity: Quantity | None) -> bool:
    return quantity is not None and not ZERO <= quantity.number <= HUNDRED


class _Finder:
    """Makes the findings of one sheet."""

    __slots__ = ()
    sheet: str

    def finding(
        self,
        code: str,
        *entries: Entry[Any],
        name: str = "",
        severity: Severity | None = None,
        variant: str = "",
        expected: str | None = None,
        actual: str | None = None,
        more: Mapping[str, str] | None = None,
        **params: str,
    ) -> Finding:
        """A finding at the cells of ``entries`` (those the layout has).  ``more``: further params."""
        return Finding(
            code,
            severity or RULES[code].severity,
            self.sheet,
            tuple([entry.place.cell for entry in entries if entry.place]),
            (name,) if name else (),
            (*params.items(), *more.items()) if more else tuple(params.items()),
            variant,
            expected,
            actual,
        )


@dataclass(frozen=True, slots=True)
class Setting(_Finder):
    """All that a rule about one row may know besides the row.

    weights, scores: the form has a column 分值, 得分.
    """

    sheet: str
    profile: Profile
    weights: bool
    scores: bool

    @property
    def scored(self) -> bool:
        return self.weights or self.scores


@remembered(256)
def _setting(sheet: str, profile: Profile, weights: bool, scores: bool) -> Setting:
    return Setting(sheet, profile, weights, scores)


def setting(form: SelfEvaluation, profile: Profile) -> Setting:
    """The same object for all forms that agree in it, so that verdicts on their rows can be recognised."""
    return _setting(intern(form.sheet), profile, "weight" in form.columns, "score" in form.columns)


class FormTraits(NamedTuple):
    """By which a rule says which forms it looks at (see `registry.FormTrait`).

    unfilled: a cell of the head or a goal does not hold a value.
    incomplete: the form lacks one of the bands or columns that the fullest layout has.
    shifted: rows do not stand under their columns.
    """

    unfilled: bool
    incomplete: bool
    shifted: bool


_head = attrgetter(
    "year.state",
    "project_name.state",
    "supervising_department.state",
    "implementing_unit.state",
    "goal_expected.state",
    "goal_actual.state",
)
_ALL_FILLED = ("ok",) * 6

BANDS = ("funds", "goals", "indicators", "total")
COLUMNS = ("level1", "level2", "level3", "target", "actual")
SCORE_COLUMNS = ("weight", "score")
FUND_COLUMNS = ("annual_budget", "executed")


def form_traits(form: SelfEvaluation) -> FormTraits:
    whole = form.bands.issuperset(BANDS) and form.fund_columns.issuperset(FUND_COLUMNS)
    whole = whole and form.columns.issuperset((*COLUMNS, *SCORE_COLUMNS))
    return FormTraits(_head(form) != _ALL_FILLED, not whole, bool(form.shifted))


class StatedFund(NamedTuple):
    """A row of the fund band with its numbers, asked once.  amounts: initial, annual, executed."""

    line: FundLine
    amounts: tuple[Decimal | None, Decimal | None, Decimal | None]
    rate: Decimal | None

    @property
    def name(self) -> str:
        return fund_name(self.line)


_amounts = attrgetter("initial_budget.value", "annual_budget.value", "executed.value")


@dataclass(frozen=True, slots=True)
class Case(_Finder):
    """One form to be checked.

    funds: the rows of the fund band.  total_fund: 年度资金总额 among them.  sources: those that add up to it.
    weight, score: of all indicator rows together; None when one is not a number, or there is no row.
    """

    form: SelfEvaluation
    assessment: Assessment
    profile: Profile
    rows: tuple[JudgedRow, ...]
    report: ReportText | None = None
    sheet: str = field(init=False)
    total_fund: FundLine | None = field(init=False)
    funds: tuple[StatedFund, ...] = field(init=False)
    sources: tuple[StatedFund, ...] = field(init=False)
    weight: Decimal | None = field(init=False)
    score: Decimal | None = field(init=False)

    def __post_init__(self) -> None:
        prepare = object.__setattr__
        prepare(self, "sheet", self.form.sheet)
        funds = tuple(
            [StatedFund(line, _amounts(line), line.execution_rate.value) for line in self.form.funds]
        )
        prepare(self, "funds", funds)
        prepare(self, "total_fund", next((fund.line for fund in funds if fund.line.kind == "total"), None))
        prepare(self, "sources", tuple([fund for fund in funds if fund.line.kind != "total"]))
        prepare(self, "weight", _sum([item.row.weight.value for item in self.rows]))
        prepare(self, "score", _sum([item.row.score.value for item in self.rows]))


def _sum(values: list[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum_of(known) if known and len(known) == len(values) else None


def bounded(score: Decimal, weight: Decimal) -> Decimal:
    """A score outside 0 … weight has a rule of its own; elsewhere it counts as the nearest bound."""
    return max(ZERO, min(score, weight))


def near(value: Decimal, readings: Iterable[Decimal], tolerance: Decimal) -> bool:
    """One of the readings is the value."""
    return any(abs(value - each) <= tolerance for each in readings)


def fund_name(line: FundLine) -> str:
    return line.label.value or f"第{line.row}行"
