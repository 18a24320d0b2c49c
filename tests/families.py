"""The families of forms that provinces publish, each drawn as its own form prints it.

    draw("sichuan", facts)  ->  Paper

The facts of a form are plain strings (``tests/cases``); a drawer knows nothing of the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from paper import Paper, number

Facts = Mapping[str, Any]


@dataclass
class Sheet:
    """A paper that is written from top to bottom."""

    paper: Paper
    as_text: bool = False
    row: int = 1

    def say(self, value: Any) -> Any:
        return value if self.as_text else number(value)

    def line(self, *cells: tuple[Any, int, int] | None, down: int = 0) -> None:
        """Cells as (value, first column, last column) on this row; then the next row."""
        for cell in cells:
            if cell is not None:
                value, left, right = cell
                self.paper.put(self.row, left, value, (self.row + down, right))
        self.row += 1


@dataclass(frozen=True)
class Band:
    """A table band: (field, label, first column, last column) for each column."""

    columns: Sequence[tuple[str, str, int, int]]
    words: Sequence[str] = ("level1", "level2", "level3", "nature", "unit", "deviation", "reason", "foreign")

    def header(self, sheet: Sheet) -> None:
        sheet.line(*((label, left, right) for _, label, left, right in self.columns))

    def rows(self, sheet: Sheet, rows: Sequence[Facts]) -> None:
        top = sheet.row
        for facts in rows:
            sheet.line(
                *(self.cell(sheet, facts, *column) for column in self.columns if not self._merged(column[0]))
            )
        for name, _, left, right in self.columns:
            if self._merged(name):
                self.merge_down(sheet, rows, name, top, left, right)

    def cell(
        self, sheet: Sheet, facts: Facts, name: str, _: str, left: int, right: int
    ) -> tuple[Any, int, int]:
        value = facts.get(name)
        return (value if name in self.words else sheet.say(value), left, right)

    @staticmethod
    def _merged(name: str) -> bool:
        return name in ("level1", "level2")

    @staticmethod
    def merge_down(sheet: Sheet, rows: Sequence[Facts], name: str, top: int, left: int, right: int) -> None:
        keys = [(r["level1"],) if name == "level1" else (r["level1"], r["level2"]) for r in rows]
        start = 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or keys[at] != keys[start]:
                sheet.paper.put(top + start, left, rows[start][name], (top + at - 1, right))
                start = at


def _title(sheet: Sheet, text: str, right: int, year: Any) -> None:
    sheet.line((text, 1, right))
    sheet.line((f"({year}年度)", 1, right))


def _side(sheet: Sheet, label: str, top: int, left: int = 1, right: int = 1) -> None:
    sheet.paper.put(top, left, label, (sheet.row - 1, right))


CENTRAL = Band(
    (
        ("level1", "一级指标", 2, 2),
        ("level2", "二级指标", 3, 3),
        ("level3", "三级指标", 4, 5),
        ("target", "年度指标值", 6, 6),
        ("actual", "实际完成值", 7, 7),
        ("weight", "分值", 8, 8),
        ("score", "得分", 9, 9),
        ("deviation", "偏差原因分析及改进措施", 10, 10),
    )
)
CENTRAL_FUNDS = Band(
    (
        ("initial_budget", "年初预算数", 4, 5),
        ("annual_budget", "全年预算数", 6, 6),
        ("executed", "全年执行数", 7, 7),
        ("weight", "分值", 8, 8),
        ("execution_rate", "执行率", 9, 9),
        ("score", "得分", 10, 10),
    )
)


def _funds(sheet: Sheet, facts: Facts, band: Band, side: str, label: tuple[int, int] = (2, 3)) -> None:
    top = sheet.row
    band.header(sheet)
    for line in facts["funds"]:
        sheet.line((line["label"], *label), *(band.cell(sheet, line, *column) for column in band.columns))
    _side(sheet, side, top)


def _two_goals(
    sheet: Sheet, facts: Facts, side: str, left: str, right: str, middle: int = 5, last: int = 10
) -> None:
    top = sheet.row
    sheet.line((left, 2, middle), (right, middle + 1, last))
    sheet.line((facts["goal_expected"], 2, middle), (facts["goal_actual"], middle + 1, last))
    _side(sheet, side, top)


def _lettered(band: Band, **letters: str) -> Band:
    return Band([(n, label + letters.get(n, ""), a, b) for n, label, a, b in band.columns])


def central(facts: Facts, sheet: Sheet, letters: bool = False) -> None:
    """The reference form of the ministry, and its variant with (A) (B) (B/A)."""
    _title(sheet, "项目支出绩效自评表", 10, facts["year"])
    sheet.line(("项目名称", 1, 3), (facts["project_name"], 4, 10))
    sheet.line(
        ("主管部门", 1, 3),
        (facts["supervising_department"], 4, 6),
        ("实施单位", 7, 7),
        (facts["implementing_unit"], 8, 10),
    )
    funds, rows = CENTRAL_FUNDS, CENTRAL
    if letters:
        funds = _lettered(funds, annual_budget="（A）", executed="（B）", execution_rate="（B/A）")
        rows = _lettered(rows, target="（A）", actual="（B）")
    _funds(sheet, facts, funds, f"项目资金\n（{facts['funds_unit']}）")
    _two_goals(sheet, facts, "年度总体目标", "预期目标", "实际完成情况")
    top = sheet.row
    rows.header(sheet)
    rows.rows(sheet, facts["indicators"])
    _side(sheet, "绩\n效\n指\n标", top)
    sheet.line(
        ("总分", 1, 7), (sheet.say(facts["total_weight"]), 8, 8), (sheet.say(facts["total_score"]), 9, 9)
    )


def lettered(facts: Facts, sheet: Sheet) -> None:
    central(facts, sheet, letters=True)


def sichuan(facts: Facts, sheet: Sheet) -> None:
    """Goals before funds, the rate before the weight, the sign in 指标性质, conclusions at the foot."""
    sheet.line(("报表编号：510000_0013zp", 1, 4))
    sheet.line((f"部门预算项目支出绩效自评表（{facts['year']}年度）", 1, 11))
    sheet.line(("项目名称", 1, 2), (facts["project_name"], 3, 11))
    sheet.line(
        ("主管部门", 1, 2),
        (facts["supervising_department"], 3, 6),
        ("实施单位\n（盖章）", 7, 8),
        (facts["implementing_unit"], 9, 11),
    )
    top = sheet.row
    sheet.line(("1.项目年度目标完成情况", 2, 2), ("项目年度目标", 3, 6), ("年度目标完成情况", 7, 11))
    sheet.line((facts["goal_expected"], 3, 6), (facts["goal_actual"], 7, 11))
    sheet.line(("2.项目实施内容及过程概述", 2, 2), ("按计划实施（200字以内）", 3, 11))
    _side(sheet, "项目基本情况", top)
    funds = Band(
        (
            ("initial_budget", "年初预算", 4, 4),
            ("annual_budget", "调整后预算数", 5, 5),
            ("executed", "预算执行数", 6, 6),
            ("execution_rate", "预算执行率", 7, 7),
            ("weight", "权重", 8, 8),
            ("score", "得分", 9, 9),
            ("reason", "原因", 10, 11),
        )
    )
    top = sheet.row
    funds.header(sheet)
    sheet.paper.put(top, 2, f"年度预算数（{facts['funds_unit']}）", (top, 3))
    for line in facts["funds"]:
        sheet.line((line["label"], 2, 3), *(funds.cell(sheet, line, *column) for column in funds.columns))
    _side(sheet, "预算执行情况（10分）", top)
    rows = Band(
        (
            ("level1", "一级指标", 2, 2),
            ("level2", "二级指标", 3, 3),
            ("level3", "三级指标", 4, 4),
            ("nature", "指标性质", 5, 5),
            ("target", "指标值", 6, 6),
            ("unit", "度量单位", 7, 7),
            ("actual", "完成值", 8, 8),
            ("weight", "权重", 9, 9),
            ("score", "得分", 10, 10),
            ("deviation", "未完成原因分析", 11, 11),
        )
    )
    top = sheet.row
    rows.header(sheet)
    rows.rows(sheet, facts["indicators"])
    _side(sheet, "绩效指标（90分）", top)
    sheet.line(
        ("合计", 1, 8), (sheet.say(facts["total_weight"]), 9, 9), (sheet.say(facts["total_score"]), 10, 10)
    )
    sheet.line(("评价结论", 1, 2), ("项目执行良好，自评 98 分。", 3, 11))
    sheet.line(("存在问题", 1, 2), ("无", 3, 11))
    sheet.line(("改进措施", 1, 2), ("无", 3, 11))
    sheet.line(("项目负责人：", 1, 5), ("财务负责人：", 6, 11))


def rural(facts: Facts, sheet: Sheet) -> None:
    """No initial budget, letters, the weight before the target."""
    sheet.line((f"{facts['year']}年度财政衔接推进乡村振兴补助资金项目绩效自评表", 1, 10))
    sheet.line(("项目名称", 1, 3), (facts["project_name"], 4, 10))
    sheet.line(
        ("主管部门", 1, 3),
        (facts["supervising_department"], 4, 6),
        ("实施单位", 7, 7),
        (facts["implementing_unit"], 8, 10),
    )
    funds = Band(
        (
            ("annual_budget", "全年预算数（A）", 4, 5),
            ("executed", "全年执行数（B）", 6, 7),
            ("weight", "分值", 8, 8),
            ("execution_rate", "执行率（B/A）", 9, 9),
            ("score", "得分", 10, 10),
        )
    )
    _funds(sheet, facts, funds, f"项目资金\n（{facts['funds_unit']}）")
    _two_goals(sheet, facts, "年度总体目标", "年初设定目标", "全年实际完成情况")
    rows = Band(
        (
            ("level1", "一级指标", 2, 2),
            ("level2", "二级指标", 3, 3),
            ("level3", "三级指标", 4, 4),
            ("weight", "分值", 5, 5),
            ("target", "年度指标值", 6, 6),
            ("actual", "全年实际值", 7, 7),
            ("score", "得分", 8, 8),
            ("deviation", "未完成原因及拟采取的改进措施", 9, 10),
        )
    )
    top = sheet.row
    rows.header(sheet)
    rows.rows(sheet, facts["indicators"])
    _side(sheet, "绩\n效\n指\n标", top)
    if facts["total_score"] or facts["total_weight"]:
        sheet.line(
            ("总分", 1, 4), (sheet.say(facts["total_weight"]), 5, 5), (sheet.say(facts["total_score"]), 8, 8)
        )


def hubei(facts: Facts, sheet: Sheet) -> None:
    """Execution weighs 20, there is no weight column, boxes to tick, one cell for all reasons."""
    sheet.line((f"{facts['year']}年度项目自评表", 1, 9))
    sheet.line(("单位名称：示例局      填报日期：2021年3月1日", 1, 9))
    sheet.line(("项目名称", 1, 2), (facts["project_name"], 3, 9))
    sheet.line(
        ("主管部门", 1, 2),
        (facts["supervising_department"], 3, 5),
        ("项目实施单位", 6, 7),
        (facts["implementing_unit"], 8, 9),
    )
    sheet.line(("项目类别", 1, 2), ("1、部门预算项目 ☑    2、区直专项 □    3、市对下转移支付项目 □", 3, 9))
    sheet.line(("项目属性", 1, 2), ("1、持续性项目 ☑    2、新增性项目 □", 3, 9))
    sheet.line(("项目类型", 1, 2), ("1、常年性项目 ☑    2、延续性项目 □    3、一次性项目 □", 3, 9))
    funds = Band(
        (
            ("annual_budget", "预算数（A）", 4, 5),
            ("executed", "执行数（B）", 6, 7),
            ("execution_rate", "执行率（B/A）", 8, 8),
            ("score", "得分\n（20分*执行率）", 9, 9),
        )
    )
    _funds(sheet, facts, funds, f"预算执行情况\n（{facts['funds_unit']}）\n（20分）")
    rows = Band(
        (
            ("level1", "一级指标", 2, 2),
            ("level2", "二级指标", 3, 3),
            ("level3", "三级指标", 4, 5),
            ("target", "年初目标值（A）", 6, 6),
            ("actual", "实际完成值（B）", 7, 8),
            ("score", "得分", 9, 9),
        )
    )
    top = sheet.row
    rows.header(sheet)
    rows.rows(sheet, facts["indicators"])
    _side(sheet, "年度绩效目标\n（80分）", top)
    sheet.line(("总分", 1, 8), (sheet.say(facts["total_score"]), 9, 9))
    sheet.line(("偏差大或\n目标未完成\n原因分析", 1, 2), ("无", 3, 9))
    sheet.line(("改进措施及\n结果应用方案", 1, 2), ("无", 3, 9))
    sheet.line(
        (
            "备注：1.预算执行情况口径：预算数为调整后财政资金总额；2.定量指标完成数汇总原则：绝对值直接累加。",
            1,
            9,
        )
    )


def yunnan(facts: Facts, sheet: Sheet) -> None:
    """A header of two rows, the grade behind the total, remarks before it."""
    sheet.line(("项目支出绩效自评表", 1, 11))
    sheet.line((f"部门：示例县教育体育局    {facts['year']}年度", 1, 8), ("公开14表", 9, 11))
    sheet.line(("项目名称", 1, 2), (facts["project_name"], 3, 11))
    sheet.line(
        ("主管部门", 1, 2),
        (facts["supervising_department"], 3, 6),
        ("实施单位", 7, 8),
        (facts["implementing_unit"], 9, 11),
    )
    funds = Band(
        (
            ("initial_budget", "年初预算数", 4, 5),
            ("annual_budget", "全年预算数", 6, 7),
            ("executed", "全年执行数", 8, 8),
            ("weight", "分值", 9, 9),
            ("execution_rate", "执行率", 10, 10),
            ("score", "得分", 11, 11),
        )
    )
    _funds(sheet, facts, funds, f"项目资金\n（{facts['funds_unit']}）")
    _two_goals(sheet, facts, "年度总体目标", "预期目标", "实际完成情况", 6, 11)
    top = sheet.row
    for left, right, label in (
        (7, 7, "实际完成值"),
        (8, 8, "分值"),
        (9, 9, "得分"),
        (10, 11, "偏差原因分析及改进措施"),
    ):
        sheet.paper.put(top, left, label, (top + 1, right))
    sheet.line(("绩效指标", 1, 3), ("年度指标值", 4, 6))
    rows = Band(
        (
            ("level1", "一级指标", 1, 1),
            ("level2", "二级指标", 2, 2),
            ("level3", "三级指标", 3, 3),
            ("nature", "指标性质", 4, 4),
            ("target", "指标值", 5, 5),
            ("unit", "度量单位", 6, 6),
        )
    )
    rows.header(sheet)
    whole = Band(
        (
            *rows.columns,
            ("actual", "", 7, 7),
            ("weight", "", 8, 8),
            ("score", "", 9, 9),
            ("deviation", "", 10, 11),
        )
    )
    whole.rows(sheet, facts["indicators"])
    sheet.line(("其他需要说明事项", 1, 3), ("无", 4, 11))
    sheet.line(
        ("总分", 1, 7),
        (sheet.say(facts["total_weight"]), 8, 8),
        (sheet.say(facts["total_score"]), 9, 9),
        ("优", 10, 11),
    )


def department(facts: Facts, sheet: Sheet) -> None:
    """A whole department's form: no project, no unit."""
    _title(sheet, "部门整体支出绩效自评表", 10, facts["year"])
    sheet.line(("部门名称", 1, 3), (facts["supervising_department"], 4, 10))
    _funds(sheet, facts, CENTRAL_FUNDS, f"预算资金\n（{facts['funds_unit']}）")
    _two_goals(sheet, facts, "年度总体目标", "预期目标", "实际完成情况")
    top = sheet.row
    CENTRAL.header(sheet)
    CENTRAL.rows(sheet, facts["indicators"])
    _side(sheet, "绩效指标", top)
    if facts["total_score"] or facts["total_weight"]:
        sheet.line(
            ("总分", 1, 7), (sheet.say(facts["total_weight"]), 8, 8), (sheet.say(facts["total_score"]), 9, 9)
        )


