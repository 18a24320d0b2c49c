"""The rows of a list as markup, and the links in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xltools.consolidated.cells import Link, escape_attribute
from xltools.consolidated.columns import ROW, Out, Value, cells_of, links_of

MOST_LINKS = 60_000  # Excel ends at 65,530 a sheet
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_LINE = 13.5
_LOWEST = 18.0
_HIGHEST = 200.0

Row = tuple[Sequence[Value], Sequence[Link]]
"""The cells of a row, and links from some of them."""


class Markup(NamedTuple):
    """Rows; what goes into the <hyperlinks> element; what goes into the relations of the sheet."""

    rows: str
    links: str
    relations: str


class Rows:
    """Rows of a list from row ``first`` on.

    mark: begins the ids of linked files; it is to be another one for each piece of a sheet.
    links: how many columns hold links; so many rows of the sheet may have them.
    """

    def __init__(self, outs: tuple[Out, ...], first: int, mark: str = "r", links: int = 1) -> None:
        self._outs, self._cells, self._linked = outs, cells_of(outs), links_of(outs)
        self._row, self._mark = first, mark
        self._last_linked = 1 + MOST_LINKS // links
        self._rows: list[str] = []
        self._links: list[str] = []
        self._files: dict[str, str] = {}

    @property
    def next(self) -> int:
        """The number the next row will have."""
        return self._row

    def add(self, cells: Sequence[Value], links: Sequence[Link] = ()) -> None:
        row = str(self._row)
        written = [known[value] for known, value in zip(self._cells, cells, strict=True)]
        if links and self._row <= self._last_linked:
            for link in links:
                written[link.column] = self._linked[link.column][cells[link.column]]
                self._links.append(self._link(row, link))
        lines = max([lines for _, lines in written])
        height = _HEIGHTS[lines] if lines < len(_HEIGHTS) else _HIGHEST
        text = "".join([markup for markup, _ in written])
        head = f'<row r="{ROW}" ht="{height}" customHeight="1">'
        self._rows.append(f"{head}{text}</row>".replace(ROW, row))
        self._row += 1

    def extend(self, rows: Iterable[Row]) -> None:
        for cells, links in rows:
            self.add(cells, links)

    def _link(self, row: str, link: Link) -> str:
        place = f' location="{link.anchor}"' if link.anchor else ""
        if link.url:
            number = self._files.get(link.url)
            if number is None:
                number = self._files[link.url] = f"{self._mark}{len(self._files) + 1}"
            place = f' r:id="{number}"{place}'
        return f'<hyperlink ref="{self._outs[link.column].letter}{row}"{place}/>'

    def markup(self) -> Markup:
        return Markup("".join(self._rows), "".join(self._links), "".join(self._relations()))

    def _relations(self) -> Iterator[str]:
        for url, number in self._files.items():
            target = escape_attribute(url)
            yield f'<Relationship Id="{number}" Type="{_HYPERLINK}" Target="{target}" TargetMode="External"/>'


_HEIGHTS = [_LOWEST, *(min(_HIGHEST, lines * _LINE + 4.5) for lines in range(1, 16))]
"""Of a row, by the lines of its longest text."""
