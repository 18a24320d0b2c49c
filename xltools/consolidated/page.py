"""The page of 总览: a grid of twelve columns, and how its parts look."""

from __future__ import annotations

from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xltools.consolidated.cells import printable
from xltools.consolidated.context import Context
from xltools.consolidated.look import ACCENT, GREY, HEI, LINE, PALE, RED
from xltools.consolidated.paths import quoted
from xltools.consolidated.sheets import SUMMARY
from xltools.consolidated.summary import LETTERS
from xltools.form_sheet import Formula, lines_needed, write

COLUMNS = 12
HALVES = ((0, 5), (6, 11))


class Block(NamedTuple):
    """A small table of the page: 0-based rows of its data."""

    first: int
    last: int


class Page:
    """Where things go, and how the parts of the page look."""

    def __init__(self, sheet: Worksheet, context: Context) -> None:
        free = context.look.free
        self.sheet, self.context = sheet, context
        self._heights: dict[int, float] = {}
        self.title = free(font_name=HEI, font_size=20, font_color=ACCENT, align="left")
        self.subtitle = free(font_size=10, font_color=GREY, align="left")
        self.card_label = free(font_size=9, font_color=GREY, align="center", bg_color=PALE)
        self.card_note = free(font_size=8, font_color=GREY, align="center", bg_color=PALE, valign="top")
        self.section = free(font_name=HEI, font_size=12, font_color=ACCENT, bottom=2, bottom_color=ACCENT)
        self.head = free(font_size=9, font_color=GREY, align="center", bottom=1, bottom_color=LINE)
        self.cell = free(align="center", bottom=1, bottom_color=LINE, text_wrap=False, shrink=True)
        self.name = free(align="left", bottom=1, bottom_color=LINE)
        self.points = free(align="center", bottom=1, bottom_color=LINE, num_format="0.00", text_wrap=False)
        self.note = free(font_size=9, font_color="#595959", align="left", valign="top")
        self.alert = free(font_size=9, font_color=RED, align="left", valign="top")

    def span(self, row: int, columns: tuple[int, int], content: Any, style: Format) -> None:
        if columns[0] != columns[1]:
            self.sheet.merge_range(row, columns[0], row, columns[1], "", style)
        write(self.sheet, row, columns[0], _printable(content), style)

    def named(self, row: int, columns: tuple[int, int], content: Formula | str) -> None:
        """A name, in a row high enough for it; the two tables of a line share their rows."""
        text = content if isinstance(content, str) else str(content.value)
        lines = lines_needed(text, 8.3 * (columns[1] - columns[0] + 1))
        self._heights[row] = max(self._heights.get(row, 15.0), 13.0 * lines + 2)
        self.sheet.set_row(row, self._heights[row])
        self.span(row, columns, content, self.name)

    def heads(self, row: int, half: int, title: str) -> None:
        self.span(row, HALVES[half], title, self.section)

    def paragraph(self, row: int, text: str, style: Format) -> None:
        self.span(row, (0, COLUMNS - 1), text, style)
        self.sheet.set_row(row, 13 * max(1, lines_needed(text, 112)) + 4)


def _printable(content: Any) -> Any:
    if isinstance(content, Formula):
        return content._replace(value=_printable(content.value))
    return printable(content) if isinstance(content, str) else content


def in_summary(header: str, row: int) -> str:
    """A cell of 汇总."""
    return f"{quoted(SUMMARY)}!{LETTERS[header]}{row}"
