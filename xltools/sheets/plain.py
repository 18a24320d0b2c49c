"""The fast path for the ordinary .xlsx: what Excel, WPS and the usual libraries write.

It reads the same :class:`Workbook` as ``ooxml`` in a fraction of the time, by cutting the rows of
a sheet at their values (``rows``) instead of building a tree, and by remembering what forms share:
the same rows, the same styles part, the same relationships.

It must never guess.  Every row and cell has to match a strict pattern; whatever does not
(comments, CDATA, other prefixes, unusual attributes, zip64, a wrong CRC …) makes ``read``
return None, and the full reader decides.
"""

from __future__ import annotations

import re
import struct
from functools import lru_cache
from typing import NamedTuple

from xltools.sheets import cells as make
from xltools.sheets import inflating, ooxml, parts, plans, rows, skeletons, texts
from xltools.sheets.grid import Cell, Grid, Merge, SheetRow, SheetState, Unreadable, Workbook
from xltools.sheets.limits import MAX_CELLS, MAX_MERGES
from xltools.sheets.markup import attribute, local, parsed
from xltools.sheets.parts import Part, content
from xltools.sheets.plans import Position
from xltools.sheets.rows import Strings
from xltools.sheets.shifting import SharedFormulas
from xltools.sheets.strict import NotPlain, refuse
from xltools.sheets.styles import PLAIN, Formats, formats
from xltools.sheets.texts import MAIN

_MAX_FRAME = 64 << 10
"""Bytes; a longer frame (thousands of validations or links) is not kept."""
_BLANKS_MATTER = 64 << 10
"""Bytes of sheet data above which rows of blank formatted cells are dropped in one sweep first."""

_HEAD = re.compile(
    r'(?:<\?xml version="1\.0"([^<>?]*)\?>\s*)?<(worksheet|sst)((?: [\w:.]+="[^"<>]*")*) ?(/?)>'
)
_USUAL_STRINGS = re.compile(  # its counts differ from form to form
    rb'<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="yes")?\?>\s*'
    rb'<sst xmlns="%b"(?: count="[0-9]*")?(?: uniqueCount="[0-9]*")?>' % re.escape(MAIN).encode()
)
_ENCODING = re.compile(r'encoding="([^"]*)"')
_INDEXES = [b"%d" % index for index in range(2_000)]


def read(data: bytes) -> Workbook | None:
    """The workbook, or None when the file is not plain (or not sound): ask the full reader."""
    try:
        return _read(data)
    except (NotPlain, Unreadable, ValueError, IndexError, KeyError, struct.error, OverflowError):
        return None
    except inflating.ERRORS:
        return None


def forget() -> None:
    """Empty what is remembered between files (for measuring a first reading)."""
    for cache in (_frame, _main_parts, _book, _formats, _equal_formats):
        cache.cache_clear()
    for each in (parts, texts, plans, rows, skeletons):
        each.forget()


def _read(data: bytes) -> Workbook:
    package = parts.package(data)
    main, relations = _main_parts(package.part("_rels/.rels"))
    book = _book(package.part(main), package.part(relations), main)
    table = _formats(package.part(book.styles)) if book.styles is not None else PLAIN
    strings = _strings(content(package.part(book.strings))) if book.strings is not None else {}
    grids = []
    left, shared = MAX_CELLS, SharedFormulas()
    for name, state, target in book.sheets:
        cells, merges, found = _sheet(content(package.part(target)), strings, table, shared)
        left -= len(cells)
        grids.append(Grid(name, state, cells, merges, found))
    if not grids or left < 0:
        refuse()
    return Workbook(tuple(grids), package.container, fast=True, names=dict(book.names))


# --- parts that forms of one template share ----------------------------------------------------


class _Book(NamedTuple):
    """What the main part and its relationships say of a workbook.

    styles, strings: the names of these parts; None where there is none.
    sheets: name, state and part of every worksheet.
    names: the defined names.
    """

    styles: str | None
    strings: str | None
    sheets: tuple[tuple[str, SheetState, str], ...]
    names: dict[str, str]


@lru_cache(maxsize=64)
def _main_parts(part: Part) -> tuple[str, str]:
    """The names of the workbook's main part and of its relationships."""
    main = ooxml.workbook_part(content(part)) or refuse()
    folder, _, name = main.rpartition("/")
    return main, f"{folder}/_rels/{name}.rels"


