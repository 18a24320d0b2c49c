"""One form: its plan, and what its bands hold."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from xltools.locate import FormPlaces, Page
from xltools.model import Band, Place, SelfEvaluation
from xltools.reading.cells import answer, words
from xltools.reading.funds import FundPlan, fund_lines, plan_funds
from xltools.reading.head import HeadPlan, head_value, plan_head, stated_money_unit, stated_year
from xltools.reading.indicators import IndicatorPlan, indicators, plan_indicators, weights_are_percent
from xltools.reading.layouts import BY_SIGNS, layout_by_signs, layout_of
from xltools.reading.totals import TotalPlan, plan_totals, totals
from xltools.remembering import remembered

_MOST_PLANS = 64
_TALLEST_PLAN = 200
"""Rows of a plan that is kept: what a form has; a sheet of thousands of rows must not fill the memory."""


@dataclass(slots=True, eq=False)
class FormPlan:
    """All that is known of a form before a cell is read.  Shared by all forms of a template and never
    changed."""

    head: HeadPlan
    funds: FundPlan
    indicators: IndicatorPlan
    totals: TotalPlan
    layout: str
    bands: frozenset[Band]
    columns: frozenset[str]
    fund_columns: frozenset[str]
    shifted: tuple[Place, ...]


def _plan(places: FormPlaces, sheet: str) -> FormPlan:
    columns = frozenset(name for header in places.headers for name in header.columns)
    return FormPlan(
        plan_head(places, sheet),
        plan_funds(places, sheet),
        plan_indicators(places, sheet),
        plan_totals(places, sheet),
        layout_of(places, columns),
        _bands(places),
        columns,
        frozenset(places.fund_header.columns if places.fund_header else ()),
        tuple(Place(sheet, row, 1) for row in places.shifts),
    )


_known_plan = remembered(_MOST_PLANS)(_plan)


def _plan_of(places: FormPlaces, sheet: str) -> FormPlan:
    """The plan of a form, worked out once for all forms of a template."""
    rows = len(places.indicator_rows) + len(places.fund_rows)
    return _plan(places, sheet) if rows > _TALLEST_PLAN else _known_plan(places, sys.intern(sheet))


def _bands(places: FormPlaces) -> frozenset[Band]:
    found: dict[Band, bool] = {
        "funds": bool(places.fund_header and places.fund_rows),
        "goals": bool(places.goals),
        "indicators": bool(places.headers),
        "total": places.total_row is not None,
    }
    return frozenset(band for band, there in found.items() if there)


def read_form(page: Page, places: FormPlaces, source: str) -> SelfEvaluation:
    """Read one located form.  Never raises for what a cell holds."""
    cells, grid = page.cells, page.grid
    plan = _plan_of(places, grid.name)
    head = plan.head
    money_unit, stated = stated_money_unit(cells, head)
    percent = weights_are_percent(cells, plan.indicators)
    rows = indicators(page, plan.indicators, percent)
    total_weight, total_score, grade = totals(page, plan.totals, percent)
    return SelfEvaluation(
        source=source,
        sheet=grid.name,
        layout=layout_by_signs(rows) if plan.layout is BY_SIGNS else plan.layout,
        title=words(cells, head.title),
        year=stated_year(page, head),
        money_unit=money_unit,
        project_name=head_value(cells, head.project),
        supervising_department=head_value(cells, head.department),
        implementing_unit=head_value(cells, head.unit),
        funds=fund_lines(page, plan.funds, money_unit.value or "万元", stated),
        goal_expected=answer(cells, head.goal_expected),
        goal_actual=answer(cells, head.goal_actual),
        rows=rows,
        total_weight=total_weight,
        total_score=total_score,
        stated_grade=grade,
        bands=plan.bands,
        columns=plan.columns,
        fund_columns=plan.fund_columns,
        shifted=plan.shifted,
        hidden=grid.state != "visible",
    )
