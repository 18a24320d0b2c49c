"""问题清单 and 来源清单: what to correct, and every file that was met."""

from __future__ import annotations

from collections.abc import Iterator

from xltools.consolidated.cells import Cell
from xltools.consolidated.context import Context, Part, UnitSheet, jump
from xltools.consolidated.listing import Column, Listing
from xltools.merging import FindingLine
from xltools.messages.interface import LAYOUTS, SEVERITIES, STATUSES

FINDING_COLUMNS = (
    Column("级别", 9, "centred"),
    Column("规则", 9, "centred"),
    Column("实施单位", 20, "text", wraps=True),
    Column("来源文件", 24, "text", wraps=True),
    Column("工作表", 12, "text", wraps=True),
    Column("单元格", 10, "centred"),
    Column("问题", 52, "text", wraps=True),
    Column("怎么改", 52, "text", wraps=True),
    Column("项目名称", 22, "text", wraps=True),
    Column("规则名称", 20, "text", wraps=True),
    Column("单位表", 9, "centred", helper=True),
)
SOURCE_COLUMNS = (
    Column("来源文件", 44, "text", wraps=True),
    Column("状态", 14, "centred"),
    Column("原因", 60, "text", wraps=True),
    Column("大小", 12, "size"),
    Column("修改时间", 18, "time"),
    Column("SHA-256", 68, "text"),
    Column("版式", 24, "text", wraps=True),
)
_EPOCH = 25_569.0  # 1970-01-01 in Excel's days
_BEIJING = 8 / 24


def lay_out_findings(sheet: Listing, context: Context, part: Part) -> None:
    sheet.lay_out("问题清单", FINDING_COLUMNS, part.rows, context.look)
    sheet.fill(FINDING_COLUMNS, _finding_rows(context, part), part.rows, context.look)
    if part.rows:
        look = context.look
        for severity, style in (("error", look.red), ("undetermined", look.blue), ("warning", look.amber)):
            rule = {"type": "formula", "criteria": f'=$A2="{SEVERITIES[severity][0]}"', "format": style}
            sheet.conditional_format(1, 0, part.rows, 0, rule)


def _finding_rows(context: Context, part: Part) -> Iterator[tuple[Cell, ...]]:
    for at in part.items:
        yield _finding_row(context, context.consolidation.findings[at])


def _finding_row(context: Context, line: FindingLine) -> tuple[Cell, ...]:
    facts = line.facts
    cells = _shown_cells(facts.cells)
    return (
        SEVERITIES[facts.severity][0],
        facts.code,
        line.unit,
        context.shown(line.source),
        facts.sheet,
        context.link(line.source, cells, facts.sheet, facts.cells[0])
        if cells and line.source
        else cells or None,
        facts.message,
        facts.hint,
        line.project,
        facts.title,
        _in_unit_sheet(context, line),
    )


def _shown_cells(cells: tuple[str, ...]) -> str:
    more = f"等{len(cells)}处" if len(cells) > 3 else ""
    return "、".join(cells[:3]) + more


def _in_unit_sheet(context: Context, line: FindingLine) -> Cell:
    """To the cell in the unit's sheet, or to its top when the layout there has no such cell."""
    if line.form is None or not context.units:
        return None
    unit: UnitSheet = context.units[line.form]
    cell = next((unit.cells[cell] for cell in line.facts.cells if cell in unit.cells), "A1")
    return jump(cell if cell != "A1" else "打开", unit.name, cell)


def lay_out_sources(sheet: Listing, context: Context) -> None:
    count = len(context.consolidation.files)
    sheet.lay_out("来源清单", SOURCE_COLUMNS, count, context.look)
    sheet.fill(SOURCE_COLUMNS, _source_rows(context), count, context.look)
    if count:
        rule = {"type": "formula", "criteria": f'=$B2<>"{STATUSES["read"][0]}"', "format": context.look.amber}
        sheet.conditional_format(1, 1, count, 1, rule)


def _source_rows(context: Context) -> Iterator[tuple[Cell, ...]]:
    for file in context.consolidation.files:
        yield (
            context.link(file.path),
            STATUSES[file.status][0],
            file.reason or None,
            file.size if file.sha256 else None,
            round(_EPOCH + _BEIJING + file.modified / 86_400, 8) if file.sha256 else None,
            file.sha256 or None,
            "、".join(LAYOUTS[layout][0] if layout in LAYOUTS else layout for layout in file.layouts) or None,
        )
