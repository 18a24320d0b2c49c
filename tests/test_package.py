from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.formula import ArrayFormula
from xlsxwriter import Workbook

from xltools import writing
from xltools.model import CellWrite
from xltools.package import AUTHOR, Mark, Unpatchable, annotate, apply
from xltools.sheets.grid import Unreadable


def write(cell: str, formula: str = "1+1", value: Decimal | str = Decimal(2), sheet: str = "表") -> CellWrite:
    return CellWrite(sheet, cell, formula, value, "field")


@pytest.fixture
def source(tmp_path) -> Path:
    """A book with what a clerk's book has: a picture, a note, a merge, a condition, a list, other formulas."""
    path = tmp_path / "甲.xlsm.xlsx"
    picture = tmp_path / "章.png"
    picture.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
            "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
        )
    )
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        sheet.set_column(3, 3, 9, book.add_format({"num_format": "0.00", "border": 1}))
        sheet.write_column("A1", [1, 2, 3])
        sheet.write("B1", "—", book.add_format({"border": 1, "num_format": "0.0%"}))
        sheet.merge_range("A5:C6", "合并")
        sheet.write_formula("A9", "=SUM(A1:A3)", None, 6)
        sheet.write_comment("A2", "领导批注", {"author": "甲"})
        sheet.insert_image("F2", str(picture))
        sheet.data_validation("A1:A3", {"validate": "list", "source": ["一", "二"]})
        sheet.conditional_format("A1:A3", {"type": "cell", "criteria": ">", "value": 1, "format": book.add_format({"bold": 1})})  # fmt: skip
        book.add_worksheet("隐藏").hide()
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_only_the_written_sheet_changes(source, tmp_path):
    target = tmp_path / "乙.xlsx"
    apply(source, target, [write("B3"), write("D20", 'IF(TRUE,"—")', "—")])
    old, new = parts(source), parts(target)
    assert list(old) == list(new)
    assert [name for name in old if old[name] != new[name]] == ["xl/worksheets/sheet1.xml"]
    sheet = openpyxl.load_workbook(target)["表"]
    values = openpyxl.load_workbook(target, data_only=True)["表"]
    assert (sheet["B3"].value, values["B3"].value) == ("=1+1", 2)
    assert (sheet["D20"].value, values["D20"].value, sheet["D20"].number_format) == (
        '=IF(TRUE,"—")',
        "—",
        "0.00",
    )
    assert sheet.dimensions == "A1:D20"


def packed(path: Path) -> dict[str, bytes]:
    """The compressed bytes of every part."""
    data = path.read_bytes()
    found = {}
    for info in zipfile.ZipFile(path).infolist():
        at = info.header_offset
        start = at + 30 + sum(int.from_bytes(data[i : i + 2], "little") for i in (at + 26, at + 28))
        found[info.filename] = data[start : start + info.compress_size]
    return found


def test_untouched_parts_keep_their_compressed_bytes(source, tmp_path):
    target = tmp_path / "乙.xlsx"
    apply(source, target, [write("B3")])
    old, new = packed(source), packed(target)
    assert [name for name in old if old[name] != new[name]] == ["xl/worksheets/sheet1.xml"]


def test_a_written_cell_keeps_its_format_and_loses_its_text(source, tmp_path):
    target = tmp_path / "乙.xlsx"
    apply(source, target, [write("B1")])
    cell = openpyxl.load_workbook(target)["表"]["B1"]
    assert (cell.value, cell.number_format, cell.border.left.style) == ("=1+1", "0.0%", "thin")


