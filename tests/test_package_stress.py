"""A workbook with everything a clerk's file may hold is filled, and everything but the cells stays."""

from __future__ import annotations

import re
import stat
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from office import convert, results, same
from xlsxwriter import Workbook

from xltools.filling import decide, fill
from xltools.form_sheet import FormContent, FundRow, IndicatorRow, Styles, draw
from xltools.model import CellWrite
from xltools.package import Mark, annotate, apply
from xltools.package.splicing import spliced
from xltools.profiles import load_profile
from xltools.reading import read_file

PROFILE = load_profile("nmg")
SHEET = "xl/worksheets/sheet1.xml"
CALCULATION = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"}
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EXTRA: dict[str, bytes] = {
    "xl/vbaProject.bin": bytes(range(256)) * 40,
    "xl/printerSettings/printerSettings9.bin": b"\0P\0R\0N" * 50,
    "customXml/item1.xml": b'<?xml version="1.0"?>\r\n<a xmlns="urn:a" >\r\n  <!-- keep --> <b c=\'1\'/></a>',
    "customXml/itemProps1.xml": b"<x/>",
    "xl/threadedComments/threadedComment1.xml": b"<ThreadedComments/>",
    "xl/persons/person.xml": b"<personList/>",
    "xl/cellimages.xml": b"<etc:cellImages xmlns:etc='http://www.wps.cn/officeDocument/2017/etCustomData'/>",
    "xl/ctrlProps/ctrlProp1.xml": b"<formControlPr/>",
    "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
    "_xmlsignatures/sig1.xml": b"<Signature/>",
    "xl/calcChain.xml": b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="P9" i="1"/></calcChain>',
}


def form() -> FormContent:
    def number(*values: str) -> list[Decimal | None]:
        return [Decimal(value) if value else None for value in values]

    funds = (
        FundRow("年度资金总额", *number("", "", ""), weight=Decimal(10)),
        FundRow("其中：财政拨款", *number("8", "8", "7.95"), "—", None, "—"),
        FundRow("其他资金", *number("2", "2", "2"), "—", None, "—"),
    )
    rows = tuple(
        IndicatorRow(level, "", f"指标{at}", "正向", "大于等于", Decimal(9), Decimal(9), "个", Decimal(30), Decimal(30))
        for at, level in enumerate(("产出指标", "效益指标", "满意度指标"))
    )  # fmt: skip
    return FormContent("nmg-12", 2023, funds, rows, project_name="=1+1 与 <&>", goal_actual="甲\n乙")