def hunan_department(facts: Facts, sheet: Sheet) -> None:
    """As Hunan prints it: a name of the unit, and the budget split twice below its total."""
    _title(sheet, "部门整体支出绩效自评表", 10, facts["year"])
    sheet.line(("县级预算单位名称", 1, 3), (facts["supervising_department"], 4, 10))
    top = sheet.row
    CENTRAL_FUNDS.header(sheet)
    line = facts["funds"][0]
    sheet.line(
        (line["label"], 2, 3), *(CENTRAL_FUNDS.cell(sheet, line, *column) for column in CENTRAL_FUNDS.columns)
    )
    sheet.line(("按收入性质分：", 2, 5), ("按支出性质分：", 6, 10))
    sheet.line(("其中：一般公共预算：", 2, 3), (1065.02, 4, 5), ("其中：基本支出：", 6, 6), (900.1, 7, 8))
    sheet.line(("其他资金：", 2, 3), (4, 4, 5), ("项目支出：", 6, 6), (168.92, 7, 8))
    _side(sheet, "年度预算申请\n（万元）", top)
    _two_goals(sheet, facts, "年度总体目标", "预期目标", "实际完成情况")
    top = sheet.row
    CENTRAL.header(sheet)
    CENTRAL.rows(sheet, facts["indicators"])
    _side(sheet, "绩效指标", top)
    sheet.line(("填表人：示例    填报日期：2021年3月1日    联系电话：0000", 1, 10))


