"""汇总: one row a form, then the totals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from xlsxwriter.worksheet import Worksheet

from xltools import scoring
from xltools.consolidated.cells import Cell, Marked
from xltools.consolidated.context import SUMMARY, Context, UnitSheet, column, jump, quoted
from xltools.consolidated.details import is_dash
from xltools.consolidated.listing import Column, Listing
from xltools.form_sheet import Formula
from xltools.merging import UNDETERMINED, FormFacts, MergedForm, Value, exact, numeric
from xltools.messages.interface import GRADES
from xltools.model import Grade, column_letters
from xltools.quantities import plain, round_half_up

COLUMNS = (
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
LETTERS = {each.header: column_letters(at) for at, each in enumerate(COLUMNS, start=1)}
_AT = {each.header: at for at, each in enumerate(COLUMNS)}
GRADE_NAMES = {cast(Grade, grade): words[0] for grade, words in GRADES.items()}
_AMOUNTS = (
    ("initial", "initial_budget", "年初预算数"),
    ("annual", "annual_budget", "全年预算数"),
    ("executed", "executed", "全年执行数"),
)


def lay_out(sheet: Listing, context: Context) -> None:
    count = len(context.consolidation.forms)
    sheet.lay_out("自评表汇总（万元）", COLUMNS, count, context.look)
    sheet.freeze_panes(1, 2)
    sheet.print_area(0, 0, count + 1, sum(not each.helper for each in COLUMNS) - 1)
    sheet.fill(COLUMNS, _rows(context), count, context.look, _totals(context) if count else ())
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


def _rows(context: Context) -> Iterator[tuple[Cell, ...]]:
    for at, form in enumerate(context.consolidation.forms):
        yield _row(context, at, form)


def _row(context: Context, at: int, form: MergedForm) -> tuple[Cell, ...]:
    facts, row = form.facts, at + 2
    unit = context.units[at] if context.units else None
    severities = [finding.severity for finding in form.findings]
    return (
        at + 1,
        jump(facts.unit or "（未填）", unit.name, "A1") if unit else facts.unit,
        facts.department,
        facts.project,
        facts.year,
        *(_amount(getattr(facts, name), unit, field, form) for name, field, _ in _AMOUNTS),
        _rate_of(facts, row),
        _stated(facts.stated_execution, unit, "fund.score", form),
        _stated(facts.stated_total, unit, "total_score", form),
        GRADE_NAMES[facts.stated_grade] if facts.stated_grade else None,
        *_recomputed(context, at, facts, row),
        severities.count("error"),
        severities.count("warning"),
        context.link(form.source),
        _execution_again(facts, row),
        _difference(facts, row),
        sum(indicator.met is False for indicator in facts.indicators),
        form.remarks or None,
        facts.execution_weight if facts.scored else None,
        float(form.weight) if facts.scored else 0.0,
    )


def _stated(value: Value, unit: UnitSheet | None, field: str, form: MergedForm) -> Cell:
    """As on the form: from the unit's sheet where there is one; words where no number stands."""
    points = numeric(value)
    if points is None:
        return Marked(value) if isinstance(value, str) and not is_dash(value) else value
    if unit is None or form.facts.form is None:
        return value
    at = _total_line(form) if field.startswith("fund.") else 0
    return Formula(f"{quoted(unit.name)}!{unit.placement.cell(field, at)}", points)


def _total_line(form: MergedForm) -> int:
    assert form.facts.form is not None
    return next(n for n, line in enumerate(form.facts.form.funds) if line.kind == "total")


def _amount(value: Value, unit: UnitSheet | None, field: str, form: MergedForm) -> Cell:
    """From the unit's sheet where there is one; blank where no number stands (the remark says why)."""
    amount = numeric(value)
    if amount is None or unit is None or form.facts.form is None:
        return None if amount is None else value
    divided = "/10000" if form.facts.form.unit == "元" else ""
    return Formula(
        f"{quoted(unit.name)}!{unit.placement.cell(f'fund.{field}', _total_line(form))}{divided}", amount
    )


def _rate_of(facts: FormFacts, row: int) -> Cell:
    """Blank where an amount is missing."""
    if numeric(facts.annual) is None or numeric(facts.executed) is None:
        return None
    cells = (f"{LETTERS[name]}{row}" for name in ("全年预算数", "全年执行数"))
    value = scoring.NOT_APPLICABLE if facts.rate is None else exact(facts.rate)
    return Formula(scoring.execution_rate_formula(*cells), value)


def _execution_again(facts: FormFacts, row: int) -> Cell:
    if not facts.scored or numeric(facts.annual) is None or numeric(facts.executed) is None:
        return None
    value = scoring.NOT_APPLICABLE if facts.execution_score is None else exact(facts.execution_score)
    rate, weight = f"{LETTERS['执行率（%）']}{row}", f"{LETTERS['执行率分值']}{row}"
    return Formula(scoring.execution_score_formula(rate, weight), value)


