"""Where in a grid the form's bands, columns and single cells are.

Found by label, never by fixed address, and band by band: the fund band and the indicator band
use different merges of the same columns.  Nothing is read here; `reading` does that.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from xltools.sheets.grid import Cell, Grid
from xltools.vocabulary import label_key, vocabulary

_LONGEST_LABEL = 40
_AMOUNTS = ("initial_budget", "annual_budget", "executed")


class Roles(NamedTuple):
    """What a text could be, band by band; None where it is nothing there."""

    head: str | None
    band: str | None
    fund_column: str | None
    fund_row: str | None
    goal_column: str | None
    indicator_column: str | None
    level1: str | None
    level2: bool
    total: bool
    title: bool


_NO_ROLES = Roles(None, None, None, None, None, None, None, False, False, False)


@lru_cache(maxsize=16384)
def roles(text: str) -> Roles:
    words = vocabulary()
    if len(text) > _LONGEST_LABEL:
        return _NO_ROLES._replace(title=len(text) <= 2 * _LONGEST_LABEL and words.is_title(text))
    return Roles(
        head=words.head(text),
        band=words.band(text),
        fund_column=words.fund_column(text),
        fund_row=words.fund_row(text),
        goal_column=words.goal_column(text),
        indicator_column=words.indicator_column(text),
        level1=words.level1(text),
        level2=bool(words.level2_parents(text)),
        total=words.is_total_label(text),
        title=words.is_title(text),
    )


class Span(NamedTuple):
    """The columns one header stands over, inclusive."""

    left: int
    right: int


class Page:
    """A grid indexed for looking things up: rows in order, and the merge that covers a cell."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.rows: dict[int, list[int]] = {}
        for row, column in sorted(grid.cells):
            self.rows.setdefault(row, []).append(column)
        self.order = list(self.rows)
        self._right: dict[tuple[int, int], int] = {}
        self._anchors: dict[tuple[int, int], int] = {}
        for merge in grid.merges:
            self._right[merge.top, merge.left] = merge.right
            if merge.bottom > merge.top and merge.bottom - merge.top < 2000:
                for row in range(merge.top + 1, merge.bottom + 1):
                    self._anchors[row, merge.left] = merge.top

    def cell(self, row: int, column: int) -> Cell | None:
        return self.grid.cells.get((row, column))

    def texts(self, row: int) -> Iterator[tuple[int, str]]:
        cells = self.grid.cells
        for column in self.rows.get(row, ()):
            cell = cells[row, column]
            if cell.kind == "text":
                yield column, cell.text

    def labels(self, row: int) -> Iterator[tuple[int, Roles]]:
        for column, text in self.texts(row):
            found = roles(text)
            if found is not _NO_ROLES:
                yield column, found

    def right_of(self, row: int, column: int) -> int:
        """The last column of the merge that begins here, else the column itself."""
        return self._right.get((row, column), column)

    def anchor_row(self, row: int, column: int) -> int:
        """The first row of the vertical merge in which this cell lies, else its own row."""
        return self._anchors.get((row, column), row)

    def between(self, first: int, last: int) -> list[int]:
        """Rows that hold anything, first and last inclusive."""
        return self.order[bisect_left(self.order, first) : bisect_left(self.order, last + 1)]


class Header(NamedTuple):
    """A header of one or two rows: field -> the columns it stands over."""

    row: int
    bottom: int
    columns: Mapping[str, Span]


class FundRowPlace(NamedTuple):
    row: int
    label_column: int
    kind: str | None


@dataclass(frozen=True, slots=True)
class FormPlaces:
    """Where everything of one form is.  ``top`` and ``bottom`` bound it, inclusive.

    head: field -> (row, column) of the value cell.  goals: the same for the two goal texts.
    headers: the indicator header and its repetitions after page breaks, in order.
    shifts: indicator row -> how many columns it slipped (a fragment without its first column: -1).
    """

    top: int
    bottom: int
    title: tuple[int, int] | None
    head: Mapping[str, tuple[int, int]]
    head_inline: Mapping[str, tuple[int, int]]
    fund_header: Header | None
    fund_rows: tuple[FundRowPlace, ...]
    goals: Mapping[str, tuple[int, int]]
    headers: tuple[Header, ...]
    indicator_rows: tuple[int, ...]
    total_row: int | None
    shifts: Mapping[int, int] = field(default_factory=dict)