def transfer(facts: Facts, sheet: Sheet, management: bool = False) -> None:
    """Transfer payments: funds by level of government, no weights, no scores."""
    _title(sheet, "专项资金绩效目标自评表", 9, facts["year"])
    sheet.line(("专项资金名称", 1, 3), (facts["project_name"], 4, 9))
    sheet.line(
        ("县级主管部门", 1, 3),
        (facts["supervising_department"], 4, 5),
        ("资金使用单位", 6, 7),
        (facts["implementing_unit"], 8, 9),
    )
    funds = Band(
        (
            ("annual_budget", "全年预算数（A）", 4, 5),
            ("executed", "全年执行数（B）", 6, 7),
            ("execution_rate", "执行率（B/A）", 8, 9),
        )
    )
    _funds(sheet, facts, funds, f"资金情况\n（{facts['funds_unit']}）")
    if management:
        top = sheet.row
        sheet.line(("情况说明", 4, 6), ("存在问题和改进措施", 7, 9))
        for label in ("分配科学性", "下达及时性", "拨付合规性", "使用规范性", "执行准确性"):
            sheet.line((label, 2, 3), ("按办法执行", 4, 6), ("无", 7, 9))
        _side(sheet, "资金管理情况", top)
    _two_goals(sheet, facts, "总体目标\n完成情况", "总体目标", "全年实际完成情况", 5, 9)
    rows = Band(
        (
            ("level1", "一级指标", 2, 2),
            ("level2", "二级指标", 3, 3),
            ("level3", "三级指标", 4, 5),
            ("target", "年度指标值", 6, 6),
            ("actual", "全年完成值", 7, 7),
            ("deviation", "未完成原因和改进措施", 8, 9),
        )
    )
    top = sheet.row
    rows.header(sheet)
    rows.rows(sheet, facts["indicators"])
    _side(sheet, "绩效指标", top)
    sheet.line(
        ("说明", 1, 1),
        ("请在此处简要说明中央巡视、各级审计和财政监督中发现的问题及其所涉及的金额，如没有请填无。", 2, 9),
    )


