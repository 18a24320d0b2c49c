"""The official form drawn on a worksheet: which cell holds what, and how it looks.

The blank template, the samples, the unit sheets and 合并自评表 are all drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

FormLayout = Literal["nmg-12", "mof-std"]


class Formula(NamedTuple):
    """A formula without "=" and its result, which is stored beside it."""

    text: str
    value: Decimal | str


Content = None | str | Decimal | Formula


class FundRow(NamedTuple):
    label: str
    initial_budget: Content = None
    annual_budget: Content = None
    executed: Content = None
    weight: Content = None
    execution_rate: Content = None
    score: Content = None


class IndicatorRow(NamedTuple):
    """level1 and level2 are repeated on each row; equal neighbours are drawn as one merged cell."""

    level1: str
    level2: str
    level3: str = ""
    nature: str = ""
    direction: str = ""
    target: Content = None
    actual: Content = None
    unit: str = ""
    weight: Content = None
    score: Content = None
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class FormContent:
    """Everything that stands in the cells.  ``title`` "" leaves the title rows out."""

    layout: FormLayout
    year: int | None
    funds: tuple[FundRow, ...]
    indicators: tuple[IndicatorRow, ...]
    title: str = "项目支出绩效自评表"
    money_unit: str = "万元"
    project_name: str = ""
    supervising_department: str = ""
    implementing_unit: str = ""
    goal_expected: str = ""
    goal_actual: str = ""
    total_weight: Content = None
    total_score: Content = None


class Placement(NamedTuple):
    """Where `draw` puts things: (field, row index within its band) -> cell.

    Fields are those of `FundRow` ("fund.executed", 0), `IndicatorRow` ("indicator.score", 3) and the
    single cells ("project_name", 0).  Known before drawing, so formulas can refer to cells.
    """

    cells: dict[tuple[str, int], str]
    last_row: int

    def cell(self, field: str, index: int = 0) -> str:
        return self.cells[field, index]
