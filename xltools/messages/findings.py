"""The words of every finding: its short name, what is there, what to do.

Keys are a code, or ``CODE/variant``.  Each text is (Chinese, English).  In braces:

* ``{names}``: the indicators or rows, quoted; ``{cells}`` is never used, the caller shows them;
* ``{expected}`` and ``{actual}`` as in the finding; ``{want}`` and ``{have}`` the same, numbers
  without idle zeros;
* any parameter of the finding; those named in ``PARAMETER_WORDS`` are translated.

``also`` holds sentences that are added when the finding carries that parameter.
"""

from __future__ import annotations

from typing import NamedTuple

from xltools.messages.interface import BANDS, COMPARATORS, FIELDS, GRADES, LEVEL1, NATURES, TIERS, Words


class Message(NamedTuple):
    title: Words
    what: Words
    hint: Words
    also: tuple[tuple[str, Words], ...] = ()


PARAMETER_WORDS: dict[str, dict[str, Words]] = {
    "field": FIELDS,
    "fields": FIELDS,
    "bands": BANDS,
    "nature": NATURES,
    "direction": COMPARATORS,
    "level1": LEVEL1,
    "grade": GRADES,
    "stated_grade": GRADES,
    "tier": TIERS,
}

MESSAGES: dict[str, Message] = {}


def _add(key: str, title: Words, what: Words, hint: Words, *also: tuple[str, Words]) -> None:
    MESSAGES[key] = Message(title, what, hint, also)


def _variant(key: str, what: Words, hint: Words | None = None) -> None:
    """Another wording of a code that has been added; the title stays, the hint unless given."""
    usual = MESSAGES[key.partition("/")[0]]
    MESSAGES[key] = Message(usual.title, what, hint or usual.hint, usual.also)


# --- structure --------------------------------------------------------------------------------

_add(
    "STR-02",
    ("缺少评价年度", "fiscal year missing"),
    ("表头没有写明评价年度。", "The heading does not state the fiscal year."),
    (
        "请在标题中注明年度，如“项目支出绩效自评表（2023年度）”。",
        "State the year in the title, for example “(2023年度)”.",
    ),
)
_add(
    "STR-03",
    ("项目名称为空", "project name missing"),
    ("项目名称没有填写。", "The project name is blank."),
    ("请填写批复的项目名称。", "Enter the approved name of the project."),
)
_add(
    "STR-04",
    ("单位名称为空", "department or unit missing"),
    ("{fields}没有填写。", "Blank: {fields}."),
    ("请填写单位全称。", "Enter the full name."),
)
_add(
    "STR-05",
    ("表格结构不完整", "part of the form missing"),
    ("没有找到“{bands}”部分，表格结构不完整。", "The form has no {bands} part."),
    (
        "请对照自评表格式补上缺少的部分；如表格被分页或拆成两张，请合为一张。",
        "Add the missing part; if a page break cut the table in two, join it again.",
    ),
)
_variant(
    "STR-05/empty",
    ("“绩效指标”部分没有填写任何指标。", "Not one indicator is filled in."),
    (
        "请逐项填写绩效指标及其指标值、完成值、分值和得分。",
        "Fill in the indicators with targets, actual values, weights and scores.",
    ),
)
_add(
    "STR-07",
    ("缺少必需的列", "required column missing"),
    ("“{bands}”部分缺少列：{fields}。", "The {bands} part lacks the column(s): {fields}."),
    (
        "请对照自评表格式补上该列；列名改过的，请恢复原来的名称。",
        "Add the column, or give it back its official heading.",
    ),
)
_add(
    "STR-08",
    ("行列错位", "rows out of their columns"),
    (
        "有{count}行的列数与表头不一致，可能因分页或合并单元格而错位；已按表头位置读取。",
        "{count} row(s) do not line up with the header, perhaps because of a page break; they were read by the header.",
    ),
    (
        "请核对这几行各列的内容是否与表头对应，并调整到正确的列。",
        "Check these rows and move the cells under their headings.",
    ),
)
_add(
    "STR-11",
    ("二级指标归属有误", "second-level indicator under the wrong first level"),
    ("二级指标“{level2}”不属于一级指标“{parent}”。", "“{level2}” does not belong under “{parent}”."),
    (
        "请把该指标移到对应的一级指标下，并核对分值。",
        "Move it under the right first-level indicator and check the weights.",
    ),
)
_add(
    "STR-13",
    ("应填数字的格不是数字", "not a number"),
    (
        "{names}{field}应填数字，表中为“{actual}”。",
        "{names} {field} should be a number; the cell holds “{actual}”.",
    ),
    ("请改填数字，单位和文字说明不要写在这一格。", "Enter a number only, without units or words."),
)
_variant(
    "STR-13/reading",
    (
        "{names}{field}应填数字，表中为“{actual}”，是否为 {reading}？",
        "{names} {field} holds “{actual}”; is {reading} meant?",
    ),
    (
        "请改填数字，不带单位，并注意换算为表头的金额单位。确认前不计入任何合计。",
        "Enter the number only, in the money unit of the form. Until then it is in no total.",
    ),
)
_variant(
    "STR-13/error",
    ("{names}{field}显示错误值 {actual}。", "{names} {field} shows the error {actual}."),
    (
        "请检查该格的公式及其引用的单元格，或直接填写正确的内容。",
        "Check the formula and the cells it refers to, or enter the value.",
    ),
)
_variant(
    "STR-13/uncached",
    (
        "{names}{field}是公式，但文件中没有保存计算结果。",
        "{names} {field} is a formula without a stored result.",
    ),
    (
        "请用 Excel 或 WPS 打开文件，保存一次，再重新报送。",
        "Open the file in Excel or WPS, save it once, and send it again.",
    ),
)
_add(
    "STR-14",
    ("填写提示未删除", "filling hint left in"),
    ("填报内容中还留有填写提示：“{text}”。", "A hint of the form was left in the text: “{text}”."),
    ("请删去提示文字，只保留填报内容。", "Delete the hint and keep your own text."),
)

