"""The fast path: it takes ordinary files, agrees with the full reader, and declines the rest."""

from __future__ import annotations

import datetime
import io
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packages import book, cells, packed, parts, sheet, strings

from xltools.sheets import Unreadable, ooxml, open_workbook, plain
from xltools.sheets.archive import Archive

LABELS = [
    "项目名称",
    "年初预算数",
    "全年执行数",
    "分值",
    "得分",
    "执行率（%）",
    "社会效益指标",
    "a&b <c>",
    " 空 格 ",
]


def xlsxwriter_form(chart: bool = True) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    formats = [
        made.add_format({"num_format": f}) for f in ("General", "0.00", "0.00%", "yyyy-mm-dd", '0"分"')
    ]
    made.define_name("总分", "=自评表!$A$1")
    one = made.add_worksheet("自评表")
    for row in range(28):
        one.write_string(row, 0, LABELS[row % len(LABELS)], formats[0])
        one.write_number(row, 1, round(row / 7, 4), formats[row % 5])
        one.write_formula(row, 2, f"=B{row + 1}/3", formats[2], row / 21)
        one.write_formula(row, 3, '=IF(A1>"a",1,2)', formats[0], "优")
        one.write_blank(row, 4, None, formats[1])
        one.write_boolean(row, 5, row % 2 == 0)
        one.write_formula(row, 6, "=1/0", None, "#DIV/0!")
        one.merge_range(row, 7, row, 9, "合并" * (row % 3))
    one.write_rich_string(30, 0, "甲", formats[0], "乙", "丙")
    one.write_datetime(31, 0, datetime.datetime(2023, 12, 31), formats[3])
    made.add_worksheet("隐藏").hide()
    made.add_worksheet("深藏").very_hidden()
    if chart:
        made.add_chartsheet("图")
    made.close()
    return out.getvalue()


def openpyxl_form() -> bytes:
    made = openpyxl.Workbook()
    one = made.active
    assert one is not None
    for row in range(1, 29):
        one.cell(row, 1, LABELS[row % len(LABELS)])
        one.cell(row, 2, row / 7).number_format = "0.00"
        one.cell(row, 3, f"=B{row}/3").number_format = "0.00%"
        one.cell(row, 5).number_format = "0%"
        one.merge_cells(start_row=row, start_column=7, end_row=row, end_column=9)
    one["D1"] = datetime.date(2023, 12, 31)
    one["D2"] = "第一行\n第二行_x000D_"
    made.create_sheet("二").sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def agrees(data: bytes) -> None:
    quick, slow = plain.read(data), ooxml.read(Archive(data))
    assert quick is not None
    assert quick.fast
    assert (quick.grids, quick.names, quick.container) == (slow.grids, slow.names, slow.container)


@pytest.mark.parametrize("make", [xlsxwriter_form, openpyxl_form])
def test_agrees_on_files_of_the_usual_writers(make: object) -> None:
    data = make()  # type: ignore[operator]
    agrees(data)
    plain.forget()
    agrees(data)


