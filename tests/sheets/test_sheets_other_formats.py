"""What is sent besides .xlsx and .xls: OpenDocument, .xlsb, Word, web pages, XML of 2003, text."""

from __future__ import annotations

import json
import struct
from decimal import Decimal
from pathlib import Path

import pytest
from office import convert
from packages import OFFICE, PACKAGE, packed
from paper import Paper, mof, nmg, save

from xltools.interchange import form_record
from xltools.reading import read_file
from xltools.sheets import Workbook, open_bytes

CASES = Path(__file__).parents[1] / "cases"
SEED = json.loads((CASES / "seed.json").read_text("utf-8"))
NATIONAL = json.loads((CASES / "national.json").read_text("utf-8"))


def record(path: Path) -> dict[str, object]:
    reading = read_file(path)
    assert (reading.status, len(reading.forms)) == ("read", 1), (path.name, reading.reason_code)
    return {**form_record(reading.forms[0]), "sheet": ""}


@pytest.mark.office
@pytest.mark.parametrize("kind", ["ods", "fods", "xls", "html", "ots"])
def test_the_same_form_through_libreoffice(kind: str, tmp_path: Path) -> None:
    files = [save(tmp_path / "a.xlsx", nmg(SEED)), save(tmp_path / "b.xlsx", mof(NATIONAL))]
    for before, after in zip(files, convert(files, kind, tmp_path), strict=True):
        assert record(after) == record(before)


def tables(book: Workbook) -> list[dict[tuple[int, int], str]]:
    return [{place: cell.text for place, cell in grid.cells.items()} for grid in book.grids]


# --- OpenDocument -----------------------------------------------------------------------------

ODF = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:automatic-styles><style:style style:name="h" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)


def ods(*sheets: str) -> bytes:
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": ODF.format("".join(sheets)),
        }
    )


def ods_cell(kind: str, text: str, **attributes: str) -> str:
    more = "".join(
        f' {name.replace("_", ":", 1).replace("_", "-")}="{value}"' for name, value in attributes.items()
    )
    return f'<table:table-cell office:value-type="{kind}"{more}><text:p>{text}</text:p></table:table-cell>'


def test_ods_values_and_places() -> None:
    row = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2"/></table:table-row>'
        "<table:table-row>"
        + ods_cell("float", "5.00", office_value="5")
        + ods_cell("percentage", "95%", office_value="0.95")
        + ods_cell("date", "2023-12-31", office_value="", office_date_value="2023-12-31")
        + ods_cell("string", "甲<text:s text:c='2'/>乙<text:line-break/>丙", table_number_columns_spanned="2")
        + "<table:covered-table-cell/>"
        + ods_cell("float", "6", office_value="6", table_formula="of:=SUM([.A4:.B4])")
        + '<table:table-cell table:formula="of:=[.A4]"/>'
        + "</table:table-row>"
    )
    book = open_bytes(ods(f'<table:table table:name="表" table:style-name="h">{row}</table:table>'), "a.xls")
    grid = book.grids[0]
    assert (book.container, grid.name, grid.state) == ("ods", "表", "hidden")
    cells = grid.cells
    assert (cells[4, 1].value, cells[4, 1].text) == (5, "5.00")
    assert (cells[4, 2].value, cells[4, 2].percent) == (Decimal("0.95"), True)
    assert (cells[4, 3].kind, cells[4, 3].value, cells[4, 3].text) == ("date", 45291, "2023-12-31")
    assert cells[4, 4].text == "甲  乙\n丙"
    assert grid.merges == ((4, 4, 4, 5),)
    assert cells[4, 6].formula == "SUM(A4:B4)"
    assert cells[4, 7].kind == "uncached"


# --- Word -------------------------------------------------------------------------------------


def word(path: Path, paper: Paper, above: tuple[str, ...] = ()) -> Path:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in above:
        document.add_paragraph(line)
    rows, columns = max(r for r, _ in paper.cells), max(c for _, c in paper.cells)
    table = document.add_table(rows, columns)
    for top, left, bottom, right in paper.merges:
        table.cell(top - 1, left - 1).merge(table.cell(bottom - 1, right - 1))
    for (row, column), value in paper.cells.items():
        table.cell(row - 1, column - 1).text = str(value)
    document.save(path)
    return path


