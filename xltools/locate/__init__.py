"""Where in a grid the forms, their bands, columns and single cells are.

Found by label, never by fixed address, and band by band: the fund band and the indicator band
use different merges of the same columns.  Nothing is read here; `reading` does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xltools.locate import bands, head
from xltools.locate.bands import BandPlaces, band
from xltools.locate.headers import fund_header, indicator_headers, is_indicator_header
from xltools.locate.page import Header, Page, Picture, Span, part
from xltools.locate.places import FormPlaces, FundRowPlace, HeadPlace, Position
from xltools.locate.signs import money_unit_in
from xltools.remembering import OneOfEqual, remembered
from xltools.sheets.grid import Grid

__all__ = [
    "FormPlaces",
    "FundRowPlace",
    "HeadPlace",
    "Header",
    "Page",
    "Span",
    "locate",
    "money_unit_in",
]

_MOST_BESIDE = 20
_TALLEST_HEAD = 100
_MOST_REMEMBERED = 128
"""Pictures whose places are remembered."""
_MOST_ABOVE = 512
"""Upper parts of forms whose places are: a batch brings many where some have a row or a column more."""
_TALLEST_SHARED = 200
"""Rows of places that are kept for other forms: a sheet of thousands of rows must not fill the memory."""
_one_of = OneOfEqual[FormPlaces](_MOST_REMEMBERED)
"""Pictures differ by every cell that is filled in or not; what is found in them seldom does."""
_NAMES = ("project_name", "department_name", "unit_name")


def locate(grid: Grid, beside: int = _MOST_BESIDE) -> list[tuple[Page, FormPlaces]]:
    """Every form on a sheet, left to right and top to bottom; empty when there is none.

    beside: how many forms may still stand to the right of this one.
    """
    page = Page(grid)
    outlook = _outlook(page.picture)
    if outlook.edge is not None and beside:
        edge = outlook.edge
        return [*locate(_part(grid, 1, edge - 1), 0), *locate(_part(grid, edge, None), beside - 1)]
    if len(outlook.headers) < 2:
        return [(page, places) for places in _only_form(page.picture)]
    starts = _starts(page, outlook.headers)
    ends = [top - 1 for top, _ in starts[1:]] + [page.order[-1]]
    return [
        (page, _form(page.picture, top, end, tuple(headers)))
        for (top, headers), end in zip(starts, ends, strict=True)
    ]


class _Outlook(NamedTuple):
    """The indicator headers of a sheet, and where a second form beside the first begins."""

    edge: int | None
    headers: tuple[Header, ...]


def _outlook(picture: Picture) -> _Outlook:
    """What the rows that name indicator columns say; the same object where they are the same."""
    rows = [row for row, line in picture.lines.items() if line.names_indicator_columns]
    return _outlook_of(part(picture, rows)) if rows else _NO_OUTLOOK


@remembered(_MOST_REMEMBERED)
def _outlook_of(named: Picture) -> _Outlook:
    return _Outlook(_second_form_beside(named), tuple(indicator_headers(named)))


_NO_OUTLOOK = _Outlook(None, ())


@remembered(_MOST_REMEMBERED)
def _only_form(picture: Picture) -> list[FormPlaces]:
    """The form of a sheet that has one indicator header, or none.  Equal pictures have the same one."""
    headers = _outlook(picture).headers
    if not headers:
        alone = _headless(picture)
        return [alone] if alone else []
    return [_form(picture, 1, picture.order[-1], headers)]


# --- forms below each other -------------------------------------------------------------------


def _starts(page: Page, headers: tuple[Header, ...]) -> list[tuple[int, list[Header]]]:
    """Group headers into forms: a header with no new head or fund band before it is a repetition.

    Whether a title or a name comes again, only the texts of the page can say.
    """
    forms: list[tuple[int, list[Header]]] = []
    previous = 0
    for header in headers:
        new = not forms or _begins_form(page, forms[-1], previous, header.row)
        if new:
            top = _first_row(page.picture, previous, header.row) if forms else 1
            forms.append((top, [header]))
        else:
            forms[-1][1].append(header)
        previous = header.bottom
    return forms


def _begins_form(page: Page, form: tuple[int, list[Header]], previous: int, header: int) -> bool:
    """Whether what stands between two indicator headers begins another form.

    Print titles come back on every page: the same title or the same project name again, before
    the first form had its total, is a page break.
    """
    if fund_header(page.picture, previous + 1, header - 1) is not None:
        return True
    for row in page.between(previous + 1, header - 1):
        for column, what in page.labels(row):
            if what.head != "project_name" and not what.title:
                continue
            known = _texts_of_head(page, form)
            if what.head == "project_name":
                value = page.cell(row, _beside(page, row, column))
                return value is None or value.text not in known
            if what.title and page.cells[row, column].text not in known:
                return True
    return False


def _texts_of_head(page: Page, form: tuple[int, list[Header]]) -> set[str]:
    rows = page.between(form[0], form[1][0].row)[:_TALLEST_HEAD]
    return {page.cells[row, column].text for row in rows for column in page.rows[row]}


def _beside(page: Page, row: int, column: int) -> int:
    after = [c for c in page.rows[row] if c > page.right_of(row, column)]
    return after[0] if after else page.right_of(row, column) + 1


def _first_row(page: Picture, previous: int, header: int) -> int:
    """Where a further form on the same sheet begins: its title, its name, else its fund band."""
    for row in page.between(previous + 1, header):
        if any(what.title or what.head in _NAMES for _, what in page.labels(row)):
            return row
    fund = fund_header(page, previous + 1, header)
    return fund.row if fund else header


# --- one form ---------------------------------------------------------------------------------


class _Above(NamedTuple):
    """What stands above the indicator band; see `FormPlaces`."""

    top: int
    title: Position | None
    head: Mapping[str, HeadPlace]
    fund_header: Header | None
    fund_rows: tuple[FundRowPlace, ...]
    goals: Mapping[str, HeadPlace]
    money_label: Position | None


def _form(page: Picture, top: int, bottom: int, headers: tuple[Header, ...]) -> FormPlaces:
    """The two halves of a form are found, and remembered, each by itself: in most forms of a batch some
    row is filled in as in no other, but it says nothing about the rest."""
    if not headers:
        return _joined(_above(page, headers, top, bottom), headers, BandPlaces(bottom, (), None, {}, {}))
    first = headers[0].row
    known = page.may_come_again
    upper = part(page, page.between(top, first))
    above = (_known_above if known else _above)(upper, headers, top, first - 1)
    return (_known_joined if known else _joined)(above, headers, band(page, headers, bottom))


def _above(page: Picture, headers: tuple[Header, ...], top: int, last: int) -> _Above:
    """Title, head, funds and goals, from row ``top`` to the last one above the header.  Of the headers
    only their columns count."""
    right = max((span.right for header in headers for span in header.columns.values()), default=None)
    fund = fund_header(page, top, last)
    head_end = fund.row - 1 if fund else last
    above = page.between(top, head_end)
    found = head.head(page, above, right)
    first_label = min((place.label[0] for place in found.values()), default=head_end)
    fund_rows = bands.fund_rows(page, fund, last) if fund else ()
    below = page.between((fund_rows[-1].row if fund_rows else head_end) + 1, last)
    return _Above(
        top,
        head.title(page, top, max(first_label, top)),
        found,
        fund,
        fund_rows,
        head.goals(page, below, last, right) or head.goals(page, above if fund else [], head_end, right),
        head.money_label(page, top, fund_rows[-1].row if fund_rows else top),
    )


_known_above = remembered(_MOST_ABOVE)(_above)


def _joined(above: _Above, headers: tuple[Header, ...], below: BandPlaces) -> FormPlaces:
    places = FormPlaces(
        top=above.top,
        bottom=below.bottom,
        title=above.title,
        head=above.head,
        fund_header=above.fund_header,
        fund_rows=above.fund_rows,
        goals=above.goals,
        headers=headers,
        indicator_rows=below.indicator_rows,
        total_row=below.total_row,
        shifts=below.shifts,
        money_label=above.money_label,
        anchors=below.anchors,
    )
    few = len(places.indicator_rows) + len(places.fund_rows) <= _TALLEST_SHARED
    return _one_of(places.content, places) if few else places


_known_joined = remembered(_MOST_REMEMBERED)(_joined)


def _headless(page: Picture) -> FormPlaces | None:
    """A self-evaluation whose indicator band is missing: known by its title or its other bands."""
    if not page.order:
        return None
    places = _form(page, 1, page.order[-1], ())
    named = places.title is not None or ("project_name" in places.head and bool(places.goals))
    return places if places.fund_header and places.fund_rows and named else None


# --- forms beside each other ------------------------------------------------------------------


def _second_form_beside(page: Picture) -> int | None:
    """The first column of a second form to the right of the first, known by a second full header."""
    for row, line in page.lines.items():
        if not line.names_indicator_columns:
            continue
        labels = [(c, what.indicator_column) for c, what in page.labels(row) if what.indicator_column]
        thirds = [column for column, name in labels if name == "level3"]
        if len(thirds) < 2:
            continue
        names: dict[str, Span] = {}
        for column, name in labels:
            if name in names and name is not None and is_indicator_header(names):
                rest = {n: Span(c, c) for c, n in labels if c >= column and n}
                return _left_edge(page, row, column) if is_indicator_header(rest) else None
            if name:
                names.setdefault(name, Span(column, column))
    return None


def _left_edge(page: Picture, row: int, column: int) -> int:
    """The band's label may stand left of the first column, merged down from the header's row."""
    left = [c for c in page.rows[row] if c < column]
    return left[-1] if left and page.roles_at(row, left[-1]).band == "indicators" else column


def _part(grid: Grid, left: int, right: int | None) -> Grid:
    """The columns from ``left`` to ``right`` of a grid, at their own addresses."""
    last = right or max(column for _, column in grid.cells)
    cells = {place: cell for place, cell in grid.cells.items() if left <= place[1] <= last}
    merges = tuple(merge for merge in grid.merges if left <= merge.left <= last)
    return Grid(grid.name, grid.state, cells, merges)
