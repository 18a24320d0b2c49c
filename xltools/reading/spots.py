"""The cells to be read, as a plan knows them before any form is open, and rows that were met before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xltools.locate import Page, Span
from xltools.model import Entry, Place, entry_of
from xltools.sheets.grid import Cell, SheetRow

Position = tuple[int, int]
Cells = Mapping[Position, Cell]


@dataclass(slots=True, eq=False)
class Spot:
    """One cell to be read.  Shared by all forms of a template and never changed.

    further: the other columns under the same header.
    blank: what is read where nothing stands.
    """

    at: Position
    further: range
    place: Place
    blank: Entry[Any]


_NO_MORE = range(0)

NOWHERE = Spot((0, 0), _NO_MORE, Place("", 0, 0), Entry(None))
"""The cell of a column that the layout does not have: addresses count from 1, so nothing stands there."""


def spot(sheet: str, row: int, span: Span | None) -> Spot:
    """The cell of a row under a header; `NOWHERE` without one."""
    if span is None:
        return NOWHERE
    left, right = span
    further = range(left + 1, right + 1) if right > left else _NO_MORE
    place = Place(sheet, row, left)
    return Spot((row, left), further, place, entry_of((None, "", "blank", place, None, None)))


def spot_at(sheet: str, at: Position | None) -> Spot:
    """A cell by its own address; `NOWHERE` without one."""
    return spot(sheet, at[0], Span(at[1], at[1])) if at else NOWHERE


def filled_beside(cells: Cells, empty: Spot) -> Spot | None:
    """The first filled cell under the same header, right of an empty one."""
    row = empty.at[0]
    for column in empty.further:
        if (row, column) in cells:
            return spot_at(empty.place.sheet, (row, column))
    return None


def in_row(known: Spot, row: int) -> Spot:
    """The same columns in another row."""
    left = known.at[1]
    return spot(known.place.sheet, row, Span(left, left + len(known.further)))


_NO_ROWS: Mapping[int, SheetRow] = {}


def known_rows(page: Page) -> Mapping[int, SheetRow]:
    """The rows as objects by which to remember what they hold, as far as the reader of the file knows them.

    Where merges hide cells of the sheet there are none: what a person sees of a row is not all of it.
    """
    return page.sheet_rows if page.cells is page.grid.cells else _NO_ROWS
