"""A person's .xlsx or .xlsm changed in single cells, and in nothing else.

Only the parts that must change are parsed and written anew; every other part is copied as it is
compressed.  Pictures, macros, stamps, charts and whatever else a workbook holds stay untouched.
"""

from __future__ import annotations

import copy
import io
import os
import posixpath
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import IO, NamedTuple

from lxml import etree

from xltools.model import CellWrite, column_letters
from xltools.quantities import plain
from xltools.sheets.archive import Archive
from xltools.sheets.grid import Unreadable
from xltools.sheets.limits import MAX_COLUMN, MAX_ROW
from xltools.sheets.markup import PARSER_OPTIONS, children, local, refuse_dtd
from xltools.sheets.numberformat import is_percent
from xltools.sheets.opening import file_bytes
from xltools.sheets.shifting import shifted
from xltools.sheets.styles import formats
from xltools.writing import replacing

Element = etree._Element
AUTHOR = "xltools"

_CONTENT_TYPES = "[Content_Types].xml"
_RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_LEGACY = frozenset(
    {
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
    }
)
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_REFERENCE = re.compile(
    r"(?<![\w.])\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?(?![\w.(])"
)
_COLUMNS = re.compile(r"(?<![\w.])\$?([A-Z]{1,3}):\$?([A-Z]{1,3})(?![\w.(])")
_ROWS = re.compile(r"(?<![\w.:])\$?([0-9]{1,7}):\$?([0-9]{1,7})(?![\w.:])")


