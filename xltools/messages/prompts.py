"""What belongs into each cell of the template, and what the template says of itself."""

from __future__ import annotations

from xltools.messages.interface import Words

PROMPTS: dict[str, Words] = {
    "title": (
        "在括号里填写评价年度，如“（2023年度）”。",
        "State the fiscal year in the brackets, such as （2023年度）.",
    ),
    "project_name": (
        "填写批复的项目名称，一个项目一张表。",
        "The approved name of the project; one form a project.",
    ),
    "supervising_department": ("填写主管部门全称。", "The full name of the department."),
    "implementing_unit": ("填写实施单位全称。", "The full name of the unit."),
    "initial_budget": (
        "年初批复的预算数，单位万元，只填数字；没有的填0。",
        "The approved initial budget in 万元, a number; 0 if there is none.",
    ),
    "annual_budget": (
        "调整后的全年预算数（含上年结转），单位万元，只填数字。与年初预算数不同的，请在偏差原因或实际完成情况中说明理由。",
        "The adjusted annual budget with carry-over, in 万元. Explain a change.",
    ),
    "executed": (
        "全年实际支出，单位万元，只填数字，不应大于全年预算数。",
        "What was spent, in 万元; not more than the annual budget.",
    ),
    "goal_expected": ("照抄年初批复的绩效目标。", "The goal approved at the start of the year."),
    "goal_actual": (
        "写明全年做了哪些工作、完成了多少、效果如何，不要照抄预期目标。",
        "What was done, how much of it and to what effect; do not copy the goal.",
    ),
    "level1": ("从下拉列表中选择一级指标。", "Choose the level-1 indicator."),
    "level2": (
        "从下拉列表中选择，列表只含该一级指标下的二级指标。",
        "Choose; the list holds what belongs under the level-1 indicator.",
    ),
    "level3": ("填写批复的三级指标名称，说明考核什么。", "The approved name of the indicator."),
    "nature": (
        "越大越好填“正向”，越小越好填“反向”，用文字描述的填“定性”。",
        "正向: the more the better; 反向: the less the better; 定性: in words.",
    ),
    "direction": (
        "正向一般为“大于等于”或“等于”，反向为“小于等于”；定性指标不填。",
        "正向: 大于等于 or 等于; 反向: 小于等于; 定性: leave blank.",
    ),
    "target": (
        "定量指标只填数字，百分比也只填数字（95% 填 95，计量单位填“%”）；定性指标填文字。",
        "A number (95 for 95%, with % as the unit); words for a qualitative indicator.",
    ),
    "actual": (
        "定量指标只填数字，与年度指标值同一口径，确实没有完成的填0；定性指标从下拉列表的三档中选择。",
        "A number in the terms of the target, 0 if nothing was done; for 定性 choose one of the three tiers.",
    ),
    "unit": ("选择或填写计量单位；定性指标不填。", "Choose or enter the unit; none for 定性."),
    "weight": (
        "填写批复的分值，大于0；各项分值加上预算执行率的分值应为100。",
        "The approved weight, above 0; all weights make 100.",
    ),
    "score": (
        "填0到分值之间的数字。右侧“建议得分”按完成比例算出，仅供参考。",
        "From 0 to the weight. The column 建议得分 beside it is a suggestion.",
    ),
    "deviation": (
        "没有得满分、没有完成指标值或大幅超额的，写明原因和改进措施；没有偏差的不填。",
        "Why points were lost, a target missed or far exceeded, and what will be done; else blank.",
    ),
}
"""At most 255 characters each: Excel shows no more in a prompt."""

REFUSALS: dict[str, Words] = {
    "number": ("这一格只能填数字，不要写单位和文字。", "Numbers only, without units or words."),
    "amount": ("金额只能填不小于0的数字，不要写单位。", "An amount is a number not below 0, without a unit."),
    "target": (
        "定量指标的年度指标值只能填数字；确为文字描述的，请先把指标性质改为“定性”。",
        "The target of a quantitative indicator is a number; for words make it 定性 first.",
    ),
    "weight": ("分值应为大于0、不超过100的数字。", "A weight is a number above 0, at most 100."),
    "score": ("得分应为0到分值之间的数字。", "A score is a number from 0 to the weight."),
    "list": ("请从下拉列表中选择。", "Choose from the list."),
}