def managed(facts: Facts, sheet: Sheet) -> None:
    transfer(facts, sheet, management=True)


def chongqing(facts: Facts, sheet: Sheet) -> None:
    """A flat list without levels; the total stands beside the project's name."""
    sheet.line((f"{facts['year']}年度项目绩效自评表", 1, 11))
    sheet.line(
        ("项目名称", 1, 1),
        (facts["project_name"], 2, 5),
        ("项目编码", 6, 6),
        ("示例0001", 7, 8),
        ("自评总分（分）", 9, 9),
        (sheet.say(facts["total_score"]), 10, 11),
    )
    sheet.line(
        ("主管部门", 1, 1), (facts["supervising_department"], 2, 5), ("财政处室", 6, 6), ("示例科", 7, 11)
    )
    sheet.line(("项目实施单位", 1, 1), (facts["implementing_unit"], 2, 11))
    funds = Band(
        (
            ("initial_budget", "年初预算数", 3, 4),
            ("annual_budget", "全年（调整）预算数", 5, 6),
            ("executed", "全年执行数", 7, 8),
            ("execution_rate", "执行率（%）", 9, 9),
            ("weight", "执行率权重", 10, 10),
            ("score", "执行率得分", 11, 11),
        )
    )
    _funds(sheet, facts, funds, f"项目资金\n（{facts['funds_unit']}）", (2, 2))
    top = sheet.row
    sheet.line(("年初绩效目标", 2, 4), ("全年（调整）绩效目标", 5, 7), ("全年目标实际完成情况", 8, 11))
    sheet.line((facts["goal_expected"], 2, 4), None, (facts["goal_actual"], 8, 11))
    _side(sheet, "当年绩效目标", top)
    rows = Band(
        (
            ("level3", "指标名称", 2, 2),
            ("unit", "计量单位", 3, 3),
            ("nature", "指标性质", 4, 4),
            ("target", "年初指标值", 5, 5),
            ("foreign", "全年（调整）指标值", 6, 6),
            ("actual", "全年完成值", 7, 7),
            ("factor", "得分系数（%）", 8, 8),
            ("weight", "指标权重（分）", 9, 9),
            ("score", "指标得分（分）", 10, 10),
            ("deviation", "说明", 11, 11),
        )
    )
    top = sheet.row
    rows.header(sheet)
    rows.rows(sheet, facts["indicators"])
    _side(sheet, "绩效指标", top)
    sheet.line(("联系人：示例", 1, 5), ("联系电话：0000", 6, 11))


