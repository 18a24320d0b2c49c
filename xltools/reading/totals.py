"""The row below the indicators: what could be reached, what was, and the grade that stands there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xltools.locate import FormPlaces, Page, Span
from xltools.locate.head import inline_value
from xltools.model import ABSENT, Entry, Grade, Place
from xltools.reading.cells import number, number_in_text
from xltools.reading.head import Field, head_field
from xltools.reading.indicators import columns_of
from xltools.reading.meanings import grade_of
from xltools.reading.spots import NOWHERE, Cells, Spot, spot
from xltools.sheets.grid import Cell
from xltools.vocabulary import half_width, label_key, vocabulary

_ROWS_OF_GRADE = 2
"""How far below the total its grade may stand."""


@dataclass(slots=True, eq=False)
class TotalPlan:
    """row: None where the form has no such row.  in_head: ``自评总分`` beside the project's name."""

    row: int | None
    weight: Spot
    score: Spot
    in_head: Field


def plan_totals(places: FormPlaces, sheet: str) -> TotalPlan:
    in_head = head_field(places.head.get("total_score"), sheet)
    row = places.total_row
    if row is None:
        return TotalPlan(None, NOWHERE, NOWHERE, in_head)
    columns: Mapping[str, Span] = places.headers[-1].columns
    if places.indicator_rows:
        columns = columns_of(places, columns, places.indicator_rows[-1])
    return TotalPlan(
        row, spot(sheet, row, columns.get("weight")), spot(sheet, row, columns.get("score")), in_head
    )


def totals(page: Page, plan: TotalPlan, percent: bool) -> tuple[Entry[Decimal], Entry[Decimal], Entry[Grade]]:
    """Weight, score and grade.  percent: weights are shares of 100 %."""
    cells, row = page.cells, plan.row
    if row is None:
        return ABSENT, _total_in_head(cells, plan.in_head), Entry(None)
    weight = number(cells, plan.weight, percent)
    score = number(cells, plan.score)
    if weight.place and score.place and page.right_of(row, weight.place.column) >= score.place.column:
        # One cell over both columns holds what was reached, not what could be.
        weight, score = Entry(None, "", "blank", score.place), weight
    if score.empty and plan.in_head.spot is not NOWHERE:
        score = _total_in_head(cells, plan.in_head)
    return weight, score, _stated_grade(page, row)


def _total_in_head(cells: Cells, field: Field) -> Entry[Decimal]:
    if not field.inline:
        return number(cells, field.spot)
    text = inline_value(cells[field.spot.at].text)
    return number_in_text(Cell(text, "text", text), field.spot.place, False)


def _stated_grade(page: Page, row: int) -> Entry[Grade]:
    """In the row of the total, or in one of its own below it that says so."""
    for below in range(row, row + _ROWS_OF_GRADE + 1):
        texts = list(page.texts(below))
        named = below == row or any(label_key(text) in vocabulary().grade_labels for _, text in texts)
        for column, text in texts:
            label, _, value = half_width(text).partition(":")
            inside = grade_of(value) if label in vocabulary().grade_labels else None
            grade = inside or (grade_of(text) if named else None)
            if grade:
                return Entry(grade, text, "ok", Place(page.grid.name, below, column))
    return Entry(None)
