"""The sheets of the consolidated workbook: their names, and how the long lists are spread over several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xltools.consolidated.paths import quoted
from xltools.merging import FormFacts
from xltools.refusal import Refusal

OVERVIEW, SUMMARY, POOLED, FINDINGS = "总览", "汇总", "合并自评表", "问题清单"
FUNDS, INDICATORS, SOURCES = "资金明细", "指标明细", "来源清单"
ROLLCALL, COMPARISON, MATCHES = "报送情况", "同比", "待对应"
FIRST, LAST = "单位表始", "单位表终"
LISTS = (
    OVERVIEW, SUMMARY, POOLED, FINDINGS, FUNDS, INDICATORS, SOURCES,
    ROLLCALL, COMPARISON, MATCHES, FIRST, LAST,
)  # fmt: skip
LONGEST_NAME = 31
MOST_ROWS = 1_048_576  # of a sheet
MOST_PARTS = 20  # sheets one list may take; a book of more opens nowhere
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")


class TooManyRows(Refusal):
    """More rows than the sheets of a list hold."""


class Part(NamedTuple):
    """One of the sheets a list stands on: the items that begin there (a range), its rows of data."""

    sheet: str
    items: range
    rows: int


class Slot(NamedTuple):
    """Where the rows of an item begin: the number of the row, 1-based."""

    sheet: str
    row: int


class Span(NamedTuple):
    """Rows of a form in a list, 1-based; last < first when it has none."""

    sheet: str
    first: int
    last: int


def column(sheet: str, letter: str, last: int) -> str:
    """A bounded column of a list, below its header: ``'汇总'!$F$2:$F$6``."""
    return f"{quoted(sheet)}!${letter}$2:${letter}${max(last, 2)}"


def sheet_names(forms: Iterable[FormFacts]) -> Iterator[str]:
    """``001 单位简称``: unique, without forbidden signs, as long as Excel allows."""
    taken = {name.casefold() for name in LISTS}
    for at, facts in enumerate(forms, start=1):
        words = " ".join(_FORBIDDEN.sub("", facts.unit or facts.project or facts.sheet).split())
        name = _cut(f"{at:03d} {words}").rstrip("' ")
        while name.casefold() in taken:  # cannot happen while the number leads; cheap to be sure
            name = _cut(f"{at:03d}.{name}")
        taken.add(name.casefold())
        yield name


def _cut(name: str) -> str:
    """At most 31 UTF-16 units, never half a character."""
    kept = name.encode("utf-16-le", "ignore")[: LONGEST_NAME * 2]
    return kept.decode("utf-16-le", "ignore")


# --- lists over several sheets --------------------------------------------------------------------


def require_room(name: str, rows: int) -> None:
    """Raises TooManyRows when a list that stays on one sheet does not fit."""
    if rows > MOST_ROWS - 2:
        raise TooManyRows("too_many_rows", sheet=name, rows=f"{rows:,}")


def parts(name: str, counts: Sequence[int]) -> tuple[Part, ...]:
    """The sheets of a list whose items take so many rows each; no item is torn apart.

    Raises TooManyRows when it would take more than 20.
    """
    room, first, rows = MOST_ROWS - 2, 0, 0
    found: list[Part] = []
    for at, count in enumerate(counts):
        if rows + count > room and rows:
            found.append(Part(_nth(name, len(found) + 1), range(first, at), rows))
            first, rows = at, 0
        rows += count
    found.append(Part(_nth(name, len(found) + 1), range(first, len(counts)), rows))
    if len(found) > MOST_PARTS:
        raise TooManyRows("too_many_rows", sheet=name, rows=f"{sum(counts):,}")
    return tuple(found)


def _nth(name: str, number: int) -> str:
    return name if number == 1 else f"{name}({number})"


def slots(parts: Iterable[Part], counts: Sequence[int]) -> Iterator[Slot]:
    """Where each item stands."""
    for part in parts:
        row = 2
        for at in part.items:
            yield Slot(part.sheet, row)
            row += counts[at]


def list_columns(parts: Iterable[Part], letter: str) -> list[str]:
    """A column of a list, one bounded range for each of its sheets."""
    return [column(part.sheet, letter, part.rows + 1) for part in parts]


def added(texts: Iterable[str]) -> str:
    """What is counted on several sheets, in one formula."""
    return "+".join(texts)
