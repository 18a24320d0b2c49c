"""The small tables of 总览: grades, findings by severity, the forms with most errors, the commonest rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import get_args

from xltools.consolidated.context import Context
from xltools.consolidated.page import HALVES, Block, Page, in_summary
from xltools.consolidated.sheets import added, list_columns
from xltools.consolidated.summary import form_column
from xltools.form_sheet import Formula
from xltools.merging import UNDETERMINED, Worst
from xltools.messages.interface import GRADES, SEVERITIES
from xltools.model import Grade, Severity

_TOP = 10


def grades(page: Page, row: int) -> Block:
    """Stated beside recomputed."""
    figures = page.context.figures
    page.heads(row, 0, "等级分布")
    page.sheet.set_row(row, 22)
    for columns, text in (((0, 1), "等级"), ((2, 3), "自评"), ((4, 5), "复算")):
        page.span(row + 1, columns, text, page.head)
    stated = _named(figures.stated_grades, "")
    again = _named(figures.grades, UNDETERMINED)
    names = [words[0] for words in GRADES.values()]
    for at, name in enumerate([*names, UNDETERMINED], start=row + 2):
        page.span(at, (0, 1), name, page.cell)
        for columns, header, counts in (((2, 3), "自评等级", stated), ((4, 5), "复算等级", again)):
            formula = f'COUNTIF({form_column(header, page.context)},"{name}")'
            page.span(at, columns, Formula(formula, Decimal(counts.get(name, 0))), page.cell)
    return Block(row + 2, row + 1 + len(names))


def _named(counts: Mapping[Grade | None, int], without: str) -> dict[str, int]:
    return {GRADES[grade][0] if grade else without: count for grade, count in counts.items()}


def severities(page: Page, row: int) -> None:
    context = page.context
    figures = context.figures
    page.heads(row, 1, "问题")
    for columns, text in (((6, 7), "级别"), ((8, 9), "条数"), ((10, 11), "涉及单位")):
        page.span(row + 1, columns, text, page.head)
    at = row + 2
    for at, severity in enumerate(get_args(Severity), start=row + 2):
        words = SEVERITIES[severity]
        units = len(figures.units.get(severity, ()))
        page.span(at, (6, 7), words[0], page.cell)
        page.span(at, (8, 9), _counted(context, "A", words[0], figures.found[severity]), page.cell)
        page.span(at, (10, 11), Decimal(units), page.cell)
    total = Formula(f"SUM(I{row + 3}:I{at + 1})", Decimal(figures.found.total()))
    page.span(at + 1, (6, 7), "合计", page.cell)
    page.span(at + 1, (8, 9), total, page.cell)
    page.span(at + 1, (10, 11), Decimal(len(set().union(*figures.units.values()))), page.cell)


def _counted(context: Context, letter: str, word: str, count: int) -> Formula:
    cells = list_columns(context.findings, letter)
    return Formula(added(f'COUNTIF({each},"{word}")' for each in cells), Decimal(count))


def worst(page: Page, row: int) -> Block:
    """The forms with most errors; every figure is that of 汇总."""
    page.heads(row, 0, "问题最多的单位")
    page.sheet.set_row(row, 22)
    for columns, text in (((0, 2), "实施单位"), ((3, 3), "错误"), ((4, 4), "自评"), ((5, 5), "复算")):
        page.span(row + 1, columns, text, page.head)
    ranked = page.context.figures.worst
    for at, form in enumerate(ranked, start=row + 2):
        _worst_row(page, at, form)
    if not ranked:
        page.span(row + 2, HALVES[0], "没有错误", page.name)
    return Block(row + 2, row + 1 + max(1, len(ranked)))


def _worst_row(page: Page, at: int, form: Worst) -> None:
    row = form.place + 2
    name = form.unit or ("（未填）" if page.context.units else "")
    page.named(at, (0, 2), Formula(f'{in_summary("实施单位", row)}&""', name))
    page.span(at, (3, 3), Formula(in_summary("错误", row), Decimal(form.errors)), page.cell)
    page.span(
        at,
        (4, 4),
        "—" if form.stated is None else Formula(in_summary("自评总分", row), form.stated),
        page.points,
    )
    page.span(
        at,
        (5, 5),
        "—" if form.total is None else Formula(in_summary("复算总分", row), form.total),
        page.points,
    )


def rules(page: Page, row: int) -> Block:
    page.heads(row, 1, "最常见的问题")
    for columns, text in (((6, 7), "规则"), ((8, 10), "名称"), ((11, 11), "条数")):
        page.span(row + 1, columns, text, page.head)
    figures = page.context.figures
    top = sorted(figures.rules.items(), key=lambda pair: (-pair[1], pair[0]))[:_TOP]
    for at, (code, count) in enumerate(top, start=row + 2):
        page.span(at, (6, 7), code, page.cell)
        page.named(at, (8, 10), figures.titles[code])
        page.span(at, (11, 11), _counted(page.context, "B", code, count), page.cell)
    if not top:
        page.span(row + 2, HALVES[1], "没有发现问题", page.name)
    return Block(row + 2, row + 1 + max(1, len(top)))
