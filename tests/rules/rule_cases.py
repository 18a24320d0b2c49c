"""For each rule forms that must raise it, with the cells, and forms that must not."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import builders as b
from builders import ABSENT, FUNDS, ROWS, UNCACHED, Fund, Row, form, report, with_fund, with_row

from xltools.model import Entry, FundKind, Place, ReportText, SelfEvaluation


class RuleCase(NamedTuple):
    code: str
    why: str
    made: SelfEvaluation
    cells: tuple[str, ...] | None  # None: the rule must stay silent
    text: ReportText | None = None
    variant: str = ""


def _without(made: SelfEvaluation, **sets: str) -> SelfEvaluation:
    """The form without a band or a column."""
    return replace(made, **{name: getattr(made, name) - {value} for name, value in sets.items()})


def _stating(grade: str) -> SelfEvaluation:
    return form(stated_grade=Entry(grade, grade, "ok", Place(b.SHEET, 20, 3)))


def _qualitative(**changes: object) -> tuple[Row, ...]:
    return with_row(5, **changes)


COPY = "全面完成系统年度运行维护任务，保障各分中心开标评标活动正常进行，用户反映良好，系统运行总体平稳有序。"
FULL = with_row(2, actual=100, score=10, deviation=None)
NO_UNIT = frozenset(b.COLUMNS - {"unit"})
ONE_ROW = (Row(weight=90, score=90),)
RANGE = with_row(0, nature=ABSENT, direction=ABSENT, target="10-15次", actual="13次", unit=ABSENT)
UNUSED = tuple(
    Row(level2=level2, level3=None, target=None, actual=None, weight=None, score=None)
    for level2 in ("数量指标", "质量指标")
)
SAME = tuple(each._replace(actual=each.target) for each in ROWS if each.nature != "定性")
SHORT = (Fund("total", 10, 10, 5, 10, 50, 5), Fund("fiscal", 10, 10, 5, execution_rate=50))
GREW = (Fund("total", 5, 10, 10, 10, 100, 10), Fund("fiscal", 5, 10, 10))


def _all(kind: FundKind, amount: int, label: str) -> Fund:
    return Fund(kind, amount, amount, amount, label=label)


SIBLINGS = (
    Fund("total", 100, 60, 100, 10, 100, 10),
    _all("fiscal", 60, "其中：中央财政资金"),
    _all("fiscal", 40, "省级财政资金"),
)
PARTS_OF_OTHER = (
    Fund("total", 120, 120, 120, 10, 100, 10),
    _all("fiscal", 100, "其中：财政拨款"),
    _all("other", 20, "其他资金"),
    _all("unit_funds", 15, "其中：单位自筹资金"),
)
NO_MONEY = (Fund("total", None, None, None, 10, None, None), Fund("fiscal", 0, 0, 0, execution_rate="—"))
NO_BUDGET = (Fund("total", 0, 0, 0, 10, "—", None), Fund("fiscal", 0, 0, 0, execution_rate="—"))

FAILS = [
    RuleCase("STR-02", "no year", form(year=None), ("A1",)),
    RuleCase("STR-03", "blank", form(project_name=None), ("C2",)),
    RuleCase("STR-03", "dash", form(project_name="—"), ("C2",)),
    RuleCase("STR-04", "no department", form(department=None), ("C3",)),
    RuleCase("STR-04", "no unit", form(unit=None), ("I3",)),
    RuleCase("STR-04", "neither cell", form(unit=ABSENT, department=ABSENT), ()),
    RuleCase("STR-05", "no goals", _without(form(), bands="goals"), ()),
    RuleCase("STR-05", "no total", _without(form(), bands="total"), ()),
    RuleCase("STR-05", "no indicator rows", form(indicators=()), (), variant="empty"),
    RuleCase("STR-05", "no row filled in", form(indicators=UNUSED), ("D12", "D13"), variant="empty"),
    RuleCase("STR-07", "no score", _without(form(), columns="score"), ()),
    RuleCase("STR-07", "no actual", _without(form(), columns="actual"), ()),
    RuleCase("STR-07", "no executed", _without(form(), fund_columns="executed"), ()),
    RuleCase(
        "STR-08", "shifted", form(shifted=(Place(b.SHEET, 15, 2), Place(b.SHEET, 16, 2))), ("B15", "B16")
    ),
    RuleCase(
        "STR-11",
        "satisfaction under output",
        form(indicators=with_row(0, level2="服务对象满意度指标")),
        ("C12",),
    ),
    RuleCase(
        "STR-13", "amount", form(funds=with_fund(0, annual_budget="2000万")), ("D5",), variant="reading"
    ),
    RuleCase("STR-13", "no reading", form(funds=with_fund(0, executed="已执行")), ("F5",)),
    RuleCase("STR-13", "rate", form(funds=with_fund(0, execution_rate="#DIV/0!")), ("I5",), variant="error"),
    RuleCase("STR-13", "score", form(indicators=with_row(0, score="满分")), ("K12",)),
    RuleCase("STR-13", "weight", form(indicators=with_row(0, weight="15分左右")), ("J12",)),
    RuleCase("STR-13", "total", form(total_score=UNCACHED), ("K19",), variant="uncached"),
    RuleCase("STR-13", "actual", form(indicators=with_row(0, actual="#REF!")), ("H12",), variant="error"),
    RuleCase("STR-14", "hint", form(goal_actual="完成全部巡检（100字以内）"), ("H10",)),
    RuleCase("STR-14", "sample text", form(goal_actual="示例：完成巡检13次"), ("H10",)),
    RuleCase("FUN-01", "annual", form(funds=with_fund(1, annual_budget=7)), ("D5",)),
    RuleCase("FUN-01", "total 0", form(funds=with_fund(0, executed=0)), ("F5",)),
    RuleCase("FUN-01", "siblings", form(funds=SIBLINGS), ("D5",)),
    RuleCase("FUN-01", "total blank", form(funds=with_fund(0, annual_budget=None)), ("D5",), variant="blank"),
    RuleCase("FUN-01", "total a dash", form(funds=with_fund(0, executed="—")), ("F5",), variant="blank"),
    RuleCase("FUN-02", "negative", form(funds=with_fund(3, annual_budget=-5)), ("D8",)),
    RuleCase("FUN-03", "0 for 100", form(funds=with_fund(1, execution_rate=0)), ("I6",)),
    RuleCase(
        "FUN-03",
        "on initial",
        form(funds=(Fund("total", 5, 10, 10, 10, 200, 10),)),
        ("I5",),
        variant="initial_base",
    ),
    RuleCase("FUN-05", "10.5 of 10", form(funds=(Fund("total", 10, 10, "10.5", 10, 105, 10),)), ("F5",)),
    RuleCase("FUN-06", "0 and 1.8", form(funds=with_fund(3, executed="1.8")), ("F8",)),
    RuleCase("FUN-07", "0 of 0 shown", form(funds=with_fund(3, execution_rate=0)), ("I8",)),
    RuleCase("FUN-08", "no budget", form(funds=NO_BUDGET), ("D5",)),
    RuleCase(
        "FUN-08",
        "all blank, yet scored",
        form(funds=(Fund("total", None, None, None, 10, None, 10), Fund("fiscal", None, None, None))),
        ("D5", "F5"),
        variant="blank",
    ),
    RuleCase(
        "FUN-08", "spending blank", form(funds=(Fund("total", 10, 10, None),)), ("F5",), variant="blank"
    ),
    RuleCase("FUN-09", "10 for 50 %", form(funds=(SHORT[0]._replace(score=10), SHORT[1])), ("K5",)),
    RuleCase("FUN-10", "12 of 10", form(funds=with_fund(0, score=12)), ("K5",)),
    RuleCase("FUN-10", "below 0", form(funds=with_fund(0, score=-1)), ("K5",)),
    RuleCase("FUN-13", "50 %", form(funds=SHORT), ("I5",)),
    RuleCase("FUN-14", "doubled", form(funds=GREW), ("D5",), variant="more"),
    RuleCase(
        "FUN-14",
        "moved",
        form(funds=(*FUNDS[:1], Fund("fiscal", 10, 8, 8), Fund("carryover", 0, 2, 2))),
        ("D6",),
        variant="less",
    ),
    RuleCase("GOA-01", "blank", form(goal_expected=None), ("C10",)),
    RuleCase("GOA-02", "blank", form(goal_actual=None), ("H10",)),
    RuleCase("GOA-03", "same", form(goal_expected=COPY, goal_actual=f" {COPY}"), ("H10",)),
    RuleCase(
        "GOA-03",
        "nearly",
        form(goal_expected=COPY, goal_actual=COPY.replace("良好", "很好")),
        ("H10",),
        variant="similar",
    ),
    RuleCase("IND-02", "blank", form(indicators=with_row(0, target=None)), ("G12",)),
    RuleCase("IND-02", "dash", form(indicators=with_row(0, target="—")), ("G12",), variant="dash"),
    RuleCase("IND-03", "blank", form(indicators=with_row(0, actual=None)), ("H12",)),
    RuleCase("IND-03", "dash", form(indicators=with_row(0, actual="无")), ("H12",), variant="dash"),
    RuleCase("IND-03", "qualitative blank", form(indicators=_qualitative(actual=None)), ("H17",)),
    RuleCase(
        "IND-04", "positive, at most", form(indicators=with_row(0, direction="小于等于")), ("E12", "F12")
    ),
    RuleCase("IND-04", "negative, at least", form(indicators=with_row(3, direction="≥")), ("E15", "F15")),
    RuleCase("IND-06", "blank", form(indicators=with_row(0, direction=None)), ("F12",)),
    RuleCase(
        "IND-06", "unknown", form(indicators=with_row(0, direction="越多越好")), ("F12",), variant="unknown"
    ),
    RuleCase(
        "IND-06",
        "no nature either",
        form(indicators=with_row(0, nature=None, direction=None, actual=6)),
        ("E12", "F12"),
        variant="neither",
    ),
    RuleCase(
        "IND-06",
        "no such columns and no sign",
        form(indicators=with_row(3, nature=ABSENT, direction=ABSENT, target="500元", actual="750元")),
        ("G15",),
        variant="unsigned",
    ),
    RuleCase("IND-07", "words", form(indicators=with_row(0, target="及时")), ("G12",)),
    RuleCase("IND-08", "words", form(indicators=with_row(0, actual="完成")), ("H12",)),
    RuleCase("IND-09", "percent", form(indicators=_qualitative(actual="100%")), ("H17",)),
    RuleCase("IND-10", "no tier", form(indicators=_qualitative(actual="完善机制")), ("H17",)),
    RuleCase("IND-10", "dash", form(indicators=_qualitative(actual="无")), ("H17",)),
    RuleCase("IND-10", "a range", form(indicators=RANGE), ("G12", "H12"), variant="measured"),
    RuleCase("IND-12", "blank", form(indicators=with_row(0, unit=None)), ("I12",)),
    RuleCase("IND-12", "no column", form(indicators=with_row(0, unit=ABSENT), columns=NO_UNIT), ("G12",)),
    RuleCase(
        "IND-14",
        "two units in the cells",
        form(indicators=with_row(0, target="≥12套", actual="5个", unit=ABSENT), columns=NO_UNIT),
        ("G12", "H12"),
    ),
    RuleCase("IND-14", "not that of the column", form(indicators=with_row(0, actual="3天")), ("G12", "H12")),
    RuleCase("IND-15", "actual", form(indicators=with_row(6, actual=120)), ("H18",)),
    RuleCase("IND-15", "target", form(indicators=with_row(1, target="120%", unit=None)), ("G13",)),
    RuleCase(
        "IND-16",
        "satisfaction",
        form(indicators=with_row(6, direction="≤", target=100)),
        ("F18", "G18"),
        variant="satisfaction",
    ),
    RuleCase("IND-16", "at least 0 times", form(indicators=with_row(0, target=0)), ("F12", "G12")),
    RuleCase("IND-16", "at least 0", form(indicators=with_row(1, target=0)), ("F13", "G13")),
    RuleCase(
        "IND-16",
        "at most 100 %",
        form(indicators=with_row(3, level3="故障率", target=100, actual=3, unit="%")),
        ("F15", "G15"),
    ),
    RuleCase("IND-18", "scored", form(indicators=with_row(6, actual=0)), ("H18",), variant="scored"),
    RuleCase("IND-18", "no points", form(indicators=with_row(6, actual=0, score=0)), ("H18",)),
    RuleCase("IND-19", "0 of 12", form(indicators=with_row(0, actual=0)), ("H12",)),
    RuleCase("IND-20", "copied", form(indicators=SAME), ("H12", "H13", "H14", "H15", "H16", "H17")),
    RuleCase("IND-21", "120 %", form(indicators=with_row(0, target=10, actual=12)), ("H12",)),
    RuleCase("WGT-01", "95", form(indicators=with_row(0, weight=10, score=10)), ("J19",)),
    RuleCase("WGT-01", "no indicators", form(indicators=()), ("J12",)),
    RuleCase(
        "WGT-01",
        "90 by rows and total, no weight of execution",
        form(funds=with_fund(0, weight=None), total_weight=90),
        ("J19",),
    ),
    RuleCase("WGT-05", "execution", form(funds=with_fund(0, weight=-10)), ("H5",), variant="not_positive"),
    RuleCase("WGT-02", "no indicators", form(indicators=(), total_weight=100), ("J12",)),
    RuleCase("WGT-02", "printed 95", form(total_weight=95), ("J19",)),
    RuleCase("WGT-03", "all on output", form(indicators=ONE_ROW), ("B12",)),
    RuleCase("WGT-05", "blank", form(indicators=with_row(0, weight=None)), ("J12",)),
    RuleCase(
        "WGT-05", "zero", form(indicators=with_row(0, weight=0, score=0)), ("J12",), variant="not_positive"
    ),
    RuleCase("SCO-01", "16 of 15", form(indicators=with_row(0, score=16)), ("K12",)),
    RuleCase("SCO-01", "negative", form(indicators=with_row(0, score=-1)), ("K12",)),
    RuleCase("SCO-02", "too much", form(indicators=with_row(2, score="9.5")), ("K14",)),
    RuleCase("SCO-02", "too little", form(indicators=with_row(0, score=14)), ("K12",)),
    RuleCase(
        "SCO-02",
        "between two formulas and 0",
        form(indicators=with_row(3, target=400, actual=600, score=3)),
        ("K15",),
        variant="range",
    ),
    RuleCase("SCO-03", "90 of 100", form(indicators=with_row(2, score=10)), ("K14",)),
    RuleCase("SCO-03", "zero", form(indicators=with_row(0, actual=0)), ("K12",), variant="zero"),
    RuleCase(
        "SCO-03",
        "missed, though no formula says by how much",
        form(indicators=with_row(3, target=-5, actual=-3)),
        ("K15",),
    ),
    RuleCase(
        "DEV-02",
        "missed, though no formula says by how much",
        form(indicators=with_row(3, target=-5, actual=-3)),
        ("L15",),
    ),
    RuleCase(
        "SCO-03",
        "tier",
        form(indicators=_qualitative(actual="未达成年度指标且效果较差")),
        ("K17",),
        variant="words",
    ),
    RuleCase(
        "SCO-04",
        "partly, full",
        form(indicators=_qualitative(actual="部分达成年度指标并具有一定效果", deviation="制度未全部落实")),
        ("K17",),
    ),
    RuleCase(
        "SCO-04",
        "partly, at the excluded bound",
        form(indicators=_qualitative(actual="部分达成", score=12)),
        ("K17",),
    ),
    RuleCase("SCO-05", "no tier", form(indicators=_qualitative(actual="完善机制")), ("K17",)),
    RuleCase("SCO-06", "14 of 15", form(indicators=with_row(0, score=14)), ("K12",)),
    RuleCase("SCO-07", "no indicators", form(indicators=(), total_score=97), ("K12",)),
    RuleCase("SCO-07", "printed 100", form(total_score=100), ("K19",)),
    RuleCase("SCO-08", "printed 100", form(total_score=100), ("K19",)),
    RuleCase("SCO-09", "good", _stating("good"), ("C20",)),
    RuleCase("SCO-09", "in the report", form(), ("K19",), report("评价等级为良。"), "report"),
    RuleCase("SCO-10", "blank", form(indicators=with_row(0, score=None)), ("K12",)),
    RuleCase("SCO-10", "execution", form(funds=with_fund(0, score=None)), ("K5",)),
    RuleCase("SCO-10", "total", form(total_score=None), ("K19",), variant="total"),
    RuleCase("SCO-11", "all full", form(indicators=FULL), ("K19",)),
    RuleCase("DEV-01", "9 of 10", form(indicators=with_row(2, deviation=None)), ("L14",)),
    RuleCase("DEV-01", "无", form(indicators=with_row(2, deviation="无")), ("L14",)),
    RuleCase("DEV-01", "no such column", form(indicators=with_row(2, deviation=ABSENT)), ("K14",)),
    RuleCase("DEV-02", "90 of 100", form(indicators=with_row(2, deviation=None)), ("L14",)),
    RuleCase("DEV-02", "full score", form(indicators=with_row(0, actual=0)), ("L12",)),
    RuleCase("DEV-03", "150 %", form(indicators=with_row(0, target=10, actual=15)), ("L12",)),
    RuleCase("RPT-01", "budget", form(), ("D5",), report("项目全年预算数为5万元，执行数为10万元。")),
    RuleCase(
        "RPT-01", "spent, in 元", form(), ("F5",), report("投入系统运行维护资金10万元，实际支出50,000元。")
    ),
    RuleCase("RPT-03", "score", form(), ("K19",), report("本项目绩效自评得分为100分，评价等级为优。")),
    RuleCase("RPT-03", "grade", form(), ("K19",), report("自评得分99分，等级为“良”。"), "grade"),
    RuleCase(
        "RPT-04", "scored name", form(), ("C2",), report("公共资源交易平台运行维护项目绩效自评得分为99分。")
    ),
    RuleCase("RPT-04", "funded name", form(), ("C2",), report("投入公共资源交易平台维护经费10万元。")),
    RuleCase("RPT-07", "unmet", form(), ("H14",), report("项目实施顺利，暂不存在相关问题。")),
    RuleCase(
        "RPT-07", "low rate", form(funds=SHORT, indicators=FULL), ("I5",), report("不存在问题。"), "rate"
    ),
]

PASSES = [
    RuleCase("STR-04", "one cell for both", form(department=ABSENT), None),
    RuleCase(
        "STR-05",
        "no total where nothing is scored",
        replace(_without(form(), bands="total"), columns=b.COLUMNS - {"weight", "score"}),
        None,
    ),
    RuleCase("STR-07", "no scores at all", form(columns=b.COLUMNS - {"weight", "score"}), None),
    RuleCase(
        "STR-07", "band missing: STR-05 says so", form(bands=frozenset({"goals"}), columns=frozenset()), None
    ),
    RuleCase("STR-11", "in no list", form(indicators=with_row(0, level2="自定义指标")), None),
    RuleCase(
        "STR-13",
        "words in target and actual",
        form(indicators=with_row(0, target="及时", actual="及时")),
        None,
    ),
    RuleCase("STR-13", "dashes of the sub-rows", form(), None),
    RuleCase("STR-14", "a name with 示例", form(unit="示例一分中心", project_name="示例项目"), None),
    RuleCase("FUN-01", "total only", form(funds=FUNDS[:1]), None),
    RuleCase(
        "FUN-01",
        "blank sub-row",
        form(funds=(*FUNDS[:3], Fund("other", None, None, None, execution_rate=None))),
        None,
    ),
    RuleCase("FUN-01", "words in a sub-row", form(funds=with_fund(1, annual_budget="八万")), None),
    RuleCase(
        "FUN-01",
        "of which",
        form(
            funds=(
                Fund("total", 10, 10, 10, 10, 100, 10),
                Fund("fiscal"),
                Fund("fiscal", 6, 6, 6),
                Fund("fiscal", 4, 4, 4),
            )
        ),
        None,
    ),
    RuleCase("FUN-01", "of which, below other funds", form(funds=PARTS_OF_OTHER), None),
    RuleCase(
        "FUN-01", "within tolerance", form(funds=with_fund(1, executed="8.01", execution_rate="100.13")), None
    ),
    RuleCase(
        "FUN-03",
        "86.183 % shown as 86.19",
        form(funds=(Fund("total", 250000, 250000, "215457.6", 10, "86.19", "8.62"),)),
        None,
    ),
    RuleCase("FUN-05", "no budget: FUN-06", form(funds=with_fund(3, executed=1)), None),
    RuleCase("FUN-06", "blank budget", form(funds=with_fund(3, annual_budget=None, executed=1)), None),
    RuleCase("FUN-07", "dash", form(), None),
    RuleCase("FUN-07", "total row", form(funds=(NO_BUDGET[0]._replace(execution_rate=0),)), None),
    RuleCase("FUN-08", "spent: FUN-06", form(funds=(Fund("total", 0, 0, 5, 10, None, None),)), None),
    RuleCase("FUN-08", "the sources tell it: FUN-01", form(funds=with_fund(0, executed=None)), None),
    RuleCase("FUN-01", "blank, and no money in the sources", form(funds=NO_MONEY), None),
    RuleCase("FUN-09", "over 100 %, full", form(funds=(Fund("total", 10, 10, 11, 10, 110, 10),)), None),
    RuleCase(
        "FUN-13",
        "explained in a reason cell",
        form(funds=(SHORT[0]._replace(reason="招标结余"), SHORT[1])),
        None,
    ),
    RuleCase(
        "FUN-13",
        "explained in a deviation",
        form(funds=SHORT, indicators=with_row(2, deviation="尾款支付条件未成就")),
        None,
    ),
    RuleCase(
        "FUN-13",
        "explained in the outcome",
        form(funds=SHORT, goal_actual="因合同跨年，尾款资金结转下年支付。"),
        None,
    ),
    RuleCase("FUN-13", "90 % is enough", form(funds=(Fund("total", 10, 10, 9, 10, 90, 9),)), None),
    RuleCase("FUN-14", "explained", form(funds=GREW, goal_actual="年中追加预算5万元。"), None),
    RuleCase("FUN-14", "blank initial", form(funds=(Fund("total", None, 10, 10, 10, 100, 10),)), None),
    RuleCase("GOA-03", "own words", form(), None),
    RuleCase("GOA-03", "blank: GOA-02", form(goal_actual=None), None),
    RuleCase("IND-03", "qualitative 无", form(indicators=_qualitative(target="无", actual="无")), None),
    RuleCase("IND-04", "equal", form(indicators=with_row(0, direction="等于", actual=12)), None),
    RuleCase(
        "IND-06", "sign in the target", form(indicators=with_row(0, direction=None, target="≥12")), None
    ),
    RuleCase(
        "IND-06",
        "met either way",
        form(indicators=with_row(3, nature=ABSENT, direction=ABSENT, target="500元", actual="500元")),
        None,
    ),
    RuleCase("IND-07", "qualitative", form(), None),
    RuleCase(
        "IND-08",
        "blank target",
        form(indicators=with_row(0, nature=ABSENT, direction=ABSENT, target=None, actual="完成")),
        None,
    ),
    RuleCase("IND-09", "tier", form(), None),
    RuleCase("IND-09", "a range, no nature: IND-10", form(indicators=RANGE), None),
    RuleCase("SCO-05", "a range, no nature: IND-10", form(indicators=RANGE), None),
    RuleCase("IND-10", "short tier", form(indicators=_qualitative(actual="达成预期指标。")), None),
    RuleCase("IND-12", "unit in the target", form(indicators=with_row(0, target="12次", unit=None)), None),
    RuleCase("IND-16", "savings", form(indicators=with_row(0, level3="节约额", target=0, unit="万元")), None),
    RuleCase("IND-14", "money", form(indicators=with_row(3, target="5万元", actual="480元")), None),
    RuleCase(
        "SCO-08",
        "the fund band scores nothing",
        form(
            funds=(Fund("total", 10, 10, 9, ABSENT, 90, ABSENT),),
            indicators=with_row(0, weight=25, score=25),
        ),
        None,
    ),
    RuleCase(
        "SCO-10", "no budget: FUN-08", form(funds=(NO_BUDGET[0]._replace(score="—"), NO_BUDGET[1])), None
    ),
    RuleCase(
        "WGT-01", "the usual weight is meant", form(funds=with_fund(0, weight=None), total_weight=100), None
    ),
    RuleCase("SCO-01", "negative weight: WGT-05", form(indicators=with_row(0, weight=-10, score=0)), None),
    RuleCase("FUN-09", "negative weight: WGT-05", form(funds=with_fund(0, weight=-10, score=0)), None),
    RuleCase("FUN-10", "negative weight: WGT-05", form(funds=with_fund(0, weight=-10, score=0)), None),
    RuleCase(
        "SCO-10",
        "total that waits for a row",
        form(total_score=None, indicators=with_row(0, score="满分")),
        None,
    ),
    RuleCase("SCO-10", "no total row", form(total_score=None, total_weight=None), None),
    RuleCase(
        "IND-15",
        "growth",
        form(indicators=with_row(4, level3="业务量增长率", target=150, actual=160, unit="%")),
        None,
    ),
    RuleCase(
        "IND-15", "not a percentage", form(indicators=with_row(1, target=500, actual=510, unit="次")), None
    ),
    RuleCase(
        "IND-16",
        "dissatisfaction",
        form(indicators=with_row(6, level3="不满意率", nature="反向", direction="≤", target=5, actual=3)),
        None,
    ),
    RuleCase(
        "IND-16",
        "growth of at least 0",
        form(indicators=with_row(4, level3="业务量增长率", target=0, actual=5, unit="%")),
        None,
    ),
    RuleCase("IND-18", "not satisfaction", form(indicators=with_row(0, actual=0)), None),
    RuleCase("IND-18", "0 is the target", form(indicators=with_row(6, target=0, actual=0)), None),
    RuleCase("IND-19", "reverse", form(indicators=with_row(3, actual=0)), None),
    RuleCase("IND-20", "too few rows", form(indicators=SAME[:2]), None),
    RuleCase("IND-20", "less than the share", form(indicators=(*SAME[:3], *ROWS[4:])), None),
    RuleCase("IND-21", "119 %", form(indicators=with_row(0, target=100, actual=119)), None),
    RuleCase(
        "WGT-01",
        "execution not in the fund band",
        form(funds=with_fund(0, weight=ABSENT, score=ABSENT)),
        None,
    ),
    RuleCase(
        "WGT-03",
        "without satisfaction",
        form(indicators=(*ROWS[:4], ROWS[4]._replace(weight=25, score=25), ROWS[5])),
        None,
    ),
    RuleCase("WGT-03", "unknown family", form(indicators=with_row(0, level1="其他")), None),
    RuleCase(
        "SCO-02",
        "both reverse formulas",
        form(indicators=with_row(3, target=400, actual=600, score="6.67", deviation="人工费上涨")),
        None,
    ),
    RuleCase(
        "SCO-02",
        "direction unknown",
        form(indicators=with_row(0, nature=ABSENT, direction=ABSENT, target=10, actual=8, score=15)),
        None,
    ),
    RuleCase("SCO-02", "above the weight: SCO-01", form(indicators=with_row(0, score=16)), None),
    RuleCase(
        "SCO-02",
        "reduced for a low target",
        form(indicators=with_row(0, target=10, actual=14, score=12, deviation="目标偏低")),
        None,
    ),
    RuleCase("SCO-03", "scored in proportion", form(), None),
    RuleCase("SCO-04", "at the floor", form(indicators=_qualitative(score=12)), None),
    RuleCase(
        "SCO-05",
        "described",
        form(indicators=_qualitative(actual="完善机制", deviation="印发制度两项，见附件")),
        None,
    ),
    RuleCase(
        "SCO-06", "reason given", form(indicators=with_row(0, score=14, deviation="台账不全，自行扣分")), None
    ),
    RuleCase("SCO-07", "within tolerance", form(total_score="99.05"), None),
    RuleCase("SCO-08", "within tolerance", form(total_score="98.96"), None),
    RuleCase("SCO-09", "excellent", _stating("excellent"), None),
    RuleCase("SCO-09", "nothing stated", form(total_score=60), None),
    RuleCase("SCO-10", "no weight", form(indicators=with_row(0, weight=None, score=None)), None),
    RuleCase("SCO-11", "one row only", form(indicators=ONE_ROW), None),
    RuleCase("DEV-03", "125 %", form(indicators=with_row(0, target=100, actual=125)), None),
    RuleCase("RPT-01", "agree", form(), None, report("全年预算数为10万元，执行数为100,000元。")),
    RuleCase("RPT-01", "of a part", form(), None, report("执行数10万元，其中财政拨款执行数6万元。")),
    RuleCase("RPT-01", "parts add up", form(), None, report("投入维护资金6万元，投入培训资金4万元。")),
    RuleCase("RPT-03", "agree", form(), None, report("自评得分为99分，等级为优。")),
    RuleCase("RPT-03", "score of a part", form(), None, report("产出指标得分为49分。")),
    RuleCase("RPT-04", "agree", form(), None, report("公共资源交易系统运行维护项目绩效自评得分为99分。")),
    RuleCase("RPT-04", "only 财政资金", form(), None, report("投入财政资金10万元。")),
    RuleCase("RPT-07", "problem told", form(), None, report("存在的问题：节假日响应不及时。")),
    RuleCase("RPT-07", "another sentence", form(), None, report("不存在扩大或改变开支范围的问题。")),
    RuleCase("RPT-07", "all is well", form(indicators=FULL), None, report("不存在问题。")),
]
