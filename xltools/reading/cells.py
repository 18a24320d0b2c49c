"""A cell as an entry: one function for each kind of thing that a form asks for.

A form has some hundred and fifty of them.  So each function looks its cell up once and goes the usual
way first; a blank cell costs nothing, its entry is part of the plan.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple, cast

from xltools.model import Entry, Place, Quantity, State, T, entry_of, quantity_of
from xltools.quantities import in_money_unit, parse_number, parse_quantity, round_half_up
from xltools.reading.meanings import as_answer, as_words
from xltools.reading.spots import Cells, Spot, filled_beside
from xltools.sheets.grid import Cell
from xltools.vocabulary import is_dash

_HUNDRED = Decimal(100)
_FEWEST_SCALED = 3
"""A number of no more digits before its point is not suspected of being shown in thousands."""
_UNIT_ENDS = "元万亿"
BROKEN: dict[str, State] = {"error": "error", "uncached": "uncached"}


# --- words ------------------------------------------------------------------------------------


def meaning(cells: Cells, spot: Spot, of: Callable[[str], tuple[T | None, State]]) -> Entry[T]:
    """A cell of words, and what they mean."""
    cell = cells.get(spot.at)
    if cell is None:
        beside = filled_beside(cells, spot) if spot.further else None
        return meaning(cells, beside, of) if beside else spot.blank
    _, kind, text, _, formula = cell
    if kind in BROKEN:
        return entry_of((None, text, BROKEN[kind], spot.place, formula, None))
    value, state = of(text)
    return entry_of((value, text, state, spot.place, formula, None))


def words(cells: Cells, spot: Spot) -> Entry[str]:
    """A cell of free text."""
    return meaning(cells, spot, as_words)


def answer(cells: Cells, spot: Spot) -> Entry[str]:
    """A cell of free text that has to say something."""
    return meaning(cells, spot, as_answer)


# --- numbers ----------------------------------------------------------------------------------


def number(cells: Cells, spot: Spot, percent: bool = False) -> Entry[Decimal]:
    """A weight, a score or (``percent``) a rate."""
    cell = cells.get(spot.at)
    if cell is None:
        beside = filled_beside(cells, spot) if spot.further else None
        return number(cells, beside, percent) if beside else spot.blank
    value, kind, text, is_percent, formula = cell
    if kind == "number" and not is_percent:
        return entry_of((value, text, "ok", spot.place, formula, None))
    return _number_of(cell, spot.place, percent)


def _number_of(cell: Cell, place: Place, percent: bool) -> Entry[Decimal]:
    value, kind, text, is_percent, formula = cell
    if kind == "number":
        if not is_percent:
            return entry_of((value, text, "ok", place, formula, None))
        if percent:
            return entry_of((cast("Decimal", value) * _HUNDRED, text, "ok", place, formula, None))
        return entry_of((None, text, "text", place, formula, None))
    if kind in BROKEN:
        return entry_of((None, text, BROKEN[kind], place, formula, None))
    return number_in_text(cell, place, percent)


def number_in_text(cell: Cell, place: Place, percent: bool) -> Entry[Decimal]:
    """A number somebody typed as text; anything else stays text."""
    raw, formula = cell.text, cell.formula
    if not raw.strip():
        return entry_of((None, raw, "blank", place, formula, None))
    if is_dash(raw):
        return entry_of((None, raw, "dash", place, formula, None))
    found = parse_number(raw) if cell.kind == "text" else None
    if found is None or found.unit not in ("", "分") or (found.percent and not percent):
        return entry_of((None, raw, "text", place, formula, None))
    return entry_of((found.value, raw, "ok", place, formula, found.note))


# --- money ------------------------------------------------------------------------------------


class Money(NamedTuple):
    """unit: the unit to read amounts in.  stated: the one they are written in, if the column or the
    form says so at all; a cell may spell out its own."""

    unit: str
    stated: str | None


def amount(cells: Cells, spot: Spot, money: Money) -> Entry[Decimal]:
    """An amount of money, in the unit of the form."""
    cell = cells.get(spot.at)
    if cell is None:
        beside = filled_beside(cells, spot) if spot.further else None
        return amount(cells, beside, money) if beside else spot.blank
    value, kind, text, is_percent, formula = cell
    unit, stated = money
    plain = kind == "number" and not is_percent and text[-1:] not in _UNIT_ENDS
    if plain and (stated is None or stated == unit) and not _shows_fewer_digits(cast("Decimal", value), text):
        return entry_of((value, text, "ok", spot.place, formula, None))
    return _unusual_amount(cell, spot.place, unit, stated)


def _shows_fewer_digits(value: Decimal, text: str) -> bool:
    """A number format that scales: 1205000 shown as ``120.5``.  Small amounts are not looked at."""
    digits = value.adjusted() + 1
    if digits <= _FEWEST_SCALED or "E" in text:
        return False
    whole = sum("0" <= each <= "9" for each in text.partition(".")[0])
    return 0 < whole < digits


def _unusual_amount(cell: Cell, place: Place, unit: str, stated: str | None) -> Entry[Decimal]:
    entry = _number_of(cell, place, False)
    if cell.kind == "text":
        entry = _amount_in_text(entry, cell, unit, stated)
    elif cell.kind == "number" and cell.text[-1:] in _UNIT_ENDS:
        entry = _amount_in_format(entry, cell, unit)
    elif cell.kind == "number" and _shows_fewer_digits(cast("Decimal", cell.value), cell.text):
        return entry._replace(value=None, state="text", note="shown_otherwise")
    if entry.value is None or entry.note not in (None, "text") or stated is None or stated == unit:
        return entry
    return entry._replace(value=in_money_unit(entry.value, stated, unit), note="money_converted")


def _amount_in_text(entry: Entry[Decimal], cell: Cell, unit: str, stated: str | None) -> Entry[Decimal]:
    """An amount with its unit behind it; another unit than the form's is converted when both are
    written out, and nothing is made of ``5.8万`` or of ``5分``."""
    found = parse_number(cell.text)
    if found is None or not found.unit:
        return entry
    if found.unit == unit:
        return entry._replace(value=found.value, state="ok", note="unit_in_cell")
    value = in_money_unit(found.value, found.unit, unit) if stated else None
    if value is None:
        return entry._replace(value=None, state="text", note=None)
    return entry._replace(value=value, state="ok", note="money_converted")


def _amount_in_format(entry: Entry[Decimal], cell: Cell, unit: str) -> Entry[Decimal]:
    """A number format that adds a unit.  One that shows another number (58000 as ``5.8万``) or another
    unit leaves open which of the two was meant."""
    shown = parse_number(cell.text)
    if shown is None or not shown.unit.endswith(("元", "万", "亿")):
        return entry
    places = len(cell.text.partition(".")[2].rstrip("元万亿千 "))
    same = entry.value is not None and round_half_up(entry.value, places) == shown.value
    if same and shown.unit in (unit, unit.removesuffix("元")):
        return entry
    return entry._replace(value=None, state="text", note="shown_otherwise")


# --- quantities -------------------------------------------------------------------------------


def quantity(cells: Cells, spot: Spot) -> Entry[Quantity]:
    """A target or an actual: a number with its sign and its unit, else words."""
    cell = cells.get(spot.at)
    if cell is None:
        beside = filled_beside(cells, spot) if spot.further else None
        return quantity(cells, beside) if beside else spot.blank
    value, kind, text, is_percent, formula = cell
    if kind == "number":
        plain = not is_percent and "0" <= text[-1:] <= "9"
        found = quantity_of((cast("Decimal", value), None, "")) if plain else _quantity_shown(cell)
        return entry_of((found, text, "ok", spot.place, formula, None))
    if kind in BROKEN:
        return entry_of((None, text, BROKEN[kind], spot.place, formula, None))
    if not text.strip():
        return entry_of((None, text, "blank", spot.place, formula, None))
    written = None if kind == "date" else parse_quantity(text)
    if written:
        return entry_of((written, text, "ok", spot.place, formula, "text"))
    return entry_of((None, text, "dash" if is_dash(text) else "text", spot.place, formula, None))


def _quantity_shown(cell: Cell) -> Quantity:
    """A number of the sheet whose format may show a unit."""
    value, _, text, is_percent, _ = cell
    if is_percent:
        return quantity_of((cast("Decimal", value) * _HUNDRED, None, "%"))
    shown = parse_quantity(text)
    return quantity_of((cast("Decimal", value), None, shown.unit if shown else ""))
