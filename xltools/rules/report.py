"""RPT: does the evaluation report say what the table says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from xltools.model import Entry, Finding, FundLine, Grade, ReportText
from xltools.quantities import in_wan, plain, two_places
from xltools.rules.case import Case, JudgedRow
from xltools.rules.registry import rule
from xltools.scoring import ZERO, grade_of
from xltools.vocabulary import label_key, vocabulary

_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_MONEY = _NUMBER + r"(万元|亿元|千元|元)"
_SAID = r"(?:约|共|共计|合计|总计)?(?:为|是|:)?(?:人民币)?"
# The label names the figure, so each mention must agree.
_STRICT = {
    "annual_budget": re.compile(rf"(?:全年预算数?|调整后预算数?|预算总额){_SAID}{_MONEY}"),
    "executed": re.compile(rf"执行(?:数|金额|总额){_SAID}{_MONEY}"),
}
# What one source of the money has: 其中财政拨款执行数60万元.  The clause ends at the next sign.
_OF_A_PART = re.compile(
    r"(?:其中|财政拨款|财政资金|结转资金|结余资金|其他资金|自筹资金|单位资金)[^,。;:\d\n]{0,12}$"
)
# Part amounts may be told this way, so one that agrees, or their sum, is enough.
_LOOSE = {
    "annual_budget": re.compile(rf"投入[^,。;:\d]{{0,30}}?{_MONEY}"),
    "executed": re.compile(rf"(?:实际|累计|共)支出[^,。;:\d]{{0,12}}?{_MONEY}"),
}
_SCORE = re.compile(rf"(?:(?:自评|综合|评价|绩效|最终|总)(?:总|综合)?得分|自评总分){_SAID}{_NUMBER}分")
_GRADE = re.compile(r"等级(?:为|是|:)?[“\"「【(]?(优秀|良好|中等|不合格|合格|一般|优|良|中|差)")
_SCORED_NAME = re.compile(r"([^,。;:、\n]{2,60}?)(?:项目)?(?:支出)?(?:绩效)?自评(?:总|综合)?得分")
_FUNDED_NAME = re.compile(r"投入([^,。;:\d\n]{2,40}?(?:经费|费用|费|资金|项目))" + _SAID + _MONEY)
_NO_PROBLEM = re.compile(
    r"(?:暂不存在|不存在|暂无|未发现|没有发现|没有|无)(?:相关|任何|明显|突出|重大|其他)?(?:的)?问题"
)
_GENERAL = re.compile(
    r"财政|专项|项目|工作|预算|各类|本级|自治区|[省市县区]级|总|共计?|累计|资金|经费|费用|费"
)


def _text(report: ReportText) -> str:
    return _lines(report.body)


def _lines(text: str) -> str:
    """Half-width and without blanks, line by line; table rows (tabs) are the table's business."""
    return "\n".join(label_key(line) for line in text.splitlines() if "\t" not in line)


def _amounts(pattern: re.Pattern[str], text: str) -> list[Decimal]:
    """In 万元, each once."""
    return list(dict.fromkeys(map(_in_wan, pattern.finditer(text))))


def _in_wan(found: re.Match[str]) -> Decimal:
    return in_wan(Decimal(found[1].replace(",", "")), found[2])


def _whole_amounts(pattern: re.Pattern[str], text: str) -> list[Decimal]:
    """Without those of one source of the money."""
    whole = (each for each in pattern.finditer(text) if not _OF_A_PART.search(text[: each.start()][-40:]))
    return list(dict.fromkeys(map(_in_wan, whole)))


@rule("RPT-01", severity="error", needs="report")
def amounts_differ(case: Case) -> Iterable[Finding]:
    """报告正文中的预算数、执行数与自评表不一致。

    为什么：报告和自评表是同一项目的两份材料，金额应当相同。按“全年预算数”“执行数”“投入……万元”“实际支出……万元”的写法核对。
    例：报告写“全年预算数为5万元”，自评表年度资金总额为10万元。
    依据：报告与自评表的一致性。
    """
    line = case.total_fund
    if case.report is None or line is None:
        return
    text = _text(case.report)
    for field, entry in (("annual_budget", line.annual_budget), ("executed", line.executed)):
        if entry.value is None:
            continue
        for amount in _disagreeing(field, text, in_wan(entry.value, case.form.unit), _tolerance(case)):
            yield case.finding(
                "RPT-01",
                entry,
                expected=two_places(in_wan(entry.value, case.form.unit)),
                actual=two_places(amount),
                field=field,
            )


def _tolerance(case: Case) -> Decimal:
    return in_wan(case.profile.amount_tolerance, case.form.unit)


