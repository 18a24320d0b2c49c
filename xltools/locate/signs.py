"""What a cell could be: all that locating may ask of it.

Where everything stands follows from labels and from what kind of thing the other cells hold, never from
somebody's words or figures.  So the rules of this package see signs, not texts: two forms of one template
show the same signs whatever is filled in, and what was found in one holds for the other.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from xltools.quantities import parse_number
from xltools.remembering import keep
from xltools.sheets.grid import Cell, CellKind, SheetRow
from xltools.vocabulary import half_width, label_base, label_key, unnumbered, vocabulary

_LONGEST_LABEL = 40
_LONGEST_TITLE = 80
_LONGEST_ORDINAL = 4
_SHORTEST_BRACKETED = 3
_MOST_COLUMNS = 50
_REMEMBERED = 300
"""Filled cells of a row, characters of a text that may come again."""
_MOST_TEXTS = 1024
_MOST_LINES = 1024
FEWEST_ORDINALS = 4
_ORDINAL = re.compile(r"\(?([0-9]{1,2}|[A-Z])\)?")
_NUMBER_BEGINS = frozenset("+-−.")
_COLONS = frozenset(":：")
_SUMS = ("小计", "合计")
_NUMBERS = frozenset("0123456789(一二三四五六七八九十其")
"""What a numbered label begins with."""
_BEHIND_SIGNERS = frozenset(":(,、/签盖")


class Roles(NamedTuple):
    """What a text could be, band by band; None where it is nothing there."""

    head: str | None = None
    band: str | None = None
    fund_column: str | None = None
    fund_row: str | None = None
    goal_column: str | None = None
    indicator_column: str | None = None
    level1: str | None = None
    level2: bool = False
    total: bool = False
    subtotal: bool = False
    title: bool = False


NO_ROLES = Roles()


@cache
def _table() -> Mapping[str, Roles]:
    """Every label of the vocabulary, as labels are compared, with all it can be."""
    words = vocabulary()
    found: dict[str, Roles] = {}
    for field in ("head", "band", "fund_column", "fund_row", "goal_column", "indicator_column", "level1"):
        for label, name in getattr(words, field).items():
            found[label] = _with(found.get(label, NO_ROLES), field, name)
    for field, labels in (
        ("level2", words.level2),
        ("total", words.total_row),
        ("subtotal", words.subtotals),
        ("title", words.titles),
    ):
        for label in labels:
            found[label] = _with(found.get(label, NO_ROLES), field, True)
    return found


@cache
def _has_ascii_labels() -> bool:
    """Whether a text without a Chinese character can be a label: somebody may have added such labels."""
    return any(label.isascii() for label in (*_table(), *vocabulary().title_parts))


@lru_cache(maxsize=1024)
def roles(text: str) -> Roles:
    """What a text could be; `NO_ROLES` itself where it is nothing."""
    if len(text) > _LONGEST_TITLE or _is_no_label(text):
        return NO_ROLES
    return _roles(text, label_key(text))


def _is_no_label(text: str) -> bool:
    return text.isascii() and not _has_ascii_labels()


def _roles(text: str, key: str) -> Roles:
    table = _table()
    found = table.get(key, NO_ROLES) if len(key) <= _LONGEST_LABEL else NO_ROLES
    if key.startswith(("*", "★")):
        found = table.get(key.lstrip("*★"), found)
    if key.endswith(")"):
        found = _either(found, table.get(label_base(text), NO_ROLES))
    if found is NO_ROLES and key[:1] in _NUMBERS and (plain := unnumbered(text)) != text:
        found = _below_a_number(table.get(label_base(plain), NO_ROLES))
    if key[-1:] == "计" and found is NO_ROLES and _sums_a_level(key):
        found = _with(NO_ROLES, "subtotal", True)
    if not found.title and _names_a_title(key):
        return found._replace(title=True)
    return found


def _sums_a_level(key: str) -> bool:
    """``产出指标小计``, ``效益指标合计``."""
    what = _table().get(key[:-2], NO_ROLES)
    return key.endswith(_SUMS) and (what.level1 is not None or what.level2)


def _below_a_number(found: Roles) -> Roles:
    """Of what a label is without its number, what stands in a list: sources of funds and levels."""
    return NO_ROLES._replace(fund_row=found.fund_row, level1=found.level1, level2=found.level2)


def _names_a_title(key: str) -> bool:
    for part in vocabulary().title_parts:  # noqa: SIM110 - a generator would take twice as long
        if part in key:
            return True
    return False


def _either(first: Roles, second: Roles) -> Roles:
    """The label as written decides, and without the brackets at its end where it says nothing."""
    if second is NO_ROLES or first is NO_ROLES:
        return second if first is NO_ROLES else first
    merged = first
    for field, value in second._asdict().items():
        if value and not getattr(first, field):
            merged = _with(merged, field, value)
    return merged


def _with(known: Roles, field: str, value: str | bool) -> Roles:
    changes: dict[str, Any] = {field: value}
    return known._replace(**changes)


# --- cells ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """What a cell could be.  Equal signs are one object, compared by identity.

    roles: of its text, whatever its kind.
    inline: the head field of ``项目名称：某项目``.
    blank: nothing but blanks is shown.
    What follows is said of texts alone:
    asks: ends with a colon.
    number: is one number.
    mark: could stand where a weight or a score belongs: a number, a dash, nothing.
    nature: 定性, 正向, a sign of comparison.
    remark: ``注：…`` and what else stands below a form.
    fund_kind: the source of funds it names, if by a part of itself only.
    money_unit: is short and states a money unit.
    """

    kind: CellKind
    roles: Roles = NO_ROLES
    blank: bool = False
    inline: str | None = None
    asks: bool = False
    number: bool = False
    mark: bool = False
    nature: bool = False
    remark: bool = False
    fund_kind: str | None = None
    money_unit: bool = False


_sign = lru_cache(maxsize=1024)(Sign)


def sign(cell: Cell) -> Sign:
    """The sign of a cell."""
    return _signs([cell])[0][0]


_FIGURES: dict[CellKind, Sign] = {
    kind: _sign(kind, NO_ROLES, False) for kind in ("number", "date", "boolean", "error", "uncached")
}
"""The sign of a cell that is no text, as it usually is."""
_NO_FIGURES: dict[CellKind, Sign] = {}
_PROSE = _sign("text")
"""The sign of a text that is nothing in particular."""


_key = label_key.__wrapped__
"""Most texts that are asked what they are hold one form's own words, which nobody asks for again."""


