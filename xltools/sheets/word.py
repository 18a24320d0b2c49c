"""The tables of a Word document (.docx): many units send the form so.

Each table becomes a grid, tables inside tables as well.  The lines above a table (its title, 单位：万元)
stand above it on the grid.  A table that follows another without a word between the two, on the same
columns, is its continuation behind a page break.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from xltools.sheets.archive import Archive
from xltools.sheets.cells import text_cell
from xltools.sheets.grid import Grid, Merge, Unreadable, Workbook
from xltools.sheets.laying import Table
from xltools.sheets.limits import MAX_CELLS, MAX_TREE
from xltools.sheets.markup import children, local, parsed

_LINES_ABOVE = 4
_LONGEST_LINE = 80
_MOST_TABLES = 500
_DEEPEST = 8
_UNSEEN = {
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "pPr",
    "rPr",
    "drawing",
    "pict",
    "object",
    "tbl",
    "AlternateContent",
}


def read(archive: Archive) -> Workbook:
    """The tables of a document as a workbook.  Raises only Unreadable."""
    data = archive.read("word/document.xml")
    if data is None:
        raise Unreadable("word")
    if len(data) > MAX_TREE:
        raise Unreadable("too_large", part="word/document.xml")
    root = parsed(data, "word/document.xml")
    body = next((child for child in children(root) if local(child) == "body"), None)
    grids = [] if body is None else _grids(body)
    if not grids:
        raise Unreadable("word")
    return Workbook(tuple(grids), "docx")


def _grids(body: etree._Element) -> list[Grid]:
    reading = _Reading()
    lines: list[str] = []
    last: tuple[_WordTable, int] | None = None
    for block in _blocks(body):
        if local(block) == "p":
            if text := _paragraph(block).strip():
                lines.append(text)
        elif local(block) == "tbl":
            width = _width(block)
            if last and not lines and last[1] == width:
                last[0].read(block)
                continue
            table = _WordTable(reading, lines[-_LINES_ABOVE:])
            table.read(block)
            last, lines = (table, width), []
    return reading.grids()


def _blocks(parent: etree._Element, depth: int = 0) -> Iterator[etree._Element]:
    """Paragraphs and tables in order, also those inside content controls and insertions."""
    for child in children(parent):
        if local(child) in ("sdt", "sdtContent", "ins", "customXml", "smartTag") and depth < _DEEPEST:
            yield from _blocks(child, depth + 1)
        else:
            yield child


class _Reading:
    """All tables of a document, outer before inner."""

    def __init__(self) -> None:
        self.tables: list[_WordTable] = []

    def add(self, table: _WordTable) -> None:
        self.tables.append(table)
        if len(self.tables) > _MOST_TABLES or sum(len(t.table.cells) for t in self.tables) > MAX_CELLS:
            raise Unreadable("too_large", tables=f">{_MOST_TABLES}")

    def grids(self) -> list[Grid]:
        return [table.grid(f"表格{number}") for number, table in enumerate(self.tables, 1)]


class _WordTable:
    def __init__(self, reading: _Reading, lines: list[str], depth: int = 0) -> None:
        self.reading, self.depth = reading, depth
        short = [line for line in lines if len(line) <= _LONGEST_LINE]
        self.table = Table(first_row=len(short) + 1)
        for row, line in enumerate(short, 1):
            self.table.cells[row, 1] = text_cell(line)
        self._open: dict[int, tuple[int, int, int]] = {}
        """column -> (first row, last row, last column) of a cell that is merged downwards."""
        reading.add(self)

    def read(self, element: etree._Element) -> None:
        for row in _blocks(element):
            if local(row) != "tr":
                continue
            self.table.begin_row()
            self.table.skip(_before(row))
            for cell in _blocks(row):
                if local(cell) == "tc":
                    self._cell(cell)

    def _cell(self, cell: etree._Element) -> None:
        across, merged = _span(cell)
        text = "" if merged == "continue" else self._text(cell)
        row, column = self.table.put(text, across)
        if merged == "restart":
            self._open[column] = (row, row, column + across - 1)
        elif merged == "continue" and column in self._open:
            first, last, right = self._open[column]
            if last == row - 1:
                self._open[column] = (first, row, right)
                self._merge_down(column)
        else:
            self._open.pop(column, None)

    def _merge_down(self, column: int) -> None:
        first, last, right = self._open[column]
        kept = [m for m in self.table.merges[-200:] if not (m.left == column and first <= m.top <= last)]
        self.table.merges[-200:] = [*kept, Merge(first, column, last, right)]

    def _text(self, cell: etree._Element) -> str:
        lines = []
        for block in _blocks(cell):
            if local(block) == "p":
                lines.append(_paragraph(block))
            elif local(block) == "tbl" and self.depth < _DEEPEST:
                inner = _WordTable(self.reading, [line for line in lines if line.strip()], self.depth + 1)
                inner.read(block)
        return "\n".join(lines).strip()

    def grid(self, name: str) -> Grid:
        return self.table.grid(name)


def _paragraph(element: etree._Element, depth: int = 0) -> str:
    """The text of a paragraph, without what was deleted and without field codes."""
    out = []
    for child in children(element):
        name = local(child)
        if name == "t":
            out.append(child.text or "")
        elif name in ("tab", "ptab"):
            out.append(" ")
        elif name in ("br", "cr"):
            out.append("\n")
        elif name == "noBreakHyphen":
            out.append("-")
        elif name not in _UNSEEN and depth < 4 * _DEEPEST:
            out.append(_paragraph(child, depth + 1))
    return "".join(out)


def _property(element: etree._Element, *names: str) -> etree._Element | None:
    """A property by its path: ``tcPr``, ``gridSpan``."""
    found: etree._Element | None = element
    for name in names:
        if found is None:
            return None
        found = next((child for child in children(found) if local(child) == name), None)
    return found


def _value(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return next((str(element.attrib[k]) for k in element.attrib if str(k).endswith("}val")), "")


def _number(element: etree._Element | None) -> int:
    text = _value(element)
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _span(cell: etree._Element) -> tuple[int, str]:
    """Columns across, and "restart", "continue" or "" for the merge downwards."""
    merge = _property(cell, "tcPr", "vMerge")
    down = "" if merge is None else _value(merge) or "continue"
    return max(1, _number(_property(cell, "tcPr", "gridSpan"))), down


def _before(row: etree._Element) -> int:
    return _number(_property(row, "trPr", "gridBefore"))


def _width(table: etree._Element) -> int:
    grid = _property(table, "tblGrid")
    return 0 if grid is None else sum(1 for child in children(grid) if local(child) == "gridCol")
