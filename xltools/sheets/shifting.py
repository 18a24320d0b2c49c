"""A formula moved from one cell to another, as filling down does.

Excel stores a filled formula once, with the cell it was typed in; the other cells only refer
to it.  Their own formula is the same text with every relative reference moved.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xltools.sheets.grid import Unreadable
from xltools.sheets.limits import MAX_COLUMN, MAX_ROW, MAX_SHIFTED

# A reference touches no letter, digit, dot or underscore (those belong to names and functions)
# and is not followed by "(" or "!" (a function such as LOG10, an unquoted sheet name).
_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'
    r"|'(?:[^']|'')*'"
    r"|(?P<open>\[)"
    r"|(?<![\w.$\\?])(?P<columns>\$?[A-Z]{1,3}:\$?[A-Z]{1,3})(?![\w.$(!\\?])"
    r"|(?<![\w.$:\\?])(?P<rows>\$?[0-9]{1,7}:\$?[0-9]{1,7})(?![\w.$(!:\\?])"
    r"|(?<![\w.$\\?])(?P<cell>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?![\w.$(!\\?])"
)
_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})")


class SharedFormulas:
    """The formulas of a sheet that other cells of it borrow."""

    def __init__(self) -> None:
        self._masters: dict[str, tuple[str, int, int]] = {}
        self._left = MAX_SHIFTED

    def next_sheet(self) -> None:
        """Groups are numbered anew in every sheet; what may be borrowed is counted for all of them."""
        self._masters.clear()

    def text(self, stored: str, group: str, at: tuple[int, int]) -> str:
        """The formula of the cell at ``at``: the one stored there, which others borrow from then on, or
        the group's, moved; "" where the group has none.

        Raises Unreadable when it is borrowed so often that the file can only be meant to do harm.
        """
        if stored:
            self._masters[group] = (stored, *at)
            return stored
        if group not in self._masters:
            return ""
        master, row, column = self._masters[group]
        self._left -= len(master)
        if self._left < 0:
            raise Unreadable("too_large", formulas=f">{MAX_SHIFTED}")
        return shifted(master, at[0] - row, at[1] - column)


@lru_cache(maxsize=4096)
def shifted(formula: str, rows: int, columns: int) -> str:
    """The formula (no leading "=") as it reads ``rows`` further down and ``columns`` to the right.

    Texts, sheet names, structured references and names stay.  A reference that would leave the
    grid becomes ``#REF!``, as in Excel.
    """
    if not rows and not columns:
        return formula
    out: list[str] = []
    at = 0
    while match := _TOKEN.search(formula, at):
        out.append(formula[at : match.start()])
        kind, text, at = match.lastgroup, match[0], match.end()
        if kind == "open":
            at = _closing(formula, match.start())
            out.append(formula[match.start() : at])
        elif kind == "cell":
            out.append(_cell(text, rows, columns))
        elif kind == "rows":
            out.append(_span(text, rows, _row))
        elif kind == "columns":
            out.append(_span(text, columns, _column))
        else:
            out.append(text)
    out.append(formula[at:])
    return "".join(out)


def _closing(formula: str, start: int) -> int:
    """Where the bracket opened at ``start`` ends; ``'`` escapes the next character inside."""
    depth = 0
    at = start
    while at < len(formula):
        character = formula[at]
        if character == "'":
            at += 1
        elif character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return len(formula)


def _cell(text: str, rows: int, columns: int) -> str:
    match = _CELL.fullmatch(text)
    if match is None or not 1 <= int(match[4]) <= MAX_ROW or _number(match[2]) > MAX_COLUMN:
        return text  # a name that looks like a reference
    column = _column(match[1] + match[2], columns)
    row = _row(match[3] + match[4], rows)
    return "#REF!" if column is None or row is None else column + row


def _span(text: str, by: int, move: object) -> str:
    first, _, last = text.partition(":")
    step = _row if move is _row else _column
    moved = step(first, by), step(last, by)
    return "#REF!" if None in moved else f"{moved[0]}:{moved[1]}"


def _row(text: str, by: int) -> str | None:
    if text.startswith("$"):
        return text
    row = int(text) + by
    return str(row) if 1 <= row <= MAX_ROW else None


def _column(text: str, by: int) -> str | None:
    if text.startswith("$"):
        return text
    column = _number(text) + by
    return _letters(column) if 1 <= column <= MAX_COLUMN else None


def _number(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _letters(column: int) -> str:
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out
