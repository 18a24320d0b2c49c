"""A list as a sheet of the book: one header row, then rows that were written elsewhere.

`Listing` is an XlsxWriter worksheet without its rows: everything around them (header, filter, colours,
print) is XlsxWriter's; the rows are pieces that are put in while the package is stitched together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from xlsxwriter.worksheet import Worksheet

from xltools.consolidated.columns import Column, Out, Value
from xltools.consolidated.lists import Piece, piece
from xltools.consolidated.look import Look
from xltools.consolidated.rows import LOWEST, Row, Rows
from xltools.model import column_letters

LINKS_HERE = "<!--links-->"


class Listing(Worksheet):  # type: ignore[misc]
    pieces: Iterable[Piece] = ()
    _count = 0
    _total = False

    def lay_out(
        self, title: str, columns: Sequence[Column], count: int, look: Look, filtered: bool = True
    ) -> None:
        """Header, widths, frozen panes, filter and print set-up for ``count`` rows of data."""
        for at, column in enumerate(columns):
            self.set_column(at, at, column.width)
            self.write_string(0, at, column.header, look.helper_head if column.helper else look.head)
        self.set_row(0, 33)
        self.set_default_row(LOWEST)
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
        self._print_down_to(count, columns)

    def take(
        self,
        columns: Sequence[Column],
        pieces: Iterable[Piece],
        count: int,
        look: Look,
        totals: Sequence[Value] = (),
        notes: Sequence[str] = (),
    ) -> None:
        """The rows below the header, ready written, and perhaps a row of totals and notes below them."""
        below = Rows(tuple(outs(columns, look, total=True)), count + 2)
        if totals:
            below.add(totals)
        ends = [piece(below)] if totals else []
        self._count = count + bool(totals)
        if notes:
            ends.append(self._noted(columns, look, notes))
        self.pieces = chain(pieces, ends)
        self._check_dimensions(self._count, len(columns) - 1)
        self._print_down_to(self._count, columns)

    def _noted(self, columns: Sequence[Column], look: Look, notes: Sequence[str]) -> Piece:
        """Sentences below the list, each over its whole width."""
        last, width = _printed(columns) - 1, sum(each.width for each in columns if not each.helper)
        first, *others = outs(columns, look)
        text = Rows((first._replace(wraps=width), *others), self._count + 2)
        for note in notes:
            self._count += 1
            self.merge_range(self._count, 0, self._count, last, "", look["text"])
            text.add((note, *(None,) * (len(columns) - 1)))
        return piece(text)

    def _print_down_to(self, row: int, columns: Sequence[Column]) -> None:
        self.print_area(0, 0, max(row, 1), _printed(columns) - 1)

    def fill(
        self,
        columns: Sequence[Column],
        rows: Iterable[Row],
        count: int,
        look: Look,
        totals: Sequence[Value] = (),
        notes: Sequence[str] = (),
    ) -> None:
        """As `take`, for a list that is short enough to be written here."""
        here = Rows(tuple(outs(columns, look)), 2)
        here.extend(rows)
        self.take(columns, [piece(here)], count, look, totals, notes)

    def _write_rows(self) -> None:
        """The header alone; the rows follow when the package is stitched together."""
        self.dim_rowmax = 0
        super()._write_rows()
        self.dim_rowmax = self._count

    def _write_hyperlinks(self) -> None:
        """Where XlsxWriter would write them."""
        self.fh.write(LINKS_HERE)


def _printed(columns: Sequence[Column]) -> int:
    return sum(not column.helper for column in columns)


def outs(columns: Sequence[Column], look: Look, total: bool = False) -> Iterator[Out]:
    for at, column in enumerate(columns, start=1):
        style = column.style + ("_total" if total else "")
        yield Out(
            column_letters(at),
            look.number_of(style),
            look.number_of(look.words_style(column.style, total)),
            look.number_of("marked"),
            look.number_of("link"),
            column.width if column.wraps else 0,
            "" if total else column.formula,
        )