# --- funds ------------------------------------------------------------------------------------

_add(
    "FUN-01",
    ("资金总额与分项合计不符", "total of funds is not the sum of its sources"),
    (
        "年度资金总额的{field}为{actual}{unit}，各资金来源合计为{expected}{unit}（允许误差{tolerance}{unit}）。",
        "The {field} of the total is {actual}{unit}; its sources add up to {expected}{unit} (tolerance {tolerance}{unit}).",
    ),
    ("请核对各资金来源的金额，使合计与总额一致。", "Check the amounts of the sources against the total."),
)
_variant(
    "FUN-01/blank",
    (
        "年度资金总额的{field}没有填写，各资金来源合计为{expected}{unit}。",
        "The {field} of the total is blank; its sources add up to {expected}.",
    ),
    ("请填写总额，使其等于各资金来源之和。", "Enter the sum of the sources."),
)
_add(
    "FUN-02",
    ("金额为负数", "negative amount"),
    (
        "{names}{field}为{written}，金额不能小于0。",
        "{names} {field} is {written}; an amount cannot be below 0.",
    ),
    (
        "请核对金额；收回的资金请直接减少相应的预算数或执行数。",
        "Check the amount; reduce the budget or the spending instead of entering a minus.",
    ),
)
_add(
    "FUN-03",
    ("执行率计算有误", "execution rate wrong"),
    (
        "{names}执行率应为{expected}%（全年执行数÷全年预算数），表中为{actual}%（允许误差{tolerance}个百分点）。",
        "{names}: the execution rate should be {expected}% (executed / annual budget); the form says {actual}% (tolerance {tolerance} points).",
    ),
    ("请按“全年执行数÷全年预算数”重新计算执行率。", "Recalculate it as executed / annual budget."),
)
_variant(
    "FUN-03/initial_base",
    (
        "{names}执行率应为{expected}%，表中为{actual}%，疑似以年初预算数为分母（允许误差{tolerance}个百分点）。",
        "{names}: the execution rate should be {expected}%; {actual}% seems to be computed on the initial budget (tolerance {tolerance} points).",
    ),
    ("请以调整后的全年预算数为分母重新计算。", "Use the adjusted annual budget as the denominator."),
)
_add(
    "FUN-05",
    ("执行数超过预算数", "spent more than the budget"),
    (
        "{names}全年执行数{written}大于全年预算数{annual}。",
        "{names}: executed {written} exceeds the annual budget {annual}.",
    ),
    (
        "请核对两个金额；年中追加预算的，全年预算数请填调整后的数。",
        "Check both amounts; after an increase during the year, enter the adjusted annual budget.",
    ),
)
_add(
    "FUN-06",
    ("无预算有支出", "spent without a budget"),
    (
        "{names}全年预算数为0，全年执行数为{written}。",
        "{names}: the annual budget is 0, yet {written} was spent.",
    ),
    (
        "请补填全年预算数，或核对支出是否填错了资金来源。",
        "Enter the annual budget, or check whether the spending stands in the wrong row.",
    ),
)
_add(
    "FUN-07",
    ("预算与执行均为0时填了执行率", "a rate where budget and spending are 0"),
    (
        "{names}的预算数和执行数都是0，无需填执行率。",
        "{names}: budget and spending are 0, so there is no rate.",
    ),
    ("建议执行率填“—”。", "Enter “—” instead."),
)
_add(
    "FUN-08",
    ("全年预算数为0", "no annual budget"),
    (
        "年度资金总额的全年预算数为0，无法计算执行率和预算执行得分。",
        "The total annual budget is 0, so neither rate nor execution score can be computed.",
    ),
    (
        "请核对是否漏填；确无预算的，请说明情况，由财政部门认定。",
        "Check whether it was left out; if there was none, explain, and let the finance office decide.",
    ),
)
_variant(
    "FUN-08/blank",
    (
        "年度资金总额的{fields}没有填写，无法计算执行率和预算执行得分。",
        "Blank in the total of funds: {fields}; neither rate nor execution score can be computed.",
    ),
    (
        "请填写金额；没有安排预算或没有支出的填0，并说明情况。",
        "Enter the amount; 0 if there was no budget or no spending, and explain.",
    ),
)
_add(
    "FUN-09",
    ("预算执行得分有误", "execution score wrong"),
    (
        "预算执行得分应为{want}分（执行率{rate}%×分值{weight}），表中为{have}分（允许误差{tolerance}分）。",
        "The execution score should be {want} (rate {rate}% × weight {weight}); the form says {have} (tolerance {tolerance}).",
    ),
    (
        "请按执行率重新计算得分；执行率超过100%的按满分计。",
        "Recalculate it from the rate; a rate above 100% gives the full weight.",
    ),
)
_add(
    "FUN-10",
    ("预算执行得分超出范围", "execution score out of range"),
    (
        "预算执行得分为{actual}分，应在0到{weight}分之间。",
        "The execution score is {actual}; it should lie between 0 and {weight}.",
    ),
    ("请按执行率重新计算得分。", "Recalculate it from the rate."),
)
_add(
    "FUN-13",
    ("执行率偏低未说明", "low execution rate unexplained"),
    (
        "预算执行率为{actual}%，低于{bound}%，表内没有说明原因。",
        "The execution rate is {actual}%, below {bound}%, and nothing explains it.",
    ),
    (
        "请在原因栏、偏差原因或实际完成情况中说明资金未用完的原因。",
        "Explain it in the reason cell, a deviation reason or the actual outcome.",
    ),
)
_add(
    "FUN-14",
    ("预算调整未说明", "budget change unexplained"),
    (
        "{names}全年预算数与年初预算数不同，表内没有说明理由。",
        "{names}: the annual budget differs from the initial one, unexplained.",
    ),
    (
        "请在原因栏、偏差原因或实际完成情况中说明调整的理由和依据。",
        "Explain the change in the reason cell, a deviation reason or the actual outcome.",
    ),
    ("percent", ("变动幅度为年初预算数的{percent}%。", " The change is {percent}% of the initial budget.")),
)
_variant(
    "FUN-14/more",
    (
        "{names}全年预算数{actual}{unit}，比年初预算数{initial}{unit}增加{change}{unit}，表内没有说明理由。",
        "{names}: the annual budget {actual} is {change} more than the initial {initial}, unexplained.",
    ),
)
_variant(
    "FUN-14/less",
    (
        "{names}全年预算数{actual}{unit}，比年初预算数{initial}{unit}减少{change}{unit}，表内没有说明理由。",
        "{names}: the annual budget {actual} is {change} less than the initial {initial}, unexplained.",
    ),
)

