"""The columns of a list, and how a value in one of them is written.

The long lists hold most of the cells of the book, and most of their values come again and again: names,
labels, zeros.  So a column remembers the markup of its values, with a mark where the row number goes; as
bytes, because to encode a row costs as much as to put it together.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import NamedTuple

from xltools.consolidated.cells import Marked, blank, formula, inline, number, words
from xltools.form_sheet import Formula

ROW = "\0"
"""Stands for the number of the row in markup and formulas; no text of a cell can hold it."""
ROW_MARK = ROW.encode()

_MOST = 2_000  # values a column remembers
_LONGEST = 200  # signs; a longer text is somebody's prose and does not come again
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
    """A column's values as they are written."""

    def __init__(self, out: Out, linked: bool = False) -> None:
        self._out, self._style = out, out.link if linked else out.words

    def __missing__(self, value: Value) -> Written:
        markup, lines = self._written(value)
        made = markup.encode(), lines
        if not isinstance(value, tuple) and len(markup) < _LONGEST:  # no formula, no marked words
            if len(self) >= _MOST:
                self.clear()
            self[value] = made
        return made

    def _written(self, value: Value) -> tuple[str, int]:
        out = self._out
        at = f"{out.letter}{ROW}"
        if isinstance(value, Formula):
            style = self._style if isinstance(value.value, str) else out.usual
            return formula(at, style, value), 1
        if value is None:
            return blank(at, out.usual), 1
        if out.formula:
            style = self._style if isinstance(value, str) else out.usual
            return formula(at, style, Formula(out.formula, value)), 1  # type: ignore[arg-type]
        if isinstance(value, str):
            return words(at, self._style, inline(value)), lines(value, out.wraps) if out.wraps else 1
        if isinstance(value, Marked):
            return words(at, out.marked, inline(value.text)), lines(value.text, out.wraps) if out.wraps else 1
        return number(at, out.usual, value), 1


@lru_cache(maxsize=64)
def cells_of(outs: tuple[Out, ...]) -> list[Cells]:
    """What the columns of a list remember, kept from bundle to bundle."""
    return [Cells(out) for out in outs]


@lru_cache(maxsize=64)
def links_of(outs: tuple[Out, ...]) -> list[Cells]:
    """The same columns where a cell is a link."""
    return [Cells(out, linked=True) for out in outs]


@lru_cache(maxsize=16_384)
def lines(text: str, width: float) -> int:
    """Lines the text takes in a column that wide."""
    if len(text) * 2 < width - 1 and "\n" not in text:
        return 1
    return sum(max(1, ceil(_room(line) / (width - 1))) for line in text.split("\n"))


def _room(line: str) -> float:
    """Half-width places: a Chinese sign takes two and three bytes, a Latin one takes one of each."""
    return (len(line.encode("utf-8", "replace")) + len(line)) * 0.52
