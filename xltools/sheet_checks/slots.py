"""A slot a row: the cells of one row of the form taken apart, on a sheet of its own.

Slot k belongs to the k-th row of the band, wherever it stands, so a row that somebody inserts has a
slot already.  In a formula ``[key]`` is the cell of that column in the same slot, ``[^key]`` in the
slot above, ``[:key]`` the whole column; ``{slot}`` is the number of the slot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from xltools.form_sheet import Formula, write
from xltools.model import column_letters
from xltools.rules.registry import RULES
from xltools.sheet_checks.anchors import Band
from xltools.sheet_checks.lists import name

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ZERO = Decimal(0)
FIRST = 2  # 1-based row of the first slot; the heads stand above
_REFERENCE = re.compile(r"\[([\^:]?)(\w+)\]")


class SlotColumn(NamedTuple):
    """idle: the result in the slot of a blank row; beyond: in a slot that has no row."""

    key: str
    head: str
    formula: str
    idle: Decimal | str = ""
    beyond: Decimal | str = ""


class Flag(NamedTuple):
    """A rule broken in a cell of the row.  field: the column of the form at fault; formula: TRUE if so."""

    code: str
    field: str
    formula: str

    @property
    def mark(self) -> str:
        """What stands in the mark of the field: the code, an error with ``!`` before it."""
        return f"{'!' if RULES[self.code].severity == 'error' else ''}{self.code} "


class Slots:
    """The columns of a slot sheet, and how to refer to them."""

    def __init__(
        self, sheet: str, band: Band, size: int, columns: Sequence[SlotColumn], flags: Sequence[Flag]
    ):
        self.sheet, self.band, self.size = sheet, band, size
        self.flags = tuple(flags)
        self.marked = tuple(dict.fromkeys(flag.field for flag in flags))
        self.columns = (
            *columns,
            *(_mark_column(field, [f for f in flags if f.field == field]) for field in self.marked),
        )
        self._letters = {column.key: column_letters(at) for at, column in enumerate(self.columns, start=1)}

    def has(self, key: str) -> bool:
        return key in self._letters

    def span(self, key: str) -> str:
        """All slots of a column."""
        letters = self._letters[key]
        return f"{self.sheet}!${letters}${FIRST}:${letters}${FIRST + self.size - 1}"

    def count(self, code: str) -> str:
        """How many cells break a rule."""
        fields = dict.fromkeys(flag.field for flag in self.flags if flag.code == code)
        spans = (f'SUMPRODUCT(ISNUMBER(FIND("{code}",{self.span(mark(field))}))*1)' for field in fields)
        return "+".join(spans) or "0"

    def first(self, key: str) -> str:
        """The first slot of a column (in the funds: the total)."""
        return f"{self.sheet}!${self._letters[key]}${FIRST}"

    def formula(self, text: str, row: int) -> str:
        def cell(found: re.Match[str]) -> str:
            which, letters = found[1], self._letters[found[2]]
            if which == ":":
                return f"${letters}${FIRST}:${letters}${FIRST + self.size - 1}"
            if which == "^" and row == FIRST:
                return '""'
            return f"${letters}{row - (which == '^')}"

        return _REFERENCE.sub(cell, text)

    def write(self, book: Workbook, sheet: Worksheet, known: Sequence[dict[str, Decimal | str]]) -> None:
        """Write all slots.  known: results of single slots that differ from ``idle``."""
        bold = book.add_format({"bold": True})
        for at, column in enumerate(self.columns):
            sheet.write_string(0, at, column.head, bold)
        for index in range(self.size):
            results = known[index] if index < len(known) else {}
            for at, column in enumerate(self.columns):
                usual = column.idle if index < self.band.size else column.beyond
                text = self.formula(column.formula, FIRST + index).replace("{slot}", str(index + 1))
                content = Formula(text, results.get(column.key, usual))
                write(sheet, FIRST - 1 + index, at, content, None)
        sheet.freeze_panes(1, 1)


def _mark_column(field: str, flags: Sequence[Flag]) -> SlotColumn:
    """The codes of the rules that the cell of this field breaks, one after the other."""
    told = "&".join(f'IF({flag.formula},"{flag.mark}","")' for flag in flags)
    return SlotColumn(mark(field), f"问题·{field}", f'IF([used]=0,"",{told})')


def mark(field: str) -> str:
    return f"mark_{field}"


def blank_text(cell: str) -> str:
    """The text of a cell without blanks at its ends, full-width ones included."""
    return f'TRIM(SUBSTITUTE({cell},"　"," "))'


def tidied(cell: str) -> str:
    """A number as it is; "" for blanks; "—" for every sign of not applicable; "#" for an error value."""
    text = blank_text(cell)
    dash = f'IF(ISNUMBER(MATCH({text},{name("dash")},0)),"—",{text})'
    return f'IF(ISERROR({cell}),"#",IF(ISNUMBER({cell}),{cell},IF(LEN({text})=0,"",{dash})))'


def position(band: Band) -> SlotColumn:
    """The row of the form a slot belongs to; 0 where the band has no such row."""
    formula = f"IF({band.label_row()}+{{slot}}<{band.end_row()},{band.label_row()}+{{slot}},0)"
    return SlotColumn("row", "行", formula, beyond=ZERO)


def cell_of(band: Band, field: str) -> str:
    """The cell of the form a slot is about."""
    return f"INDEX({band.span(field)},{{slot}}+1)"


def empty(key: str) -> str:
    return f'OR([{key}]="",[{key}]="—")'


def worded(key: str) -> str:
    """The cell holds words: neither number nor blank, dash or error."""
    return f'AND(NOT(ISNUMBER([{key}])),[{key}]<>"",[{key}]<>"—",[{key}]<>"#")'
