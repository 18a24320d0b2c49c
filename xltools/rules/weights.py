"""WGT: do the weights add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from xltools.model import Entry, Finding, Level1
from xltools.quantities import plain
from xltools.rules.case import Case, JudgedRow, Setting, near
from xltools.rules.registry import row_part, rule
from xltools.rules.traits import fund_name
from xltools.scoring import ZERO, sum_of


def possible_totals(case: Case) -> tuple[Decimal, ...]:
    """Rows + execution.  Where the form states no execution weight the usual one may be meant, or
    the rows may already hold everything, so both are possible; where its cell was left blank, the
    printed total says which.  Empty when a weight is missing."""
    rows, line = case.weight, case.total_fund
    weight: Entry[Decimal] | None = line.weight if line else None
    if rows is None or (weight is not None and weight.unreadable):
        return ()
    if weight is not None and weight.value is not None:
        return (rows + weight.value,)
    readings = (rows, rows + case.profile.execution_weight)
    printed, tolerance = case.form.total_weight.value, case.profile.weight_tolerance
    if printed is None or weight is None or weight.state == "absent":
        return readings
    meant = [each for each in readings if abs(each - printed) <= tolerance]
    return tuple(meant) or readings


@rule("WGT-01", severity="error", needs="scores")
def weights_do_not_make_100(case: Case) -> Iterable[Finding]:
    """各指标分值加上预算执行率分值，不等于100分。

    为什么：自评采用百分制，分值合计不是100分时，总分和等级都不可比。
    例：产出50、效益30、满意度10，预算执行率5，合计95。
    依据：财预〔2020〕10号。
    """
    profile = case.profile
    totals = possible_totals(case)
    if totals and not near(profile.total_weight, totals, profile.weight_tolerance):
        yield case.finding(
            "WGT-01",
            case.form.total_weight,
            expected=plain(profile.total_weight),
            actual=plain(totals[-1]),
            tolerance=plain(profile.weight_tolerance),
        )


@rule("WGT-02", severity="error", needs="scores")
def printed_weight_total_wrong(case: Case) -> Iterable[Finding]:
    """总分行的分值与各项分值的合计不一致。

    为什么：总分行应是上面各项的合计，不一致说明漏加或改动后没有重新计算。
    例：各项合计100，总分行填95。
    依据：加总关系。
    """
    printed, tolerance = case.form.total_weight.value, case.profile.weight_tolerance
    totals = () if printed is None else possible_totals(case)
    if printed is not None and totals and not near(printed, totals, tolerance):
        nearest = min(totals, key=lambda total: abs(total - printed))
        yield case.finding(
            "WGT-02",
            case.form.total_weight,
            expected=plain(nearest),
            actual=plain(printed),
            tolerance=plain(tolerance),
        )


@rule("WGT-03", severity="warning", needs="scores")
def unusual_split(case: Case) -> Iterable[Finding]:
    """一级指标的分值与通常的分配不同。

    为什么：一级指标的分值原则上统一设置，可以根据项目特点调整，但应说明理由。符合评分口径中任一种分配即可。
    例：产出指标分值合计90，通常为50。
    依据：财预〔2020〕10号、财预〔2021〕101号。
    """
    sums, tolerance = _group_sums(case), case.profile.weight_tolerance
    if not sums or not case.profile.usual_weights or sums in case.profile.usual_weights:
        return
    choices = [_differences(sums, usual, tolerance) for usual in case.profile.usual_weights]
    if not all(choices):
        return
    nearest = min(choices, key=_distance)
    there = {group: pair for group, pair in nearest.items() if group in sums}
    for group, (stated, usual) in (there or nearest).items():
        cells = {item.row.level1.place: item.row.level1 for item in case.rows if item.row.group == group}
        yield case.finding(
            "WGT-03", *cells.values(), expected=plain(usual), actual=plain(stated), level1=group
        )


Differences = dict[Level1, tuple[Decimal, Decimal]]


def _group_sums(case: Case) -> dict[Level1, Decimal]:
    """Weight by level-1 family; empty when a weight or a family is not known."""
    sums: dict[Level1, Decimal] = {}
    for item in case.rows:
        group, weight = item.row.group, item.weight
        if group is None or weight is None:
            return {}
        if group != "execution":
            sums[group] = sums.get(group, ZERO) + weight
    return sums


def _differences(
    sums: Mapping[Level1, Decimal], usual: Mapping[Level1, Decimal], tolerance: Decimal
) -> Differences:
    pairs = {group: (sums.get(group, ZERO), usual.get(group, ZERO)) for group in (*sums, *usual)}
    return {group: pair for group, pair in pairs.items() if abs(pair[0] - pair[1]) > tolerance}


def _distance(differences: Differences) -> tuple[int, Decimal]:
    return len(differences), sum_of(abs(stated - usual) for stated, usual in differences.values())


@rule("WGT-05", severity="error", needs="scores")
def execution_weight_negative(case: Case) -> Iterable[Finding]:
    """指标没有分值，或分值不大于0；预算执行率的分值小于0。

    为什么：没有分值的指标不参与评分，分值合计也就不可靠。
    例：“系统故障修复率”的分值为空白。
    依据：财预〔2020〕10号：各级指标均应确定分值。
    """
    line = case.total_fund
    if line is not None and line.weight.value is not None and line.weight.value < 0:
        yield case.finding(
            "WGT-05",
            line.weight,
            name=fund_name(line),
            variant="not_positive",
            actual=plain(line.weight.value),
        )


@row_part("WGT-05", "unweighted")
def weight_missing(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    weight = item.row.weight
    if not setting.weights or weight.unreadable:
        return ()
    if weight.value is not None:
        value = plain(weight.value)
        return [setting.finding("WGT-05", weight, name=item.name, variant="not_positive", actual=value)]
    return [setting.finding("WGT-05", weight, name=item.name)]