# --- goals ------------------------------------------------------------------------------------

_add(
    "GOA-01",
    ("预期目标未填写", "expected goal missing"),
    ("预期目标没有填写。", "The expected goal is blank."),
    ("请填写年初批复的绩效目标。", "Enter the goal approved at the start of the year."),
)
_add(
    "GOA-02",
    ("实际完成情况未填写", "actual outcome missing"),
    ("实际完成情况没有填写。", "The actual outcome is blank."),
    ("请写明全年做了哪些工作、完成了多少。", "Say what was done and how much of it."),
)
_add(
    "GOA-03",
    ("实际完成情况照抄预期目标", "outcome copied from the goal"),
    (
        "实际完成情况与预期目标文字完全相同，没有反映完成结果。",
        "The actual outcome repeats the expected goal word for word.",
    ),
    ("请写明实际完成的工作、数量和效果。", "Say what was actually done, how much, and to what effect."),
)
_variant(
    "GOA-03/similar",
    (
        "实际完成情况与预期目标文字几乎相同，没有反映完成结果。",
        "The actual outcome is nearly the same text as the expected goal.",
    ),
)

# --- indicators -------------------------------------------------------------------------------

_add(
    "IND-02",
    ("年度指标值未填写", "target missing"),
    ("{names}的年度指标值没有填写。", "{names}: the target is blank."),
    ("请填写批复的年度指标值。", "Enter the approved target."),
)
_variant(
    "IND-02/dash",
    (
        "{names}为定量指标，年度指标值不能填“—”或“无”。",
        "{names} is quantitative; its target cannot be a dash.",
    ),
)
_add(
    "IND-03",
    ("实际完成值未填写", "actual value missing"),
    ("{names}的实际完成值没有填写。", "{names}: the actual value is blank."),
    (
        "请填写全年实际完成值；确实没有完成的填0，并说明原因。",
        "Enter what was achieved; if nothing was, enter 0 and explain.",
    ),
)
_variant(
    "IND-03/dash",
    (
        "{names}为定量指标，实际完成值不能填“—”或“无”。",
        "{names} is quantitative; its actual value cannot be a dash.",
    ),
)
_add(
    "IND-04",
    ("指标性质与方向矛盾", "nature and direction contradict each other"),
    (
        "{names}的指标性质为“{nature}”，指标方向却是“{direction}”，两者矛盾。",
        "{names}: the nature is “{nature}” but the direction is “{direction}”.",
    ),
    (
        "请核对：越大越好的填“正向”“大于等于”，越小越好的填“反向”“小于等于”。",
        "The more the better: 正向 with 大于等于; the less the better: 反向 with 小于等于.",
    ),
)
_add(
    "IND-06",
    ("指标方向未填写", "direction missing"),
    ("{names}为定量指标，没有填写指标方向。", "{names} is quantitative but has no direction."),
    ("请填写“等于”“大于等于”或“小于等于”。", "Enter 等于, 大于等于 or 小于等于."),
)
_variant(
    "IND-06/unknown",
    ("{names}的指标方向“{actual}”无法识别。", "{names}: the direction “{actual}” is not understood."),
)
_variant(
    "IND-06/neither",
    (
        "{names}的指标性质和指标方向都没有填写，看不出越大越好还是越小越好，是否完成无法判定。",
        "{names}: nature and direction are blank, so nothing says which way is better.",
    ),
    (
        "请填写指标性质（“正向”“反向”或“定性”）；定量指标还要填写指标方向。",
        "Enter the nature (正向, 反向 or 定性), and for a quantitative indicator the direction.",
    ),
)
_variant(
    "IND-06/unsigned",
    (
        "{names}的指标值“{actual}”没有写明“≥”或“≤”，看不出越大越好还是越小越好，是否完成、得分是否合适无法判定。",
        "{names}: the target “{actual}” has no ≥ or ≤, so nothing says which way is better.",
    ),
    ("请在指标值前写上“≥”“≤”或“=”，如“≥12次”。", "Put ≥, ≤ or = before the target, as in ≥12次."),
)
_add(
    "IND-07",
    ("定量指标的指标值不是数值", "target of a quantitative indicator is not a number"),
    (
        "{names}为定量指标，年度指标值应为数值，表中为“{actual}”。",
        "{names} is quantitative; its target should be a number, not “{actual}”.",
    ),
    (
        "请改填数值；确为文字描述的，请把指标性质改为“定性”。",
        "Enter a number, or make the indicator qualitative.",
    ),
)
_add(
    "IND-08",
    ("定量指标的完成值不是数值", "actual value of a quantitative indicator is not a number"),
    (
        "{names}为定量指标，实际完成值应为数值，表中为“{actual}”。",
        "{names} is quantitative; its actual value should be a number, not “{actual}”.",
    ),
    ("请填写与指标值同一口径的数值。", "Enter a number in the same terms as the target."),
)
_add(
    "IND-09",
    ("定性指标填了数值", "number in a qualitative indicator"),
    (
        "{names}为定性指标，实际完成值却是“{actual}”。",
        "{names} is qualitative, yet its actual value is “{actual}”.",
    ),
    (
        "请填写达成情况，如“达成年度指标”；能用数字衡量的，请改为定量指标。",
        "Say how far it was achieved; if it can be measured, make it quantitative.",
    ),
)
_add(
    "IND-10",
    ("定性指标的档次无法判定", "tier of a qualitative indicator unknown"),
    (
        "{names}的实际完成值“{actual}”看不出属于三档中的哪一档，得分是否合适无法判定。",
        "{names}: “{actual}” is none of the three tiers, so its score cannot be judged.",
    ),
    (
        "请填“达成年度指标”“部分达成年度指标并具有一定效果”或“未达成年度指标且效果较差”，具体情况写在说明中。",
        "Use 达成年度指标, 部分达成年度指标并具有一定效果 or 未达成年度指标且效果较差; details go into the remarks.",
    ),
)
_variant(
    "IND-10/measured",
    (
        "{names}的指标值“{target}”不是一个数值，无法与完成值“{actual}”比较，得分是否合适无法判定。",
        "{names}: the target “{target}” is not one number, so “{actual}” cannot be compared with it.",
    ),
    (
        "请人工核对是否完成；能写成一个数的，请改为“≥10次”“≤30天”一类的写法；按档次评价的，完成值请填“达成年度指标”等。",
        "Check it by hand; write the target as one number (≥10次, ≤30天) if you can, or state a tier as the actual value.",
    ),
)
_add(
    "IND-12",
    ("缺少计量单位", "unit missing"),
    ("{names}没有填写计量单位。", "{names}: no unit is given."),
    (
        "请填写计量单位，如“个”“次”“%”；没有单位栏的，写在数值后面。",
        "Enter the unit, such as 个, 次 or %; without a unit column, behind the number.",
    ),
)
_add(
    "IND-14",
    ("指标值与完成值单位不同", "target and actual in different units"),
    (
        "{names}的指标值“{target}”与完成值“{actual}”单位不同，无法比较，是否完成、得分是否合适无法判定。",
        "{names}: the target “{target}” and the actual value “{actual}” are in different units and cannot be compared.",
    ),
    (
        "请把指标值和完成值改为同一单位；有计量单位栏的，两格只填数字，单位填在计量单位栏。",
        "Give both in the same unit; where there is a column for the unit, enter numbers only.",
    ),
    ("unit", ("计量单位栏为“{unit}”。", " The unit column says “{unit}”.")),
)
_add(
    "IND-15",
    ("百分比超出0到100%", "percentage outside 0–100%"),
    (
        "{names}的{field}为{actual}%，应在0到100%之间。",
        "{names}: the {field} is {actual}%; it should lie between 0 and 100%.",
    ),
    (
        "请核对数值和单位；表示增长幅度的，请在指标名称中写明。",
        "Check number and unit; if it is a growth rate, say so in the name.",
    ),
)
_add(
    "IND-16",
    ("指标值没有约束力", "target that cannot fail"),
    (
        "{names}的指标值为“{direction}{actual}”，几乎怎样都能完成，起不到考核作用。",
        "{names}: the target “{direction} {actual}” can hardly be missed.",
    ),
    ("请核对指标方向和指标值。", "Check the direction and the target."),
)
_variant(
    "IND-16/satisfaction",
    (
        "{names}是满意度指标，指标方向却是“{direction}”，满意度为0也算完成。",
        "{names} measures satisfaction, yet its direction is “{direction}”: 0 would meet it.",
    ),
    ("请把指标方向改为“大于等于”，并核对指标值。", "Change the direction to 大于等于 and check the target."),
)
_add(
    "IND-18",
    ("满意度为0", "satisfaction of 0"),
    (
        "{names}的实际完成值为0，疑似没有填写或没有开展调查。",
        "{names}: the actual value is 0; perhaps it was not filled in or nobody was asked.",
    ),
    (
        "请填写调查得到的满意度；没有开展调查的，请说明情况，不应计分。",
        "Enter the surveyed satisfaction; without a survey, explain, and give no points.",
    ),
)
_variant(
    "IND-18/scored",
    (
        "{names}的实际完成值为0，却得{score}分，疑似没有填写或没有开展调查。",
        "{names}: the actual value is 0, yet {score} points are given; perhaps it was not filled in.",
    ),
)
_add(
    "IND-19",
    ("实际完成值为0", "actual value of 0"),
    ("{names}的实际完成值为0，请确认是否漏填。", "{names}: the actual value is 0; was it left out?"),
    (
        "漏填的，请补填实际完成值；确实没有完成的，请相应扣分并说明原因。",
        "If left out, enter it; if nothing was achieved, deduct points and explain.",
    ),
)
_add(
    "IND-20",
    ("完成值疑似照抄指标值", "actual values copied from the targets"),
    (
        "{comparable}项可比的定量指标中，有{same}项的完成值与指标值完全相同，疑似照抄指标值。",
        "{same} of {comparable} comparable indicators have exactly the target as the actual value.",
    ),
    ("请对照工作台账、统计资料核实完成值。", "Check the actual values against your records."),
)
_add(
    "IND-21",
    ("完成值远高于指标值", "far above target"),
    (
        "{names}的完成值是指标值的{percent}%，指标值可能偏低。",
        "{names}: the actual value is {percent}% of the target, which may have been set too low.",
    ),
    (
        "请分析超额完成的原因；属于指标值偏低的，请按偏离程度调减得分。",
        "Explain it; if the target was too low, reduce the score accordingly.",
    ),
)

