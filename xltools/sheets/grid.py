"""What every reader in this package yields: a workbook as grids of cells.

A grid is format-free.  Whatever a file was (.xlsx, .xls …), from here on a cell is
its value, the text a person sees, and the formula behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

CellKind = Literal["text", "number", "date", "boolean", "error", "uncached"]
SheetState = Literal["visible", "hidden", "veryHidden"]


class Cell(NamedTuple):
    """One non-empty cell.

    value: str for text, error (``#DIV/0!``) cells; Decimal for numbers (percent cells hold the
        fraction, dates the serial number; at most 15 significant digits, as Excel keeps);
        bool; None for a formula that carries no cached result (kind "uncached").
    text: what a person sees, the number format applied (``95%``, ``5.00``, ``2023-12-31``).
    percent: the number format of a numeric cell shows a percent sign.
    formula: without the leading "="; None for a typed value.
    """

    value: str | Decimal | bool | None
    kind: CellKind
    text: str
    percent: bool = False
    formula: str | None = None


class Merge(NamedTuple):
    """A merged range, 1-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True, eq=False)
class SheetRow:
    """The non-empty cells of one row.  A row that was met before, in this file or another, is the same
    object, so that what was worked out of it can be remembered; two objects may still hold the same.

    line, reading: what `locate` and `reading` made of it; kept here, it lives as long as the row.
    """

    number: int
    cells: dict[tuple[int, int], Cell]
    line: Any = field(default=None, repr=False)
    reading: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Grid:
    """One worksheet.  ``cells`` is keyed by (row, column), 1-based; blank cells are absent.

    rows: the same cells row by row, where the reader knows rows it has met before; else empty.
    """

    name: str
    state: SheetState
    cells: dict[tuple[int, int], Cell]
    merges: tuple[Merge, ...] = ()
    rows: tuple[SheetRow, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file opened: its worksheets in order.

    container: what the bytes are, whatever the name says (``xlsx``, ``xls`` …).
    fast: the plain-file path read it (reported by benchmarks, of no other meaning).
    """

    grids: tuple[Grid, ...]
    container: str
    fast: bool = False
    names: dict[str, str] = field(default_factory=dict)


class Unreadable(Exception):
    """A file that cannot be opened.  ``code`` is a key of ``messages.reasons.REASONS``."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __reduce__(self) -> tuple[object, ...]:
        return (_unreadable, (self.code, self.details))


def _unreadable(code: str, details: dict[str, str]) -> Unreadable:
    return Unreadable(code, **details)
