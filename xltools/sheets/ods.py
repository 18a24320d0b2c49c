"""The reader of OpenDocument spreadsheets (.ods, .ots, and flat .fods).

One pass over the content; what a person sees stands in the file as text, so number formats are
not asked.  Repeated rows and cells are only spread out where they hold something.
"""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from decimal import Decimal

from lxml import etree

from xltools.sheets.archive import Archive
from xltools.sheets.cells import UNCACHED, boolean_cell, checked, numeral, text_cell, with_formula
from xltools.sheets.grid import Cell, Grid, Merge, SheetState, Unreadable, Workbook
from xltools.sheets.limits import MAX_CELLS, MAX_MERGES, MAX_ROW
from xltools.sheets.markup import PARSER_OPTIONS, children, local, refuse_dtd

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_EPOCH = datetime(1899, 12, 30)
_NUMBER = re.compile(r"[0-9]{1,8}", re.ASCII)
_DURATION = re.compile(r"-?PT(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,]\d*)?S)?", re.ASCII)
_REFERENCE = re.compile(r"\[([^\[\]]*)\]")
_GROUPS = {"table-row-group", "table-header-rows", "table-rows"}
_ERRORS = ("Err:", "#DIV/", "#N/A", "#REF", "#VALUE", "#NAME", "#NUM", "#NULL")
_DEEPEST = 40


def read(archive: Archive) -> Workbook:
    """A package as a workbook.  Raises only Unreadable."""
    manifest = archive.read("META-INF/manifest.xml") or b""
    if b"encryption-data" in manifest:
        raise Unreadable("password")
    data = archive.read("content.xml")
    if data is None:
        raise Unreadable("no_workbook")
    return read_content(data)


def read_content(data: bytes) -> Workbook:
    """The content part, or a whole flat file."""
    reading = _Reading()
    try:
        events = etree.iterparse(
            io.BytesIO(data),
            events=("start", "end"),
            tag=(_TABLE + "table", _TABLE + "table-row", _STYLE + "style"),
            **PARSER_OPTIONS,
        )
        for event, element in events:
            reading.take(event, element)
        root = events.root
    except (etree.XMLSyntaxError, LookupError):
        raise Unreadable("unsafe" if b"<!DOCTYPE" in data[:4096] else "damaged", part="content.xml") from None
    if root is None:
        raise Unreadable("damaged", part="content.xml")
    refuse_dtd(root, "content.xml")
    if not reading.grids:
        raise Unreadable("no_sheets")
    return Workbook(tuple(reading.grids), "ods")