# --- headers ----------------------------------------------------------------------------------


def _columns(page: Page, row: int, band: str) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for column, what in page.labels(row):
        name = what.indicator_column if band == "indicator" else what.fund_column
        if name and name not in found:
            found[name] = Span(column, page.right_of(row, column))
    return found


def _is_indicator_header(columns: Mapping[str, Span]) -> bool:
    return "level3" in columns and ("actual" in columns or "score" in columns) and len(columns) >= 4


def _indicator_headers(page: Page) -> list[Header]:
    """Every row (or pair of rows) that names the indicator columns of a self-evaluation."""
    headers: list[Header] = []
    for row in page.order:
        if headers and row <= headers[-1].bottom:
            continue
        columns = _columns(page, row, "indicator")
        if len(columns) < 2:
            continue
        below = _columns(page, row + 1, "indicator")
        both = {**columns, **below}
        if len(below) >= 2 and len(both) > len(columns) and _is_indicator_header(both):
            headers.append(Header(row, row + 1, both))
        elif _is_indicator_header(columns):
            headers.append(Header(row, row, columns))
    return headers


def _fund_header(page: Page, top: int, bottom: int) -> Header | None:
    """The last row before the indicators that names at least two of the three amounts."""
    for row in reversed(page.between(top, bottom)):
        columns = _columns(page, row, "fund")
        if sum(name in columns for name in _AMOUNTS) >= 2 and "level3" not in _columns(
            page, row, "indicator"
        ):
            return Header(row, row, columns)
    return None


# --- bands ------------------------------------------------------------------------------------


def _fund_rows(page: Page, header: Header, bottom: int) -> tuple[FundRowPlace, ...]:
    first_amount = min(header.columns[name].left for name in _AMOUNTS if name in header.columns)
    found: list[FundRowPlace] = []
    for row in page.between(header.bottom + 1, bottom):
        labels = [(column, what) for column, what in page.labels(row)]
        if any(what.goal_column or what.head or what.band in ("goals", "indicators") for _, what in labels):
            break
        known = next(((c, w.fund_row) for c, w in labels if w.fund_row and c < first_amount), None)
        if known:
            found.append(FundRowPlace(row, *known))
        elif label := _unknown_fund_label(page, row, first_amount, header):
            found.append(FundRowPlace(row, label, None))
    return tuple(found)


def _unknown_fund_label(page: Page, row: int, first_amount: int, header: Header) -> int | None:
    """The label column of a source this tool has no word for, if the row holds an amount."""
    amounts = [span.left for name, span in header.columns.items() if name in _AMOUNTS]
    if not any(page.cell(row, column) for column in amounts):
        return None
    columns = [c for c, text in page.texts(row) if c < first_amount and not roles(text).band and text.strip()]
    return columns[-1] if columns else None


def _goals(page: Page, top: int, bottom: int) -> dict[str, tuple[int, int]]:
    """The two goal texts: below their headers when these share a row, else right of their labels."""
    rows = page.between(top, bottom)
    for row in rows:
        labels = {
            what.goal_column: column for column, what in reversed(list(page.labels(row))) if what.goal_column
        }
        if len(labels) == 2:
            below = _row_with_text(page, row, bottom, tuple(labels.values()))
            return {name: (below, column) for name, column in labels.items() if name}
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        for column, what in page.labels(row):
            if what.goal_column and what.goal_column not in found:
                found[what.goal_column] = (row, _value_column(page, row, column))
    return found


