"""待对应: indicators that may be the same under different names, for a person to decide.

The sheet, filled in, is a mapping file.
"""

from __future__ import annotations

from collections.abc import Iterator

from xltools.consolidated.columns import Column
from xltools.consolidated.context import Context
from xltools.consolidated.listing import Listing
from xltools.consolidated.rows import Row
from xltools.merging import exact
from xltools.merging.matching import Match

COLUMNS = (
    Column("一级指标", 12, "text", wraps=True),
    Column("二级指标", 14, "text", wraps=True),
    Column("三级指标", 26, "text", wraps=True),
    Column("计量单位", 8, "centred"),
    Column("填报表数", 7, "count"),
    Column("建议对应为", 26, "text", wraps=True),
    Column("对应二级指标", 14, "text", wraps=True),
    Column("对应计量单位", 9, "centred"),
    Column("建议项填报表数", 9, "count"),
    Column("相似度（%）", 9, "count"),
    Column("不同之处", 16, "text", wraps=True),
    Column("对应为", 26, "input"),
)
_HOW = (
    "在“对应为”栏填“是”（按建议合并）、另一个三级指标名称，或留空（不合并）；"
    "保存后用 --mapping 指定本文件重新汇总。"
)


def lay_out(sheet: Listing, context: Context) -> None:
    matches = context.consolidation.matches
    sheet.lay_out("待对应的指标", COLUMNS, len(matches), context.look)
    sheet.fill(COLUMNS, _rows(matches), len(matches), context.look)
    last = len(COLUMNS) - 1
    sheet.write_comment(0, last, _HOW, {"author": "", "x_scale": 2.2, "y_scale": 1.2})
    sheet.data_validation(
        1,
        last,
        max(len(matches), 1),
        last,
        {"validate": "any", "input_title": "对应为", "input_message": _HOW[:120]},
    )


def _rows(matches: tuple[Match, ...]) -> Iterator[Row]:
    for match in matches:
        row, other = match.row, match.other
        yield (
            (
                row.level1,
                row.level2,
                row.level3,
                row.unit or None,
                row.units,
                other.level3,
                other.level2,
                other.unit or None,
                other.units,
                round(float(exact(match.similarity) * 100)),
                "、".join(match.differs),
                None,
            ),
            (),
        )
