"""What stands around the values of a row.

A row's cells are cut at their values.  What is between them (places, styles, formulas, empty cells) is the
same in every form of a template: the first time it is checked strictly and becomes a plan.  The row's own
tag stands apart, as rows that are alike are higher here and there.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from xltools.remembering import keep
from xltools.sheets import cells as make
from xltools.sheets import texts
from xltools.sheets.grid import Cell
from xltools.sheets.limits import MAX_ROW
from xltools.sheets.strict import checked, decoded, refuse
from xltools.sheets.styles import Formats
from xltools.sheets.texts import PROSE

_LONGEST = 4_096
"""Bytes of a row whose plan is kept."""
_MAX_PLANS, _MAX_TAGS, _MAX_KINDS, _MAX_PLACES = 1_024, 256, 512, 2_048
"""What is remembered: a plan takes two kilobytes, and a batch is read by several processes.  Whatever is
full is emptied and begins anew."""

_ATTRIBUTES = rb'(?: [A-Za-z]\w*(?::[A-Za-z]\w*)?="[^"<>&]*")*'
_ROW = re.compile(rb"(?:<row%b ?/>)*<row%b>" % (_ATTRIBUTES, _ATTRIBUTES))
_EMPTY_ROWS = re.compile(rb"(?:<row%b ?/>)*" % _ATTRIBUTES)
_ROW_NUMBER = re.compile(rb' r="([^"]*)"')
_NAME = re.compile(rb' ([\w:]+)="')
_PREFIX = re.compile(rb' ([A-Za-z]\w*):\w+="')
_PLACE = re.compile(rb'r="([A-Z]{1,3}[1-9][0-9]{0,6})"')
_KIND = re.compile(
    rb'(?: s="([0-9]{1,5})")?(?: t="(s|str|n|b|e|inlineStr)")?'
    rb"(?:( ?/>)|>(?:<f(%b)(?: ?/>|>([^<]*)</f>))?(?:(?:<is>(.*)</is>)?(</c>))?)" % _ATTRIBUTES,
    re.DOTALL,
)
_BLANK_CELLS = re.compile(
    rb'(?:<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,5}")?(?: t="n")? ?(?:/>|></c>))*'
)
_DIGITS_ALIKE = bytes.maketrans(b"2345678", b"9999999")  # none becomes smaller
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
VALUES = re.compile(rb"<v>([^<]*)</v></c>")
"""The cut of a sheet; inline texts and values written short are looked for where it finds nothing known."""
_VALUES_AND_TEXTS = re.compile(rb'(<v>|<is><t(?: xml:space="preserve")?>)([^<]*)(</v>|</t></is>)</c>')
_ENDS = {b"<v>": b"</v>", b"<is><t>": b"</t></is>", b'<is><t xml:space="preserve">': b"</t></is>"}

# What a cell is: its ``t`` attribute, and two of our own.
_NUMBER, _STRING, INLINE = "n", "s", "inlineStr"
_STYLED = "styled"  # a shared string whose format changes how it shows
_FIXED = "fixed"  # no value that could differ: a rich inline text, a formula nobody has calculated

Position = tuple[int, int]


class Kind(NamedTuple):
    """What is known of a cell before its value, wherever it stands.

    shared: the group of a shared formula, of which ``formula`` is only what stands in this cell.
    cell: what a cell without a value of its own is.
    """

    what: str
    code: str
    formula: str | None = None
    shared: str | None = None
    cell: Cell | None = None


_Front = tuple[Position, Kind]


class Plan:
    """What stands around the values of a row.  Known by its identity.

    number: of the row in which all its cells are; 0 for none or several.
    places: of the cells with values, in order, then of those without.
    strings: which values are indexes of shared strings; texts: which of these show as they are.
    numbers: which are numbers, with their format codes and, unless it is shared, the formula.
    odd, formulas: which are anything else; and which cells without a number have a formula that is not
        shared.
    fixed: the cells without values.
    shared: the cells with shared formulas, whose texts depend on rows above, as they follow each other.
    values: how many there are.
    """

    __slots__ = (
        *("fixed", "formulas", "kept", "number", "numbers", "odd"),
        *("places", "shared", "strings", "texts", "values"),
    )

    def __init__(self, fronts: list[_Front], kept: bool) -> None:
        self.kept = kept
        self.strings: list[int] = []
        self.texts: list[int] = []
        self.numbers: list[tuple[int, str, str | None]] = []
        self.odd: list[tuple[int, Kind]] = []
        self.formulas: list[tuple[int, str]] = []
        fixed = [front for front in fronts if front[1].cell is not None]
        ordered = [front for front in fronts if front[1].cell is None] + fixed if fixed else fronts
        for index, (_, kind) in enumerate(ordered):
            what, code, formula, shared, _ = kind
            if what == _STRING:
                self.texts.append(index)
            elif what == _NUMBER:
                self.numbers.append((index, code, formula if shared is None else None))
            elif what != _FIXED:
                self.odd.append((index, kind))
            if what in (_STRING, _STYLED):
                self.strings.append(index)
            if formula is not None and shared is None and what != _NUMBER:
                self.formulas.append((index, formula))
        self.fixed = [kind.cell for _, kind in fixed]
        self.values = len(ordered) - len(fixed)
        self.places = [at for at, _ in ordered]
        if len(set(self.places)) != len(self.places):
            refuse()
        rows = {row for row, _ in self.places}
        self.number = rows.pop() if len(rows) == 1 else 0
        self.shared = [(ordered.index(front), front) for front in fronts if front[1].shared is not None]


PlannedRow = tuple[Plan, tuple[str, ...]]
"""What stands around the values of a row, and its shared formulas."""

known: dict[tuple[object, ...], Plan] = {}
"""What stands between the values of a row's cells, and its table of formats -> its plan."""