def _text_sign(text: str) -> Sign:
    """What a text could be.  Whatever is filled in is asked this once, so what it is not is told first."""
    key, words = _key(text), _words()
    what = NO_ROLES if len(text) > _LONGEST_TITLE or _is_no_label(text) else _roles(text, key)
    bracketed = key[-1:] == ")"
    first = key[:1]
    number = (first in _NUMBER_BEGINS or first.isdecimal()) and not _says_something(text, what)
    mark = number or not key or key in words.not_applicable
    nature = key in words.natures or (bracketed and vocabulary().nature_of(text) is not None)
    kind = vocabulary().fund_kind(text) if bracketed or words.funds.search(key) else None
    inline, asks, remark = inline_label(text), text.rstrip()[-1:] in _COLONS, is_remark(text)
    money = "元" in text and len(text) < _LONGEST_LABEL and money_unit_in(text) is not None
    if what is NO_ROLES and not (mark or nature or kind or inline or asks or remark or money):
        return _PROSE
    return _sign("text", what, not text.strip(), inline, asks, number, mark, nature, remark, kind, money)


def _says_something(text: str, what: Roles) -> bool:
    """Behind the digits stand words: the text is no number but a numbered label."""
    return what is not NO_ROLES or unnumbered(text) != text or parse_number(text) is None


class _Texts(dict[str, Sign]):
    """The signs of texts; those of short ones, which may come again, are remembered."""

    def __missing__(self, text: str) -> Sign:
        found = _text_sign(text)
        if len(text) < _REMEMBERED:
            keep(self, _MOST_TEXTS, text, found)
        return found


_TEXTS = _Texts()


class _Words(NamedTuple):
    """The vocabulary as it is asked of every text: what most texts are not, one look tells.

    funds: finds what may name a source of funds.
    """

    natures: frozenset[str]
    not_applicable: frozenset[str]
    funds: re.Pattern[str]