def online(facts: Facts, sheet: Sheet) -> None:
    """An online system's printout: numbered rows and a row that numbers the columns."""
    _title(sheet, "项目支出绩效自评表", 10, facts["year"])
    sheet.line(("项目名称", 1, 3), (facts["project_name"], 4, 10))
    sheet.line(
        ("主管部门", 1, 3),
        (facts["supervising_department"], 4, 6),
        ("实施单位", 7, 7),
        (facts["implementing_unit"], 8, 10),
    )
    top = sheet.row
    CENTRAL_FUNDS.header(sheet)
    sheet.line(
        ("栏次", 2, 3),
        *((str(n), left, right) for n, (_, _, left, right) in enumerate(CENTRAL_FUNDS.columns, 1)),
    )
    for line in facts["funds"]:
        cells = (CENTRAL_FUNDS.cell(sheet, line, *column) for column in CENTRAL_FUNDS.columns)
        sheet.line((line["label"], 2, 3), *cells)
    _side(sheet, f"项目资金\n（{facts['funds_unit']}）", top)
    _two_goals(sheet, facts, "年度总体目标", "预期目标", "实际完成情况")
    top = sheet.row
    CENTRAL.header(sheet)
    sheet.line(
        *((sheet.say(str(n)), left, right) for n, (_, _, left, right) in enumerate(CENTRAL.columns, 1))
    )
    CENTRAL.rows(sheet, facts["indicators"])
    _side(sheet, "绩效指标", top)
    sheet.line(
        ("总分", 1, 7), (sheet.say(facts["total_weight"]), 8, 8), (sheet.say(facts["total_score"]), 9, 9)
    )


FAMILIES: dict[str, Callable[[Facts, Sheet], None]] = {
    "central": central,
    "lettered": lettered,
    "sichuan": sichuan,
    "rural": rural,
    "hubei": hubei,
    "yunnan": yunnan,
    "department": department,
    "hunan_department": hunan_department,
    "transfer": transfer,
    "managed": managed,
    "chongqing": chongqing,
    "online": online,
}


def draw(family: str, facts: Facts, as_text: bool = False) -> Paper:
    sheet = Sheet(Paper("Sheet1"), as_text)
    FAMILIES[family](facts, sheet)
    return sheet.paper
