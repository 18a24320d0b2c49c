from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from xlsxwriter import Workbook

from xltools.form_sheet import (
    FormContent,
    Formula,
    FundRow,
    IndicatorRow,
    Styles,
    draw,
    lines_needed,
    placement,
)

ROWS = (
    IndicatorRow("产出指标", "数量指标", "甲", "正向", "等于", Decimal(1), Decimal(0), "个", Decimal(15)),
    IndicatorRow("产出指标", "数量指标", "乙", deviation="=1+1"),
    IndicatorRow("产出指标", "质量指标", "丙"),
    IndicatorRow("效益指标", "质量指标", "丁"),
)
FUNDS = (
    FundRow(
        "年度资金总额", Decimal("5"), Formula("SUM(D6:D6)", Decimal("89.974")), "2000万", Decimal(10), "—"
    ),
    FundRow("其中：财政拨款"),
)


def form(layout="nmg-12", **more) -> FormContent:
    return FormContent(layout, 2023, FUNDS, ROWS, project_name="项目", goal_expected="目" * 400, **more)


def drawn(*contents: FormContent, top: int = 1):
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        styles = Styles(book)
        for content in contents:
            draw(book, book.add_worksheet(), content, styles, top)
        formats = len(book.formats)
    assert formats <= 30
    return openpyxl.load_workbook(buffer), openpyxl.load_workbook(buffer, data_only=True)


def merges(sheet) -> set[str]:
    return {str(area) for area in sheet.merged_cells.ranges}


def test_the_twelve_columns_stand_where_the_official_table_has_them():
    sheet = drawn(form())[0].worksheets[0]
    assert sheet["A1"].value == "项目支出绩效自评表\n（2023年度）"
    assert [sheet[c].value for c in ("A2", "A3", "G3", "A4", "C4", "D4", "F4", "H4", "I4", "K4")] == [
        "项目名称", "主管部门", "实施单位", "项目资金（万元）", "年初预算数",
        "全年预算数", "全年执行数", "分值", "执行率（%）", "得分",
    ]  # fmt: skip
    assert [sheet.cell(9, column).value for column in range(1, 13)] == [
        "绩效指标", "一级指标", "二级指标", "三级指标", "指标性质", "指标方向",
        "年度指标值", "实际完成值", "计量单位", "分值", "得分", "偏差原因分析及改进措施",
    ]  # fmt: skip
    expected = "A1:L1 A2:B2 C2:L2 A3:B3 C3:F3 G3:H3 I3:L3 A4:A6 D4:E4 F4:G4 I4:J4 K4:L4 A7:B8 C7:G7 H7:L7 C8:G8 H8:L8"
    assert set(expected.split()) <= merges(sheet)
    assert {"A9:A13", "B10:B12", "C10:C11", "A14:I14"} <= merges(sheet)


def test_neighbours_merge_only_within_their_level_one():
    assert not any(area.startswith("C12") for area in merges(drawn(form())[0].worksheets[0]))


@pytest.mark.parametrize("layout", ["nmg-12", "mof-std"])
@pytest.mark.parametrize("title", ["项目支出绩效自评表", ""])
@pytest.mark.parametrize("top", [1, 7])
def test_placement_is_where_the_words_really_are(layout, title, top):
    content = form(layout, title=title)
    where, sheet = placement(content, top), drawn(content, top=top)[0].worksheets[0]
    assert sheet[where.cell("project_name")].value == "项目"
    assert sheet[where.cell("fund.label", 1)].value == "其中：财政拨款"
    assert [sheet[where.cell("indicator.level3", i)].value for i in range(4)] == list("甲乙丙丁")
    assert where.cell("indicator.level1", 2) == where.cell("indicator.level1", 0)
    assert sheet[where.cell("indicator.level1", 2)].value == "产出指标"
    assert sheet.max_row == where.last_row
    assert ("indicator.unit", 0) in where.cells or layout == "mof-std"


def test_contents_keep_their_kind():
    with_formulas, values = drawn(form(total_score=Formula('""', "")))
    sheet = with_formulas.worksheets[0]
    assert (sheet["L11"].value, sheet["L11"].data_type) == ("=1+1", "s")
    assert sheet["F5"].value == "2000万"
    assert (sheet["D5"].value, values.worksheets[0]["D5"].value) == ("=SUM(D6:D6)", 89.974)
    assert (sheet["C5"].number_format, sheet["D5"].number_format) == ("0.00", "0.00######")
    assert sheet["K14"].value == '=""'


def test_a_result_of_nothing_is_stored_as_text():
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        draw(book, book.add_worksheet(), form(total_score=Formula('""', "")), Styles(book))
    sheet = zipfile.ZipFile(buffer).read("xl/worksheets/sheet1.xml")
    assert b't="str"><f>""</f><v></v>' in sheet


def test_every_cell_of_the_form_has_a_border():
    sheet = drawn(form())[0].worksheets[0]
    cells = [cell for row in sheet["A2:L14"] for cell in row if isinstance(cell, Cell)]
    assert [cell.coordinate for cell in cells if cell.border.left.style != "thin"] == []


def test_long_text_makes_its_row_higher_and_print_fits_one_page_wide():
    sheet = drawn(form())[0].worksheets[0]
    assert sheet.row_dimensions[8].height > 200
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert sheet.print_title_rows == "$9:$9"


def test_a_chinese_character_takes_two_columns():
    assert lines_needed("服务对象满意度", 14.7) == 1
    assert lines_needed("服务对象满意度", 12) == 2
    assert lines_needed("一\n二", 20) == 2
    assert lines_needed("", 20) == 1