def test_values_are_those_openpyxl_reads() -> None:
    data = xlsxwriter_form(chart=False)  # openpyxl cannot open a chart sheet without a drawing
    expected = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["自评表"]
    quick = plain.read(data)
    assert quick is not None
    for (row, column), cell in quick.grids[0].cells.items():
        other = expected.cell(row, column).value
        if cell.kind == "number":
            assert float(str(cell.value)) == pytest.approx(other)
        elif cell.kind != "date":
            assert cell.value == ("" if other is None else other)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one form saved by LibreOffice as form.xlsx and form.xls."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "form.xlsx").write_bytes(xlsxwriter_form())
    saved = folder / "saved"
    for kind in ("xlsx", "xls"):
        subprocess.run(
            [
                "libreoffice",
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--convert-to", kind, "--outdir", str(saved), str(folder / "form.xlsx")),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    return saved


@pytest.mark.office
def test_agrees_on_a_file_of_libreoffice(office: Path) -> None:
    agrees((office / "form.xlsx").read_bytes())


@pytest.mark.office
def test_xls_says_what_xlsx_says(office: Path) -> None:
    old, new = open_workbook(office / "form.xls"), open_workbook(office / "form.xlsx")
    assert (old.container, new.container) == ("xls", "xlsx")
    for before, after in zip(old.grids, new.grids, strict=True):
        assert before.name == after.name
        assert sorted(before.merges) == sorted(after.merges)
        # LibreOffice writes text results as 0 into .xls unless it has recalculated them.
        typed = {place: cell for place, cell in after.cells.items() if cell.formula is None}
        assert typed or not after.cells
        assert {place: before.cells[place] for place in typed} == typed


DECLINED = {
    "comment": cells('<c r="A1"><v>1</v></c><!-- x -->'),
    "cdata": cells('<c r="A1" t="str"><v><![CDATA[x]]></v></c>'),
    "no address": cells("<c><v>1</v></c>"),
    "unknown attribute": cells('<c r="A1" cm="1"><v>1</v></c>'),
    "iso date": cells('<c r="A1" t="d"><v>2023-01-01</v></c>'),
    "white space": cells('\n <c r="A1"><v>1</v></c>'),
    "entity": cells('<c r="A1" t="str"><v>&nbsp;</v></c>'),
    "control": cells('<c r="A1" t="str"><v>\x01</v></c>'),
    "latin-1": cells('<c r="A1"><v>1</v></c>').replace("UTF-8", "ISO-8859-1"),
    "stray text": sheet('x<row r="1"><c r="A1"><v>1</v></c></row>'),
    "unclosed row": sheet('<row r="1"><c r="A1"><v>1</v></c>'),
    "bad merge": sheet("", '<mergeCells><mergeCell ref="A1:B2:C3"/></mergeCells>'),
    "two sheetData": sheet("", "<sheetData></sheetData>"),
}


@pytest.mark.parametrize("name", DECLINED)
def test_declines(name: str) -> None:
    assert plain.read(book(DECLINED[name])) is None


def test_declines_a_wrong_checksum() -> None:
    data = bytearray(book(cells('<c r="A1"><v>1</v></c>')))
    at = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)  # the second entry: the workbook part
    data[at + 16] ^= 1
    assert plain.read(bytes(data)) is None
    with pytest.raises(Unreadable, match="damaged"):
        ooxml.read(Archive(bytes(data)))


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
MARKUP = st.lists(
    st.sampled_from(
        [
            *(
                "<c ",
                'r="A1"',
                'r="B2"',
                ' s="1"',
                ' s="4"',
                ' t="s"',
                ' t="str"',
                ' t="inlineStr"',
                ">",
                "/>",
            ),
            *("<v>", "0", "1.50", "</v>", "<v/>", "</c>", "<f>", "A1+1", "</f>", '<f t="shared" si="0"/>'),
            *('<f t="shared" ref="A1:A2" si="0">', "<is>", "<t>", "甲&amp;", "&#65;", "</t>", "</is>", "\n"),
            *(
                '</row><row r="2">',
                "</row>",
                '<row r="9"/>',
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "&lt;",
                "_x0041_",
            ),
            *('<c r="A1"><v>5</v></c>', '<c r="C3" s="2" t="str"><f>B1</f><v>x</v></c>', '<c r="D1" s="1"/>'),
            *(
                '<c r="A2" t="s"><v>0</v></c>',
                '<c r="A3" t="inlineStr"><is><t>x</t></is></c>',
                "<r><t>y</t></r>",
            ),
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(row=MARKUP, item=st.one_of(TEXT, MARKUP))
def test_agrees_or_declines_on_any_markup(row: str, item: str) -> None:
    data = book(sheet(f'<row r="1">{row}</row>'), shared=strings("<t>甲</t>", f"<t>{item}</t>"))
    quick = plain.read(data)
    if quick is not None:
        slow = ooxml.read(Archive(data))
        assert (quick.grids, quick.names) == (slow.grids, slow.names)


@settings(max_examples=150, deadline=None)
@given(value=st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**18), 10**18)))
def test_numbers_keep_fifteen_digits(value: float) -> None:
    data = packed(parts(cells(f'<c r="A1"><v>{value!r}</v></c>')))
    quick = plain.read(data)
    assert quick is not None
    cell = quick.grids[0].cells[1, 1]
    assert isinstance(cell.value, Decimal)
    assert cell.value == Decimal(f"{float(value):.15g}")
    assert len(cell.value.as_tuple().digits) <= 15 or cell.value == cell.value.to_integral_value()
    assert "E" not in cell.text


BLANK = "".join(f'<c r="{letter}7" s="1"/>' for letter in "ABCDEFGHIJKL")
BLANK_ROWS = "".join(f'<row r="{number}">{BLANK}</row>' for number in range(3, 300))
"""So that the sheet is long enough for blank cells to be swept out first."""
ODD_ROWS = (
    '<row r="7" ht="15"></row>',
    '<row r="7" ht="15" ht="15"></row>',
    '<row r="0"></row>',
    '<row r="1048576"></row>',
    '<row r="1048577"></row>',
    '<row r="2000000"></row>',
    '<row r="7"><c r="B0" s="1"/></row>',
    '<row r="7"><c r="B7" s="1000000"/></row>',
    '<row r="7" xmlns="x"></row>',
    '<row r="7" q:a="1"></row>',
    '<row r="7"><c r="B7"></row>',
    '<row r="7"><c r="B7" s="1"><v>5</v></c></row>',
    '<row r="7"><c r="B7"><f>A1</f></c></row>',
    '<row r="7">x</row>',
    '<row r="7" ht="1&#53;"></row>',
    '<row r="7"></row></row>',
    '<row r="7"/>',
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(odd=st.one_of(st.sampled_from(ODD_ROWS), MARKUP), at=st.integers(0, 399), bare=st.booleans())
def test_rows_dragged_far_down_are_no_less_checked(odd: str, at: int, bare: bool) -> None:
    """Hundreds of formatted rows below the form are looked at all at once."""
    rows = [f'<row r="{number}" ht="15">{"" if bare else BLANK}</row>' for number in range(9, 409)]
    long = f'<row r="2"><c r="A2"><v>1</v></c></row>{BLANK_ROWS}'
    body = f"{long}{''.join(rows[:at])}{odd}{''.join(rows[at:])}"
    data = book(sheet(body), shared=strings("<t>甲</t>"))
    quick = plain.read(data)
    if quick is not None:
        slow = ooxml.read(Archive(data))
        assert (quick.grids, quick.names) == (slow.grids, slow.names)


def test_rows_dragged_far_down_are_plain() -> None:
    data = book(sheet(f'<row r="2"><c r="A2"><v>1</v></c></row>{BLANK_ROWS}'))
    agrees(data)
