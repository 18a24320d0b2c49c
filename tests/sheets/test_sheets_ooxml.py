"""What a cell's XML means, for both readers: the fast one must agree or decline."""

from __future__ import annotations

from decimal import Decimal

import pytest
from packages import MAIN, STRICT, book, cells, packed, parts, sheet, strings

from xltools.sheets import Cell, Merge, Unreadable, Workbook, ooxml, open_bytes, plain
from xltools.sheets.archive import Archive


def full(data: bytes) -> Workbook:
    """The workbook by the full reader, after checking that the fast one agrees or declines."""
    read = ooxml.read(Archive(data))
    quick = plain.read(data)
    if quick is not None:
        assert (quick.grids, quick.names, quick.container) == (read.grids, read.names, read.container)
    return read


def only(markup: str, **options: object) -> Cell:
    found = full(book(cells(markup), **options)).grids[0].cells
    assert list(found) == [(1, 1)]
    return found[1, 1]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<c r="A1"><v>10</v></c>', Cell(Decimal("10"), "number", "10")),
        ('<c r="A1"><v>10.0</v></c>', Cell(Decimal("10"), "number", "10")),
        ('<c r="A1"><v>1E1</v></c>', Cell(Decimal("10"), "number", "10")),
        ('<c r="A1" t="n"><v>-0</v></c>', Cell(Decimal("0"), "number", "0")),
        ('<c r="A1"><v>0.30000000000000004</v></c>', Cell(Decimal("0.3"), "number", "0.3")),
        ('<c r="A1" s="1"><v>5</v></c>', Cell(Decimal("5"), "number", "5.00")),
        ('<c r="A1" s="2"><v>0.95</v></c>', Cell(Decimal("0.95"), "number", "95.00%", True)),
        ('<c r="A1" s="3"><v>45291</v></c>', Cell(Decimal("45291"), "date", "2023年12月31日")),
        ('<c r="A1" s="77"><v>1</v></c>', Cell(Decimal("1"), "number", "1")),
        ('<c r="A1" t="b"><v>1</v></c>', Cell(True, "boolean", "TRUE")),
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', Cell("#DIV/0!", "error", "#DIV/0!")),
        ('<c r="A1"><v>NaN</v></c>', Cell("#NUM!", "error", "#NUM!")),
        ('<c r="A1"><f>1+1</f><v>2</v></c>', Cell(Decimal("2"), "number", "2", False, "1+1")),
        (
            '<c r="A1"><f aca="false">A2&amp;"&lt;"</f><v>2</v></c>',
            Cell(Decimal("2"), "number", "2", False, 'A2&"<"'),
        ),
        ('<c r="A1" t="str"><f>""</f><v></v></c>', Cell("", "text", "", False, '""')),
        ('<c r="A1" t="str"><f>""</f><v/></c>', Cell("", "text", "", False, '""')),
        ('<c r="A1"><f>B1</f></c>', Cell(None, "uncached", "", False, "B1")),
        ('<c r="A1"><f>B1</f><v></v></c>', Cell(None, "uncached", "", False, "B1")),
        ('<c r="A1" t="str"><f>B1</f></c>', Cell(None, "uncached", "", False, "B1")),
        (
            '<c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>3</v></c>',
            Cell(Decimal("3"), "number", "3", False, "B1:B2"),
        ),
        (
            '<c r="A1"><f t="dataTable" ref="A1:A2" r1="B1"/><v>3</v></c>',
            Cell(Decimal("3"), "number", "3", False, ""),
        ),
        ('<c r="A1" t="inlineStr"><is><t>甲</t></is></c>', Cell("甲", "text", "甲")),
        (
            '<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t> 乙</t></r></is></c>',
            Cell("甲 乙", "text", "甲 乙"),
        ),
        ('<c r="A1" s="4" t="inlineStr"><is><t>甲</t></is></c>', Cell("甲", "text", "甲元")),
        (
            '<c r="A1" t="str"><v>a&#10;b_x000D_c_x005F_x0041_</v></c>',
            Cell("a\nb\rc_x0041_", "text", "a\nb\rc_x0041_"),
        ),
        ('<c r="A1" t="d"><v>2023-12-31</v></c>', Cell(Decimal("45291"), "date", "2023-12-31")),
        (
            '<c r="A1" s="3" t="d"><v>2023-12-31T12:00:00Z</v></c>',
            Cell(Decimal("45291.5"), "date", "2023年12月31日"),
        ),
        ('<c r="A1" t="str"><v>甲<!-- x -->乙</v></c>', Cell("甲乙", "text", "甲乙")),
        ('<c r="A1" t="str"><v><![CDATA[<甲>]]></v></c>', Cell("<甲>", "text", "<甲>")),
        ("<c><v>7</v></c>", Cell(Decimal("7"), "number", "7")),
    ],
)
def test_cell(markup: str, expected: Cell) -> None:
    assert only(markup) == expected


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<t>甲</t>", "甲"),
        ('<t xml:space="preserve"> 甲 </t>', " 甲 "),
        ("<t/>", ""),
        ("<t>a\r\nb&amp;c&#x4E00;</t>", "a\nb&c一"),
        ('<t>项目</t><phoneticPr fontId="1" type="noConversion"/>', "项目"),
        ("<r><rPr><b/></rPr><t>甲</t></r><r><t>乙</t></r>", "甲乙"),
        ('<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>', "東京"),
        ("<t>a_x000A_b</t>", "a\nb"),
    ],
)
def test_shared_string(item: str, text: str) -> None:
    cell = only('<c r="A1" t="s"><v>0</v></c>', shared=strings(item))
    assert cell == Cell(text, "text", text)


