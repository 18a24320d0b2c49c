"""Rows of the two tables that could be taken for something else, and what must not be taken for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from paper import Paper, mof, nmg, save
from test_reading import NATIONAL, SEED, differences, read_one

from xltools.vocabulary import vocabulary

DRAW = {"nmg": (nmg, SEED), "mof": (mof, NATIONAL)}


def at(paper: Paper, value: str) -> tuple[int, int]:
    """Where a text stands on the paper."""
    return next(place for place, text in paper.cells.items() if text == value)


@pytest.mark.parametrize("kind", DRAW)
@pytest.mark.parametrize(
    "name",
    [
        *("注册企业数量", "注射疫苗人数", "说明会召开次数", "备注栏填写率", "审核人次", "填报人培训次数"),
        *("单位负责人培训人次", "单位名称", "改进措施", "联系电话", "审核人"),
    ],
)
def test_an_indicator_may_be_named_like_what_ends_a_table(kind: str, name: str, tmp_path: Path) -> None:
    draw, data = DRAW[kind]
    rows = [{**row, "level3": name} if at == 1 else row for at, row in enumerate(data["indicators"])]
    changed = {**data, "indicators": rows}
    assert differences(read_one(save(tmp_path / "x.xlsx", draw(changed))), changed) == []


@pytest.mark.parametrize(
    "text",
    [
        "注：本表一式两份",
        "说明：请如实填写",
        "备注",
        "填表人：张三",
        "审核人（签字）",
        "填报人 张三",
        "单位负责人签字：",
    ],
)
def test_a_remark_below_rows_without_a_total_is_no_indicator(text: str, tmp_path: Path) -> None:
    paper = nmg(SEED)
    last, _ = at(paper, "总分")
    paper.cells = {place: value for place, value in paper.cells.items() if place[0] < last}
    paper.merges = [merge for merge in paper.merges if merge[2] < last]
    paper.put(last, 1, text)
    paper.put(last, 10, "2024年1月")
    assert len(read_one(save(tmp_path / "x.xlsx", paper)).rows) == len(SEED["indicators"])


@pytest.mark.parametrize("level1", ["满意度指标", "成本指标", "服务对象满意度"])
@pytest.mark.parametrize("level2", ["群众满意度指标", "服务对象", "本表没有的说法"])
@pytest.mark.parametrize("kind", DRAW)
def test_a_level_that_is_in_no_list_moves_no_row(kind: str, level1: str, level2: str, tmp_path: Path) -> None:
    draw, data = DRAW[kind]
    last = len(data["indicators"]) - 1
    rows = [
        {**row, "level1": level1, "level2": level2} if at == last else row
        for at, row in enumerate(data["indicators"])
    ]
    paper = draw({**data, "indicators": rows})
    form = read_one(save(tmp_path / "x.xlsx", paper))
    assert form.shifted == ()
    assert differences(form, {**data, "indicators": rows}) == []


@pytest.mark.parametrize(
    "labels",
    [
        ("其中：1.财政拨款", "2.上年结转资金", "3.其他资金"),
        ("1、财政拨款", "2、上年结转资金", "3、其他资金"),
        ("①财政拨款", "②上年结转资金", "③其他资金"),
        ("（一）财政拨款", "（二）上年结转资金", "（三）其他资金"),
        ("2023年财政拨款", "2022年结转资金", "3、其他资金"),
    ],
)
def test_sources_of_funds_may_be_numbered(labels: tuple[str, ...], tmp_path: Path) -> None:
    paper = nmg(SEED)
    for row, label in enumerate(labels, start=at(paper, "年度资金总额")[0] + 1):
        paper.put(row, 2, label)
    form = read_one(save(tmp_path / "x.xlsx", paper))
    assert [line.kind for line in form.funds] == ["total", "fiscal", "carryover", "other"]


@pytest.mark.parametrize("label", ["资金合计", "本年资金合计", "合计", "一、年度资金总额"])
def test_the_total_of_the_funds_has_many_names(label: str, tmp_path: Path) -> None:
    paper = nmg(SEED)
    paper.put(*at(paper, "年度资金总额"), label)
    assert read_one(save(tmp_path / "x.xlsx", paper)).funds[0].kind == "total"


def test_numbered_levels_belong_to_their_families(tmp_path: Path) -> None:
    paper = nmg(SEED)
    for name, number in (("产出指标", "一、"), ("效益指标", "（二）"), ("满意度指标", "3.")):
        paper.put(*at(paper, name), number + name)
    form = read_one(save(tmp_path / "x.xlsx", paper))
    assert [row.group for row in form.rows] == [
        row.group for row in read_one(save(tmp_path / "y.xlsx", nmg(SEED))).rows
    ]


@pytest.mark.parametrize(
    ("column", "label"), [(3, "合计"), (2, "产出指标小计"), (2, "产出指标合计"), (2, "合计")]
)
def test_a_sum_below_one_level_is_not_the_total(column: int, label: str, tmp_path: Path) -> None:
    paper = nmg(SEED)
    row, _ = at(paper, "效益指标")
    paper.insert_rows(row)
    paper.put(row, column, label)
    paper.put(row, 10, 50)
    paper.put(row, 11, 50)
    assert differences(read_one(save(tmp_path / "x.xlsx", paper)), SEED) == []


@pytest.mark.parametrize(
    "cells", [((1, 1, "自评等级"), (1, 3, "良")), ((0, 12, "评价等级：良"),), ((1, 1, "评价等级：良"),)]
)
def test_the_grade_stands_beside_or_below_the_total(
    cells: tuple[tuple[int, int, str], ...], tmp_path: Path
) -> None:
    paper = nmg(SEED)
    total, _ = at(paper, "总分")
    for below, column, text in cells:
        paper.put(total + below, column, text)
    form = read_one(save(tmp_path / "x.xlsx", paper))
    assert form.stated_grade.value == "good"
    assert differences(form, SEED) == []


def test_a_direction_may_name_its_sign_in_brackets() -> None:
    assert vocabulary().comparator_of("大于等于(≥)") == "ge"
    assert vocabulary().comparator_of("小于等于（≤）") == "le"