def forget() -> None:
    """Empty what is remembered between files."""
    known.clear()
    _prefixed.cache_clear()
    _place.cache_clear()
    _kind.cache_clear()


def planned(cells: bytes, table: Formats) -> tuple[Plan, list[Any]]:
    """The plan of a row that its stems alone do not give, and its values.  Refuses what is not plain."""
    if b"<v/>" in cells or b"<v />" in cells:  # an empty value, written short
        cells = cells.replace(b"<v/>", b"<v></v>").replace(b"<v />", b"<v></v>")
    marked = _VALUES_AND_TEXTS.split(cells)
    values: list[Any] = marked[2::4]
    del marked[2::4]
    stems, begins = marked[0::3], marked[1::3]
    if list(map(_ENDS.get, begins)) != marked[2::3]:
        refuse()
    key = (*marked, table, INLINE) if b"<is>" in cells else (*stems, table)
    plan = known.get(key)
    if plan is None:
        plan = Plan(_fronts(stems, begins, table), len(cells) < _LONGEST)
        if plan.kept:
            keep(known, _MAX_PLANS, key, plan)
    return plan, values


def _fronts(stems: list[bytes], begins: list[bytes], table: Formats) -> list[_Front]:
    """The cells of a row that are not blank: a stem holds those without a value, and what stands before
    the next value."""
    found: list[_Front] = []
    for place, stem in enumerate(stems):
        before, *cells = stem.split(b"<c ")
        if before:
            refuse()
        last = len(cells) - 1 if place < len(begins) else -1
        if place < len(begins) and last < 0:
            refuse()
        for number, cell in enumerate(cells):
            mark = begins[place] if number == last else b""
            rest = cell.find(b'"', len(b'r="')) + 1
            kind = (_kind if len(cell) < PROSE else _read_kind)(cell[rest:], table, mark)
            at = _place(cell[:rest])
            if kind is not None:
                found.append((at, kind))
    return found


# --- the tags of rows --------------------------------------------------------------------------


def check_tags(tags: bytes, prefixes: frozenset[bytes]) -> None:
    """Check what stands before the first cell of a row: empty rows, and the row's own tag.

    prefixes: what the sheet declares.  Tags that differ in their digits only are checked once.
    """
    if _prefixed(tags.translate(_DIGITS_ALIKE)):
        _check_prefix(tags, prefixes)


@lru_cache(maxsize=_MAX_TAGS)
def _prefixed(tags: bytes) -> bool:
    """Check tags but for their prefixes; whether they have any."""
    checked(tags)
    if not _ROW.fullmatch(tags):
        refuse()
    _check_rows(tags)
    return _PREFIX.search(tags) is not None