def _row_with_text(page: Page, header: int, bottom: int, columns: tuple[int, ...]) -> int:
    for row in page.between(header + 1, bottom):
        if any(page.cell(row, column) for column in columns):
            return row
    return header + 1


def _value_column(page: Page, row: int, label: int) -> int:
    """The first filled cell right of a label, before the next label; else the cell next to it."""
    beside = page.right_of(row, label) + 1
    for column in page.rows.get(row, ()):
        if column < beside:
            continue
        cell = page.grid.cells[row, column]
        what = roles(cell.text) if cell.kind == "text" else _NO_ROLES
        return beside if what.head or what.goal_column else column
    return beside


def _head(page: Page, top: int, bottom: int) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """Value cells of 项目名称, 主管部门, 实施单位 …; the second table is of cells that hold
    label and value together (``项目名称：…``)."""
    found: dict[str, tuple[int, int]] = {}
    inline: dict[str, tuple[int, int]] = {}
    for row in page.between(top, bottom):
        for column, text in page.texts(row):
            name = roles(text).head
            if name and name not in found:
                found[name] = (row, _value_column(page, row, column))
            elif not name and (name := _inline_head(text)) and name not in inline:
                inline[name] = (row, column)
    return found, inline


def _inline_head(text: str) -> str | None:
    label, colon, value = text.replace("：", ":").partition(":")
    return roles(label).head if colon and value.strip() else None


def _title(page: Page, top: int, bottom: int) -> tuple[int, int] | None:
    for row in page.between(top, bottom):
        for column, what in page.labels(row):
            if what.title:
                return row, column
    return None


def _total_row(page: Page, header: Header, bottom: int) -> int | None:
    edge = header.columns["level3"].right
    for row in page.between(header.bottom + 1, bottom):
        for column, what in page.labels(row):
            if what.total and column <= edge and not _is_number_row_name(page, row, header, column):
                return row
    return None


def _is_number_row_name(page: Page, row: int, header: Header, label_column: int) -> bool:
    """A 总分/合计 that is itself the name of an indicator: other level cells stand beside it."""
    levels = [header.columns[name].left for name in ("level1", "level2", "level3") if name in header.columns]
    beside = [page.cell(row, column) for column in levels if column != label_column]
    return any(cell is not None and not roles(cell.text).total for cell in beside)


def _indicator_rows(page: Page, headers: tuple[Header, ...], bottom: int) -> tuple[int, ...]:
    """Rows of the indicator band that hold anything in its columns."""
    rows: list[int] = []
    edges = [headers[0].columns[name] for name in headers[0].columns]
    left, right = min(span.left for span in edges) - 1, max(span.right for span in edges)
    header_rows = {row for header in headers for row in range(header.row, header.bottom + 1)}
    for row in page.between(headers[0].bottom + 1, bottom):
        if row in header_rows:
            continue
        if any(
            what.band == "other"
            for column, what in page.labels(row)
            if column <= headers[0].columns["level3"].left
        ):
            break
        if any(left <= column <= right for column in page.rows[row]):
            rows.append(row)
    return tuple(rows)


# --- rows that slipped ------------------------------------------------------------------------


def _slips(page: Page, rows: tuple[int, ...], header: Header) -> dict[int, int]:
    """Rows whose cells stand one column beside their headers, as a page break leaves them."""
    found: dict[int, int] = {}
    shift = 0
    for row in rows:
        here = _fit(page, row, header, 0)
        if here >= 0:
            shift = 0
        else:
            best = max((-1, 1), key=lambda s: _fit(page, row, header, s))
            shift = best if _fit(page, row, header, best) > 0 else shift
        if shift:
            found[row] = shift
    return found


def _fit(page: Page, row: int, header: Header, shift: int) -> int:
    """How well a row's typed cells match their headers when read ``shift`` columns over."""
    fit = 0
    for name, belongs in _TYPED.items():
        span = header.columns.get(name)
        cell = page.cell(row, span.left + shift) if span and span.left + shift > 0 else None
        if cell is not None and cell.kind == "text":
            fit += 1 if belongs(cell.text) else -1
    return fit