@pytest.mark.parametrize("formula", ["SUM(A1:A3)", "SUM($A:$A)", "SUM(3:3)", "'表'!$A$3*2"])
def test_a_formula_elsewhere_that_becomes_stale_is_recalculated_on_opening(source, tmp_path, formula):
    sheet = "xl/worksheets/sheet1.xml"
    calm = changed(source, tmp_path / "静.xlsx", "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
    other = changed(calm, tmp_path / "他.xlsx", sheet, b"SUM(A1:A3)", formula.encode())
    target = tmp_path / "乙.xlsx"
    apply(other, target, [write("A3")])
    assert b'fullCalcOnLoad="1"' in parts(target)["xl/workbook.xml"]
    apply(other, target, [write("B4")])
    assert parts(target)["xl/workbook.xml"] == parts(other)["xl/workbook.xml"]


@pytest.mark.parametrize(
    ("cell", "sheet", "code"), [("B6", "表", "covered"), ("A1", "没有", "no_sheet"), ("D2", "数组", "array")]
)
def test_refusals_write_nothing(source, tmp_path, cell, sheet, code):
    book = openpyxl.load_workbook(source)
    book.create_sheet("数组")["D1"] = ArrayFormula("D1:D3", "=A1:A3*2")
    book.save(source)
    target = tmp_path / "乙.xlsx"
    with pytest.raises(Unpatchable) as refusal:
        apply(source, target, [write(cell, sheet=sheet)])
    assert refusal.value.code == code
    assert cell in str(refusal.value) or sheet in str(refusal.value)
    assert not target.exists()


def changed(source: Path, target: Path, part: str, old: bytes, new: bytes, **extra: bytes) -> Path:
    """The package with bytes of one part replaced, and further parts."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts(source).items():
            assert name != part or old in data
            archive.writestr(name, data.replace(old, new, 1) if name == part else data)
        for name, data in extra.items():
            archive.writestr(name, data)
    return target


def test_the_calculation_chain_goes_with_its_relationship_and_type(source, tmp_path):
    target = tmp_path / "乙.xlsx"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    link = b'<Relationship Id="rId99" Type="' + kind + b'" Target="calcChain.xml"/></Relationships>'
    item = b'<Override PartName="/xl/calcChain.xml" ContentType="x/y"/></Types>'
    linked = changed(source, tmp_path / "1.xlsx", "xl/_rels/workbook.xml.rels", b"</Relationships>", link)
    chain = {"xl/calcChain.xml": b"<calcChain/>"}
    chained = changed(linked, tmp_path / "2.xlsx", "[Content_Types].xml", b"</Types>", item, **chain)
    apply(chained, target, [write("B3")])
    new = parts(target)
    assert "xl/calcChain.xml" not in new
    assert b"calcChain" not in new["xl/_rels/workbook.xml.rels"] + new["[Content_Types].xml"]


def test_cells_that_shared_a_formula_keep_their_own(source, tmp_path):
    target = tmp_path / "乙.xlsx"
    shared = changed(
        source,
        tmp_path / "共.xlsx",
        "xl/worksheets/sheet1.xml",
        b'<c r="A9"><f>SUM(A1:A3)</f><v>6</v></c></row>',
        b'<c r="A9"><f t="shared" ref="A9:A10" si="0">A1*2</f><v>2</v></c></row>'
        b'<row r="10"><c r="A10"><f t="shared" si="0"/><v>4</v></c></row>',
    )
    apply(shared, target, [write("A9")])
    sheet = openpyxl.load_workbook(target)["表"]
    assert (sheet["A9"].value, sheet["A10"].value) == ("=1+1", "=A2*2")


def test_marks_colour_cells_and_leave_other_peoples_notes(source, tmp_path):
    target = tmp_path / "乙.xlsx"
    marks = [Mark("表", "A2", "金额不符"), Mark("表", "B6", "合并格"), Mark("隐藏", "A1", "空白")]
    assert annotate(source, target, marks) == ()
    book = openpyxl.load_workbook(target)
    sheet = book["表"]
    assert sheet["A2"].comment.text == f"领导批注\n{AUTHOR}：金额不符"
    assert sheet["A2"].comment.author == "甲"
    assert (sheet["A5"].comment.text, book["隐藏"]["A1"].comment.text) == ("合并格", "空白")
    assert sheet["A2"].fill.fgColor.rgb == "FFFFF2CC"
    assert "xl/media/image1.png" in parts(target)


def test_marking_again_renews_our_own_note(source, tmp_path):
    first, second = tmp_path / "乙.xlsx", tmp_path / "丙.xlsx"
    annotate(source, first, [Mark("表", "A1", "旧")])
    annotate(first, second, [Mark("表", "A1", "新"), Mark("表", "A3", "另")])
    sheet = openpyxl.load_workbook(second)["表"]
    assert [sheet[c].comment.text for c in ("A1", "A2", "A3")] == ["新", "领导批注", "另"]


def test_a_conversation_is_left_alone_and_reported(source, tmp_path):
    book = openpyxl.load_workbook(source)
    book["表"]["A3"].comment = Comment("[线程批注]", "tc={00000000-0000-0000-0000-000000000000}")
    book.save(source)
    mark = Mark("表", "A3", "不符")
    assert annotate(source, tmp_path / "乙.xlsx", [mark]) == (mark,)


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_other_files_are_refused(tmp_path, data):
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(Unpatchable):
        apply(path, tmp_path / "b.xlsx", [])


def test_damaged_and_hostile_packages_are_refused(source, tmp_path):
    half = tmp_path / "half.xlsx"
    half.write_bytes(source.read_bytes()[:3000])
    doctype = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'
    hostile = changed(source, tmp_path / "dtd.xlsx", "xl/worksheets/sheet1.xml", b"<worksheet", doctype)
    for path in (half, hostile):
        with pytest.raises(Unreadable):
            apply(path, tmp_path / "b.xlsx", [write("A1")])
    assert not (tmp_path / "b.xlsx").exists()


def test_a_failed_save_leaves_the_old_file_and_no_scrap(source, tmp_path, monkeypatch):
    before = source.read_bytes()
    monkeypatch.setattr(writing.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError):  # noqa: PT011
        apply(source, source, [write("B3")])
    assert source.read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
