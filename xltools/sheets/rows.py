"""The rows of a plain sheet, each read once.

A row's text is cut at its values.  What stands between them (the row's own tag, places, styles,
formulas, empty cells) is the same in every form of a template: the first time it is checked strictly
and becomes a plan.  Plan and values together say what the row holds, so a row that was met before,
in this file or another, is the same ``SheetRow`` again and costs no more than finding it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from xltools.sheets import cells as make
from xltools.sheets import ooxml
from xltools.sheets.grid import Cell, SheetRow
from xltools.sheets.limits import MAX_ROW
from xltools.sheets.markup import parsed
from xltools.sheets.strict import checked, decoded, refuse
from xltools.sheets.styles import Formats

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_REMEMBERED = 300
"""Bytes or characters; a longer piece holds somebody's prose and does not come again."""
_LONGEST_PLAN = 4_096
"""Bytes of a row whose plan is kept."""
_MAX_KINDS, _MAX_PLANS, _MAX_ROWS, _MAX_TEXTS = 1_024, 1_024, 1_536, 1_024
"""What is remembered, about half a MB each at most: a batch is read by several processes, and what they
hold adds up.  Whatever is full is emptied and begins anew."""
_MAX_NUMBERS = 1_024
_LONGEST_NUMBER = 32
_MAX_MET = 4_096
_MAX_PLACES = 2_048

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
_TEXT = re.compile(rb'<t(?: xml:space="preserve")?>([^<]*)</t>(?:<phoneticPr [^<>]*/>)?')
_PLAIN_TEXT = re.compile(rb"<t>([^<>&\r_\x00-\x08\x0b\x0c\x0e-\x1f]*)</t>")
"""A text that says what it is written as, but for U+FFFE and U+FFFF, which XML does not know."""

_VALUES = re.compile(rb"<v>([^<]*)</v></c>")
_VALUES_AND_TEXTS = re.compile(rb'(<v>|<is><t(?: xml:space="preserve")?>)([^<]*)(</v>|</t></is>)</c>')
_ENDS = {b"<v>": b"</v>", b"<is><t>": b"</t></is>", b'<is><t xml:space="preserve">': b"</t></is>"}

# What a cell is: its ``t`` attribute, and two of our own.
_NUMBER, _STRING, _INLINE = "n", "s", "inlineStr"
_STYLED = "styled"  # a shared string whose format changes how it shows
_FIXED = "fixed"  # no value that could differ: a rich inline text, a formula nobody has calculated

K = TypeVar("K")
V = TypeVar("V")
Position = tuple[int, int]
Master = tuple[str, int, int]
Strings = dict[bytes, str]
"""The shared strings by index as the cells spell it."""
_NO_FORMULAS: tuple[str, ...] = ()


class _Kind(NamedTuple):
    """What is known of a cell before its value, wherever it stands.

    shared: the group of a shared formula, of which ``formula`` is only what stands in this cell.
    cell: what a cell without a value of its own is.
    """

    what: str
    code: str
    formula: str | None = None
    shared: str | None = None
    cell: Cell | None = None


