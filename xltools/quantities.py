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
_UNIT = re.compile(r"[^\d,。;!?$^=~#&|<>≥≤@:\[\]{}.、+-][^\d,。;!?$^=~#&|<>≥≤@:\[\]{}、+]{0,11}")
_LONGEST_WORD = 3
_PARTED_DIGITS = re.compile(r"\d\s+\d")
_MISREAD = re.compile(r"[工^]\s*\d+(?:\.\d+)?%?|\d+\s*[=工^]\s*\d+(?:\.\d+)?%|2\d{2}(?:\.\d+)?[$]")
_LONGEST_NUMBER = 40
"""Signs of a number somebody can mean; Excel keeps fifteen digits."""
_HUNDREDTH = Decimal("0.01")
_FACTORS = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(10**6),
    "亿元": Decimal(10**8),
}


def round_half_up(value: Decimal, places: int = 2) -> Decimal:
    """Round half away from zero, as Excel's ROUND does and as the forms show.

    A value too large to hold that many decimals has none worth rounding and comes back as it is.
    """
    if value.adjusted() + places >= 27:
        return value
    return value.quantize(_HUNDREDTH if places == 2 else Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


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
    if not found or len(found[0]) > _LONGEST_NUMBER:
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
    if not inner or not _UNIT.fullmatch(inner):
        return None
    if not any(letter.isalpha() or letter in "‰°℃" for letter in inner):
        return None
    return inner if _is_short_or_measure(inner) else None


def _is_short_or_measure(words: str) -> bool:
    """``平方公里`` and ``元/人·次``, but not the words of ``12345热线畅通``."""
    return len(words) <= _LONGEST_WORD or words[0] in vocabulary().measures or words.isascii()


def _is_calendar(value: Decimal, unit: str) -> bool:
    """``9月前``, ``2021年底``: a date that happens to begin with a number."""
    if unit.startswith(("月", "季度", "时前", "点前", "号")):
        return True
    if unit.startswith("日"):
        return unit.endswith(("前", "底", "起", "止"))
    return unit.startswith("年") and value >= 1900


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

    None for words, dates, ranges and anything that leaves a character unexplained.  Digits parted by
    a blank or a line break are two numbers.
    """
    if _PARTED_DIGITS.search(text):
        return None
    comparator, rest = _strip_sign(label_key(text))
    number = parse_number(rest)
    if number is None:
        return None
    unit = "%" if number.percent else number.unit
    if _is_calendar(number.value, unit):
        return None
    return Quantity(number.value, comparator, unit)


def misread_sign(text: str, bounded: bool) -> bool:
    """Whether a comparison sign was probably destroyed on the way: ``290%`` for ``≥90%``, ``工5%``.

    A plain number is only suspected where it cannot be right: a percentage that ends at 100
    (``bounded``) which begins with 2 and is possible without it.  What it was is not guessed.
    """
    key = label_key(text)
    if _MISREAD.fullmatch(key):
        return True
    number = parse_number(key)
    if number is None or not bounded or not key.startswith("2") or not (number.percent or number.unit == "%"):
        return False
    rest = parse_number(key[1:])
    return number.value > 200 and rest is not None and 0 < rest.value <= 100


def in_money_unit(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """An amount with its unit written out, in ``wanted``; None for what is no unit of money.

    ``5.8万`` is not written out: 万元 is likely, but a person has to say so.
    """
    if unit == "万" or unit not in _FACTORS or wanted not in _FACTORS:
        return None
    return value * _FACTORS[unit] / _FACTORS[wanted]


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
