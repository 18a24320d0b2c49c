"""The seven sections of an evaluation report, as far as the table knows them; nothing is made up.

What only a person knows is an "ask" (【请补充：…】), what a person must put right first a "note"
(【…，请先核实更正】).  Knows the form only, no document format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from xltools.messages.interface import COMPARATORS, FUND_KINDS, GRADES, LEVEL1, word
from xltools.model import Entry, Finding, FundLine, Indicator, Level1, Quantity, SelfEvaluation
from xltools.profiles import Profile
from xltools.quantities import plain, round_half_up, two_places
from xltools.scoring import Assessment, RowScore, row_scores

HEADINGS = (
    "一、基本情况",
    "二、绩效评价工作开展情况",
    "三、综合评价情况及评价结论",
    "四、绩效评价指标分析",
    "五、主要经验及做法、存在的问题及原因分析",
    "六、有关建议",
    "七、其他需要说明的问题",
)

Kind = Literal["fact", "ask", "note"]


class Piece(NamedTuple):
    text: str
    kind: Kind = "fact"


class Paragraph(NamedTuple):
    pieces: tuple[Piece, ...]
    heading: bool = False


class Section(NamedTuple):
    """table: the table itself and the errors in it follow the text."""

    heading: str
    paragraphs: tuple[Paragraph, ...]
    table: bool = False


class Judged(NamedTuple):
    """An indicator row and what the rules say of it."""

    row: Indicator
    score: RowScore


class Facts(NamedTuple):
    """All a section may draw on."""

    form: SelfEvaluation
    assessment: Assessment
    findings: Sequence[Finding]
    profile: Profile

    @property
    def rows(self) -> tuple[Judged, ...]:
        return tuple(map(Judged, self.form.indicators, row_scores(self.form, self.assessment)))

    def amount(self, field: str) -> Decimal | None:
        """Of the total row; the 0 that a sum makes of empty cells is no amount."""
        line = self.form.total_fund
        if line is None:
            return None
        entry = dict(line.amounts())[field]
        parts = [dict(source.amounts())[field] for source in self.form.sources]
        hollow = entry.formula is not None and entry.value == 0 and all(part.empty for part in parts)
        return None if hollow else entry.value

    @property
    def stated(self) -> Decimal | None:
        """The total as stated; that of a form without a single score is none."""
        total, rows = self.form.total_score, self.form.indicators
        hollow = total.formula is not None and all(row.score.value is None for row in rows)
        return None if hollow else total.value

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]

    @property
    def low_rate(self) -> bool:
        rate = self.assessment.rate
        return rate is not None and rate < self.profile.reason_below


def subject(form: SelfEvaluation) -> str:
    """What is evaluated, as the titles of form and report begin."""
    return "部门整体支出" if form.layout == "whole-dept" else "项目支出"


def sections(facts: Facts) -> tuple[Section, ...]:
    """All seven, in order; each says something even where the form is blank."""
    bodies = (_basics, _work, _conclusion, _analysis, _problems, _advice, _other)
    return tuple(
        Section(heading, tuple(body(facts)), body is _conclusion)
        for heading, body in zip(HEADINGS, bodies, strict=True)
    )


def ask(what: str) -> Piece:
    return Piece(f"【请补充：{what}】", "ask")


def note(what: str) -> Piece:
    return Piece(f"【{what}，请先核实更正】", "note")


def _text(*pieces: str | Piece) -> Paragraph:
    return Paragraph(tuple(Piece(each) if isinstance(each, str) else each for each in pieces if each))


def _sub(text: str) -> Paragraph:
    return Paragraph((Piece(text),), heading=True)


def tidy(text: str) -> str:
    """A text from a cell on one line, without characters no document may hold or that turn its order."""
    return " ".join("".join(sign for sign in text if _printable(sign)).split())


def _printable(sign: str) -> bool:
    code = ord(sign)
    if code < 32 or 0x7F <= code < 0xA0:
        return sign in "\t\n\r"
    turning = 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    return not (turning or 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE)


def words(entry: Entry[str], what: str) -> Piece:
    """What stands in the cell, or the request for it."""
    said = tidy(entry.value or "")
    return Piece(said) if said else ask(what)


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "！", "？", "；", ".", "!", "?")) else f"{text}。"


def _said(entry: Entry[str]) -> str:
    return _sentence(tidy(entry.value)) if entry.value and tidy(entry.value) else ""


# --- 一、基本情况 ---------------------------------------------------------------------------------


def _basics(facts: Facts) -> Iterator[Paragraph]:
    form = facts.form
    year = Piece(f"{form.year.value}年") if form.year.value else ask("评价年度")
    yield _sub("（一）项目概况")
    yield _text(
        words(form.project_name, "项目名称"), "由", words(form.implementing_unit, "实施单位"),
        "组织实施，主管部门为", words(form.supervising_department, "主管部门"), "，评价年度为", year, "。",
        ask("立项背景及依据、主要内容和实施情况"),
    )  # fmt: skip
    yield _money(facts)
    parts = [_source(line, form.unit) for line in form.sources if any(each.ok for _, each in line.amounts())]
    if parts:
        yield _text(f"按资金来源分：{'；'.join(parts)}。")
    yield from (
        _text(f"{_label(line)}的情况说明：{_said(line.reason)}") for line in form.funds if _said(line.reason)
    )
    yield _sub("（二）项目绩效目标")
    goal = _said(form.goal_expected)
    yield _text("年度总体目标：", goal or ask("年度总体目标"))
    yield from _targets(facts)
    yield _text(ask("分阶段的绩效目标；不分阶段的删去本句"))


def _money(facts: Facts) -> Paragraph:
    """Initial budget, annual budget, change, execution and rate of the total."""
    form, line = facts.form, facts.form.total_fund
    if line is None:
        return _text("资金投入和使用情况：", ask("全年预算数、全年执行数"))
    initial, annual, done = map(facts.amount, ("initial_budget", "annual_budget", "executed"))
    pieces: list[str | Piece] = ["资金投入和使用情况："]
    if line.initial_budget.state != "absent":
        pieces += ["年初预算数", _amount(initial, form.unit, "年初预算数"), "，"]
    pieces += ["全年预算数", _amount(annual, form.unit, "全年预算数")]
    changed = initial is not None and annual is not None and initial != annual
    if initial is not None and annual is not None and changed:
        way = "增加" if annual > initial else "减少"
        pieces.append(f"，比年初预算{way}{two_places(abs(annual - initial))}{form.unit}")
    pieces += ["；全年执行数", _amount(done, form.unit, "全年执行数"), "，", *_rate(facts), "。"]
    if annual is not None and done is not None:
        pieces.append(f"项目投入{two_places(annual)}{form.unit}，实际支出{two_places(done)}{form.unit}。")
    if changed:
        pieces.append(ask("预算调整的原因和审批情况"))
    return _text(*pieces)


def _amount(value: Decimal | None, unit: str, what: str) -> Piece:
    return ask(what) if value is None else Piece(f"{two_places(value)}{unit}")


def _rate(facts: Facts) -> Iterator[str | Piece]:
    line, rate = facts.form.total_fund, facts.assessment.rate
    stated = line.execution_rate.value if line else None
    shown = stated if stated is not None else rate
    yield "预算执行率"
    yield ask("预算执行率") if shown is None else f"{two_places(shown)}%"
    if stated is None or rate is None or abs(stated - rate) <= facts.profile.rate_tolerance:
        return
    yield note(f"表中预算执行率{two_places(stated)}%，按全年执行数除以全年预算数为{two_places(rate)}%")


def _label(line: FundLine) -> str:
    return (
        tidy(line.label.value or "").removeprefix("其中：").removeprefix("其中:") or FUND_KINDS[line.kind][0]
    )


def _source(line: FundLine, unit: str) -> str:
    """Worded so that a part is not taken for the total."""
    labels = {"initial_budget": "年初", "annual_budget": "预算", "executed": "执行"}
    parts = [
        f"{labels[field]}{two_places(entry.value)}{unit}"
        for field, entry in line.amounts()
        if entry.value is not None
    ]
    return f"{_label(line)}（{'、'.join(parts)}）"


def _targets(facts: Facts) -> Iterator[Paragraph]:
    rows = facts.form.indicators
    if not rows:
        yield _text("绩效指标：", ask("绩效指标及指标值"))
        return
    listed = "；".join(f"{_name(row)}{_target(row)}" for row in rows)
    yield _text(f"设定绩效指标{len(rows)}项：{listed}。")


def _name(row: Indicator) -> str:
    return f"“{tidy(row.name)}”"


def _quantity(row: Indicator, entry: Entry[Quantity]) -> str:
    """As the cell shows it, with the unit of its column unless it carries its own; words in quotes."""
    shown = tidy(entry.raw)
    if entry.value is None:
        return f"“{shown}”"
    return shown if entry.value.unit else f"{shown}{tidy(row.unit.value or '')}"


def _target(row: Indicator) -> str:
    if row.target.empty:
        return "（未填指标值）"
    own = row.target.value.comparator if row.target.value else None
    sign = None if own else row.direction.value
    return f"{COMPARATORS[sign][0] if sign else ''}{_quantity(row, row.target)}"


def _actual(row: Indicator) -> str:
    return _quantity(row, row.actual)


# --- 二、绩效评价工作开展情况 ---------------------------------------------------------------------


def _work(facts: Facts) -> Iterator[Paragraph]:
    form, annual = facts.form, facts.amount("annual_budget")
    of_year = f"{form.year.value}年度" if form.year.value else "本年度"
    yield _sub("（一）绩效评价目的、对象和范围")
    yield _text(
        "本次评价为单位自评。评价对象为",
        words(form.project_name, "项目名称"),
        f"，评价范围为该项目{of_year}的预算资金",
        "" if annual is None else f"（{two_places(annual)}{form.unit}）",
        "及其产出、效益。",
        ask("评价目的"),
    )
    yield _sub("（二）绩效评价原则、评价指标体系、评价方法、评价标准")
    yield _text(
        f"评价指标体系采用{subject(form)}绩效自评表：{_weights(facts)}。"
        if form.indicators
        else ask("评价指标体系")
    )
    yield _text(f"评价标准以年度指标值为准。{_grades(facts.profile)}。", ask("评价原则和评价方法"))
    yield _sub("（三）绩效评价工作过程")
    yield _text(ask("自评的组织方式、时间、参加人员，以及核实材料的办法"))


def _weights(facts: Facts) -> str:
    form, line = facts.form, facts.form.total_fund
    parts = []
    if line is not None and line.weight.value is not None:
        parts.append(f"预算执行率分值{plain(line.weight.value)}分")
    for label, rows in _groups(facts):
        weights = [each.row.weight.value for each in rows]
        known = sum((each for each in weights if each is not None), Decimal(0))
        parts.append(f"{label}{len(rows)}项" + ("" if None in weights else f"、分值{plain(known)}分"))
    if form.total_weight.value is not None:
        parts.append(f"合计{plain(form.total_weight.value)}分")
    return "，".join(parts)


def _groups(facts: Facts) -> Iterator[tuple[str, list[Judged]]]:
    """The rows by level 1, in the order of the form."""
    found: dict[str, list[Judged]] = {}
    for each in facts.rows:
        label = (
            LEVEL1[each.row.group][0] if each.row.group else tidy(each.row.level1.value or "") or "其他指标"
        )
        found.setdefault(label, []).append(each)
    yield from found.items()


def _grades(profile: Profile) -> str:
    above: Decimal | None = None
    parts = []
    for grade, low in profile.grades:
        upper = "" if above is None else f"、不满{plain(above)}分"
        bound = f"{plain(low)}分及以上{upper}" if low > 0 else f"不满{plain(above or low)}分"
        parts.append(f"{bound}的为{word(GRADES, grade)}")
        above = low
    return "评价等级按总分划分：" + "，".join(parts)


# --- 三、综合评价情况及评价结论 -------------------------------------------------------------------


def _conclusion(facts: Facts) -> Iterator[Paragraph]:
    form = facts.form
    stated, grade = facts.stated, facts.assessment.stated_grade
    pieces: list[str | Piece] = [words(form.project_name, "项目名称")]
    if not form.scored:
        pieces.append("的自评表没有分值和得分栏。")
    elif stated is None:
        pieces += ["的自评总分", ask("自评总分和评价等级"), "。"]
    else:
        pieces.append(f"，自评总分为{plain(stated)}分")
        pieces.append(f"，评价等级为{word(GRADES, grade)}。" if grade else "。")
    yield _text(*pieces, *_doubts(facts))
    yield from _shares(facts)
    yield _text(ask("综合评价情况和总体结论"))
    yield _text("自评表如下。")


def _doubts(facts: Facts) -> Iterator[Piece]:
    """Said in the very paragraph of the conclusion, so that it is not read without."""
    stated, total, grade = facts.stated, facts.assessment.total, facts.assessment.grade
    differs = stated is not None and total is not None and abs(stated - total) > facts.profile.total_tolerance
    if not facts.errors and not differs:
        if facts.form.scored and stated is not None and total is None:
            yield note(f"自评总分{plain(stated)}分，表中有无法判定的单元格，不能按规则复算")
        return
    parts = []
    if differs and stated is not None and total is not None and grade:
        again = f"按规则复算{two_places(total)}分（“{word(GRADES, grade)}”）"
        parts.append(f"自评总分{plain(stated)}分，{again}")
    elif stated is not None and total is None:
        parts.append(f"自评总分{plain(stated)}分，因表中有错误无法按规则复算")
    if facts.errors:
        parts.append(f"自评表有错误{len(facts.errors)}处，逐条列在自评表之前")
    yield note("；".join(parts))


def _shares(facts: Facts) -> Iterator[Paragraph]:
    if not facts.form.scored:
        return
    line, parts = facts.form.total_fund, []
    if line is not None and line.score.value is not None and line.weight.value is not None:
        parts.append(f"预算执行分值{plain(line.weight.value)}分、得{plain(line.score.value)}分")
    for label, rows in _groups(facts):
        pairs = [(each.row.weight.value, each.row.score.value) for each in rows]
        if all(weight is not None and score is not None for weight, score in pairs):
            weight, score = (sum((pair[at] or Decimal(0) for pair in pairs), Decimal(0)) for at in (0, 1))
            parts.append(f"{label}分值{plain(weight)}分、得{plain(score)}分")
    if parts:
        yield _text(f"其中：{'；'.join(parts)}。")


# --- 四、绩效评价指标分析 -------------------------------------------------------------------------

_OUTPUT: tuple[Level1 | None, ...] = ("output", "cost", None)
_BENEFIT: tuple[Level1 | None, ...] = ("benefit", "satisfaction")


def _analysis(facts: Facts) -> Iterator[Paragraph]:
    yield _sub("（一）项目决策情况")
    yield _text(ask("立项程序、绩效目标设定和资金分配情况"))
    yield _sub("（二）项目过程情况")
    yield _execution(facts)
    yield from (_line(each, facts.profile) for each in facts.rows if each.row.group == "execution")
    yield _text(ask("管理制度及其执行、资金使用合规情况"))
    yield _sub("（三）项目产出情况")
    yield from _lines_of(facts, _OUTPUT, "产出指标的完成情况")
    yield _sub("（四）项目效益情况")
    yield from _lines_of(facts, _BENEFIT, "效益、满意度指标的完成情况")
    reached = _said(facts.form.goal_actual)
    yield _text("年度总体目标实际完成情况：", reached or ask("年度总体目标的实际完成情况"))


def _execution(facts: Facts) -> Paragraph:
    line = facts.form.total_fund
    pieces: list[str | Piece] = list(_rate(facts))
    if line is not None and line.weight.value is not None and line.score.value is not None:
        pieces.append(f"，分值{plain(line.weight.value)}分，得{plain(line.score.value)}分")
    return _text(*pieces, "。")


def _lines_of(facts: Facts, groups: Sequence[Level1 | None], missing: str) -> Iterator[Paragraph]:
    rows = [each for each in facts.rows if each.row.group in groups]
    yield from (_line(each, facts.profile) for each in rows)
    if not rows:
        yield _text(ask(missing))


def _line(each: Judged, profile: Profile) -> Paragraph:
    """Target, actual, verdict, points and reason of one indicator."""
    row = each.row
    level2 = f"（{tidy(row.level2.value)}）" if row.level2.value else ""
    pieces: list[str | Piece] = [f"{_name(row)}{level2}：年度指标值{_target(row)}，实际完成值"]
    pieces.append(ask("实际完成值") if row.actual.empty else _actual(row))
    pieces += [_verdict(each, profile), _points(row), "。"]
    if (doubt := _row_doubt(each, profile)) is not None:
        pieces.append(doubt)
    reason = "" if row.deviation.state == "dash" else _said(row.deviation)
    if reason:
        pieces.append(f"偏差原因及改进措施：{reason}")
    elif unmet(each):
        pieces.append(ask("偏差原因及改进措施"))
    elif each.score.met is None:
        pieces.append(ask("是否达到指标值及依据"))
    return _text(*pieces)


def unmet(each: Judged) -> bool:
    """Missed, or nothing done where more than nothing was wanted."""
    if each.score.met is not None:
        return not each.score.met
    target, actual = each.row.target.value, each.row.actual.value
    if target is None or actual is None or each.row.comparator in ("le", "lt"):
        return False
    return actual.number == 0 and target.number > 0


def _verdict(each: Judged, profile: Profile) -> str:
    if unmet(each):
        return "，未达到指标值"
    if each.score.met is None:
        return ""
    ratio = each.score.ratio
    if ratio is not None and ratio >= profile.over_achievement:
        return f"，达到指标值，为指标值的{plain(round_half_up(ratio * 100))}%"
    return "，达到指标值"


def _points(row: Indicator) -> str:
    weight = "" if row.weight.value is None else f"，分值{plain(row.weight.value)}分"
    return weight + ("" if row.score.value is None else f"，得{plain(row.score.value)}分")


def _row_doubt(each: Judged, profile: Profile) -> Piece | None:
    stated, low, high = each.row.score.value, each.score.low, each.score.high
    if stated is None or low is None or high is None:
        return None
    if low - profile.row_tolerance <= stated <= high + profile.row_tolerance:
        return None
    again = plain(low) if low == high else f"{plain(low)}至{plain(high)}"
    return note(f"自评{plain(stated)}分，按规则复算{again}分")


# --- 五至七 ---------------------------------------------------------------------------------------


def _problems(facts: Facts) -> Iterator[Paragraph]:
    yield _sub("（一）主要经验及做法")
    yield _text(ask("主要经验及做法"))
    yield _sub("（二）存在的问题及原因分析")
    missed = [each for each in facts.rows if unmet(each)]
    problems = [_low_rate(facts)] if facts.low_rate else []
    problems += [_missed(each) for each in missed]
    for number, problem in enumerate(problems, 1):
        yield Paragraph((Piece(f"{number}．"), *problem.pieces))
    if not problems and facts.rows and all(each.score.met for each in facts.rows):
        yield _text("自评表所列各项指标均达到指标值。")
    open_rows = [each.row for each in facts.rows if each.score.met is None and not unmet(each)]
    if open_rows:
        yield _text(f"{_listed(open_rows)}的完成情况不能由自评表判定，", ask("是否达到指标值及原因"))
    yield _text(ask("项目决策、管理和实施中的其他问题及原因"))


def _low_rate(facts: Facts) -> Paragraph:
    line, rate = facts.form.total_fund, facts.assessment.rate
    assert rate is not None
    reason = _said(line.reason) if line else ""
    return _text(
        f"预算执行率偏低，为{two_places(rate)}%。",
        f"原因：{reason}" if reason else ask("预算执行率偏低的原因"),
    )


def _missed(each: Judged) -> Paragraph:
    row = each.row
    reason = "" if row.deviation.state == "dash" else _said(row.deviation)
    return _text(
        f"{_name(row)}未达到指标值：年度指标值{_target(row)}，实际完成值{_actual(row)}。",
        f"原因及改进措施：{reason}" if reason else ask("原因"),
    )


def _listed(rows: Iterable[Indicator]) -> str:
    return "、".join(map(_name, rows))


def _advice(facts: Facts) -> Iterator[Paragraph]:
    missed = [each.row for each in facts.rows if unmet(each)]
    if facts.low_rate:
        yield _text("针对预算执行率偏低：", ask("加快执行或调整预算的措施"))
    if missed:
        yield _text(f"针对未达到指标值的{_listed(missed)}：", ask("改进措施、责任人和完成时限"))
    yield _text(ask("对预算安排、绩效目标设定和项目管理的建议"))


def _other(facts: Facts) -> Iterator[Paragraph]:
    yield _text(ask("其他需要说明的事项，不需要说明时写“无”"))
