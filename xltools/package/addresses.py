"""Cells and ranges as text and as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xltools.model import column_letters
from xltools.sheets.grid import Unreadable
from xltools.sheets.limits import MAX_COLUMN, MAX_ROW

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_REFERENCE = re.compile(
    r"(?<![\w.])\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?(?![\w.(])"
)
_COLUMNS = re.compile(r"(?<![\w.])\$?([A-Z]{1,3}):\$?([A-Z]{1,3})(?![\w.(])")
_ROWS = re.compile(r"(?<![\w.:])\$?([0-9]{1,7}):\$?([0-9]{1,7})(?![\w.:])")


class Area(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    @property
    def first(self) -> str:
        return f"{column_letters(self.left)}{self.top}"

    def __str__(self) -> str:
        return f"{self.first}:{column_letters(self.right)}{self.bottom}"


def number_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def position(cell: str) -> tuple[int, int]:
    found = _CELL.fullmatch(cell)
    if found is None:
        raise Unreadable("damaged", cell=cell[:20])
    return int(found[2]), number_of(found[1])


def area_of(text: str) -> Area:
    first, _, last = text.partition(":")
    return Area(*position(first), *position(last or first))


def references(formula: str) -> Iterator[Area]:
    """Every cell, range, whole column or row a formula mentions, on whatever sheet."""
    for found in _REFERENCE.finditer(formula):
        yield area_of(found[0].replace("$", ""))
    for found in _COLUMNS.finditer(formula):
        yield Area(1, number_of(found[1]), MAX_ROW, number_of(found[2]))
    for found in _ROWS.finditer(formula):
        yield Area(int(found[1]), 1, int(found[2]), MAX_COLUMN)
