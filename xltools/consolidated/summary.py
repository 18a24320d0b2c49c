"""汇总: one row a form, then the totals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from xlsxwriter.worksheet import Worksheet

from xltools import scoring
from xltools.consolidated.cells import Cell, Marked
from xltools.consolidated.context import INDICATORS, SUMMARY, Context, UnitSheet, column, jump, quoted
from xltools.consolidated.listing import Column, Listing
from xltools.form_sheet import Formula
from xltools.merging import UNDETERMINED, FormFacts, MergedForm, Value, exact, numeric
from xltools.messages.interface import GRADES
from xltools.model import Grade
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
    Column("来源文件", 34, "text", wraps=True),
    Column("备注", 26, "text", wraps=True),
    Column("执行率分值", 8, "helper", helper=True),
    Column("权重资金（万元）", 13, "helper_money", helper=True),
)
GRADE_NAMES = {cast(Grade, grade): words[0] for grade, words in GRADES.items()}
_AMOUNTS = (
    ("initial", "initial_budget", "F"),
    ("annual", "annual_budget", "G"),
    ("executed", "executed", "H"),
)


def lay_out(sheet: Listing, context: Context) -> None:
    count = len(context.consolidation.forms)
    sheet.lay_out("自评表汇总（万元）", COLUMNS, count, context.look)
    sheet.freeze_panes(1, 2)
    sheet.print_area(0, 0, count + 1, 17)
    sheet.fill(COLUMNS, _rows(context), count, context.look, _totals(context) if count else ())
    if count:
        _colour(sheet, context, count)


def _colour(sheet: Worksheet, context: Context, last: int) -> None:
    """What to look at first: totals that differ, low execution, errors."""
    look, tolerance = context.look, plain(context.consolidation.profile.total_tolerance)
    differs = f"=AND(ISNUMBER($K2),ISNUMBER($M2),ROUND(ABS($K2-$M2),2)>{tolerance})"
    open_ = f'=$N2="{UNDETERMINED}"'
    graded = f'=AND($L2<>"",$N2<>"",$N2<>"{UNDETERMINED}",$L2<>$N2)'
    low = f"=AND(ISNUMBER($I2),$I2<{plain(context.consolidation.profile.reason_below)})"
    for first, end, rule, style in (
        (10, 10, differs, look.red),
        (12, 12, differs, look.red),
        (12, 13, open_, look.blue),
        (11, 11, graded, look.red),
        (13, 13, graded, look.red),
        (8, 8, low, look.amber),
        (14, 14, "=$O2>0", look.red),
        (15, 15, "=$P2>0", look.amber),
        (17, 17, '=$R2<>""', look.amber),
    ):
        sheet.conditional_format(1, first, last, end, {"type": "formula", "criteria": rule, "format": style})


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
        *_execution(facts, row),
        facts.stated_total if numeric(facts.stated_total) is not None else _words(facts.stated_total),
        GRADE_NAMES[facts.stated_grade] if facts.stated_grade else None,
        *_recomputed(context, at, facts, row),
        severities.count("error"),
        severities.count("warning"),
        context.link(form.source),
        form.remarks or None,
        facts.execution_weight if facts.scored else None,
        float(form.weight) if facts.scored else 0.0,
    )


def _words(value: Value) -> Cell:
    return Marked(value) if isinstance(value, str) else None


def _amount(value: Value, unit: UnitSheet | None, field: str, form: MergedForm) -> Cell:
    """From the unit's sheet where there is one; blank where no number stands (the remark says why)."""
    amount = numeric(value)
    if amount is None or unit is None or form.facts.form is None:
        return None if amount is None else value
    funds = form.facts.form.funds
    at = next(n for n, line in enumerate(funds) if line.kind == "total")
    divided = "/10000" if form.facts.form.unit == "元" else ""
    return Formula(f"{quoted(unit.name)}!{unit.placement.cell(f'fund.{field}', at)}{divided}", amount)


