"""Make the sample workbooks in samples/2023.  The same run gives the same bytes.

    python samples/make_samples.py [FOLDER]

阿拉善高新区 is a published table, cell for cell, with every fault it has.  All other units are
made up and say so (示例).
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from xltools.form_sheet import Content, FormContent, FundRow, IndicatorRow, Styles, draw, placement
from xltools.profiles import load_profile
from xltools.template import PROFILES, SHEET, save, with_formulas

HERE = Path(__file__).parent
PROJECT = "公共资源交易工作运行费用"
DASH = "—"
DRILL = "制度已建立，应急演练少做一次；下年度一季度补做。"
GOAL = "保障公共资源电子交易系统高效平稳运行，提升系统维护服务质量。"

OUTPUT, BENEFIT, SATISFACTION = "产出指标", "效益指标", "满意度指标"
QUANTITY = (OUTPUT, "数量指标")
QUALITY = (OUTPUT, "质量指标")
TIMELINESS = (OUTPUT, "时效指标")
COST = (OUTPUT, "成本指标")
SOCIAL = (BENEFIT, "社会效益")
LASTING = (BENEFIT, "可持续影响")
SERVED = (SATISFACTION, "服务对象满意度")


def _content(text: str) -> Content:
    """A number where the text is one, else the text; "" stays blank."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text or None


def fund(label: str, amounts: str, rate: str = "", weight: str = DASH, score: str = DASH) -> FundRow:
    initial, annual, executed = map(_content, amounts.split())
    return FundRow(label, initial, annual, executed, _content(weight), _content(rate), _content(score))


def row(
    levels: tuple[str, str], name: str, way: str, numbers: str, points: str, why: str = ""
) -> IndicatorRow:
    """way: "正向 大于等于"; numbers: "95 98 %" (target, actual, unit); points: "10 10"; "_" is blank."""
    nature, _, direction = way.partition(" ")
    target, actual, unit = (part.replace("_", "") for part in numbers.split())
    weight, score = map(_content, points.split())
    return IndicatorRow(
        *levels, name, nature, direction, _content(target), _content(actual), unit, weight, score, why
    )


def form(
    unit: str, funds: list[FundRow], indicators: list[IndicatorRow], actual: str, **more: Any
) -> FormContent:
    name = f"{unit}（示例单位）"
    content = FormContent(
        layout="nmg-12",
        year=2023,
        funds=tuple(funds),
        indicators=tuple(indicators),
        project_name=PROJECT,
        supervising_department=f"{name}（部门）",
        implementing_unit=name,
        goal_expected=GOAL,
        goal_actual=actual,
    )
    return replace(content, **more)


def filled(content: FormContent) -> FormContent:
    return with_formulas(content, load_profile(PROFILES[content.layout]))


# --- the published table --------------------------------------------------------------------------


def alashan() -> FormContent:
    bureau = "阿拉善高新技术产业开发区（乌斯太镇）行政审批和政务服务局"
    goal = "保障高新区公共资源电子交易系统高效平稳运行，提升系统维护服务质量。"
    return FormContent(
        layout="nmg-12",
        year=2023,
        project_name=PROJECT,
        supervising_department=f"{bureau}（部门）",
        implementing_unit=bureau,
        goal_expected=goal,
        goal_actual=goal,
        funds=(
            fund("年度资金总额", "5.00 10.00 10.00", "100.00", "10", "10"),
            fund("其中：财政拨款", "5.00 5.00 5.00", "100.00"),
            fund("上年结转资金", "0.00 5.00 5.00", "100.00"),
            fund("其他资金", "0.00 0 0.00", "0"),
        ),
        indicators=(
            row(QUANTITY, "维护系统数量", "正向 等于", "1 0 个", "15 15"),
            row(QUALITY, "达标率", "正向 大于等于", "100 0 %", "15 15"),
            row(TIMELINESS, "按时完成率", "定性", "及时 100% _", "20 20"),
            row(SOCIAL, "提供服务能力有所提升", "正向 大于等于", "80 80 %", "15 15"),
            row(LASTING, "长期维护机制健全性", "定性", "健全 完善机制 _", "15 15"),
            row(SERVED, "专家满意度", "正向 小于等于", "100 0 %", "10 10"),
        ),
        total_weight=Decimal(100),
        total_score=Decimal(100),
    )


