"""The full reader of .xlsx, .xlsm, .xltx, .xltm: slower than ``plain``, and understands everything.

One pass over each worksheet yields values, formulas, cached results and merges together; rows
are released as soon as they are read, so memory follows the filled cells, not the file.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from lxml import etree

from xltools.model import HELPERS, TEMPLATE_MARK
from xltools.sheets.archive import Archive
from xltools.sheets.cells import (
    UNCACHED,
    boolean_cell,
    checked,
    error_cell,
    merge,
    number_cell,
    numeral,
    position,
    text_cell,
    unescape,
    with_formula,
)
from xltools.sheets.grid import Cell, Grid, Merge, SheetState, Unreadable, Workbook
from xltools.sheets.limits import MAX_CELLS, MAX_MERGES, MAX_STRINGS
from xltools.sheets.markup import PARSER_OPTIONS, attribute, children, local, parsed, refuse_dtd
from xltools.sheets.numberformat import shown
from xltools.sheets.shifting import SharedFormulas
from xltools.sheets.styles import PLAIN, Formats, formats

_LARGE = 256 << 10
_BLANK = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"(?: s="\d+")?(?: t="n")?(?:/>|></c>)')
_EPOCH = datetime(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A line of the workbook's list of sheets; ``relation`` leads to the part."""

    name: str
    state: SheetState
    relation: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What the workbook part says."""

    sheets: tuple[SheetEntry, ...]
    names: dict[str, str]
    date1904: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship: ``kind`` is the last word of its type, ``target`` a part name or a URL."""

    kind: str
    target: str


@dataclass(slots=True)
class _Reading:
    """What the cells of a workbook need while they are read."""

    strings: list[str]
    formats: Formats
    date1904: bool
    left: int = MAX_CELLS
    shared: SharedFormulas = field(default_factory=SharedFormulas)


def read(archive: Archive) -> Workbook:
    """A package as a workbook.  Raises only Unreadable."""
    root = workbook_part(archive.read("_rels/.rels"))
    data = archive.read(root) if root else None
    if root is None or data is None:
        raise Unreadable("no_workbook")
    contents = workbook(data)
    related = relations(archive.read(relations_part(root)), root)
    reading = _Reading(
        strings(_related(archive, related, "sharedStrings")), _formats(archive, related), contents.date1904
    )
    grids = []
    for sheet in contents.sheets:
        relation = related.get(sheet.relation)
        if relation is None:
            raise Unreadable("damaged", sheet=sheet.name[:40])
        if relation.kind != "worksheet":
            continue  # a chart or macro sheet holds no cells
        part = archive.read(relation.target)
        if part is None:
            raise Unreadable("damaged", sheet=sheet.name[:40])
        cells, merges = _worksheet(part, reading, relation.target)
        grids.append(Grid(sheet.name, sheet.state, cells, merges))
    if not grids:
        raise Unreadable("no_sheets")
    return Workbook(tuple(grids), container(archive.names()), names=contents.names)


def container(names: list[str]) -> str:
    """``xlsm`` when the package carries macros, else ``xlsx`` (names in lower case)."""
    return "xlsm" if "xl/vbaproject.bin" in names else "xlsx"


def workbook_part(data: bytes | None) -> str | None:
    """The name of the main part, from the bytes of the package's relationships."""
    found = [r.target for r in relations(data, "").values() if r.kind == "officeDocument"]
    return found[0] if found else None


