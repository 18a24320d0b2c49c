"""The consolidated workbook, opened by two other engines and compared with the arithmetic."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import ROWS, form
from consolidated.batches import PROFILE, batch, digest, finding, folder
from office import convert
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from xltools import consolidated, merging
from xltools.consolidated import cells, rows, sheets
from xltools.merging import consolidate

HEADERS = {
    "汇总": "序号 实施单位 主管部门 项目名称 年度 年初预算数 全年预算数 全年执行数 执行率（%） 预算执行得分 自评总分 自评等级 复算总分 复算等级 错误 警告 来源文件",
    "资金明细": "实施单位 项目名称 资金来源 年初预算数 全年预算数 全年执行数 执行率（%） 来源文件 单元格",
    "指标明细": "实施单位 项目名称 一级指标 二级指标 三级指标 指标性质 指标方向 年度指标值 实际完成值 计量单位 分值 得分 复算得分 偏差原因分析及改进措施 来源文件 单元格",
    "问题清单": "级别 规则 实施单位 来源文件 工作表 单元格 问题 怎么改",
    "来源清单": "来源文件 状态 原因 大小 修改时间 SHA-256 版式",
}
ORDER = ["总览", "汇总", "合并自评表", "问题清单", "资金明细", "指标明细", "来源清单"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("batch")
    target = root / "汇总.xlsx"
    consolidated.write(batch(), target, folder(root / "报送"))
    return target


@pytest.fixture(scope="module")
def values(path: Path) -> Workbook:
    return load_workbook(path, data_only=True)


@pytest.fixture(scope="module")
def formulas(path: Path) -> Workbook:
    return load_workbook(path)


def column(sheet: Worksheet, header: str) -> list[Any]:
    at = next(cell.column for cell in sheet[1] if cell.value == header)
    return [row[at - 1].value for row in sheet.iter_rows(min_row=2)]


def texts(book: Workbook) -> Iterator[str]:
    for sheet in book:
        for row in sheet.iter_rows():
            yield from (cell.value for cell in row if cell.data_type == "f")


# --- shape ----------------------------------------------------------------------------------------


def test_sheets_and_headers(values: Workbook) -> None:
    assert values.sheetnames == [*ORDER, "单位表始", "001 甲中心", "002 乙中心", "003 丙中心一", "单位表终"]
    for name, headers in HEADERS.items():
        wanted = headers.split()
        assert [cell.value for cell in values[name][1]][: len(wanted)] == wanted


def test_lists_are_frozen_filtered_and_printed_with_their_header(formulas: Workbook) -> None:
    for name in HEADERS:
        sheet = formulas[name]
        assert sheet.freeze_panes in ("A2", "C2")
        assert sheet.auto_filter.ref
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0


def test_the_overview_has_four_charts_on_one_page(formulas: Workbook) -> None:
    assert len(formulas["总览"]._charts) == 4
    assert (formulas["总览"].page_setup.fitToHeight or 1) == 1
    assert formulas.active.title == "总览"


# --- values ---------------------------------------------------------------------------------------


def test_one_row_a_form_and_the_totals(values: Workbook) -> None:
    sheet = values["汇总"]
    assert column(sheet, "序号") == [1, 2, 3, "合计"]
    assert column(sheet, "全年预算数") == [10, 30, 8, 48]
    assert column(sheet, "全年执行数") == [10, 24, None, 34]
    assert column(sheet, "执行率（%）") == [100, 80, None, 85]
    assert column(sheet, "预算执行得分") == [10, 8, 10, None]
    assert column(sheet, "复算执行得分") == [10, 8, None, None]
    assert column(sheet, "自评总分") == [99, 97, 99, None]
    assert column(sheet, "自评等级") == ["优", "优", "优", None]
    assert column(sheet, "复算总分") == [99, 89.5, "无法判定", None]
    assert column(sheet, "复算等级") == ["优", "良", "无法判定", None]
    assert column(sheet, "错误") == [0, 2, 1, 3]
    assert column(sheet, "警告") == [0, 0, 1, 1]
    remarks = column(sheet, "备注")
    assert remarks[2] == "全年执行数“约8万”不是数值，未计入合计"
    assert remarks[3].startswith("另有 1 家金额未填或无法识别，未计入")


def test_amounts_refer_to_the_unit_sheets(formulas: Workbook) -> None:
    assert column(formulas["汇总"], "全年预算数")[:2] == ["='001 甲中心'!D5", "='002 乙中心'!D5/10000"]
    assert column(formulas["汇总"], "全年预算数")[3] == "=SUM(G2:G4)"
    assert column(formulas["汇总"], "复算总分")[1] == "=ROUND(R3+SUM('指标明细'!M9:M15),2)"


def test_an_amount_in_words_is_shown_as_it_is(values: Workbook) -> None:
    assert column(values["资金明细"], "全年执行数")[8:10] == ["约8万", "约8万"]
    assert column(values["资金明细"], "执行率（%）")[8] is None


def test_indicators_as_the_person_saw_them(values: Workbook) -> None:
    sheet = values["指标明细"]
    assert column(sheet, "实际完成值")[:2] == [13, 97]
    assert column(sheet, "复算得分")[7] == 7.5
    assert column(sheet, "复算得分")[20] == "无法判定"
    assert len(column(sheet, "三级指标")) == 7 + 7 + 8


def test_findings_are_sorted(values: Workbook) -> None:
    sheet = values["问题清单"]
    assert column(sheet, "级别") == ["错误"] * 5 + ["警告", "无法判定"]
    assert column(sheet, "规则")[0] == "CON-02"
    assert column(sheet, "单元格")[2] == "K12、L12"


def test_every_file_met_is_listed(values: Workbook) -> None:
    sheet = values["来源清单"]
    assert column(sheet, "状态") == ["已读取", "已读取", "已读取", "未计入合计", "无法打开", "不是自评表"]
    assert column(sheet, "来源文件")[1] == "分中心/乙 中心#2 100%.xlsx"
    assert column(sheet, "修改时间")[0].isoformat() == "2023-11-15T06:13:20"


def test_the_consolidated_form(values: Workbook) -> None:
    sheet = values["合并自评表"]
    assert [sheet[f"{letter}5"].value for letter in "CDFHIK"] == [48, 48, 34, 10, 85, 8.5]
    rows = {sheet[f"D{at}"].value: at for at in range(12, 20)}
    at = rows["开展巡检次数"]
    assert (sheet[f"G{at}"].value, sheet[f"H{at}"].value, sheet[f"J{at}"].value) == (36, 32, 15)
    assert sheet[f"K{at}"].value == pytest.approx(13.3335)
    assert sheet[f"K{rows['使用单位满意度']}"].value == "无法判定"
    assert "仅“丙中心[一]:*?”填报" in sheet[f"L{rows['媒体报道数量']}"].value
    assert (sheet["J20"].value, sheet["K20"].value) == (100, "无法判定")
    assert "可判定部分得" in sheet["A22"].value


# --- formulas, links, text ------------------------------------------------------------------------


def test_every_formula_has_a_result(values: Workbook, formulas: Workbook) -> None:
    count = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    count += 1
                    assert values[sheet.title][cell.coordinate].value is not None, (
                        sheet.title,
                        cell.coordinate,
                    )
    assert count > 100


@pytest.mark.office
def test_a_second_engine_computes_the_same(
    path: Path, formulas: Workbook, values: Workbook, tmp_path: Path
) -> None:
    (converted,) = convert([path], "xlsx", tmp_path)
    again = load_workbook(converted, data_only=True)
    compare(formulas, values, again)


def compare(formulas: Workbook, values: Workbook, again: Workbook) -> None:
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    ours = values[sheet.title][cell.coordinate].value
                    theirs = again[sheet.title][cell.coordinate].value
                    if isinstance(ours, int | float):
                        ours, theirs = pytest.approx(ours, abs=1e-9), theirs
                    assert theirs == ours, (sheet.title, cell.coordinate, cell.value)


def test_text_never_becomes_a_formula(formulas: Workbook) -> None:
    assert not any("cmd" in text for text in texts(formulas))
    cell = formulas["汇总"]["D3"]
    assert (cell.value, cell.data_type) == ("=cmd|' /C calc'!A0", "s")


def test_links_lead_to_the_cell_in_the_source(path: Path, formulas: Workbook) -> None:
    links = {
        cell.coordinate: cell.hyperlink
        for row in formulas["问题清单"].iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert links["F3"].location == "'自评表'!K12"
    assert links["F3"].target == "报送/分中心/乙%20中心%232%20100%25.xlsx"
    assert links["K3"].location == "'002 乙中心'!K12"
    assert (path.parent / "报送/分中心/乙 中心#2 100%.xlsx").exists()
    assert formulas["汇总"]["B3"].hyperlink.location == "'002 乙中心'!A1"
    assert formulas["指标明细"]["P2"].hyperlink.location == "'自评表'!D12"


def test_internal_links_lead_somewhere(formulas: Workbook) -> None:
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                link = cell.hyperlink
                if link and not link.target and link.location:
                    name = re.fullmatch(r"'(.+)'![A-Z]+[0-9]+", link.location)
                    assert name
                    assert name[1].replace("''", "'") in formulas.sheetnames


def test_the_unit_sheet_is_the_form_as_stated(values: Workbook, formulas: Workbook) -> None:
    sheet = values["002 乙中心"]
    assert sheet["A4"].value == "项目资金（元）"
    assert [sheet[f"{letter}5"].value for letter in "CDFHIK"] == [300000, 300000, 240000, 10, 80, 8]
    assert (sheet["G12"].value, sheet["H12"].value, sheet["K12"].value) == (12, 6, 15)
    assert values["003 丙中心一"]["F5"].value == "约8万"
    tinted = {str(each.sqref) for each in formulas["002 乙中心"].conditional_formatting}
    assert tinted == {"K12", "L12"}
    assert "SCO-03" in formulas["002 乙中心"]["K12"].comment.text
    assert formulas["002 乙中心"]["N1"].hyperlink.location == "'汇总'!B3"


# --- the file -------------------------------------------------------------------------------------


def test_same_inputs_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        consolidated.write(batch(), tmp_path / name / "汇总.xlsx", tmp_path / name)
    first, second = ((tmp_path / name / "汇总.xlsx").read_bytes() for name in ("a", "b"))
    assert first == second


def test_the_old_file_stays_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "汇总.xlsx"
    target.write_bytes(b"old")
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    monkeypatch.setattr(sheets, "MOST_PARTS", 2)
    with pytest.raises(consolidated.TooManyRows, match="超出一个工作簿的上限"):
        consolidated.write(batch(), target, tmp_path)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_without_unit_sheets_amounts_are_values(tmp_path: Path) -> None:
    target = tmp_path / "汇总.xlsx"
    consolidated.write(batch(keep=False), target, tmp_path)
    book = load_workbook(target)
    assert book.sheetnames == ORDER
    assert column(book["汇总"], "全年预算数") == [10, 30, 8, "=SUM(G2:G4)"]
    consolidated.write(batch(), target, tmp_path, unit_sheets=2)
    assert load_workbook(target).sheetnames == ORDER


def test_beyond_the_limit_of_links_text_is_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_LINKS", 6)
    consolidated.write(batch(), tmp_path / "汇总.xlsx", tmp_path)
    sheet = load_workbook(tmp_path / "汇总.xlsx")["问题清单"]
    linked = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert linked == ["F3", "K3", "F4", "K4"]  # two a row, so three rows may have them
    assert sheet["K5"].value == "F5"


def test_links_to_one_file_share_a_relationship(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        relations = package.read("xl/worksheets/_rels/sheet6.xml.rels").decode()
        sheet = package.read("xl/worksheets/sheet6.xml").decode()
    assert relations.count("Target=") == 3
    assert sheet.count("<hyperlink ") == 22


def test_nothing_to_merge_is_still_a_workbook(tmp_path: Path) -> None:
    target = tmp_path / "汇总.xlsx"
    consolidated.write(consolidate([], PROFILE), target, tmp_path)
    assert load_workbook(target).sheetnames == ORDER
    consolidated.write(consolidate([digest(form(indicators=(), funds=()))], PROFILE), target, tmp_path)
    assert load_workbook(target, data_only=True)["汇总"]["A2"].value == 1


@pytest.mark.office
def test_awkward_batches_compute_the_same(tmp_path: Path) -> None:
    """Too many rows to list, weights that do not divide, rows beyond the live ones, one unit, none."""
    rates = [
        digest(form(unit=f"单位{n}", indicators=[row._replace(weight=15 - n) for row in ROWS]))
        for n in range(3)
    ]
    many = [
        digest(
            form(unit=f"u{n}", indicators=[row._replace(level3=f"{row.level3}{n}") for row in ROWS]),
            keep=False,
        )
        for n in range(60)
    ]
    books = []
    for at, digests in enumerate(([], rates[:1], rates, many)):
        books.append(tmp_path / f"{at}.xlsx")
        consolidated.write(consolidate(digests, PROFILE), books[-1], tmp_path)
    for book, again in zip(books, convert(books, "xlsx", tmp_path), strict=True):
        compare(
            load_workbook(book), load_workbook(book, data_only=True), load_workbook(again, data_only=True)
        )


# --- parts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("某[某]市:中/心*?\\", "001 某某市中心"),
        ("很长" * 30, "001 " + "很长" * 13 + "很"),
        ("𠮷" * 30, "001 " + "𠮷" * 13),
        ("它的'", "001 它的"),
        ("", "001 公共资源交易系统运行维护"),
    ],
)
def test_sheet_names(unit: str, name: str) -> None:
    facts = merging.forms_of([digest(form(unit=unit))])[0][1]
    (found,) = sheets.sheet_names([facts])
    assert found == name
    assert len(found.encode("utf-16-le")) <= 62


def test_a_text_too_long_is_cut_with_a_mark() -> None:
    cut = cells.fit("长" * 40_000)
    assert len(cut) == 32_767
    assert cut.endswith("已截断）")
    assert len(cells.fit("𠮷" * 20_000).encode("utf-16-le")) // 2 <= 32_767


def test_signs_xml_cannot_hold(tmp_path: Path) -> None:
    name = "甲\x01 <&> _x0041_"
    made = consolidate([digest(form(unit=name), (finding("A-1", "error"),), keep=False)], PROFILE)
    consolidated.write(made, tmp_path / "汇总.xlsx", tmp_path)
    book = load_workbook(tmp_path / "汇总.xlsx")
    assert column(book["汇总"], "实施单位")[0] == "甲_x0001_ <&> _x005F_x0041_"  # as Excel writes it


def test_a_file_name_that_is_no_utf_8(tmp_path: Path) -> None:
    made = consolidate([digest(form(source="\udcbc\udcd7.xlsx"), keep=False)], PROFILE)
    consolidated.write(made, tmp_path / "汇总.xlsx", tmp_path)
    cell = load_workbook(tmp_path / "汇总.xlsx")["来源清单"]["A2"]
    assert (cell.value, cell.hyperlink.target) == ("��.xlsx", "%bc%d7.xlsx")


def test_sources_outside_the_folder_keep_their_path(tmp_path: Path) -> None:
    outside = tmp_path / "别处" / "甲.xlsx"
    made = consolidate([digest(form(source=str(outside)), keep=False)], PROFILE)
    consolidated.write(made, tmp_path / "汇总.xlsx", tmp_path / "报送")
    sheet = load_workbook(tmp_path / "汇总.xlsx")["来源清单"]
    assert sheet["A2"].value == outside.as_posix()
    assert sheet["A2"].hyperlink.target == "别处/甲.xlsx"