@lru_cache(maxsize=64)
def _book(part: Part, relations: Part, main: str) -> _Book:
    contents = ooxml.workbook(content(part))
    if contents.date1904:
        refuse()
    related = ooxml.relations(content(relations), main)
    by_kind = {relation.kind: relation.target for relation in reversed(related.values())}
    sheets = tuple(
        (sheet.name, sheet.state, relation.target)
        for sheet in contents.sheets
        if (relation := related[sheet.relation]).kind == "worksheet"
    )
    return _Book(by_kind.get("styles"), by_kind.get("sharedStrings"), sheets, contents.names)


@lru_cache(maxsize=64)
def _formats(part: Part) -> Formats:
    """Of styles parts that say the same of formats there is one table: their rows are the same rows."""
    table = formats(content(part))
    return _equal_formats(table.codes, table.texts)


_equal_formats = lru_cache(maxsize=64)(Formats)


class _Frame(NamedTuple):
    """The merged ranges of a sheet, and the prefixes it declares."""

    merges: tuple[Merge, ...]
    prefixes: frozenset[bytes]


@lru_cache(maxsize=64)
def _frame(before: bytes, after: bytes, root: str) -> _Frame:
    """Check what stands around the data of a sheet or string table, and return what of it matters.

    UTF-8 and the usual namespace only.  The frame goes through an XML parser; forms of one
    template share it, so that happens once.
    """
    match = _HEAD.match(before.decode())
    if match is None or match[2] != root or f' xmlns="{MAIN}"' not in match[3]:
        refuse()
    encoding = _ENCODING.search(match[1] or "")
    if (encoding and encoding[1].lower() != "utf-8") or b"<!" in before + after or b"<sheetData" in after:
        refuse()
    element = parsed(before + after, root)
    merges = [
        make.merge(attribute(item, "ref"))
        for item in element.iter("{*}mergeCell")
        if (parent := item.getparent()) is not None and local(parent) == "mergeCells"
    ]
    if len(merges) > MAX_MERGES:
        refuse()
    return _Frame(tuple(merges), frozenset(prefix.encode() for prefix in element.nsmap if prefix))


def _framed(before: bytes, after: bytes, root: str) -> _Frame:
    short = len(before) + len(after) < _MAX_FRAME
    return _frame(before, after, root) if short else _frame.__wrapped__(before, after, root)


# --- a form's own parts ------------------------------------------------------------------------


def _strings(data: bytes) -> Strings:
    first = data.find(b"<si>")
    last = data.rfind(b"</si>") + 5
    if first < 0:
        if b"<si" in data:
            refuse()
        _framed(data, b"", "sst")
        return {}
    if data[last:].strip() != b"</sst>":
        refuse()
    if not _USUAL_STRINGS.fullmatch(data, 0, first):
        if data.find(b"<", data.find(b"<sst") + 1) != first:
            refuse()
        _framed(data[:first], data[last:], "sst")
    pieces = data[first + 4 : last - 5].split(b"</si><si>")
    indexes = _INDEXES if len(pieces) <= len(_INDEXES) else [b"%d" % index for index in range(len(pieces))]
    return dict(zip(indexes, texts.texts(pieces), strict=False))


def _sheet(
    data: bytes, strings: Strings, table: Formats, shared: SharedFormulas
) -> tuple[dict[Position, Cell], tuple[Merge, ...], tuple[SheetRow, ...]]:
    cut = skeletons.cut(data, table)
    known = skeletons.find(cut) if cut else None
    if cut and known:
        values = cut.values
        for index in known.strings:
            values[index] = strings[values[index]]
        cells, found = rows.read_planned(known.plans, known.formulas, tuple(values))
        return cells, known.merges, found
    start = data.find(b"<sheetData>") + 11
    end = data.rfind(b"</sheetData>")
    if start < 11 or end < start:
        before, empty, after = data.partition(b"<sheetData/>")
        if not empty or b"<sheetData" in before:
            refuse()
        return {}, _framed(before + empty, after, "worksheet").merges, ()
    frame = _framed(data[:start], data[end:], "worksheet")
    shared.next_sheet()
    body = data[start:end]
    if len(body) > _BLANKS_MATTER:
        body = plans.without_blanks(body, frame.prefixes)
    cells, found, planned = rows.read(body, strings, table, frame.prefixes, shared)
    if cut:
        skeletons.meet(data, cut, planned, frame.merges)
    return cells, frame.merges, found
