"""资金明细 and 指标明细: one row a fund line, one row an indicator, as read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from xltools import scoring
from xltools.consolidated import columns
from xltools.consolidated.cells import Marked
from xltools.consolidated.columns import ROW, Column
from xltools.consolidated.paths import Paths
from xltools.consolidated.rows import Row
from xltools.merging import UNDETERMINED, FormFacts, FundFacts, IndicatorFacts, MergedForm, Value, exact
from xltools.messages.interface import FUND_KINDS
from xltools.model import column_letters
from xltools.vocabulary import label_key, vocabulary

if TYPE_CHECKING:
    from xltools.consolidated.context import Context
    from xltools.consolidated.listing import Listing
    from xltools.consolidated.sheets import Part

FUND_COLUMNS = (
    Column("实施单位", 22, "text", wraps=True),
    Column("项目名称", 26, "text", wraps=True),
    Column("资金来源", 20, "text", wraps=True),
    Column("年初预算数", 14, "money"),
    Column("全年预算数", 14, "money"),
    Column("全年执行数", 14, "money"),
    Column("执行率（%）", 10, "rate", formula=scoring.execution_rate_formula(f"E{ROW}", f"F{ROW}")),
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


_FUND_LINK = [each.header for each in FUND_COLUMNS].index("单元格")
_INDICATOR_LINK = [each.header for each in INDICATOR_COLUMNS].index("单元格")


def lay_out_funds(sheet: Listing, context: Context, part: Part) -> None:
    sheet.lay_out("资金明细（万元）", FUND_COLUMNS, part.rows, context.look)


def lay_out_indicators(sheet: Listing, context: Context, part: Part) -> None:
    sheet.lay_out("指标明细", INDICATOR_COLUMNS, part.rows, context.look)
    if part.rows:
        short = {"type": "formula", "criteria": "=AND(ISNUMBER($L2),ISNUMBER($M2),ROUND($L2-$M2,2)>0.01)"}
        sheet.conditional_format(1, 11, part.rows, 12, short | {"format": context.look.red})


@lru_cache(maxsize=1024)
def is_dash(text: str) -> bool:
    """Says "does not apply", in one of its spellings."""
    return label_key(text) in vocabulary().not_applicable


def _amount(value: Value) -> columns.Value:
    """A number; "not applicable" as it stands; any other words marked."""
    return Marked(value) if isinstance(value, str) and not is_dash(value) else value


def fund_rows(form: MergedForm, paths: Paths) -> Iterator[Row]:
    facts, source = form.facts, form.source
    shown = paths.shown(source)
    for line in facts.funds:
        cells = _fund_cells(facts, line, shown)
        yield cells, paths.link(_FUND_LINK, source, facts.sheet, line.cell) if line.cell else ()


def _fund_cells(facts: FormFacts, line: FundFacts, shown: str) -> tuple[columns.Value, ...]:
    kind, label, initial, annual, executed, cell = line
    rate = _rate(annual, executed) if type(annual) is type(executed) is float else None
    return (
        facts.unit,
        facts.project,
        label,
        _amount(initial),
        _amount(annual),
        _amount(executed),
        rate,
        shown,
        cell or None,
        FUND_KINDS[kind][0],
    )


@lru_cache(maxsize=1024)
def _rate(annual: float, executed: float) -> float | str:
    rate = scoring.execution_rate(exact(annual), exact(executed))
    return scoring.NOT_APPLICABLE if rate is None else float(rate)


def indicator_rows(form: MergedForm, paths: Paths) -> Iterator[Row]:
    facts, source = form.facts, form.source
    shown, weight = paths.shown(source), float(form.weight)
    for row, number in zip(facts.indicators, form.rows, strict=True):
        cells = _indicator_cells(facts, row, number, shown, weight)
        yield cells, paths.link(_INDICATOR_LINK, source, facts.sheet, row.cell) if row.cell else ()


def _indicator_cells(
    facts: FormFacts, row: IndicatorFacts, number: int, shown: str, weight: float
) -> tuple[columns.Value, ...]:
    recomputed: columns.Value = row.recomputed
    if recomputed is None and facts.scored:
        recomputed = Marked(UNDETERMINED)
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
        recomputed,
        row.deviation or None,
        shown,
        row.cell or None,
        number,
        row.target_number,
        row.actual_number,
        weight,
    )