def drawn(path: Path, folder: Path) -> None:
    picture = folder / "章.png"
    picture.write_bytes(PICTURE)
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("自评表")
        draw(book, sheet, form(), Styles(book))
        sheet.write_formula("P9", "=SUM(D6:D7)", None, 10)
        sheet.write_formula("P10", '=_xlfn.DISPIMG("ID_1",1)', None, "=DISPIMG")
        sheet.insert_image("Q2", str(picture))
        sheet.insert_textbox("Q8", "文本框", {"textlink": "=$D$6"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=自评表!$D$6:$D$7"})
        sheet.insert_chart("Q20", chart)
        sheet.write_comment("D6", "领导批注", {"author": "甲"})
        sheet.add_table("S1:T3", {"data": [[1, 2], [3, 4]]})
        sheet.add_sparkline("R1", {"range": "自评表!C6:D6"})
        sheet.data_validation("E11:E13", {"validate": "list", "source": ["正向", "反向", "定性"]})
        sheet.conditional_format("D6:D7", {"type": "data_bar", "data_bar_2010": True})
        sheet.ignore_errors({"number_stored_as_text": "A1:L20"})
        sheet.set_background(str(picture))
        sheet.set_header("&C&G", {"image_center": str(picture)})
        sheet.protect("secret")
        book.add_worksheet("极隐藏").very_hidden()
        book.define_name("项目", "=自评表!$C$2")


def stress(path: Path, folder: Path) -> Path:
    """The drawn book, with parts and spellings no library writes."""
    plain = folder / "plain.xlsx"
    drawn(plain, folder)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, _respelt(name, source.read(name)))
        for name, data in EXTRA.items():
            target.writestr(name, data)
    return path


def _respelt(name: str, data: bytes) -> bytes:
    if name == SHEET:
        revision = b'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
        data = data.replace(
            b'mc:Ignorable="x14ac"', b'mc:Ignorable="x14ac xr" ' + revision + b" xr:uid='{0-1}'"
        )
        assert b"xr:uid" in data
        data = data.replace(b"</row><row", b'</row>\r\n\t<!-- \xe8\xa1\x8c <c r="ZZ9"/> --><row')
        data = data.replace(b"<sheetData>", b"<sheetData  >\r\n")
        assert b"x14" in data
        assert b"</row>\r\n" in data
    if name == "xl/workbook.xml":
        data = data.replace(b' fullCalcOnLoad="1"', b"").replace(b"<calcPr ", b"<calcPr\r\n ")
    if name == "xl/_rels/workbook.xml.rels":
        links = (
            ("calcChain", "calcChain.xml"),
            ("vbaProject", "vbaProject.bin"),
            ("person", "persons/person.xml"),
        )
        made = "".join(
            f"<Relationship Id='x{i}' Type='{RELATED}/{k}' Target='{t}'/>\r\n"
            for i, (k, t) in enumerate(links)
        )
        data = data.replace(b"</Relationships>", made.encode() + b"</Relationships>")
    if name == "[Content_Types].xml":
        chain = b'<Override PartName="/xl/calcChain.xml" ContentType="a/b"/>\n'
        data = data.replace(b"</Types>", chain + b'<Default Extension="bin" ContentType="c/d" />\n</Types>')
    return data


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def without(data: bytes, cells: set[str]) -> bytes:
    for cell in cells:
        pattern = rb'<(\w+:)?c [^>]*\br="' + cell.encode() + rb'"[^>]*?(?:/>|>.*?</(\w+:)?c>)'
        data, count = re.subn(pattern, b"", data, flags=re.S)
        assert count <= 1
    return data


def test_everything_but_the_written_cells_is_the_same_to_the_byte(tmp_path):
    source, target = stress(tmp_path / "甲.xlsx", tmp_path), tmp_path / "乙.xlsx"
    filled = fill(source, target, profile=PROFILE)
    cells = {write.cell for write in filled.writes}
    assert {"C5", "D5", "F5", "I5", "I6", "K5", "J14", "K14"} <= cells
    old, new = parts(source), parts(target)
    assert set(old) - set(new) == {"xl/calcChain.xml"}
    assert set(new) <= set(old)
    assert {name for name in new if new[name] != old[name]} <= {SHEET, *CALCULATION}
    assert without(new[SHEET], cells) == without(old[SHEET], cells)
    assert all(f'r="{cell}"'.encode() in new[SHEET] for cell in cells)


def test_what_calculation_needs_is_changed_and_nothing_beside_it(tmp_path):
    source, target = stress(tmp_path / "甲.xlsx", tmp_path), tmp_path / "乙.xlsx"
    fill(source, target, profile=PROFILE)
    old, new = parts(source), parts(target)
    chain = b'<Override PartName="/xl/calcChain.xml" ContentType="a/b"/>'
    assert new["[Content_Types].xml"] == old["[Content_Types].xml"].replace(chain, b"")
    link = f"<Relationship Id='x0' Type='{RELATED}/calcChain' Target='calcChain.xml'/>".encode()
    assert new["xl/_rels/workbook.xml.rels"] == old["xl/_rels/workbook.xml.rels"].replace(link, b"")
    apply(source, target, [CellWrite("自评表", "D6", "4+5", Decimal(9), "f")])
    before, after = old["xl/workbook.xml"], parts(target)["xl/workbook.xml"]
    assert b'fullCalcOnLoad="1"' in after
    assert re.sub(rb"<calcPr[^>]*>", b"", after) == re.sub(rb"<calcPr[^>]*>", b"", before)


def test_the_filled_workbook_still_reads_and_its_results_are_right(tmp_path):
    source, target = stress(tmp_path / "甲.xlsx", tmp_path), tmp_path / "乙.xlsx"
    fill(source, target, profile=PROFILE)
    values = openpyxl.load_workbook(target, data_only=True)["自评表"]
    assert (values["D5"].value, values["I5"].value, values["K14"].value) == (10, 99.5, 99.95)
    (after,) = read_file(str(target)).forms
    assert decide(after, PROFILE).writes == ()


@pytest.mark.office
def test_a_second_engine_computes_what_was_stored(tmp_path):
    source, target = tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"
    drawn(source, tmp_path)
    cells = [write.cell for write in fill(source, target, profile=PROFILE).writes]
    stored, computed = results(target), results(convert([target], "xlsx", tmp_path)[0])
    assert [cell for cell in cells if not same(stored[cell], computed[cell])] == []


def test_marks_leave_the_rest_of_the_sheet_as_it_is(tmp_path):
    source, target = stress(tmp_path / "甲.xlsx", tmp_path), tmp_path / "乙.xlsx"
    annotate(source, target, [Mark("自评表", "D6", "请核对"), Mark("自评表", "K14", "总分不符")])
    old, new = parts(source), parts(target)
    assert without(new[SHEET], {"D6", "K14"}) == without(old[SHEET], {"D6", "K14"})
    changed = {name for name in new if new[name] != old[name]}
    assert {name.rpartition("/")[2] for name in changed} == {
        "sheet1.xml",
        "styles.xml",
        "comments1.xml",
        "vmlDrawing1.vml",
    }


def test_permissions_of_the_file_are_kept(tmp_path):
    source, target = tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"
    drawn(source, tmp_path)
    source.chmod(0o640)
    fill(source, target, profile=PROFILE)
    fill(source, source, profile=PROFILE)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (source, target)] == [0o640, 0o640]


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SMALL = (
    f"<?xml version='1.0' encoding='UTF-8'?>\r\n<x:worksheet xmlns:x='{NAMESPACE}' xmlns:q='urn:q'  q:z='\"'>\r\n"
    "<x:sheetData ><!-- a > b --><x:row r='1' ><x:c r='A1' q:k='1>0'><x:v>1</x:v></x:c>\n<x:c r='C1'/></x:row>"
    "<?pi x?></x:sheetData><x:tail/></x:worksheet>\n"
)


