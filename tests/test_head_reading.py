"""What stands above the bands: the year a form states, and the names at its head."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from paper import nmg, save

from xltools.model import SelfEvaluation
from xltools.reading import read_file

SEED = json.loads((Path(__file__).parent / "cases" / "seed.json").read_text("utf-8"))


def read_below(path: Path, above: list[list[object]]) -> SelfEvaluation:
    """The form without its own title below other rows."""
    paper = nmg(SEED, title=False)
    paper.insert_rows(1, len(above))
    for row, values in enumerate(above, 1):
        for column, value in enumerate(values, 1):
            paper.put(row, column, value)  # type: ignore[arg-type]
    return read_file(save(path / "x.xlsx", paper)).forms[0]


TITLE = "项目支出绩效自评表"


@pytest.mark.parametrize(
    ("above", "year"),
    [
        ([["财预〔2020〕10号"], [TITLE]], None),
        ([["填报日期：2024年3月5日"], [TITLE]], None),
        ([[TITLE], ["2022年应自治区要求，中心搬迁。"]], None),
        ([["填报日期：2024年3月5日"], [f"{TITLE}（2023年度）"]], 2023),
        ([["财预〔2020〕10号"], [TITLE], ["（2023年度）"]], 2023),
        ([[f"2024年{TITLE}（2023年度）"]], 2023),
        ([["2024年3月5日"], [TITLE], ["评价年度：2023"]], 2023),
        ([[TITLE], ["年度", 2023]], 2023),
        ([[TITLE], ["（ 2 0 2 3 年度）"]], 2023),
        ([[f"2023年{TITLE}"]], 2023),
        ([[f"二〇二三年度{TITLE}"]], 2023),
    ],
)
def test_the_year_is_what_the_form_says_it_is_about(
    above: list[list[object]], year: int | None, tmp_path: Path
) -> None:
    assert read_below(tmp_path, above).year.value == year


@pytest.mark.parametrize("dash", ["/", "—", "无"])
@pytest.mark.parametrize(
    "field",
    ["project_name", "supervising_department", "implementing_unit", "goal_expected", "goal_actual"],
)
def test_a_dash_names_nothing(dash: str, field: str, tmp_path: Path) -> None:
    form = read_file(save(tmp_path / "x.xlsx", nmg({**SEED, field: dash}))).forms[0]
    entry = getattr(form, field)
    assert (entry.value, entry.state) == (None, "dash")


@pytest.mark.parametrize(
    ("label", "unit", "executed"),
    [
        ("项目资金（人民币元）", "元", "50000"),
        ("项目资金 元", "元", "50000"),
        ("项目资金【元】", "元", "50000"),
        ("项目资金/元", "元", "50000"),
        ("项目资金（百元）", "万元", "500"),
        ("项目资金（千元）", "万元", "5000"),
        ("项目资金（百万元）", "万元", "5000000"),
    ],
)
def test_the_money_unit_is_the_one_written(label: str, unit: str, executed: str, tmp_path: Path) -> None:
    paper = nmg(SEED)
    place = next(at for at, value in paper.cells.items() if str(value).startswith("项目资金"))
    paper.cells[place] = label
    paper.put(place[0] + 1, 6, 50000)
    form = read_file(save(tmp_path / "x.xlsx", paper)).forms[0]
    assert form.money_unit.value == unit
    assert form.funds[0].executed.value == Decimal(executed)


def test_the_unit_beside_the_figures_holds(tmp_path: Path) -> None:
    form = read_below(tmp_path, [[TITLE], ["单位：元"]])
    assert form.money_unit.value == "万元"


@pytest.mark.parametrize("code", ["0!.0,", "#,##0.00,", "0.00,,"])
def test_an_amount_shown_in_another_scale_is_left_open(code: str, tmp_path: Path) -> None:
    paper = nmg(SEED)
    place = next(at for at, value in paper.cells.items() if str(value).startswith("项目资金"))
    paper.put(place[0] + 1, 6, 1205000, format=code)
    entry = read_file(save(tmp_path / "x.xlsx", paper)).forms[0].funds[0].executed
    assert (entry.value, entry.state, entry.note) == (None, "text", "shown_otherwise")


@pytest.mark.parametrize("code", ["0", "#,##0.00", "¥#,##0.00", "0.00E+00", "#,##0.00_);(#,##0.00)"])
def test_an_amount_in_an_ordinary_format_is_read(code: str, tmp_path: Path) -> None:
    paper = nmg(SEED)
    place = next(at for at, value in paper.cells.items() if str(value).startswith("项目资金"))
    paper.put(place[0] + 1, 6, 1205000, format=code)
    form = read_file(save(tmp_path / "x.xlsx", paper)).forms[0]
    assert form.funds[0].executed.value == 1205000


def with_department_row(path: Path, values: dict[int, str]) -> SelfEvaluation:
    """The form with another row of 主管部门, as unmerged cells."""
    paper = nmg(SEED)
    row = next(at[0] for at, value in paper.cells.items() if value == "主管部门")
    paper.merges = [merge for merge in paper.merges if merge[0] != row]
    paper.cells = {at: value for at, value in paper.cells.items() if at[0] != row}
    for column, value in {1: "主管部门", **values}.items():
        paper.put(row, column, value)
    return read_file(save(path / "x.xlsx", paper)).forms[0]


@pytest.mark.parametrize(
    ("values", "department"),
    [
        ({5: "负责人", 6: "李四", 7: "实施单位", 8: "乙中心"}, None),
        ({5: "负责人：", 7: "实施单位", 8: "乙中心"}, None),
        ({5: "丙局", 7: "实施单位", 8: "乙中心"}, "丙局"),
        ({5: "丙局", 6: "实施单位", 7: "乙中心"}, "丙局"),
        ({2: "丙局", 3: "负责人", 4: "李四", 7: "实施单位", 8: "乙中心"}, "丙局"),
    ],
)
def test_a_blank_field_does_not_take_the_next_label(
    values: dict[int, str], department: str | None, tmp_path: Path
) -> None:
    form = with_department_row(tmp_path, values)
    assert form.supervising_department.value == department
    assert form.implementing_unit.value == "乙中心"
