"""Whole runs of merge: files in, one workbook out."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from consolidated.files import ROWS, write_form
from office import convert
from openpyxl import Workbook, load_workbook

import xltools
from xltools.__main__ import run
from xltools.batch import Merged
from xltools.collecting import collect
from xltools.console import merge_lines
from xltools.consolidated import sheets
from xltools.messages.refusals import REFUSALS
from xltools.refusal import Refusal
from xltools.roster import read_roster


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three units, one of them in 元."""
    root = tmp_path / "报送"
    write_form(root / "甲.xlsx", "示例甲中心", budget=10, executed=9)
    write_form(root / "乙.xlsx", "示例乙中心", budget=30, executed=30)
    write_form(root / "丙.xlsx", "示例丙中心", budget=200000, executed=180000, money_unit="元")
    return root


def merge(folder: Path, **options: Any) -> Merged:
    return xltools.merge(folder, folder.parent / "汇总.xlsx", **options)


def sheet(result: Merged, name: str) -> Any:
    return load_workbook(result.output, data_only=True)[name]


def column(sheet: Any, header: str) -> list[Any]:
    at = next(cell.column for cell in sheet[1] if cell.value == header)
    return [row[at - 1].value for row in sheet.iter_rows(min_row=2)]


def roster(path: Path, *rows: tuple[Any, ...], heads: tuple[str, ...] = ("实施单位", "项目名称")) -> Path:
    book = Workbook()
    book.active.append(["应报名单"])
    book.active.append(heads)
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


# --- a number beyond all measure ------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["C6", "D5", "F5", "H5", "K5", "G12", "H12", "J12", "K12", "J15", "K15"])
@pytest.mark.parametrize("money_unit", ["万元", "元"])
def test_a_number_no_float_can_hold_is_in_no_sum(folder: Path, cell: str, money_unit: str) -> None:
    """One form has 400 digits in a cell.  The others are added up, and so is the rest of that form."""
    before = merge(folder).consolidation.pool
    path = write_form(folder / "丁.xlsx", "示例丁中心", budget=40, executed=40, money_unit=money_unit)
    book = load_workbook(path)
    book.active[cell] = "9" * 400
    book.save(path)
    result = merge(folder)
    assert result.written
    assert result.left_out == ()
    others = Decimal(0) if cell == "D5" else Decimal(40) if money_unit == "万元" else Decimal("0.004")
    assert result.consolidation.pool.funds[0].annual == before.funds[0].annual + others


# --- who reported ---------------------------------------------------------------------------------


def test_the_roll_is_called(folder: Path, tmp_path: Path) -> None:
    write_form(folder / "乙（重报）.xlsx", "示例乙中心", budget=31, executed=30)
    names = roster(
        tmp_path / "名单.xlsx",
        ("示例甲中心（部门）", "示例运行费"),
        ("示例乙中心", None),
        ("示例丁中心", "示例运行费"),
        ("示例丙中", None),
        ("合计", None),
    )
    result = merge(folder, units=names)
    book = load_workbook(result.output, data_only=True)
    assert column(book["报送情况"], "报送情况") == ["已报送", "重复报送", "未报送", "未报送", "名单外"]
    assert column(book["报送情况"], "份数") == [1, 2, 0, 0, 1]
    assert column(book["报送情况"], "说明")[3] == "收到名称相近的“示例丙中心”，请核对是否同一单位"
    findings = [line for line in result.consolidation.findings if line.facts.code == "CON-02"]
    assert [line.unit for line in findings] == ["示例丁中心", "示例丙中"]
    shown = " ".join(str(c.value) for row in book["总览"].iter_rows() for c in row if c.value is not None)
    assert "应报 4，已报 2" in shown
    assert "未报送：示例丁中心、示例丙中。" in shown


def test_a_unit_that_sent_another_project_is_told_from_another_unit(folder: Path, tmp_path: Path) -> None:
    write_form(folder / "乙二.xlsx", "示例乙中心", project="窗口服务费")
    names = roster(
        tmp_path / "名单.xlsx",
        ("示例甲中心", "示例运行费"),
        ("示例乙中心（部门）", "示例运行维护费"),
        ("示例丙中", "示例运行费"),
        ("示例丁中心", "示例运行费"),
    )
    said = column(sheet(merge(folder, units=names), "报送情况"), "说明")
    assert said[1] == "该单位报送了“示例运行费”、“窗口服务费”，项目名称与名单不一致，请核对是否同一项目"
    assert said[2] == "收到名称相近的“示例丙中心”，请核对是否同一单位"
    assert said[3] == said[2]  # not 示例乙中心, which the roster names itself