# --- sample units ---------------------------------------------------------------------------------


def first() -> FormContent:
    """Consistent throughout."""
    funds = [
        fund("年度资金总额", "5 5 4.8", weight="10", score=""),
        fund("其中：财政拨款", "5 5 4.8"),
        fund("上年结转资金", "0 0 0"),
        fund("其他资金", "0 0 0"),
    ]
    indicators = [
        row(QUANTITY, "维护系统数量", "正向 等于", "2 2 个", "10 10"),
        row(QUANTITY, "组织交易项目数量", "正向 大于等于", "30 33 个", "10 10"),
        row(QUALITY, "达标率", "正向 大于等于", "95 98 %", "10 10"),
        row(TIMELINESS, "按时完成率", "正向 大于等于", "95 96 %", "10 10"),
        row(COST, "年度运行维护成本", "反向 小于等于", "5 4.8 万元", "10 10"),
        row(SOCIAL, "提供服务能力有所提升", "正向 大于等于", "80 85 %", "15 15"),
        row(LASTING, "长期维护机制健全性", "定性", "健全 达成年度指标 _", "15 14", DRILL),
        row(SERVED, "专家满意度", "正向 大于等于", "90 95 %", "10 10"),
    ]
    actual = "全年维护系统2个，组织交易项目33个，系统可用率98%，未发生影响交易的故障。"
    return filled(form("示例一分中心", funds, indicators, actual))


def second() -> FormContent:
    """Consistent, with money carried over, and one target missed and explained."""
    funds = [
        fund("年度资金总额", "5 7 6.5", weight="10", score=""),
        fund("其中：财政拨款", "5 6 5.5"),
        fund("上年结转资金", "0 1 1"),
        fund("其他资金", "0 0 0"),
    ]
    why = "上半年机房搬迁，两次验收未一次通过；已更换备件并按月巡检，下年度纳入合同考核。"
    indicators = [
        row(QUANTITY, "维护系统数量", "正向 等于", "3 3 个", "15 15"),
        row(QUALITY, "达标率", "正向 大于等于", "95 90 %", "15 14.21", why),
        row(TIMELINESS, "故障修复时长", "反向 小于等于", "4 3.5 小时", "20 20"),
        row(SOCIAL, "提供服务能力有所提升", "正向 大于等于", "80 82 %", "15 15"),
        row(LASTING, "长期维护机制健全性", "定性", "健全 达成年度指标 _", "15 13.5", DRILL),
        row(SERVED, "专家满意度", "正向 大于等于", "90 93 %", "10 10"),
    ]
    actual = "全年维护系统3个。预算追加1.00万元用于机房搬迁，上年结转1.00万元为跨年度合同尾款，已支付。"
    return filled(form("示例二分中心", funds, indicators, actual))


def third() -> FormContent:
    """A wrong execution rate, one source over 100 %, a missed target without a reason."""
    funds = [
        fund("年度资金总额", "8 12 11.2", "100.00", "10", "10"),
        fund("其中：财政拨款", "8 10 8.6", "86.00"),
        fund("上年结转资金", "0 0 0", DASH),
        fund("其他资金", "0 2 2.6", "130.00"),
    ]
    indicators = [
        row(QUANTITY, "维护系统数量", "正向 等于", "4 3 个", "15 15"),
        row(QUALITY, "达标率", "正向 大于等于", "95 96 %", "15 15"),
        row(TIMELINESS, "按时完成率", "正向 大于等于", "95 95 %", "20 20"),
        row(SOCIAL, "提供服务能力有所提升", "正向 大于等于", "80 90 %", "15 15"),
        row(LASTING, "长期维护机制健全性", "定性", "健全 达成年度指标 _", "15 15"),
        row(SERVED, "专家满意度", "正向 大于等于", "90 91 %", "10 10"),
    ]
    totals = {"total_weight": Decimal(100), "total_score": Decimal(100)}
    return form("示例三分中心", funds, indicators, "系统运行总体平稳，4个系统中1个因停用未维护。", **totals)


