"""The rows of a list as markup, and the links in them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from xltools.consolidated.cells import Link, escape_attribute
from xltools.consolidated.columns import ROW, ROW_MARK, Out, Value, Written, cells_of, links_of
from xltools.remembering import Met, keep

MOST_LINKS = 60_000  # Excel ends at 65,530 a sheet
_MOST, _MOST_MET = 600, 4_000  # parts of rows that are remembered for a list, and that were met
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_LINE = 13.5
LOWEST = 18.0
_HIGHEST = 200.0

Row = tuple[Sequence[Value], Sequence[Link]]
"""The cells of a row, and links from some of them."""


class Markup(NamedTuple):
    """Rows; what goes into the <hyperlinks> element; what goes into the relations of the sheet."""

    rows: bytes
    links: bytes
    relations: bytes


class Rows:
    """Rows of a list from row ``first`` on.

    mark: begins the ids of linked files; it is to be another one for each piece of a sheet.
    links: how many columns hold links; so many rows of the sheet may have them.
    """

    def __init__(self, outs: tuple[Out, ...], first: int, mark: str = "r", links: int = 1) -> None:
        self._outs, self._cells, self._linked = outs, cells_of(outs), links_of(outs)
        self._memory = _memory(outs)
        self._row, self._mark = first, mark
        self._last_linked = 1 + MOST_LINKS // links
        self._rows: list[bytes] = []
        self._links: list[str] = []
        self._files: dict[str, str] = {}

    @property
    def linked(self) -> bool:
        """Whether the next row may hold links."""
        return self._row <= self._last_linked

    def part(self, first: int, cells: Sequence[Value], link: int | None = None) -> Written:
        """Cells that stand side by side from the column ``first`` on, each column 0-based.

        link: the column of a cell that is a link."""
        columns = self._cells[first : first + len(cells)]
        written = [known[value] for known, value in zip(columns, cells, strict=True)]
        if link is not None:
            written[link - first] = self._linked[link][cells[link - first]]
        markup, lines = zip(*written, strict=True)
        return b"".join(markup), max(lines)

    def recalled(self, make: Callable[..., tuple[Written, ...]], *about: Hashable) -> tuple[Written, ...]:
        """``make(self, *about)``: parts that come again with the rows of other forms.

        They are kept the second time they are asked for: in many batches most never come again."""
        memory, mark = self._memory, hash(about)
        found = memory.parts.get(mark)
        if found is not None and found[0] == about:
            return found[1]
        made = make(self, *about)
        memory.meet(mark, about, made)
        return made

    def put(self, parts: Sequence[Written], links: Sequence[Link] = ()) -> None:
        """A row made of its parts.  links: only where the row may hold them."""
        row = str(self._row)
        for link in links:
            self._links.append(self._link(row, link))
        markup, lines = zip(*parts, strict=True)
        head = _HEADS[min(max(lines), _TALLEST)]
        made = b"".join((head, *markup, b"</row>"))
        self._rows.append(made.replace(ROW_MARK, row.encode()))
        self._row += 1

    def add(self, cells: Sequence[Value], links: Sequence[Link] = ()) -> None:
        """A row, cell by cell."""
        written = [known[value] for known, value in zip(self._cells, cells, strict=True)]
        if links and not self.linked:
            links = ()
        for link in links:
            written[link.column] = self._linked[link.column][cells[link.column]]
        self.put(written, links)

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
        links, relations = "".join(self._links), "".join(self._relations())
        return Markup(b"".join(self._rows), links.encode(), relations.encode())

    def _relations(self) -> Iterator[str]:
        for url, number in self._files.items():
            target = escape_attribute(url)
            yield f'<Relationship Id="{number}" Type="{_HYPERLINK}" Target="{target}" TargetMode="External"/>'


class _Memory:
    """What `Rows.recalled` has made for a list."""

    def __init__(self) -> None:
        self.parts: dict[int, tuple[tuple[Hashable, ...], tuple[Written, ...]]] = {}
        self.met = Met(_MOST_MET)

    def meet(self, mark: int, about: tuple[Hashable, ...], made: tuple[Written, ...]) -> None:
        if self.met.before(mark):
            keep(self.parts, _MOST, mark, (about, made))


@lru_cache(maxsize=64)
def _memory(outs: tuple[Out, ...]) -> _Memory:
    """Kept from bundle to bundle."""
    return _Memory()


_TALLEST = 15  # lines; a row becomes no higher
_HEIGHTS = (max(LOWEST, min(_HIGHEST, lines * _LINE + 4.5)) for lines in range(_TALLEST + 1))
_HEADS = [f'<row r="{ROW}" ht="{height}" customHeight="1">'.encode() for height in _HEIGHTS]
"""The beginning of a row, by the lines of its longest text."""