def _check_prefix(tags: bytes, prefixes: frozenset[bytes]) -> None:
    """The attributes have one prefix (Excel's ``x14ac:dyDescent``), and the sheet declares it; more than
    one is not usual."""
    found = set(_PREFIX.findall(tags)) - {b"xml"}
    if len(found) > 1 or not found <= prefixes:
        refuse()


def _check_rows(tags: bytes) -> None:
    """Rows have numbers Excel knows, no attribute twice, and no names of their own."""
    if b"xmlns" in tags:
        refuse()
    for tag in set(tags.translate(None, b"0123456789").split(b"<row")):  # most differ in figures only
        names = _NAME.findall(tag)
        if len(set(names)) != len(names):
            refuse()
    for number in _ROW_NUMBER.findall(tags):
        if not number.isdigit() or not 1 <= int(number) <= MAX_ROW:
            refuse()


@lru_cache(maxsize=_MAX_PLACES)
def _place(reference: bytes) -> Position:
    match = _PLACE.fullmatch(reference)
    return make.position(match[1].decode()) if match else refuse()


def _read_kind(stem: bytes, table: Formats, mark: bytes) -> Kind | None:
    """What stands between the place of a cell and its value, which begins with ``mark``; all of a cell
    without one.  None for a blank cell."""
    checked(stem)
    match = _KIND.fullmatch(stem)
    if match is None:
        refuse()
    style_text, kind, closed, attributes, formula_raw, inline, end = match.groups()
    if bool(closed or end) == bool(mark):
        refuse()
    if not mark and attributes is None and inline is None:
        return None
    if (kind == b"inlineStr") != (inline is not None or mark not in (b"", b"<v>")):
        refuse()
    formula, shared = (None, None) if attributes is None else _formula(attributes, formula_raw)
    style = int(style_text) if style_text else 0
    code = table.code(style)
    if not mark:
        return Kind(_FIXED, code, formula, shared, _fixed(inline, code))
    what = kind.decode() if kind else _NUMBER
    return Kind(_STYLED if what == _STRING and style in table.texts else what, code, formula, shared)


_kind = lru_cache(maxsize=_MAX_KINDS)(_read_kind)


def _fixed(inline: bytes | None, code: str) -> Cell:
    if inline is None:
        return make.UNCACHED
    if b"<row" in inline:
        refuse()
    return texts.shown(inline, code)


def _formula(attributes: bytes, raw: bytes | None) -> tuple[str, str | None]:
    """The formula's text and, if it is shared, the key of the group."""
    text = decoded(raw or b"")
    if not attributes:
        return text, None
    found = _ATTRIBUTE.findall(attributes.decode())
    known = dict(found)
    if len(known) != len(found) or any(
        ":" in name or name == "xmlns" for name in known.keys() - {"xml:space"}
    ):
        refuse()
    return text, known.get("si") if known.get("t") == "shared" else None


# --- rows without values -----------------------------------------------------------------------


def without_blanks(data: bytes, prefixes: frozenset[bytes]) -> bytes:
    """A sheet's data without the rows of which every cell is blank: borders dragged far down leave
    thousands.  They differ in their digits only, so each kind of them is checked once."""
    pieces, kinds = data.split(b"</row>"), data.translate(_DIGITS_ALIKE).split(b"</row>")
    blank = {kind: _prefixed(_tags(kind)) for kind in set(kinds[:-1]) if _is_blank(kind)}
    kept = []
    for piece, kind in zip(pieces, kinds, strict=True):
        if kind not in blank:
            kept.append(piece)
        elif blank[kind]:
            _check_prefix(_tags(piece), prefixes)
    return b"</row>".join(kept)


def _tags(row: bytes) -> bytes:
    return row.partition(b"<c ")[0]


def _is_blank(row: bytes) -> bool:
    return _BLANK_CELLS.fullmatch(row, len(_tags(row))) is not None


def check_end(piece: bytes) -> None:
    """Check what stands behind the last row that holds a cell: rows that hold none."""
    if piece:
        checked(piece)
        if not _EMPTY_ROWS.fullmatch(piece) or _PREFIX.search(piece):
            refuse()
        _check_rows(piece)