class Unpatchable(Exception):
    """A change that cannot be made.  ``code`` is a key of `REFUSALS`; details name file or cell."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code, self.details = code, details

    def __str__(self) -> str:
        return REFUSALS[self.code][0].format(**self.details)


REFUSALS: dict[str, tuple[str, str]] = {
    "not_a_package": (
        "只能改写 .xlsx、.xlsm 文件，请先在 Excel 或 WPS 中另存为 .xlsx。",
        "Only .xlsx and .xlsm files can be changed; save the workbook as .xlsx first.",
    ),
    "no_sheet": ("工作簿中没有工作表“{sheet}”。", "The workbook has no sheet {sheet}."),
    "covered": (
        "单元格 {cell} 在合并区域 {range} 之内，不能写入。",
        "{cell} lies inside the merged range {range} and cannot be written.",
    ),
    "array": (
        "单元格 {cell} 属于数组公式区域 {range}，不能单独改写。",
        "{cell} belongs to the array formula {range} and cannot be changed alone.",
    ),
}


class Mark(NamedTuple):
    """A cell to point out: coloured, with a note.  ``colour`` is RRGGBB."""

    sheet: str
    cell: str
    text: str
    colour: str = "FFF2CC"


def apply(
    source: str | os.PathLike[str], target: str | os.PathLike[str], writes: Iterable[CellWrite]
) -> None:
    """Write the cells of ``source`` into ``target`` (which may be the same file).

    Raises Unreadable or Unpatchable before anything is written.
    """
    book = Book(source)
    for write in writes:
        book.write(write)
    book.save(target)


def annotate(
    source: str | os.PathLike[str], target: str | os.PathLike[str], marks: Iterable[Mark]
) -> tuple[Mark, ...]:
    """A copy of ``source`` with cells coloured and notes put on them.

    Notes of other people stay: ours is added below theirs.  Returned are the marks whose note could
    not be put because a conversation (threaded comment) stands on the cell; they are coloured.
    """
    book = Book(source)
    unnoted = tuple(mark for mark in marks if not book.mark(mark))
    book.save(target)
    return unnoted


# --- addresses ------------------------------------------------------------------------------------


class _Area(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    @property
    def first(self) -> str:
        return f"{column_letters(self.left)}{self.top}"

    def __str__(self) -> str:
        return f"{self.first}:{column_letters(self.right)}{self.bottom}"


def _number(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _position(cell: str) -> tuple[int, int]:
    found = _CELL.fullmatch(cell)
    if found is None:
        raise Unreadable("damaged", cell=cell[:20])
    return int(found[2]), _number(found[1])


def _area(text: str) -> _Area:
    first, _, last = text.partition(":")
    return _Area(*_position(first), *_position(last or first))


def _references(formula: str) -> Iterator[_Area]:
    """Every cell, range, whole column or row a formula mentions, on whatever sheet."""
    for found in _REFERENCE.finditer(formula):
        yield _area(found[0].replace("$", ""))
    for found in _COLUMNS.finditer(formula):
        yield _Area(1, _number(found[1]), MAX_ROW, _number(found[2]))
    for found in _ROWS.finditer(formula):
        yield _Area(int(found[1]), 1, int(found[2]), MAX_COLUMN)


# --- the package ----------------------------------------------------------------------------------


class _Parts:
    """The parts of a package: read with limits, changed as trees, saved with the rest untouched."""

    def __init__(self, source: str | os.PathLike[str]) -> None:
        self._data = file_bytes(source)
        if not self._data.startswith(b"PK"):
            raise Unpatchable("not_a_package")
        self._archive = Archive(self._data)
        self._infos = zipfile.ZipFile(io.BytesIO(self._data)).infolist()
        self._names = {_key(info.filename): info.filename for info in self._infos}
        self._trees: dict[str, Element] = {}
        self._changed: dict[str, bytes | None] = {}  # None: the tree is to be written
        self._dropped: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._names or _key(name) in self._changed

    def names(self) -> list[str]:
        return list(self._names)

    def raw(self, name: str) -> bytes | None:
        return self._changed.get(_key(name)) or self._archive.read(name)

    def tree(self, name: str) -> Element | None:
        key = _key(name)
        if key not in self._trees:
            data = self.raw(name)
            if data is None:
                return None
            self._trees[key] = _parsed(data, name)
        return self._trees[key]

    def required(self, name: str) -> Element:
        tree = self.tree(name)
        if tree is None:
            raise Unreadable("damaged", part=name[:80])
        return tree

    def touch(self, name: str) -> Element:
        """The tree of a part that is going to be changed."""
        tree = self.required(name)
        self._changed[_key(name)] = None
        return tree

    def put(self, name: str, content: bytes) -> None:
        """A new part, or a part given anew."""
        self._names.setdefault(_key(name), name)
        self._changed[_key(name)] = content

    def drop(self, name: str) -> None:
        self._dropped.add(_key(name))

    def free(self, pattern: str) -> str:
        number = 1
        while pattern % number in self:
            number += 1
        return pattern % number

    def save(self, stream: IO[bytes]) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
            for info in self._infos:
                key = _key(info.filename)
                if key in self._changed:
                    target.writestr(_entry(info.filename, info.date_time), self._bytes(key))
                elif key not in self._dropped:
                    self._copy(info, target)
            known = {_key(info.filename) for info in self._infos}
            for key in self._changed:
                if key not in known:
                    target.writestr(_entry(self._names[key], (1980, 1, 1, 0, 0, 0)), self._bytes(key))

    def _bytes(self, key: str) -> bytes:
        data = self._changed[key]
        if data is not None:
            return data
        declaration = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        return declaration + etree.tostring(self._trees[key].getroottree(), encoding="UTF-8")

    def _copy(self, info: zipfile.ZipInfo, target: zipfile.ZipFile) -> None:
        """The entry with its compressed bytes as they are; only its header is written anew."""
        start = info.header_offset
        name, extra = struct.unpack("<HH", self._data[start + 26 : start + 30])
        start += 30 + name + extra
        packed = self._data[start : start + info.compress_size]
        stream = target.fp
        if stream is None or len(packed) != info.compress_size:
            raise Unreadable("damaged", part=info.filename[:80])
        entry = copy.copy(info)
        entry.flag_bits &= ~0x08  # sizes stand in the header, no descriptor follows
        entry.header_offset = stream.tell()
        stream.write(entry.FileHeader(zip64=None) + packed)
        target.filelist.append(entry)
        target.NameToInfo[entry.filename] = entry
        target.start_dir = stream.tell()


def _key(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()


def _entry(name: str, when: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, when)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _parsed(data: bytes, name: str) -> Element:
    """As `markup.parsed`, but comments and processing instructions stay."""
    options = PARSER_OPTIONS | {"remove_comments": False, "remove_pis": False}
    try:
        root = etree.fromstring(data, etree.XMLParser(**options))
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise Unreadable("damaged", part=name[:80]) from None
    refuse_dtd(root, name)
    return root


def _child(parent: Element, name: str) -> Element | None:
    return next((child for child in children(parent) if local(child) == name), None)


def _make(parent: Element, name: str, **attributes: str) -> Element:
    """An element in the namespace (transitional or Strict) of its parent-to-be."""
    namespace = etree.QName(parent).namespace
    return parent.makeelement(f"{{{namespace}}}{name}", attributes)


def _append(parent: Element, name: str, **attributes: str) -> Element:
    made = _make(parent, name, **attributes)
    parent.append(made)
    return made


# --- the workbook ---------------------------------------------------------------------------------


class Book:
    """A workbook open for change.  Nothing reaches the disk before `save`."""

    def __init__(self, source: str | os.PathLike[str]) -> None:
        self._parts = _Parts(source)
        self._office = ""
        self._workbook = self._find_workbook()
        related = self._relations(self._workbook)
        self._sheets = {
            str(sheet.get("name")): related[sheet.get(f"{{{self._office}}}id", "")][1]
            for sheet in self._sheet_elements()
            if sheet.get(f"{{{self._office}}}id", "") in related
        }
        kinds = {kind: (key, target) for key, (kind, target) in related.items()}
        self._styles = kinds.get("styles", ("", ""))[1]
        self._chain = kinds.get("calcChain")
        self._fills: dict[tuple[int, str], int] = {}
        self._written: dict[str, set[str]] = {}
        self._stale: dict[str, list[tuple[int, int]]] = {}

    @property
    def signed(self) -> bool:
        """The file carries a digital signature, which any change voids."""
        return any(name.startswith("_xmlsignatures/") for name in self._parts.names())

    def write(self, write: CellWrite) -> None:
        """Put a formula and its result into a cell.

        Raises Unpatchable for a cell that a merge covers or that belongs to an array formula.
        """
        part = self._part(write.sheet)
        root = self._parts.touch(part)
        row, column = _position(write.cell)
        _refuse_covered(root, write.cell)
        _refuse_array(root, write.cell)
        cell = _cell_at(root, row, column)
        _release_shared(root, cell)
        before = _child(cell, "v")
        if (before.text if before is not None else None) != _result(write.value):
            self._stale.setdefault(part, []).append((row, column))
        _set_formula(cell, write.formula.removeprefix("="), write.value)
        self._written.setdefault(part, set()).add(write.cell)
        self._drop_chain()

    def without_percent(self, writes: Iterable[CellWrite]) -> tuple[list[CellWrite], list[CellWrite]]:
        """The writes, and apart those whose cell is formatted as percent."""
        styles = self._parts.raw(self._styles) if self._styles else None
        if styles is None:
            return list(writes), []
        codes = formats(styles)
        fit: list[CellWrite] = []
        percent: list[CellWrite] = []
        for write in writes:
            root = self._parts.required(self._part(write.sheet))
            cell = _existing(root, *_position(write.cell))
            style = 0 if cell is None else int(cell.get("s") or 0)
            (percent if is_percent(codes.code(style)) else fit).append(write)
        return fit, percent

    def mark(self, mark: Mark) -> bool:
        """Colour a cell and put a note on it; False when a conversation there leaves no room for one."""
        part = self._part(mark.sheet)
        root = self._parts.touch(part)
        covering = _merge_over(root, *_position(mark.cell))
        place = covering.first if covering else mark.cell
        self._colour(_cell_at(root, *_position(place)), mark.colour)
        return self._note(part, root, place, mark.text)

    def save(self, target: str | os.PathLike[str]) -> None:
        """Write the workbook; the target is replaced at once or not at all."""
        if self._has_stale_formula():
            self._recalculate_on_load()
        with replacing(target) as beside, open(beside, "wb") as stream:
            self._parts.save(stream)

    # -- finding parts

    def _find_workbook(self) -> str:
        for kind, target in self._relations("").values():
            if kind == "officeDocument" and target in self._parts:
                return target
        raise Unreadable("no_workbook")

    def _sheet_elements(self) -> list[Element]:
        sheets = _child(self._parts.required(self._workbook), "sheets")
        return [] if sheets is None else list(children(sheets))

    def _part(self, sheet: str) -> str:
        if sheet not in self._sheets:
            raise Unpatchable("no_sheet", sheet=sheet)
        return self._sheets[sheet]

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id -> (last word of its type, target part)."""
        tree = self._parts.tree(_relations_part(part))
        found: dict[str, tuple[str, str]] = {}
        for relation in () if tree is None else children(tree):
            base, _, kind = relation.get("Type", "").rpartition("/")
            if kind == "officeDocument":
                self._office = base
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                target = _resolved(part, target)
            found[relation.get("Id", "")] = (kind, target)
        return found

    def _relate(self, part: str, kind: str, target: str) -> str:
        name = _relations_part(part)
        if name not in self._parts:
            self._parts.put(name, f'<Relationships xmlns="{_RELS_NS}"/>'.encode())
        root = self._parts.touch(name)
        used = {relation.get("Id") for relation in children(root)}
        number = 1
        while f"rId{number}" in used:
            number += 1
        relative = posixpath.relpath(target, posixpath.dirname(part))
        _append(root, "Relationship", Id=f"rId{number}", Type=f"{self._office}/{kind}", Target=relative)
        return f"rId{number}"

    # -- formulas elsewhere

    def _drop_chain(self) -> None:
        """Excel rebuilds the calculation chain; one that lacks a formula it would call damage."""
        if self._chain is None:
            return
        key, part = self._chain
        self._chain = None
        self._parts.drop(part)
        relations = self._parts.touch(_relations_part(self._workbook))
        _remove(relations, lambda relation: relation.get("Id") == key)
        types = self._parts.touch(_CONTENT_TYPES)
        _remove(types, lambda item: _key(item.get("PartName", "x")) == _key(part))

    def _has_stale_formula(self) -> bool:
        """Some other formula uses a cell whose value changed, so its stored result is out of date."""
        cells = [cell for cells in self._stale.values() for cell in cells]
        return bool(cells) and any(self._uses(part, cells) for part in set(self._sheets.values()))

    def _uses(self, part: str, cells: list[tuple[int, int]]) -> bool:
        data = self._parts.raw(part) if part not in self._written else b"<f"
        if data is None or (b"<f" not in data and b":f" not in data):
            return False
        written = self._written.get(part, set())
        for formula in self._parts.required(part).iter("{*}f"):
            parent = formula.getparent()
            if parent is not None and parent.get("r") in written:
                continue
            if formula.get("t") == "shared" and not formula.text:
                return True
            areas = list(_references(formula.text or ""))
            if any(area.holds(*cell) for area in areas for cell in cells):
                return True
        return False

    def _recalculate_on_load(self) -> None:
        root = self._parts.touch(self._workbook)
        settings = _child(root, "calcPr")
        if settings is None:
            settings = _make(root, "calcPr")
            before = ("definedNames", "externalReferences", "functionGroups", "sheets")
            place = next(found for name in before if (found := _child(root, name)) is not None)
            place.addnext(settings)
        settings.set("fullCalcOnLoad", "1")

    # -- colour

    def _colour(self, cell: Element, colour: str) -> None:
        """The cell's own format with another fill: border, number format and font stay."""
        if not self._styles:
            return
        root = self._parts.touch(self._styles)
        fills, formats_ = _child(root, "fills"), _child(root, "cellXfs")
        base = int(cell.get("s") or 0)
        if fills is None or formats_ is None or base >= len(formats_):
            return
        if (base, colour) not in self._fills:
            clone = copy.deepcopy(formats_[base])
            clone.set("fillId", str(_fill(fills, colour)))
            clone.set("applyFill", "1")
            formats_.append(clone)
            formats_.set("count", str(len(formats_)))
            self._fills[base, colour] = len(formats_) - 1
        cell.set("s", str(self._fills[base, colour]))

    # -- notes

    def _note(self, part: str, root: Element, cell: str, text: str) -> bool:
        name = next((t for kind, t in self._relations(part).values() if kind == "comments"), None)
        if name is None:
            name = self._new_comments(part, root)
        comments = self._parts.touch(name)
        authors, notes = _child(comments, "authors"), _child(comments, "commentList")
        if authors is None or notes is None:
            raise Unreadable("damaged", part=name[:80])
        names = [author.text or "" for author in children(authors)]
        old = next((note for note in children(notes) if note.get("ref") == cell), None)
        if old is not None:
            return _extend_note(old, names, text)
        if AUTHOR not in names:
            _append(authors, "author").text = AUTHOR
            names.append(AUTHOR)
        note = _append(notes, "comment", ref=cell, authorId=str(names.index(AUTHOR)))
        _write_run(_append(note, "text"), text)
        self._draw_note(part, root, cell, text)
        return True

    def _new_comments(self, part: str, root: Element) -> str:
        name = self._parts.free("xl/comments%d.xml")
        namespace = etree.QName(root).namespace
        comments = f'<comments xmlns="{namespace}"><authors/><commentList/></comments>'
        self._parts.put(name, comments.encode())
        self._relate(part, "comments", name)
        types = self._parts.touch(_CONTENT_TYPES)
        _append(types, "Override", PartName=f"/{name}", ContentType=_COMMENTS_TYPE)
        return name

    def _draw_note(self, part: str, root: Element, cell: str, text: str) -> None:
        """The box of a note.  Excel's VML is not always well-formed, so it is extended as text."""
        legacy = _child(root, "legacyDrawing")
        if legacy is None:
            name = self._new_drawing(part, root)
        else:
            name = self._relations(part)[legacy.get(f"{{{self._office}}}id", "")][1]
        drawing = (self._parts.raw(name) or _EMPTY_DRAWING).decode("utf-8")
        end = drawing.rfind("</xml>")
        if end < 0:
            raise Unreadable("damaged", part=name[:80])
        box = _note_box(drawing, *_position(cell), text)
        self._parts.put(name, (drawing[:end] + box + drawing[end:]).encode())

    def _new_drawing(self, part: str, root: Element) -> str:
        name = self._parts.free("xl/drawings/vmlDrawing%d.vml")
        legacy = _make(root, "legacyDrawing")
        legacy.set(f"{{{self._office}}}id", self._relate(part, "vmlDrawing", name))
        later = next((child for child in children(root) if local(child) in _AFTER_LEGACY), None)
        if later is None:
            root.append(legacy)
        else:
            later.addprevious(legacy)
        types = self._parts.touch(_CONTENT_TYPES)
        if not any(item.get("Extension", "").lower() == "vml" for item in children(types)):
            default = _make(types, "Default", Extension="vml", ContentType=_VML_TYPE)
            types.insert(0, default)
        self._parts.put(name, _EMPTY_DRAWING)
        return name