def fourth() -> FormContent:
    """Words in a money cell, weights that add up to 95, an actual value left out."""
    funds = [
        fund("年度资金总额", "6 6 5.4", "90.00", "10", "9"),
        fund("其中：财政拨款", "6 2000万 5.4", "90.00"),
        fund("上年结转资金", "0 0 0", DASH),
        fund("其他资金", "0 0 0", DASH),
    ]
    indicators = [
        row(QUANTITY, "维护系统数量", "正向 等于", "2 2 个", "15 15"),
        row(QUALITY, "达标率", "正向 大于等于", "95 _ %", "15 15"),
        row(TIMELINESS, "按时完成率", "正向 大于等于", "95 97 %", "15 15"),
        row(SOCIAL, "提供服务能力有所提升", "正向 大于等于", "80 83 %", "15 15"),
        row(LASTING, "长期维护机制健全性", "定性", "健全 达成年度指标 _", "15 15"),
        row(SERVED, "专家满意度", "正向 大于等于", "90 92 %", "10 10"),
    ]
    totals = {"total_weight": Decimal(100), "total_score": Decimal(94)}
    return form("示例四分中心", funds, indicators, "全年维护系统2个，按时完成率97%。", **totals)


def fifth() -> FormContent:
    """Consistent; drawn with rows and a column put in by a clerk."""
    funds = [
        fund("年度资金总额", "5 5 5", "100", "10", "10"),
        fund("其中：财政拨款", "4 4 4", "100"),
        fund("上年结转资金", "0 0 0", DASH),
        fund("其他资金", "1 1 1", "100"),
    ]
    indicators = [
        row(QUANTITY, "维护系统数量", "正向 等于", "1 1 个", "20 20"),
        row(QUALITY, "达标率", "正向 大于等于", "98 99 %", "15 15"),
        row(TIMELINESS, "按时完成率", "正向 大于等于", "95 100 %", "15 15"),
        row(SOCIAL, "提供服务能力有所提升", "正向 大于等于", "80 88 %", "30 30"),
        row(
            SERVED,
            "专家满意度",
            "正向 大于等于",
            "90 88.2 %",
            "10 9.8",
            "专家反映签到排队；已增设自助签到机。",
        ),
    ]
    totals = {"total_weight": Decimal(100), "total_score": Decimal("99.8")}
    return form("示例五分中心", funds, indicators, "全年维护系统1个，按时完成率100%，无重大故障。", **totals)


def sixth() -> FormContent:
    """The national reference form: sign and unit stand in the target."""
    funds = [
        fund("年度资金总额", "5 5 4.5", weight="10", score=""),
        fund("其中：当年财政拨款", "5 5 4.5"),
        fund("上年结转资金", "0 0 0"),
        fund("其他资金", "0 0 0"),
    ]
    indicators = [
        row(QUANTITY, "维护系统数量", "", "=2个 2个 _", "15 15"),
        row(QUALITY, "达标率", "", "≥95% 96% _", "15 15"),
        row(TIMELINESS, "按时完成率", "", "≥95% 100% _", "10 10"),
        row(COST, "年度运行维护成本", "", "≤5万元 4.5万元 _", "10 10"),
        row((BENEFIT, "社会效益指标"), "提供服务能力有所提升", "", "≥80% 84% _", "15 15"),
        row((BENEFIT, "可持续影响指标"), "长期维护机制健全性", "", "健全 达成年度指标 _", "15 14", DRILL),
        row((SATISFACTION, "服务对象满意度指标"), "专家满意度", "", "≥90% 94% _", "10 10"),
    ]
    actual = "全年维护系统2个，成本控制在4.5万元，满意度94%。"
    return filled(form("示例六分中心", funds, indicators, actual, layout="mof-std"))