# --- weights ----------------------------------------------------------------------------------

_add(
    "WGT-01",
    ("分值合计不是100分", "weights do not add up to 100"),
    (
        "各项分值合计为{actual}分（含预算执行率），应为{expected}分（允许误差{tolerance}分）。",
        "The weights add up to {actual} (with execution); they should make {expected} (tolerance {tolerance}).",
    ),
    ("请核对各指标分值和预算执行率分值。", "Check the weights of the indicators and of the execution rate."),
)
_add(
    "WGT-02",
    ("总分行的分值与合计不符", "printed total of weights is wrong"),
    (
        "总分行的分值为{actual}，各项分值合计为{expected}（允许误差{tolerance}分）。",
        "The total row says {actual}; the weights add up to {expected} (tolerance {tolerance}).",
    ),
    ("请更正总分行，或核对各项分值。", "Correct the total row or the weights."),
)
_add(
    "WGT-03",
    ("一级指标分值与通常分配不同", "unusual split of weights"),
    (
        "{level1}的分值合计为{actual}分，通常为{expected}分。",
        "The weights of {level1} add up to {actual}; {expected} is usual.",
    ),
    (
        "请核对分值；因项目特点调整的，请说明理由。",
        "Check the weights; if the split was adjusted on purpose, say why.",
    ),
)
_add(
    "WGT-05",
    ("分值未填写或不大于0", "weight missing or not above 0"),
    ("{names}没有填写分值。", "{names}: the weight is blank."),
    ("请填写批复的分值。", "Enter the approved weight."),
)
_variant(
    "WGT-05/not_positive",
    ("{names}的分值为{actual}，应大于0。", "{names}: the weight is {actual}; it should be above 0."),
)

