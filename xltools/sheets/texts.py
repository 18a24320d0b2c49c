"""What the texts of a plain sheet say: shared strings and inline ones, each piece read once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltools.remembering import keep
from xltools.sheets import cells as make
from xltools.sheets import ooxml
from xltools.sheets.grid import Cell
from xltools.sheets.markup import parsed
from xltools.sheets.strict import decoded

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

PROSE = 300
"""Bytes or characters; a longer piece holds somebody's prose and does not come again."""
_MOST = 1_024
"""Pieces and texts that are remembered, half a MB at most."""

_TEXT = re.compile(rb'<t(?: xml:space="preserve")?>([^<]*)</t>(?:<phoneticPr [^<>]*/>)?')
_PLAIN_TEXT = re.compile(rb"<t>([^<>&\r_\x00-\x08\x0b\x0c\x0e-\x1f]*)</t>")
"""A text that says what it is written as, but for U+FFFE and U+FFFF, which XML does not know."""


class _Texts(dict[bytes, str]):
    """The inside of an ``<si>`` or ``<is>`` -> what it says, read when first asked for.

    The same piece is the same string each time, whose hash is known: rows of strings are found quickly.
    """

    def __missing__(self, piece: bytes) -> str:
        text = _text(piece)
        if len(piece) < PROSE:
            keep(self, _MOST, piece, text)
        return text


class _TextCells(dict[str, Cell]):
    """A text -> the cell it makes."""

    def __missing__(self, text: str) -> Cell:
        cell = make.text_cell(text)
        if len(text) < PROSE:
            keep(self, _MOST, text, cell)
        return cell


_pieces = _Texts()
cells = _TextCells()


def forget() -> None:
    """Empty what is remembered between files."""
    _pieces.clear()
    cells.clear()


def texts(pieces: list[bytes]) -> Iterator[str]:
    """What the insides of ``<si>`` elements say."""
    return map(_pieces.__getitem__, pieces)


def shown(inline: bytes, code: str) -> Cell:
    """The cell of an inline string.  code: of its format."""
    text = _pieces[inline]
    return cells[text] if code == "General" else make.text_cell(text, code)


def _text(piece: bytes) -> str:
    plain = _PLAIN_TEXT.fullmatch(piece)
    if plain and b"\xef\xbf" not in piece:
        return plain[1].decode()
    match = _TEXT.fullmatch(piece)
    if match:
        return decoded(match[1])
    # Rich text, phonetics: rare enough for a parser, and shared between forms.
    return ooxml.string(parsed(b'<si xmlns="%b">%b</si>' % (MAIN.encode(), piece), "si"))