def _execution(facts: FormFacts, row: int) -> tuple[Cell, Cell]:
    """执行率 and 预算执行得分, blank where an amount is missing."""
    if numeric(facts.annual) is None or numeric(facts.executed) is None:
        return None, None
    none = scoring.NOT_APPLICABLE
    rate = Formula(
        scoring.execution_rate_formula(f"G{row}", f"H{row}"),
        none if facts.rate is None else exact(facts.rate),
    )
    if not facts.scored:
        return rate, None
    score = none if facts.execution_score is None else exact(facts.execution_score)
    return rate, Formula(
        scoring.execution_score_formula(f"I{row}", plain(exact(facts.execution_weight))), score
    )


def _recomputed(context: Context, at: int, facts: FormFacts, row: int) -> tuple[Cell, Cell]:
    if not facts.scored:
        return None, None
    if facts.total is None or facts.grade is None:
        return UNDETERMINED, UNDETERMINED
    first, last = context.spans[at]
    points = f"ROUND(J{row}+SUM({quoted(INDICATORS)}!M{first}:M{last}),2)"
    grade = scoring.grade_formula(f"M{row}", context.consolidation.profile, GRADE_NAMES)
    return Formula(points, exact(facts.total)), Formula(grade, GRADE_NAMES[facts.grade])


# --- the totals -----------------------------------------------------------------------------------


def _totals(context: Context) -> tuple[Cell, ...]:
    last = context.last_form
    errors, warnings = (
        sum(f.severity == severity for form in context.consolidation.forms for f in form.findings)
        for severity in ("error", "warning")
    )
    weight = scoring.sum_of(form.weight for form in context.consolidation.forms if form.facts.scored)
    return (
        "合计", f"{len(context.consolidation.forms)} 张表", None, None, None,
        *_money(context),
        None, None, None, None, None,
        Formula(f"SUM(O2:O{last})", Decimal(errors)),
        Formula(f"SUM(P2:P{last})", Decimal(warnings)),
        None,
        left_out_words(context) or None,
        None,
        Formula(f"SUM(T2:T{last})", weight),
    )  # fmt: skip


def _money(context: Context) -> tuple[Cell, ...]:
    last, forms = context.last_form, context.consolidation.forms
    sums = [
        scoring.sum_of(number for form in forms if (number := numeric(getattr(form.facts, name))) is not None)
        for name, _, _ in _AMOUNTS
    ]
    cells = [
        Formula(f"SUM({letter}2:{letter}{last})", total)
        for (*_, letter), total in zip(_AMOUNTS, sums, strict=True)
    ]
    return (*cells, _rate(context, sums[1], sums[2]))


def _rate(context: Context, annual: Decimal, executed: Decimal) -> Formula:
    """Of the forms that give both amounts; with all of them that is the rate of the sums."""
    last, row = context.last_form, context.last_form + 1
    pairs = [
        (numeric(form.facts.annual), numeric(form.facts.executed)) for form in context.consolidation.forms
    ]
    if not any((a is None) != (e is None) for a, e in pairs):
        value = scoring.execution_rate(annual, executed)
        text = scoring.execution_rate_formula(f"G{row}", f"H{row}")
        return Formula(text, scoring.NOT_APPLICABLE if value is None else value)
    both = [(a, e) for a, e in pairs if a is not None and e is not None]
    value = scoring.execution_rate(scoring.sum_of(a for a, _ in both), scoring.sum_of(e for _, e in both))
    mask = f"ISNUMBER(G2:G{last})*ISNUMBER(H2:H{last})"
    text = pair_rate(mask, f"G2:G{last}", f"H2:H{last}")
    return Formula(text, scoring.NOT_APPLICABLE if value is None else value)


def pair_rate(mask: str, annual: str, executed: str) -> str:
    """The execution rate over the rows where ``mask`` is 1."""
    budget = f"SUMPRODUCT({mask},{annual})"
    return f'IF({budget}=0,"{scoring.NOT_APPLICABLE}",ROUND(SUMPRODUCT({mask},{executed})/{budget}*100,2))'


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


def form_column(letter: str, context: Context) -> str:
    """A column of 汇总 over the forms, without the totals."""
    return column(SUMMARY, letter, context.last_form)
