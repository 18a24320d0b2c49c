"""What can stand in a cell of a list, and its XML.

The long lists hold most of the cells of the book, and turning a cell into a call, an object and a
lookup costs ten times what its text does.  So a row goes from values to markup in one step.
Text is always written as text: nothing that comes from a file can become a formula.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

LONGEST_TEXT = 32_767  # Excel's limit, in UTF-16 units
CUT = "……（内容过长，已截断）"


class Link(NamedTuple):
    """From a cell to another one.  column: 0-based.  url: the file, relative to this book; "" for this
    book.  anchor: the place in it, escaped for an attribute; "" for the file itself."""

    column: int
    url: str
    anchor: str = ""


class Marked(NamedTuple):
    """Words where a number belongs, shown as they are and coloured."""

    text: str


_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE_LOOKALIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNUSUAL = re.compile("[&<>_\n\t\x00-\x1f\ufffe\uffff\ud800-\udfff]|^ | $|  ")


def fit(text: str) -> str:
    """The text, cut with a mark where a cell cannot hold it."""
    if len(text) * 2 <= LONGEST_TEXT or len(text.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST_TEXT:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: (LONGEST_TEXT - len(CUT)) * 2]
    return kept.decode("utf-16-le", "ignore") + CUT


def printable(text: str) -> str:
    """Without the signs no XML can hold, for what XlsxWriter does not escape itself."""
    return _ILLEGAL.sub("\ufffd", text)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(text: str) -> str:
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;")


def _code(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\ufffd" if code >= 0xD800 else f"_x{code:04X}_"


def inline(text: str) -> str:
    """The <is> element of a text."""
    if len(text) <= LONGEST_TEXT // 2 and not _UNUSUAL.search(text):
        return f"<is><t>{text}</t></is>"
    kept = _ILLEGAL.sub(_code, _ESCAPE_LOOKALIKE.sub("_x005F_", fit(text)))
    return f'<is><t xml:space="preserve">{escape(kept)}</t></is>'


def plain(value: Decimal | float) -> str:
    """A number as a cell stores it; one text for one number, whatever its type."""
    text = format(value, ".16G") if isinstance(value, Decimal) else repr(value + 0)  # no -0
    return text.removesuffix(".0")
