"""IND: is each indicator filled in, and does it make sense."""

from __future__ import annotations

from collections.abc import Iterable

from xltools.model import Comparator, Entry, Finding, Quantity
from xltools.quantities import plain, round_half_up
from xltools.rules.case import Case, JudgedRow, Setting
from xltools.rules.registry import row_rule, rule
from xltools.scoring import HUNDRED, ZERO, contradictory
from xltools.vocabulary import label_key, vocabulary

_UPWARD: tuple[Comparator, ...] = ("ge", "gt")
_BLANK = ("blank", "dash")
_DOWNWARD: tuple[Comparator, ...] = ("le", "lt")


def _stated_quantitative(item: JudgedRow) -> bool:
    """A nature or a sign says that a number belongs here."""
    return item.row.nature.value in ("positive", "negative") or (
        item.row.nature.value is None and item.comparator is not None
    )


def _not_filled(item: JudgedRow, entry: Entry[Quantity]) -> bool:
    """Blank; or a dash where a number belongs (in a qualitative row 无 may be the answer)."""
    return entry.state == "blank" or (entry.state == "dash" and _number_wanted(item))


def _number_wanted(item: JudgedRow) -> bool:
    return not item.qualitative and (_stated_quantitative(item) or item.row.target.ok)


@row_rule("IND-02", "gap", severity="error")
def target_missing(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """年度指标值没有填写。

    为什么：没有指标值，就无法判断是否完成。定量指标填“—”“无”的，视为没有填写。
    例：“开展巡检次数”的年度指标值为空白。
    依据：财预〔2020〕10号所附自评表格式。
    """
    target = item.row.target
    if not _not_filled(item, target):
        return ()
    return [setting.finding("IND-02", target, name=item.name, variant=_dash(target))]


@row_rule("IND-03", "gap", severity="error")
def actual_missing(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """实际完成值没有填写。

    为什么：没有完成值，得分就没有依据。定量指标填“—”“无”的，视为没有填写。
    例：“开展巡检次数”的实际完成值为空白。
    依据：财预〔2020〕10号所附自评表格式。
    """
    actual = item.row.actual
    if not _not_filled(item, actual):
        return ()
    return [setting.finding("IND-03", actual, name=item.name, variant=_dash(actual))]


def _dash(entry: Entry[Quantity]) -> str:
    return "dash" if entry.state == "dash" else ""


@row_rule("IND-04", "quantitative", severity="error")
def nature_against_direction(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """指标性质与指标方向相互矛盾。

    为什么：正向指标越大越好，应为“大于等于”；反向指标越小越好，应为“小于等于”。矛盾时按指标性质复算得分。
    例：“专家满意度”为正向，指标方向却是“小于等于”。
    依据：指标性质与方向的含义。
    """
    row, sign, nature = item.row, item.comparator, item.row.nature.value
    if sign is None or nature is None or not contradictory(nature, sign):
        return ()
    cell = row.direction if row.direction.value else row.target
    return [setting.finding("IND-04", row.nature, cell, name=item.name, nature=nature, direction=sign)]


@row_rule("IND-06", "quantitative", "unsigned", severity="error")
def direction_missing(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """定量指标没有填写指标方向，或填写的方向无法识别。

    为什么：不知道是“大于等于”还是“小于等于”，就无法判断是否完成。指标值中已写“≥”等符号的不作提示；没有指标性质、指标方向两栏的，完成值与指标值不同时提示为无法判定。
    例：正向指标“系统故障修复率”的指标方向为空白。
    依据：自评表格式。
    """
    direction = item.row.direction
    if item.row.nature.value is None:
        return _neither_stated(item, setting)
    if direction.state == "absent":
        return ()
    if direction.state == "blank" or direction.state == "dash":
        return [setting.finding("IND-06", direction, name=item.name)]
    if direction.state == "text":
        raw = direction.raw.strip()
        return [setting.finding("IND-06", direction, name=item.name, variant="unknown", actual=raw)]
    return ()


def _neither_stated(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """Numbers, and nothing says which way is better."""
    nature, direction, target = item.row.nature, item.row.direction, item.row.target
    if item.way is not None or item.numbers is None:
        return ()
    if nature.state in _BLANK and direction.state in _BLANK:
        return [setting.finding("IND-06", nature, direction, name=item.name, variant="neither")]
    if nature.state == direction.state == "absent" and item.judged.met is None:
        raw = target.raw.strip()
        return [
            setting.finding(
                "IND-06", target, name=item.name, severity="undetermined", variant="unsigned", actual=raw
            )
        ]
    return ()


@row_rule("IND-07", "quantitative", "gap", severity="error")
def target_in_words(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """定量指标的年度指标值不是数值。

    为什么：定量指标按数值比较计分，指标值是文字时无法计算；确为文字描述的，应把指标性质改为定性。
    例：正向指标的年度指标值填“及时”。
    依据：财预〔2020〕10号：定量指标按完成比例计分。
    """
    target = item.row.target
    if target.state != "text":
        return ()
    return [setting.finding("IND-07", target, name=item.name, actual=target.raw.strip())]


@row_rule("IND-08", "quantitative", "gap", severity="error")
def actual_in_words(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """定量指标的实际完成值不是数值。

    为什么：定量指标按数值比较计分，完成值是文字时无法计算。
    例：年度指标值“≤30万元”，实际完成值填“完成”。
    依据：财预〔2020〕10号：定量指标按完成比例计分。
    """
    actual = item.row.actual
    if actual.state != "text" or not _number_wanted(item):
        return ()
    return [setting.finding("IND-08", actual, name=item.name, actual=actual.raw.strip())]


@row_rule("IND-09", "qualitative", severity="warning")
def number_for_words(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """定性指标的实际完成值填了数字或百分比。

    为什么：指标值是文字、完成值是数字，两者无法对照。定性指标应填达成情况；能用数字衡量的，应改为定量指标。
    例：“按时完成率”为定性，指标值“及时”，完成值“100%”。
    依据：财预〔2020〕10号：定性指标分三档评价。
    """
    actual = item.row.actual
    if not actual.ok or item.traits.measured:
        return ()
    return [setting.finding("IND-09", actual, name=item.name, actual=actual.raw.strip())]


@row_rule("IND-10", "qualitative", severity="undetermined", needs="scores")
def tier_unknown(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """定性指标的实际完成值看不出属于哪一档；没有指标性质栏的，指标值是日期或范围，无法与完成值比较。

    为什么：定性指标按“达成年度指标”“部分达成年度指标并具有一定效果”“未达成年度指标且效果较差”三档给分；写法不同的，得分是否合适无法判定。
    例：“长期维护机制健全性”的完成值填“完善机制”。
    依据：财预〔2020〕10号。
    """
    actual = item.row.actual
    if actual.state not in ("ok", "text", "dash") or vocabulary().tier_of(actual.raw):
        return ()
    done, target = actual.raw.strip(), item.row.target.raw.strip()
    if item.traits.measured:
        return [
            setting.finding(
                "IND-10",
                item.row.target,
                actual,
                name=item.name,
                variant="measured",
                actual=done,
                target=target,
            )
        ]
    return [setting.finding("IND-10", actual, name=item.name, actual=done)]


@row_rule("IND-12", "quantitative", "unitless", severity="warning")
def unit_missing(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """定量指标没有计量单位。

    为什么：没有单位，数值的含义不清，也无法与其他单位的表汇总。单位写在数值后面的（如“50个”）不作提示。
    例：“开展巡检次数”指标值12，计量单位为空白。
    依据：自评表格式。
    """
    row, target, actual = item.row, item.row.target.value, item.row.actual.value
    if target is None or row.unit.unreadable or target.unit or (actual and actual.unit):
        return ()
    return [setting.finding("IND-12", row.unit if row.unit.place else row.target, name=item.name)]


@row_rule("IND-14", "incomparable", severity="undetermined")
def units_differ(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """指标值和完成值的单位不同，无法比较。

    为什么：单位不同的两个数不能直接比较，是否完成、得分是否合适都无法判定。元、千元、万元、亿元之间会自动换算，不作提示。
    例：指标值“≥12套”，完成值“5个”；计量单位为“次”，完成值填“3天”。
    依据：财预〔2020〕10号：定量指标按完成比例计分。
    """
    row = item.row
    unit = {"unit": row.unit.value} if row.unit.value else {}
    target, actual = row.target.raw.strip(), row.actual.raw.strip()
    return [
        setting.finding(
            "IND-14", row.target, row.actual, name=item.name, actual=actual, target=target, more=unit
        )
    ]


def _bounded_percent(item: JudgedRow) -> bool:
    """The name promises a share between 0 and 100 %."""
    words = vocabulary()
    bounded = any(word in item.name for word in words.bounded_percent)
    return bounded and not any(word in item.name for word in words.unbounded_percent)


def _is_percent(item: JudgedRow, quantity: Quantity) -> bool:
    if quantity.unit:
        return quantity.unit == "%"
    unit = item.row.unit.value
    return unit is not None and (unit == "%" or label_key(unit) in vocabulary().percent_units)


@row_rule("IND-15", "beyond", severity="error")
def percent_out_of_range(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """比率、满意度等百分比不在0到100%之间。

    为什么：满意度、合格率一类的比率不会小于0，也不会大于100%；增长率、提高幅度等不受此限。
    例：“使用单位满意度”的实际完成值为120%。
    依据：比率的含义。
    """
    found = []
    for field, entry in (("target", item.row.target), ("actual", item.row.actual)):
        quantity = entry.value
        if quantity is None or ZERO <= quantity.number <= HUNDRED:
            continue
        if _is_percent(item, quantity) and _bounded_percent(item):
            number = plain(quantity.number)
            found.append(setting.finding("IND-15", entry, name=item.name, actual=number, field=field))
    return found


@row_rule("IND-16", "quantitative", severity="error")
def target_never_fails(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """满意度的指标方向为“小于等于”，或指标值怎样都能完成。

    为什么：满意度越高越好；比率“小于等于100%”或“大于等于0”、个数次数“大于等于0”几乎总能完成，起不到考核作用。
    例：“专家满意度”小于等于100%，实际完成值为0也算完成。
    依据：绩效目标应当有约束力。
    """
    row, sign, target = item.row, item.comparator, item.row.target.value
    if sign is None or sign == "eq":
        return ()
    if sign in _DOWNWARD and row.satisfaction:
        variant, bound = "satisfaction", row.target.raw.strip()
    elif target is not None and _never_fails(item, sign, target):
        variant, bound = "", f"{plain(target.number)}{_unit(item, target)}"
    else:
        return ()
    cells = (row.direction, row.target)
    return [setting.finding("IND-16", *cells, name=item.name, variant=variant, actual=bound, direction=sign)]


def _never_fails(item: JudgedRow, sign: Comparator, target: Quantity) -> bool:
    if _is_percent(item, target):
        beyond = target.number <= 0 if sign in _UPWARD else target.number >= HUNDRED
        return beyond and _bounded_percent(item)
    return sign == "ge" and target.number <= 0 and _counted(item, target)


def _unit(item: JudgedRow, quantity: Quantity) -> str:
    return "%" if _is_percent(item, quantity) else quantity.unit or item.row.unit.value or ""


def _counted(item: JudgedRow, quantity: Quantity) -> bool:
    """A number of things, which cannot be below 0; money and a change can."""
    words, unit = vocabulary(), _unit(item, quantity)
    if not unit or unit in words.money_units or any(word in item.name for word in words.unbounded_percent):
        return False
    return unit not in words.relative_units and unit not in words.time_units


@row_rule("IND-18", "quantitative", "zero", severity="warning")
def satisfaction_zero(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """满意度的实际完成值为0。

    为什么：满意度为0几乎不会发生，多半是没有开展调查或没有填写；这时仍给分的，列为错误。
    例：“专家满意度”完成值0，得10分。
    依据：完成值应有调查依据。
    """
    row, target = item.row, item.row.target.value
    if not row.satisfaction or (target is not None and target.number <= 0):
        return ()
    score = item.score
    if score is None or score <= 0:
        return [setting.finding("IND-18", row.actual, name=item.name, actual="0")]
    return [
        setting.finding(
            "IND-18",
            row.actual,
            name=item.name,
            severity="error",
            variant="scored",
            actual="0",
            score=plain(score),
        )
    ]


@row_rule("IND-19", "quantitative", "zero", severity="warning")
def actual_zero(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """指标值大于0，实际完成值为0。

    为什么：0可能是确实没有完成，也可能是没有填写；两种情况的改法不同，只能由填报人确认。反向指标完成值为0是好事，不作提示。
    例：“维护系统数量”指标值1，完成值0。
    依据：完成值应当真实。
    """
    target = item.row.target.value
    if target is None or target.number <= 0 or item.way == "lower":
        return ()
    return [setting.finding("IND-19", item.row.actual, name=item.name, actual="0")]


@rule("IND-20", severity="warning")
def actuals_copied(case: Case) -> Iterable[Finding]:
    """多数指标的实际完成值与年度指标值完全相同。

    为什么：实际执行很少恰好等于指标值，大面积相同往往是照抄指标值。可比的行数和占比界限见评分口径。
    例：6项定量指标，完成值全部等于指标值。
    依据：自评审核中的常见问题。
    """
    exact = [item.traits.exact for item in case.rows if item.numbers]
    same, comparable = exact.count(True), len(exact)
    if not same or comparable < case.profile.copied_rows or same < case.profile.copied_share * comparable:
        return ()
    cells = [item.row.actual for item in case.rows if item.traits.exact]
    return [case.finding("IND-20", *cells, same=str(same), comparable=str(comparable))]


@row_rule("IND-21", "quantitative", severity="warning")
def far_above_target(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """实际完成值远高于年度指标值。

    为什么：大幅超额多半是指标值定得偏低，应分析原因；属于指标值偏低的，应按偏离程度调减得分。界限见评分口径。
    例：指标值100，完成值200。
    依据：财预〔2020〕10号；界限为地方做法。
    """
    ratio = item.judged.ratio
    if ratio is None or ratio < setting.profile.over_achievement:
        return ()
    percent = plain(round_half_up(ratio * HUNDRED))
    return [setting.finding("IND-21", item.row.actual, name=item.name, percent=percent)]
