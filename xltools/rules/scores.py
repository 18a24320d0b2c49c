"""SCO: do the scores follow from targets and actuals, and does the total follow from the scores."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from xltools.model import Finding, FundLine
from xltools.quantities import plain, two_places
from xltools.rules.case import Case, JudgedRow, Setting, bounded, near
from xltools.rules.registry import row_part, row_rule, rule
from xltools.rules.report import stated_grades
from xltools.rules.traits import begun, fund_name
from xltools.scoring import ZERO
from xltools.vocabulary import vocabulary

_BY_NUMBERS = ("formula", "range")
_NOT_SCORED = ("blank", "absent", "dash")


@row_rule("SCO-01", severity="error", needs="scores")
def score_out_of_range(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """得分大于分值，或小于0。

    为什么：得分最高为分值，最低为0。
    例：分值10，得分11。
    依据：财预〔2020〕10号。
    """
    if item.scores is None:
        return ()
    score, weight = item.scores
    if ZERO <= score <= weight or weight < 0:  # WGT-05
        return ()
    cell, full = item.row.score, plain(weight)
    return [setting.finding("SCO-01", cell, name=item.name, actual=plain(score), weight=full)]


@row_rule("SCO-02", "quantitative", severity="error", needs="scores")
def score_not_by_formula(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """定量指标的得分与按完成情况计算的结果不符。

    为什么：完成指标值的得满分；未完成的，按完成值与指标值的比例得分。反向指标超出时有两种算法，符合其一即可；没有写明方向的，两个方向都接受；方向与性质矛盾的，按性质计算。
    例：指标值1，完成值0，应得0分，填15分。
    依据：财预〔2020〕10号；反向指标的算法为地方做法，见评分口径。
    """
    low, high = item.judged.low, item.judged.high
    if item.judged.basis not in _BY_NUMBERS or low is None or high is None or item.scores is None:
        return ()
    if low <= item.scores[0] <= high:
        return ()
    score, tolerance = bounded(*item.scores), setting.profile.row_tolerance
    if low - tolerance <= score <= high + tolerance:
        return ()
    bounds = {} if low == high else {"low": plain(low), "high": plain(high)}
    return [
        setting.finding(
            "SCO-02",
            item.row.score,
            name=item.name,
            variant="range" if bounds else "",
            expected=two_places(low if score < low else high),
            actual=two_places(item.scores[0]),
            tolerance=plain(tolerance),
            more=bounds,
        )
    ]


@row_rule("SCO-03", "unmet", severity="error", needs="scores")
def full_score_unmet(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """没有完成年度指标值，却得满分。

    为什么：未完成指标值的，应按完成比例扣分，并说明原因。
    例：“维护系统数量”指标值1，完成值0，分值15，得分15。
    依据：财预〔2020〕10号。
    """
    if item.scores is None or item.scores[0] != item.scores[1]:
        return ()
    cell, score, done = item.row.score, plain(item.scores[0]), item.row.actual
    if done.value is not None and done.value.number == 0:
        return [setting.finding("SCO-03", cell, name=item.name, variant="zero", score=score)]
    return [
        setting.finding(
            "SCO-03",
            cell,
            name=item.name,
            variant="words" if item.qualitative else "",
            score=score,
            target=item.row.target.raw.strip(),
            done=done.raw.strip(),
        )
    ]


@row_rule("SCO-04", "qualitative", severity="error", needs="scores")
def score_outside_tier(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """定性指标的得分不在所填档次的范围内。

    为什么：定性指标分三档，各档有得分范围：达成为分值的80%至100%，部分达成为60%至80%（不含），未达成为60%以下。
    例：分值10，完成值“部分达成年度指标并具有一定效果”，得分9.5。
    依据：财预〔2020〕10号；各档界限见评分口径。
    """
    judged = item.judged
    if judged.basis != "tier" or judged.low is None or judged.high is None or item.scores is None:
        return ()
    if judged.low <= bounded(*item.scores) <= judged.high:
        return ()
    return [
        setting.finding(
            "SCO-04",
            item.row.score,
            name=item.name,
            actual=plain(item.scores[0]),
            tier=vocabulary().tier_of(item.row.actual.raw) or "achieved",
            low=plain(judged.low),
            high=plain(judged.high),
        )
    ]


@row_rule("SCO-05", "qualitative", severity="warning", needs="scores")
def qualitative_full_without_evidence(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """定性指标得满分，但没有写明档次，也没有说明。

    为什么：定性指标的得分靠说明支撑；既看不出属于哪一档，又没有文字说明，满分就没有依据。
    例：“长期维护机制健全性”完成值“完善机制”，得满分15分，偏差原因栏空白。
    依据：财预〔2020〕10号：定性指标分三档评价，应有完成情况说明。
    """
    actual, scores = item.row.actual, item.scores
    if (
        item.traits.measured
        or not item.unexplained
        or scores is None
        or actual.state not in ("ok", "text", "dash")
    ):
        return ()
    if not scores[0] == scores[1] > 0 or vocabulary().tier_of(actual.raw):
        return ()
    return [setting.finding("SCO-05", item.row.score, name=item.name)]


@row_rule("SCO-06", "quantitative", "short", severity="warning", needs="scores")
def deducted_without_reason(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """已完成年度指标值，却没有得满分，也没有说明扣分原因。

    为什么：完成指标值的应得满分；因指标值偏低等原因自行扣分的，应写明理由。
    例：指标值100，完成值100，分值10，得分9，偏差原因栏空白。
    依据：财预〔2020〕10号。
    """
    judged, scores = item.judged, item.scores
    if not item.unexplained or not judged.met or judged.basis not in _BY_NUMBERS or scores is None:
        return ()
    if item.lost <= setting.profile.row_tolerance:
        return ()
    cell, (score, weight) = item.row.score, scores
    return [setting.finding("SCO-06", cell, name=item.name, actual=plain(score), weight=plain(weight))]


def _stated_totals(case: Case) -> tuple[Decimal, ...]:
    """Rows + execution as stated.  A form without an execution score may count it or not."""
    rows, line = case.score, case.total_fund
    if rows is None:
        return ()
    if line is not None and line.score.value is not None:
        return (rows + line.score.value,)
    if line is not None and line.score.unreadable:
        return ()
    if line is not None and line.score.empty and line.weight.value is not None:
        return ()  # SCO-10
    execution = case.assessment.execution_score
    return (rows,) if execution is None else (rows, rows + execution)


@rule("SCO-07", severity="error", needs="scores")
def printed_total_wrong(case: Case) -> Iterable[Finding]:
    """总分行的得分与各项得分的合计不一致。

    为什么：总分应是预算执行得分与各指标得分之和，不一致说明漏加，或改动后没有重新计算。
    例：各项得分合计95，总分行填100。
    依据：加总关系。
    """
    printed, tolerance = case.form.total_score.value, case.profile.total_tolerance
    totals = _stated_totals(case)
    if printed is None or not totals or near(printed, totals, tolerance):
        return
    nearest = min(totals, key=lambda total: abs(total - printed))
    yield case.finding(
        "SCO-07",
        case.form.total_score,
        expected=two_places(nearest),
        actual=two_places(printed),
        tolerance=plain(tolerance),
    )


@rule("SCO-08", severity="error", needs="scores")
def recomputed_total_differs(case: Case) -> Iterable[Finding]:
    """按规则复算的总分与表中的总分不一致。

    为什么：总分是评定等级、安排预算的依据。复算时定量指标按完成比例计分，定性指标取表中得分（超出所填档次的取该档的界限）；同时给出定性指标都按最低分计算时的总分。
    例：三项指标未完成却得满分，表中总分100，复算为60。
    依据：财预〔2020〕10号。
    """
    printed, total = case.form.total_score.value, case.assessment.total
    tolerance = case.profile.total_tolerance
    if printed is None or total is None or abs(printed - total) <= tolerance or not _stated_totals(case):
        return
    yield case.finding(
        "SCO-08",
        case.form.total_score,
        expected=two_places(total),
        actual=two_places(printed),
        difference=two_places(abs(printed - total)),
        tolerance=plain(tolerance),
        more=_other_readings(case),
        grade=case.assessment.grade or "",
    )


def _other_readings(case: Case) -> dict[str, str]:
    """The lower bound, and the total with contradictory signs taken at their word."""
    others, low, literal = {}, case.assessment.total_low, case.assessment.total_literal
    if low is not None and low != case.assessment.total:
        others["low"] = two_places(low)
    if literal is not None:
        others["literal"] = two_places(literal)
        signs = [item.comparator for item in case.rows if item.judged.literal is not None]
        others["direction"] = ",".join(dict.fromkeys(filter(None, signs)))
    return others


@rule("SCO-09", severity="error", needs="scores")
def grade_differs(case: Case) -> Iterable[Finding]:
    """写明的等级与复算的等级不一致。

    为什么：等级按总分评定：90分及以上为优，80至90分为良，60至80分为中，60分以下为差（界限见评分口径）。表上没有写等级的，不从总分推断；附有报告的，核对报告中写明的等级。
    例：自评等级“优”，复算总分60分，应为“中”。
    依据：财预〔2020〕10号。
    """
    grade, form, stated = case.assessment.grade, case.form, case.form.stated_grade.value
    if grade is None or not _stated_totals(case):
        return
    if stated is not None and stated != grade:
        yield case.finding("SCO-09", form.stated_grade, grade=grade, stated_grade=stated)
    for told in stated_grades(case.report) if case.report is not None else ():
        if told != grade:
            yield case.finding("SCO-09", form.total_score, variant="report", grade=grade, stated_grade=told)


@rule("SCO-10", severity="error", needs="scores")
def score_missing(case: Case) -> Iterable[Finding]:
    """有分值的一行没有打分，或总分行没有得分。

    为什么：漏打分的指标不计入总分，自评结果不完整；总分空白的，无法评定等级。
    例：“系统故障修复率”分值15，得分空白。
    依据：财预〔2020〕10号：各项指标均应评分。
    """
    line = case.total_fund
    if line is not None and line.weight.value is not None and _unscored(line):
        yield case.finding("SCO-10", line.score, name=fund_name(line))
    weight, score = case.form.total_weight, case.form.total_score
    left_blank = score.state in ("blank", "dash") and weight.value is not None
    if left_blank and begun(case.form) and _stated_totals(case):
        yield case.finding("SCO-10", score, variant="total")


def _unscored(line: FundLine) -> bool:
    """A dash is right where there is no budget: FUN-08."""
    return line.score.state == "blank" or (line.score.state == "dash" and line.annual_budget.value != ZERO)


@row_part("SCO-10", "gap")
def row_score_missing(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    score = item.row.score
    if score.state not in _NOT_SCORED or not setting.scores or item.weight is None:
        return ()
    return [setting.finding("SCO-10", score, name=item.name)]


@rule("SCO-11", severity="warning", needs="scores")
def everything_full(case: Case) -> Iterable[Finding]:
    """所有指标都是满分。

    为什么：自评应当客观反映结果，全部满分的自评往往偏高，审核时会重点核对。
    例：六项指标和预算执行率都得满分，总分100。
    依据：自评审核中的常见问题。
    """
    if len(case.rows) < 2 or case.score != case.weight or not all(map(_full, case.rows)):
        return
    line = case.total_fund
    if line is not None and line.score.value is not None and line.score.value != line.weight.value:
        return
    cells = [case.form.total_score] if case.form.total_score.place else [item.row.score for item in case.rows]
    yield case.finding("SCO-11", *cells, count=str(len(case.rows)))


def _full(item: JudgedRow) -> bool:
    return item.scores is not None and item.scores[0] == item.scores[1] > 0
