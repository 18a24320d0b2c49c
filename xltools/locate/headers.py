"""The header rows of the two bands that are tables: funds and indicators."""

from __future__ import annotations

from collections.abc import Mapping

from xltools.locate.page import Header, Picture, Span

MOST_HEADERS = 2_000
"""Indicator headers looked for on one sheet; more is no batch of forms but an attack on the reader."""
AMOUNTS = ("initial_budget", "annual_budget", "executed")


def indicator_columns(page: Picture, row: int) -> dict[str, Span]:
    """field -> span of the indicator labels in a row; of equal ones the first."""
    found: dict[str, Span] = {}
    for column, what in page.labels(row):
        name = what.indicator_column
        if name and name not in found:
            found[name] = Span(column, page.right_of(row, column))
    return found


def fund_columns(page: Picture, row: int) -> dict[str, Span]:
    """The same for the labels of the fund band."""
    found: dict[str, Span] = {}
    for column, what in page.labels(row):
        name = what.fund_column
        if name and name not in found:
            found[name] = Span(column, page.right_of(row, column))
    return found


def is_indicator_header(columns: Mapping[str, Span]) -> bool:
    """A self-evaluation sets a result or a score beside a target: a table of targets alone, or of
    a reviewer's marks alone, is none."""
    if "level3" not in columns or len(columns) < 4:
        return False
    return "actual" in columns or ("score" in columns and "target" in columns)


def indicator_headers(page: Picture) -> list[Header]:
    """Every row (or pair of rows) that names the indicator columns of a self-evaluation."""
    headers: list[Header] = []
    for row in page.order:
        if len(headers) == MOST_HEADERS:
            break
        if not page.lines[row].names_indicator_columns or (headers and row <= headers[-1].bottom):
            continue
        columns = indicator_columns(page, row)
        if len(columns) < 2:
            continue
        below = indicator_columns(page, row + 1)
        both = {**columns, **below}
        if len(below) >= 2 and len(both) > len(columns) and is_indicator_header(both):
            headers.append(Header(row, row + 1, both))
        elif is_indicator_header(columns):
            headers.append(Header(row, row, columns))
    return headers


def fund_header(page: Picture, top: int, bottom: int) -> Header | None:
    """The last row before the indicators that names at least two of the three amounts."""
    for row in reversed(page.between(top, bottom)):
        if len(page.labels(row)) < 2:
            continue
        columns = fund_columns(page, row)
        if sum(name in columns for name in AMOUNTS) >= 2 and "level3" not in indicator_columns(page, row):
            return Header(row, row, columns)
    return None