@pytest.mark.parametrize(("draw", "facts"), [(nmg, SEED), (mof, NATIONAL)])
def test_a_form_in_a_word_document(draw: object, facts: dict[str, object], tmp_path: Path) -> None:
    paper = draw(facts, as_text=True)  # type: ignore[operator]
    assert record(word(tmp_path / "a.docx", paper)) == record(save(tmp_path / "a.xlsx", paper))


def test_the_title_above_the_table_in_word(tmp_path: Path) -> None:
    paper = nmg(SEED, as_text=True, title=False)
    path = word(tmp_path / "a.doc", paper, ("附件2", "项目支出绩效自评表", "（2022年度）"))
    reading = read_file(path)
    assert (reading.forms[0].year.value, reading.forms[0].title.value) == (2022, "项目支出绩效自评表")


def docx(body: str) -> bytes:
    return packed(
        {
            "[Content_Types].xml": "",
            "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body>{body}</w:body></w:document>",
        }
    )


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def test_word_spans_continuations_and_inner_tables() -> None:
    grid = "<w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>"
    wide, begins = tc("甲", '<w:gridSpan w:val="2"/>'), tc("乙", '<w:vMerge w:val="restart"/>')
    first = f"<w:tbl>{grid}<w:tr>{wide}{begins}</w:tr><w:tr>{tc('丙')}{tc('丁')}{tc('', '<w:vMerge/>')}</w:tr></w:tbl>"
    inner = f"<w:tbl><w:tr>{tc('内')}</w:tr></w:tbl>"
    skips = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    second = f"<w:tbl>{grid}<w:tr>{skips}<w:tc>{inner}<w:p/></w:tc>{tc('戊')}</w:tr></w:tbl>"
    book = open_bytes(
        docx(
            first
            + second
            + "<w:p><w:r><w:t>题</w:t></w:r><w:del><w:r><w:t>删</w:t></w:r></w:del></w:p>"
            + inner
        ),
        "x",
    )
    assert tables(book) == [
        {(1, 1): "甲", (1, 3): "乙", (2, 1): "丙", (2, 2): "丁", (3, 3): "戊"},
        {(1, 1): "内"},
        {(1, 1): "题", (2, 1): "内"},
    ]
    assert set(book.grids[0].merges) == {(1, 1, 1, 2), (1, 3, 2, 3)}


# --- web pages, XML of 2003, text -------------------------------------------------------------

PAGE = (
    "<html><head><style>td{}</style></head><body><p>题</p><table><tr><td rowspan=2>甲</td><td colspan='2'>一<br>二</td></tr>"
    "<tr><td> 三 \n 四&nbsp;</td><td>95％</td></tr></table></body></html>"
)
GRID = {(1, 1): "甲", (1, 2): "一\n二", (2, 2): "三 四", (2, 3): "95％"}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_web_page(encoding: str) -> None:
    book = open_bytes(PAGE.encode(encoding), "自评表.xls")
    assert (book.container, tables(book)) == ("html", [GRID])
    assert book.grids[0].merges == ((1, 1, 2, 1), (1, 2, 1, 3))


def test_a_web_page_in_a_mail() -> None:
    import email.message

    message = email.message.EmailMessage()
    message.set_content("见附页")
    message.add_alternative(PAGE, subtype="html", cte="base64")
    assert tables(
        open_bytes(
            b"MIME-Version: 1.0\r\n" + message.as_bytes().replace(b"MIME-Version: 1.0\n", b""), "a.xls"
        )
    ) == [GRID]


def test_xml_of_2003() -> None:
    data = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style></Styles>