@cache
def _words() -> _Words:
    words = vocabulary()
    signs = (sign for sign, _ in words.signs)
    funds = {*words.fund_row.labels(), *(part for part, _ in words.fund_row_parts)}
    shortest = sorted(word for word in funds if not any(part in word for part in funds - {word}))
    return _Words(
        frozenset((*words.nature.labels(), *signs)),
        words.not_applicable,
        re.compile("|".join(map(re.escape, shortest))),
    )


def inline_label(text: str) -> str | None:
    """The head field of ``项目名称：某项目``; None for anything else."""
    if ":" not in text and "：" not in text:
        return None
    label, _, value = text.replace("：", ":").partition(":")
    return roles(label).head if value.strip() else None


_MONEY = "(?:人民币)?((?:百万|百|千|万|亿)?元)"
_UNIT = re.compile(rf"[(\[【〔]{_MONEY}[)\]】〕]|单位:?[(\[【]?{_MONEY}|(?:资金|金额|/){_MONEY}$")


def money_unit_in(text: str) -> str | None:
    """The money unit a label states: ``项目资金（万元）``, ``单位：元``."""
    if "元" not in text:
        return None
    found = _UNIT.search(label_key(text))
    return found[found.lastindex or 0] if found else None


def is_remark(text: str) -> bool:
    """``注：其他资金包括 …`` and what else stands below a form."""
    start = text.lstrip()[:12]
    if not start or start[0] not in _remark_letters():
        return False
    key, first = half_width(start), label_key(start.split()[0])
    return any(_begins_with(key, first, remark) for remark in vocabulary().remarks)


def _begins_with(key: str, first: str, remark: str) -> bool:
    """first: what stands before the first blank.  Words that names of indicators begin with too, as
    ``备注`` and ``审核人``, are a remark by themselves or with a colon or a place to sign behind."""
    if first == remark.rstrip(":"):
        return True
    if not key.startswith(remark):
        return False
    return not remark.endswith("人") or key[len(remark) :][:1] in _BEHIND_SIGNERS


@cache
def _remark_letters() -> frozenset[str]:
    return frozenset(remark[0] for remark in vocabulary().remarks)


# --- rows -------------------------------------------------------------------------------------

Labels = list[tuple[int, Roles]]
Pairs = tuple[tuple[int, int], ...]


class Line:
    """The signs of one row.  Lines made by `line` are one object where they are equal.

    columns: of its cells, from left to right.
    said: the columns of what could be a label, were it a text; mostly those of the labels.
    labels: (column, what it could be) of the texts that are labels.
    ordinals: column -> number, where the row could number the columns of a table.
    twins: column of a label -> the first column that says the same, where a row says something twice.
    may_come_again: is not so long that it is looked at anew each time.
    names_indicator_columns: holds at least two labels of them, as the header of a table does.
    """

    __slots__ = (
        *("columns", "labels", "may_come_again", "names_indicator_columns", "number"),
        *("ordinals", "said", "signs", "twins"),
    )

    def __init__(
        self, number: int, signs: Mapping[int, Sign], ordinals: Mapping[int, int], twins: Mapping[int, int]
    ) -> None:
        self.number = number
        self.signs = signs
        self.columns = list(signs)
        self.may_come_again = len(signs) <= _MOST_COLUMNS
        self.said = [column for column, each in signs.items() if each.roles is not NO_ROLES]
        self.labels: Labels = [
            (column, signs[column].roles) for column in self.said if signs[column].kind == "text"
        ]
        self.ordinals = ordinals
        self.twins = twins
        named = [what for _, what in self.labels if what.indicator_column] if len(self.labels) > 1 else ()
        self.names_indicator_columns = len(named) > 1

    def without(self, hidden: Container[int]) -> Line:
        """The same row where some cells are not seen."""
        seen = {column: each for column, each in self.signs.items() if column not in hidden}
        return Line(self.number, seen, self.ordinals, self.twins)


def line(row: SheetRow) -> Line:
    """The signs of a row, worked out once for every row.

    A dozen rows of a form hold what nobody filled in before: this is most of what locating costs in a batch.
    """
    known: Line | None = row.line
    if known is None:
        known = row.line = _line(row.cells)
    return known