def _is_nature(text: str) -> bool:
    words = vocabulary()
    return bool(words.nature_of(text) or words.comparator_of(text))


_TYPED = {
    "level1": lambda text: roles(text).level1 is not None,
    "level2": lambda text: roles(text).level2,
    "nature": _is_nature,
    "direction": _is_nature,
}


# --- whole forms ------------------------------------------------------------------------------


def _starts(page: Page, headers: list[Header]) -> list[tuple[int, list[Header]]]:
    """Group headers into forms: a header with no new head or fund band before it is a repetition."""
    forms: list[tuple[int, list[Header]]] = []
    previous = 0
    for header in headers:
        new = not forms or _begins_form(page, previous + 1, header.row - 1)
        if new:
            forms.append((_first_row(page, previous, header.row) if forms else 1, [header]))
        else:
            forms[-1][1].append(header)
        previous = header.bottom
    return forms


def _begins_form(page: Page, first: int, last: int) -> bool:
    return any(
        what.head == "project_name" or what.title
        for row in page.between(first, last)
        for _, what in page.labels(row)
    ) or (_fund_header(page, first, last) is not None)


def _first_row(page: Page, previous: int, header: int) -> int:
    """Where a further form on the same sheet begins: its title, its 项目名称, else its fund band."""
    for row in page.between(previous + 1, header):
        if any(what.title or what.head == "project_name" for _, what in page.labels(row)):
            return row
    fund = _fund_header(page, previous + 1, header)
    return fund.row if fund else header


def _form(page: Page, top: int, bottom: int, headers: tuple[Header, ...]) -> FormPlaces:
    last_head = headers[0].row - 1 if headers else bottom
    fund = _fund_header(page, top, last_head)
    head_end = fund.row if fund else last_head
    head, inline = _head(page, top, head_end)
    first_label = min((row for row, _ in head.values()), default=head_end)
    total = _total_row(page, headers[-1], bottom) if headers else None
    rows = _indicator_rows(page, headers, total - 1 if total else bottom) if headers else ()
    fund_rows = _fund_rows(page, fund, last_head) if fund else ()
    goal_top = (fund_rows[-1].row if fund_rows else head_end) + 1
    return FormPlaces(
        top=top,
        bottom=bottom,
        title=_title(page, top, max(first_label, top)),
        head=head,
        head_inline=inline,
        fund_header=fund,
        fund_rows=fund_rows,
        goals=_goals(page, goal_top, last_head),
        headers=headers,
        indicator_rows=rows,
        total_row=total,
        shifts=_slips(page, rows, headers[0]) if headers else {},
    )


def _headless(page: Page) -> FormPlaces | None:
    """A self-evaluation whose indicator band is missing: known by its title or its other bands."""
    if not page.order:
        return None
    places = _form(page, 1, page.order[-1], ())
    named = places.title is not None or ("project_name" in places.head and bool(places.goals))
    return places if places.fund_header and places.fund_rows and named else None


def locate(grid: Grid) -> tuple[Page, tuple[FormPlaces, ...]]:
    """Every form on a sheet, top to bottom; an empty tuple when there is none."""
    page = Page(grid)
    starts = _starts(page, _indicator_headers(page))
    if not starts:
        alone = _headless(page)
        return page, (alone,) if alone else ()
    ends = [top - 1 for top, _ in starts[1:]] + [page.order[-1]]
    return page, tuple(
        _form(page, top, end, tuple(headers)) for (top, headers), end in zip(starts, ends, strict=True)
    )


_UNIT = re.compile(r"\((万元|元)\)|单位:?\(?(万元|元)")


def money_unit_in(text: str) -> str | None:
    """万元 or 元 as a label states it: ``项目资金（万元）``, ``单位：元``."""
    found = _UNIT.search(label_key(text))
    return (found[1] or found[2]) if found else None