def _relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(part: str, target: str) -> str:
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return posixpath.normpath(target.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _remove(parent: Element, wanted: Callable[[Element], bool]) -> None:
    for child in [child for child in children(parent) if wanted(child)]:
        parent.remove(child)


# --- cells ----------------------------------------------------------------------------------------


def _rows(root: Element) -> Iterator[tuple[int, Element]]:
    data = _child(root, "sheetData")
    number = 0
    for row in () if data is None else children(data):
        number = int(row.get("r") or number + 1)
        yield number, row


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    column = 0
    for cell in children(row):
        name = cell.get("r")
        column = _position(name)[1] if name else column + 1
        yield column, cell


def _existing(root: Element, row: int, column: int) -> Element | None:
    found = next((element for number, element in _rows(root) if number == row), None)
    if found is None:
        return None
    return next((cell for number, cell in _cells(found) if number == column), None)


def _cell_at(root: Element, row: int, column: int) -> Element:
    """The cell, made in its place where it is missing, with the format of its row or column."""
    line = _row_at(root, row)
    after = None
    for number, cell in _cells(line):
        if number == column:
            return cell
        if number > column:
            after = cell
            break
    made = _make(line, "c", r=f"{column_letters(column)}{row}")
    if after is None:
        line.append(made)
    else:
        after.addprevious(made)
    style = _inherited_style(root, line, column)
    if style:
        made.set("s", style)
    _widen(root, line, row, column)
    return made


def _row_at(root: Element, row: int) -> Element:
    after = None
    for number, element in _rows(root):
        if number == row:
            return element
        if number > row:
            after = element
            break
    data = _child(root, "sheetData")
    if data is None:
        raise Unreadable("damaged", part="sheetData")
    made = _make(data, "row", r=str(row))
    if after is None:
        data.append(made)
    else:
        after.addprevious(made)
    return made


def _inherited_style(root: Element, line: Element, column: int) -> str | None:
    if line.get("s") and line.get("customFormat") in ("1", "true"):
        return line.get("s")
    columns = _child(root, "cols")
    for span in () if columns is None else children(columns):
        if int(span.get("min", "0")) <= column <= int(span.get("max", "0")):
            return span.get("style")
    return None


def _widen(root: Element, line: Element, row: int, column: int) -> None:
    """The hints about the used range grow with a new cell."""
    spans = line.get("spans")
    if spans and re.fullmatch(r"\d+:\d+", spans):
        first, last = map(int, spans.split(":"))
        line.set("spans", f"{min(first, column)}:{max(last, column)}")
    dimension = _child(root, "dimension")
    if dimension is not None and dimension.get("ref"):
        used = _area(str(dimension.get("ref")))
        wider = _Area(
            min(used.top, row), min(used.left, column), max(used.bottom, row), max(used.right, column)
        )
        dimension.set("ref", str(wider))


def _merge_over(root: Element, row: int, column: int) -> _Area | None:
    merges = _child(root, "mergeCells")
    for merge in () if merges is None else children(merges):
        area = _area(merge.get("ref", ""))
        if area.holds(row, column):
            return area
    return None


def _refuse_covered(root: Element, cell: str) -> None:
    area = _merge_over(root, *_position(cell))
    if area and (area.top, area.left) != _position(cell):
        raise Unpatchable("covered", cell=cell, range=str(area))


def _refuse_array(root: Element, cell: str) -> None:
    for formula in root.iter("{*}f"):
        if formula.get("t") in ("array", "dataTable") and _area(formula.get("ref", cell)).holds(
            *_position(cell)
        ):
            raise Unpatchable("array", cell=cell, range=formula.get("ref", cell))


def _release_shared(root: Element, cell: Element) -> None:
    """Cells that borrow the formula of this one get their own text before it goes."""
    master = _child(cell, "f")
    if master is None or master.get("t") != "shared" or not master.text:
        return
    row, column = _position(cell.get("r", ""))
    for formula in root.iter("{*}f"):
        if formula is master or formula.get("t") != "shared" or formula.get("si") != master.get("si"):
            continue
        parent = formula.getparent()
        if parent is None:
            continue
        there = _position(parent.get("r", ""))
        formula.text = shifted(master.text, there[0] - row, there[1] - column)
        for name in ("t", "si", "ref"):
            formula.attrib.pop(name, "")


def _result(value: Decimal | str) -> str:
    return value if isinstance(value, str) else plain(value)


def _set_formula(cell: Element, formula: str, value: Decimal | str) -> None:
    for child in [child for child in children(cell) if local(child) in ("f", "v", "is")]:
        cell.remove(child)
    for name in ("t", "cm", "vm"):
        cell.attrib.pop(name, "")
    if isinstance(value, str):
        cell.set("t", "str")
    made, result = _make(cell, "f"), _make(cell, "v")
    made.text, result.text = formula, _result(value)
    cell.insert(0, made)
    cell.insert(1, result)


# --- fills and notes ------------------------------------------------------------------------------


def _fill(fills: Element, colour: str) -> int:
    """The index of a solid fill, made where it is missing."""
    rgb = f"FF{colour}"
    for index, fill in enumerate(children(fills)):
        pattern = _child(fill, "patternFill")
        front = None if pattern is None else _child(pattern, "fgColor")
        solid = pattern is not None and pattern.get("patternType") == "solid"
        if solid and front is not None and front.get("rgb") == rgb:
            return index
    pattern = _append(_append(fills, "fill"), "patternFill", patternType="solid")
    _append(pattern, "fgColor", rgb=rgb)
    _append(pattern, "bgColor", indexed="64")
    fills.set("count", str(len(fills)))
    return len(fills) - 1


def _write_run(parent: Element, text: str) -> None:
    run = _append(parent, "r")
    look = _append(run, "rPr")
    _append(look, "sz", val="9")
    _append(look, "color", indexed="81")
    _append(look, "rFont", val="宋体")
    _append(look, "charset", val="134")
    words = _append(run, "t")
    words.text = text
    words.set(_SPACE, "preserve")


def _extend_note(note: Element, authors: list[str], text: str) -> bool:
    """Add to a note somebody else wrote, renew one of ours; a conversation is left alone."""
    number = int(note.get("authorId") or 0)
    author = authors[number] if number < len(authors) else ""
    if author.startswith("tc="):
        return False
    body = _child(note, "text")
    if body is None:
        body = _append(note, "text")
    if author == AUTHOR:
        for child in list(body):
            body.remove(child)
        _write_run(body, text)
    elif text not in "".join(map(str, body.itertext())):
        _write_run(body, f"\n{AUTHOR}：{text}")
    return True


_EMPTY_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def _note_box(drawing: str, row: int, column: int, text: str) -> str:
    """The shape of one note, large enough for its text, with an id no other shape has."""
    used = [int(number) for number in re.findall(r"id=[\"']?_x0000_s(\d+)", drawing)]
    number = max([*used, 1024]) + 1
    lines = sum(1 + len(line) // 18 for line in text.splitlines()) + 1
    height = max(3, -(-lines * 13 // 20))
    top = max(row - 2, 0)
    kind = "" if re.search(r"id=[\"']?_x0000_t202[\"' ]", drawing) else _SHAPE_TYPE
    return (
        f'{kind}<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
        f'width:200pt;height:{height * 20}pt;z-index:{number - 1024};visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column}, 15, {top}, 10, {column + 4}, 15, {top + height}, 4</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column>"
        "</x:ClientData></v:shape>"
    )
