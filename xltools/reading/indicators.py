"""The indicator band: one row for each indicator.

A row is what its cells and the levels above it make of it.  Rows come back from form to form (the same
indicator, the same target, fully reached), and then they are the very same `Indicator` too: what later
steps work out of it need not be worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

from xltools.locate import FormPlaces, Page, Span
from xltools.model import Comparator, Entry, Indicator, Nature, Quantity, entry_of
from xltools.quantities import misread_sign
from xltools.reading.cells import meaning, number, quantity, words
from xltools.reading.levels import NO_LEVEL, level_of
from xltools.reading.meanings import as_name, as_nature, as_sign, as_unit, group_of, is_bounded
from xltools.reading.spots import Cells, Position, Spot, known_rows, spot
from xltools.remembering import remembered
from xltools.sheets.grid import SheetRow
from xltools.vocabulary import label_key

_MOST_REMEMBERED = 4096
_MOST_PLANNED = 2048
_BEYOND_PERCENT = 200
_SHORTEST_MISREAD = 3


@dataclass(slots=True, eq=False)
class RowPlan:
    """The cells of one row.  deviation: the remarks, where the form asks for no reason of a deviation."""

    row: int
    level1: Spot
    level2: Spot
    level3: Spot
    nature: Spot
    direction: Spot
    target: Spot
    actual: Spot
    unit: Spot
    weight: Spot
    score: Spot
    deviation: Spot


_COLUMNS = tuple(each.name for each in fields(RowPlan))[1:]


@dataclass(slots=True, eq=False)
class IndicatorPlan:
    """first_row: the first row below a header.  weight_headers: where the header of the weight may stand."""

    first_row: int
    weight_headers: tuple[Position, ...]
    rows: tuple[RowPlan, ...]


def plan_indicators(places: FormPlaces, sheet: str) -> IndicatorPlan:
    headers = places.headers
    if not headers:
        return IndicatorPlan(0, (), ())
    rows: list[RowPlan] = []
    at = 0
    for row in places.indicator_rows:
        while at + 1 < len(headers) and headers[at + 1].bottom < row:
            at += 1
        columns = columns_of(places, headers[at].columns, row)
        rows.append(_plan_row(sheet, row, _spans(columns)))
    weights = [(header, header.columns["weight"].left) for header in headers if "weight" in header.columns]
    return IndicatorPlan(
        headers[0].bottom + 1,
        tuple((row, left) for header, left in weights for row in (header.row, header.bottom)),
        tuple(rows),
    )


def columns_of(places: FormPlaces, columns: Mapping[str, Span], row: int) -> Mapping[str, Span]:
    """The columns as they are in this row, which may have slipped to one side."""
    shift = places.shifts.get(row, 0)
    if not shift:
        return columns
    return {
        name: Span(max(1, span.left + shift), max(1, span.right + shift)) for name, span in columns.items()
    }


def _spans(columns: Mapping[str, Span]) -> tuple[Span | None, ...]:
    spans = [columns.get(name) for name in _COLUMNS]
    if "deviation" not in columns:
        spans[-1] = columns.get("remark")
    return tuple(spans)


@lru_cache(maxsize=_MOST_PLANNED)
def _plan_row(sheet: str, row: int, spans: tuple[Span | None, ...]) -> RowPlan:
    """The same object for templates that differ only in other rows, so that they share what is remembered."""
    return RowPlan(row, *[spot(sheet, row, span) for span in spans])


def weights_are_percent(cells: Cells, plan: IndicatorPlan) -> bool:
    """The header of the weights says so: ``权重（%）``."""
    header = next((cells[at] for at in plan.weight_headers if at in cells), None)
    return header is not None and "%" in label_key(header.text)


# --- the rows in order ------------------------------------------------------------------------


def indicators(page: Page, plan: IndicatorPlan, percent: bool) -> tuple[Indicator, ...]:
    """The rows of the band.  percent: weights are shares of 100 %."""
    rows: list[Indicator] = []
    above1 = above2 = NO_LEVEL
    known_row = known_rows(page)
    for row_plan in plan.rows:
        level1 = level_of(page, row_plan.level1, above1, plan.first_row)
        same_block = above1.entry.place == level1.entry.place
        level2 = level_of(page, row_plan.level2, above2 if same_block else NO_LEVEL, plan.first_row)
        known = known_row(row_plan.row)
        if known is None:
            row = _indicator(row_plan, page.cells, level1.entry, level2.entry, percent)
        else:
            row = _known_indicator(row_plan, known, level1.entry, level2.entry, percent)
        if row.level3.value is None and row.unused and _inherited(row):
            continue
        rows.append(row)
        above1, above2 = level1, level2
    return tuple(rows)


def _inherited(row: Indicator) -> bool:
    """A blank row: even its level names only come from above."""
    return all(not level.ok or level.note == "filled_down" for level in (row.level1, row.level2))


# --- one row ----------------------------------------------------------------------------------


def _indicator(
    plan: RowPlan, cells: Cells, level1: Entry[str], level2: Entry[str], percent: bool
) -> Indicator:
    nature, direction = _nature_and_direction(plan, cells)
    level3 = meaning(cells, plan.level3, as_name)
    return Indicator(
        level1,
        level2,
        level3,
        group_of(level1.value),
        nature,
        direction,
        _unless_misread(quantity(cells, plan.target), level3, level2),
        _unless_misread(quantity(cells, plan.actual), level3, level2),
        meaning(cells, plan.unit, as_unit),
        number(cells, plan.weight, percent),
        number(cells, plan.score),
        words(cells, plan.deviation),
        plan.row,
    )


@remembered(_MOST_REMEMBERED)
def _known_indicator(
    plan: RowPlan, row: SheetRow, level1: Entry[str], level2: Entry[str], percent: bool
) -> Indicator:
    """The same row in the same place below the same levels is the same indicator."""
    return _indicator(plan, row.cells, level1, level2, percent)


def _nature_and_direction(plan: RowPlan, cells: Cells) -> tuple[Entry[Nature], Entry[Comparator]]:
    """指标性质 and 指标方向.  The nature column of some forms holds the sign instead: the cell decides."""
    nature: Entry[Nature] = meaning(cells, plan.nature, as_nature)
    direction: Entry[Comparator] = meaning(cells, plan.direction, as_sign)
    if direction.value is None and nature.state in ("ok", "text", "dash"):
        sign, _ = as_sign(nature.raw)
        if sign:
            return _sign_in_nature(nature, sign)
    return nature, direction


def _sign_in_nature(nature: Entry[Nature], sign: Comparator) -> tuple[Entry[Nature], Entry[Comparator]]:
    _, raw, _, place, formula, _ = nature
    direction: Entry[Comparator] = Entry(sign, raw, "ok", place, formula, "sign_in_nature")
    return Entry(None, raw, "absent", place), direction


def _unless_misread(entry: Entry[Quantity], level3: Entry[str], level2: Entry[str]) -> Entry[Quantity]:
    """A cell whose comparison sign was probably destroyed says nothing: it stays text, with a note."""
    value, raw, state, place, formula, _ = entry
    if len(raw) < _SHORTEST_MISREAD or state not in ("ok", "text"):
        return entry
    if value is not None and value.number <= _BEYOND_PERCENT:
        return entry
    first = label_key(raw)[:1]
    if not (first.isdecimal() or first in "工^"):
        return entry
    bounded = is_bounded(level3.value or "", level2.value or "")
    if (value is not None and not bounded) or not misread_sign(raw, bounded):
        return entry
    return entry_of((None, raw, "text", place, formula, "misread_sign"))