def _line(cells: Mapping[tuple[int, int], Cell]) -> Line:
    """cells: of one row, in any order."""
    signs, short = _signs(cells.values())
    key = (*cells, *signs)
    plain = _LINES.get(key)
    if plain is None:
        ordered = sorted(cells)
        if ordered != list(cells):
            return _line({place: cells[place] for place in ordered})
        plain = _plain_line(ordered, signs, key)
    ordinals = _ordinals(cells, short) if len(short) >= FEWEST_ORDINALS else ()
    twins = _twins(plain, cells) if len(plain.said) > 1 else ()
    if not (ordinals or twins):
        return plain
    return (_known_telling if plain.may_come_again else _telling)(plain, ordinals, twins)


def _plain_line(places: list[tuple[int, int]], signs: list[Sign], key: tuple[object, ...]) -> Line:
    """The line of a row that was not met before, as if it said nothing twice and numbered nothing."""
    columns = [column for _, column in places]
    found = Line(places[0][0], dict(zip(columns, signs, strict=True)), {}, {})
    if found.may_come_again:
        keep(_LINES, _MOST_LINES, key, found)
    return found


_LINES: dict[tuple[object, ...], Line] = {}
"""Places and signs of a row -> its plain line."""


def _telling(plain: Line, ordinals: Pairs, twins: Pairs) -> Line:
    """The line of a row that numbers columns or says something twice."""
    return Line(plain.number, plain.signs, dict(ordinals), dict(twins))


_known_telling = lru_cache(maxsize=512)(_telling)


def _signs(cells: Iterable[Cell]) -> tuple[list[Sign], list[str]]:
    """The signs of cells, and those of their texts that are short enough for an ordinal.

    A figure is nothing but a figure, unless labels may be written like one.
    """
    signs: list[Sign] = []
    short: list[str] = []
    usual = _NO_FIGURES if _has_ascii_labels() else _FIGURES
    for _, kind, text, _, _ in cells:
        if kind == "text":
            signs.append(_TEXTS[text])
        elif kind in usual and text.isascii() and text.strip():
            signs.append(usual[kind])
        else:
            signs.append(_sign(kind, roles(text), not text.strip()))
        if len(text) <= _LONGEST_ORDINAL:
            short.append(text)
    return signs, short


def _ordinals(cells: Mapping[tuple[int, int], Cell], short: list[str]) -> Pairs:
    """The ordinals of a row, if enough of them follow each other to number a table; else nothing, so
    that rows of figures do not differ by them.

    short: all its texts that are short enough.
    """
    values = {value for text in short if (value := _ORDINALS[text]) is not None}
    if len(values) < FEWEST_ORDINALS:
        return ()
    run = any(values.issuperset(range(value, value + FEWEST_ORDINALS)) for value in values)
    if not run:
        return ()
    texts = [(column, cell.text) for (_, column), cell in cells.items()]
    ordinals = [(column, _ORDINALS[text]) for column, text in texts if len(text) <= _LONGEST_ORDINAL]
    return tuple([(column, value) for column, value in ordinals if value is not None])


class _Ordinals(dict[str, "int | None"]):
    """The ordinals that short texts are.

    Three letters are an ordinal only with a bracket among them: ``7.9`` and ``153`` are figures.
    """

    def __missing__(self, text: str) -> int | None:
        long = len(text) >= _SHORTEST_BRACKETED and (text.isalnum() or "." in text)
        match = None if long else _ORDINAL.fullmatch(label_key(text))
        found = None if match is None else int(match[1]) if match[1].isdigit() else ord(match[1])
        keep(self, _MOST_TEXTS, text, found)
        return found


_ORDINALS = _Ordinals()


def _twins(plain: Line, cells: Mapping[tuple[int, int], Cell]) -> Pairs:
    first: dict[str, int] = {}
    texts = [(column, cells[plain.number, column][2]) for column in plain.said]
    pairs = [(column, first.setdefault(text, column)) for column, text in texts]
    return tuple([(column, other) for column, other in pairs if other != column])


def forget() -> None:
    """Empty what is remembered between files."""
    _LINES.clear()
    _known_telling.cache_clear()
    _TEXTS.clear()
    _ORDINALS.clear()


__all__ = [
    "NO_ROLES",
    "Labels",
    "Line",
    "Roles",
    "Sign",
    "inline_label",
    "is_remark",
    "line",
    "money_unit_in",
    "roles",
    "sign",
]
