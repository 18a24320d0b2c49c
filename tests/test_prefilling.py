from __future__ import annotations

import openpyxl
import pytest

import xltools
from xltools.prefilling import Issued, file_names
from xltools.reading import read_file
from xltools.refusal import Refusal
from xltools.roster import RosterRow

ROSTER = (
    "实施单位,项目名称,主管部门,年度,年初预算数,全年预算数\n"
    '示例一中心,系统运维,示例局,2024,"1,234.5",1300\n'
    "示例/二*中心.,,,,8,\n"
    "示例一中心,场地租赁,,,约五万,\n"
)


@pytest.fixture(params=["utf-8", "utf-8-sig", "gb18030", "xlsx"])
def roster(request, tmp_path):
    if request.param == "xlsx":
        path = tmp_path / "名单.xlsx"
        book = openpyxl.Workbook()
        for line in ROSTER.replace('"1,234.5"', "1234.5").splitlines():
            book.active.append(line.split(","))
        book.save(path)
    else:
        path = tmp_path / "名单.csv"
        path.write_bytes(ROSTER.encode(request.param))
    return path


def test_one_prefilled_workbook_a_row_in_the_order_of_the_roster(roster, tmp_path):
    folder, seen = tmp_path / "out", []
    made = xltools.new(
        units=roster, folder=folder, year=2025, progress=lambda done, of: seen.append((done, of))
    )
    assert isinstance(made, Issued)
    names = ["001_示例一中心_系统运维.xlsx", "002_示例_二_中心.xlsx", "003_示例一中心_场地租赁.xlsx"]
    assert sorted(path.name for path in folder.iterdir()) == [path.name for path in made.written] == names
    assert made.unread == ((4, "initial_budget", "约五万"),)
    assert sum(done for done, _ in seen) == 3
    form = read_file(str(made.written[0])).forms[0]
    heads = form.implementing_unit, form.project_name, form.supervising_department, form.year
    assert [head.value for head in heads] == ["示例一中心", "系统运维", "示例局", 2024]
    assert str(form.total_fund.initial_budget.value), str(form.total_fund.annual_budget.value) == (
        "1234.5",
        "1300",
    )
    other = read_file(str(made.written[1])).forms[0]
    assert (other.implementing_unit.value, other.year.value) == ("示例/二*中心.", 2025)


def test_what_is_given_is_marked_and_budgets_are_locked(tmp_path):
    roster = tmp_path / "名单.csv"
    roster.write_text(ROSTER, "utf-8")
    sheet = openpyxl.load_workbook(xltools.new(units=roster, folder=tmp_path / "out").written[0]).worksheets[
        0
    ]
    given = {cell: sheet[cell] for cell in ("C2", "C3", "I3", "C5", "D5")}
    assert {cell.fill.fgColor.rgb for cell in given.values()} == {"FFE4ECF7"}
    assert [given[cell].protection.locked for cell in given] == [False, False, False, True, True]
    assert (sheet["C5"].value, sheet["F5"].value) == (1234.5, "=SUM(F6:F8)")


def test_nothing_is_overwritten(tmp_path):
    roster, folder = tmp_path / "名单.csv", tmp_path / "out"
    roster.write_text(ROSTER, "utf-8")
    folder.mkdir()
    (folder / "002_示例_二_中心.xlsx").write_bytes(b"mine")
    made = xltools.new(units=roster, folder=folder)
    assert [path.name for path in made.existing] == ["002_示例_二_中心.xlsx"]
    assert made.existing[0].read_bytes() == b"mine"
    assert len(made.written) == 2
    assert xltools.new(units=roster, folder=folder).written == ()


@pytest.mark.parametrize("wrong", [{}, {"units": "a.csv"}, {"output": "a.xlsx", "folder": "b"}, {"units": "a", "folder": "b", "unit": "c"}])  # fmt: skip
def test_what_cannot_be_meant_is_refused(wrong):
    with pytest.raises(Refusal, match="用法"):
        xltools.new(**wrong)


def test_names_sort_and_fit_any_file_system():
    rows = [RosterRow(at, f"单位{at}") for at in range(1, 1201)]
    names = file_names(rows)
    assert names == sorted(names)
    assert names[0].startswith("0001_")
    (long,) = file_names([RosterRow(1, "中" * 300)])
    assert len(long.encode()) < 255
    assert len(set(file_names([RosterRow(1, "甲"), RosterRow(2, "甲")]))) == 2
