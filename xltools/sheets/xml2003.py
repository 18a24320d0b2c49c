"""The XML spreadsheet of Excel 2002 and 2003, which still arrives under the name .xls."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from lxml import etree

from xltools.sheets.cells import boolean_cell, checked, error_cell, number_cell, text_cell, with_formula
from xltools.sheets.grid import Cell, Grid, Merge, SheetState, Unreadable, Workbook
from xltools.sheets.limits import MAX_CELLS, MAX_MERGES, MAX_TREE
from xltools.sheets.markup import children, local, parsed

_NAMED = {
    "General": "General",
    "General Number": "General",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
    "Short Date": "yyyy-m-d",
    "Medium Date": "yyyy-m-d",
    "Long Date": "yyyy-m-d",
    "General Date": "yyyy-m-d",
}
_STATES: dict[str, SheetState] = {"SheetHidden": "hidden", "SheetVeryHidden": "veryHidden"}
_EPOCH = datetime(1899, 12, 30)
_DIGITS = re.compile(r"[0-9]{1,7}", re.ASCII)


def read(data: bytes) -> Workbook:
    """The bytes of an XML spreadsheet as a workbook.  Raises only Unreadable."""
    if len(data) > MAX_TREE:
        raise Unreadable("too_large", limit=f"{MAX_TREE >> 20} MB")
    root = parsed(data, "xml")
    if local(root) != "Workbook":
        raise Unreadable("other_spreadsheet")
    formats = _formats(root)
    left = MAX_CELLS
    grids = []
    for sheet in children(root):
        if local(sheet) == "Worksheet":
            grid = _sheet(sheet, formats, left)
            left -= len(grid.cells)
            grids.append(grid)
    if not grids:
        raise Unreadable("no_sheets")
    return Workbook(tuple(grids), "xml")


def _get(element: etree._Element, name: str) -> str:
    """An attribute by its local name; they are written with the spreadsheet's prefix."""
    return next((str(element.attrib[k]) for k in element.attrib if str(k).rpartition("}")[2] == name), "")


def _find(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in children(element) if local(child) == name), None)


def _formats(root: etree._Element) -> dict[str, str]:
    """style -> number format code."""
    found: dict[str, str] = {}
    styles = _find(root, "Styles")
    for style in () if styles is None else children(styles):
        item = _find(style, "NumberFormat")
        code = _get(item, "Format") if item is not None else ""
        found[_get(style, "ID")] = _NAMED.get(code, code) or found.get(_get(style, "Parent"), "General")
    return found


def _integer(element: etree._Element, name: str, default: int) -> int:
    text = _get(element, name)
    return int(text) if _DIGITS.fullmatch(text) else default


def _state(sheet: etree._Element) -> SheetState:
    options = _find(sheet, "WorksheetOptions")
    visible = None if options is None else _find(options, "Visible")
    return "visible" if visible is None else _STATES.get((visible.text or "").strip(), "visible")


def _sheet(sheet: etree._Element, formats: dict[str, str], left: int) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[Merge] = []
    table = _find(sheet, "Table")
    row = 0
    for element in () if table is None else children(table):
        if local(element) != "Row":
            continue
        row = _integer(element, "Index", row + 1)
        column = 0
        for item in children(element):
            if local(item) == "Cell":
                column = _read_cell(item, (row, column), formats, cells, merges)
        row += _integer(element, "Span", 0)
        if len(cells) > left or len(merges) > MAX_MERGES:
            raise Unreadable("too_large", cells=f">{MAX_CELLS}")
    return Grid(_get(sheet, "Name"), _state(sheet), cells, tuple(merges))


def _read_cell(
    item: etree._Element,
    after: tuple[int, int],
    formats: dict[str, str],
    cells: dict[tuple[int, int], Cell],
    merges: list[Merge],
) -> int:
    """Store one cell; returned is the last column it covers."""
    row, column = checked(after[0], _integer(item, "Index", after[1] + 1))
    across, down = _integer(item, "MergeAcross", 0), _integer(item, "MergeDown", 0)
    if across or down:
        merges.append(Merge(row, column, *checked(row + down, column + across)))
    cell = _cell(item, formats.get(_get(item, "StyleID"), "General"))
    if cell is not None:
        cells[row, column] = cell
    return column + across


def _cell(item: etree._Element, code: str) -> Cell | None:
    formula = _get(item, "Formula").removeprefix("=") or None
    data = _find(item, "Data")
    if data is None:
        return None if formula is None else Cell(None, "uncached", "", False, formula)
    text = "".join(str(part) for part in data.itertext())
    kind = _get(data, "Type")
    if kind == "String":
        cell = text_cell(text, code)
    elif kind == "Boolean":
        cell = boolean_cell(text)
    elif kind == "Error":
        cell = error_cell(text)
    elif kind == "DateTime":
        cell = _date(text, code)
    else:
        cell = number_cell(text.strip(), code)
    return with_formula(cell, formula)


def _date(text: str, code: str) -> Cell:
    try:
        days = (datetime.fromisoformat(text.strip()).replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
    except (ValueError, OverflowError):
        raise Unreadable("damaged", value=text[:40]) from None
    serial = Decimal(f"{days:.6f}").normalize()
    return number_cell(format(serial, "f"), code if code != "General" else "yyyy-m-d")
