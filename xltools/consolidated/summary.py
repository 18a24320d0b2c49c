"""汇总: one row a form, then the totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, cast

from xltools import scoring
from xltools.consolidated import columns
from xltools.consolidated.cells import Link, Marked
from xltools.consolidated.columns import ROW, Column, computed, letters
from xltools.consolidated.paths import Paths, jump, quoted
from xltools.consolidated.rows import Row
from xltools.consolidated.sheets import SUMMARY, column
from xltools.form_sheet import Formula
from xltools.merging import UNDETERMINED, FormFacts, Mean, MergedForm, Value, exact, numeric
from xltools.messages.interface import GRADES
from xltools.model import Grade
from xltools.profiles import Profile
from xltools.quantities import plain, round_half_up
from xltools.vocabulary import is_dash

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from xltools.consolidated.context import Context, UnitSheet
    from xltools.consolidated.listing import Listing

_PLAIN = (
    Column("序号", 5, "count"),
    Column("实施单位", 20, "text", wraps=True),
    Column("主管部门", 16, "text", wraps=True),
    Column("项目名称", 22, "text", wraps=True),
    Column("年度", 6.5, "count"),
    Column("年初预算数", 13.5, "money"),
    Column("全年预算数", 13.5, "money"),
    Column("全年执行数", 13.5, "money"),
    Column("执行率（%）", 9, "rate"),
    Column("预算执行得分", 8.5, "points"),
    Column("自评总分", 8.5, "points"),
    Column("自评等级", 6, "centred"),
    Column("复算总分", 9.5, "points"),
    Column("复算等级", 9.5, "centred"),
    Column("错误", 5.5, "count"),
    Column("警告", 5.5, "count"),
    Column("来源文件", 30, "text", wraps=True),
    Column("复算执行得分", 8.5, "points"),
    Column("总分差异", 8.5, "points"),
    Column("未完成指标", 7, "count"),
    Column("备注", 24, "text", wraps=True),
    Column("执行率分值", 8, "helper", helper=True),
    Column("权重资金（万元）", 13, "helper_money", helper=True),
)


def _formulas(cell: Mapping[str, str]) -> dict[str, str]:
    stated, again = cell["自评总分"], cell["复算总分"]
    return {
        "执行率（%）": scoring.execution_rate_formula(cell["全年预算数"], cell["全年执行数"]),
        "复算执行得分": scoring.execution_score_formula(cell["执行率（%）"], cell["执行率分值"]),
        "总分差异": f"ROUND({stated}-{again},2)",
    }


COLUMNS = computed(_PLAIN, _formulas)
LETTERS = letters(COLUMNS)
_AT = {each.header: at for at, each in enumerate(COLUMNS)}
GRADE_NAMES = {cast(Grade, grade): words[0] for grade, words in GRADES.items()}
_AMOUNTS = (
    ("initial", "initial_budget", "年初预算数"),
    ("annual", "annual_budget", "全年预算数"),
    ("executed", "executed", "全年执行数"),
)


def lay_out(sheet: Listing, context: Context) -> None:
    count = context.forms
    sheet.lay_out("自评表汇总（万元）", COLUMNS, count, context.look)
    sheet.freeze_panes(1, 2)
    sheet.print_area(0, 0, count + 1, sum(not each.helper for each in COLUMNS) - 1)
    if count:
        _colour(sheet, context, count)


def _colour(sheet: Worksheet, context: Context, last: int) -> None:
    """What to look at first: scores that differ, low execution, errors."""
    look, profile = context.look, context.consolidation.profile
    cell = {name: f"${letter}2" for name, letter in LETTERS.items()}
    total = _differs(cell["自评总分"], cell["复算总分"], profile.total_tolerance)
    execution = _differs(cell["预算执行得分"], cell["复算执行得分"], profile.row_tolerance)
    stated, again = cell["自评等级"], cell["复算等级"]
    graded = f'=AND({stated}<>"",{again}<>"",{again}<>"{UNDETERMINED}",{stated}<>{again})'
    low = f"=AND(ISNUMBER({cell['执行率（%）']}),{cell['执行率（%）']}<{plain(profile.reason_below)})"
    for names, rule, style in (
        ("自评总分 复算总分 总分差异", total, look.red),
        ("预算执行得分 复算执行得分", execution, look.red),
        ("复算总分 复算等级", f'={again}="{UNDETERMINED}"', look.blue),
        ("自评等级 复算等级", graded, look.red),
        ("执行率（%）", low, look.amber),
        ("错误", f"={cell['错误']}>0", look.red),
        ("警告", f"={cell['警告']}>0", look.amber),
        ("备注", f'={cell["备注"]}<>""', look.amber),
    ):
        for name in names.split():
            rules = {"type": "formula", "criteria": rule, "format": style}
            sheet.conditional_format(1, _AT[name], last, _AT[name], rules)


def _differs(one: str, other: str, tolerance: Decimal) -> str:
    return f"=AND(ISNUMBER({one}),ISNUMBER({other}),ROUND(ABS({one}-{other}),2)>{plain(tolerance)})"


class Surroundings(NamedTuple):
    """What a row of 汇总 needs beside its form.

    place: among the forms that count.  span: its recomputed scores in 指标明细, as a formula writes them.
    grade: the formula of the grade.  unit: its sheet, if it has one.
    """

    place: int
    span: str
    grade: str
    unit: UnitSheet | None


def form_row(form: MergedForm, about: Surroundings, paths: Paths) -> Row:
    facts, unit = form.facts, about.unit
    severities = [finding.severity for finding in form.findings]
    known = type(facts.annual) is type(facts.executed) is float
    return (
        about.place + 1,
        facts.unit or ("（未填）" if unit else ""),
        facts.department,
        facts.project,
        facts.year,
        *_amounts(form, unit),
        _or_not_applicable(facts.rate) if known else None,
        _stated(facts.stated_execution, unit, "fund.score", form),
        _stated(facts.stated_total, unit, "total_score", form),
        GRADE_NAMES[facts.stated_grade] if facts.stated_grade else None,
        *_recomputed(facts, about),
        severities.count("error"),
        severities.count("warning"),
        paths.shown(form.source),
        _or_not_applicable(facts.execution_score) if known and facts.scored else None,
        _difference(facts),
        sum([indicator.met is False for indicator in facts.indicators]),
        form.remarks or None,
        facts.execution_weight if facts.scored else None,
        float(form.weight) if facts.scored else 0.0,
    ), _links(form, unit, paths)


def _links(form: MergedForm, unit: UnitSheet | None, paths: Paths) -> tuple[Link, ...]:
    file = paths.link(_AT["来源文件"], form.source)
    return (jump(_AT["实施单位"], unit.name, "A1"), *file) if unit else file


def _or_not_applicable(value: float | None) -> float | str:
    return scoring.NOT_APPLICABLE if value is None else value


def _stated(value: Value, unit: UnitSheet | None, field: str, form: MergedForm) -> columns.Value:
    """As on the form: from the unit's sheet where there is one; words where no number stands."""
    points = numeric(value) if unit else None
    if isinstance(value, str):
        return value if is_dash(value) else Marked(value)
    if unit is None or form.facts.form is None or points is None:
        return value
    at = _total_line(form) if field.startswith("fund.") else 0
    return Formula(f"{quoted(unit.name)}!{unit.placement.cell(field, at)}", points)


