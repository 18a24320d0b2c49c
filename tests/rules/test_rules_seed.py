"""The published table of the Alxa High-tech zone, row by row as it stands, and all that is to be said of it.

Rows are numbered with the title as row 1; the table itself has none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from builders import SHEET, Fund, Row, findings, form, report

from xltools.messages import address, message
from xltools.model import Place, SelfEvaluation
from xltools.profiles import load_profile
from xltools.scoring import assess

GOAL = "保障高新区公共资源电子交易系统高效平稳运行，提升系统维护服务质量。"
FUNDS = (
    Fund("total", "5.00", "10.00", "10.00", "10", "100.00", "10"),
    Fund("fiscal", "5.00", "5.00", "5.00", "—", "100.00", "—"),
    Fund("carryover", "0.00", "5.00", "5.00", "—", "100.00", "—"),
    Fund("other", "0.00", "0", "0.00", "—", "0", "—"),
)
ROWS = (
    Row("产出指标", "数量指标", "维护系统数量", "正向", "等于", "1", "0", "个", "15", "15"),
    Row("产出指标", "质量指标", "达标率", "正向", "大于等于", "100", "0", "%", "15", "15"),
    Row("产出指标", "时效指标", "按时完成率", "定性", None, "及时", "100%", None, "20", "20"),
    Row("效益指标", "社会效益", "提供服务能力有所提升", "正向", "大于等于", "80", "80", "%", "15", "15"),
    Row("效益指标", "可持续影响", "长期维护机制健全性", "定性", None, "健全", "完善机制", None, "15", "15"),
    Row("满意度指标", "服务对象满意度", "专家满意度", "正向", "小于等于", "100", "0", "%", "10", "10"),
)
REPORT = report(
    "2023年，我局投入公共资源交易系统运行经费5万元，实际支出5万元。主要用于系统维护服务。",
    "严格按照规定的用途使用资金，不存在扩大或改变开支范围的问题。",
    "根据年初设定的绩效目标，公共资源交易工作运行费用项目绩效自评得分为100分，评价等级为优。"
    "项目全年预算数为5万元，执行数为5万元，完成预算的100%。具体如下表：",
    "具体金额为每年每个分中心5万元整。",
    "客观分析项目的产出与效果，科学进行绩效评价，不断提升资金管理水平。暂不存在相关问题。",
)

# (severity, code, cells): what must be raised …
OF_THE_TABLE = [
    # Unmet with full points: 0 of 1, 0 of 100 %, and 0 % satisfaction, which is 正向 whatever its sign says.
    ("error", "SCO-02", "K12、K13"),
    ("error", "SCO-02", "K17"),
    ("error", "SCO-03", "K12、K13"),
    ("error", "SCO-03", "K17"),
    ("error", "DEV-02", "L12、L13、L17"),
    ("error", "IND-04", "E17、F17"),  # 正向, yet 小于等于
    ("error", "IND-16", "F17、G17"),  # satisfaction of at most 100 % never fails
    ("error", "IND-18", "H17"),  # satisfaction 0, 10 points
    ("error", "SCO-08", "K18"),  # 60 (70 literally) against 100
    ("warning", "STR-02", "A1"),  # no year anywhere in the table
    ("warning", "FUN-14", "D5"),  # 5 -> 10, unexplained
    ("warning", "GOA-03", "H10"),  # outcome = goal
    ("warning", "IND-09", "H14"),  # 及时 answered by 100%
    ("warning", "IND-19", "H12、H13、H17"),  # three zeros, perhaps never filled in
    ("warning", "SCO-05", "K14、K16"),  # 35 qualitative points without grounds
    ("warning", "SCO-11", "K18"),  # every row full
    ("undetermined", "IND-10", "H14"),  # neither actual is one of the three tiers
    ("undetermined", "IND-10", "H16"),
    ("info", "FUN-07", "I8"),  # 0 / 0 shown as 0
]
OF_THE_REPORT = [
    ("error", "RPT-01", "D5"),  # 5 in the text, 10.00 in the table
    ("error", "RPT-01", "F5"),
    ("error", "SCO-09", "K18"),  # the report says 优; recomputed it is 中 in either reading
    ("warning", "RPT-04", "C2"),  # 系统运行经费 / 工作运行费用
    ("warning", "RPT-07", "H12、H13、H17"),  # 暂不存在相关问题
]
# … and what must not: weights and printed sum are right, so are fund totals, rates and their score,
# dashes of the sub-rows, 80 of 80, one exact copy, and 优 for the printed 100.
SILENT = {"WGT-01", "WGT-02", "WGT-03", "SCO-07", "FUN-01", "FUN-03", "FUN-09", "STR-13", "IND-20", "RPT-03"}


def seed() -> SelfEvaluation:
    return form(
        funds=FUNDS,
        indicators=ROWS,
        year=None,
        project_name="公共资源交易工作运行费用",
        department="阿拉善高新技术产业开发区（乌斯太镇）行政审批和政务服务局（部门）",
        unit="阿拉善高新技术产业开发区（乌斯太镇）行政审批和政务服务局",
        goal_expected=GOAL,
        goal_actual=GOAL,
    )


def _summary(found: tuple) -> Counter[tuple[str, str, str]]:
    return Counter((each.severity, each.code, address(each).removeprefix(f"{SHEET}!")) for each in found)


def test_the_table_alone() -> None:
    found = findings(seed())
    assert _summary(found) == Counter(OF_THE_TABLE)
    assert not SILENT & {each.code for each in found}


def test_with_its_report() -> None:
    found = findings(seed(), REPORT)
    assert _summary(found) == Counter(OF_THE_TABLE + OF_THE_REPORT)
    assert not SILENT & {each.code for each in found}


def test_regional_profile_says_the_same() -> None:
    assert findings(seed(), profile=load_profile("nmg")) == findings(seed())


def test_split_by_a_page_break() -> None:
    """The printed table breaks after row 14; the rest lost its first column."""
    shifted = tuple(Place(SHEET, row, 2) for row in range(15, 19))
    found = findings(replace(seed(), shifted=shifted))
    assert _summary(found) == Counter([*OF_THE_TABLE, ("warning", "STR-08", "B15:B18")])


def test_recomputed() -> None:
    result = assess(seed(), load_profile())
    assert [str(each) for each in (result.execution_score, result.total, result.total_literal, result.total_low)] == [
        "10.00", "60.00", "70.00", "53.00",
    ]  # fmt: skip
    total = next(each for each in findings(seed()) if each.code == "SCO-08")
    assert (total.expected, total.actual) == ("60.00", "100.00")
    said = message(total)
    for words in ("60.00", "100.00", "40.00", "53.00", "70.00", "“小于等于”", "等级“中”"):
        assert words in said


def test_words() -> None:
    said = {each.code: message(each) for each in findings(seed(), REPORT)}
    assert said["SCO-03"] == "“专家满意度”的实际完成值为0，却得满分10分。"
    assert said["IND-04"] == "“专家满意度”的指标性质为“正向”，指标方向却是“小于等于”，两者矛盾。"
    assert said["RPT-01"] == "报告正文的全年执行数为5万元，自评表为10万元。"
    assert said["SCO-09"] == "按规则复算的等级为“中”，报告中写明的等级为“优”。"
