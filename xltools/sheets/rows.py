"""The rows of a plain sheet, each read once.

Plan and values together say what a row holds, so a row that was met before, in this file or another, is
the same ``SheetRow`` again and costs no more than finding it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from xltools.remembering import Met, keep
from xltools.sheets import cells as make
from xltools.sheets import plans, texts
from xltools.sheets.grid import Cell, SheetRow
from xltools.sheets.plans import (
    INLINE,
    VALUES,
    Kind,
    Plan,
    PlannedRow,
    Position,
    check_end,
    check_tags,
    planned,
)
from xltools.sheets.shifting import SharedFormulas
from xltools.sheets.strict import decoded
from xltools.sheets.styles import Formats
from xltools.sheets.texts import PROSE

_MAX_ROWS, _MAX_NUMBERS, _MAX_MET = 1_536, 1_024, 4_096
"""What is remembered, half a MB each at most.  Whatever is full is emptied and begins anew."""
_LONGEST_NUMBER = 32

Strings = dict[bytes, str]
"""The shared strings by index as the cells spell it."""
_NO_FORMULAS: tuple[str, ...] = ()

_Holds = tuple[Plan, tuple[Any, ...], tuple[str, ...]]
"""What makes two rows the same: their plan, values and shared formulas."""


class _NumberCells(dict[tuple[bytes, str, str | None], Cell | None]):
    """A stored number, its format code and its formula -> the cell they make."""

    def __missing__(self, key: tuple[bytes, str, str | None]) -> Cell | None:
        raw, code, formula = key
        cell = make.new_number_cell(raw.decode(), code) if raw else None
        if formula is not None:
            cell = make.with_formula(cell or make.UNCACHED, formula)
        if len(raw) <= _LONGEST_NUMBER and len(formula or "") < PROSE:
            keep(self, _MAX_NUMBERS, key, cell)
        return cell


_number_cells = _NumberCells()
_rows: dict[_Holds, SheetRow] = {}
_met = Met(_MAX_MET)


def forget() -> None:
    """Empty what is remembered between files."""
    _number_cells.clear()
    _rows.clear()
    _met.clear()


def read(
    data: bytes, strings: Strings, table: Formats, prefixes: frozenset[bytes], shared: SharedFormulas
) -> tuple[dict[Position, Cell], tuple[SheetRow, ...], list[PlannedRow]]:
    """The cells of a sheet's data by position, its rows that hold any, and what stands around the values
    of every row.  No rows where these do not follow each other or a row holds cells of another.

    prefixes: what the sheet declares.
    """
    cells: dict[Position, Cell] = {}
    found: list[SheetRow] = []
    met: list[PlannedRow] = []
    cut, known, rows = VALUES.split, plans.known, _rows
    last, regular = 0, True
    pieces = data.split(b"</row>")
    check_end(pieces.pop())
    for piece in pieces:
        start = piece.find(b"<c ")
        own = piece[start:] if start >= 0 else b""
        check_tags(piece[:start] if own else piece, prefixes)
        stems: list[Any] = cut(own)
        values = stems[1::2]
        del stems[1::2]
        stems.append(table)
        plan = known.get(tuple(stems))
        if plan is None:
            plan, values = planned(own, table)
        for index in plan.strings:
            values[index] = strings[values[index]]
        formulas = _formulas(plan, shared) if plan.shared else _NO_FORMULAS
        met.append((plan, formulas))
        holds = (plan, tuple(values), formulas)
        row = rows.get(holds)
        if row is None:
            row = _met_row(holds)
        if row.cells:
            cells.update(row.cells)
            found.append(row)
            regular = regular and row.number > last
            last = row.number
    return cells, tuple(found) if regular else (), met


def read_planned(
    ordered: Iterable[Plan], shared: Iterable[tuple[str, ...]], held: tuple[Any, ...]
) -> tuple[dict[Position, Cell], tuple[SheetRow, ...]]:
    """The cells and rows of a sheet whose rows are known by their plans and follow each other.

    shared: the shared formulas of each row.
    held: the values of the whole sheet, the strings that are meant instead of their indexes.
    """
    cells: dict[Position, Cell] = {}
    found: list[SheetRow] = []
    rows, update = _rows, cells.update
    end = 0
    for plan, formulas in zip(ordered, shared, strict=True):
        start, end = end, end + plan.values
        holds = (plan, held[start:end], formulas)
        row = rows.get(holds)
        if row is None:
            row = _met_row(holds)
        if row.cells:
            update(row.cells)
            found.append(row)
    return cells, tuple(found)


# --- what a row holds --------------------------------------------------------------------------


def _formulas(plan: Plan, shared: SharedFormulas) -> tuple[str, ...]:
    """The shared formulas of a row as its cells have them."""
    return tuple(
        shared.text(kind.formula or "", kind.shared, at)
        for _, (at, kind) in plan.shared
        if kind.shared is not None
    )


def _met_row(holds: _Holds) -> SheetRow:
    """A row that is not remembered.  It will be the second time it is met: most of those that are new
    hold one form's own words."""
    row = _row(*holds)
    if _met.before(hash(holds)) and holds[0].kept and not _holds_prose(row):
        keep(_rows, _MAX_ROWS, holds, row)
    return row


def _holds_prose(row: SheetRow) -> bool:
    return any(len(cell.text) >= PROSE for cell in row.cells.values())


def _row(plan: Plan, values: tuple[Any, ...], formulas: tuple[str, ...]) -> SheetRow:
    """What the values are, as in the full reader; places where nothing is stored are left out."""
    cells: list[Cell | None] = list(values)
    text_cells = texts.cells
    for index in plan.texts:
        cells[index] = text_cells[values[index]]
    for index, code, formula in plan.numbers:
        cells[index] = _number_cells[values[index], code, formula]
    for index, kind in plan.odd:
        cells[index] = _odd(kind, values[index])
    if plan.fixed:
        cells += plan.fixed
    for index, formula in plan.formulas:
        cells[index] = make.with_formula(cells[index] or make.UNCACHED, formula)
    for (index, _), formula in zip(plan.shared, formulas, strict=True):
        cells[index] = make.with_formula(cells[index] or make.UNCACHED, formula)
    if None in cells:
        held = {place: cell for place, cell in zip(plan.places, cells, strict=True) if cell is not None}
        return SheetRow(plan.number, held)
    return SheetRow(plan.number, dict(zip(plan.places, cast("list[Cell]", cells), strict=True)))


def _odd(kind: Kind, value: object) -> Cell | None:
    """A cell that is neither a number nor a shared string as it stands."""
    if isinstance(value, str):
        return make.text_cell(value, kind.code)
    raw = cast("bytes", value)
    if kind.what == "str":
        return make.text_cell(decoded(raw), kind.code)
    if kind.what == INLINE:
        return texts.shown(b"<t>%b</t>" % raw, kind.code)
    if not raw:
        return None
    return make.boolean_cell(decoded(raw)) if kind.what == "b" else make.error_cell(decoded(raw))
