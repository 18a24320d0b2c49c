"""The words of the form and of the tool that are not findings: field names, notes, states.

Each is (Chinese, English).
"""

from __future__ import annotations

from typing import Literal

Lang = Literal["zh", "en"]
Words = tuple[str, str]


def word(table: dict[str, Words], key: str, lang: Lang = "zh") -> str:
    return table[key][0 if lang == "zh" else 1]


FIELDS: dict[str, Words] = {
    "title": ("表头标题", "title"),
    "year": ("年度", "fiscal year"),
    "project_name": ("项目名称", "project name"),
    "supervising_department": ("主管部门", "supervising department"),
    "implementing_unit": ("实施单位", "implementing unit"),
    "initial_budget": ("年初预算数", "initial budget"),
    "annual_budget": ("全年预算数", "annual budget"),
    "executed": ("全年执行数", "executed amount"),
    "execution_rate": ("执行率", "execution rate"),
    "execution_score": ("预算执行得分", "execution score"),
    "fund_reason": ("原因", "reason"),
    "goal_expected": ("预期目标", "expected goal"),
    "goal_actual": ("实际完成情况", "actual outcome"),
    "level1": ("一级指标", "level-1 indicator"),
    "level2": ("二级指标", "level-2 indicator"),
    "level3": ("三级指标", "level-3 indicator"),
    "nature": ("指标性质", "nature"),
    "direction": ("指标方向", "direction"),
    "target": ("年度指标值", "target"),
    "actual": ("实际完成值", "actual value"),
    "unit": ("计量单位", "unit"),
    "weight": ("分值", "weight"),
    "score": ("得分", "score"),
    "deviation": ("偏差原因分析及改进措施", "deviation reason"),
    "total_weight": ("总分（分值）", "total weight"),
    "total_score": ("总分（得分）", "total score"),
}

BANDS: dict[str, Words] = {
    "funds": ("项目资金", "funds"),
    "goals": ("年度总体目标", "goals"),
    "indicators": ("绩效指标", "indicators"),
    "total": ("总分", "total"),
}

LEVEL1: dict[str, Words] = {
    "output": ("产出指标", "output"),
    "benefit": ("效益指标", "benefit"),
    "satisfaction": ("满意度指标", "satisfaction"),
    "cost": ("成本指标", "cost"),
    "execution": ("预算执行率", "budget execution"),
}

NATURES: dict[str, Words] = {
    "positive": ("正向", "positive"),
    "negative": ("反向", "negative"),
    "qualitative": ("定性", "qualitative"),
}

COMPARATORS: dict[str, Words] = {
    "eq": ("等于", "="),
    "ge": ("大于等于", ">="),
    "le": ("小于等于", "<="),
    "gt": ("大于", ">"),
    "lt": ("小于", "<"),
}

GRADES: dict[str, Words] = {
    "excellent": ("优", "excellent"),
    "good": ("良", "good"),
    "fair": ("中", "fair"),
    "poor": ("差", "poor"),
}

TIERS: dict[str, Words] = {
    "achieved": ("达成年度指标", "achieved"),
    "partial": ("部分达成年度指标并具有一定效果", "partly achieved"),
    "missed": ("未达成年度指标且效果较差", "not achieved"),
}

FUND_KINDS: dict[str, Words] = {
    "total": ("年度资金总额", "total"),
    "fiscal": ("财政拨款", "fiscal appropriation"),
    "carryover": ("上年结转资金", "carry-over"),
    "other": ("其他资金", "other funds"),
    "special_account": ("财政专户管理资金", "fiscal special account"),
    "unit_funds": ("单位资金", "unit funds"),
    "unknown": ("未识别的资金来源", "unrecognised source"),
}

SEVERITIES: dict[str, Words] = {
    "error": ("错误", "error"),
    "warning": ("警告", "warning"),
    "info": ("提示", "info"),
    "undetermined": ("无法判定", "undetermined"),
}

STATUSES: dict[str, Words] = {
    "read": ("已读取", "read"),
    "not_a_form": ("不是自评表", "not a form"),
    "unreadable": ("无法打开", "unreadable"),
    "skipped": ("已跳过", "skipped"),
    "left_out": ("未计入合计", "left out of the totals"),
}

LAYOUTS: dict[str, Words] = {
    "nmg-12": ("内蒙古 12 列表", "Inner Mongolia, 12 columns"),
    "mof-std": ("全国参考格式", "national reference form"),
    "sc-0013zp": ("四川格式（执行率在权重之前）", "Sichuan, rate before weight"),
    "rural-ab": ("衔接资金格式（分值在指标值之前）", "rural funds, weight before target"),
    "hb-ab20": ("湖北格式（预算执行 20 分、无分值栏）", "Hubei, execution 20 points, no weights"),
    "yn-2line": ("云南格式（两行表头）", "Yunnan, header of two rows"),
    "whole-dept": ("部门整体支出自评表", "whole department"),
    "transfer": ("转移支付格式（无分值、得分）", "transfer payments, no weights or scores"),
    "cq-flat": ("重庆格式（指标不分级）", "Chongqing, flat list of indicators"),
    "sign-in-nature": ("指标性质栏填写符号的格式", "sign stands in the 指标性质 column"),
    "unscored": ("无分值、得分的格式", "no weights or scores"),
    "other": ("其他格式", "another layout"),
}

NOTES: dict[str, Words] = {
    "text": ("文本形式的数字，已按数值读取", "number stored as text, read as a number"),
    "unit_in_cell": ("单位写在单元格内，已分开读取", "unit inside the cell, read apart"),
    "ratio": ("按比值填写的执行率，已换算为百分数", "rate given as a ratio, converted to percent"),
    "sign_in_nature": (
        "指标性质栏内为比较符号，已作为指标方向读取",
        "sign in the nature column, read as direction",
    ),
    "money_converted": ("金额单位与表头不同，已换算", "amount in another unit, converted"),
    "shown_otherwise": (
        "显示的数与存储的数不同，无法确定取哪一个",
        "the number format shows another amount than is stored",
    ),
    "printed": ("取自表头印制的分值", "points printed in a label"),
    "misread_sign": (
        "比较符号可能在转换中损坏（如“≥90%”变成“290%”），未作数值读取，请核对",
        "the comparison sign was probably destroyed (290% for ≥90%); not read as a number",
    ),
    "filled_down": ("合并单元格，取自上方", "merged cell, taken from above"),
}
