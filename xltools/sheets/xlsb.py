"""The reader of .xlsb, Excel's binary workbook: records instead of XML in the same kind of package.

The records are few and fixed ([MS-XLSB]); formulas are stored as tokens and not spelled out, so
a formula cell is a typed value as far as we can tell, as in .xls.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from xltools.sheets import ooxml
from xltools.sheets.archive import Archive
from xltools.sheets.cells import boolean_cell, checked, error_cell, number_cell, text_cell
from xltools.sheets.grid import Cell, Grid, Merge, SheetState, Unreadable, Workbook
from xltools.sheets.limits import MAX_CELLS, MAX_MERGES
from xltools.sheets.numberformat import BUILTIN

_ROW, _BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = range(8)
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR = range(8, 12)
_RICH_TEXT = 62
_SHEET, _PROPERTIES, _MERGE, _STRING = 156, 153, 176, 19
_FORMAT, _STYLE, _STYLES, _STYLES_END = 44, 47, 617, 618
_STATES: tuple[SheetState, ...] = ("visible", "hidden", "veryHidden")
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
Record = tuple[int, bytes]


def read(archive: Archive) -> Workbook:
    """A package as a workbook.  Raises only Unreadable."""
    try:
        return _read(archive)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise Unreadable("damaged") from None


def _read(archive: Archive) -> Workbook:
    root = ooxml.workbook_part(archive.read("_rels/.rels")) or "xl/workbook.bin"
    data = archive.read(root)
    if data is None:
        raise Unreadable("no_workbook")
    related = ooxml.relations(archive.read(ooxml.relations_part(root)), root)
    by_kind = {relation.kind: relation.target for relation in reversed(related.values())}
    book = _Book(
        _strings(archive.read(by_kind["sharedStrings"]) if "sharedStrings" in by_kind else None),
        _codes(archive.read(by_kind["styles"]) if "styles" in by_kind else None),
    )
    grids = []
    for kind, body in _records(data):
        if kind == _PROPERTIES:
            book.date1904 = bool(body and body[0] & 1)
        elif kind == _SHEET:
            relation, at = _string(body, 8)
            found = related.get(relation)
            if found is not None and found.kind == "worksheet":
                part = archive.read(found.target)
                if part is None:
                    raise Unreadable("damaged", sheet=_string(body, at)[0][:40])
                grids.append(book.sheet(part, _string(body, at)[0], _state(body)))
    if not grids:
        raise Unreadable("no_sheets")
    return Workbook(tuple(grids), "xlsb")


def _state(body: bytes) -> SheetState:
    number = struct.unpack_from("<I", body)[0]
    return _STATES[number] if number < 3 else "visible"


def _records(data: bytes) -> Iterator[Record]:
    """(type, body) of each record; both lengths are written seven bits a byte."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while True:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift == 28:
                break
        if at + size > end:
            raise Unreadable("damaged")
        yield kind, data[at : at + size]
        at += size


def _string(body: bytes, at: int) -> tuple[str, int]:
    """A counted UTF-16 text, and where it ends."""
    count = struct.unpack_from("<I", body, at)[0]
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * count
    if end > len(body):
        raise Unreadable("damaged")
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _strings(data: bytes | None) -> list[str]:
    """The shared strings; the runs of rich text and phonetics behind them are passed over."""
    return [_string(body, 1)[0] for kind, body in _records(data or b"") if kind == _STRING]


def _codes(data: bytes | None) -> list[str]:
    """The number format code of each cell style."""
    custom: dict[int, str] = {}
    codes: list[str] = []
    inside = False
    for kind, body in _records(data or b""):
        if kind == _FORMAT:
            custom[struct.unpack_from("<H", body)[0]] = _string(body, 2)[0]
        elif kind in (_STYLES, _STYLES_END):
            inside = kind == _STYLES
        elif kind == _STYLE and inside:
            number = struct.unpack_from("<H", body, 2)[0]
            codes.append(custom.get(number) or BUILTIN.get(number, "General"))
    return codes


class _Book:
    """What the cells of a workbook need while they are read."""

    def __init__(self, strings: list[str], codes: list[str]) -> None:
        self.strings, self.codes = strings, codes
        self.date1904 = False
        self._left = MAX_CELLS

    def sheet(self, data: bytes, name: str, state: SheetState) -> Grid:
        cells: dict[tuple[int, int], Cell] = {}
        merges: list[Merge] = []
        row = 0
        for kind, body in _records(data):
            if kind == _ROW:
                row = struct.unpack_from("<I", body)[0] + 1
            elif _BLANK < kind <= _FORMULA_ERROR or kind == _RICH_TEXT:
                column, style = struct.unpack_from("<II", body)
                cells[checked(row, column + 1)] = self._cell(kind, body, style & 0xFFFFFF)
                self._left -= 1
                if self._left < 0:
                    raise Unreadable("too_large", cells=f">{MAX_CELLS}")
            elif kind == _MERGE:
                top, bottom, left, right = struct.unpack_from("<IIII", body)
                merges.append(Merge(*checked(top + 1, left + 1), *checked(bottom + 1, right + 1)))
                if len(merges) > MAX_MERGES:
                    raise Unreadable("too_large", merges=f">{MAX_MERGES}")
        return Grid(name, state, cells, tuple(merges))

    def _cell(self, kind: int, body: bytes, style: int) -> Cell:
        code = self.codes[style] if style < len(self.codes) else "General"
        if kind == _SHARED:
            index = struct.unpack_from("<I", body, 8)[0]
            if index >= len(self.strings):
                raise Unreadable("damaged", string=str(index))
            return text_cell(self.strings[index], code)
        if kind in (_TEXT, _FORMULA_TEXT):
            return text_cell(_string(body, 8)[0], code)
        if kind == _RICH_TEXT:
            return text_cell(_string(body, 9)[0], code)
        if kind in (_BOOL, _FORMULA_BOOL):
            return boolean_cell("1" if body[8] else "0")
        if kind in (_ERROR, _FORMULA_ERROR):
            return error_cell(_ERRORS.get(body[8], "#N/A"))
        number = _rk(body[8:12]) if kind == _RK else struct.unpack_from("<d", body, 8)[0]
        return number_cell(repr(number), code, self.date1904)


def _rk(raw: bytes) -> float:
    """A number squeezed into four bytes: an integer or the upper half of a double, perhaps a hundredfold."""
    bits = struct.unpack("<i", raw)[0]
    if bits & 2:
        number = float(bits >> 2)
    else:
        number = float(struct.unpack("<d", b"\0\0\0\0" + struct.pack("<i", bits & ~3))[0])
    return number / 100 if bits & 1 else number
