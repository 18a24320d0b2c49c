"""The forms of the corpus as other programs write them, a folder each: for `fastpath.py --draw`."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import xlsxwriter
from casting import SHEET, formulated, mould, package, written
from contents import Form, Writer, form
from openpyxl import Workbook, load_workbook

from xltools.form_sheet import Styles, draw

_SEED = 5
_USUAL, _STRICT = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
_DOT = bytes.fromhex(  # a picture of one pixel
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def _forms(number: int, writer: Writer) -> Iterator[Form]:
    """The first clean forms of the corpus by that writer."""
    found, at = 0, 0
    while found < number:
        at += 1
        made = form(_SEED, at, 0.0, unlike=True)
        if made.shape.writer == writer:
            found += 1
            yield made


def _cast(made: Form) -> bytes:
    return mould(made.shape).cast(made)


def _drawn(made: Form, add: Callable[[Any, Any], object]) -> bytes:
    """By XlsxWriter, with something beside the form."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    draw(book, sheet, formulated(made.content, 1), Styles(book))
    add(book, sheet)
    book.close()
    return target.getvalue()


EXTRAS: dict[str, Callable[[Any, Any], object]] = {
    "a comment": lambda book, sheet: sheet.write_comment("C5", "请核对金额"),
    "a picture": lambda book, sheet: sheet.insert_image("C30", "seal.png", {"image_data": io.BytesIO(_DOT)}),
    "a drop-down list": lambda book, sheet: sheet.data_validation(
        "E12:E20", {"validate": "list", "source": ["正向", "反向"]}
    ),
    "conditional formats": lambda book, sheet: sheet.conditional_format(
        "K12:K20", {"type": "cell", "criteria": "<", "value": 5, "format": book.add_format({"bold": True})}
    ),
    "a link": lambda book, sheet: sheet.write_url("A40", "https://example.org/", string="说明"),
    "protection": lambda book, sheet: sheet.protect(),
    "frozen panes and a filter": lambda book, sheet: (sheet.freeze_panes(3, 0), sheet.autofilter("B11:L20")),
    "text in two fonts": lambda book, sheet: sheet.write_rich_string(
        "A40", book.add_format({"bold": True}), "备注：", "资金含上级补助。"
    ),
    "an error value": lambda book, sheet: sheet.write_formula("N5", "=1/0", None, "#DIV/0!"),
}


def _rewritten(made: Form, change: Callable[[str, str], str]) -> bytes:
    """By XlsxWriter, every part changed as another program would have put it."""
    parts = {name: change(name, data.decode()).encode() for name, data in written(made).items()}
    return package(parts)


def _from_1904(name: str, part: str) -> str:
    return part.replace("<workbookPr ", '<workbookPr date1904="1" ')


def _prefixed(name: str, part: str) -> str:
    """As the Open XML SDK and what builds on it may write."""
    if not name.startswith(("xl/worksheets/sheet", "xl/sharedStrings")):
        return part
    return re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", part).replace(" xmlns=", " xmlns:x=")


def _strict(name: str, part: str) -> str:
    """As Excel saves a “Strict Open XML Spreadsheet”."""
    part = part.replace(f"{_USUAL}/spreadsheetml/2006/main", f"{_STRICT}/spreadsheetml/main")
    return part.replace(
        f"{_USUAL}/officeDocument/2006/relationships", f"{_STRICT}/officeDocument/relationships"
    )


OTHERWISE = {
    "dates from 1904": _from_1904,
    "tags with a prefix": _prefixed,
    "Strict Open XML": _strict,
}


def _write_only(made: Form) -> bytes:
    """Row by row by openpyxl, no styles, no merged cells."""
    source = load_workbook(io.BytesIO(_cast(made)), data_only=True).worksheets[0]
    book, target = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(SHEET)
    for row in source.iter_rows(values_only=True):
        sheet.append(list(row))
    book.save(target)
    return target.getvalue()


def _by_pandas(made: Form, engine: str) -> bytes:
    import pandas

    source = load_workbook(io.BytesIO(_cast(made)), data_only=True).worksheets[0]
    frame, target = pandas.DataFrame(source.iter_rows(values_only=True)), io.BytesIO()
    with pandas.ExcelWriter(target, engine=engine) as writer:
        frame.to_excel(writer, sheet_name=SHEET, index=False, header=False)
    return target.getvalue()


_ByBytes = Callable[[Form], bytes]
LIBRARIES: dict[str, tuple[Writer, _ByBytes]] = {
    "XlsxWriter": ("xlsxwriter", _cast),
    "openpyxl": ("openpyxl", _cast),
    "openpyxl, re-saved": ("resaved", _cast),
    "openpyxl, write-only": ("xlsxwriter", _write_only),
    "pandas with openpyxl": ("xlsxwriter", lambda made: _by_pandas(made, "openpyxl")),
    "pandas with XlsxWriter": ("xlsxwriter", lambda made: _by_pandas(made, "xlsxwriter")),
}
CONVERTED = {
    "LibreOffice, .xlsx": "xlsx:Calc MS Excel 2007 XML",
    "LibreOffice, .xlsx (Office Open XML)": "xlsx:Calc Office Open XML",
    "LibreOffice, .ods": "ods",
    "LibreOffice, .xls": "xls:MS Excel 97",
}


def draw_all(folder: Path, number: int) -> None:
    """``number`` workbooks by each program; those of LibreOffice only where it is installed."""
    for name, (writer, make) in LIBRARIES.items():
        _fill(folder / name, number, writer, make)
    for name, add in EXTRAS.items():
        _fill(folder / f"XlsxWriter, with {name}", number, "xlsxwriter", partial(_drawn, add=add))
    for name, change in OTHERWISE.items():
        _fill(folder / name, number, "xlsxwriter", partial(_rewritten, change=change))
    program = shutil.which("soffice")
    for name, kind in CONVERTED.items() if program else ():
        _convert(str(program), folder / "XlsxWriter", folder / name, kind)


def _fill(folder: Path, number: int, writer: Writer, make: _ByBytes) -> None:
    folder.mkdir(parents=True)
    for at, made in enumerate(_forms(number, writer), start=1):
        (folder / f"{at:04d}.xlsx").write_bytes(make(made))


def _convert(program: str, source: Path, folder: Path, kind: str) -> None:
    folder.mkdir()
    with tempfile.TemporaryDirectory() as home:
        command = [program, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", kind]
        files = [str(path) for path in sorted(source.iterdir())]
        subprocess.run(
            [*command, "--outdir", str(folder), *files], check=True, stdout=subprocess.DEVNULL, timeout=600
        )
