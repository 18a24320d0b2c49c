"""The rows of the two tables: funds, indicators, the total, and rows that slipped out of place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import pairwise

from xltools.locate.head import inline_label
from xltools.locate.headers import AMOUNTS
from xltools.locate.page import NO_ROLES, Header, Page, Span, roles
from xltools.locate.places import FundRowPlace
from xltools.quantities import parse_number
from xltools.sheets.grid import Cell
from xltools.vocabulary import label_key, vocabulary

_ENDS_FUNDS = ("goals", "indicators", "fund_management")
_VALUES = ("level3", "nature", "direction", "target", "actual", "unit", "weight", "score")
_LEVELS = ("level1", "level2", "level3")


Typed = list[tuple[Span, Callable[[str], bool]]]
"""Columns that hold one of a few words, and how to tell."""


# --- funds ------------------------------------------------------------------------------------


def fund_rows(page: Page, header: Header, bottom: int) -> tuple[FundRowPlace, ...]:
    """The rows below the fund header, up to the next band."""
    first_amount = min(header.columns[name].left for name in AMOUNTS if name in header.columns)
    found: list[FundRowPlace] = []
    for row in page.between(header.bottom + 1, bottom):
        labels = page.labels(row)
        if any(what.goal_column or what.head or what.band in _ENDS_FUNDS for _, what in labels):
            break
        if _is_numbering(page, row, header) or _holds_labels(page, row, header):
            continue
        known = next(((c, w.fund_row) for c, w in labels if w.fund_row and c < first_amount), None)
        if known:
            found.append(FundRowPlace(row, *known))
        elif label := _unknown_fund_label(page, row, first_amount, header):
            kind = vocabulary().fund_kind(page.cells[row, label].text)
            found.append(FundRowPlace(row, label, kind))
    return tuple(found)


def _amounts(page: Page, row: int, header: Header) -> list[Cell]:
    spans = (span for name, span in header.columns.items() if name in AMOUNTS)
    found = (page.cell(row, column) for span in spans for column in range(span.left, span.right + 1))
    return [cell for cell in found if cell is not None]


def _holds_labels(page: Page, row: int, header: Header) -> bool:
    """A label stands where an amount belongs: the row is laid out otherwise than the header says."""
    return any(
        cell.kind == "text" and (cell.text.rstrip().endswith((":", "：")) or roles(cell.text).fund_row)
        for cell in _amounts(page, row, header)
    )


def _unknown_fund_label(page: Page, row: int, first_amount: int, header: Header) -> int | None:
    """The label column of a source this tool has no word for, if the row holds an amount."""
    if not any(_is_amount(cell) for cell in _amounts(page, row, header)):
        return None
    columns = [
        c
        for c, text in page.texts(row)
        if c < first_amount and not roles(text).band and text.strip() and parse_number(text) is None
    ]
    return columns[-1] if columns else None


def _is_amount(cell: Cell) -> bool:
    return cell.kind in ("number", "uncached", "error") or (
        cell.kind == "text" and parse_number(cell.text) is not None
    )


# --- indicators -------------------------------------------------------------------------------


def indicator_rows(page: Page, headers: tuple[Header, ...], bottom: int, closed: bool) -> tuple[int, ...]:
    """Rows of the indicator band that hold anything in its columns.

    closed: a total row follows, so that whatever stands before it belongs to the band.
    """
    rows: list[int] = []
    first = headers[0]
    left = min(span.left for span in first.columns.values()) - 1
    right = max(span.right for span in first.columns.values())
    header_rows = {row for header in headers for row in range(header.row, header.bottom + 1)}
    for row in page.between(first.bottom + 1, bottom):
        if row in header_rows:
            continue
        if _ends_band(page, row, first):
            break
        inside = [column for column in page.rows[row] if left <= column <= right]
        if not inside or _is_no_indicator(page, row, inside, first):
            continue
        if not closed and rows and _is_stray(page, row, inside, rows[-1]):
            continue
        rows.append(row)
    return tuple(rows)


def _ends_band(page: Page, row: int, header: Header) -> bool:
    """A conclusion, a signature or a remark begins here."""
    edge = header.columns["level3"].left
    for column, text in page.texts(row):
        if column > edge:
            return False
        what = roles(text)
        if what.band == "other" or what.head or inline_label(text) or is_remark(text):
            return True
    return False


def is_remark(text: str) -> bool:
    """``注：其他资金包括 …`` and what else stands below a form."""
    start = text.lstrip()[:12]
    if not start or start[0] not in _remark_letters():
        return False
    key = label_key(start) + (":" if start.rstrip().endswith((":", "：")) else "")
    return key.startswith(vocabulary().remarks)


@cache
def _remark_letters() -> frozenset[str]:
    return frozenset(remark[0] for remark in vocabulary().remarks)


def _is_no_indicator(page: Page, row: int, inside: list[int], header: Header) -> bool:
    """A subtotal, the numbers of the columns, or one text laid across the table."""
    if _is_numbering(page, row, header):
        return True
    edge = header.columns["level3"].right
    if any(what.subtotal and column <= edge for column, what in page.labels(row)):
        return True
    across = header.columns.get("target") or header.columns.get("actual")
    only = len(inside) == 1 and across is not None and inside[0] < across.left
    return only and across is not None and page.right_of(row, inside[0]) >= across.left


def _is_stray(page: Page, row: int, inside: list[int], previous: int) -> bool:
    """One lonely cell below a gap, on a form without a total row."""
    gap = row > previous + 1
    return gap and len(inside) == 1 and page.roles_at(row, inside[0]) is NO_ROLES


_ORDINAL = re.compile(r"\(?([0-9]{1,2}|[A-Z])\)?")
_LONGEST_ORDINAL = 4


def _is_numbering(page: Page, row: int, header: Header) -> bool:
    """``栏次 1 2 3 …``: the columns numbered, or lettered, one by one."""
    cells, texts = page.cells, []
    columns = header.columns.values()
    for span in columns:
        cell = cells.get((row, span.left))
        if cell is not None:
            if len(cell.text) > _LONGEST_ORDINAL:
                return False
            texts.append((span.left, cell.text))
    if len(texts) < max(4, len(columns) - 2):
        return False
    matches = [_ORDINAL.fullmatch(label_key(text)) for _, text in sorted(texts)]
    if not all(matches):
        return False
    marks = [match[1] for match in matches if match]
    values = [int(mark) if mark.isdigit() else ord(mark) for mark in marks]
    return all(after - before == 1 for before, after in pairwise(values))


def total_row(page: Page, header: Header, bottom: int) -> int | None:
    """The row of 总分 or 合计 below the indicators."""
    edge = _total_edge(header)
    for row in page.between(header.bottom + 1, bottom):
        for column, what in page.labels(row):
            if what.total and column <= edge and not _is_indicator_name(page, row, header, column):
                return row
    return None


def _total_edge(header: Header) -> int:
    """The last column in which the label of the total may stand: before the sums themselves."""
    sums = [header.columns[name].left for name in ("weight", "score") if name in header.columns]
    return max([header.columns["level3"].right, *(min(sums) - 1 for _ in sums[:1])])


def _is_indicator_name(page: Page, row: int, header: Header, label_column: int) -> bool:
    """A 总分/合计 that is itself the name of an indicator: other level cells stand beside it."""
    levels = [header.columns[name].left for name in _LEVELS if name in header.columns]
    beside = [page.cell(row, column) for column in levels if column != label_column]
    return any(cell is not None and not roles(cell.text).total for cell in beside)


# --- rows that slipped ------------------------------------------------------------------------


def slips(page: Page, rows: Iterable[int], headers: tuple[Header, ...]) -> dict[int, int]:
    """Rows whose cells stand one column beside their headers, as a page break leaves them."""
    found: dict[int, int] = {}
    shift = 0
    typed, at = _typed(headers[0]), 0
    for row in rows:
        if at + 1 < len(headers) and headers[at + 1].bottom < row:
            at += 1
            typed, shift = _typed(headers[at]), 0
        here, texts = _fit(page, row, typed, 0)
        if here < texts:
            shift = _better(page, row, headers[at], typed, here) or (shift if here < 0 else 0)
        else:
            shift = 0
        if shift:
            found[row] = shift
    return found


def _better(page: Page, row: int, header: Header, typed: Typed, here: int) -> int:
    """The shift under which the row fits its headers better than where it stands; 0 if none does."""
    fits = {s: _fit(page, row, typed, s)[0] for s in (-1, 1) if _plausible(page, row, header, s)}
    best = max(fits, key=lambda s: fits[s], default=0)
    return best if fits.get(best, 0) > max(here, 0) else 0


def _plausible(page: Page, row: int, header: Header, shift: int) -> bool:
    """Read so, weight and score hold no words; and a row that moved right left its first column free."""
    for name in ("weight", "score"):
        span = header.columns.get(name)
        cell = page.cell(row, span.left + shift) if span else None
        if cell is not None and cell.kind == "text" and not _is_mark(cell.text):
            return False
    first = min(span.left for span in header.columns.values())
    return shift < 0 or page.cell(row, first) is None or bool(page.roles_at(row, first).band)


def _is_mark(text: str) -> bool:
    key = label_key(text)
    return not key or key in vocabulary().not_applicable or parse_number(text) is not None


def _typed(header: Header) -> Typed:
    return [(header.columns[name], belongs) for name, belongs in _TYPED.items() if name in header.columns]


def _fit(page: Page, row: int, typed: Typed, shift: int) -> tuple[int, int]:
    """How well a row's typed cells match their headers when read ``shift`` columns over, and how
    many texts there are to match."""
    fit = texts = 0
    for span, belongs in typed:
        cell = page.cells.get((row, span.left + shift))
        if cell is not None and cell.kind == "text":
            texts += 1
            fit += 1 if belongs(cell.text) else -1
    return fit, texts


def _is_level1(text: str) -> bool:
    return roles(text).level1 is not None


def _is_level2(text: str) -> bool:
    return roles(text).level2


@lru_cache(maxsize=4096)
def _is_nature(text: str) -> bool:
    words = vocabulary()
    return bool(words.nature_of(text) or words.comparator_of(text))


_TYPED: dict[str, Callable[[str], bool]] = {
    "level1": _is_level1,
    "level2": _is_level2,
    "nature": _is_nature,
    "direction": _is_nature,
}