# --- scores -----------------------------------------------------------------------------------

_add(
    "SCO-01",
    ("得分超出分值范围", "score out of range"),
    (
        "{names}得{actual}分，应在0到{weight}分之间。",
        "{names}: the score is {actual}; it should lie between 0 and {weight}.",
    ),
    ("请核对得分，最高不超过分值。", "Check the score; the weight is the most it can be."),
)
_add(
    "SCO-02",
    ("得分与完成情况不符", "score does not follow from the result"),
    (
        "{names}按完成情况应得{want}分，表中为{have}分（允许误差{tolerance}分）。",
        "{names}: by the result the score should be {want}; the form says {have} (tolerance {tolerance}).",
    ),
    (
        "请核对完成值；完成值无误的，请按完成比例重新计分，未完成的说明原因。",
        "Check the actual value; if it is right, score in proportion and explain what is missing.",
    ),
)
_variant(
    "SCO-02/range",
    (
        "{names}按完成情况应得{low}至{high}分，表中为{have}分（允许误差{tolerance}分）。",
        "{names}: by the result the score should be {low} to {high}; the form says {have} (tolerance {tolerance}).",
    ),
)
_add(
    "SCO-03",
    ("未完成却得满分", "full score although the target was missed"),
    (
        "{names}的指标值为{target}，完成值为{done}，没有完成，却得满分{score}分。",
        "{names}: target {target}, actual {done}: missed, yet the full {score} points are given.",
    ),
    (
        "请核对完成值；如确未完成，请按完成比例扣分并说明原因。",
        "Check the actual value; if the target was missed, score in proportion and explain.",
    ),
)
_variant(
    "SCO-03/zero",
    (
        "{names}的实际完成值为0，却得满分{score}分。",
        "{names}: the actual value is 0, yet the full {score} points are given.",
    ),
)
_variant(
    "SCO-03/words",
    (
        "{names}的完成情况为“{done}”，却得满分{score}分。",
        "{names}: “{done}”, yet the full {score} points are given.",
    ),
    ("请按所填档次的得分范围给分，并说明原因。", "Score within the tier and explain."),
)
_add(
    "SCO-04",
    ("定性指标得分与档次不符", "score outside its tier"),
    (
        "{names}为“{tier}”，得分应在{low}至{high}分之间，表中为{actual}分。",
        "{names} is “{tier}”: the score should lie between {low} and {high}; the form says {actual}.",
    ),
    ("请核对所填档次，并在该档的范围内给分。", "Check the tier and score within it."),
)
_add(
    "SCO-05",
    ("定性指标满分缺少依据", "qualitative full score without evidence"),
    (
        "{names}为定性指标，得满分，但没有写明达成档次，也没有说明。",
        "{names} is qualitative and has full points, but states neither tier nor grounds.",
    ),
    ("请写明达成档次，并说明完成情况和佐证材料。", "State the tier and say what shows it."),
)
_add(
    "SCO-06",
    ("已完成但未得满分，未说明原因", "points deducted without a reason"),
    (
        "{names}已完成指标值，分值{weight}分，只得{actual}分，没有说明扣分原因。",
        "{names}: the target is met, yet only {actual} of {weight} points are given, without a reason.",
    ),
    (
        "请说明扣分原因；没有特殊情况的，完成指标值应得满分。",
        "Give the reason; a met target normally earns the full weight.",
    ),
)
_add(
    "SCO-07",
    ("总分与各项得分合计不符", "printed total is not the sum of the scores"),
    (
        "总分行的得分为{actual}，各项得分合计为{expected}（允许误差{tolerance}分）。",
        "The total row says {actual}; the scores add up to {expected} (tolerance {tolerance}).",
    ),
    (
        "请重新加总预算执行得分和各指标得分。",
        "Add up the execution score and the scores of the indicators again.",
    ),
)
_add(
    "SCO-08",
    ("复算总分与表中总分不一致", "recomputed total differs"),
    (
        "按规则复算的总分为{expected}，表中总分为{actual}，相差{difference}分（允许误差{tolerance}分），复算等级“{grade}”。",
        "Recomputed by the rules the total is {expected}; the form says {actual}, a difference of {difference} (tolerance {tolerance}). The recomputed grade is {grade}.",
    ),
    ("请先改正各项得分，再重新加总。", "Correct the scores first, then add them up again."),
    (
        "low",
        (
            "定性指标均按所填档次的最低分计算时（看不出档次的按“达成”），总分为{low}。",
            " With every qualitative indicator at the floor of its tier (of 达成 where it states none) it is {low}.",
        ),
    ),
    (
        "literal",
        (
            "若按字面方向“{direction}”计算，总分为{literal}。",
            " Taking the direction “{direction}” at its word it is {literal}.",
        ),
    ),
)
_add(
    "SCO-09",
    ("复算等级与自评等级不一致", "recomputed grade differs"),
    (
        "按规则复算的等级为“{grade}”，自评等级为“{stated_grade}”。",
        "Recomputed by the rules the grade is {grade}; the form says {stated_grade}.",
    ),
    ("请先改正各项得分和总分，再按总分评定等级。", "Correct scores and total first, then the grade."),
)
_variant(
    "SCO-09/report",
    (
        "按规则复算的等级为“{grade}”，报告中写明的等级为“{stated_grade}”。",
        "Recomputed by the rules the grade is {grade}; the report says {stated_grade}.",
    ),
)
_add(
    "SCO-10",
    ("未打分", "score missing"),
    ("{names}有分值，没有填写得分。", "{names}: there is a weight but no score."),
    ("请按完成情况打分；没有完成的填0。", "Score it by the result; 0 if nothing was achieved."),
)
_variant(
    "SCO-10/total",
    ("总分行有分值，没有填写得分。", "The total row has a weight but no score."),
    (
        "请把预算执行得分和各指标得分加总，填入总分行。",
        "Enter the sum of the execution score and the scores of the indicators.",
    ),
)
_add(
    "SCO-11",
    ("所有指标均为满分", "every score is full"),
    (
        "全部{count}项指标均为满分，自评结果可能偏高。",
        "All {count} indicators have full points; the self-evaluation may be too high.",
    ),
    ("请逐项对照完成情况和佐证材料，客观评分。", "Check each score against results and evidence."),
)

