"""A workbook open for change in single cells, and in nothing else."""

from __future__ import annotations

import copy
import os
import posixpath
import shutil
from typing import NamedTuple

from lxml import etree

from xltools.model import CellWrite
from xltools.package.addresses import position, references
from xltools.package.cells import (
    cell_at,
    cells,
    existing,
    merge_over,
    refuse_array,
    refuse_covered,
    release_shared,
    result_text,
    rows,
    set_formula,
)
from xltools.package.markup import Element, append, child_of, make, remove
from xltools.package.notes import AUTHOR, EMPTY_DRAWING, extend_note, fill_index, note_box, write_run
from xltools.package.parts import Parts, key_of, relations_part, resolved
from xltools.package.refusals import Unpatchable
from xltools.sheets.grid import Unreadable
from xltools.sheets.markup import children, local
from xltools.sheets.numberformat import is_percent
from xltools.sheets.styles import formats
from xltools.writing import replacing

CONTENT_TYPES = "[Content_Types].xml"
_RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_ENDINGS = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
}
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


class Mark(NamedTuple):
    """A cell to point out: coloured, with a note.  ``colour`` is RRGGBB."""

    sheet: str
    cell: str
    text: str
    colour: str = "FFF2CC"


class Book:
    """A workbook open for change.  Nothing reaches the disk before `save`."""

    def __init__(self, source: str | os.PathLike[str]) -> None:
        self._source = source
        self._parts = Parts(source)
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

    @property
    def ending(self) -> str:
        """The ending under which Excel opens the workbook; "" where its type is not declared."""
        types = self._parts.required(CONTENT_TYPES)
        name = key_of(f"/{self._workbook}".replace("//", "/"))
        declared = [
            t.get("ContentType", "") for t in children(types) if key_of(t.get("PartName", "x")) == name
        ]
        return next((_ENDINGS[kind] for kind in declared if kind in _ENDINGS), "")

    def protected(self, sheet: str) -> bool:
        """The sheet is protected, which keeps people from changing it, not programs."""
        return child_of(self._parts.required(self._part(sheet)), "sheetProtection") is not None

    def write(self, write: CellWrite) -> None:
        """Put a formula and its result into a cell.

        Raises Unpatchable for a cell that a merge covers or that belongs to an array formula.
        """
        part = self._part(write.sheet)
        root = self._parts.touch(part)
        row, column = position(write.cell)
        refuse_covered(root, write.cell)
        refuse_array(root, write.cell)
        cell = cell_at(root, row, column)
        release_shared(root, cell)
        before = child_of(cell, "v")
        if (before.text if before is not None else None) != result_text(write.value):
            self._stale.setdefault(part, []).append((row, column))
        set_formula(cell, write.formula.removeprefix("="), write.value)
        self._written.setdefault(part, set()).add(write.cell)
        self._drop_chain()

    def percent(self, sheet: str, cell: str) -> bool:
        """The cell is formatted as percent, so what it stores is a hundredth of what a person sees."""
        styles = self._parts.raw(self._styles) if self._styles else None
        if styles is None:
            return False
        found = existing(self._parts.required(self._part(sheet)), *position(cell))
        return found is not None and is_percent(formats(styles).code(int(found.get("s") or 0)))

    def spare(self, sheet: str, row: int) -> bool:
        """Nothing stands in the row."""
        root = self._parts.required(self._part(sheet))
        line = next((element for number, element in rows(root) if number == row), None)
        return line is None or not any(len(cell) for _, cell in cells(line))

    def mark(self, mark: Mark) -> bool:
        """Colour a cell and put a note on it; False when a conversation there leaves no room for one."""
        part = self._part(mark.sheet)
        root = self._parts.touch(part)
        covering = merge_over(root, *position(mark.cell))
        place = covering.first if covering else mark.cell
        self._colour(cell_at(root, *position(place)), mark.colour)
        return self._note(part, root, place, mark.text)

    def save(self, target: str | os.PathLike[str]) -> None:
        """Write the workbook; the target is replaced at once or not at all."""
        if self._has_stale_formula():
            self._recalculate_on_load()
        model = target if os.path.exists(target) else self._source
        with replacing(target) as beside:
            with open(beside, "wb") as stream:
                self._parts.save(stream)
            shutil.copymode(model, beside)

    # -- finding parts

    def _find_workbook(self) -> str:
        for kind, target in self._relations("").values():
            if kind == "officeDocument" and target in self._parts:
                return self._spreadsheet(target)
        raise Unpatchable("not_a_package")  # a zip of another kind: OpenDocument, for one

    def _spreadsheet(self, part: str) -> str:
        """The part, if it is a workbook in XML; Word documents and binary workbooks are none."""
        if part.endswith(".bin") or local(self._parts.required(part)) != "workbook":
            raise Unpatchable("not_a_package")
        return part

    def _sheet_elements(self) -> list[Element]:
        sheets = child_of(self._parts.required(self._workbook), "sheets")
        return [] if sheets is None else list(children(sheets))

    def _part(self, sheet: str) -> str:
        if sheet not in self._sheets:
            raise Unpatchable("no_sheet", sheet=sheet)
        return self._sheets[sheet]

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id -> (last word of its type, target part)."""
        tree = self._parts.tree(relations_part(part))
        found: dict[str, tuple[str, str]] = {}
        for relation in () if tree is None else children(tree):
            base, _, kind = relation.get("Type", "").rpartition("/")
            if kind == "officeDocument":
                self._office = base
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                target = resolved(part, target)
            found[relation.get("Id", "")] = (kind, target)
        return found

    def _relate(self, part: str, kind: str, target: str) -> str:
        name = relations_part(part)
        if name not in self._parts:
            self._parts.put(name, f'<Relationships xmlns="{_RELS_NS}"/>'.encode())
        root = self._parts.touch(name)
        used = {relation.get("Id") for relation in children(root)}
        number = 1
        while f"rId{number}" in used:
            number += 1
        relative = posixpath.relpath(target, posixpath.dirname(part))
        append(root, "Relationship", Id=f"rId{number}", Type=f"{self._office}/{kind}", Target=relative)
        return f"rId{number}"

    # -- formulas elsewhere

    def _drop_chain(self) -> None:
        """Excel rebuilds the calculation chain; one that lacks a formula it would call damage."""
        if self._chain is None:
            return
        key, part = self._chain
        self._chain = None
        self._parts.drop(part)
        relations = self._parts.touch(relations_part(self._workbook))
        remove(relations, lambda relation: relation.get("Id") == key)
        types = self._parts.touch(CONTENT_TYPES)
        remove(types, lambda item: key_of(item.get("PartName", "x")) == key_of(part))

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
            areas = list(references(formula.text or ""))
            if any(area.holds(*cell) for area in areas for cell in cells):
                return True
        return False

    def _recalculate_on_load(self) -> None:
        root = self._parts.touch(self._workbook)
        settings = child_of(root, "calcPr")
        if settings is None:
            settings = make(root, "calcPr")
            before = ("definedNames", "externalReferences", "functionGroups", "sheets")
            place = next(found for name in before if (found := child_of(root, name)) is not None)
            place.addnext(settings)
        settings.set("fullCalcOnLoad", "1")

    # -- colour

    def _colour(self, cell: Element, colour: str) -> None:
        """The cell's own format with another fill: border, number format and font stay."""
        if not self._styles:
            return
        root = self._parts.touch(self._styles)
        fills, formats_ = child_of(root, "fills"), child_of(root, "cellXfs")
        base = int(cell.get("s") or 0)
        if fills is None or formats_ is None or base >= len(formats_):
            return
        if (base, colour) not in self._fills:
            clone = copy.deepcopy(formats_[base])
            clone.set("fillId", str(fill_index(fills, colour)))
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
        authors, notes = child_of(comments, "authors"), child_of(comments, "commentList")
        if authors is None or notes is None:
            raise Unreadable("damaged", part=name[:80])
        names = [author.text or "" for author in children(authors)]
        old = next((note for note in children(notes) if note.get("ref") == cell), None)
        if old is not None:
            return extend_note(old, names, text)
        if AUTHOR not in names:
            append(authors, "author").text = AUTHOR
            names.append(AUTHOR)
        note = append(notes, "comment", ref=cell, authorId=str(names.index(AUTHOR)))
        write_run(append(note, "text"), text)
        self._draw_note(part, root, cell, text)
        return True

    def _new_comments(self, part: str, root: Element) -> str:
        name = self._parts.free("xl/comments%d.xml")
        namespace = etree.QName(root).namespace
        comments = f'<comments xmlns="{namespace}"><authors/><commentList/></comments>'
        self._parts.put(name, comments.encode())
        self._relate(part, "comments", name)
        types = self._parts.touch(CONTENT_TYPES)
        append(types, "Override", PartName=f"/{name}", ContentType=_COMMENTS_TYPE)
        return name

    def _draw_note(self, part: str, root: Element, cell: str, text: str) -> None:
        """The box of a note.  Excel's VML is not always well-formed, so it is extended as text."""
        legacy = child_of(root, "legacyDrawing")
        if legacy is None:
            name = self._new_drawing(part, root)
        else:
            name = self._relations(part)[legacy.get(f"{{{self._office}}}id", "")][1]
        drawing = (self._parts.raw(name) or EMPTY_DRAWING).decode("utf-8")
        end = drawing.rfind("</xml>")
        if end < 0:
            raise Unreadable("damaged", part=name[:80])
        box = note_box(drawing, *position(cell), text)
        self._parts.put(name, (drawing[:end] + box + drawing[end:]).encode())

    def _new_drawing(self, part: str, root: Element) -> str:
        name = self._parts.free("xl/drawings/vmlDrawing%d.vml")
        legacy = make(root, "legacyDrawing")
        legacy.set(f"{{{self._office}}}id", self._relate(part, "vmlDrawing", name))
        later = next((child for child in children(root) if local(child) in _AFTER_LEGACY), None)
        if later is None:
            root.append(legacy)
        else:
            later.addprevious(legacy)
        types = self._parts.touch(CONTENT_TYPES)
        if not any(item.get("Extension", "").lower() == "vml" for item in children(types)):
            default = make(types, "Default", Extension="vml", ContentType=_VML_TYPE)
            types.insert(0, default)
        self._parts.put(name, EMPTY_DRAWING)
        return name