def relations_part(part: str) -> str:
    """Where the relationships of a part are kept."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def relations(data: bytes | None, part: str) -> dict[str, Relation]:
    """The relationships of a part by id, with targets made absolute (no leading slash)."""
    found: dict[str, Relation] = {}
    if data is None:
        return found
    folder = posixpath.dirname(part)
    for item in children(parsed(data, part + ".rels")):
        target = attribute(item, "Target")
        if attribute(item, "TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[attribute(item, "Id")] = Relation(attribute(item, "Type").rpartition("/")[2], target)
    return found


def workbook(data: bytes) -> Contents:
    """The list of sheets, the defined names and the calendar, from the workbook part.

    A name that belongs to one sheet is keyed ``sheet!name``.
    """
    root = parsed(data, "workbook")
    if local(root) != "workbook":
        raise Unreadable("no_workbook")
    sheets: list[SheetEntry] = []
    names: dict[str, str] = {}
    date1904 = False
    for child in children(root):
        name = local(child)
        if name == "workbookPr":
            date1904 = attribute(child, "date1904") in ("1", "true")
        elif name == "sheets":
            sheets = [_entry(item) for item in children(child) if local(item) == "sheet"]
        elif name == "definedNames":
            names = dict(_names(child, sheets))
    if TEMPLATE_MARK in names:
        sheets = [sheet for sheet in sheets if sheet.name not in HELPERS] or sheets
    return Contents(tuple(sheets), names, date1904)


def strings(data: bytes | None) -> list[str]:
    """The shared strings, rich text joined and phonetics dropped."""
    if data is None:
        return []
    if len(data) <= _LARGE:
        return [string(item) for item in children(parsed(data, "sharedStrings")) if local(item) == "si"]
    found: list[str] = []
    for item in _elements(data, "sharedStrings", ("si",), "sst"):
        found.append(string(item))
        if len(found) > MAX_STRINGS:
            raise Unreadable("too_large", strings=f">{MAX_STRINGS}")
    return found


def string(item: etree._Element) -> str:
    """The text of an ``<si>`` or ``<is>``."""
    out: list[str] = []
    for child in children(item):
        name = local(child)
        if name == "t":
            out.append(child.text or "")
        elif name == "r":
            out.extend(run.text or "" for run in children(child) if local(run) == "t")
    return unescape("".join(out))


def _entry(item: etree._Element) -> SheetEntry:
    state = attribute(item, "state")
    relation = next((str(item.attrib[k]) for k in item.attrib if str(k).endswith("}id")), "")
    return SheetEntry(
        unescape(attribute(item, "name")),
        cast(SheetState, state) if state in ("hidden", "veryHidden") else "visible",
        relation,
    )


def _names(element: etree._Element, sheets: list[SheetEntry]) -> Iterator[tuple[str, str]]:
    for item in children(element):
        name = attribute(item, "name")
        at = attribute(item, "localSheetId")
        if at.isdigit() and int(at) < len(sheets):
            name = f"{sheets[int(at)].name}!{name}"
        if local(item) == "definedName" and name:
            yield name, item.text or ""


def _related(archive: Archive, related: dict[str, Relation], kind: str) -> bytes | None:
    return next((archive.read(r.target) for r in related.values() if r.kind == kind), None)


def _formats(archive: Archive, related: dict[str, Relation]) -> Formats:
    data = _related(archive, related, "styles")
    return PLAIN if data is None else formats(data)


def _worksheet(
    data: bytes, reading: _Reading, part: str
) -> tuple[dict[tuple[int, int], Cell], tuple[Merge, ...]]:
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[Merge] = []
    reading.shared.next_sheet()
    row = 0
    for element in _elements(_without_blanks(data), part, ("row", "mergeCell"), "worksheet"):
        if local(element) == "row":
            row = _row(element, row, cells, reading)
        else:
            merges.append(merge(attribute(element, "ref")))
            if len(merges) > MAX_MERGES:
                raise Unreadable("too_large", merges=f">{MAX_MERGES}")
    return cells, tuple(merges)


def _without_blanks(data: bytes) -> bytes:
    """Drop formatted cells without content from a large sheet before it is parsed.

    Borders dragged down over sixty thousand rows cost seconds otherwise.  Only where each cell
    names its place (else the count would shift) and nothing can hide markup.
    """
    if len(data) < _LARGE or b"<!" in data or data.count(b"<c ") != data.count(b'<c r="'):
        return data
    return _BLANK.sub(b"", data)


def _elements(data: bytes, part: str, names: tuple[str, ...], top: str) -> Iterator[etree._Element]:
    """Each row and merged range, or each string, forgotten once the caller is done with it."""
    try:
        events = etree.iterparse(
            io.BytesIO(data), events=("end",), tag=tuple(f"{{*}}{name}" for name in names), **PARSER_OPTIONS
        )
        for _, element in events:
            parent = element.getparent()
            if parent is not None and local(parent) in ("sheetData", "mergeCells", "sst"):
                yield element
            element.clear()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
        root = events.root
    except (etree.XMLSyntaxError, LookupError):
        raise Unreadable("unsafe" if b"<!DOCTYPE" in data[:4096] else "damaged", part=part[:80]) from None
    if root is None or local(root) != top:
        raise Unreadable("damaged", part=part[:80])
    refuse_dtd(root, part)


def _row(
    element: etree._Element, previous: int, cells: dict[tuple[int, int], Cell], reading: _Reading
) -> int:
    row = _integer(element.get("r"), previous + 1)
    column = 0
    for item in children(element):
        if local(item) != "c":
            continue
        reference = item.get("r")
        if not len(item):  # blank: only its column counts, for neighbours that do not name theirs
            column = _column(reference, column)
            continue
        at_row, column = position(reference) if reference else checked(row, column + 1)
        cell = _cell(item, (at_row, column), reading)
        if cell is not None:
            cells[at_row, column] = cell
            reading.left -= 1
            if reading.left < 0:
                raise Unreadable("too_large", cells=f">{MAX_CELLS}")
    return row


def _column(reference: str | None, previous: int) -> int:
    try:
        return position(reference)[1] if reference else previous + 1
    except Unreadable:  # a blank outside the grid is no harm
        return previous


def _integer(text: str | None, default: int) -> int:
    if text is None:
        return default
    try:
        return checked(int(text), 1)[0]
    except ValueError:
        raise Unreadable("damaged", row=text[:40]) from None


def _cell(item: etree._Element, at: tuple[int, int], reading: _Reading) -> Cell | None:
    stored: str | None = None
    inline: str | None = None
    formula: str | None = None
    for child in children(item):
        name = local(child)
        if name == "v":
            stored = child.text or ""
        elif name == "f":
            formula = _formula(child, at, reading)
        elif name == "is":
            inline = string(child)
    code = reading.formats.code(_style(item.get("s")))
    cell = _value(item.get("t") or "n", stored, inline, code, reading)
    if cell is None:
        return None if formula is None else with_formula(UNCACHED, formula)
    return with_formula(cell, formula)


def _style(text: str | None) -> int:
    if not text:
        return 0
    if not text.isdecimal() or len(text) > 9:
        raise Unreadable("damaged", style=text[:40])
    return int(text)


def _value(kind: str, stored: str | None, inline: str | None, code: str, reading: _Reading) -> Cell | None:
    """The cell without its formula; None when nothing is stored.

    An empty ``<v>`` is a result only where the type says text: a number without digits is what
    programs write that do not calculate.
    """
    if kind == "inlineStr":
        text = inline if inline is not None else unescape(stored or "")
        return text_cell(text, code) if text or inline is not None else None
    if stored is None:
        return None
    if kind == "str":
        return text_cell(unescape(stored), code)
    if not stored:
        return None
    if kind == "s":
        return text_cell(_shared(stored, reading.strings), code)
    if kind == "b":
        return boolean_cell(stored)
    if kind == "e":
        return error_cell(stored)
    if kind == "d":
        return _iso(stored, code)
    return number_cell(stored, code, reading.date1904)


def _shared(stored: str, table: list[str]) -> str:
    try:
        index = int(stored)
    except ValueError:
        index = -1
    if not 0 <= index < len(table):
        raise Unreadable("damaged", string=stored[:40])
    return table[index]


def _iso(stored: str, code: str) -> Cell:
    """A date stored as ISO 8601 text, which the Strict dialect allows."""
    try:
        when = datetime.fromisoformat(stored.strip().removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        raise Unreadable("damaged", value=stored[:40]) from None
    days = Decimal((when - _EPOCH) // timedelta(milliseconds=1)) / 86_400_000
    days -= days < 61  # Excel counts a 29 February 1900
    serial = numeral(format(days, "f")) or Decimal(0)
    text, is_date = shown(serial, code)
    if not is_date:
        text = stored.strip()
    return Cell(serial, "date", text)


def _formula(element: etree._Element, at: tuple[int, int], reading: _Reading) -> str:
    """The formula of a cell; "" when the file does not say (a data table, a lost shared formula)."""
    text, group = unescape(element.text or ""), element.get("si")
    return text if element.get("t") != "shared" or group is None else reading.shared.text(text, group, at)
