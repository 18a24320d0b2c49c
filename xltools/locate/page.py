"""A grid indexed for looking labels up: what each cell could be, and which cells a person sees.

A `Picture` is what the rules see: signs and merges.  It is made once for all forms that show the same, and
is then the same object, so that what was found in it can be remembered.  A `Page` is a picture together
with the cells of one file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from xltools.locate.signs import NO_ROLES, Labels, Line, Roles, Sign, line, roles
from xltools.remembering import remembered
from xltools.sheets.grid import Cell, Grid, Merge, SheetRow

__all__ = [
    "NO_ROLES",
    "Header",
    "Labels",
    "Line",
    "Merges",
    "Page",
    "Picture",
    "Roles",
    "Sign",
    "Span",
    "part",
    "roles",
]

_SMALL_MERGE = 64
_TALLEST_MERGE = 2_000
_MOST_ANCHORED = 200_000
"""Cells under vertical merges that are remembered, and comparisons of cells with large merges that
are made: a form needs some hundred, a hostile sheet must not cost more."""
_MOST_COMPARED = 2_000_000
_MOST_CELLS = 1_000
_MOST_MERGES = 500
"""Cells and merges of a sheet that may come again; a larger one is looked at anew each time."""
_MOST_PICTURES = 128
_MOST_PARTS = 512
_MOST_CLEAR = 128
"""Rows that are remembered with their merges."""

_NO_LABELS: Labels = []


class Span(NamedTuple):
    """The columns one header stands over, inclusive."""

    left: int
    right: int


class Header(NamedTuple):
    """A header of one or two rows: field -> the columns it stands over."""

    row: int
    bottom: int
    columns: Mapping[str, Span]


class Merges:
    """The merged ranges of a sheet.  Of equal ones there is one object, if they are not too many.

    right: first cell -> last column.
    anchors: cell under the first column of a vertical merge -> its first row.
    may_come_again: are not too many.
    _clear: rows known to have no cell under a merge.
    _trimmed: row, and which of its cells are -> what is left of it.
    """

    __slots__ = ("_clear", "_large", "_small", "_trimmed", "_under", "anchors", "may_come_again", "right")

    def __init__(self, ranges: tuple[Merge, ...]) -> None:
        self.may_come_again = len(ranges) <= _MOST_MERGES
        self._clear: set[Line] = set()
        self._trimmed: dict[tuple[Line, frozenset[int]], Line] = {}
        self.right = {(merge.top, merge.left): merge.right for merge in ranges}
        self.anchors: dict[tuple[int, int], int] = {}
        for merge in ranges:
            if merge.top < merge.bottom < merge.top + _TALLEST_MERGE and len(self.anchors) < _MOST_ANCHORED:
                for row in range(merge.top + 1, merge.bottom + 1):
                    self.anchors[row, merge.left] = merge.top

        small, self._large = _by_size(ranges)
        self._small = small
        self._under = _columns_under(small, None) if self.may_come_again else None

    def hidden(self, lines: tuple[Line, ...]) -> dict[Line, set[int]]:
        """Which columns of these rows lie under a merge; only rows in which some do."""
        if self._clear.issuperset(lines):
            return {}
        found = self._hidden({each.number: each for each in lines})
        if self.may_come_again and len(lines) <= _MOST_CLEAR:
            if len(self._clear) + len(lines) > _MOST_CLEAR:
                self._clear.clear()
            self._clear.update([each for each in lines if each not in found and each.may_come_again])
        return found

    def _hidden(self, lines: Mapping[int, Line]) -> dict[Line, set[int]]:
        """Where merges overlap, the first cell of each is seen."""
        under = _columns_under(self._small, lines) if self._under is None else self._under
        found: set[tuple[int, int]] = set()
        for row, columns in under.items():
            if row in lines and not columns.isdisjoint(lines[row].signs):
                found.update([(row, column) for column in columns.intersection(lines[row].signs)])
        large = self._large
        places = [(row, column) for row, each in lines.items() for column in each.columns] if large else []
        if len(large) * len(places) <= _MOST_COMPARED:
            found.update(place for merge in large for place in places if _covers(merge, place))
        found.difference_update(self.right)
        hidden: dict[Line, set[int]] = {}
        for row, column in found:
            hidden.setdefault(lines[row], set()).add(column)
        return hidden

    def without(self, line: Line, hidden: set[int]) -> Line:
        """A row where some cells are not seen; the same object for the same row."""
        key = line, frozenset(hidden)
        known = self._trimmed.get(key)
        if known is None:
            known = line.without(hidden)
            if self.may_come_again and line.may_come_again and len(self._trimmed) < _MOST_CLEAR:
                self._trimmed[key] = known
        return known


def _by_size(ranges: tuple[Merge, ...]) -> tuple[list[Merge], list[Merge]]:
    """Merges of a few cells, and those too large to go through cell by cell."""
    small: list[Merge] = []
    large: list[Merge] = []
    for merge in ranges:
        top, left, bottom, right = merge
        (large if (bottom - top + 1) * (right - left + 1) > _SMALL_MERGE else small).append(merge)
    return small, large


def _columns_under(merges: list[Merge], rows: Container[int] | None) -> dict[int, set[int]]:
    """Row -> the columns that lie under merges; of ``rows`` only, where they are given."""
    found: dict[int, set[int]] = {}
    for top, left, bottom, right in merges:
        for row in range(top, bottom + 1):
            if rows is None or row in rows:
                found.setdefault(row, set()).update(range(left, right + 1))
    return found


def _covers(merge: Merge, place: tuple[int, int]) -> bool:
    return merge.top <= place[0] <= merge.bottom and merge.left <= place[1] <= merge.right


_equal_merges = lru_cache(maxsize=64)(Merges)


@remembered(64)
def _known_merges(ranges: tuple[Merge, ...]) -> Merges:
    return _equal_merges(ranges)


def _merges(ranges: tuple[Merge, ...]) -> Merges:
    return _known_merges(ranges) if len(ranges) <= _MOST_MERGES else Merges(ranges)


class Picture:
    """What a sheet shows whoever filled it in: signs, rows in order, and the merge that covers a cell.

    What lies under a merge is left out: nobody sees it.
    hidden: where such cells are.
    lines: what is seen of the rows, by their numbers, in order.
    may_come_again: is so small that what is found in it is worth remembering.
    """

    def __init__(self, merges: Merges, *lines: Line) -> None:
        self.merges = merges
        self.hidden: set[tuple[int, int]] = set()
        self.lines = {each.number: each for each in lines}
        self.rows = {number: each.columns for number, each in self.lines.items()}
        self.order = list(self.lines)
        few = sum(map(len, self.rows.values())) <= _MOST_CELLS
        self.may_come_again = few and merges.may_come_again and all(each.may_come_again for each in lines)

    def sign(self, row: int, column: int) -> Sign | None:
        """What the cell could be; None for a blank one."""
        found = self.lines.get(row)
        return found.signs.get(column) if found else None

    def texts(self, row: int) -> Iterator[tuple[int, Sign]]:
        """The texts of a row, by column."""
        found = self.lines.get(row)
        for column, sign in found.signs.items() if found else ():
            if sign.kind == "text":
                yield column, sign

    def labels(self, row: int) -> Labels:
        """(column, what it could be) of the texts of a row that are labels."""
        found = self.lines.get(row)
        return found.labels if found else _NO_LABELS

    def roles_at(self, row: int, column: int) -> Roles:
        sign = self.sign(row, column)
        return sign.roles if sign is not None and sign.kind == "text" else NO_ROLES

    def ordinals(self, row: int) -> Mapping[int, int]:
        """Column -> ordinal, on a row that could number the columns of a table."""
        found = self.lines.get(row)
        return found.ordinals if found else {}

    def says_again(self, row: int, column: int, label: int) -> bool:
        """Whether a cell says the same as a label on its row."""
        found = self.lines.get(row)
        return found is not None and found.twins.get(column, column) == found.twins.get(label, label)

    def right_of(self, row: int, column: int) -> int:
        """The last column of the merge that begins here, else the column itself."""
        return self.merges.right.get((row, column), column)

    def between(self, first: int, last: int) -> list[int]:
        """Rows that hold anything, first and last inclusive."""
        return self.order[bisect_left(self.order, first) : bisect_left(self.order, last + 1)]


def _drawn(merges: Merges, *lines: Line) -> Picture:
    """The picture of all that is seen of these rows."""
    covered = merges.hidden(lines)
    if not covered:
        return Picture(merges, *lines)
    seen = [merges.without(each, covered[each]) if each in covered else each for each in lines]
    picture = Picture(merges, *[each for each in seen if each.columns])
    picture.hidden = {(each.number, column) for each, columns in covered.items() for column in columns}
    return picture


_known_picture = remembered(_MOST_PICTURES)(_drawn)
_known_part = remembered(_MOST_PARTS)(Picture)


def part(whole: Picture, rows: list[int]) -> Picture:
    """Some rows of a picture alone.  Other pictures that show the same there have the same part."""
    lines = whole.lines
    draw = _known_part if whole.may_come_again else Picture
    return draw(whole.merges, *[lines[row] for row in rows])


def _picture(grid: Grid) -> Picture:
    lines = [each.line or line(each) for each in grid.rows or _rows(grid)]
    draw = _known_picture if len(grid.cells) <= _MOST_CELLS else _drawn
    return draw(_merges(grid.merges), *lines)


def _rows(grid: Grid) -> list[SheetRow]:
    """The rows of a grid whose reader does not know them."""
    rows: dict[int, dict[tuple[int, int], Cell]] = {}
    for place, cell in grid.cells.items():
        rows.setdefault(place[0], {})[place] = cell
    return [SheetRow(number, rows[number]) for number in sorted(rows)]


class Page:
    """The cells of a sheet that a person sees, and the picture they make.

    sheet_rows: the rows as one object each, if the reader of the file knows its rows; see `SheetRow`.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.picture = picture = _picture(grid)
        self.cells = grid.cells
        if picture.hidden:
            self.cells = {place: cell for place, cell in grid.cells.items() if place not in picture.hidden}
        self.rows = picture.rows
        self.order = picture.order
        self.sheet_rows: Mapping[int, SheetRow] = {each.number: each for each in grid.rows}

    def cell(self, row: int, column: int) -> Cell | None:
        return self.cells.get((row, column))

    def texts(self, row: int) -> Iterator[tuple[int, str]]:
        cells = self.cells
        for column in self.rows.get(row, ()):
            cell = cells[row, column]
            if cell.kind == "text":
                yield column, cell.text

    def labels(self, row: int) -> Labels:
        """(column, what it could be) of the texts of a row that are labels."""
        return self.picture.labels(row)

    def roles_at(self, row: int, column: int) -> Roles:
        return self.picture.roles_at(row, column)

    def right_of(self, row: int, column: int) -> int:
        """The last column of the merge that begins here, else the column itself."""
        return self.picture.right_of(row, column)

    def between(self, first: int, last: int) -> list[int]:
        """Rows that hold anything, first and last inclusive."""
        return self.picture.between(first, last)
