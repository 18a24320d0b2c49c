"""Cells of the form as other sheets refer to them: absolute, and between label rows that stay."""

from __future__ import annotations

import re
from typing import NamedTuple

from xltools.form_sheet import FormContent, Placement, column_of, header_row


def absolute(cell: str) -> str:
    """``K12`` -> ``$K$12``."""
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", cell)


class Band(NamedTuple):
    """A band of rows of the form: its header, its rows, and the label row below it (0-based index of fields).

    columns: field -> column letters.  header, after: 1-based rows that hold labels, never data, so that
    a range from one to the other takes in every row that is inserted between them.
    """

    sheet: str
    columns: dict[str, str]
    header: int
    after: int

    @property
    def size(self) -> int:
        return self.after - self.header - 1

    def span(self, field: str) -> str:
        """The range of a field, label rows included."""
        letters = self.columns[field]
        return f"{self.sheet}!${letters}${self.header}:${letters}${self.after}"

    def rows(self, field: str) -> str:
        """The range of a field, its data rows only."""
        letters = self.columns[field]
        return f"{self.sheet}!${letters}${self.header + 1}:${letters}${self.after - 1}"

    def label_row(self) -> str:
        return f"ROW({self.sheet}!$A${self.header})"

    def end_row(self) -> str:
        return f"ROW({self.sheet}!$A${self.after})"


class Anchors(NamedTuple):
    """Where everything of one form stands.  ``cell`` gives single cells with their sheet."""

    sheet: str
    content: FormContent
    placed: Placement
    indicators: Band
    funds: Band

    def cell(self, field: str, index: int = 0) -> str:
        return f"{self.sheet}!{absolute(self.placed.cell(field, index))}"

    def has(self, field: str) -> bool:
        return (field, 0) in self.placed.cells


def anchors(sheet: str, content: FormContent, placed: Placement) -> Anchors:
    def band(prefix: str, after: int) -> Band:
        columns = {
            field.partition(".")[2]: column_of(cell)
            for (field, index), cell in placed.cells.items()
            if field.startswith(prefix) and not index
        }
        return Band(sheet, columns, header_row(content, prefix), after)

    rows, funds = len(content.indicators), len(content.funds)
    first = header_row(content, "indicator.")
    start = header_row(content, "fund.")
    return Anchors(
        sheet,
        content,
        placed,
        band("indicator.", first + rows + 1),
        band("fund.", start + funds + 1),
    )
