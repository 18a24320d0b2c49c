"""报送情况: the roster line by line, then forms of nobody on it."""

from __future__ import annotations

from collections.abc import Iterator

from xltools.consolidated.cells import Cell
from xltools.consolidated.context import SUMMARY, Context, jump
from xltools.consolidated.listing import Column, Listing
from xltools.merging import Consolidation
from xltools.rollcall import Attendance, RollCall

COLUMNS = (
    Column("序号", 6, "count"),
    Column("实施单位", 30, "text", wraps=True),
    Column("项目名称", 32, "text", wraps=True),
    Column("主管部门", 22, "text", wraps=True),
    Column("报送情况", 12, "centred"),
    Column("份数", 7, "count"),
    Column("来源文件", 40, "text", wraps=True),
    Column("说明", 44, "text", wraps=True),
    Column("联系人", 10, "text"),
    Column("联系电话", 15, "text"),
    Column("汇总", 8, "centred", helper=True),
)
WORDS = {
    "reported": "已报送",
    "left_out": "未计入合计",
    "duplicate": "重复报送",
    "missing": "未报送",
    "unexpected": "名单外",
}
_NAMED = 3


def lay_out(sheet: Listing, context: Context, roll_call: RollCall) -> None:
    count = len(roll_call.lines) + len(roll_call.unexpected)
    sheet.lay_out("报送情况", COLUMNS, count, context.look)
    sheet.fill(COLUMNS, _rows(context, roll_call), count, context.look)
    look = context.look
    for words, style in (
        (("未报送", "重复报送"), look.red),
        (("未计入合计",), look.amber),
        (("名单外",), look.blue),
    ):
        for word in words:
            rule = {"type": "formula", "criteria": f'=$E2="{word}"', "format": style}
            sheet.conditional_format(1, 4, max(count, 1), 4, rule)


def _rows(context: Context, roll_call: RollCall) -> Iterator[tuple[Cell, ...]]:
    for number, line in enumerate(roll_call.lines, start=1):
        yield _line(context, line, number)
    for number, at in enumerate(roll_call.unexpected, start=len(roll_call.lines) + 1):
        yield _stranger(context, at, number)


def _stranger(context: Context, at: int, number: int) -> tuple[Cell, ...]:
    source, facts = context.consolidation.everyone[at]
    counts = "已计入合计" if at in context.consolidation.place else "未计入合计"
    return (
        number,
        facts.unit or None,
        facts.project or None,
        facts.department or None,
        WORDS["unexpected"],
        1,
        context.link(source),
        f"不在应报名单中，{counts}",
        None,
        None,
        _in_summary(context, (at,)),
    )


def _line(context: Context, line: Attendance, number: int) -> tuple[Cell, ...]:
    expected, c = line.expected, context.consolidation
    sources = list(dict.fromkeys(c.everyone[at][0] for at in line.forms))
    more = f"等 {len(sources)} 个" if len(sources) > _NAMED else ""
    shown = "、".join(context.shown(source) for source in sources[:_NAMED]) + more
    return (
        number,
        expected.unit,
        expected.project or None,
        expected.department or None,
        WORDS[line.status],
        len(line.forms),
        context.link(sources[0]) if len(sources) == 1 else shown or None,
        _remark(c, line),
        expected.contact or None,
        expected.phone or None,
        _in_summary(context, line.forms),
    )


def _remark(c: Consolidation, line: Attendance) -> str | None:
    if line.near:
        return f"收到名称相近的“{line.near}”，请核对是否同一单位"
    out = sum(at not in c.place for at in line.forms)
    if line.status == "missing" or not out:
        return None
    return (
        "均未计入合计，原因见来源清单" if out == len(line.forms) else f"其中 {out} 份未计入合计，见来源清单"
    )


def _in_summary(context: Context, forms: tuple[int, ...]) -> Cell:
    place = context.consolidation.place
    at = next((place[form] for form in forms if form in place), None)
    return None if at is None else jump("查看", SUMMARY, f"B{at + 2}")
