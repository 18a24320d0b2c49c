"""The cells to be read, as a plan knows them before any form is open, and rows that were met before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from xltools.locate import Page, Span
from xltools.model import Entry, Place, entry_of
from xltools.remembering import remembered
from xltools.sheets.grid import Cell, SheetRow

Position = tuple[int, int]
Cells = Mapping[Position, Cell]
A = TypeVar("A")
B = TypeVar("B")
R = TypeVar("R")
_Read = Callable[[A, SheetRow, B], R]
"""Reads a row as a plan says, given what the form says elsewhere."""


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


def remembered_with_row(most: int) -> Callable[[_Read[A, B, R]], _Read[A, B, R]]:
    """Remember what a row says by what it is read for, known by their identity; see `remembered`.

    The first answer is kept with the row: most rows never come again, and then it goes with them.  Only
    where a row comes again below other ones, or in another table, it is looked up among ``most`` others.
    """

    def decorate(work: _Read[A, B, R]) -> _Read[A, B, R]:
        others = remembered(most)(work)

        def ask(plan: A, row: SheetRow, given: B) -> R:
            known: tuple[A, B, R] | None = row.reading
            if known is None:
                answer = work(plan, row, given)
                row.reading = plan, given, answer
                return answer
            if known[0] is plan and known[1] is given:
                return known[2]
            return others(plan, row, given)

        return ask

    return decorate
