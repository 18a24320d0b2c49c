"""A form with buttons: an .xlsx becomes an .xlsm beside it, and back.  Nothing else in it changes.

The buttons are drawing shapes with a macro each; they stand right of the form and do not print.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import quoteattr

import olefile
from lxml import etree

from xltools.excel.captions import BUTTONS, TEXTS, Button
from xltools.messages.buttons import say
from xltools.package import Book, Unpatchable
from xltools.reading import read_file
from xltools.sheets.grid import Unreadable
from xltools.sheets.markup import children, local

Element = etree._Element

_BINARY = Path(__file__).with_name("vbaProject.bin")
_CONTENT_TYPES = "[Content_Types].xml"
_MACRO_PART = "xl/vbaProject.bin"
_MACRO_KIND = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_MACRO_TYPE = "application/vnd.ms-office.vbaProject"
_PLAIN_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_EMPTY_DRAWING = f'<xdr:wsDr xmlns:xdr="{_XDR}" xmlns:a="{_A}"/>'.encode()
_AFTER_DRAWING = frozenset(
    (
        *("legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
        *("webPublishItems", "tableParts", "extLst"),
    )
)
_BEFORE_NAMES = ("externalReferences", "functionGroups", "sheets")
_OWN_MODULES = frozenset(("thisworkbook", "xlwings", "xltoolsbuttons"))

_EMU = 12_700  # a point
_WIDTH, _HEIGHT, _STEP = 96, 26, 32
_SHAPE = (
    '<xdr:oneCellAnchor xmlns:xdr="{xdr}" xmlns:a="{a}"><xdr:from><xdr:col>{column}</xdr:col>'
    "<xdr:colOff>114300</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>{offset}</xdr:rowOff></xdr:from>"
    '<xdr:ext cx="{cx}" cy="{cy}"/><xdr:sp macro="[0]!{macro}" textlink=""><xdr:nvSpPr>'
    '<xdr:cNvPr id="{id}" name={name} descr={tip}/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    '<a:prstGeom prst="roundRect"><a:avLst/></a:prstGeom>'
    '<a:solidFill><a:srgbClr val="DDEBF7"/></a:solidFill><a:ln w="9525"><a:solidFill>'
    '<a:srgbClr val="2F75B5"/></a:solidFill></a:ln></xdr:spPr><xdr:txBody>'
    '<a:bodyPr vertOverflow="clip" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/>'
    '<a:lstStyle/><a:p><a:pPr algn="ctr"/><a:r><a:rPr lang="zh-CN" sz="1100"><a:solidFill>'
    '<a:srgbClr val="1F3864"/></a:solidFill><a:latin typeface="微软雅黑"/><a:ea typeface="微软雅黑"/>'
    "</a:rPr><a:t>{caption}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    '<xdr:clientData fPrintsWithSheet="0"/></xdr:oneCellAnchor>'
)


class MacroRefusal(Unpatchable):
    """A workbook whose macros stand in the way."""

    def __str__(self) -> str:
        return say(self.code, "zh", **self.details)


def add(source: str | os.PathLike[str], target: str | os.PathLike[str] | None = None) -> Path:
    """The form with buttons, as .xlsm beside it unless a target is named.

    Raises Unreadable when the workbook holds no form, Unpatchable for other files and for one with
    macros already, FileExistsError rather than overwrite.
    """
    output = _output(source, target, ".xlsm")
    reading = read_file(source)
    if not reading.forms:
        raise Unreadable(reading.reason_code or "not_a_form", **dict(reading.reason_details))
    book = _Workbook(source)
    book.bring_macros()
    for sheet in dict.fromkeys(form.sheet for form in reading.forms if not form.hidden):
        book.bring_buttons(sheet)
    book.save(output)
    return output


def strip(source: str | os.PathLike[str], target: str | os.PathLike[str] | None = None) -> Path:
    """The workbook without our buttons and macros, as .xlsx beside it unless a target is named.

    Raises Unpatchable when it has no macros or somebody else's, FileExistsError rather than overwrite.
    """
    output = _output(source, target, ".xlsx")
    book = _Workbook(source)
    book.take_macros()
    book.take_buttons()
    book.save(output)
    return output


def make_with_buttons(make: Callable[[Path], Path], output: str | os.PathLike[str]) -> Path:
    """A form that is made now, with buttons.  Raises MacroRefusal unless the name ends in .xlsm."""
    target = Path(output)
    if target.suffix.lower() != ".xlsm":
        raise MacroRefusal("macros_suffix", path=str(output))
    if target.exists():
        raise FileExistsError(17, "exists", str(output))
    with TemporaryDirectory() as folder:
        return add(make(Path(folder, "form.xlsx")), target)


def _output(source: str | os.PathLike[str], target: str | os.PathLike[str] | None, suffix: str) -> Path:
    output = Path(target) if target is not None else Path(source).with_suffix(suffix)
    if output.suffix.lower() in (".xlsx", ".xlsm"):
        output = output.with_suffix(suffix)
    elif output.suffix.lower() != suffix:
        output = output.with_name(output.name + suffix)
    if output.exists():
        raise FileExistsError(17, "exists", str(output))
    return output


class _Workbook(Book):
    """The package with what a macro workbook has more."""

    def bring_macros(self) -> None:
        if any(name.endswith("vbaproject.bin") for name in self._parts.names()):
            raise MacroRefusal("has_macros")
        self._parts.put(_MACRO_PART, _BINARY.read_bytes())
        relation = self._relate(self._workbook, "vbaProject", _MACRO_PART)
        for item in children(self._relations_tree(self._workbook)):
            if item.get("Id") == relation:
                item.set("Type", _MACRO_KIND)
        self._declare(_MACRO_PART, _MACRO_TYPE)
        self._become(_MACRO_BOOK)
        self._bring_texts()
        self._name_modules()

    def bring_buttons(self, sheet: str) -> None:
        part = self._part(sheet)
        root = self._parts.touch(part)
        drawing = self._parts.touch(self._drawing(part, root))
        column = _last_column(root)
        numbers = [int(each.get("id") or 0) for each in drawing.iter(f"{{{_XDR}}}cNvPr")]
        for position, button in enumerate(BUTTONS):
            row, offset = _down(root, 6 + _STEP * position)
            drawing.append(_shape(button, max([*numbers, 1]) + 1 + position, column, row, offset))

    def take_macros(self) -> None:
        found = [
            (key, part)
            for key, (kind, part) in self._relations(self._workbook).items()
            if kind == "vbaProject"
        ]
        if not found:
            raise MacroRefusal("no_macros")
        for key, part in found:
            if not _ours(self._parts.raw(part) or b""):
                raise MacroRefusal("foreign_macros")
            self._forget(self._workbook, key, part)
        self._become(_PLAIN_BOOK)
        self._take_texts()
        for part in self._sheets.values():
            self._unname(part, "sheetPr", "Sheet1")
        self._unname(self._workbook, "workbookPr", "ThisWorkbook")

    def take_buttons(self) -> None:
        for part in self._sheets.values():
            for key, (kind, drawing) in self._relations(part).items():
                tree = self._parts.tree(drawing) if kind == "drawing" else None
                if tree is None or not _buttons_in(tree):
                    continue
                if len(_buttons_in(tree)) == len(tree):
                    self._forget(part, key, drawing)
                    root = self._parts.touch(part)
                    root.remove(_required(root, "drawing"))
                    continue
                for anchor in _buttons_in(self._parts.touch(drawing)):
                    tree.remove(anchor)

    # -- parts

    def _relations_tree(self, part: str) -> Element:
        folder, _, name = part.rpartition("/")
        return self._parts.touch(f"{folder}/_rels/{name}.rels")

    def _declare(self, part: str, kind: str) -> None:
        types = self._parts.touch(_CONTENT_TYPES)
        _append(types, "Override", PartName=f"/{part}", ContentType=kind)

    def _become(self, kind: str) -> None:
        for item in children(self._parts.touch(_CONTENT_TYPES)):
            if item.get("PartName", "").lstrip("/").lower() == self._workbook.lower():
                item.set("ContentType", kind)

    def _forget(self, owner: str, key: str, part: str) -> None:
        """A part gone, with its relation and its content type."""
        self._parts.drop(part)
        for tree in (self._relations_tree(owner), self._parts.touch(_CONTENT_TYPES)):
            for item in list(children(tree)):
                name = item.get("PartName", "").lstrip("/").lower()
                if (item.get("Id") == key and local(item) == "Relationship") or name == part.lower():
                    tree.remove(item)

    def _drawing(self, part: str, root: Element) -> str:
        """The drawing part of a sheet, made where it has none."""
        there = _child(root, "drawing")
        if there is not None:
            return self._relations(part)[there.get(f"{{{self._office}}}id", "")][1]
        name = self._parts.free("xl/drawings/drawing%d.xml")
        self._parts.put(name, _EMPTY_DRAWING)
        self._declare(name, _DRAWING_TYPE)
        made = root.makeelement(f"{{{etree.QName(root).namespace}}}drawing", {})
        made.set(f"{{{self._office}}}id", self._relate(part, "drawing", name))
        later = next((child for child in children(root) if local(child) in _AFTER_DRAWING), None)
        if later is None:
            root.append(made)
        else:
            later.addprevious(made)
        return name

    # -- names

    def _bring_texts(self) -> None:
        root = self._parts.touch(self._workbook)
        names = _child(root, "definedNames")
        if names is None:
            names = root.makeelement(f"{{{etree.QName(root).namespace}}}definedNames", {})
            before = next(each for kind in _BEFORE_NAMES if (each := _child(root, kind)) is not None)
            before.addnext(names)
        for name, text in TEXTS.items():
            _append(names, "definedName", name=name, hidden="1").text = f'"{text}"'

    def _take_texts(self) -> None:
        root = self._parts.touch(self._workbook)
        names = _child(root, "definedNames")
        if names is None:
            return
        for name in list(children(names)):
            if name.get("name") in TEXTS:
                names.remove(name)
        if not len(names):
            root.remove(names)

    def _unname(self, part: str, holder: str, name: str) -> None:
        """Take back the code name we gave; a sheet's element that only held it goes too."""
        element = _child(self._parts.tree(part), holder)
        if element is None or element.get("codeName") != name:
            return
        root = self._parts.touch(part)
        del element.attrib["codeName"]
        if holder == "sheetPr" and not element.attrib and not len(element):
            root.remove(element)

    def _name_modules(self) -> None:
        """The code names of workbook and one sheet are those of the project's document modules."""
        root = self._parts.touch(self._workbook)
        settings = _child(root, "workbookPr")
        if settings is None:
            settings = root.makeelement(f"{{{etree.QName(root).namespace}}}workbookPr", {})
            _required(root, "sheets").addprevious(settings)
            for earlier in ("workbookProtection", "bookViews"):
                if (other := _child(root, earlier)) is not None:
                    other.addprevious(settings)
        settings.set("codeName", "ThisWorkbook")
        unnamed: list[str] = []
        for part in self._sheets.values():
            there = _child(self._parts.tree(part), "sheetPr")
            if there is not None and there.get("codeName") == "Sheet1":
                return
            if there is None or not there.get("codeName"):
                unnamed.append(part)
        if unnamed:
            sheet = self._parts.touch(unnamed[0])
            there = _child(sheet, "sheetPr")
            if there is None:
                there = sheet.makeelement(f"{{{etree.QName(sheet).namespace}}}sheetPr", {})
                sheet.insert(0, there)
            there.set("codeName", "Sheet1")