def test_a_roster_as_csv_in_gbk(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("序号,单位名称\r\n1,示例甲中心\r\n2,示例戊中心\r\n".encode("gbk"))
    call = merge(folder, units=path).consolidation.roll_call
    assert call is not None
    assert [(line.expected.unit, line.status) for line in call.lines] == [
        ("示例甲中心", "reported"),
        ("示例戊中心", "missing"),
    ]
    assert len(call.unexpected) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
@pytest.mark.parametrize("title", ["", "2023年应报名单", "应报名单,共两家;按文号排列"])
def test_a_roster_as_text(tmp_path: Path, encoding: str, sign: str, title: str) -> None:
    path = tmp_path / "名单.txt"
    lines = [sign.join(line) for line in (("单位名称", "项目"), ("甲中心", "运行费"), ("乙中心", "维护费"))]
    path.write_bytes("\r\n".join([title, *lines, ""]).encode(encoding))
    assert [(row.unit, row.project) for row in read_roster(path)] == [
        ("甲中心", "运行费"),
        ("乙中心", "维护费"),
    ]


def test_a_damaged_sign_does_not_cost_the_roster(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("单位名称,项目\r\n甲中心,运行费\r\n乙中心,".encode("gbk") + b"\xff\r\n")
    assert [row.unit for row in read_roster(path)] == ["甲中心", "乙中心"]


@pytest.mark.parametrize(
    ("text", "code"), [("名称\n甲\n", "roster_headers"), ("实施单位\n\n", "roster_empty")]
)
def test_a_roster_without_units(folder: Path, tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(Refusal) as refusal:
        merge(folder, units=path)
    assert refusal.value.code == code


# --- which forms count ----------------------------------------------------------------------------


def test_a_form_of_another_year_counts_nowhere(folder: Path) -> None:
    write_form(folder / "去年.xlsx", "示例丁中心", budget=1000, year=2022)
    result = merge(folder)
    assert len(result.consolidation.forms) == 3
    assert result.consolidation.pool.funds[0].annual == 60
    assert [Path(path).name for path, _ in result.left_out] == ["去年.xlsx"]
    assert "2022年" in result.left_out[0][1]
    (finding,) = [line for line in result.consolidation.findings if line.facts.code == "CON-05"]
    assert (finding.unit, finding.facts.severity, finding.form) == ("示例丁中心", "error", None)


def test_the_year_asked_for_decides(folder: Path) -> None:
    write_form(folder / "去年.xlsx", "示例丁中心", budget=1000, year=2022)
    result = merge(folder, year=2022)
    assert [form.facts.unit for form in result.consolidation.forms] == ["示例丁中心"]
    assert len(result.left_out) == 3
    with pytest.raises(Refusal, match="没有 2019 年度的自评表；收到的年度有：2022年1张、2023年3张"):
        merge(folder, year=2019)


def test_no_year_prevails(tmp_path: Path) -> None:
    write_form(tmp_path / "报送" / "甲.xlsx", year=2022)
    write_form(tmp_path / "报送" / "乙.xlsx", "示例乙中心", year=2023)
    with pytest.raises(Refusal, match="请用 --year 指定"):
        merge(tmp_path / "报送")
    assert not (tmp_path / "汇总.xlsx").exists()


def _without(path: Path, *texts: str) -> Path:
    """The form without the cells that say this."""
    book = load_workbook(path)
    for row in book.active.iter_rows(max_row=4):
        for cell in row:
            if cell.value in texts:
                cell.value = None
    book.save(path)
    return path


@pytest.mark.parametrize(("latest", "total"), [(False, 60), (True, 72)])
def test_a_project_one_of_whose_forms_lacks_the_year_never_counts_twice(
    folder: Path, tmp_path: Path, latest: bool, total: int
) -> None:
    old = write_form(folder / "丁.xlsx", "示例丁中心", budget=10, year=None)
    new = write_form(folder / "丁（改）.xlsx", "示例丁中心", budget=12)
    os.utime(old, (1, 1))
    os.utime(new, (2, 2))
    result = merge(folder, latest=latest, units=roster(tmp_path / "名单.xlsx", ("示例丁中心", "示例运行费")))
    assert result.consolidation.pool.funds[0].annual == total
    assert len(result.left_out) == (1 if latest else 2)
    codes = [line.facts.code for line in result.consolidation.batch_findings]
    assert codes.count("CON-01") == 2
    assert result.consolidation.roll_call is not None
    assert result.consolidation.roll_call.lines[0].status == ("reported" if latest else "duplicate")


@pytest.mark.parametrize("texts", [("示例运行费",), ("示例丁中心",), ("示例运行费", "示例丁中心")])
def test_copies_of_a_form_that_names_nobody_count_once(folder: Path, texts: tuple[str, ...]) -> None:
    path = _without(write_form(folder / "丁.xlsx", "示例丁中心", budget=7, executed=7), *texts)
    shutil.copy(path, folder / "丁 - 副本.xlsx")
    _without(write_form(folder / "戊.xlsx", "示例丁中心", budget=8, executed=8), *texts)  # somebody else's
    result = merge(folder)
    assert {form.facts.unit and form.facts.project for form in result.consolidation.forms} >= {""}
    assert result.consolidation.pool.funds[0].annual == 75
    ((left, why),) = result.left_out
    assert Path(left).name == "丁 - 副本.xlsx"
    assert "“丁.xlsx”" in why


@pytest.mark.parametrize(("latest", "total"), [(False, 60), (True, 71)])
def test_copies_are_one_file_before_the_newest_is_looked_for(folder: Path, latest: bool, total: int) -> None:
    new = write_form(folder / "丁.xlsx", "示例丁中心", budget=11)
    os.utime(new, (9, 9))
    shutil.copy2(new, folder / "丁 - 副本.xlsx")
    os.utime(write_form(folder / "丁旧.xlsx", "示例丁中心", budget=10), (1, 1))
    result = merge(folder, latest=latest)
    assert result.consolidation.pool.funds[0].annual == total
    why = {Path(path).name: text for path, text in result.left_out}
    assert why.keys() == {"丁 - 副本.xlsx", "丁旧.xlsx"} | (set() if latest else {"丁.xlsx"})
    assert ("内容完全相同" in why["丁 - 副本.xlsx"]) == latest
    assert ("较新" in why["丁旧.xlsx"]) == latest


def test_counts_of_findings_agree(folder: Path) -> None:
    write_form(folder / "甲（改）.xlsx", "示例甲中心", budget=11, executed=2)
    rows = (ROWS[0]._replace(actual=Decimal(6)), *ROWS[1:])
    write_form(folder / "戊.xlsx", "示例戊中心", budget=11, executed=2, rows=rows)
    book = load_workbook(merge(folder).output, data_only=True)
    listed = list(zip(column(book["问题清单"], "级别"), column(book["问题清单"], "来源文件"), strict=True))
    summary = book["汇总"]
    for source, errors, warnings in zip(
        column(summary, "来源文件")[:-1], column(summary, "错误"), column(summary, "警告"), strict=False
    ):
        assert errors == listed.count(("错误", source))
        assert warnings == listed.count(("警告", source))
    assert max(column(summary, "错误")[:-1]) > 1
    assert {level for level, _ in listed} >= {"错误", "警告"}


# --- the same indicator under two names -----------------------------------------------------------


@pytest.fixture
def two_names(folder: Path) -> Path:
    other = (ROWS[0]._replace(level3="开展设备巡检次数"), *ROWS[1:])
    write_form(folder / "丁.xlsx", "示例丁中心", rows=other)
    return folder


def test_similar_names_are_proposed_and_not_joined(two_names: Path) -> None:
    result = merge(two_names)
    names = {row.level3: row.units for row in result.consolidation.pool.rows}
    assert (names["开展巡检次数"], names["开展设备巡检次数"]) == (3, 1)
    table = sheet(result, "待对应")
    assert column(table, "三级指标") == ["开展设备巡检次数"]
    assert column(table, "建议对应为") == ["开展巡检次数"]
    assert column(table, "不同之处") == ["名称"]
    assert column(table, "对应为") == [None]


@pytest.mark.parametrize("answer", ["是", "开展巡检次数"])
def test_the_filled_in_sheet_is_the_mapping(two_names: Path, answer: str) -> None:
    first = merge(two_names)
    book = load_workbook(first.output)
    book["待对应"]["L2"] = answer
    book.save(two_names.parent / "对应.xlsx")
    result = merge(two_names, mapping=two_names.parent / "对应.xlsx")
    row = next(row for row in result.consolidation.pool.rows if row.level3 == "开展巡检次数")
    assert (row.units, row.target, row.actual) == (4, 48, 48)
    assert "含对应指标：开展设备巡检次数" in row.note
    assert "待对应" not in load_workbook(result.output).sheetnames
    stated = column(sheet(result, "指标明细"), "三级指标")
    assert "开展设备巡检次数" in stated


def test_another_unit_of_measure_or_level_is_settled_too(folder: Path) -> None:
    rows = (ROWS[0]._replace(unit="场"), ROWS[1], ROWS[2]._replace(level2="满意度指标"))
    write_form(folder / "丁.xlsx", "示例丁中心", rows=rows)
    first = merge(folder)
    assert [match.differs for match in first.consolidation.matches] == [("计量单位",), ("二级指标",)]
    book = load_workbook(first.output)
    book["待对应"]["L2"] = book["待对应"]["L3"] = "是"
    book.save(folder.parent / "对应.xlsx")
    pooled = merge(folder, mapping=folder.parent / "对应.xlsx").consolidation.pool.rows
    assert [(row.level3, row.unit, row.units) for row in pooled] == [
        ("开展巡检次数", "次", 4),
        ("服务单位数量", "家", 4),
        ("使用单位满意度", "%", 4),
    ]


def test_a_mapping_in_csv_with_chains(two_names: Path, tmp_path: Path) -> None:
    path = tmp_path / "对应.csv"
    path.write_text("三级指标,对应为\n开展设备巡检次数,巡检\n开展巡检次数,巡检\n", "utf-8-sig")
    rows = {row.level3: row.units for row in merge(two_names, mapping=path).consolidation.pool.rows}
    assert rows["巡检"] == 4


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("甲,乙\n", "mapping_headers"),
        ("三级指标,对应为\n甲,乙\n甲,丙\n", "mapping_contradicts"),
        ("三级指标,对应为\n甲,乙\n乙,甲\n", "mapping_circle"),
        ("三级指标,对应为\n甲,是\n", "mapping_no_proposal"),
    ],
)
def test_a_mapping_that_settles_nothing(two_names: Path, tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "对应.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(Refusal) as refusal:
        merge(two_names, mapping=path)
    assert refusal.value.code == code


def test_units_of_money_are_never_joined(folder: Path, tmp_path: Path) -> None:
    cost = ROWS[0]._replace(level3="节约资金", unit="万元")
    write_form(folder / "丁.xlsx", "示例丁中心", rows=(cost, *ROWS[1:]))
    write_form(folder / "戊.xlsx", "示例戊中心", rows=(cost._replace(unit="元"), *ROWS[1:]))
    path = tmp_path / "对应.csv"
    path.write_text("三级指标,计量单位,对应为,对应计量单位\n节约资金,元,节约资金,万元\n", "utf-8")
    rows = merge(folder, mapping=path).consolidation.pool.rows
    assert [row.units for row in rows if row.level3 == "节约资金"] == [1, 1]


# --- last year ------------------------------------------------------------------------------------


def last_year(root: Path) -> Path:
    write_form(root / "甲.xlsx", "示例甲中心（部门）", budget=5, executed=5, year=2022, project="别的名称")
    write_form(root / "乙.xlsx", "示例乙中心", budget=30, executed=29, year=2022)
    write_form(root / "庚.xlsx", "示例庚中心", budget=7, executed=7, year=2022)
    return root


def test_last_year_from_a_folder_and_from_its_workbook_is_the_same(folder: Path, tmp_path: Path) -> None:
    before = last_year(tmp_path / "上年")
    xltools.merge(before, tmp_path / "上年汇总.xlsx")
    books = []
    for previous in (before, tmp_path / "上年汇总.xlsx"):
        result = merge(folder, previous=previous)
        books.append([[cell.value for cell in row] for row in sheet(result, "同比").iter_rows()])
    assert books[0] == books[1]
    rows = {row[0]: row for row in books[0]}
    head = {name: at for at, name in enumerate(books[0][0])}
    assert rows["示例甲中心"][head["预算增减（%）"]] == 100
    assert rows["示例甲中心"][head["执行率增减（百分点）"]] == -10
    assert rows["示例甲中心"][head["提示"]] == "预算变动大"
    assert rows["示例乙中心"][head["提示"]] in (None, "")
    assert rows["示例丙中心"][head["提示"]] == "上年未见"
    assert rows["示例庚中心"][head["提示"]] == "本年未见"
    assert rows["合计"][head["上年预算数"]] == 42


def test_what_is_not_in_last_years_figures_is_said(folder: Path, tmp_path: Path) -> None:
    before = last_year(tmp_path / "上年")
    write_form(before / "庚（改）.xlsx", "示例庚中心", budget=8, executed=7, year=2022)
    for n in (1, 2):
        write_form(before / f"丙{n}.xlsx", "示例丙中心", budget=n, executed=1, year=2022)
    write_form(before / "甲（二）.xlsx", "示例甲中心", budget=7, executed=7, year=2022)
    write_form(before / "甲（三）.xlsx", "示例甲中心", budget=8, executed=7, year=2022)
    (before / "坏.xlsx").write_bytes(b"PK\x03\x04 cut off")
    book = load_workbook(before / "乙.xlsx")
    cell = next(c for row in book.active.iter_rows() for c in row if c.value == 30)
    for each in book.active[cell.row]:
        if each.value == 30:
            each.value = "约30"
    book.save(before / "乙.xlsx")
    result = merge(folder, previous=before)
    assert [name for name, _ in result.left_out_before] == [
        "丙1.xlsx", "丙2.xlsx", "坏.xlsx", "庚.xlsx", "庚（改）.xlsx", "甲（三）.xlsx", "甲（二）.xlsx",
    ]  # fmt: skip
    said = list(merge_lines(result, "zh"))
    noted = column(sheet(result, "同比"), "实施单位")
    assert noted[-9] == "合计"
    assert noted[-8:] == [line for line in said if line.startswith("上年")]
    assert "坏.xlsx" in noted[-6]
    assert "损坏" in noted[-6]
    assert noted[-1] == "上年有 1 家单位的全年预算数未填或不是数值，未计入上年合计：示例乙中心"
    rows = dict(zip(noted, column(sheet(result, "同比"), "提示"), strict=True))
    assert rows["示例乙中心"] == "上年数不全"
    assert rows["示例丙中心"] == "上年未计入"
    assert rows["示例甲中心"] == "预算变动大；上年数不全"


@pytest.mark.parametrize(("year", "said"), [(2022, 0), (2023, 1), (2024, 1)])
def test_last_year_is_an_earlier_year(folder: Path, tmp_path: Path, year: int, said: int) -> None:
    write_form(tmp_path / "上年" / "甲.xlsx", "示例甲中心", budget=5, executed=5, year=year)
    result = merge(folder, previous=tmp_path / "上年")
    sentence = f"用于同比的“上年”是 {year} 年度，不早于本次汇总的 2023 年度"
    assert sum(line.startswith(sentence) for line in merge_lines(result, "zh")) == said
    assert sum(str(text).startswith(sentence) for text in column(sheet(result, "同比"), "实施单位")) == said


def test_the_comparison_is_printed_whole(folder: Path, tmp_path: Path) -> None:
    write_form(tmp_path / "上年" / "甲.xlsx", "示例甲中心", budget=90, executed=9, year=2022)
    same = write_form(tmp_path / "上年" / "乙.xlsx", "示例乙中心", budget=30, executed=30, year=2022)
    shutil.copy(same, same.with_name("乙 - 副本.xlsx"))
    book = load_workbook(merge(folder, previous=tmp_path / "上年").output)
    for name in ("同比", "汇总"):
        assert book[name].print_area.endswith(f"${book[name].max_row}"), name
    marks = [row[-1].value for row in book["同比"].iter_rows(min_row=2)]
    heights = [book["同比"].row_dimensions[row].height for row in range(2, 5)]
    assert len(set(heights)) == 2, marks  # several marks take several lines


def test_nothing_to_compare_with(folder: Path, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "别的.xlsx")
    with pytest.raises(Refusal, match="没有可比的数据"):
        merge(folder, previous=tmp_path / "别的.xlsx")
    with pytest.raises(FileNotFoundError):
        merge(folder, previous=tmp_path / "没有")


# --- unit sheets, sums through them ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "there"), [("all", True), ("none", False), (2, False), (3, True), ("3", True)]
)
def test_how_many_unit_sheets(folder: Path, wanted: int | str, there: bool) -> None:
    names = load_workbook(merge(folder, unit_sheets=wanted).output).sheetnames
    assert ("单位表始" in names) is there
    if there:
        assert names[-5:] == ["单位表始", "001 示例丙中心", "002 示例乙中心", "003 示例甲中心", "单位表终"]


def _reordered(source: Path, target: Path, moved: str) -> Path:
    """The book with a sheet dragged behind the last mark."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/workbook.xml":
                text = data.decode()
                head, _, rest = text.partition("<sheets>")
                sheets, _, tail = rest.partition("</sheets>")
                entries = [f"<sheet {each}" for each in sheets.split("<sheet ")[1:]]
                out = next(each for each in entries if moved in each)
                entries = [each for each in entries if each != out] + [out]
                data = f"{head}<sheets>{''.join(entries)}</sheets>{tail}".encode()
            new.writestr(name, data)
    return target


@pytest.mark.office
def test_a_sheet_dragged_out_of_the_marks_no_longer_counts(folder: Path, tmp_path: Path) -> None:
    rows = (ROWS[0]._replace(actual=Decimal(6), score=Decimal(25)), *ROWS[1:])
    write_form(folder / "丁.xlsx", "示例丁中心", budget=40, executed=20, rows=rows)
    with_all = Path(merge(folder).output)
    moved = _reordered(with_all, tmp_path / "移出.xlsx", "示例丁中心")
    (again,) = convert([moved], "xlsx", tmp_path)
    (folder / "丁.xlsx").unlink()
    without = load_workbook(merge(folder).output, data_only=True)["合并自评表"]
    found = load_workbook(again, data_only=True)["合并自评表"]
    assert [found[f"{c}5"].value for c in "CDFHIK"] == [without[f"{c}5"].value for c in "CDFHIK"]
    for row in range(12, 15):
        for letter in "GHJK":
            assert found[f"{letter}{row}"].value == pytest.approx(without[f"{letter}{row}"].value)
    assert found["K15"].value == without["K15"].value


# --- lists that fill a sheet ----------------------------------------------------------------------


@pytest.mark.office
def test_lists_go_on_and_a_second_engine_computes_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No unit sheets: the sums run over several sheets of each list."""
    monkeypatch.setattr(sheets, "MOST_ROWS", 9)
    odd = (ROWS[0]._replace(actual=Decimal(7)), *ROWS[1:])
    write_form(folder / "丁.xlsx", "示例丁中心", budget=3, executed=1, rows=odd)
    whole = merge(folder, unit_sheets="none", previous=last_year(tmp_path / "上年"))
    names = load_workbook(whole.output).sheetnames
    assert [name for name in names if name.startswith("指标明细")] == ["指标明细", "指标明细(2)"]
    assert [name for name in names if name.startswith("资金明细")] == [
        "资金明细", "资金明细(2)", "资金明细(3)", "资金明细(4)",
    ]  # fmt: skip
    kept = (tmp_path / "卷.xlsx").write_bytes(Path(whole.output).read_bytes())
    assert kept
    agree(tmp_path / "卷.xlsx", tmp_path)


@pytest.mark.office
def test_all_sheets_at_once_agree_with_a_second_engine(two_names: Path, tmp_path: Path) -> None:
    write_form(two_names / "乙（重报）.xlsx", "示例乙中心", budget=31, executed=30)
    names = roster(tmp_path / "名单.xlsx", ("示例甲中心", None), ("示例辛中心", None))
    result = merge(two_names, units=names, previous=last_year(tmp_path / "上年"))
    agree(Path(result.output), tmp_path)


def agree(path: Path, tmp_path: Path) -> None:
    formulas, ours = load_workbook(path), load_workbook(path, data_only=True)
    (converted,) = convert([path], "xlsx", tmp_path)
    theirs = load_workbook(converted, data_only=True)
    count = 0
    for each in formulas:
        for row in each.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    count += 1
                    mine, other = (
                        ours[each.title][cell.coordinate].value,
                        theirs[each.title][cell.coordinate].value,
                    )
                    if isinstance(mine, int | float):
                        mine = pytest.approx(mine, abs=1e-9)
                    assert (
                        (other or "") == (mine or "") if not isinstance(other, int | float) else other == mine
                    ), (
                        each.title,
                        cell.coordinate,
                        cell.value,
                    )
    assert count > 100


# --- data -----------------------------------------------------------------------------------------


def test_frames_csv_and_parquet_say_the_same(folder: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    write_form(folder / "式.xlsx", "=1+1", project="=cmd|' /C calc'!A0")
    result = merge(folder, csv=tmp_path / "csv", parquet=tmp_path / "pq")
    frames = result.consolidation.frames()
    assert list(frames) == ["汇总", "资金明细", "指标明细", "合并指标", "问题清单", "来源清单"]
    assert frames["汇总"]["全年预算数"].sum() == 70
    assert str(frames["汇总"]["年度"].dtype) == "Int64"
    assert len(result.tables) == 12
    for name, frame in frames.items():
        parquet = pandas.read_parquet(tmp_path / "pq" / f"{name}.parquet")
        assert list(parquet.columns) == list(frame.columns)
        assert len(parquet) == len(frame)
    book = load_workbook(result.output, data_only=True)
    assert list(frames["汇总"]["复算总分"]) == column(book["汇总"], "复算总分")[:-1]
    text = (tmp_path / "csv" / "汇总.csv").read_text("utf-8-sig")
    assert "'=cmd" in text
    assert ",=cmd" not in text


def test_a_second_run_reads_nothing_the_first_one_wrote(folder: Path) -> None:
    outputs = {"csv": folder / "数据", "recursive": True}
    first = xltools.merge(folder, folder / "汇总.xlsx", **outputs)
    before = (folder / "汇总.xlsx").read_bytes()
    second = xltools.merge(folder, folder / "汇总.xlsx", **outputs)
    assert second.consolidation.files == first.consolidation.files
    assert second.left_out == ()
    assert (folder / "汇总.xlsx").read_bytes() == before


@pytest.mark.parametrize("recursive", [False, True])
def test_a_second_run_meets_nothing_in_the_folders_the_first_one_filled(
    folder: Path, monkeypatch: pytest.MonkeyPatch, recursive: bool
) -> None:
    pytest.importorskip("pyarrow")
    write_form(folder / "县" / "丁.xlsx", "示例丁中心", rows=(*ROWS[:2], ROWS[2]._replace(score=Decimal(9))))
    book = load_workbook(folder / "甲.xlsx")
    book.active["H5"] = 99999
    book.save(folder / "甲.xlsx")
    monkeypatch.chdir(folder.parent)
    given = ["merge", "报送", "-o", "报送/汇总.xlsx", "--returns", str(folder / "退回")]
    given += ["--csv", "报送/数据", "--parquet", "报送/数据2", *(["--recursive"] if recursive else [])]
    runs = []
    for _ in range(2):
        assert run(given) == 1
        runs.append((folder / "汇总.xlsx").read_bytes())
    assert (folder / "退回" / "甲.xlsx").exists()
    assert runs[0] == runs[1]
    sources = column(load_workbook(folder / "汇总.xlsx")["来源清单"], "来源文件")
    assert sources == ["丙.xlsx", "乙.xlsx", "县/丁.xlsx" if recursive else "县", "甲.xlsx"]


def test_a_folder_for_copies_that_holds_the_returns_is_read(folder: Path) -> None:
    for outer in (folder, folder.parent):
        assert len(merge(folder, returns=outer).consolidation.forms) == 3


def test_text_like_a_formula_stays_text_everywhere(folder: Path, tmp_path: Path) -> None:
    bad = '=HYPERLINK("http://x","y")'
    rows = (ROWS[0]._replace(level3=bad, deviation="+1+1"), *ROWS[1:])
    write_form(folder / "@式.xlsx", bad, project="-2+3", rows=rows)
    write_form(folder / "二.xlsx", bad + "（二）", rows=(ROWS[0]._replace(level3=bad + "次"), *ROWS[1:]))
    names = roster(tmp_path / "名单.xlsx", ("'=1+1", "@SUM(A1)"), ("示例甲中心", None))
    result = merge(folder, units=names, previous=folder)
    for each in load_workbook(result.output):
        for row in each.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    outside = re.sub("'[^']*'", "", cell.value)  # names of sheets stand in quotes
                    assert "http" not in outside, (each.title, cell.coordinate)
                    assert "SUM(A1)" not in outside, (each.title, cell.coordinate)
    assert bad in column(sheet(result, "汇总"), "实施单位")


# --- input in archives ----------------------------------------------------------------------------


def test_an_archive_is_a_folder(folder: Path, tmp_path: Path) -> None:
    packed = tmp_path / "各单位.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.iterdir():
            archive.write(path, f"县/{path.name}")
    before = hashlib.sha256(packed.read_bytes()).digest()
    result = merge(packed)
    assert result.consolidation.pool.funds[0].annual == 60
    book = load_workbook(result.output)
    assert column(book["来源清单"], "来源文件") == ["县/丙.xlsx", "县/乙.xlsx", "县/甲.xlsx"]
    assert book["来源清单"]["A2"].hyperlink.target == "各单位.zip"
    assert hashlib.sha256(packed.read_bytes()).digest() == before
    again = merge(tmp_path, recursive=True)
    assert len(again.consolidation.forms) == 3  # each copy counts once
    assert len(again.left_out) == 3


# --- whole or not at all --------------------------------------------------------------------------


def test_inputs_stay_and_the_same_inputs_give_the_same_bytes(folder: Path) -> None:
    def hashes() -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    before = hashes()
    first = Path(merge(folder, jobs=1).output).read_bytes()
    assert Path(merge(folder, jobs=2).output).read_bytes() == first
    assert hashes() == before


_STARTED = """
import multiprocessing, sys
from xltools.__main__ import main

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv.pop(1))
    sys.exit(main())
"""


@pytest.mark.parametrize("way", multiprocessing.get_all_start_methods())
def test_however_processes_start_the_bytes_are_the_same(folder: Path, tmp_path: Path, way: str) -> None:
    """Windows starts them from nothing; a copy of this one, as on Linux, may know too much."""
    for number in range(60):
        shutil.copy(folder / "甲.xlsx", folder / f"甲{number}.xlsx")
    script = tmp_path / "started.py"
    script.write_text(_STARTED)
    targets = [tmp_path / name for name in ("一个.xlsx", "两个.xlsx")]
    for jobs, target in enumerate(targets, start=1):
        words = ["merge", str(folder), "-o", str(target), "--jobs", str(jobs)]
        done = subprocess.run([sys.executable, script, way, *words], capture_output=True, check=False)
        assert (done.returncode, b"Traceback" in done.stderr) == (1, False), done.stderr.decode()
    assert targets[0].read_bytes() == targets[1].read_bytes()


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "output_is_folder"), ("汇总.xls", "output_not_xlsx"), ("甲.xlsx", "output_is_a_form")],
)
def test_what_is_never_overwritten(folder: Path, name: str, code: str) -> None:
    before = sorted(path.read_bytes() for path in folder.iterdir())
    with pytest.raises(Refusal) as refusal:
        xltools.merge(folder, folder / name)
    assert refusal.value.code == code
    assert sorted(path.read_bytes() for path in folder.iterdir()) == before


