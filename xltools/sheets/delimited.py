"""Tables as text: .csv, and what a table becomes when it is copied into a text file.

Every cell is text; the reader of the form understands numbers in text.
"""

from __future__ import annotations

import csv
import io

from xltools.sheets.cells import text_cell
from xltools.sheets.grid import Cell, Grid, Unreadable, Workbook
from xltools.sheets.limits import MAX_CELLS, MAX_COLUMN, MAX_TREE

_DELIMITERS = "\t,;|"
_ENCODINGS = ("utf-8-sig", "gb18030")


def read(data: bytes) -> Workbook:
    """A text file that holds a table, as a workbook.  Raises Unreadable("text") for prose."""
    if len(data) > MAX_TREE:
        raise Unreadable("too_large", limit=f"{MAX_TREE >> 20} MB")
    text = decoded(data)
    delimiter = _delimiter(text)
    if delimiter is None:
        raise Unreadable("text")
    cells: dict[tuple[int, int], Cell] = {}
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row, values in enumerate(lines, 1):
            cells.update({(row, c): text_cell(v) for c, v in enumerate(values, 1) if v.strip()})
            if len(cells) > MAX_CELLS or len(values) > MAX_COLUMN:
                raise Unreadable("too_large", cells=f">{MAX_CELLS}")
    except csv.Error:
        raise Unreadable("text") from None
    return Workbook((Grid("文本", "visible", cells),), "csv")


def decoded(data: bytes) -> str:
    """UTF-16 with its mark, or without it where it shows; UTF-8; else the Chinese encodings of Windows.

    Raises Unreadable("text") for none of them.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if wide := _unmarked_utf16(data[:65536]):
        return data.decode(wide, "replace")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("text")


def _unmarked_utf16(beginning: bytes) -> str | None:
    """Ends of lines are the signs that every table has, and no other encoding puts a zero beside them."""
    for encoding in ("utf-16-le", "utf-16-be"):
        if "\n".encode(encoding) in beginning and "\n" in beginning.decode(encoding, "ignore"):
            return encoding
    return None


def _delimiter(text: str) -> str | None:
    """The sign that parts at least three lines into several cells; None for prose."""
    lines = text[:65536].splitlines()
    counts = {sign: sum(line.count(sign) >= 2 for line in lines) for sign in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda sign: counts[sign])
    return best if counts[best] >= 3 else None
