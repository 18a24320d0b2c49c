"""Forms for tests: a clean 12-column form with real places, from compact data.

    form()                                          nothing to complain of
    form(indicators=[row(target="1", actual="0")])  other rows
    form(funds=[fund("total", 5, 10, 10)])          other funds

A cell is given as a person would type it: a number, a text, ``None`` for blank, ``"—"``, an error
value such as ``"#DIV/0!"``, or ``UNCACHED`` for a formula without a stored result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from xltools.model import (
    Entry,
    Finding,
    FundKind,
    FundLine,
    Indicator,
    MoneyUnit,
    Place,
    ReportText,
    SelfEvaluation,
)
from xltools.profiles import Profile, load_profile
from xltools.quantities import parse_number, parse_quantity
from xltools.rulebook import check
from xltools.scoring import assess
from xltools.vocabulary import label_key, vocabulary

SHEET = "自评表"
UNCACHED = object()
ABSENT = object()
COLUMNS = frozenset(
    [
        "level1",
        "level2",
        "level3",
        "nature",
        "direction",
        "target",
        "actual",
        "unit",
        "weight",
        "score",
        "deviation",
    ]
)
FUND_COLUMNS = frozenset(["initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score"])
LABELS: dict[FundKind, str] = {
    "total": "年度资金总额",
    "fiscal": "其中：财政拨款",
    "carryover": "上年结转资金",
    "other": "其他资金",
}
FIRST_FUND_ROW, FIRST_ROW = 5, 12


class Fund(NamedTuple):
    kind: FundKind = "total"
    initial_budget: Any = 10
    annual_budget: Any = 10
    executed: Any = 10
    weight: Any = "—"
    execution_rate: Any = 100
    score: Any = "—"
    reason: Any = ABSENT
    label: Any = None


class Row(NamedTuple):
    level1: Any = "产出指标"
    level2: Any = "数量指标"
    level3: Any = "开展巡检次数"
    nature: Any = "正向"
    direction: Any = "大于等于"
    target: Any = 12
    actual: Any = 13
    unit: Any = "次"
    weight: Any = 15
    score: Any = 15
    deviation: Any = None


fund, row = Fund, Row

FUNDS: tuple[Fund, ...] = (
    Fund("total", 10, 10, 10, 10, 100, 10),
    Fund("fiscal", 8, 8, 8),
    Fund("carryover", 2, 2, 2),
    Fund("other", 0, 0, 0, execution_rate="—"),
)
ROWS: tuple[Row, ...] = (
    Row(),
    Row(level2="质量指标", level3="系统故障修复率", target=95, actual=97, unit="%"),
    Row(level2="时效指标", level3="故障响应及时率", target=100, actual=90, unit="%", weight=10, score=9,
        deviation="个别故障发生在节假日，到场较晚；已增设值班。"),
    Row(level2="成本指标", level3="单次巡检成本", nature="反向", direction="小于等于", target=500, actual=480, unit="元", weight=10, score=10),
    Row("效益指标", "社会效益指标", "服务单位数量", target=20, actual=21, unit="家"),
    Row("效益指标", "可持续影响指标", "长效管理机制", "定性", None, "建立并执行", "达成年度指标", None, 15, 15),
    Row("满意度指标", "服务对象满意度指标", "使用单位满意度", target=90, actual=92, unit="%", weight=10, score=10),
)  # fmt: skip


def _special(value: Any, place: Place | None) -> Entry[Any] | None:
    if value is ABSENT:
        return Entry(None)
    if value is None or value == "":
        return Entry(None, "", "blank", place)
    if value is UNCACHED:
        return Entry(None, "", "uncached", place, formula="B1+B2")
    text = str(value)
    if text.startswith("#"):
        return Entry(None, text, "error", place)
    if label_key(text) in vocabulary().not_applicable:
        return Entry(None, text, "dash", place)
    return None


def number(value: Any, place: Place | None = None) -> Entry[Decimal]:
    special = _special(value, place)
    if special:
        return special
    found = parse_number(str(value))
    if found is None or found.unit:
        return Entry(None, str(value), "text", place)
    return Entry(found.value, str(value), "ok", place)


def text(value: Any, place: Place | None = None) -> Entry[Any]:
    return _special(value, place) or Entry(value, str(value), "ok", place)


def quantity(value: Any, place: Place) -> Entry[Any]:
    special = _special(value, place)
    if special:
        return special
    found = parse_quantity(str(value))
    return Entry(found, str(value), "ok" if found else "text", place)


def label(value: Any, meaning: Any, place: Place) -> Entry[Any]:
    """A cell of a closed list: 指标性质, 指标方向."""
    special = _special(value, place)
    if special:
        return special
    found = meaning(value)
    return Entry(found, str(value), "ok" if found else "text", place)


def _fund(data: Fund, at: int) -> FundLine:
    def cell(column: int) -> Place:
        return Place(SHEET, at, column)

    return FundLine(
        kind=data.kind,
        label=text(data.label or LABELS.get(data.kind, data.kind), cell(2)),
        initial_budget=number(data.initial_budget, cell(3)),
        annual_budget=number(data.annual_budget, cell(4)),
        executed=number(data.executed, cell(6)),
        weight=number(data.weight, cell(8)),
        execution_rate=number(data.execution_rate, cell(9)),
        score=number(data.score, cell(11)),
        row=at,
        reason=text(data.reason, cell(12)),
    )


def _row(data: Row, at: int) -> Indicator:
    def cell(column: int) -> Place:
        return Place(SHEET, at, column)

    words = vocabulary()
    return Indicator(
        level1=text(data.level1, cell(2)),
        level2=text(data.level2, cell(3)),
        level3=text(data.level3, cell(4)),
        group=words.level1_of(data.level1) if isinstance(data.level1, str) else None,
        nature=label(data.nature, words.nature_of, cell(5)),
        direction=label(data.direction, words.comparator_of, cell(6)),
        target=quantity(data.target, cell(7)),
        actual=quantity(data.actual, cell(8)),
        unit=text(data.unit, cell(9)),
        weight=number(data.weight, cell(10)),
        score=number(data.score, cell(11)),
        deviation=text(data.deviation, cell(12)),
        row=at,
    )


def _sum(values: Sequence[Any]) -> Any:
    known = [number(value).value for value in values]
    return sum((value for value in known if value is not None), Decimal(0))


def form(
    *,
    funds: Sequence[Fund] = FUNDS,
    indicators: Sequence[Row] = ROWS,
    year: Any = 2023,
    money_unit: MoneyUnit = "万元",
    project_name: Any = "公共资源交易系统运行维护",
    department: Any = "某某市行政审批局（部门）",
    unit: Any = "某某市公共资源交易中心",
    goal_expected: Any = "保障交易系统平稳运行，提升服务质量。",
    goal_actual: Any = "全年巡检13次，修复故障35起，系统可用率99.8%。",
    total_weight: Any = ...,
    total_score: Any = ...,
    source: str = "一分中心.xlsx",
    **changes: Any,
) -> SelfEvaluation:
    """A form as a reader would yield it; the total row adds up unless it is given."""

    def cell(row: int, column: int) -> Place:
        return Place(SHEET, row, column)

    last = FIRST_ROW + len(indicators)
    if total_weight is ...:
        total_weight = _sum([*(each.weight for each in funds[:1]), *(each.weight for each in indicators)])
    if total_score is ...:
        total_score = _sum([*(each.score for each in funds[:1]), *(each.score for each in indicators)])
    made = SelfEvaluation(
        source=source,
        sheet=SHEET,
        layout="nmg-12",
        title=text("项目支出绩效自评表（2023年度）" if year else None, cell(1, 1)),
        year=text(year, cell(1, 1)),
        money_unit=text(money_unit, cell(4, 1)),
        project_name=text(project_name, cell(2, 3)),
        supervising_department=text(department, cell(3, 3)),
        implementing_unit=text(unit, cell(3, 9)),
        funds=tuple(_fund(each, FIRST_FUND_ROW + at) for at, each in enumerate(funds)),
        goal_expected=text(goal_expected, cell(10, 3)),
        goal_actual=text(goal_actual, cell(10, 8)),
        rows=tuple(_row(each, FIRST_ROW + at) for at, each in enumerate(indicators)),
        total_weight=number(total_weight, cell(last, 10)),
        total_score=number(total_score, cell(last, 11)),
        stated_grade=Entry(None),
        bands=frozenset(("funds", "goals", "indicators", "total")),
        columns=COLUMNS,
        fund_columns=FUND_COLUMNS,
    )
    return replace(made, **changes)


def with_row(index: int, **changes: Any) -> tuple[Row, ...]:
    """The usual rows, one of them changed."""
    return tuple(each._replace(**changes) if at == index else each for at, each in enumerate(ROWS))


def with_fund(index: int, **changes: Any) -> tuple[Fund, ...]:
    return tuple(each._replace(**changes) if at == index else each for at, each in enumerate(FUNDS))


def report(*paragraphs: str) -> ReportText:
    return ReportText("报告.docx", "绩效评价报告", (("", "\n".join(paragraphs)),))


def findings(
    made: SelfEvaluation, text: ReportText | None = None, profile: Profile | None = None
) -> tuple[Finding, ...]:
    profile = profile or load_profile()
    return check(made, profile, assess(made, profile), text)


def codes(found: Sequence[Finding]) -> list[str]:
    return [each.code for each in found]
