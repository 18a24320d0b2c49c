"""The columns of a list, and how a value in one of them is written.

The long lists hold most of the cells of the book, and most of their values come again and again: names,
labels, zeros.  So a column remembers the markup of its values, with a mark where the row number goes; as
bytes, because to encode a row costs as much as to put it together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from xltools.consolidated.cells import Marked, escape, inline, plain, printable
from xltools.form_sheet import Formula
from xltools.model import column_letters
from xltools.remembering import keep

ROW = "\0"
"""Stands for the number of the row in markup and formulas; no text of a cell can hold it."""
ROW_MARK = ROW.encode()

_MOST = 300  # values a column remembers
_LONGEST = 400  # bytes; a longer text is somebody's prose and does not come again
Written = tuple[bytes, int]
"""Markup of cells, and the lines the longest text in them takes."""


class Column(NamedTuple):
    """style: an attribute of `Look`.  wraps: its text may make the row higher.
    helper: grey, there for the formulas, not printed.
    formula: what computes the values of the column in the row `ROW`; "" for a column of values."""

    header: str
    width: float
    style: str = "text"
    wraps: bool = False
    helper: bool = False
    formula: str = ""


def letters(columns: Sequence[Column]) -> dict[str, str]:
    """Header -> letter of its column."""
    return {each.header: column_letters(at) for at, each in enumerate(columns, start=1)}


def computed(
    columns: Sequence[Column], formulas: Callable[[Mapping[str, str]], Mapping[str, str]]
) -> tuple[Column, ...]:
    """The columns with their formulas.  formulas: of the cells of the row by header, by header."""
    made = formulas({header: f"{letter}{ROW}" for header, letter in letters(columns).items()})
    return tuple(each._replace(formula=made.get(each.header, "")) for each in columns)


class Out(NamedTuple):
    """A column ready for writing: its letter, its formula, the style numbers for each kind of content.
    wraps: the width in which its text wraps, 0 where it does not."""

    letter: str
    usual: int
    words: int
    marked: int
    link: int
    wraps: float
    formula: str = ""


Value = None | float | int | str | Marked | Formula


class Cells(dict[Value, Written]):
    """A column's values as they are written.  What stands around them is put together once."""

    def __init__(self, out: Out, linked: bool = False) -> None:
        at, style = f'<c r="{out.letter}{ROW}" s="', out.link if linked else out.words
        computed = f"<f>{escape(out.formula)}</f>" if out.formula else ""
        self._blank: Written = f'{at}{out.usual}"/>'.encode(), 1
        self._number = f'{at}{out.usual}">{computed}<v>'
        self._words = f'{at}{style}" t="str">{computed}<v>' if computed else f'{at}{style}" t="inlineStr">'
        self._marked = f'{at}{out.marked}" t="inlineStr">'
        self._formulas = f'{at}{out.usual}">', f'{at}{style}" t="str">'
        self._computed, self._wraps = bool(computed), out.wraps

    def __missing__(self, value: Value) -> Written:
        made = self._written(value)
        if not isinstance(value, tuple) and len(made[0]) < _LONGEST:  # no formula, no marked words
            keep(self, _MOST, value, made)
        return made

    def _written(self, value: Value) -> Written:
        if value is None:
            return self._blank
        if isinstance(value, float | int):
            return f"{self._number}{plain(value)}</v></c>".encode(), 1
        if isinstance(value, str) and not self._computed:
            return self._text(self._words, value)
        if isinstance(value, Marked):
            return self._text(self._marked, value.text)
        if isinstance(value, Formula):
            shown = value.value if isinstance(value.value, str) else ""
            return self._formula(value), lines(shown, self._wraps) if self._wraps else 1
        return f"{self._words}{escape(printable(value))}</v></c>".encode(), 1

    def _text(self, begin: str, text: str) -> Written:
        markup = f"{begin}{inline(text)}</c>".encode()
        return markup, lines(text, self._wraps) if self._wraps else 1

    def _formula(self, content: Formula) -> bytes:
        """A text result, also an empty one, says that it is text."""
        number, words = self._formulas
        computed = f"<f>{escape(content.text)}</f><v>"
        if isinstance(content.value, str):
            return f"{words}{computed}{escape(printable(content.value))}</v></c>".encode()
        return f"{number}{computed}{plain(content.value)}</v></c>".encode()


@lru_cache(maxsize=64)
def cells_of(outs: tuple[Out, ...]) -> list[Cells]:
    """What the columns of a list remember, kept from bundle to bundle."""
    return [Cells(out) for out in outs]


@lru_cache(maxsize=64)
def links_of(outs: tuple[Out, ...]) -> list[Cells]:
    """The same columns where a cell is a link."""
    return [Cells(out, linked=True) for out in outs]


def lines(text: str, width: float) -> int:
    """Lines the text takes in a column that wide."""
    if len(text) * 2 < width - 1 and "\n" not in text:
        return 1
    return sum(max(1, ceil(_room(line) / (width - 1))) for line in text.split("\n"))


def _room(line: str) -> float:
    """Half-width places: a Chinese sign takes two and three bytes, a Latin one takes one of each."""
    return (len(line.encode("utf-8", "replace")) + len(line)) * 0.52