# --- deviations -------------------------------------------------------------------------------

_add(
    "DEV-01",
    ("未得满分，未说明原因", "points lost without a reason"),
    ("{names}没有得满分，也没有填写偏差原因。", "{names}: points were lost, but no reason is given."),
    ("请填写偏差原因及改进措施。", "Enter the reason and what will be done about it."),
)
_add(
    "DEV-02",
    ("未完成指标值，未说明原因", "missed target without a reason"),
    (
        "{names}没有完成年度指标值，也没有填写偏差原因。",
        "{names}: the target was missed, but no reason is given.",
    ),
    (
        "请填写偏差原因及改进措施；完成值填错的，请先更正。",
        "Enter the reason and the measures; correct the actual value if it is wrong.",
    ),
)
_add(
    "DEV-03",
    ("超额完成较多，未说明原因", "far above target without a reason"),
    (
        "{names}的完成值是指标值的{percent}%，没有填写原因。",
        "{names}: the actual value is {percent}% of the target, but no reason is given.",
    ),
    (
        "请说明超额完成的原因；属于指标值偏低的，请调减得分。",
        "Explain it; if the target was too low, reduce the score.",
    ),
)

# --- report against table ---------------------------------------------------------------------

_add(
    "RPT-01",
    ("报告金额与自评表不一致", "amounts in report and table differ"),
    (
        "报告正文的{field}为{have}万元，自评表为{want}万元。",
        "The report gives the {field} as {have}万元; the table says {want}万元.",
    ),
    ("请核对报告和自评表，改正有误的一处。", "Check both and correct the wrong one."),
)
_add(
    "RPT-03",
    ("报告得分或等级与自评表不一致", "score or grade in report and table differ"),
    (
        "报告正文的得分为{have}分，自评表总分为{want}分。",
        "The report gives the score as {have}; the table says {want}.",
    ),
    ("请核对报告和自评表，改正有误的一处。", "Check both and correct the wrong one."),
)
_variant(
    "RPT-03/grade",
    (
        "报告正文的等级为“{stated_grade}”，自评表总分{total}分对应的等级为“{grade}”。",
        "The report gives the grade as {stated_grade}; the {total} points of the table mean {grade}.",
    ),
)
_add(
    "RPT-04",
    ("项目名称前后不一致", "project names differ"),
    (
        "报告正文写作“{actual}”，自评表的项目名称为“{expected}”。",
        "The report writes “{actual}”; the table says “{expected}”.",
    ),
    ("请统一使用批复的项目名称。", "Use the approved name in both."),
)
_add(
    "RPT-07",
    ("报告称无问题，与自评表矛盾", "problems denied against the table"),
    (
        "报告称“{said}”，自评表中{names}却没有完成指标值。",
        "The report says “{said}”, yet {names} missed the target.",
    ),
    (
        "请在“存在的问题及原因分析”中如实说明，或更正自评表。",
        "Describe the problems in the report, or correct the table.",
    ),
)
_variant(
    "RPT-07/rate",
    (
        "报告称“{said}”，自评表的预算执行率却只有{actual}%。",
        "The report says “{said}”, yet the execution rate is only {actual}%.",
    ),
)