_Front = tuple[Position, _Kind]


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
    prefix: of attributes in another namespace, which the sheet has to declare.
    values: how many there are.
    """

    __slots__ = (
        *("fixed", "formulas", "kept", "number", "numbers", "odd"),
        *("places", "prefix", "shared", "strings", "texts", "values"),
    )

    def __init__(self, fronts: list[_Front], prefix: str | None, kept: bool) -> None:
        self.prefix, self.kept = prefix, kept
        self.strings: list[int] = []
        self.texts: list[int] = []
        self.numbers: list[tuple[int, str, str | None]] = []
        self.odd: list[tuple[int, _Kind]] = []
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
_Holds = tuple[Plan, tuple[Any, ...], tuple[str, ...]]
"""What makes two rows the same: their plan, values and shared formulas."""


class _Texts(dict[bytes, str]):
    """The inside of an ``<si>`` or ``<is>`` -> what it says, read when first asked for.

    The same piece is the same string each time, whose hash is known: rows of strings are found quickly.
    """

    def __missing__(self, piece: bytes) -> str:
        text = _text(piece)
        if len(piece) < _REMEMBERED:
            _keep(self, _MAX_TEXTS, piece, text)
        return text


class _TextCells(dict[str, Cell]):
    """A text -> the cell it makes."""

    def __missing__(self, text: str) -> Cell:
        cell = make.text_cell(text)
        if len(text) < _REMEMBERED:
            _keep(self, _MAX_TEXTS, text, cell)
        return cell


class _NumberCells(dict[tuple[bytes, str, str | None], Cell | None]):
    """A stored number, its format code and its formula -> the cell they make."""

    def __missing__(self, key: tuple[bytes, str, str | None]) -> Cell | None:
        raw, code, formula = key
        cell = make.new_number_cell(raw.decode(), code) if raw else None
        if formula is not None:
            cell = make.with_formula(cell or make.UNCACHED, formula)
        if len(raw) <= _LONGEST_NUMBER and len(formula or "") < _REMEMBERED:
            _keep(self, _MAX_NUMBERS, key, cell)
        return cell


def _keep(memory: dict[K, V], most: int, key: K, value: V) -> None:
    if len(memory) >= most:
        memory.clear()
    memory[key] = value


_texts = _Texts()
_text_cells = _TextCells()
_number_cells = _NumberCells()
_plans: dict[tuple[object, ...], Plan] = {}
_rows: dict[_Holds, SheetRow] = {}
_met: set[int] = set()
"""The hashes of rows that were met once."""


def forget() -> None:
    """Empty what is remembered between files."""
    for memory in (_texts, _text_cells, _number_cells, _plans, _rows, _met):
        memory.clear()
    _place.cache_clear()
    _kind.cache_clear()
    _prefix.cache_clear()


def texts(pieces: list[bytes]) -> Iterator[str]:
    """What the insides of ``<si>`` elements say."""
    return map(_texts.__getitem__, pieces)


def _text(piece: bytes) -> str:
    plain = _PLAIN_TEXT.fullmatch(piece)
    if plain and b"\xef\xbf" not in piece:
        return plain[1].decode()
    match = _TEXT.fullmatch(piece)
    if match:
        return decoded(match[1])
    # Rich text, phonetics: rare enough for a parser, and shared between forms.
    return ooxml.string(parsed(b'<si xmlns="%b">%b</si>' % (MAIN.encode(), piece), "si"))


def read(
    data: bytes, strings: Strings, table: Formats, prefixes: frozenset[str]
) -> tuple[dict[Position, Cell], tuple[SheetRow, ...], list[PlannedRow]]:
    """The cells of a sheet's data by position, its rows that hold any, and what stands around the values
    of every row.  No rows where these do not follow each other or a row holds cells of another.

    prefixes: what the sheet declares.
    """
    cells: dict[Position, Cell] = {}
    found: list[SheetRow] = []
    planned: list[PlannedRow] = []
    masters: dict[str, Master] = {}
    cut, plans, rows = _VALUES.split, _plans, _rows
    last, regular = 0, True
    pieces = data.split(b"</row>")
    _end(pieces.pop())
    for piece in pieces:
        stems: list[Any] = cut(piece)
        values = stems[1::2]
        del stems[1::2]
        stems.append(table)
        plan = plans.get(tuple(stems))
        if plan is None:
            plan, values = _planned(piece, table)
        if plan.prefix is not None and plan.prefix not in prefixes:
            refuse()
        for index in plan.strings:
            values[index] = strings[values[index]]
        formulas = _formulas(plan, masters) if plan.shared else _NO_FORMULAS
        planned.append((plan, formulas))
        holds = (plan, tuple(values), formulas)
        row = rows.get(holds)
        if row is None:
            row = _met_row(holds)
        if row.cells:
            cells.update(row.cells)
            found.append(row)
            regular = regular and row.number > last
            last = row.number
    return cells, tuple(found) if regular else (), planned


def read_planned(
    plans: Iterable[Plan], shared: Iterable[tuple[str, ...]], held: tuple[Any, ...]
) -> tuple[dict[Position, Cell], tuple[SheetRow, ...]]:
    """The cells and rows of a sheet whose rows are known by their plans and follow each other.

    shared: the shared formulas of each row.
    held: the values of the whole sheet, the strings that are meant instead of their indexes.
    """
    cells: dict[Position, Cell] = {}
    found: list[SheetRow] = []
    rows, update = _rows, cells.update
    end = 0
    for plan, formulas in zip(plans, shared, strict=True):
        start, end = end, end + plan.values
        holds = (plan, held[start:end], formulas)
        row = rows.get(holds)
        if row is None:
            row = _met_row(holds)
        if row.cells:
            update(row.cells)
            found.append(row)
    return cells, tuple(found)


def without_blanks(data: bytes, prefixes: frozenset[str]) -> bytes:
    """A sheet's data without the rows of which every cell is blank: borders dragged far down leave
    thousands.  They differ in their digits only, so each kind of them is checked once."""
    pieces, kinds = data.split(b"</row>"), data.translate(_DIGITS_ALIKE).split(b"</row>")
    blank = {kind for kind in set(kinds[:-1]) if _is_blank(kind, prefixes)}
    kept = [piece for piece, kind in zip(pieces, kinds, strict=True) if kind not in blank]
    return b"</row>".join(kept)


def _is_blank(row: bytes, prefixes: frozenset[str]) -> bool:
    header = row.partition(b"<c ")[0]
    if not _BLANK_CELLS.fullmatch(row, len(header)):
        return False
    prefix = _prefix(header)
    if prefix is not None and prefix not in prefixes:
        refuse()
    return True


def _end(piece: bytes) -> None:
    """Check what stands behind the last row that holds a cell: rows that hold none."""
    if piece:
        checked(piece)
        if not _EMPTY_ROWS.fullmatch(piece) or _PREFIX.search(piece):
            refuse()
        _check_rows(piece)


# --- what a row holds --------------------------------------------------------------------------


def _formulas(plan: Plan, masters: dict[str, Master]) -> tuple[str, ...]:
    """The shared formulas of a row as its cells have them."""
    return tuple(
        ooxml.formula_text(kind.formula or "", "shared", kind.shared, at, masters)
        for _, (at, kind) in plan.shared
    )


def _met_row(holds: _Holds) -> SheetRow:
    """A row that is not remembered.  It will be the second time it is met: most of those that are new
    hold one form's own words."""
    row = _row(*holds)
    mark = hash(holds)
    if mark not in _met:
        if len(_met) >= _MAX_MET:
            _met.clear()
        _met.add(mark)
    elif holds[0].kept and max([len(cell[2]) for cell in row.cells.values()], default=0) < _REMEMBERED:
        _keep(_rows, _MAX_ROWS, holds, row)
    return row


