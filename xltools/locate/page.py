"""A grid indexed for looking labels up: what each text could be, and which cells a person sees."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from xltools.sheets.grid import Cell, Grid, Merge, SheetRow
from xltools.vocabulary import label_base, label_key, vocabulary

_LONGEST_LABEL = 40
_LONGEST_TITLE = 80
_SMALL_MERGE = 64
_TALLEST_MERGE = 2_000
_MOST_ANCHORED = 200_000
"""Cells under vertical merges that are remembered, and comparisons of cells with large merges that
are made: a form needs some hundred, a hostile sheet must not cost more."""
_MOST_COMPARED = 2_000_000


class Roles(NamedTuple):
    """What a text could be, band by band; None where it is nothing there."""

    head: str | None = None
    band: str | None = None
    fund_column: str | None = None
    fund_row: str | None = None
    goal_column: str | None = None
    indicator_column: str | None = None
    level1: str | None = None
    level2: bool = False
    total: bool = False
    subtotal: bool = False
    title: bool = False


NO_ROLES = Roles()


@cache
def _table() -> Mapping[str, Roles]:
    """Every label of the vocabulary, as labels are compared, with all it can be."""
    words = vocabulary()
    found: dict[str, Roles] = {}
    for field in ("head", "band", "fund_column", "fund_row", "goal_column", "indicator_column", "level1"):
        for label, name in getattr(words, field).items():
            found[label] = _with(found.get(label, NO_ROLES), field, name)
    for field, labels in (
        ("level2", words.level2),
        ("total", words.total_row),
        ("subtotal", words.subtotals),
        ("title", words.titles),
    ):
        for label in labels:
            found[label] = _with(found.get(label, NO_ROLES), field, True)
    return found


@lru_cache(maxsize=32768)
def roles(text: str) -> Roles:
    """What a text could be; `NO_ROLES` itself where it is nothing."""
    if len(text) > _LONGEST_TITLE:
        return NO_ROLES
    key, table = label_key(text), _table()
    found = table.get(key, NO_ROLES) if len(key) <= _LONGEST_LABEL else NO_ROLES
    if key.startswith(("*", "★")):
        found = table.get(key.lstrip("*★"), found)
    if key.endswith(")"):
        found = _either(found, table.get(label_base(text), NO_ROLES))
    if not found.title and any(part in key for part in vocabulary().title_parts):
        return found._replace(title=True)
    return found


def _either(first: Roles, second: Roles) -> Roles:
    """The label as written decides, and without the brackets at its end where it says nothing."""
    if second is NO_ROLES or first is NO_ROLES:
        return second if first is NO_ROLES else first
    merged = first
    for field, value in second._asdict().items():
        if value and not getattr(first, field):
            merged = _with(merged, field, value)
    return merged


def _with(known: Roles, field: str, value: str | bool) -> Roles:
    changes: dict[str, Any] = {field: value}
    return known._replace(**changes)


class Span(NamedTuple):
    """The columns one header stands over, inclusive."""

    left: int
    right: int


class Header(NamedTuple):
    """A header of one or two rows: field -> the columns it stands over."""

    row: int
    bottom: int
    columns: Mapping[str, Span]


Labels = list[tuple[int, Roles]]
_NONE: Labels = []


class Page:
    """The cells of a sheet that a person sees, rows in order, and the merge that covers a cell.

    What lies under a merge is left out: nobody sees it.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.cells = _seen(grid)
        self.rows: dict[int, list[int]] = {}
        self._labels: dict[int, Labels] = {}
        for place in sorted(self.cells):
            row, column = place
            columns = self.rows.get(row)
            if columns is None:
                columns = self.rows[row] = []
            columns.append(column)
            cell = self.cells[place]
            if cell.kind == "text" and (found := roles(cell.text)) is not NO_ROLES:
                self._labels.setdefault(row, []).append((column, found))
        self.order = list(self.rows)
        self._sheet_rows = {each.number: each for each in grid.rows}
        self._right = {(merge.top, merge.left): merge.right for merge in grid.merges}
        self._anchors: dict[tuple[int, int], int] = {}
        for merge in grid.merges:
            if merge.top < merge.bottom < merge.top + _TALLEST_MERGE and len(self._anchors) < _MOST_ANCHORED:
                for row in range(merge.top + 1, merge.bottom + 1):
                    self._anchors[row, merge.left] = merge.top

    def cell(self, row: int, column: int) -> Cell | None:
        return self.cells.get((row, column))

    def sheet_row(self, row: int) -> SheetRow | None:
        """The row as one object, if the reader of the file knows its rows; see `SheetRow`."""
        return self._sheet_rows.get(row)

    def texts(self, row: int) -> Iterator[tuple[int, str]]:
        cells = self.cells
        for column in self.rows.get(row, ()):
            cell = cells[row, column]
            if cell.kind == "text":
                yield column, cell.text

    def labels(self, row: int) -> Labels:
        """(column, what it could be) of the texts of a row that are labels."""
        return self._labels.get(row, _NONE)

    def roles_at(self, row: int, column: int) -> Roles:
        cell = self.cells.get((row, column))
        return roles(cell.text) if cell is not None and cell.kind == "text" else NO_ROLES

    def right_of(self, row: int, column: int) -> int:
        """The last column of the merge that begins here, else the column itself."""
        return self._right.get((row, column), column)

    def anchor_row(self, row: int, column: int) -> int:
        """The first row of the vertical merge in which this cell lies, else its own row."""
        return self._anchors.get((row, column), row)

    def between(self, first: int, last: int) -> list[int]:
        """Rows that hold anything, first and last inclusive."""
        return self.order[bisect_left(self.order, first) : bisect_left(self.order, last + 1)]


def _seen(grid: Grid) -> dict[tuple[int, int], Cell]:
    """The cells that no merge covers.  Where merges overlap, the first cell of each stays."""
    cells, hidden = grid.cells, set()
    large: list[Merge] = []
    for merge in grid.merges:
        top, left, bottom, right = merge
        if (bottom - top + 1) * (right - left + 1) > _SMALL_MERGE:
            large.append(merge)
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) in cells:
                    hidden.add((row, column))
    if large and len(large) * len(cells) <= _MOST_COMPARED:
        hidden.update(place for merge in large for place in cells if _covers(merge, place))
    hidden.difference_update([(merge.top, merge.left) for merge in grid.merges])
    if not hidden:
        return cells
    return {place: cell for place, cell in cells.items() if place not in hidden}


def _covers(merge: Merge, place: tuple[int, int]) -> bool:
    return merge.top <= place[0] <= merge.bottom and merge.left <= place[1] <= merge.right
