"""``xltools.xlam``: the macro project with a ribbon tab, as an add-in for whatever workbook is open."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

from xltools.excel.captions import BUTTONS, TEXTS
from xltools.writing import replacing

NAME = "xltools.xlam"
_BINARY = Path(__file__).with_name("vbaProject.bin")
_RIBBON = "customUI/customUI14.xml"
_RIBBON_TYPE = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_MACRO_SHEET = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_GROUPS = (("检查", ("validate", "report")), ("填报", ("fill", "write_report", "undo")), ("汇总", ("merge",)))


def ribbon() -> str:
    """The tab 绩效自评 in customUI (2009 schema); the tag of a button names its entry point."""
    buttons = {button.entry: button for button in BUTTONS}
    groups = []
    for number, (label, entries) in enumerate(_GROUPS, 1):
        controls = "".join(
            f'<button id="xltools_{entry}" label={quoteattr(buttons[entry].caption)} size="large"'
            f" imageMso={quoteattr(buttons[entry].picture)} screentip={quoteattr(buttons[entry].caption)}"
            f" supertip={quoteattr(buttons[entry].tip)}"
            f' onAction="XltoolsButtons.xltools_ribbon" tag="{entry}"/>'
            for entry in entries
        )
        groups.append(f'<group id="xltools_group{number}" label="{label}">{controls}</group>')
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon><tabs>'
        f'<tab id="xltools_tab" label="绩效自评" insertAfterMso="TabView">{"".join(groups)}</tab>'
        "</tabs></ribbon></customUI>"
    )


def build() -> bytes:
    """The add-in, the same bytes every time."""
    with zipfile.ZipFile(io.BytesIO(_workbook())) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    types = parts["[Content_Types].xml"].decode()
    parts["[Content_Types].xml"] = types.replace(_MACRO_SHEET, _ADDIN).encode()
    related = parts["_rels/.rels"].decode()
    relation = f'<Relationship Id="rIdXltools" Type="{_RIBBON_TYPE}" Target="{_RIBBON}"/>'
    parts["_rels/.rels"] = related.replace("</Relationships>", relation + "</Relationships>").encode()
    parts[_RIBBON] = ribbon().encode()
    return _packed(parts)


def _workbook() -> bytes:
    """One empty sheet, the macros, and the sentences they need."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "xltools", "created": datetime(2024, 1, 1)})
        book.add_vba_project(str(_BINARY))
        book.set_vba_name("ThisWorkbook")
        book.add_worksheet("xltools").set_vba_name("Sheet1")
        for name, text in TEXTS.items():
            book.define_name(name, f'="{text}"')
    return stream.getvalue()


def _packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, data)
    return stream.getvalue()


def write(target: str | os.PathLike[str]) -> Path:
    with replacing(target) as beside:
        beside.write_bytes(build())
    return Path(target)