def _row(plan: Plan, values: tuple[Any, ...], formulas: tuple[str, ...]) -> SheetRow:
    """What the values are, as in the full reader; places where nothing is stored are left out."""
    cells: list[Cell | None] = list(values)
    for index in plan.texts:
        cells[index] = _text_cells[values[index]]
    for index, code, formula in plan.numbers:
        cells[index] = _number_cells[values[index], code, formula]
    for index, kind in plan.odd:
        cells[index] = _odd(kind, values[index])
    if plan.fixed:
        cells += plan.fixed
    for index, formula in plan.formulas:
        cells[index] = make.with_formula(cells[index] or make.UNCACHED, formula)
    for (index, _), formula in zip(plan.shared, formulas, strict=True):
        cells[index] = make.with_formula(cells[index] or make.UNCACHED, formula)
    if None in cells:
        held = {place: cell for place, cell in zip(plan.places, cells, strict=True) if cell is not None}
        return SheetRow(plan.number, held)
    return SheetRow(plan.number, dict(zip(plan.places, cast("list[Cell]", cells), strict=True)))


def _odd(kind: _Kind, value: object) -> Cell | None:
    """A cell that is neither a number nor a shared string as it stands."""
    if isinstance(value, str):
        return make.text_cell(value, kind.code)
    raw = cast("bytes", value)
    if kind.what == "str":
        return make.text_cell(decoded(raw), kind.code)
    if kind.what == _INLINE:
        return _shown(b"<t>%b</t>" % raw, kind.code)
    if not raw:
        return None
    return make.boolean_cell(decoded(raw)) if kind.what == "b" else make.error_cell(decoded(raw))