<Worksheet ss:Name="表"><Table><Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="String">甲</Data></Cell>
<Cell ss:StyleID="p"><Data ss:Type="Number">0.95</Data></Cell></Row><Row><Cell ss:Index="3" ss:Formula="=R[-1]C"><Data ss:Type="Number">5</Data></Cell>
<Cell><Data ss:Type="Error">#DIV/0!</Data></Cell><Cell><Data ss:Type="DateTime">2023-12-31T00:00:00.000</Data></Cell></Row></Table>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>"""
    book = open_bytes(data.encode(), "a.xls")
    cells = book.grids[0].cells
    assert (book.container, book.grids[0].name, book.grids[0].state) == ("xml", "表", "hidden")
    assert (cells[2, 3].text, cells[2, 3].percent) == ("95.00%", True)
    assert (cells[3, 3].value, cells[3, 3].formula) == (5, "R[-1]C")
    assert (cells[3, 4].kind, cells[3, 5].value) == ("error", 45291)
    assert book.grids[0].merges == ((2, 1, 2, 2),)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_with_delimiters(encoding: str, delimiter: str, tmp_path: Path) -> None:
    paper = nmg(SEED, as_text=True)
    rows, columns = max(r for r, _ in paper.cells), max(c for _, c in paper.cells)
    lines = [
        delimiter.join(
            '"' + str(paper.cells.get((row, column), "")) + '"' for column in range(1, columns + 1)
        )
        for row in range(1, rows + 1)
    ]
    (tmp_path / "a.csv").write_bytes("\r\n".join(lines).encode(encoding))
    assert record(tmp_path / "a.csv") == record(save(tmp_path / "a.xlsx", paper))


# --- .xlsb ------------------------------------------------------------------------------------


def binary(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(body)
    while True:
        size += bytes([length & 0x7F | (0x80 if length >> 7 else 0)])
        length >>= 7
        if not length:
            return head + size + body


def counted(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def xlsb(sheet: bytes) -> bytes:
    def links(*targets: tuple[str, str]) -> str:
        inside = "".join(
            f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
            for n, (kind, target) in enumerate(targets)
        )
        return f'<Relationships xmlns="{PACKAGE}">{inside}</Relationships>'

    styles = (
        binary(44, struct.pack("<H", 176) + counted("0.00%")) + binary(617, b"\1\0\0\0")
        + binary(47, struct.pack("<HH", 0, 0) + bytes(12)) + binary(47, struct.pack("<HH", 0, 176) + bytes(12)) + binary(618, b"")
    )  # fmt: skip
    return packed(
        {
            "_rels/.rels": links(("officeDocument", "xl/workbook.bin")),
            "xl/_rels/workbook.bin.rels": links(
                ("worksheet", "s.bin"), ("sharedStrings", "t.bin"), ("styles", "y.bin")
            ),
            "xl/workbook.bin": binary(156, struct.pack("<II", 1, 1) + counted("r0") + counted("表")),
            "xl/s.bin": sheet,
            "xl/t.bin": binary(19, b"\0" + counted("共享")),
            "xl/y.bin": styles,
        }
    )


def test_xlsb_cells_of_every_kind() -> None:
    def cell(kind: int, column: int, body: bytes, style: int = 0) -> bytes:
        return binary(kind, struct.pack("<II", column, style) + body)

    sheet = (
        binary(0, struct.pack("<I", 1) + bytes(13))
        + cell(1, 0, b"")
        + cell(2, 1, struct.pack("<i", (500 << 2) | 3))
        + cell(2, 2, struct.pack("<d", 0.5)[4:])
        + cell(3, 3, b"\x07")
        + cell(4, 4, b"\1")
        + cell(5, 5, struct.pack("<d", 0.95), 1)
        + cell(6, 6, counted("内联"))
        + cell(7, 7, struct.pack("<I", 0))
        + cell(8, 8, counted("算") + bytes(10))
        + cell(9, 9, struct.pack("<d", 7.25) + bytes(10))
        + binary(176, struct.pack("<IIII", 1, 2, 0, 3))
    )
    book = open_bytes(xlsb(sheet), "自评表.xlsx")
    grid = book.grids[0]
    assert (book.container, grid.name, grid.state) == ("xlsb", "表", "hidden")
    shown = {column: cell.text for (_, column), cell in grid.cells.items()}
    assert shown == {
        2: "5",
        3: "0.5",
        4: "#DIV/0!",
        5: "TRUE",
        6: "95.00%",
        7: "内联",
        8: "共享",
        9: "算",
        10: "7.25",
    }
    assert grid.merges == ((2, 1, 3, 4),)
