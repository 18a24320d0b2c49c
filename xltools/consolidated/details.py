"""资金明细 and 指标明细: one row a fund line, one row an indicator, as read."""

from __future__ import annotations

from collections.abc import Iterator

from xltools import scoring
from xltools.consolidated.cells import Cell, Marked
from xltools.consolidated.context import Context, Part
from xltools.consolidated.listing import Column, Listing
from xltools.form_sheet import Formula
from xltools.merging import UNDETERMINED, FundFacts, IndicatorFacts, MergedForm, Value, numeric
from xltools.messages.interface import FUND_KINDS
from xltools.model import column_letters
from xltools.vocabulary import label_key, vocabulary

FUND_COLUMNS = (
    Column("实施单位", 22, "text", wraps=True),
    Column("项目名称", 26, "text", wraps=True),
    Column("资金来源", 20, "text", wraps=True),
    Column("年初预算数", 14, "money"),
    Column("全年预算数", 14, "money"),
    Column("全年执行数", 14, "money"),
    Column("执行率（%）", 10, "rate"),
    Column("来源文件", 28, "text", wraps=True),
    Column("单元格", 8, "centred"),
    Column("资金类别", 14, "helper", helper=True),
)
INDICATOR_COLUMNS = (
    Column("实施单位", 18, "text", wraps=True),
    Column("项目名称", 18, "text", wraps=True),
    Column("一级指标", 11, "text", wraps=True),
    Column("二级指标", 13, "text", wraps=True),
    Column("三级指标", 22, "text", wraps=True),
    Column("指标性质", 6.5, "centred"),
    Column("指标方向", 9, "centred"),
    Column("年度指标值", 11, "plain", wraps=True),
    Column("实际完成值", 11, "plain", wraps=True),
    Column("计量单位", 7, "centred"),
    Column("分值", 7, "points"),
    Column("得分", 7, "points"),
    Column("复算得分", 9, "points"),
    Column("偏差原因分析及改进措施", 26, "text", wraps=True),
    Column("来源文件", 20, "text", wraps=True),
    Column("单元格", 7, "centred"),
    Column("合并行号", 7, "helper", helper=True),
    Column("指标值（数值）", 10, "helper", helper=True),
    Column("完成值（数值）", 10, "helper", helper=True),
    Column("权重资金（万元）", 13, "helper_money", helper=True),
)
FUND_LETTERS = {each.header: column_letters(at) for at, each in enumerate(FUND_COLUMNS, start=1)}
INDICATOR_LETTERS = {each.header: column_letters(at) for at, each in enumerate(INDICATOR_COLUMNS, start=1)}


def lay_out_funds(sheet: Listing, context: Context, part: Part) -> None:
    sheet.lay_out("资金明细（万元）", FUND_COLUMNS, part.rows, context.look)
    sheet.fill(FUND_COLUMNS, _fund_rows(context, part), part.rows, context.look)


def lay_out_indicators(sheet: Listing, context: Context, part: Part) -> None:
    sheet.lay_out("指标明细", INDICATOR_COLUMNS, part.rows, context.look)
    sheet.fill(INDICATOR_COLUMNS, _indicator_rows(context, part), part.rows, context.look)
    if part.rows:
        short = {"type": "formula", "criteria": "=AND(ISNUMBER($L2),ISNUMBER($M2),ROUND($L2-$M2,2)>0.01)"}
        sheet.conditional_format(1, 11, part.rows, 12, short | {"format": context.look.red})


def is_dash(text: str) -> bool:
    """Says "does not apply", in one of its spellings."""
    return label_key(text) in vocabulary().not_applicable


def _amount(value: Value) -> Cell:
    """A number; "not applicable" as it stands; any other words marked."""
    return Marked(value) if isinstance(value, str) and not is_dash(value) else value


def _fund_rows(context: Context, part: Part) -> Iterator[tuple[Cell, ...]]:
    row = 1
    for at in part.items:
        form = context.consolidation.forms[at]
        for line in form.facts.funds:
            row += 1
            yield _fund_row(context, form, line, row)


def _fund_row(context: Context, form: MergedForm, line: FundFacts, row: int) -> tuple[Cell, ...]:
    facts = form.facts
    return (
        facts.unit,
        facts.project,
        line.label,
        _amount(line.initial),
        _amount(line.annual),
        _amount(line.executed),
        _rate(line, row),
        context.shown(form.source),
        context.link(form.source, line.cell, facts.sheet, line.cell) if line.cell else None,
        FUND_KINDS[line.kind][0],
    )


def _rate(line: FundFacts, row: int) -> Cell:
    annual, executed = numeric(line.annual), numeric(line.executed)
    if annual is None or executed is None:
        return None
    value = scoring.execution_rate(annual, executed)
    text = scoring.execution_rate_formula(f"E{row}", f"F{row}")
    return Formula(text, scoring.NOT_APPLICABLE if value is None else value)


def _indicator_rows(context: Context, part: Part) -> Iterator[tuple[Cell, ...]]:
    for at in part.items:
        form = context.consolidation.forms[at]
        source, weight = context.shown(form.source), float(form.weight)
        for indicator, number in zip(form.facts.indicators, form.rows, strict=True):
            yield _indicator_row(context, form, indicator, number, source, weight)


def _indicator_row(
    context: Context, form: MergedForm, row: IndicatorFacts, number: int, source: str, weight: float
) -> tuple[Cell, ...]:
    facts = form.facts
    unjudged = Marked(UNDETERMINED) if facts.scored else None
    return (
        facts.unit,
        facts.project,
        row.level1,
        row.level2,
        row.level3,
        row.nature or None,
        row.direction or None,
        row.target,
        row.actual,
        row.unit or None,
        _amount(row.weight),
        _amount(row.score),
        unjudged if row.recomputed is None else row.recomputed,
        row.deviation or None,
        source,
        context.link(form.source, row.cell, facts.sheet, row.cell) if row.cell else None,
        number,
        row.target_number,
        row.actual_number,
        weight,
    )
