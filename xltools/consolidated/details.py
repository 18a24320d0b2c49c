"""资金明细 and 指标明细: one row a fund line, one row an indicator, as read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from xltools import scoring
from xltools.consolidated.cells import Marked
from xltools.consolidated.columns import Column, Written, computed, letters
from xltools.consolidated.paths import Paths
from xltools.consolidated.rows import Rows
from xltools.merging import UNDETERMINED, FundFacts, IndicatorFacts, MergedForm, Value, exact
from xltools.messages.interface import FUND_KINDS
from xltools.vocabulary import is_dash

if TYPE_CHECKING:
    from xltools.consolidated.context import Context
    from xltools.consolidated.listing import Listing
    from xltools.consolidated.sheets import Part

_FUNDS = (
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


def _fund_formulas(cell: Mapping[str, str]) -> dict[str, str]:
    return {"执行率（%）": scoring.execution_rate_formula(cell["全年预算数"], cell["全年执行数"])}


FUND_COLUMNS = computed(_FUNDS, _fund_formulas)
FUND_LETTERS, INDICATOR_LETTERS = letters(FUND_COLUMNS), letters(INDICATOR_COLUMNS)


_FUND_HEADERS, _INDICATOR_HEADERS = (
    [each.header for each in all] for all in (FUND_COLUMNS, INDICATOR_COLUMNS)
)
_FUND_FILE, _FUND_CELL = map(_FUND_HEADERS.index, ("来源文件", "单元格"))
_INDICATOR_FILE, _INDICATOR_CELL = map(_INDICATOR_HEADERS.index, ("来源文件", "单元格"))
_WEIGHT = _INDICATOR_HEADERS.index("权重资金（万元）")


def lay_out_funds(sheet: Listing, context: Context, part: Part) -> None:
    sheet.lay_out("资金明细（万元）", FUND_COLUMNS, part.rows, context.look)


def lay_out_indicators(sheet: Listing, context: Context, part: Part) -> None:
    sheet.lay_out("指标明细", INDICATOR_COLUMNS, part.rows, context.look)
    if part.rows:
        short = {"type": "formula", "criteria": "=AND(ISNUMBER($L2),ISNUMBER($M2),ROUND($L2-$M2,2)>0.01)"}
        sheet.conditional_format(1, 11, part.rows, 12, short | {"format": context.look.red})


def _amount(value: Value) -> Value | Marked:
    """A number; "not applicable" as it stands; any other words marked."""
    return Marked(value) if isinstance(value, str) and not is_dash(value) else value


def write_funds(form: MergedForm, rows: Rows, paths: Paths) -> None:
    """The lines of a form; much of them comes again in other forms."""
    facts, to = form.facts, paths.to(form.source, form.facts.sheet)
    who = rows.part(0, (facts.unit, facts.project))
    file = rows.part(_FUND_FILE, (paths.shown(form.source),))
    for line in facts.funds:
        links = to.links(_FUND_CELL, line.cell) if to and line.cell and rows.linked else ()
        amounts, place = rows.recalled(_fund_parts, line, bool(links))
        rows.put((who, amounts, file, place), links)


def _fund_parts(rows: Rows, line: FundFacts, linked: bool) -> tuple[Written, ...]:
    """What stands before the name of the file, and behind it."""
    kind, label, initial, annual, executed, cell = line
    rate = _rate(annual, executed) if isinstance(annual, float) and isinstance(executed, float) else None
    return (
        rows.part(2, (label, _amount(initial), _amount(annual), _amount(executed), rate)),
        rows.part(_FUND_CELL, (cell or None, FUND_KINDS[kind][0]), _FUND_CELL if linked else None),
    )


@lru_cache(maxsize=1024)
def _rate(annual: float, executed: float) -> float | str:
    rate = scoring.execution_rate(exact(annual), exact(executed))
    return scoring.NOT_APPLICABLE if rate is None else float(rate)


def write_indicators(form: MergedForm, rows: Rows, paths: Paths) -> None:
    """The indicators of a form; much of them comes again in other forms."""
    facts, to = form.facts, paths.to(form.source, form.facts.sheet)
    who = rows.part(0, (facts.unit, facts.project))
    file = rows.part(_INDICATOR_FILE, (paths.shown(form.source),))
    weight = rows.part(_WEIGHT, (float(form.weight),))
    for row, number in zip(facts.indicators, form.rows, strict=True):
        links = to.links(_INDICATOR_CELL, row.cell) if to and row.cell and rows.linked else ()
        words, place = rows.recalled(_indicator_parts, row, number, facts.scored, bool(links))
        rows.put((who, words, file, place, weight), links)


def _indicator_parts(
    rows: Rows, row: IndicatorFacts, number: int, scored: bool, linked: bool
) -> tuple[Written, ...]:
    """What stands before the name of the file, and between that and the funds.

    scored: the form has scores, so that a row without one could not be judged.
    """
    recomputed: Value | Marked = row.recomputed
    if recomputed is None and scored:
        recomputed = Marked(UNDETERMINED)
    words = (
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
        recomputed,
        row.deviation or None,
    )
    place = (row.cell or None, number, row.target_number, row.actual_number)
    return rows.part(2, words), rows.part(_INDICATOR_CELL, place, _INDICATOR_CELL if linked else None)
