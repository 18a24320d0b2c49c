"""Text ↔ Decimal: what a cell's words mean as a number, and when they mean none.

Nothing here guesses.  A text is a number only if every character of it is accounted for;
otherwise it stays text, and `suggested_amount` may offer a reading for a person to confirm.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from xltools.model import Comparator, Quantity
from xltools.vocabulary import label_key, vocabulary

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+")
_UNIT = re.compile(r"[^\d,。;;!?]{0,12}")
_FACTORS = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "亿元": Decimal(10**8),
}


def round_half_up(value: Decimal, places: int = 2) -> Decimal:
    """Round half away from zero, as Excel's ROUND does and as the forms show.

    A value too large to hold that many decimals has none worth rounding and comes back as it is.
    """
    if value.adjusted() + places >= 27:
        return value
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """Shortest decimal text: no exponent, no trailing zeros: ``10``, ``0.5``."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def two_places(value: Decimal) -> str:
    """At least two decimals, more where the value has them: ``5.00``, ``89.974``."""
    text = plain(value)
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction:0<2}"


class Number(NamedTuple):
    """A number understood in a text.  ``note`` is a key of ``messages.interface.NOTES``."""

    value: Decimal
    percent: bool = False
    unit: str = ""
    note: str | None = None


def _digits(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


@lru_cache(maxsize=4096)
def parse_number(text: str) -> Number | None:
    """A text that is one number, perhaps with a percent sign or a unit behind it.

    >>> parse_number("１，２３４．５０")
    Number(value=Decimal('1234.50'), percent=False, unit='', note='text')
    >>> parse_number("1,23,4") is None
    True
    """
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    found = _NUMBER.match(folded)
    if not found:
        return None
    value, rest = _digits(found[0]), folded[found.end() :].strip()
    if not rest:
        return Number(value, note="text")
    if rest == "%":
        return Number(value, percent=True, note="text")
    unit = _unit(rest)
    return Number(value, unit=unit, note="unit_in_cell") if unit else None


def _unit(rest: str) -> str | None:
    """The unit behind a number, "%" for every spelling of percent; None when it is no unit."""
    key = label_key(rest)
    if key in vocabulary().percent_units:
        return "%"
    inner = key[1:-1] if key.startswith("(") and key.endswith(")") else key
    return inner if inner and _UNIT.fullmatch(inner) else None


def _is_calendar(value: Decimal, unit: str) -> bool:
    """``9月前``, ``2021年底``: a date that happens to begin with a number."""
    return unit.startswith("月") or (unit.startswith("年") and value >= 1900)


def _strip_sign(text: str) -> tuple[Comparator | None, str]:
    for sign, name in vocabulary().signs:
        if text.startswith(sign):
            return name, text[len(sign) :]
    for suffix, name in vocabulary().sign_suffixes:
        if text.endswith(suffix):
            return name, text[: -len(suffix)]
    return None, text


@lru_cache(maxsize=8192)
def parse_quantity(text: str) -> Quantity | None:
    """A target or an actual as a person writes it: ``≥50个``, ``100%``, ``不少于3次``, ``90%以上``.

    None for words, dates, ranges and anything that leaves a character unexplained.
    """
    comparator, rest = _strip_sign(label_key(text))
    number = parse_number(rest)
    if number is None:
        return None
    unit = "%" if number.percent else number.unit
    if _is_calendar(number.value, unit):
        return None
    return Quantity(number.value, comparator, unit)


@lru_cache(maxsize=2048)
def suggested_amount(text: str) -> str | None:
    """The reading to offer for a text in a money cell: ``2000万`` -> ``2000 万元``; None if there is none."""
    number = parse_number(text.strip().removeprefix("约").removesuffix("左右").removesuffix("整"))
    if number is None or number.percent:
        return None
    unit = {"万": "万元"}.get(number.unit, number.unit)
    return f"{plain(number.value)} {unit}".strip() if unit in _FACTORS or not unit else None


def in_wan(value: Decimal, unit: str) -> Decimal:
    """An amount in 万元, exact."""
    return value * _FACTORS[unit] / 10_000


def convert(quantity: Quantity, unit: str) -> Decimal | None:
    """The number of ``quantity`` in ``unit``; None when the two cannot be compared.

    A quantity without a unit of its own is taken to be in ``unit``.
    """
    if not quantity.unit or not unit or quantity.unit == unit:
        return quantity.number
    if quantity.unit in _FACTORS and unit in _FACTORS:
        return quantity.number * _FACTORS[quantity.unit] / _FACTORS[unit]
    return None
