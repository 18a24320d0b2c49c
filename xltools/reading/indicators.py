"""The indicator band: one row for each indicator.

A row is what its cells and the levels above it make of it.  Rows come back from form to form (the same
indicator, the same target, fully reached), and then they are the very same `Indicator` too: what later
steps work out of it need not be worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xltools.locate import FormPlaces, Page, Span
from xltools.model import Comparator, Entry, Indicator, Nature, Quantity, entry_of
from xltools.quantities import misread_sign
from xltools.reading.cells import meaning, number, quantity, words
from xltools.reading.levels import NO_LEVEL, Level, LevelCell, level_of
from xltools.reading.meanings import as_name, as_nature, as_sign, as_unit, group_of, is_bounded
from xltools.reading.spots import Cells, Position, Spot, known_rows, remembered_with_row, spot
from xltools.remembering import remembered
from xltools.sheets.grid import SheetRow
from xltools.vocabulary import label_key

_MOST_REMEMBERED = 1024
_MOST_PLANNED = 512
_BEYOND_PERCENT = Decimal(200)
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
class Step:
    """A row on the way down the band.  merged: a merge covers a level of it."""

    row: int
    level1: LevelCell
    level2: LevelCell
    cells: RowPlan
    merged: bool

    def is_told_by(self, above: _Above) -> bool:
        """Whether the row itself and what it takes from above say all: no third row has to be looked at."""
        anchor1, anchor2 = self.level1.anchor, self.level2.anchor
        return (anchor1 is None or anchor1 == above.level1.at) and (
            anchor2 is None or anchor2 == above.level2.at
        )


@dataclass(slots=True, eq=False)
class IndicatorPlan:
    """weight_headers: where the header of the weight may stand."""

    weight_headers: tuple[Position, ...]
    steps: tuple[Step, ...]


def plan_indicators(places: FormPlaces, sheet: str) -> IndicatorPlan:
    headers = places.headers
    if not headers:
        return IndicatorPlan((), ())
    first_row = headers[0].bottom + 1
    steps: list[Step] = []
    at = 0
    for row in places.indicator_rows:
        while at + 1 < len(headers) and headers[at + 1].bottom < row:
            at += 1
        cells = _plan_row(sheet, row, _spans(columns_of(places, headers[at].columns, row)))
        anchors = [_anchor(places, level, first_row) for level in (cells.level1, cells.level2)]
        steps.append(_step_to(cells, *anchors))
    weights = [(header, header.columns["weight"].left) for header in headers if "weight" in header.columns]
    return IndicatorPlan(
        tuple((row, left) for header, left in weights for row in (header.row, header.bottom)), tuple(steps)
    )


def _anchor(places: FormPlaces, level: Spot, first_row: int) -> Position | None:
    """The first cell of the merge over a level cell, if it begins in the band."""
    row = places.anchors.get(level.at, 0)
    return (row, level.at[1]) if row >= first_row else None


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


@lru_cache(maxsize=_MOST_PLANNED)
def _step_to(cells: RowPlan, anchor1: Position | None, anchor2: Position | None) -> Step:
    """The same object for the same row of several templates, as above."""
    level1, level2 = LevelCell(cells.level1, anchor1), LevelCell(cells.level2, anchor2)
    return Step(cells.row, level1, level2, cells, bool(anchor1 or anchor2))


def weights_are_percent(cells: Cells, plan: IndicatorPlan) -> bool:
    """The header of the weights says so: ``权重（%）``."""
    for at in plan.weight_headers:
        header = cells.get(at)
        if header is not None:
            return "%" in header.text or "%" in label_key(header.text)
    return False


# --- the rows in order ------------------------------------------------------------------------


class _Above(NamedTuple):
    """What a row takes from those above it.  percent: weights are shares of 100 %."""

    level1: Level
    level2: Level
    percent: bool


_TOP = {percent: _Above(NO_LEVEL, NO_LEVEL, percent) for percent in (False, True)}


def indicators(page: Page, plan: IndicatorPlan, percent: bool) -> tuple[Indicator, ...]:
    """The rows of the band.  percent: weights are shares of 100 %."""
    found: list[Indicator] = []
    above = _TOP[percent]
    row_of = known_rows(page).get
    for step in plan.steps:
        row = row_of(step.row)
        if row is not None and (not step.merged or step.is_told_by(above)):
            indicator, above = _known_taken(step, row, above)
        else:
            indicator, above = _taken(step, page.cells, row, above)
        if indicator is not None:
            found.append(indicator)
    return tuple(found)


def _taken(
    step: Step, cells: Cells, known: SheetRow | None, above: _Above
) -> tuple[Indicator | None, _Above]:
    """The indicator of a row, None for a blank one, and what the rows below it take from it."""
    level1 = level_of(cells, step.level1, above.level1)
    level2 = level_of(cells, step.level2, _level2_above(step, cells, level1, above))
    if known is None:
        row = _indicator(step.cells, cells, level1.entry, level2.entry, above.percent)
    else:
        row = _known_indicator(step.cells, known, level1.entry, level2.entry, above.percent)
    if row.level3.value is None and row.unused and _inherited(row):
        return None, above
    if level1 is above.level1 and level2 is above.level2:
        return row, above
    return row, _levels_above(level1, level2, above.percent)


def _level2_above(step: Step, cells: Cells, level1: Level, above: _Above) -> Level:
    """The second level holds below the same first one, and further only under a merge that covers both."""
    if above.level1.entry.place == level1.entry.place:
        return above.level2
    spot, anchor = step.level2
    return above.level2 if anchor and anchor == above.level2.at and spot.at not in cells else NO_LEVEL


@remembered_with_row(_MOST_REMEMBERED)
def _known_taken(step: Step, row: SheetRow, above: _Above) -> tuple[Indicator | None, _Above]:
    """The same row below the same ones is the same indicator; only where no third row tells a level of
    it, see `Step.is_told_by`."""
    return _taken(step, row.cells, None, above)


_levels_above = remembered(_MOST_REMEMBERED)(_Above)


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
