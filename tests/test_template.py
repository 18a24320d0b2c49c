from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from xltools.form_sheet import Formula
from xltools.reading import read_file
from xltools.template import FILES, blank, new

ROOT = Path(__file__).parent.parent


def test_the_kept_templates_are_not_stale(tmp_path):
    for layout, name in FILES.items():
        made = new(tmp_path / name, layout=layout)
        assert made.read_bytes() == (ROOT / "templates" / name).read_bytes(), "python -m xltools.template"


@pytest.mark.parametrize("layout", list(FILES))
@pytest.mark.parametrize("count", [3, 8, 9, 10, 23, 40])
def test_any_number_of_indicators_is_spread_over_all_levels(layout, count):
    rows = blank(layout, indicators=count).indicators
    assert len(rows) == count
    order = ["产出指标", "效益指标", "满意度指标"]
    assert sorted(rows, key=lambda row: order.index(row.level1)) == list(rows)
    assert {row.level1 for row in rows} == set(order)
    assert len({row.level2 for row in rows}) == min(count, 9)


def test_the_formulas_stand_with_the_results_of_a_blank_form():
    content = blank()
    total, first = content.funds[:2]
    assert total.annual_budget == Formula("SUM(D6:D8)", Decimal(0))
    assert total.execution_rate == Formula('IF(N(D5)=0,"—",ROUND(F5/D5*100,2))', "—")
    assert total.score.value == "—"
    assert first.execution_rate.value == "—"
    assert (first.weight, first.score) == ("—", "—")
    assert content.total_weight == Formula("SUM(H5,J12:J21)", Decimal(10))
    assert content.total_score == Formula("SUM(K5,K12:K21)", Decimal(0))


def test_new_says_no_rather_than_overwrite(tmp_path):
    target = tmp_path / "表.xlsx"
    target.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        new(target)
    assert target.read_bytes() == b"mine"
    new(target, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["表.xlsx"]


@pytest.mark.parametrize("wrong", [{"indicators": 2}, {"indicators": 41}, {"layout": "other"}])
def test_new_refuses_what_it_cannot_draw(tmp_path, wrong):
    with pytest.raises(ValueError, match=r"版式|指标行数"):
        new(tmp_path / "a.xlsx", **wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_new_form_is_read_back_with_its_heads(tmp_path):
    path = new(tmp_path / "a.xlsx", year=2024, project="项目", unit="单位", department="部门")
    (form,) = read_file(str(path)).forms
    assert (form.layout, form.year.value, form.sheet) == ("nmg-12", 2024, "自评表")
    heads = form.project_name, form.implementing_unit, form.supervising_department
    assert [head.value for head in heads] == ["项目", "单位", "部门"]
    assert openpyxl.load_workbook(path).properties.creator in (None, "")
