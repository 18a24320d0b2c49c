"""The reader of .xls and of the .et files that share its format (BIFF, in an OLE container or bare).

The format's library evaluates no formulas and gives no formula text, so every cell here is a
typed value as far as we can tell: ``formula`` is None throughout.
"""

from __future__ import annotations

import io
import struct

import xlrd
import xlrd.book
import xlrd.sheet

from xltools.sheets.cells import boolean_cell, checked, error_cell, number_cell, text_cell
from xltools.sheets.grid import Cell, Grid, Merge, SheetState, Unreadable, Workbook
from xltools.sheets.limits import MAX_BIFF, MAX_CELLS, MAX_MERGES
from xltools.sheets.numberformat import BUILTIN

_STATES: tuple[SheetState, ...] = ("visible", "hidden", "veryHidden")


# Records that hold one cell each, and those that hold a run of them (six and two bytes a cell).
_SINGLE = frozenset(
    (0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x7E, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x206, 0x406)
)
_RUNS = {0xBD: 6, 0xBE: 2}


def _counted(stream: bytes) -> int:
    """Cells in a stream of records, blank ones included; more than MAX_CELLS is not counted out.

    The library has read every cell before it can be asked, so this is asked first.
    """
    cells = at = 0
    end = len(stream) - 4
    single, runs, header = _SINGLE, _RUNS, struct.Struct("<HH").unpack_from
    while at <= end and cells <= MAX_CELLS:
        kind, size = header(stream, at)
        if kind in single:
            cells += 1
        elif kind in runs:
            cells += size // runs[kind]
        at += 4 + size
    return cells


def read(data: bytes, stream: bytes | None = None) -> Workbook:
    """The bytes of an .xls as a workbook.  stream: its records, where ``data`` is a container of them.

    Raises only Unreadable.
    """
    if len(data) > MAX_BIFF:
        raise Unreadable("too_large", limit=f"{MAX_BIFF >> 20} MB")
    if _counted(data if stream is None else stream) > MAX_CELLS:
        raise Unreadable("too_large", cells=f">{MAX_CELLS}")
    book = _opened(data)
    left = MAX_CELLS
    grids = []
    for index in range(book.nsheets):
        sheet = book.sheet_by_index(index)
        cells = _cells(book, sheet, left)
        left -= len(cells)
        state: SheetState = _STATES[sheet.visibility] if sheet.visibility in (0, 1, 2) else "visible"
        grids.append(Grid(str(sheet.name), state, cells, _merges(sheet)))
    if not grids:
        raise Unreadable("no_sheets")
    return Workbook(tuple(grids), "xls", names=_names(book, [grid.name for grid in grids]))


def _opened(data: bytes) -> xlrd.book.Book:
    try:
        return xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except Exception as error:
        # The library indexes into what the file claims; damaged bytes raise whatever they happen
        # to hit (TypeError, AssertionError, AttributeError …), so no list of types is complete.
        if "encrypted" in str(error):
            raise Unreadable("password") from None
        raise Unreadable("damaged") from None


def _cells(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet, left: int) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        if not any(kinds):
            continue
        values = sheet.row_values(row)
        for column, kind in enumerate(kinds):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            code = _code(book, sheet, row, column)
            cells[checked(row + 1, column + 1)] = _cell(kind, values[column], code, bool(book.datemode))
            if len(cells) > left:
                raise Unreadable("too_large", cells=f">{MAX_CELLS}")
    return cells


def _cell(kind: int, value: object, code: str, date1904: bool) -> Cell:
    if kind == xlrd.XL_CELL_TEXT:
        return text_cell(str(value), code)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return boolean_cell(str(value))
    if kind == xlrd.XL_CELL_ERROR:
        return error_cell(xlrd.error_text_from_code.get(value, "#N/A"))
    return number_cell(repr(value), code, date1904)


def _code(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet, row: int, column: int) -> str:
    """The number format code of a cell; General when the file's tables do not reach it."""
    try:
        key = book.xf_list[sheet.cell_xf_index(row, column)].format_key
        found = book.format_map.get(key)
    except IndexError:
        return "General"
    # The library's own table of built-in formats is American; dates read differently here.
    if key in BUILTIN and (found is None or key < 50):
        return BUILTIN[key] if found is None or _builtin(book, key) else str(found.format_str)
    return "General" if found is None else str(found.format_str) or "General"


def _builtin(book: xlrd.book.Book, key: int) -> bool:
    """Whether a format id below 164 was not spelled out in the file itself."""
    return all(item.format_key != key for item in book.format_list)


def _merges(sheet: xlrd.sheet.Sheet) -> tuple[Merge, ...]:
    ranges = sheet.merged_cells
    if len(ranges) > MAX_MERGES:
        raise Unreadable("too_large", merges=f">{MAX_MERGES}")
    found = []
    for top, bottom, left, right in ranges:
        first, last = checked(top + 1, left + 1), checked(max(bottom, top + 1), max(right, left + 1))
        found.append(Merge(*first, *last))
    return tuple(found)


def _names(book: xlrd.book.Book, sheets: list[str]) -> dict[str, str]:
    """Defined names whose reference the library could spell; a sheet's own are ``sheet!name``."""
    names: dict[str, str] = {}
    for item in book.name_obj_list:
        text = getattr(getattr(item, "result", None), "text", None)
        if not isinstance(text, str) or not text or item.macro:
            continue
        name = str(item.name)
        if isinstance(item.scope, int) and 0 <= item.scope < len(sheets):
            name = f"{sheets[item.scope]}!{name}"
        names[name] = text
    return names