# --- many forms together ----------------------------------------------------------------------

_add(
    "CON-01",
    ("重复报送", "sent more than once"),
    (
        "{who}的项目“{project}”报送了{count}份自评表：{files}。",
        "“{project}” of {who} was sent {count} times: {files}.",
    ),
    (
        "请只保留一份正确的；如为不同项目，请区分项目名称。",
        "Keep the right one; if they are different projects, give them different names.",
    ),
)
_add(
    "CON-04",
    ("金额单位不一致", "money units mixed"),
    (
        "这张表的金额单位是“{actual}”，同批其他{count}张表是“{usual}”。",
        "The money unit of this form is {actual}; {count} other forms of the batch use {usual}.",
    ),
    (
        "请把金额换算为“{usual}”，并在表头注明单位。",
        "Convert the amounts to {usual} and state the unit in the heading.",
    ),
)
_add(
    "CON-02",
    ("未报送", "not sent"),
    ("名单上的“{who}”没有报送自评表。", "“{who}” is on the roster and sent no form."),
    (
        "请催报；如已报送，请核对表中的实施单位和项目名称是否与名单一致。",
        "Ask for the form; if it was sent, compare unit and project with the roster.",
    ),
    ("project", ("项目：“{project}”。", " Project: “{project}”.")),
)
_add(
    "CON-05",
    ("年度不一致", "years mixed"),
    (
        "这张表的年度是{actual}年，同批其他{count}张表是{usual}年。",
        "This form is of {actual}; {count} other forms of the batch are of {usual}.",
    ),
    (
        "请核对表头的年度；确属其他年度的，请分年度汇总。",
        "Check the year in the heading; merge forms of another year separately.",
    ),
)