def _total_line(form: MergedForm) -> int:
    assert form.facts.form is not None
    return next(n for n, line in enumerate(form.facts.form.funds) if line.kind == "total")


def _amounts(form: MergedForm, unit: UnitSheet | None) -> Iterator[columns.Value]:
    """From the unit's sheet where there is one; blank where no number stands (the remark says why)."""
    facts = form.facts
    for value, (_, field, _) in zip((facts.initial, facts.annual, facts.executed), _AMOUNTS, strict=True):
        if unit is None or facts.form is None or not isinstance(value, float):
            yield None if isinstance(value, str) else value
        else:
            divided = "/10000" if facts.form.unit == "元" else ""
            cell = unit.placement.cell(f"fund.{field}", _total_line(form))
            yield Formula(f"{quoted(unit.name)}!{cell}{divided}", exact(value))


def _difference(facts: FormFacts) -> float | None:
    """Stated minus recomputed."""
    stated, again = facts.stated_total, facts.total
    if not isinstance(stated, float) or again is None or not facts.scored:
        return None
    return 0.0 if stated == again else float(round_half_up(exact(stated) - exact(again)))


def _recomputed(facts: FormFacts, about: Surroundings) -> tuple[columns.Value, columns.Value]:
    if not facts.scored:
        return None, None
    if facts.total is None or facts.grade is None:
        return UNDETERMINED, UNDETERMINED
    points = f"ROUND({LETTERS['复算执行得分']}{ROW}+SUM({about.span}),2)"
    return Formula(points, exact(facts.total)), Formula(about.grade, GRADE_NAMES[facts.grade])


