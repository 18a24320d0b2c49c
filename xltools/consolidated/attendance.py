"""报送情况: the roster line by line, then forms of nobody on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xltools.consolidated.cells import Link
from xltools.consolidated.columns import Column
from xltools.consolidated.context import Context
from xltools.consolidated.listing import Listing
from xltools.consolidated.paths import jump
from xltools.consolidated.rows import Row
from xltools.consolidated.sheets import SUMMARY
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
_HEADERS = [each.header for each in COLUMNS]
_FILE, _JUMP = _HEADERS.index("来源文件"), _HEADERS.index("汇总")
_TO_SUMMARY = "查看"


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


def _rows(context: Context, roll_call: RollCall) -> Iterator[Row]:
    sources = [form.source for form in context.consolidation.everyone]
    for number, line in enumerate(roll_call.lines, start=1):
        yield _line(context, line, number, sources)
    for number, at in enumerate(roll_call.unexpected, start=len(roll_call.lines) + 1):
        yield _stranger(context, at, number)


def _stranger(context: Context, at: int, number: int) -> Row:
    form, place = context.consolidation.everyone[at], context.consolidation.place
    counts = "已计入合计" if at in place else "未计入合计"
    return (
        number,
        form.unit or None,
        form.project or None,
        form.department or None,
        WORDS["unexpected"],
        1,
        context.paths.shown(form.source),
        f"不在应报名单中，{counts}",
        None,
        None,
        _TO_SUMMARY if at in place else None,
    ), (*context.paths.link(_FILE, form.source), *_in_summary(context, (at,)))


def _line(context: Context, line: Attendance, number: int, files: Sequence[str]) -> Row:
    expected = line.expected
    sources = list(dict.fromkeys(files[at] for at in line.forms))
    more = f"等 {len(sources)} 个" if len(sources) > _NAMED else ""
    shown = "、".join(context.paths.shown(source) for source in sources[:_NAMED]) + more
    jumps = _in_summary(context, line.forms)
    return (
        number,
        expected.unit,
        expected.project or None,
        expected.department or None,
        WORDS[line.status],
        len(line.forms),
        shown or None,
        _remark(context.consolidation, line),
        expected.contact or None,
        expected.phone or None,
        _TO_SUMMARY if jumps else None,
    ), (*(context.paths.link(_FILE, sources[0]) if len(sources) == 1 else ()), *jumps)


def _remark(c: Consolidation, line: Attendance) -> str | None:
    if line.instead:
        named = "、".join(
            f"“{project}”" if project else "未填项目名称的表" for project in line.instead[:_NAMED]
        )
        more = f"等 {len(line.instead)} 个" if len(line.instead) > _NAMED else ""
        return f"该单位报送了{named}{more}，项目名称与名单不一致，请核对是否同一项目"
    if line.near:
        return f"收到名称相近的“{line.near}”，请核对是否同一单位"
    out = sum(at not in c.place for at in line.forms)
    if line.status == "missing" or not out:
        return None
    return (
        "均未计入合计，原因见来源清单" if out == len(line.forms) else f"其中 {out} 份未计入合计，见来源清单"
    )


def _in_summary(context: Context, forms: tuple[int, ...]) -> tuple[Link, ...]:
    place = context.consolidation.place
    at = next((place[form] for form in forms if form in place), None)
    return () if at is None else (jump(_JUMP, SUMMARY, f"B{at + 2}"),)
