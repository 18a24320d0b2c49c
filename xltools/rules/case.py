"""What a rule is given: the form, what was recomputed, the profile, and the rows prepared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from xltools.model import (
    Comparator,
    Entry,
    Finding,
    FundLine,
    Indicator,
    ReportText,
    SelfEvaluation,
    Severity,
)
from xltools.profiles import Profile
from xltools.rules.registry import RULES
from xltools.scoring import Assessment, RowScore, explained, row_scores


class JudgedRow(NamedTuple):
    """An indicator row with its recomputed score; the model's properties, asked once."""

    row: Indicator
    judged: RowScore
    name: str
    qualitative: bool
    comparator: Comparator | None

    @property
    def scores(self) -> tuple[Decimal, Decimal] | None:
        """(score, weight), both numbers."""
        score, weight = self.row.score.value, self.row.weight.value
        return None if score is None or weight is None else (score, weight)

    @property
    def unexplained(self) -> bool:
        """No reason is given: blank, no such cell, or only a dash or 无."""
        return not explained(self.row)

    @property
    def deviation_cell(self) -> Entry[Any]:
        return self.row.deviation if self.row.deviation.place else self.row.score


def _judge(row: Indicator, judged: RowScore) -> JudgedRow:
    return JudgedRow(row, judged, row.name, row.qualitative, row.comparator)


@dataclass(frozen=True, slots=True)
class Case:
    """One form to be checked."""

    form: SelfEvaluation
    assessment: Assessment
    profile: Profile
    report: ReportText | None = None
    rows: tuple[JudgedRow, ...] = field(init=False)
    total_fund: FundLine | None = field(init=False)
    sources: tuple[FundLine, ...] = field(init=False)

    def __post_init__(self) -> None:
        indicators = self.form.indicators
        judged = row_scores(self.form, self.assessment)
        object.__setattr__(self, "rows", tuple(map(_judge, indicators, judged)))
        object.__setattr__(self, "total_fund", self.form.total_fund)
        object.__setattr__(self, "sources", self.form.sources)

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
            self.form.sheet,
            tuple([entry.place.cell for entry in entries if entry.place]),
            (name,) if name else (),
            (*params.items(), *more.items()) if more else tuple(params.items()),
            variant,
            expected,
            actual,
        )


def fund_name(line: FundLine) -> str:
    return line.label.value or f"第{line.row}行"