# --- how a clerk's file differs from a drawn one ---------------------------------------------------


class Shifted:
    """A worksheet with a column put in on the left and a row before 年度总体目标."""

    def __init__(self, sheet: Any, before_row: int) -> None:
        self._sheet, self._before = sheet, before_row

    def _row(self, row: int) -> int:
        return row + (row >= self._before)

    def merge_range(self, top: int, left: int, bottom: int, right: int, *rest: Any) -> None:
        self._sheet.merge_range(self._row(top), left + 1, self._row(bottom), right + 1, *rest)

    def set_column(self, first: int, last: int, width: float) -> None:
        self._sheet.set_column(first + 1, last + 1, width)

    def set_row(self, row: int, height: float) -> None:
        self._sheet.set_row(self._row(row), height)

    def repeat_rows(self, row: int) -> None:
        self._sheet.repeat_rows(self._row(row))

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._sheet, name)
        if not name.startswith("write_"):
            return method
        return lambda row, column, *rest: method(self._row(row), column + 1, *rest)


def _book(target: Path) -> Workbook:
    book = Workbook(str(target))
    book.set_properties({"created": datetime(2024, 1, 1)})
    return book


def draw_alashan(target: Path) -> None:
    """The two zeros of 其他资金 are shown as 0, not 0.00, in the published table."""
    content = alashan()
    with _book(target) as book:
        sheet, styles = book.add_worksheet(SHEET), Styles(book)
        cells = draw(book, sheet, content, styles)
        for field in ("fund.annual_budget", "fund.execution_rate"):
            sheet.write_number(cells.cell(field, 3), 0, styles.number)


def draw_shifted(target: Path) -> None:
    content = fifth()
    with _book(target) as book:
        sheet, styles = book.add_worksheet("Sheet1"), Styles(book)
        goals = placement(content, top=3).cell("goal_expected")
        before = int(goals.lstrip("ABCDEFGHIJKL")) - 2
        shifted: Any = Shifted(sheet, before)
        draw(book, shifted, content, styles, top=3)
        sheet.set_column(0, 0, 3)
        sheet.write_string(0, 1, "附件2")


def draw_ledger(target: Path) -> None:
    with _book(target) as book:
        sheet = book.add_worksheet("Sheet1")
        lines = [
            ("日期", "摘要", "金额（元）", "备注"),
            ("2023-03-15", "交易系统第一季度运维费", 12000, ""),
            ("2023-06-20", "交易系统第二季度运维费", 12000, ""),
            ("2023-11-08", "数字证书续费", 3600, "示例数据"),
        ]
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
        sheet.set_column(0, 3, 22)


def make(folder: Path) -> list[Path]:
    """Write every sample; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    draw_alashan(folder / "阿拉善高新区.xlsx")
    good = folder / "示例一分中心-公共资源交易工作运行费用自评表.xlsx"
    save(good, {SHEET: first()})
    (folder / "示例一分中心-公共资源交易工作运行费用自评表 - 副本.xlsx").write_bytes(good.read_bytes())
    save(folder / "示例二分中心自评表（定稿）.xlsx", {SHEET: second()})
    save(folder / "示例三分中心自评表.xlsx", {SHEET: third()})
    save(folder / "示例四分中心 自评表(1).xlsx", {SHEET: fourth()})
    draw_shifted(folder / "示例五分中心2023年自评.xlsx")
    save(folder / "示例六分中心（全国参考格式）.xlsx", {SHEET: sixth()})
    draw_ledger(folder / "示例六分中心支出台账.xlsx")
    whole = good.read_bytes()
    (folder / "示例七分中心自评表（传输中断）.xlsx").write_bytes(whole[: len(whole) // 2])
    return sorted(folder.iterdir())


if __name__ == "__main__":
    for path in make(Path(sys.argv[1]) if sys.argv[1:] else HERE / "2023"):
        print(path)