def _disagreeing(field: str, text: str, table: Decimal, tolerance: Decimal) -> list[Decimal]:
    def wrong(amount: Decimal) -> bool:
        return abs(amount - table) > tolerance

    strict = [amount for amount in _whole_amounts(_STRICT[field], text) if wrong(amount)]
    loose = _amounts(_LOOSE[field], text)
    if not all(map(wrong, loose)) or not wrong(sum(loose, ZERO)):
        loose = []
    return list(dict.fromkeys([*strict, *loose]))


def stated_grades(report: ReportText) -> list[Grade]:
    grades = (vocabulary().grade_of(word) for word in _GRADE.findall(_text(report)))
    return list(dict.fromkeys(grade for grade in grades if grade))


@rule("RPT-03", severity="error", needs="report")
def score_or_grade_differs(case: Case) -> Iterable[Finding]:
    """报告正文中的得分或等级与自评表不一致。

    为什么：报告中的得分应等于表中总分，等级应与该总分相符。
    例：自评表总分95分，报告写“得分为98分”；或总分95分，报告写“等级为良”。
    依据：报告与自评表的一致性；等级界限见评分口径。
    """
    printed = case.form.total_score.value
    if case.report is None or printed is None:
        return
    for number in dict.fromkeys(map(Decimal, _SCORE.findall(_text(case.report).replace(",", "")))):
        if abs(number - printed) > case.profile.total_tolerance:
            yield case.finding(
                "RPT-03", case.form.total_score, expected=two_places(printed), actual=two_places(number)
            )
    grade = case.form.stated_grade.value or grade_of(printed, case.profile)
    for stated in stated_grades(case.report):
        if stated != grade:
            yield case.finding(
                "RPT-03",
                case.form.total_score,
                variant="grade",
                grade=grade,
                stated_grade=stated,
                total=plain(printed),
            )


@rule("RPT-04", severity="warning", needs="report")
def names_differ(case: Case) -> Iterable[Finding]:
    """报告正文中的项目名称与自评表不一致。

    为什么：同一项目应使用批复的名称，名称不同，读者会以为是两个项目。
    例：自评表为“公共资源交易工作运行费用”，报告写“公共资源交易系统运行经费”。
    依据：报告与自评表的一致性。
    """
    name = case.form.project_name.value
    if case.report is None or not name:
        return
    key = label_key(name)
    for other in dict.fromkeys(_names(_text(case.report), key)):
        if other not in key and key not in other:
            yield case.finding("RPT-04", case.form.project_name, expected=name, actual=other)


def _names(text: str, key: str) -> Iterator[str]:
    for found in _SCORED_NAME.findall(text):
        if _GENERAL.sub("", found) and _alike(found, key):
            yield found
    for found, *_ in _FUNDED_NAME.findall(text):
        if _GENERAL.sub("", found) and _alike(found, key):
            yield found


def _alike(one: str, other: str) -> bool:
    """Half of the characters of the shorter occur in the other: one project, written two ways."""
    short, long = sorted((one, other), key=len)
    return 2 * sum(sign in long for sign in short) >= len(short)


@rule("RPT-07", severity="warning", needs="report")
def problems_denied(case: Case) -> Iterable[Finding]:
    """报告称没有问题，自评表却有未完成的指标，或预算执行率偏低。

    为什么：未完成的指标和偏低的执行率本身就是问题，应在“存在的问题及原因分析”中写明。
    例：报告写“暂不存在相关问题”，自评表有三项指标完成值为0。
    依据：财预〔2020〕10号所附报告参考提纲：存在的问题及原因分析。
    """
    said = _NO_PROBLEM.search(_text(case.report)) if case.report else None
    if said is None:
        return
    unmet = [item for item in case.rows if item.judged.met is False or _nothing_done(item)]
    if unmet:
        found = case.finding("RPT-07", *[item.row.actual for item in unmet], said=said[0])
        yield found._replace(names=tuple(item.name for item in unmet))
        return
    rate, line = case.assessment.rate, case.total_fund
    if rate is not None and rate < case.profile.reason_below:
        yield case.finding("RPT-07", _rate_cell(line), variant="rate", said=said[0], actual=two_places(rate))


def _nothing_done(item: JudgedRow) -> bool:
    """An actual of 0 where more was wanted, on a row that could not be judged."""
    target, actual = item.row.target.value, item.row.actual.value
    if item.judged.met is not None or target is None or actual is None or item.comparator in ("le", "lt"):
        return False
    return actual.number == 0 and target.number > 0


def _rate_cell(line: FundLine | None) -> Entry[Decimal]:
    if line is None:
        return Entry(None)
    return line.execution_rate if line.execution_rate.place else line.executed