class _Reading:
    """What is known while the events come in."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self._hidden: set[str] = set()
        self._left = MAX_CELLS
        self._begin()

    def _begin(self) -> None:
        self._cells: dict[tuple[int, int], Cell] = {}
        self._merges: list[Merge] = []
        self._row = 1

    def take(self, event: str, element: etree._Element) -> None:
        if element.tag == _STYLE + "style":
            if event == "end":
                self._style(element)
        elif element.tag == _TABLE + "table":
            if _depth(element) == 0:
                self._table(event, element)
        elif event == "end" and _depth(element) == 1:
            self._take_row(element)
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]

    def _style(self, element: etree._Element) -> None:
        for child in children(element):
            if local(child) == "table-properties" and child.get(_TABLE + "display") == "false":
                self._hidden.add(element.get(_STYLE + "name") or "")

    def _table(self, event: str, element: etree._Element) -> None:
        if event == "start":
            self._begin()
            return
        state: SheetState = "hidden" if element.get(_TABLE + "style-name") in self._hidden else "visible"
        name = element.get(_TABLE + "name") or ""
        self.grids.append(Grid(name, state, self._cells, tuple(self._merges)))
        element.clear()

    def _take_row(self, element: etree._Element) -> None:
        times = _count(element, "number-rows-repeated")
        found = self._row_cells(element)
        if found:
            last, _ = checked(self._row + times - 1, 1)
            self._left -= len(found) * times
            if self._left < 0:
                raise Unreadable("too_large", cells=f">{MAX_CELLS}")
            for row in range(self._row, last + 1):
                self._cells.update({(row, column): cell for column, cell in found})
        self._row = min(self._row + times, MAX_ROW + 1)

    def _row_cells(self, element: etree._Element) -> list[tuple[int, Cell]]:
        found: list[tuple[int, Cell]] = []
        column = 1
        for item in children(element):
            if item.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                continue
            times = _count(item, "number-columns-repeated")
            cell = _cell(item)
            if cell is not None:
                _, last = checked(self._row, column + times - 1)
                found += [(at, cell) for at in range(column, last + 1)]
            self._merge(item, column)
            column += times
        return found

    def _merge(self, item: etree._Element, column: int) -> None:
        across, down = _count(item, "number-columns-spanned"), _count(item, "number-rows-spanned")
        if across > 1 or down > 1:
            self._merges.append(
                Merge(*checked(self._row, column), *checked(self._row + down - 1, column + across - 1))
            )
            if len(self._merges) > MAX_MERGES:
                raise Unreadable("too_large", merges=f">{MAX_MERGES}")


def _depth(element: etree._Element) -> int:
    """0 for a sheet, 1 for a row of one; more for what lies inside a cell or a change record."""
    tables = 0
    parent = element.getparent()
    for _ in range(_DEEPEST):
        if parent is None:
            return _DEEPEST
        name = local(parent)
        if name == "spreadsheet":
            return tables
        if name == "table":
            tables += 1
        elif name not in _GROUPS:
            return _DEEPEST
        parent = parent.getparent()
    return _DEEPEST


def _count(element: etree._Element, name: str) -> int:
    text = element.get(_TABLE + name) or "1"
    if not _NUMBER.fullmatch(text):
        raise Unreadable("damaged", count=text[:40])
    return max(1, int(text))


def _cell(item: etree._Element) -> Cell | None:
    kind = item.get(_OFFICE + "value-type") or ""
    formula = item.get(_TABLE + "formula")
    text = "\n".join(_paragraph(child) for child in children(item) if child.tag == _TEXT + "p")
    cell = _value(item, kind, text)
    if formula is None:
        return cell
    return with_formula(UNCACHED if cell is None else cell, _plain_formula(formula))


def _value(item: etree._Element, kind: str, text: str) -> Cell | None:
    if _is_error(item, text):
        return Cell(text, "error", text)
    if kind in ("float", "currency", "percentage"):
        return _number(item.get(_OFFICE + "value") or "", text, kind == "percentage")
    if kind == "date":
        return _date(item.get(_OFFICE + "date-value") or "", text)
    if kind == "time":
        return _time(item.get(_OFFICE + "time-value") or "", text)
    if kind == "boolean":
        return boolean_cell(item.get(_OFFICE + "boolean-value") or "")
    text = text or item.get(_OFFICE + "string-value") or ""
    return text_cell(text) if text else None


def _is_error(item: etree._Element, text: str) -> bool:
    said = any(str(k).endswith("}value-type") and item.attrib[k] == "error" for k in item.attrib)
    return said or (item.get(_TABLE + "formula") is not None and text.startswith(_ERRORS))


def _number(raw: str, text: str, percent: bool) -> Cell:
    try:
        value = numeral(raw)
    except ValueError:
        raise Unreadable("damaged", value=raw[:40]) from None
    if value is None:
        return Cell("#NUM!", "error", "#NUM!")
    return Cell(value, "number", text or format(value, "f"), percent)


def _date(raw: str, text: str) -> Cell:
    try:
        days = (datetime.fromisoformat(raw).replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
    except (ValueError, OverflowError):
        return text_cell(text or raw)
    return Cell(Decimal(f"{days:.6f}").normalize(), "date", text or raw)


def _time(raw: str, text: str) -> Cell:
    found = _DURATION.fullmatch(raw)
    if found is None:
        return text_cell(text or raw)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return Cell(Decimal(hours * 3600 + minutes * 60 + seconds) / 86_400, "date", text or raw)


def _paragraph(element: etree._Element, depth: int = 0) -> str:
    out = [element.text or ""]
    for child in children(element):
        name = local(child)
        if name == "s":
            text = child.get(_TEXT + "c") or "1"
            out.append(" " * min(int(text), 1000) if _NUMBER.fullmatch(text) else " ")
        elif name == "tab":
            out.append("\t")
        elif name == "line-break":
            out.append("\n")
        elif name in ("span", "a", "ruby", "ruby-base") and depth < _DEEPEST:
            out.append(_paragraph(child, depth + 1))
        out.append(child.tail or "")
    return "".join(out)


def _plain_formula(formula: str) -> str:
    """``of:=SUM([.A1:.A3])`` -> ``SUM(A1:A3)``."""
    text = formula.partition("=")[2] if ":=" in formula[:12] else formula.removeprefix("=")
    return _REFERENCE.sub(lambda found: re.sub(r"(^|:)\.", r"\1", found[1]).replace(".", "!"), text)