def _difference(facts: FormFacts, row: int) -> Cell:
    """Stated minus recomputed."""
    stated, again = numeric(facts.stated_total), numeric(facts.total)
    if stated is None or again is None or not facts.scored:
        return None
    text = f"ROUND({LETTERS['自评总分']}{row}-{LETTERS['复算总分']}{row},2)"
    return Formula(text, round_half_up(stated - again))


def _recomputed(context: Context, at: int, facts: FormFacts, row: int) -> tuple[Cell, Cell]:
    if not facts.scored:
        return None, None
    if facts.total is None or facts.grade is None:
        return UNDETERMINED, UNDETERMINED
    span, execution = context.spans[at], f"{LETTERS['复算执行得分']}{row}"
    points = f"ROUND({execution}+SUM({quoted(span.sheet)}!M{span.first}:M{span.last}),2)"
    grade = scoring.grade_formula(f"{LETTERS['复算总分']}{row}", context.consolidation.profile, GRADE_NAMES)
    return Formula(points, exact(facts.total)), Formula(grade, GRADE_NAMES[facts.grade])


# --- the totals -----------------------------------------------------------------------------------


def _totals(context: Context) -> tuple[Cell, ...]:
    """A formula below each column that adds up, blank below the others."""
    forms = context.consolidation.forms
    errors, warnings = (
        sum(f.severity == severity for form in forms for f in form.findings)
        for severity in ("error", "warning")
    )
    missed = sum(indicator.met is False for form in forms for indicator in form.facts.indicators)
    weight = scoring.sum_of(form.weight for form in forms if form.facts.scored)
    cells: dict[str, Cell] = {
        "序号": "合计",
        "实施单位": f"{len(forms)} 张表",
        **_money(context),
        "错误": _sum(context, "错误", Decimal(errors)),
        "警告": _sum(context, "警告", Decimal(warnings)),
        "未完成指标": _sum(context, "未完成指标", Decimal(missed)),
        "备注": left_out_words(context) or None,
        "权重资金（万元）": _sum(context, "权重资金（万元）", weight),
    }
    return tuple(cells.get(each.header) for each in COLUMNS)


def _sum(context: Context, header: str, value: Decimal) -> Formula:
    letter = LETTERS[header]
    return Formula(f"SUM({letter}2:{letter}{context.last_form})", value)


def _money(context: Context) -> dict[str, Cell]:
    forms = context.consolidation.forms
    sums = {
        header: scoring.sum_of(
            number for form in forms if (number := numeric(getattr(form.facts, name))) is not None
        )
        for name, _, header in _AMOUNTS
    }
    cells: dict[str, Cell] = {header: _sum(context, header, total) for header, total in sums.items()}
    return cells | {"执行率（%）": _rate(context, sums["全年预算数"], sums["全年执行数"])}


def _rate(context: Context, annual: Decimal, executed: Decimal) -> Formula:
    """Of the forms that give both amounts; with all of them that is the rate of the sums."""
    last, row = context.last_form, context.last_form + 1
    budget, spent = LETTERS["全年预算数"], LETTERS["全年执行数"]
    pairs = [
        (numeric(form.facts.annual), numeric(form.facts.executed)) for form in context.consolidation.forms
    ]
    if not any((a is None) != (e is None) for a, e in pairs):
        value = scoring.execution_rate(annual, executed)
        text = scoring.execution_rate_formula(f"{budget}{row}", f"{spent}{row}")
        return Formula(text, scoring.NOT_APPLICABLE if value is None else value)
    both = [(a, e) for a, e in pairs if a is not None and e is not None]
    value = scoring.execution_rate(scoring.sum_of(a for a, _ in both), scoring.sum_of(e for _, e in both))
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
    c, texts = context.consolidation, []
    if c.incomplete:
        texts.append(f"另有 {c.incomplete} 家金额未填或无法识别，未计入")
    pairs = [(numeric(form.facts.annual), numeric(form.facts.executed)) for form in c.forms]
    if any((a is None) != (e is None) for a, e in pairs):
        texts.append("执行率只按预算数和执行数齐全的表计算")
    if c.left_out:
        texts.append(f"{c.left_out} 张表未计入合计，见来源清单")
    return "；".join(texts)


def average(values: list[Decimal]) -> Decimal | str:
    return round_half_up(scoring.sum_of(values) / len(values)) if values else scoring.NOT_APPLICABLE


def form_column(header: str, context: Context) -> str:
    """A column of 汇总 over the forms, without the totals."""
    return column(SUMMARY, LETTERS[header], context.last_form)
