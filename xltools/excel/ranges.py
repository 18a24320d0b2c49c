"""A live worksheet as a grid, asked of Excel range by range.

Used only where Excel's copy of the workbook cannot be read from the disk.  Values and formulas come
in one call each; number formats and merges are asked of whole blocks, which are halved only where
Excel answers that they are mixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from xltools.sheets.cells import boolean_cell, error_cell, number_cell, text_cell, with_formula
from xltools.sheets.grid import Cell, Grid, Merge, SheetState, Unreadable

_MOST = 100_000
_ERRORS = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
}
_STATES: dict[int, SheetState] = {-1: "visible", 0: "hidden", 2: "veryHidden"}

Block = tuple[int, int, int, int]  # top, left, bottom, right


def grid(sheet: Any) -> Grid:
    """The worksheet as a grid.  ``sheet`` is an xlwings sheet.  Raises Unreadable when it is enormous."""
    used = sheet.api.UsedRange
    top, left = int(used.Row), int(used.Column)
    if used.CountLarge > _MOST:
        raise Unreadable("too_large")
    values, formulas = _rows(used.Value2), _rows(used.Formula)
    block = (top, left, top + len(values) - 1, left + len(values[0]) - 1)
    numbers = {
        (top + i, left + j)
        for i, row in enumerate(values)
        for j, value in enumerate(row)
        if isinstance(value, float)
    }
    codes = dict(_formats(sheet, block, numbers))
    cells: dict[tuple[int, int], Cell] = {}
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            cell = _cell(value, str(formulas[i][j] or ""), codes.get((top + i, left + j), "General"))
            if cell is not None:
                cells[top + i, left + j] = cell
    merges = tuple(sorted(set(_merges(sheet, block))))
    return Grid(str(sheet.name), _STATES.get(int(sheet.api.Visible), "visible"), cells, merges)


def _rows(content: Any) -> tuple[tuple[Any, ...], ...]:
    return content if isinstance(content, tuple) else ((content,),)


def _cell(value: Any, formula: str, code: str) -> Cell | None:
    typed = value == formula  # a text that begins with "=" is its own formula
    behind = formula[1:] if formula.startswith("=") and not typed else None
    if value is None or value == "":
        return None if behind is None else with_formula(text_cell(""), behind)
    if isinstance(value, bool):
        cell = boolean_cell("1" if value else "0")
    elif isinstance(value, int):
        cell = error_cell(_ERRORS.get(value, "#VALUE!"))
    elif isinstance(value, float):
        cell = number_cell(f"{value:.15g}", code)
    else:
        cell = text_cell(str(value))
    return with_formula(cell, behind)


def _area(sheet: Any, block: Block) -> Any:
    top, left, bottom, right = block
    return sheet.range((top, left), (bottom, right)).api


def _halves(block: Block) -> tuple[Block, Block]:
    top, left, bottom, right = block
    if bottom - top >= right - left:
        middle = (top + bottom) // 2
        return (top, left, middle, right), (middle + 1, left, bottom, right)
    middle = (left + right) // 2
    return (top, left, bottom, middle), (top, middle + 1, bottom, right)


def _formats(sheet: Any, block: Block, wanted: set[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], str]]:
    """The format code of every wanted cell."""
    around = _around(block, wanted)
    if around is None:
        return
    code = _area(sheet, around).NumberFormat
    if code is None and around[:2] != around[2:]:
        for half in _halves(around):
            yield from _formats(sheet, half, wanted)
        return
    for cell in wanted:
        if _inside(cell, around):
            yield cell, str(code or "General")


def _around(block: Block, wanted: set[tuple[int, int]]) -> Block | None:
    here = [cell for cell in wanted if _inside(cell, block)]
    if not here:
        return None
    rows, columns = [row for row, _ in here], [column for _, column in here]
    return min(rows), min(columns), max(rows), max(columns)


def _inside(cell: tuple[int, int], block: Block) -> bool:
    return block[0] <= cell[0] <= block[2] and block[1] <= cell[1] <= block[3]


def _merges(sheet: Any, block: Block) -> Iterator[Merge]:
    """Merged ranges that touch the block; one may come more than once."""
    merged = _area(sheet, block).MergeCells
    if merged is False:
        return
    if block[:2] == block[2:]:
        yield _whole(_area(sheet, block).MergeArea)
        return
    first, second = _halves(block)
    found = list(_merges(sheet, first))
    yield from found
    if not any(_covers(merge, second) for merge in found):
        yield from _merges(sheet, second)


def _covers(merge: Merge, block: Block) -> bool:
    return (
        merge.top <= block[0]
        and merge.left <= block[1]
        and merge.bottom >= block[2]
        and merge.right >= block[3]
    )


def _whole(area: Any) -> Merge:
    from xltools.sheets.cells import merge

    read: Callable[[str], Merge] = merge
    return read(str(area.Address).replace("$", ""))
