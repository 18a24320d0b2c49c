"""A list: one header row, then rows as they come, each column with its own look.

`Listing` is an XlsxWriter worksheet without its rows: everything around them (header, filter, colours,
print) is XlsxWriter's, and `pieces` renders the rows from an iterator while the package is stitched
together, so that none of them is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import ceil
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from xltools.consolidated.cells import Cell, Jump, Link, Marked, escape_attribute, formula, inline
from xltools.consolidated.look import Look
from xltools.form_sheet import Formula
from xltools.model import column_letters

LINKS_HERE = "<!--links-->"
Links = tuple[str, tuple[str, ...]]
MOST_LINKS = 60_000  # Excel ends at 65,530 a sheet
_ROWS_A_PIECE = 256
_LINE = 13.5
_LOWEST = 18.0
_HIGHEST = 200.0


class Column(NamedTuple):
    """style: an attribute of `Look`.  wraps: its text may make the row higher.
    helper: grey, there for the formulas, not printed."""

    header: str
    width: float
    style: str = "text"
    wraps: bool = False
    helper: bool = False


class _Out(NamedTuple):
    """A column ready for writing: letter and the style numbers for each kind of content."""

    letter: str
    usual: int
    words: int
    marked: int
    link: int
    wraps: float


class Listing(Worksheet):  # type: ignore[misc]
    _out: tuple[_Out, ...] = ()
    _rows: Iterable[Sequence[Cell]] = ()
    _totals: Sequence[Cell] = ()
    _total_out: tuple[_Out, ...] = ()
    _count = 0
    _links: list[tuple[str, Link | Jump]]

    def lay_out(
        self, title: str, columns: Sequence[Column], count: int, look: Look, filtered: bool = True
    ) -> None:
        """Header, widths, frozen panes, filter and print set-up for ``count`` rows of data."""
        for at, column in enumerate(columns):
            self.set_column(at, at, column.width)
            self.write_string(0, at, column.header, look.helper_head if column.helper else look.head)
        self.set_row(0, 33)
        self.set_default_row(_LOWEST)
        self.freeze_panes(1, 0)
        if filtered:
            self.autofilter(0, 0, max(count, 1), len(columns) - 1)
        self._set_page(title, columns, count)

    def _set_page(self, title: str, columns: Sequence[Column], count: int) -> None:
        self.set_paper(9)
        self.set_landscape()
        self.fit_to_pages(1, 0)
        self.repeat_rows(0)
        self.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        self.set_header(f'&C&"宋体,加粗"&14{title}')
        self.set_footer("&C第 &P 页 共 &N 页")
        printed = sum(not column.helper for column in columns)
        self.print_area(0, 0, max(count, 1), printed - 1)

    def fill(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        count: int,
        look: Look,
        totals: Sequence[Cell] = (),
    ) -> None:
        """The rows to write below the header, and perhaps a row of totals below them."""
        self._out = tuple(_outs(columns, look, total=False))
        self._total_out = tuple(_outs(columns, look, total=True))
        self._rows, self._totals = rows, totals
        self._count = count
        self._check_dimensions(count + bool(totals), len(columns) - 1)

    def _write_rows(self) -> None:
        """The header alone; the rows follow when the package is stitched together."""
        self.dim_rowmax = 0
        super()._write_rows()
        self.dim_rowmax = self._count + bool(self._totals)

    def pieces(self) -> Iterator[str]:
        """The rows as markup, some hundred at a time; afterwards the links are known."""
        self._links = []
        parts: list[str] = []
        at = 1
        for at, row in enumerate(self._rows, start=2):
            parts.append(self._row(at, row, self._out))
            if len(parts) == _ROWS_A_PIECE:
                yield "".join(parts)
                parts.clear()
        if self._totals:
            parts.append(self._row(at + 1, self._totals, self._total_out))
        yield "".join(parts)

    def _row(self, at: int, row: Sequence[Cell], outs: tuple[_Out, ...]) -> str:
        parts, lines = [], 1
        for out, value in zip(outs, row, strict=True):
            kind = type(value)
            if kind is str:
                style = out.words
                parts.append(f'<c r="{out.letter}{at}" s="{style}" t="inlineStr">{inline(value)}</c>')
                if out.wraps:
                    lines = max(lines, _lines(value, out.wraps))
            elif kind is float or kind is int:
                parts.append(f'<c r="{out.letter}{at}" s="{out.usual}"><v>{value!r}</v></c>')
            elif value is None:
                parts.append(f'<c r="{out.letter}{at}" s="{out.usual}"/>')
            else:
                parts.append(self._other(f"{out.letter}{at}", value, out))
                if out.wraps and not isinstance(value, Formula):
                    lines = max(lines, _lines(value.text, out.wraps))  # type: ignore[union-attr]
        height = min(_HIGHEST, lines * _LINE + 4.5)
        return f'<row r="{at}" ht="{height}" customHeight="1">{"".join(parts)}</row>'

    def _other(self, reference: str, value: Any, out: _Out) -> str:
        if isinstance(value, Formula):
            style = out.words if isinstance(value.value, str) else out.usual
            return formula(reference, style, value)
        if isinstance(value, Marked):
            return f'<c r="{reference}" s="{out.marked}" t="inlineStr">{inline(value.text)}</c>'
        style = out.words
        if value.anchor or isinstance(value, Link):
            style = self._remember(reference, value, out)
        return f'<c r="{reference}" s="{style}" t="inlineStr">{inline(value.text)}</c>'

    def _remember(self, reference: str, value: Link | Jump, out: _Out) -> int:
        if len(self._links) >= MOST_LINKS:
            return out.words
        self._links.append((reference, value))
        return out.link

    def _write_hyperlinks(self) -> None:
        """Where XlsxWriter would write them; they are known only after the rows."""
        self.fh.write(LINKS_HERE)

    @property
    def rows(self) -> int:
        return self._count

    def links(self) -> Links:
        """The <hyperlinks> element, and the files it refers to as rId1, rId2 …; a file is named once."""
        numbers: dict[str, int] = {}
        parts = []
        for reference, link in self._links:
            place = f' location="{escape_attribute(link.anchor)}"' if link.anchor else ""
            if isinstance(link, Link):
                number = numbers.setdefault(link.target, len(numbers) + 1)
                place = f' r:id="rId{number}"{place}'
            parts.append(f'<hyperlink ref="{reference}"{place}/>')
        return f"<hyperlinks>{''.join(parts)}</hyperlinks>" if parts else "", tuple(numbers)


def _outs(columns: Sequence[Column], look: Look, total: bool) -> Iterable[_Out]:
    for at, column in enumerate(columns, start=1):
        style = column.style + ("_total" if total else "")
        usual = look.number_of(style)
        words = look.number_of(look.words_style(column.style, total))
        marked, link = look.number_of("marked"), look.number_of("link")
        yield _Out(column_letters(at), usual, words, marked, link, column.width if column.wraps else 0)


@lru_cache(maxsize=16_384)
def _lines(text: str, width: float) -> int:
    """Lines the text takes in a column that wide."""
    if len(text) * 2 < width - 1 and "\n" not in text:
        return 1
    return sum(max(1, ceil(_room(line) / (width - 1))) for line in text.split("\n"))


def _room(line: str) -> float:
    """Half-width places: a Chinese sign takes two and three bytes, a Latin one takes one of each."""
    return (len(line.encode("utf-8", "replace")) + len(line)) * 0.52