SHEET: dict[str, Words] = {
    "complete": ("完整", "complete"),
    "incomplete": ("未完成", "incomplete"),
    "still": ("还有 ", "still "),
    "still_end": (" 项须填写或改正，", " to fill in or correct, "),
    "notes": ("另有 ", "and "),
    "notes_end": (" 项提醒，见“校验”表", " notes; see 校验"),
    "see": ("见“校验”表", "see 校验"),
    "ready": ("可以报送", "ready to be sent"),
    "suggested": ("建议得分", "suggested score"),
    "grade": ("等级：", "grade: "),
    "form_title": ("项目支出绩效自评表 校验", "checks"),
    "verdict_note": (
        "✔ 没有发现问题；✘ 有问题；未填 还没有填写。全部“错误”行为 ✔ 时，表格上方显示“完整”。“警告”“提示”请核对，不影响“完整”。",
        "✔ nothing found; ✘ wrong; 未填 still blank.",
    ),
}

HEADS: tuple[Words, ...] = (
    ("规则", "rule"),
    ("级别", "level"),
    ("检查内容", "what is checked"),
    ("结果", "verdict"),
    ("处数", "cells"),
    ("位置", "first cell"),
    ("怎么改", "what to do"),
)

INSTRUCTIONS: dict[str, Words] = {
    "title": ("项目支出绩效自评表 填报说明", "How to fill in the form"),
    "colours": ("一、颜色", "Colours"),
    "open": ("请填写", "fill in"),
    "given": ("已预填：请核对，金额已锁定", "comes filled in; amounts are locked"),
    "fault": ("有错误，请改正（见“校验”表）", "wrong; see 校验"),
    "note": ("请核对（见“校验”表）", "check this; see 校验"),
    "locked": (
        "白色格是标题和公式，已锁定（没有密码；确需改动的，可在“审阅”中撤销工作表保护）。",
        "White cells are headings and formulas; they are locked without a password.",
    ),
    "rows": (
        "指标行不够时，在指标中间插入行；需要删除行时，先撤销工作表保护。合计、下拉列表和校验会自动包含新行。",
        "Insert rows among the indicators where more are needed; sums, lists and checks take them in.",
    ),
    "fields": ("二、各栏怎么填", "What belongs where"),
    "scoring": ("三、得分怎么算", "How scores are computed"),
    "checks": ("四、填完后检查什么", "What is checked"),
}

SCORING: dict[str, Words] = {
    "execution": (
        "预算执行得分＝执行率×{weight}分，执行率超过100%的按满分计；执行率＝全年执行数÷全年预算数。",
        "Execution score = rate × {weight}, at most the full weight.",
    ),
    "positive": (
        "正向指标：完成指标值得满分；未完成的，得分＝完成值÷指标值×分值。",
        "Met: full; else actual / target × weight.",
    ),
    "difference": (
        "反向指标超过指标值的，得分＝（1－（完成值－指标值）÷指标值）×分值，最低0分。",
        "Reverse: (1 − (A − T) / T) × weight, at least 0.",
    ),
    "ratio": ("反向指标超过指标值的，得分＝指标值÷完成值×分值。", "Reverse: T / A × weight."),
    "tier": (
        "定性指标“{tier}”：得分在分值的{low}%至{high}%之间{end}。",
        "{tier}: {low}% to {high}% of the weight.",
    ),
    "tier_end": ("（不含{high}%）", " (exclusive)"),
    "grades": ("等级：{grades}。", "Grades: {grades}."),
    "grade": ("{low}分及以上为“{grade}”", "{low} and above {grade}"),
    "grade_last": ("{low}分以下为“{grade}”", "below {low} {grade}"),
    "tolerance": (
        "允许的误差：单项得分{row}分，总分{total}分，执行率{rate}个百分点，金额{amount}。",
        "Tolerances: row {row}, total {total}, rate {rate}, amount {amount}.",
    ),
    "over": (
        "完成值达到指标值{over}倍的，请分析原因；达到{required}倍的须填写原因。",
        "From {over} times the target analyse why; from {required} times a reason is required.",
    ),
}


def prompt(table: dict[str, Words], key: str, **values: str) -> str:
    return table[key][0].format(**values)
