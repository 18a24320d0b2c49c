"""What a rule is given: the form, what was recomputed, the profile, and the rows prepared once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from sys import intern
from typing import Any, NamedTuple

from xltools.model import (
    Comparator,
    Entry,
    Finding,
    Indicator,
    ReportText,
    SelfEvaluation,
    Severity,
)
from xltools.profiles import Profile
from xltools.remembering import remembered
from xltools.rules.registry import RULES
from xltools.rules.traits import FormTraits, RowTraits, begun, form_traits, row_traits, stated_fund
from xltools.scoring import ZERO, Assessment, Orientation, RowScore, sum_if_known


class JudgedRow(NamedTuple):
    """An indicator row with its recomputed score; the model's properties, asked once.

    numbers: target and actual in one unit.  score, weight: as stated.  scores: (score, weight), both numbers.
    unexplained: no reason is given: blank, no such cell, or only a dash or 无.
    """

    row: Indicator
    judged: RowScore
    name: str
    qualitative: bool
    comparator: Comparator | None
    way: Orientation | None
    numbers: tuple[Decimal, Decimal] | None
    score: Decimal | None
    weight: Decimal | None
    scores: tuple[Decimal, Decimal] | None
    unexplained: bool
    traits: RowTraits

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
    return JudgedRow(
        row,
        judged,
        name,
        qualitative,
        comparator,
        way,
        numbers,
        score,
        weight,
        scores,
        not explained,
        row_traits(row, judged),
    )


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


def setting_of(form: SelfEvaluation, profile: Profile) -> Setting:
    """The same object for all forms that agree in it, so that verdicts on their rows can be recognised."""
    return _setting(intern(form.sheet), profile, "weight" in form.columns, "score" in form.columns)


class Case(_Finder):
    """One form to be checked.  Nothing in it changes.

    funds: the rows of the fund band.  total_fund: 年度资金总额 among them.  sources: those that add up to it.
    weight, score: of all indicator rows together; None when one is not a number, or the form has no
        such rows, or nothing was filled in yet.
    """

    __slots__ = (
        "assessment",
        "form",
        "funds",
        "profile",
        "report",
        "rows",
        "score",
        "sheet",
        "sources",
        "total_fund",
        "traits",
        "weight",
    )

    def __init__(
        self,
        form: SelfEvaluation,
        assessment: Assessment,
        profile: Profile,
        rows: tuple[JudgedRow, ...],
        report: ReportText | None = None,
    ) -> None:
        self.form, self.assessment, self.profile = form, assessment, profile
        self.rows, self.report = rows, report
        self.sheet = form.sheet
        self.funds = funds = tuple([stated_fund(line) for line in form.funds])
        self.total_fund = form.total_fund
        self.sources = tuple([fund for fund in funds if fund.line.kind != "total"])
        self.traits: FormTraits = form_traits(form, funds)
        if rows:
            self.weight = sum_if_known([item.weight for item in rows])
            self.score = sum_if_known([item.score for item in rows])
        else:
            self.weight = self.score = ZERO if self.without_indicators else None

    @property
    def without_indicators(self) -> bool:
        """The form was filled in, but not one indicator."""
        return not self.rows and "indicators" in self.form.bands and begun(self.form)


def bounded(score: Decimal, weight: Decimal) -> Decimal:
    """A score outside 0 … weight has a rule of its own; elsewhere it counts as the nearest bound."""
    return max(ZERO, min(score, weight))


def near(value: Decimal, readings: Iterable[Decimal], tolerance: Decimal) -> bool:
    """One of the readings is the value."""
    return any(abs(value - each) <= tolerance for each in readings)
