"""Tables written as rows of spanning cells (web pages, Word): each cell to its place in a grid."""

from __future__ import annotations

from xltools.sheets.cells import text_cell
from xltools.sheets.grid import Cell, Grid, Merge, Unreadable
from xltools.sheets.limits import MAX_CELLS, MAX_COLUMN, MAX_MERGES, MAX_ROW

_WIDEST = 1_000
"""Columns one cell may span; browsers and Word stop at about as many."""
_MOST_TAKEN = 100_000
"""Places that spanning cells may keep from others."""


class Table:
    """One table while it is read, from the top left to the bottom right.

    first_row: where its first row stands on the grid.
    """

    def __init__(self, first_row: int = 1) -> None:
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges: list[Merge] = []
        self.row = first_row - 1
        self._column = 1
        self._taken: dict[int, int] = {}
        """column -> last row that a cell from above reaches down to."""

    def begin_row(self) -> None:
        self.row += 1
        self._column = 1
        if self.row > MAX_ROW:
            raise Unreadable("too_large", rows=f">{MAX_ROW}")

    def skip(self, columns: int) -> None:
        """Places that stay blank."""
        self._column += min(max(columns, 0), _WIDEST)

    def put(self, text: str, across: int = 1, down: int = 1) -> tuple[int, int]:
        """The next cell; returned is its place."""
        across, down = min(max(across, 1), _WIDEST), min(max(down, 1), MAX_ROW)
        while self._taken.get(self._column, 0) >= self.row:
            self._column += 1
        place = self.row, self._column
        self._column += across
        if self._column > MAX_COLUMN:
            raise Unreadable("too_large", columns=f">{MAX_COLUMN}")
        if down > 1:
            self._taken.update(dict.fromkeys(range(place[1], self._column), self.row + down - 1))
        if across > 1 or down > 1:
            self.merges.append(Merge(*place, min(self.row + down - 1, MAX_ROW), self._column - 1))
        if text:
            self.cells[place] = text_cell(text)
        if len(self.cells) > MAX_CELLS or len(self.merges) > MAX_MERGES or len(self._taken) > _MOST_TAKEN:
            raise Unreadable("too_large", cells=f">{MAX_CELLS}")
        return place

    def grid(self, name: str) -> Grid:
        return Grid(name, "visible", self.cells, tuple(self.merges))