def test_every_refusal_is_a_sentence() -> None:
    for zh, en in REFUSALS.values():
        assert zh.endswith(("。", "{why}"))
        assert en.endswith((".", "{why}"))


COMMAND = [sys.executable, "-m", "xltools", "merge"]


def _merge_process(folder: Path, target: Path, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, str(folder), "-o", str(target), "--jobs", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        **options,
    )


def _merged(folder: Path, target: Path) -> int:
    with _merge_process(folder, target) as process:
        return process.wait()


def test_killed_at_any_moment_the_old_workbook_or_the_new_one_stands(folder: Path, tmp_path: Path) -> None:
    for number in range(12):
        write_form(folder / f"{number}.xlsx", f"示例{number}号中心")
    target = tmp_path / "果" / "汇总.xlsx"
    started = time.perf_counter()
    assert _merged(folder, target) in (0, 1)
    whole = time.perf_counter() - started
    new = target.read_bytes()
    old = b"PK old"
    moments = random.Random(5)
    seen = set()
    for _ in range(int(os.environ.get("KILLS", "12"))):
        target.write_bytes(old)
        with _merge_process(folder, target) as process:
            time.sleep(whole * moments.uniform(0.3, 1.1))
            process.kill()
        assert target.read_bytes() in (old, new)
        seen.add(target.read_bytes() == new)
    assert False in seen
    left = {path.name for path in target.parent.iterdir()} - {target.name}
    assert all(name.startswith(".~") for name in left)
    assert collect([target.parent]).files == (str(target),)  # leftovers are no returns
    assert _merged(folder, target) in (0, 1)
    assert target.read_bytes() == new


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_the_old_workbook(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "汇总.xlsx"
    target.write_bytes(b"old")

    import resource

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))

    process = _merge_process(folder, target, preexec_fn=small)
    _, said = process.communicate()
    assert process.returncode == 2
    assert "无法写入" in said.decode()
    assert "汇总.xlsx" in said.decode()
    assert target.read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {"报送", "汇总.xlsx"}


def test_marked_copies_of_files_in_an_archive(folder: Path, tmp_path: Path) -> None:
    rows = (ROWS[0]._replace(actual=Decimal(6)), *ROWS[1:])
    write_form(folder / "丁.xlsx", "示例丁中心", rows=rows)
    packed = tmp_path / "各单位.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    command = [*COMMAND, str(packed), "-o", str(tmp_path / "汇总.xlsx"), "--returns", str(tmp_path / "退回")]
    assert subprocess.run(command, capture_output=True).returncode == 1
    assert "丁.xlsx" in {path.name for path in (tmp_path / "退回").iterdir()}
    assert xltools.validate([packed]).files