def tree(text: str) -> etree._Element:
    return etree.fromstring(text.encode())


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (lambda c: c.set("t", "str"), "<x:c r='C1'/>", '<x:c r="C1" t="str"/>'),
        (lambda c: c.getparent().remove(c), "<x:c r='C1'/>", ""),
        (lambda c: c.getparent().set("s", "<\n"), "<x:row r='1' >", '<x:row r="1" s="&lt;&#10;">'),
        (
            lambda c: c.addprevious(c.makeelement(f"{{{NAMESPACE}}}c", {"r": "B1"})),
            "<x:c r='C1'/>",
            '<x:c r="B1"/><x:c r=\'C1\'/>',
        ),
        (
            lambda c: etree.SubElement(c.getparent().getparent(), f"{{{NAMESPACE}}}row", r="9"),
            "</x:sheetData>",
            '<x:row r="9"/></x:sheetData>',
        ),
        (
            lambda c: etree.SubElement(c.getparent().getparent().getnext(), "{urn:new}a").append(etree.Element("b")),
            "<x:tail/>",
            '<x:tail><ns0:a xmlns:ns0="urn:new"><b/></ns0:a></x:tail>',
        ),
    ],
)  # fmt: skip
def test_only_what_changed_is_cut_out(change, old, new):
    changed = tree(SMALL)
    change(changed[0].xpath("//*[@r='C1']")[0])
    result = spliced(SMALL.encode(), changed, "x")
    assert result is not None
    assert result.decode() == SMALL.replace(old, new)


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_other_encodings_are_left_to_the_tree(encoding):
    text = SMALL.replace("UTF-8", encoding)
    changed = tree(SMALL)
    changed[0].set("a", "b")
    assert spliced(text.encode(encoding), changed, "x") is None


def test_a_byte_order_mark_stays(tmp_path):
    changed = tree(SMALL)
    changed[0].set("a", "b")
    result = spliced(b"\xef\xbb\xbf" + SMALL.encode(), changed, "x")
    assert result == b"\xef\xbb\xbf" + SMALL.replace("<x:sheetData >", '<x:sheetData a="b">').encode()
