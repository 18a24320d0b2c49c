"""What the reader remembers of one form changes nothing about the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xltools.locate import FormPlaces, locate
from xltools.model import SelfEvaluation
from xltools.reading import read_form, read_grids
from xltools.reading.forms import _TALLEST_PLAN
from xltools.reading.spots import remembered_with_row
from xltools.remembering import forget
from xltools.sheets.grid import Cell, Grid, Merge, SheetRow

# --- forms made of rows that come again -----------------------------------------------------------

PERCENT = Cell(Decimal("0.95"), "number", "95%", True)
ERROR = Cell("#DIV/0!", "error", "#DIV/0!")
FORMULA = Cell(Decimal(9), "number", "9", False, "ROUND(J9,2)")
UNCACHED = Cell(None, "uncached", "", False, "SUM(A1)")
WITH_UNIT = Cell(Decimal(5), "number", "5个")
IN_WAN = Cell(Decimal(58000), "number", "5.8万")
DATE = Cell(Decimal(45000), "date", "2023-03-15")

LABELS = {
    "level1": "一级指标",
    "level2": "二级指标",
    "level3": "三级指标",
    "nature": "指标性质",
    "direction": "指标方向",
    "target": "年度指标值",
    "actual": "实际完成值",
    "unit": "计量单位",
    "weight": "分值",
    "score": "得分",
    "deviation": "偏差原因分析及改进措施",
}
FULL = tuple(LABELS)
SHORT = ("level1", "level2", "level3", "target", "actual", "weight", "score", "deviation")
WITHOUT_DIRECTION = ("level1", "level2", "level3", "nature", "unit", "weight", "target", "actual", "score")

ROWS: tuple[tuple[Any, ...], ...] = (
    ("产出指标", "数量指标", "完成项目数", "正向", "大于等于", 28, 22, "个", 10, Decimal("7.86"), "已顺延。"),
    (None, None, "开展培训场次", "正向", "≥", 168, 168, "场", 10, 10, None),
    (None, "质量指标", "验收合格率", "≥", None, "95%", "290%", "％", "10分", FORMULA, None),
    (None, None, "资料完整率", "正向", "大于等于", PERCENT, PERCENT, "%", PERCENT, "5", "—"),
    ("效益指标（30分）", "社会效益指标", "投诉下降率", "反向", "≤", "工5%", "^5%", "", 10, 10, None),
    ("效益指标（30分）", None, "群众 知晓率", "定性", "—", "健全", "达成年度指标", "无", "重要", "十分", " "),
    (None, None, None, None, None, None, None, None, None, None, None),
    ("满意度指标", "满意度", "服务对象\n满意度", "奇怪", "?", 290, "≥90%", "百分比", UNCACHED, ERROR, ERROR),
    ("满 意 度\n指标", "  ", "指标2：", None, None, DATE, "2021年底", "—", None, None, None),
    (ERROR, ERROR, "……", "正向", "大于等于", WITH_UNIT, "5-8", "个", 0, 0, None),
    ("产出指标", None, "完工时间", "定性", None, "12月前", "12月", None, 5, 5, None),
)
SOURCES: tuple[tuple[Any, ...], ...] = (
    ("年度资金总额", "151.41", Decimal("151.41"), Decimal("137.78"), 10, 91, Decimal("9.1")),
    ("其中：财政拨款", 100, 100, 100, "—", 1, "—"),
    ("上年结转资金", "5万元", IN_WAN, "5.8万", None, Decimal("0.5"), None),
    ("其他资金", 0, 0, None, "—", "—", "—"),
)  # fmt: skip


class Drawn(NamedTuple):
    """One form, by what its rows hold and by what stands around them.

    merges: (column, first, last) of the rows counted from the header of the indicators.
    """

    rows: tuple[int, ...] = (0, 1)
    sources: tuple[int, ...] = (0, 3)
    columns: tuple[str, ...] = FULL
    sheet: str = "自评表"
    blank_rows: int = 0
    weight_header: str = "分值"
    money: str = "项目资金（万元）"
    score_header: str = "得分"
    executed_header: str = "全年执行数"
    merges: tuple[tuple[int, int, int], ...] = ()


_rows: dict[tuple[Any, ...], SheetRow] = {}
_places: dict[str, FormPlaces] = {}


def _cell(value: Any) -> Cell | None:
    if value is None or value == "" or isinstance(value, Cell):
        return value or None
    return Cell(value, "text", value) if isinstance(value, str) else _number(value)


def _number(value: Any) -> Cell:
    return Cell(Decimal(value), "number", str(value))


def _lines(form: Drawn) -> Iterator[tuple[Any, ...]]:
    yield from [()] * form.blank_rows
    yield ("项目支出绩效自评表（2023年度）",)
    yield ("项目名称", "", "公共服务运行经费")
    yield ("主管部门", "", "示例市财政局", "", "", "实施单位", "示例单位")
    weight = "分值" if form.score_header == "得分" else None
    amounts = ("年初预算数", "全年预算数", form.executed_header)
    yield (form.money, None, *amounts, weight, "执行率", form.score_header)
    yield from ((None, *SOURCES[each]) for each in form.sources)
    yield ("年度总体目标", "预期目标", "", "", "实际完成情况")
    yield (None, "完成任务。", None, None, "完成。")
    labels = LABELS | {"weight": form.weight_header}
    yield ("绩效指标", *(labels[name] for name in form.columns))
    for each in form.rows:
        values = dict(zip(FULL, ROWS[each], strict=True))
        yield (None, *(values[name] for name in form.columns))
    yield ("总分", *(100 if name == "weight" else 95 if name == "score" else None for name in form.columns))


def _grid(form: Drawn) -> Grid:
    """Rows with the same cells at the same number are the same object, as a reader of files gives them."""
    cells: dict[tuple[int, int], Cell] = {}
    rows: list[SheetRow] = []
    for number, values in enumerate(_lines(form), 1):
        found = {(number, column): _cell(value) for column, value in enumerate(values, 1)}
        filled = {at: cell for at, cell in found.items() if cell is not None}
        cells |= filled
        if filled:
            rows.append(_rows.setdefault(tuple(filled.items()), SheetRow(number, filled)))
    header = form.blank_rows + 7 + len(form.sources)
    merges = [Merge(header + top, column, header + bottom, column) for column, top, bottom in form.merges]
    return Grid(form.sheet, "visible", cells, tuple(merges), tuple(rows))


def _read(grid: Grid) -> tuple[SelfEvaluation, ...]:
    """Read with the same places for the same template, by which the reader knows it again."""
    return tuple(
        read_form(page, _places.setdefault(repr(places), places), "一.xlsx") for page, places in locate(grid)
    )


def _read_afresh(grid: Grid) -> tuple[SelfEvaluation, ...]:
    forget()
    return read_grids((replace(grid, rows=()),), "一.xlsx")


def _one(form: Drawn) -> SelfEvaluation:
    (found,) = _read(_grid(form))
    return found


# --- what is remembered changes nothing -----------------------------------------------------------

MERGES = ((2, 1, 2), (2, 2, 4), (3, 1, 3), (3, 2, 3), (2, 0, 2), (7, 1, 2), (9, 2, 3))

drawn = st.builds(
    Drawn,
    rows=st.lists(st.integers(0, len(ROWS) - 1), min_size=1, max_size=6).map(tuple),
    sources=st.lists(st.integers(0, len(SOURCES) - 1), min_size=1, max_size=3).map(tuple),
    columns=st.sampled_from((FULL, FULL, SHORT, WITHOUT_DIRECTION)),
    sheet=st.sampled_from(("自评表", "自评表", "Sheet1")),
    blank_rows=st.integers(0, 1),
    weight_header=st.sampled_from(("分值", "分值（%）")),
    money=st.sampled_from(("项目资金（万元）", "项目资金（元）", "项目资金（亿元）", "项目资金")),
    score_header=st.sampled_from(("得分", "得分（20分*执行率）")),
    executed_header=st.sampled_from(("全年执行数", "全年执行数（元）")),
    merges=st.lists(st.sampled_from(MERGES), max_size=2, unique=True).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(drawn, min_size=1, max_size=6))
def test_a_form_is_read_the_same_whatever_was_read_before(forms: list[Drawn]) -> None:
    grids = [_grid(form) for form in forms]
    forget()
    remembering = [_read(grid) for grid in (*grids, *grids)][len(grids) :]
    afresh = [_read_afresh(grid) for grid in grids]
    assert remembering == afresh
    assert [_written(found) for found in remembering] == [_written(found) for found in afresh]


def _written(forms: Sequence[SelfEvaluation]) -> list[str]:
    """To the last digit: 10 and 10.0 are equal, but not the same."""
    return [repr((form.funds, form.rows, form.total_weight, form.total_score, form.year)) for form in forms]


def test_the_drawn_forms_are_forms() -> None:
    for columns, layout in ((FULL, "nmg-12"), (SHORT, "mof-std"), (WITHOUT_DIRECTION, "sign-in-nature")):
        form = _one(Drawn(rows=(0, 1, 2), sources=(0, 1), columns=columns))
        assert (form.layout, len(form.rows), len(form.funds)) == (layout, 3, 2)
        assert form.total_score.value == 95


# --- the same row is the same object, another one is not ------------------------------------------


def test_rows_that_come_again_are_the_same_indicators() -> None:
    first, second = _one(Drawn(rows=(0, 1, 2))), _one(Drawn(rows=(0, 1, 3)))
    assert first.rows[0] is second.rows[0]
    assert first.rows[1] is second.rows[1]
    assert first.funds[1] is second.funds[1]


def test_a_template_with_more_rows_shares_those_it_has_in_common() -> None:
    short, long = _one(Drawn(rows=(0, 1))), _one(Drawn(rows=(0, 1, 2, 3)))
    assert short.rows == long.rows[:2]
    assert all(one is other for one, other in zip(short.rows, long.rows, strict=False))


OTHERWISE = {
    "levels above": (Drawn(rows=(0, 1)), Drawn(rows=(4, 1))),
    "a merge over the level": (Drawn(rows=(0, 1, 5)), Drawn(rows=(0, 1, 5), merges=((2, 2, 3),))),
    "the header of the weights": (Drawn(rows=(0, 3)), Drawn(rows=(0, 3), weight_header="分值（%）")),
    "the sheet": (Drawn(rows=(0, 1)), Drawn(rows=(0, 1), sheet="Sheet1")),
    "the row": (Drawn(rows=(0, 1)), Drawn(rows=(0, 1), blank_rows=1)),
    "the columns": (Drawn(rows=(0, 1), columns=FULL), Drawn(rows=(0, 1), columns=SHORT)),
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_the_same_cells_elsewhere_are_another_indicator(what: str) -> None:
    first, second = map(_one, OTHERWISE[what])
    assert first.rows[-1] != second.rows[-1]


def test_the_money_unit_is_part_of_a_fund_line() -> None:
    wan, yi = _one(Drawn()), _one(Drawn(money="项目资金（亿元）"))
    assert wan.funds[0].executed.value == Decimal("137.78")
    assert yi.funds[0].executed.value == Decimal("1377800")
    assert yi.funds[0].executed.note == "money_converted"


def test_what_a_merge_hides_is_not_remembered_for_a_sheet_where_it_shows() -> None:
    """The row is the same object in both, but under the merge nobody sees its target."""
    shown, hidden = _one(Drawn(rows=(0, 1))), _one(Drawn(rows=(0, 1), merges=((7, 1, 2),)))
    assert shown.rows[1].target.raw == "168"
    assert hidden.rows[1].target.state == "blank"


def test_a_sheet_of_very_many_rows_is_read_as_any_other() -> None:
    form = _one(Drawn(rows=(0, *[1] * (_TALLEST_PLAN + 5))))
    assert len(form.rows) == _TALLEST_PLAN + 6
    assert {row.level1.value for row in form.rows} == {"产出指标"}


# --- levels under merges ---------------------------------------------------------------------------

OVER_LEVELS = {
    "both levels": ((0, 1, 3), ((2, 1, 2), (3, 1, 2))),
    "the second level over two first ones": ((0, 10, 5), ((3, 1, 3),)),
    "the second level over two first ones, and a blank": ((0, 10, 6, 5), ((3, 1, 3),)),
    "from the header on": ((6, 10, 5), ((2, 0, 2), (3, 0, 2))),
    "from a blank row": ((6, 1, 1), ((2, 1, 2), (3, 1, 2))),
    "from an error": ((0, 9, 1, 1), ((2, 2, 3), (3, 2, 3))),
    "a label hidden below": ((0, 4, 1), ((2, 1, 2), (3, 1, 3))),
}


@pytest.mark.parametrize("what", OVER_LEVELS)
def test_levels_under_merges_are_read_the_same_as_afresh(what: str) -> None:
    rows, merges = OVER_LEVELS[what]
    variants = [merges, (), *((merge,) for merge in merges), merges]
    grids = [_grid(Drawn(rows=rows, merges=each)) for each in variants]
    grids += [_grid(Drawn(rows=(4, *rows[1:]), merges=each)) for each in variants]
    forget()
    warm = [_written(_read(grid)) for grid in (*grids, *reversed(grids))]
    cold = [_written(_read_afresh(grid)) for grid in grids]
    assert warm == [*cold, *reversed(cold)]


def test_a_merge_over_the_second_level_holds_below_another_first_one() -> None:
    form = _one(Drawn(rows=(0, 10), merges=((3, 1, 2),)))
    assert [row.level2.value for row in form.rows] == ["数量指标", "数量指标"]
    apart = _one(Drawn(rows=(0, 5), merges=((3, 1, 2),)))
    assert [row.level1.value for row in apart.rows] == ["产出指标", "效益指标（30分）"]
    assert [row.level2.value for row in apart.rows] == ["数量指标", "数量指标"]
    alone = _one(Drawn(rows=(0, 5)))
    assert [row.level2.value for row in alone.rows] == ["数量指标", None]


def test_a_row_keeps_what_it_was_first_read_for_and_the_memory_the_rest() -> None:
    asked: list[tuple[str, str]] = []

    @remembered_with_row(10)
    def read(plan: str, row: SheetRow, given: str) -> str:
        asked.append((plan, given))
        return f"{plan} {row.number} {given}"

    row, other = SheetRow(1, {}), SheetRow(2, {})
    questions = [("a", row, "x"), ("b", row, "x"), ("a", row, "y"), ("a", other, "x")]
    for _ in range(3):
        assert [read(*each) for each in questions] == ["a 1 x", "b 1 x", "a 1 y", "a 2 x"]
    assert len(asked) == len(questions)