def _shown(inline: bytes, code: str) -> Cell:
    text = _texts[inline]
    return _text_cells[text] if code == "General" else make.text_cell(text, code)


# --- what stands around the values -------------------------------------------------------------


def _planned(piece: bytes, table: Formats) -> tuple[Plan, list[Any]]:
    """The plan of a row that its stems alone do not give, and its values.  Refuses what is not plain."""
    if b"<v/>" in piece or b"<v />" in piece:  # an empty value, written short
        piece = piece.replace(b"<v/>", b"<v></v>").replace(b"<v />", b"<v></v>")
    marked = _VALUES_AND_TEXTS.split(piece)
    values: list[Any] = marked[2::4]
    del marked[2::4]
    stems, begins = marked[0::3], marked[1::3]
    if list(map(_ENDS.get, begins)) != marked[2::3]:
        refuse()
    key = (*marked, table, _INLINE) if b"<is>" in piece else (*stems, table)
    plan = _plans.get(key)
    if plan is None:
        header, fronts = _fronts(stems, begins, table)
        plan = Plan(fronts, _prefix(header), len(piece) < _LONGEST_PLAN)
        if plan.kept:
            _keep(_plans, _MAX_PLANS, key, plan)
    return plan, values


def _fronts(stems: list[bytes], begins: list[bytes], table: Formats) -> tuple[bytes, list[_Front]]:
    """What stands before the first cell of a row, and the cells that are not blank: a stem holds those
    without a value, and what stands before the next value."""
    found: list[_Front] = []
    header, *cells = stems[0].split(b"<c ")
    for place, stem in enumerate(stems):
        if place:
            before, *cells = stem.split(b"<c ")
            if before:
                refuse()
        last = len(cells) - 1 if place < len(begins) else -1
        if place < len(begins) and last < 0:
            refuse()
        for number, cell in enumerate(cells):
            mark = begins[place] if number == last else b""
            rest = cell.find(b'"', len(b'r="')) + 1
            kind = (_kind if len(cell) < _REMEMBERED else _read_kind)(cell[rest:], table, mark)
            at = _place(cell[:rest])
            if kind is not None:
                found.append((at, kind))
    return header, found


@lru_cache(maxsize=_MAX_PLANS)
def _prefix(header: bytes) -> str | None:
    """Check what stands before the first cell of a row: empty rows, and the row's own tag.  Returns the
    one prefix of their attributes (Excel's ``x14ac:dyDescent``); more than one is not usual."""
    checked(header)
    if not _ROW.fullmatch(header):
        refuse()
    _check_rows(header)
    found = set(_PREFIX.findall(header)) - {b"xml"}
    if len(found) > 1:
        refuse()
    return found.pop().decode() if found else None


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


def _read_kind(stem: bytes, table: Formats, mark: bytes) -> _Kind | None:
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
        return _Kind(_FIXED, code, formula, shared, _fixed(inline, code))
    what = kind.decode() if kind else _NUMBER
    return _Kind(_STYLED if what == _STRING and style in table.texts else what, code, formula, shared)


_kind = lru_cache(maxsize=_MAX_KINDS)(_read_kind)


def _fixed(inline: bytes | None, code: str) -> Cell:
    return make.UNCACHED if inline is None else _shown(inline, code)


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
