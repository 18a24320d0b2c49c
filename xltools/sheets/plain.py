"""The fast path for the ordinary .xlsx: what Excel, WPS and the usual libraries write.

It reads the same :class:`Workbook` as ``ooxml`` in a fraction of the time, by splitting the
sheet's text at its tags instead of building a tree, and by remembering what forms share: the
same label cells, the same styles part, the same relationships.

It must never guess.  Every row and cell has to match a strict pattern; whatever does not
(comments, CDATA, other prefixes, unusual attributes, zip64, a wrong CRC …) makes ``read``
return None, and the full reader decides.
"""

from __future__ import annotations

import re
import struct
import zlib
from functools import lru_cache
from typing import NamedTuple, NoReturn

from xltools.sheets import cells as make
from xltools.sheets import ooxml
from xltools.sheets.grid import Cell, Grid, Merge, Unreadable, Workbook
from xltools.sheets.limits import MAX_CELLS, MAX_MERGES, MAX_RATIO, MAX_ROW, RATIO_FREE
from xltools.sheets.markup import attribute, local, parsed
from xltools.sheets.styles import PLAIN, Formats, formats

_MAX_PARTS = 1_000
_MAX_SHEET = 8 << 20
"""Inflated bytes; a larger part streams through the full reader instead of lying in memory whole."""
_REMEMBERED = 300
"""Characters; a longer piece holds somebody's prose and does not come again."""
_MAX_FRONTS = 8_192
"""Cell fronts remembered for one styles part: some twenty templates' worth, about 4 MB."""
_MAX_FRAME = 64 << 10
"""Characters; a longer frame (thousands of validations or links) is not kept."""
_BLANKS_MATTER = 64 << 10
"""Characters of sheet data above which blank formatted cells are dropped in one sweep first."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_END = struct.Struct("<4sHHHHIIH")
_ENTRY = struct.Struct("<4sHHHHHHIIIHHHHHII")
_LOCAL = struct.Struct("<4s22xHH")
_ODD_FLAGS = 0x2061  # encrypted, patched, strongly encrypted, masked headers

_HEAD = re.compile(
    r'(?:<\?xml version="1\.0"([^<>?]*)\?>\s*)?<(worksheet|sst)((?: [\w:.]+="[^"<>]*")*) ?(/?)>'
)
_USUAL_STRINGS = re.compile(  # its counts differ from form to form
    r'<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="yes")?\?>\s*'
    rf'<sst xmlns="{re.escape(_MAIN)}"(?: count="[0-9]*")?(?: uniqueCount="[0-9]*")?>'
)
_ENCODING = re.compile(r'encoding="([^"]*)"')
_ATTRIBUTES = r'(?: [A-Za-z][\w:]*="[^"<>&]*")*'
_ROW = re.compile(rf"(?:<row{_ATTRIBUTES} ?/>)*<row{_ATTRIBUTES}>")
_EMPTY_ROWS = re.compile(rf"(?:<row{_ATTRIBUTES} ?/>)*")
_ROW_NUMBER = re.compile(r' r="([^"]*)"')
_FRONT = re.compile(
    r'r="([A-Z]{1,3}[1-9][0-9]{0,6})"(?: s="([0-9]{1,5})")?(?: t="(s|str|n|b|e|inlineStr)")?'
    r"(?:>|(?= ?/>))"
    rf"(?:<f({_ATTRIBUTES})(?: ?/>|>([^<]*)</f>))?"
    r"( ?/>|(?:<is>(.*)</is>)?</c>)?",
    re.DOTALL | re.ASCII,
)
_BLANK_CELL = re.compile(r'<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,5}")?(?: t="n")? ?(?:/>|></c>)')
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_TEXT = re.compile(r'<t(?: xml:space="preserve")?>([^<]*)</t>(?:<phoneticPr [^<>]*/>)?')
_SPECIAL = re.compile("[&\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\\]\\]>")
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

_seen_rows: set[str] = set()
"""Row tags that have been checked."""
_INDEXES = [str(index) for index in range(2_000)]

# What a cell is: its ``t`` attribute, and two of our own.
_NUMBER, _STRING, _INLINE = "n", "s", "inlineStr"
_BLANK = "blank"
_STYLED = "styled"  # a shared string whose format changes how it shows

Position = tuple[int, int]
Master = tuple[str, int, int]
_Front = tuple[str, Position, str, str | None, str | None]
"""What is known of a cell before its value: type, position, format code, formula, shared group.
A bare tuple, because unpacking a named one costs the loop a fifth of its time."""


class _NotPlain(Exception):
    """Something the fast path does not understand."""


class _Packed(NamedTuple):
    """A part as stored.  Equal parts of different files are equal, so it can key a cache."""

    stored: bytes
    method: int
    size: int
    crc: int


class _Entry(NamedTuple):
    offset: int
    packed_size: int
    method: int
    size: int
    crc: int
    name: bytes


def read(data: bytes) -> Workbook | None:
    """The workbook, or None when the file is not plain (or not sound): ask the full reader."""
    try:
        return _read(data)
    except (_NotPlain, Unreadable, ValueError, IndexError, KeyError, zlib.error, struct.error, OverflowError):
        return None


def forget() -> None:
    """Empty what is remembered between files (for measuring a first reading)."""
    for cache in (_fronts, _string, _frame, _main_part, _relations, _contents, _formats):
        cache.cache_clear()
    _seen_rows.clear()


def _read(data: bytes) -> Workbook:
    entries = _directory(data)
    root = _main_part(_packed(data, entries, "_rels/.rels"))
    folder, _, name = root.rpartition("/")
    related = _relations(_packed(data, entries, f"{folder}/_rels/{name}.rels"), root)
    contents = _contents(_packed(data, entries, root))
    if contents.date1904:
        _refuse()
    by_kind = {relation.kind: relation.target for relation in reversed(related.values())}
    table = _formats(_packed(data, entries, by_kind["styles"])) if "styles" in by_kind else PLAIN
    strings: dict[str, Cell] = {}
    if "sharedStrings" in by_kind:
        strings = _strings(_inflated(_packed(data, entries, by_kind["sharedStrings"])).decode())
    grids = []
    left = MAX_CELLS
    for sheet in contents.sheets:
        relation = related[sheet.relation]
        if relation.kind != "worksheet":
            continue
        text = _inflated(_packed(data, entries, relation.target)).decode()
        found, merges = _sheet(text, strings, table)
        left -= len(found)
        grids.append(Grid(sheet.name, sheet.state, found, merges))
    if not grids or left < 0:
        _refuse()
    container = ooxml.container([b.decode("ascii") for b in entries])
    return Workbook(tuple(grids), container, fast=True, names=dict(contents.names))


def _refuse() -> NoReturn:
    raise _NotPlain


# --- the package -------------------------------------------------------------------------------


def _directory(data: bytes) -> dict[bytes, _Entry]:
    """The parts by lower-case name, from the central directory alone."""
    end = len(data) - 22
    if data[end : end + 4] != b"PK\x05\x06":
        end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0:
        _refuse()
    _, disk, first, here, count, size, offset, comment = _END.unpack_from(data, end)
    if disk or first or here != count or count > _MAX_PARTS or offset + size != end:
        _refuse()
    if end + 22 + comment != len(data):
        _refuse()
    entries: dict[bytes, _Entry] = {}
    at = offset
    for _ in range(count):
        mark, _, _, flags, method, _, _, crc, packed, full, n, extra, note, part_disk, _, _, start = (
            _ENTRY.unpack_from(data, at)
        )
        name = data[at + 46 : at + 46 + n]
        key = name.lower()
        if mark != b"PK\x01\x02" or flags & _ODD_FLAGS or part_disk or start >= offset or key in entries:
            _refuse()
        if not name.isascii() or b".." in name or b"\\" in name or b"\0" in name or name[:1] == b"/":
            _refuse()
        entries[key] = _Entry(start, packed, method, full, crc, name)
        at += 46 + n + extra + note
    if at != end:
        _refuse()
    return entries


def _packed(data: bytes, entries: dict[bytes, _Entry], name: str) -> _Packed:
    entry = entries[name.lower().encode("ascii")]
    if entry.size > _MAX_SHEET or (entry.size > RATIO_FREE and entry.size > MAX_RATIO * entry.packed_size):
        _refuse()
    mark, n, extra = _LOCAL.unpack_from(data, entry.offset)
    start = entry.offset + 30
    if mark != b"PK\x03\x04" or data[start : start + n] != entry.name:
        _refuse()
    start += n + extra
    stored = data[start : start + entry.packed_size]
    if len(stored) != entry.packed_size:
        _refuse()
    return _Packed(stored, entry.method, entry.size, entry.crc)


def _inflated(part: _Packed) -> bytes:
    if part.method == 8:
        inflater = zlib.decompressobj(-15)
        # One byte more than declared: a header that lies shows, and nothing runs away.
        out = inflater.decompress(part.stored, part.size + 1)
        if not inflater.eof or inflater.unused_data:
            _refuse()
    elif part.method == 0:
        out = part.stored
    else:
        _refuse()
    if len(out) != part.size or zlib.crc32(out) != part.crc:
        _refuse()
    return out


@lru_cache(maxsize=64)
def _main_part(part: _Packed) -> str:
    return ooxml.workbook_part(_inflated(part)) or _refuse()


@lru_cache(maxsize=64)
def _relations(part: _Packed, of: str) -> dict[str, ooxml.Relation]:
    return ooxml.relations(_inflated(part), of)


@lru_cache(maxsize=64)
def _contents(part: _Packed) -> ooxml.Contents:
    return ooxml.workbook(_inflated(part))


@lru_cache(maxsize=64)
def _formats(part: _Packed) -> Formats:
    return formats(_inflated(part))


# --- texts -------------------------------------------------------------------------------------


def _decoded(raw: str) -> str:
    """Character data as an XML parser and then Excel would read it."""
    if _SPECIAL.search(raw):
        bare = raw.replace("\r\n", "\n").replace("\r", "\n")
        if _SPECIAL.search(bare.replace("&", "")) or bare.count("&") != len(_REFERENCE.findall(bare)):
            _refuse()
        raw = _REFERENCE.sub(_referred, bare)
    return make.unescape(raw)


def _referred(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    if (code < 32 and code not in (9, 10, 13)) or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF):
        _refuse()
    return chr(code)


@lru_cache(maxsize=64)
def _frame(before: str, after: str, root: str) -> tuple[Merge, ...]:
    """Check what stands around the data of a sheet or string table, and return its merged ranges.

    UTF-8 and the usual namespace only.  The frame goes through an XML parser; forms of one
    template share it, so that happens once.
    """
    match = _HEAD.match(before)
    if match is None or match[2] != root or f' xmlns="{_MAIN}"' not in match[3]:
        _refuse()
    encoding = _ENCODING.search(match[1] or "")
    if (encoding and encoding[1].lower() != "utf-8") or "<!" in before + after or "<sheetData" in after:
        _refuse()
    element = parsed(f"{before}{after}".encode(), root)
    merges = [
        make.merge(attribute(item, "ref"))
        for item in element.iter("{*}mergeCell")
        if (parent := item.getparent()) is not None and local(parent) == "mergeCells"
    ]
    if len(merges) > MAX_MERGES:
        _refuse()
    return tuple(merges)


def _framed(before: str, after: str, root: str) -> tuple[Merge, ...]:
    short = len(before) + len(after) < _MAX_FRAME
    return _frame(before, after, root) if short else _frame.__wrapped__(before, after, root)


def _strings(text: str) -> dict[str, Cell]:
    """The shared strings by index as the cells spell it, each ready as the cell it will be."""
    first = text.find("<si>")
    last = text.rfind("</si>") + 5
    if first < 0:
        if "<si" in text:
            _refuse()
        _framed(text, "", "sst")
        return {}
    if text[last:].strip() != "</sst>" or text.find("<", text.find("<sst") + 1) != first:
        _refuse()
    if not _USUAL_STRINGS.fullmatch(text, 0, first):
        _framed(text[:first], text[last:], "sst")
    pieces = text[first + 4 : last - 5].split("</si><si>")
    made = [_string(piece) if len(piece) < _REMEMBERED else _string.__wrapped__(piece) for piece in pieces]
    indexes = _INDEXES if len(made) <= len(_INDEXES) else [str(index) for index in range(len(made))]
    return dict(zip(indexes, made, strict=False))


@lru_cache(maxsize=8192)
def _string(piece: str) -> Cell:
    """The inside of an ``<si>`` or ``<is>`` as a text cell."""
    match = _TEXT.fullmatch(piece)
    if match:
        value = _decoded(match[1])
    else:  # rich text, phonetics: rare enough for a parser, and shared between forms
        value = ooxml.string(parsed(f'<si xmlns="{_MAIN}">{piece}</si>'.encode(), "si"))
    return make.text_cell(value)


# --- a sheet -----------------------------------------------------------------------------------


def _sheet(
    text: str, strings: dict[str, Cell], table: Formats
) -> tuple[dict[Position, Cell], tuple[Merge, ...]]:
    start = text.find("<sheetData>")
    if start < 0:
        before, empty, after = text.partition("<sheetData/>")
        if not empty or "<sheetData" in before:
            _refuse()
        return {}, _framed(before + empty, after, "worksheet")
    end = text.find("</sheetData>", start)
    if end < 0:
        _refuse()
    merges = _framed(text[: start + 11], text[end:], "worksheet")
    body = text[start + 11 : end]
    if len(body) > _BLANKS_MATTER:
        body = _BLANK_CELL.sub("", body)
    if "<v/>" in body or "<v />" in body:  # an empty value, written short
        body = body.replace("<v/>", "<v></v>").replace("<v />", "<v></v>")
    return _cells(body, strings, table), merges


def _cells(body: str, strings: dict[str, Cell], table: Formats) -> dict[Position, Cell]:
    """Cells by position.  Each is cut before its value: what stands in front of it (place, style,
    formula) is the same in every form of a template, and remembered."""
    cells: dict[Position, Cell] = {}
    masters: dict[str, Master] = {}
    number_cell, fronts, seen_rows = make.number_cell, _fronts(table), _seen_rows
    rows = body.split("</row>")
    if not _EMPTY_ROWS.fullmatch(rows.pop()):
        _refuse()
    for row in rows:
        pieces = iter(row.split("<c "))
        header = next(pieces)
        if header not in seen_rows:
            _row_header(header, seen_rows)
        for piece in pieces:
            stem, mark, rest = piece.partition("<v>")
            front = fronts.get(stem)
            if front is None:
                front = _remembered(stem, table, fronts)
            what, at, code, formula, shared = front
            if not mark:
                if what != _BLANK:
                    cells[at] = _valueless(front, stem, masters)
            elif rest[-8:] != "</v></c>":
                _refuse()
            elif what == _STRING and formula is None:
                cells[at] = strings[rest[:-8]]
            elif what == _NUMBER and shared is None and rest != "</v></c>":
                cell = number_cell(rest[:-8], code)
                cells[at] = cell if formula is None else Cell(cell[0], cell[1], cell[2], cell[3], formula)
            else:
                _store(cells, front, rest[:-8], strings, masters)
    return cells


@lru_cache(maxsize=64)
def _fronts(table: Formats) -> dict[str, _Front]:
    """What ``_front`` has said so far for workbooks with these formats."""
    return {}


def _remembered(stem: str, table: Formats, fronts: dict[str, _Front]) -> _Front:
    front = _front(stem, table)
    if len(stem) < _REMEMBERED:
        if len(fronts) >= _MAX_FRONTS:
            fronts.clear()
        fronts[stem] = front
    return front


def _store(
    cells: dict[Position, Cell],
    front: _Front,
    raw: str,
    strings: dict[str, Cell],
    masters: dict[str, Master],
) -> None:
    what, at, code, formula, shared = front
    cell = _valued(what, raw, strings, code)
    if shared is not None:
        formula = ooxml.formula_text(formula or "", "shared", shared, at, masters)
    if cell is not None:
        cells[at] = make.with_formula(cell, formula)
    elif formula is not None:
        cells[at] = make.with_formula(make.UNCACHED, formula)


def _valued(what: str, raw: str, strings: dict[str, Cell], code: str) -> Cell | None:
    """A cell from its stored value, as in the full reader; None when it stores nothing."""
    if what == "str":
        return make.text_cell(_decoded(_bare(raw)), code)
    if not raw:
        return None
    if what == _NUMBER:
        return make.number_cell(raw, code)
    if what == _STRING:
        return strings[raw]
    if what == _STYLED:
        return make.text_cell(str(strings[raw].value), code)
    if what == "b":
        return make.boolean_cell(_decoded(_bare(raw)))
    if what == "e":
        return make.error_cell(_decoded(_bare(raw)))
    _refuse()


def _valueless(front: _Front, stem: str, masters: dict[str, Master]) -> Cell:
    """A cell without ``<v>``: an inline text, or a formula nobody has calculated."""
    what, at, code, formula, shared = front
    if shared is not None:
        formula = ooxml.formula_text(formula or "", "shared", shared, at, masters)
    if what != _INLINE:
        return make.with_formula(make.UNCACHED, formula)
    inline = stem[stem.index("<is>") + 4 : -9]
    cell = _string(inline) if len(inline) < _REMEMBERED else _string.__wrapped__(inline)
    if code != "General":
        cell = make.text_cell(str(cell.value), code)
    return make.with_formula(cell, formula)


def _bare(raw: str) -> str:
    return _refuse() if "<" in raw else raw


def _row_header(header: str, seen: set[str]) -> None:
    """Check what stands before the first cell of a row: empty rows, and the row's own tag."""
    if not _ROW.fullmatch(header) or "xmlns" in header:
        _refuse()
    for number in _ROW_NUMBER.findall(header):
        if not number.isdecimal() or not 1 <= int(number) <= MAX_ROW:
            _refuse()
    if len(header) < _REMEMBERED:
        if len(seen) >= _MAX_FRONTS:
            seen.clear()
        seen.add(header)


def _front(stem: str, table: Formats) -> _Front:
    """What stands between ``<c `` and the value: type, position, format code, formula, shared group."""
    match = _FRONT.fullmatch(stem)
    if match is None:
        _refuse()
    reference, style_text, kind, formula_attributes, formula_raw, end, inline = match.groups()
    formula, shared = None, None
    if formula_attributes is not None:
        formula, shared = _formula(formula_attributes, formula_raw)
    elif end and inline is None:
        return _BLANK, (0, 0), "", None, None
    if (kind == "inlineStr") != (inline is not None):
        _refuse()
    style = int(style_text) if style_text else 0
    what = kind or _NUMBER
    if what == _STRING and style in table.texts:
        what = _STYLED
    return what, make.position(reference), table.code(style), formula, shared


def _formula(attributes: str, raw: str | None) -> tuple[str, str | None]:
    """The formula's text and, if it is shared, the key of the group."""
    text = _decoded(raw or "")
    if not attributes:
        return text, None
    found = _ATTRIBUTE.findall(attributes)
    known = dict(found)
    if len(known) != len(found) or "xmlns" in known:
        _refuse()
    return text, known.get("si") if known.get("t") == "shared" else None
