"""From what a file stores to a :class:`Cell`: the one place every reader goes through.

Forms repeat the same labels and figures, so what is made from a raw text is remembered.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from xltools.sheets.grid import Cell, Merge, Unreadable
from xltools.sheets.limits import MAX_COLUMN, MAX_ROW
from xltools.sheets.numberformat import EXACT, everyday, general, is_percent, shown, shown_text, simply

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,8})")


def numeral(raw: str) -> Decimal | None:
    """The number Excel takes a stored literal for: its 15 significant digits; 10.0 becomes 10.

    None for infinities and NaN.  Raises ValueError when it is no number at all.
    """
    digits = raw.replace(".", "", 1)
    if len(digits) <= 15 and digits.isdigit() and raw.isascii():
        return Decimal(raw.rstrip("0").rstrip(".") or "0") if "." in raw else Decimal(raw)
    raw = raw.strip()
    if not _NUMBER.fullmatch(raw):
        if raw.lstrip("+-").lower() in ("nan", "inf", "infinity"):
            return None
        raise ValueError(raw)
    number = float(raw)
    if number in (float("inf"), float("-inf")):
        return None
    try:
        value = Decimal(f"{number:.15g}").normalize(EXACT)
    except InvalidOperation:  # pragma: no cover - a finite double always fits
        return None
    if not value:
        return Decimal(0)
    exponent = value.as_tuple().exponent
    return Decimal(format(value, "f")) if isinstance(exponent, int) and exponent > 0 else value


def new_number_cell(raw: str, code: str, date1904: bool = False) -> Cell:
    """A numeric cell from its stored literal and number format code.

    Dates are serial numbers of the 1900 calendar whatever calendar the workbook counts in.
    NaN and infinities, which only faulty programs write, are the error Excel would show.
    Raises Unreadable("damaged") when the literal is no number.
    """
    try:
        value = numeral(raw)
    except ValueError:
        raise Unreadable("damaged", value=raw[:40]) from None
    if value is None:
        return error_cell("#NUM!")
    if code == "General":
        return Cell(value, "number", general(value))
    simple = everyday(code)
    if simple is not None:
        return Cell(value, "number", simply(value, simple), simple.hundredfold)
    text, is_date = shown(value, code, date1904)
    if is_date:
        # 1904-01-01 is day 1462 of the other calendar.
        return Cell(value + 1462 if date1904 else value, "date", text)
    return Cell(value, "number", text, is_percent(code))


number_cell = lru_cache(maxsize=1024)(new_number_cell)
"""The same, remembered."""


def error_cell(raw: str) -> Cell:
    """An error such as ``#DIV/0!``."""
    return Cell(raw, "error", raw)


def boolean_cell(raw: str) -> Cell:
    """A boolean, stored as 1/0 or true/false."""
    value = raw.strip().lower() in ("1", "true")
    return Cell(value, "boolean", "TRUE" if value else "FALSE")


def text_cell(value: str, code: str = "General") -> Cell:
    """A text, with the few formats that change how a text shows (``@"元"``, ``;;;``)."""
    return Cell(value, "text", value if code == "General" else shown_text(value, code))


UNCACHED = Cell(None, "uncached", "")


def with_formula(cell: Cell, formula: str | None) -> Cell:
    """The same cell with the formula behind it."""
    return cell if formula is None else Cell(cell[0], cell[1], cell[2], cell[3], formula)


def unescape(text: str) -> str:
    """Decode ``_xHHHH_``, the way SpreadsheetML writes characters XML cannot hold."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


@lru_cache(maxsize=1024)
def position(reference: str) -> tuple[int, int]:
    """``B3`` → (3, 2).  Raises Unreadable("damaged") outside Excel's grid or when malformed."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise Unreadable("damaged", cell=reference[:40])
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return checked(int(match[2]), column)


def checked(row: int, column: int) -> tuple[int, int]:
    """The position itself, if Excel's grid has it; else Unreadable("damaged")."""
    if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
        raise Unreadable("damaged", cell=f"R{row}C{column}")
    return row, column


@lru_cache(maxsize=4096)
def merge(reference: str) -> Merge:
    """``A1:C2`` → Merge.  A single cell is a range of itself.  Raises Unreadable("damaged")."""
    first, _, last = reference.partition(":")
    top, left = position(first)
    bottom, right = position(last or first)
    return Merge(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