def grade_formula(profile: Profile) -> str:
    """The grade of a row, out of its total."""
    return scoring.grade_formula(f"{LETTERS['复算总分']}{ROW}", profile, GRADE_NAMES)


# --- the totals -----------------------------------------------------------------------------------


def totals(context: Context) -> tuple[columns.Value, ...]:
    """A formula below each column that adds up, blank below the others."""
    figures = context.figures
    cells: dict[str, columns.Value] = {
        "序号": "合计",
        "实施单位": f"{context.forms} 张表",
        **_money(context),
        "错误": _sum(context, "错误", Decimal(figures.errors)),
        "警告": _sum(context, "警告", Decimal(figures.warnings)),
        "未完成指标": _sum(context, "未完成指标", Decimal(figures.missed)),
        "备注": left_out_words(context) or None,
        "权重资金（万元）": _sum(context, "权重资金（万元）", figures.weight),
    }
    return tuple(cells.get(each.header) for each in COLUMNS)


def _sum(context: Context, header: str, value: Decimal) -> Formula:
    letter = LETTERS[header]
    return Formula(f"SUM({letter}2:{letter}{context.last_form})", value)


def _money(context: Context) -> dict[str, columns.Value]:
    money = context.figures.money
    cells: dict[str, columns.Value] = {
        header: _sum(context, header, getattr(money, name)) for name, _, header in _AMOUNTS
    }
    return cells | {"执行率（%）": _rate(context)}


def _rate(context: Context) -> Formula:
    """Of the forms that give both amounts; with all of them that is the rate of the sums."""
    money, last, row = context.figures.money, context.last_form, context.last_form + 1
    budget, spent = LETTERS["全年预算数"], LETTERS["全年执行数"]
    if money.complete:
        value = scoring.execution_rate(money.annual, money.executed)
        text = scoring.execution_rate_formula(f"{budget}{row}", f"{spent}{row}")
        return Formula(text, scoring.NOT_APPLICABLE if value is None else value)
    value = scoring.execution_rate(money.both_annual, money.both_executed)
    budgets, spents = f"{budget}2:{budget}{last}", f"{spent}2:{spent}{last}"
    mask = f"ISNUMBER({budgets})*ISNUMBER({spents})"
    return Formula(
        pair_rate(f"SUMPRODUCT({mask},{budgets})", f"SUMPRODUCT({mask},{spents})"),
        scoring.NOT_APPLICABLE if value is None else value,
    )


def pair_rate(budget: str, executed: str) -> str:
    """The execution rate of two sums."""
    return f'IF({budget}=0,"{scoring.NOT_APPLICABLE}",ROUND({executed}/{budget}*100,2))'


def left_out_words(context: Context) -> str:
    """How many are not in the totals, and what that means for the rate."""
    figures, left_out, texts = context.figures, context.consolidation.left_out, []
    if figures.incomplete:
        texts.append(f"另有 {figures.incomplete} 家金额未填或无法识别，未计入")
    if not figures.money.complete:
        texts.append("执行率只按预算数和执行数齐全的表计算")
    if left_out:
        texts.append(f"{len(left_out)} 张表未计入合计，见来源清单")
    return "；".join(texts)


def average(mean: Mean) -> Decimal | str:
    return round_half_up(mean.total / mean.count) if mean.count else scoring.NOT_APPLICABLE


def form_column(header: str, context: Context) -> str:
    """A column of 汇总 over the forms, without the totals."""
    return column(SUMMARY, LETTERS[header], context.last_form)
