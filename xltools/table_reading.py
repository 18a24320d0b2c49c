"""A plain table out of a workbook or a CSV file: the rows below the headings that are asked for."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xltools.messages.reasons import reason
from xltools.quantities import plain
from xltools.refusal import Refusal
from xltools.sheets import Unreadable
from xltools.sheets.delimited import decoded
from xltools.sheets.grid import Cell, Grid
from xltools.sheets.opening import file_bytes, open_bytes
from xltools.vocabulary import label_key

_DEEPEST_HEADING = 20
_DELIMITERS = ",\t;|"
Headings = Mapping[str, Sequence[str]]
"""Field -> the headings it may stand under."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """number: the row in its sheet, 1-based.  fields: those that are filled in."""

    number: int
    fields: dict[str, str]

    def __getitem__(self, field: str) -> str:
        return self.fields.get(field, "")


def read_table(
    path: str | os.PathLike[str], headings: Headings, required: Iterable[str]
) -> tuple[TableRow, ...] | None:
    """The table of the first sheet that has the required headings in one row; None when none has.

    Numbers come as plain decimals, other cells as a person sees them.
    Raises Refusal when the file cannot be read.
    """
    try:
        lines = list(_sheets(file_bytes(path), os.fspath(path)))
    except Unreadable as refusal:
        why = reason(refusal.code, "zh", **refusal.details)
        raise Refusal("table_unreadable", path=os.fspath(path), why=why) from refusal
    for rows in lines:
        found = _table(rows, headings, frozenset(required))
        if found is not None:
            return found
    return None


Rows = list[tuple[int, dict[int, str]]]


def _sheets(data: bytes, path: str) -> Iterator[Rows]:
    if path.lower().endswith((".csv", ".txt")):
        yield from _text_rows(_characters(data))
        return
    for grid in open_bytes(data, os.path.basename(path)).grids:
        yield _grid_rows(grid)


def _characters(data: bytes) -> str:
    """A damaged sign costs its cell and not the list."""
    try:
        return decoded(data)
    except Unreadable:
        return data.decode("gb18030", "replace")


def _text_rows(text: str) -> Iterator[Rows]:
    """The lines parted by each sign that may part them, the most frequent one first: titles and remarks
    above the headings hold none of them, or another one."""
    for delimiter in sorted(_DELIMITERS, key=text.count, reverse=True):
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            yield [(at, dict(enumerate(line))) for at, line in enumerate(lines, start=1)]
        except csv.Error:
            continue


def _grid_rows(grid: Grid) -> Rows:
    found: dict[int, dict[int, str]] = {}
    for (row, column), cell in grid.cells.items():
        found.setdefault(row, {})[column] = _text(cell)
    return sorted(found.items())


def _text(cell: Cell) -> str:
    if isinstance(cell.value, Decimal) and cell.kind == "number" and not cell.percent:
        return plain(cell.value)
    return cell.text


def _table(rows: Rows, headings: Headings, required: frozenset[str]) -> tuple[TableRow, ...] | None:
    names = {label_key(label): field for field, labels in headings.items() for label in labels}
    for at, (_, cells) in enumerate(rows[:_DEEPEST_HEADING]):
        columns: dict[int, str] = {}
        for column, text in sorted(cells.items()):
            field = names.get(label_key(text))
            if field and field not in columns.values():
                columns[column] = field
        if required <= set(columns.values()):
            return tuple(_rows_below(rows[at + 1 :], columns))
    return None


def _rows_below(rows: Rows, columns: Mapping[int, str]) -> Iterator[TableRow]:
    for number, cells in rows:
        fields = {field: text for column, field in columns.items() if (text := cells.get(column, "").strip())}
        if fields:
            yield TableRow(number, fields)