# --- elements -------------------------------------------------------------------------------------


def _child(parent: Element | None, name: str) -> Element | None:
    if parent is None:
        return None
    return next((child for child in children(parent) if local(child) == name), None)


def _required(parent: Element, name: str) -> Element:
    found = _child(parent, name)
    if found is None:
        raise Unreadable("damaged", part=name)
    return found


def _append(parent: Element, kind: str, **attributes: str) -> Element:
    made = parent.makeelement(f"{{{etree.QName(parent).namespace}}}{kind}", attributes)
    parent.append(made)
    return made


def _shape(button: Button, number: int, column: int, row: int, offset: int) -> Element:
    return etree.fromstring(
        _SHAPE.format(
            xdr=_XDR,
            a=_A,
            column=column,
            row=row,
            offset=offset,
            cx=_WIDTH * _EMU,
            cy=_HEIGHT * _EMU,
            macro=button.macro,
            id=number,
            name=quoteattr(button.macro),
            tip=quoteattr(button.tip),
            caption=button.caption,
        )
    )


def _buttons_in(drawing: Element) -> list[Element]:
    """The anchors of our shapes.  Excel may have turned them into another kind of anchor."""
    macros = {button.macro for button in BUTTONS}
    return [
        anchor
        for anchor in children(drawing)
        for shape in anchor.iter(f"{{{_XDR}}}sp")
        if shape.get("macro", "").rpartition("!")[2].rpartition(".")[2] in macros
    ]