def test_shared_string_with_formula_and_text_format() -> None:
    shared = strings("<t>甲</t>")
    assert only('<c r="A1" s="4" t="s"><f>B1</f><v>0</v></c>', shared=shared) == Cell(
        "甲", "text", "甲元", False, "B1"
    )


def test_shared_formula_follows_its_master() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1*$C$1+LOG10(B1)</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f t="shared" si="0"></f><v>x</v></c></row>'
        '<row r="4"><c r="A4"><f t="shared" si="9"/><v>2</v></c></row>'
    )
    data = book(sheet(rows))
    found = full(data).grids[0].cells
    assert plain.read(data) is not None
    assert [found[row, 1].formula for row in range(1, 5)] == [
        "B1*$C$1+LOG10(B1)",
        "B2*$C$1+LOG10(B2)",
        "B3*$C$1+LOG10(B3)",
        "",
    ]


def test_merges_keep_what_they_hide() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    after = '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A30:XFD1048576"/></mergeCells>'
    grid = full(book(sheet(rows, after))).grids[0]
    assert set(grid.cells) == {(1, 1), (1, 2)}
    assert grid.merges == (Merge(1, 1, 1, 2), Merge(30, 1, 1048576, 16384))


def test_rows_and_cells_without_addresses() -> None:
    rows = '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r="5"/><row><c r="B6"><v>2</v></c><c><v>4</v></c></row>'
    grid = full(book(sheet(rows))).grids[0]
    assert set(grid.cells) == {(1, 1), (1, 3), (6, 2), (6, 3)}


def test_sheet_states_names_and_chartsheets() -> None:
    content = parts(
        cells(""),
        cells(""),
        cells(""),
        states=("", "hidden", "veryHidden"),
        workbook='<definedNames><definedName name="总分">S1!$A$1</definedName>'
        '<definedName name="_xlnm.Print_Area" localSheetId="1">S2!$A$1:$B$2</definedName></definedNames>',
    )
    content["xl/_rels/workbook.xml.rels"] = content["xl/_rels/workbook.xml.rels"].replace(
        'worksheet" Target="worksheets/sheet3.xml"', 'chartsheet" Target="chartsheets/sheet1.xml"'
    )
    read = full(packed(content))
    assert [(grid.name, grid.state) for grid in read.grids] == [("S1", "visible"), ("S2", "hidden")]
    assert read.names == {"总分": "S1!$A$1", "S2!_xlnm.Print_Area": "S2!$A$1:$B$2"}


def test_1904_dates_come_as_1900_serials() -> None:
    content = parts(cells('<c r="A1" s="3"><v>43829</v></c><c r="B1"><v>43829</v></c>'))
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )
    found = full(packed(content)).grids[0].cells
    assert found[1, 1] == Cell(Decimal("45291"), "date", "2023年12月31日")
    assert found[1, 2].value == Decimal("43829")


def test_strict_dialect() -> None:
    data = book(
        sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', namespace=STRICT),
        shared=strings("<t>甲</t>").replace(MAIN, STRICT),
        namespace=STRICT,
    )
    assert full(data).grids[0].cells[1, 1].value == "甲"


def test_other_prefix_and_encoding() -> None:
    content: dict[str, bytes] = {k: v.encode() for k, v in parts(cells("")).items()}
    content["xl/worksheets/sheet1.xml"] = (
        f'<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1">'
        '<x:c r="A1" t="str"><x:v>甲</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    ).encode("utf-16")
    assert full(packed(content)).grids[0].cells[1, 1].value == "甲"


def test_missing_string_table_and_styles() -> None:
    assert only('<c r="A1" s="3"><v>1</v></c>', styles=None) == Cell(Decimal("1"), "number", "1")
    with pytest.raises(Unreadable, match="damaged"):
        open_bytes(book(cells('<c r="A1" t="s"><v>0</v></c>')), "a.xlsx")


@pytest.mark.parametrize(
    "markup",
    [
        '<c r="A1"><v>abc</v></c>',
        '<c r="A1"><v>1_000</v></c>',
        '<c r="XFE1"><v>1</v></c>',
        '<c r="A1048577"><v>1</v></c>',
        '<c r="A99999999999"><v>1</v></c>',
        '<c r="1A"><v>1</v></c>',
        '<c r="A1" s="x"><v>1</v></c>',
        '<c r="A1" t="s"><v>-1</v></c>',
        '<c r="A1" t="d"><v>31 December</v></c>',
        '<c r="A1"><v>1</c>',
    ],
)
def test_damaged_cell(markup: str) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        open_bytes(book(cells(markup)), "a.xlsx")
