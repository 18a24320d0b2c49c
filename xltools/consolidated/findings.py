"""问题清单 and 来源清单: what to correct, and every file that was met."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from xltools.consolidated.columns import Column
from xltools.consolidated.paths import Paths, jump
from xltools.consolidated.rows import Row
from xltools.merging import FileLine, FindingLine
from xltools.messages.interface import LAYOUTS, SEVERITIES, STATUSES

if TYPE_CHECKING:
    from xltools.consolidated.context import Context, UnitSheet
    from xltools.consolidated.listing import Listing
    from xltools.consolidated.sheets import Part

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


_HEADERS = [each.header for each in FINDING_COLUMNS]
_CELL, _JUMP = _HEADERS.index("单元格"), _HEADERS.index("单位表")


def lay_out_findings(sheet: Listing, context: Context, part: Part) -> None:
    sheet.lay_out("问题清单", FINDING_COLUMNS, part.rows, context.look)
    if part.rows:
        look = context.look
        for severity, style in (("error", look.red), ("undetermined", look.blue), ("warning", look.amber)):
            rule = {"type": "formula", "criteria": f'=$A2="{SEVERITIES[severity][0]}"', "format": style}
            sheet.conditional_format(1, 0, part.rows, 0, rule)


def finding_row(line: FindingLine, paths: Paths, units: Mapping[int, UnitSheet]) -> Row:
    """units: the sheets of the forms by their places, where they have some."""
    facts, source = line.facts, line.source
    cells = _shown_cells(facts.cells) if facts.cells else None
    links = paths.link(_CELL, source, facts.sheet, facts.cells[0]) if cells and source else ()
    text = None
    if units and line.form is not None:
        unit = units[line.form]
        cell = next((unit.cells[cell] for cell in facts.cells if cell in unit.cells), "A1")
        text = cell if cell != "A1" else "打开"  # the layout there has no such cell
        links = (*links, jump(_JUMP, unit.name, cell))
    return (
        SEVERITIES[facts.severity][0],
        facts.code,
        line.unit,
        paths.shown(source),
        facts.sheet,
        cells,
        facts.message,
        facts.hint,
        line.project,
        facts.title,
        text,
    ), links


@lru_cache(maxsize=4096)
def _shown_cells(cells: tuple[str, ...]) -> str:
    more = f"等{len(cells)}处" if len(cells) > 3 else ""
    return "、".join(cells[:3]) + more


def lay_out_sources(sheet: Listing, context: Context, count: int) -> None:
    sheet.lay_out("来源清单", SOURCE_COLUMNS, count, context.look)
    if count:
        rule = {"type": "formula", "criteria": f'=$B2<>"{STATUSES["read"][0]}"', "format": context.look.amber}
        sheet.conditional_format(1, 1, count, 1, rule)


def source_row(file: FileLine, paths: Paths) -> Row:
    opened = bool(file.sha256)
    return (
        paths.shown(file.path),
        STATUSES[file.status][0],
        file.reason or None,
        file.size if opened else None,
        round(_EPOCH + _BEIJING + file.modified / 86_400, 8) if opened else None,
        file.sha256 or None,
        _layouts(file.layouts),
    ), paths.link(0, file.path)


@lru_cache(maxsize=256)
def _layouts(layouts: tuple[str, ...]) -> str | None:
    return "、".join(LAYOUTS[each][0] if each in LAYOUTS else each for each in layouts) or None
