"""A form as a careful clerk fills it, and twenty ways to get one thing wrong."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from xltools.form_sheet import FormContent, FundRow, IndicatorRow
from xltools.profiles import load_profile
from xltools.template import with_formulas


def _number(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) else value


def row(*cells: Any) -> IndicatorRow:
    return IndicatorRow(*map(_number, cells))


def fund(*cells: Any) -> FundRow:
    return FundRow(*map(_number, cells))


ROWS = (
    row("产出指标", "数量指标", "开展巡检次数", "正向", "大于等于", 12, 13, "次", 15, 15),
    row("产出指标", "质量指标", "系统故障修复率", "正向", "大于等于", 95, 97, "%", 15, 15),
    row("产出指标", "时效指标", "故障响应及时率", "正向", "大于等于", 100, 90, "%", 10, 9, "个别故障到场较晚；已增设值班。"),
    row("产出指标", "成本指标", "单次巡检成本", "反向", "小于等于", 500, 480, "元", 10, 10),
    row("效益指标", "社会效益", "服务单位数量", "正向", "大于等于", 20, 21, "家", 15, 15),
    row("效益指标", "可持续影响", "长效管理机制", "定性", "", "建立并执行", "达成年度指标", "", 15, 15),
    row("满意度指标", "服务对象满意度", "使用单位满意度", "正向", "大于等于", 90, 92, "%", 10, 10),
)  # fmt: skip
FUNDS = (
    fund("年度资金总额", None, None, None, 10),
    fund("其中：财政拨款", 8, 8, 7.95, "—", None, "—"),
    fund("上年结转资金", 0, 0, 0, "—", None, "—"),
    fund("其他资金", 2, 2, 2, "—", None, "—"),
)


def filled(**changes: Any) -> FormContent:
    """The careful clerk's form, some fields changed, its formulas in place."""
    content = FormContent(
        "nmg-12",
        2023,
        FUNDS,
        ROWS,
        project_name="公共资源交易系统运行维护",
        supervising_department="示例市行政审批局",
        implementing_unit="示例市公共资源交易中心",
        goal_expected="保障交易系统平稳运行，提升服务质量。",
        goal_actual="全年巡检13次，修复故障35起，系统可用率99.8%。",
    )
    return with_formulas(replace(content, **changes), load_profile("nmg"), blank=True)


def _with_row(index: int, **changes: Any) -> dict[str, Any]:
    new = ROWS[index]._replace(**{field: _number(value) for field, value in changes.items()})
    return {"indicators": (*ROWS[:index], new, *ROWS[index + 1 :])}


def _with_fund(index: int, **changes: Any) -> dict[str, Any]:
    new = FUNDS[index]._replace(**{field: _number(value) for field, value in changes.items()})
    return {"funds": (*FUNDS[:index], new, *FUNDS[index + 1 :])}


def _all_full() -> dict[str, Any]:
    rows = tuple(each._replace(score=each.weight) for each in ROWS)
    return {"indicators": rows, **_with_fund(1, executed=8)}


WRONG: dict[str, tuple[str, str, FormContent]] = {
    "a total typed over": ("FUN-01", "D5", filled(**_with_fund(0, annual_budget=12))),
    "a negative amount": ("FUN-02", "F8", filled(**_with_fund(3, executed=-1))),
    "a rate typed over": ("FUN-03", "I6", filled(**_with_fund(1, execution_rate=80))),
    "more spent than there was": ("FUN-05", "F5", filled(**_with_fund(1, executed=9))),
    "spent without a budget": ("FUN-06", "F7", filled(**_with_fund(2, executed=0.5))),
    "an execution score typed over": ("FUN-09", "K5", filled(**_with_fund(0, score=8))),
    "words for an amount": ("STR-13", "D6", filled(**_with_fund(1, annual_budget="8万"))),
    "an outcome copied from the goal": ("GOA-03", "H10", filled(goal_actual="保障交易系统平稳运行，提升服务质量。")),
    "level 2 under the wrong level 1": ("STR-11", "C13", filled(**_with_row(1, level2="服务对象满意度"))),
    "nature against direction": ("IND-04", "F13", filled(**_with_row(1, direction="小于等于"))),
    "no direction": ("IND-06", "F12", filled(**_with_row(0, direction=""))),
    "a target in words": ("IND-07", "G12", filled(**_with_row(0, target="按时"))),
    "an actual in words": ("IND-08", "H12", filled(**_with_row(0, actual="已完成"))),
    "a tier nobody knows": ("IND-10", "H17", filled(**_with_row(5, actual="完善机制"))),
    "a percentage above 100": ("IND-15", "H18", filled(**_with_row(6, actual=120))),
    "weights that make 95": ("WGT-01", "J19", filled(**_with_row(0, weight=10, score=10))),
    "a score above its weight": ("SCO-01", "K15", filled(**_with_row(3, score=11))),
    "full points for an unmet target": ("SCO-03", "K14", filled(**_with_row(2, score=10))),
    "points outside the tier": ("SCO-04", "K17", filled(**_with_row(5, actual="部分达成年度指标并具有一定效果", deviation="制度尚未印发；一季度补办。"))),
    "an unmet target without a reason": ("DEV-02", "L14", filled(**_with_row(2, deviation=""))),
    "a total typed over by hand": ("SCO-07", "K19", filled(total_score=Decimal(100))),
    "every score full": ("SCO-11", "K19", filled(**_all_full())),
}  # fmt: skip
"""What went wrong: (rule, cell, form)."""