def _last_column(root: Element) -> int:
    """The first column right of everything that is filled in, 0-based."""
    last = 0
    for cell in root.iter("{*}c"):
        if len(cell):
            last = max(last, _column(cell.get("r", "A1")))
    for merge in root.iter("{*}mergeCell"):
        last = max(last, _column(merge.get("ref", "A1").rpartition(":")[2]))
    return last


def _column(cell: str) -> int:
    number = 0
    for letter in re.sub(r"[^A-Z]", "", cell):
        number = number * 26 + ord(letter) - 64
    return number


def _down(root: Element, points: float) -> tuple[int, int]:
    """The row (0-based) and the offset into it, so many points from the top."""
    defaults = _child(root, "sheetFormatPr")
    usual = float(defaults.get("defaultRowHeight", 15) if defaults is not None else 15)
    heights = {
        int(row.get("r", 0)): 0.0 if row.get("hidden") in ("1", "true") else float(row.get("ht", usual))
        for row in root.iter("{*}row")
    }
    row = 1
    while points >= heights.get(row, usual):
        points -= heights.get(row, usual)
        row += 1
    return row - 1, int(points * _EMU)


def _ours(project: bytes) -> bool:
    """The macro project has our modules and nobody else's (sheets may have empty ones)."""
    try:
        with olefile.OleFileIO(io.BytesIO(project)) as file:
            names = [path[-1].lower() for path in file.listdir() if path[0].upper() == "VBA"]
    except OSError:
        return False
    modules = {
        name for name in names if name not in ("dir", "_vba_project") and not name.startswith("__srp_")
    }
    others = {name for name in modules - _OWN_MODULES if not re.fullmatch(r"sheet\d+|chart\d+", name)}
    return not others and "xltoolsbuttons" in modules
