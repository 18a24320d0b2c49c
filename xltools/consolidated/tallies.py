"""The small tables of 总览: grades, findings by severity, the forms with most errors, the commonest rules."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from xltools.consolidated.context import Context, added, list_columns
from xltools.consolidated.page import HALVES, Block, Page, in_summary
from xltools.consolidated.summary import form_column
from xltools.form_sheet import Formula
from xltools.merging import UNDETERMINED, numeric
from xltools.messages.interface import GRADES, SEVERITIES

TOP = 10


def grades(page: Page, row: int) -> Block:
    """Stated beside recomputed."""
    forms = page.context.consolidation.forms
    page.heads(row, 0, "等级分布")
    page.sheet.set_row(row, 22)
    for columns, text in (((0, 1), "等级"), ((2, 3), "自评"), ((4, 5), "复算")):
        page.span(row + 1, columns, text, page.head)
    stated = Counter(GRADES[f.facts.stated_grade][0] if f.facts.stated_grade else "" for f in forms)
    again = Counter(
        GRADES[f.facts.grade][0] if f.facts.grade else UNDETERMINED for f in forms if f.facts.scored
    )
    names = [words[0] for words in GRADES.values()]
    for at, name in enumerate([*names, UNDETERMINED], start=row + 2):
        page.span(at, (0, 1), name, page.cell)
        for columns, header, counts in (((2, 3), "自评等级", stated), ((4, 5), "复算等级", again)):
            formula = f'COUNTIF({form_column(header, page.context)},"{name}")'
            page.span(at, columns, Formula(formula, Decimal(counts[name])), page.cell)
    return Block(row + 2, row + 1 + len(names))


def severities(page: Page, row: int) -> None:
    context = page.context
    findings = context.consolidation.findings
    page.heads(row, 1, "问题")
    for columns, text in (((6, 7), "级别"), ((8, 9), "条数"), ((10, 11), "涉及单位")):
        page.span(row + 1, columns, text, page.head)
    at = row + 2
    for at, (severity, words) in enumerate(SEVERITIES.items(), start=row + 2):
        mine = [line for line in findings if line.facts.severity == severity]
        units = len({line.unit for line in mine if line.unit})
        page.span(at, (6, 7), words[0], page.cell)
        page.span(at, (8, 9), _counted(context, "A", words[0], len(mine)), page.cell)
        page.span(at, (10, 11), Decimal(units), page.cell)
    total = Formula(f"SUM(I{row + 3}:I{at + 1})", Decimal(len(findings)))
    page.span(at + 1, (6, 7), "合计", page.cell)
    page.span(at + 1, (8, 9), total, page.cell)
    page.span(at + 1, (10, 11), Decimal(len({line.unit for line in findings if line.unit})), page.cell)


def _counted(context: Context, letter: str, word: str, count: int) -> Formula:
    cells = list_columns(context.findings, letter)
    return Formula(added(f'COUNTIF({each},"{word}")' for each in cells), Decimal(count))


def worst(page: Page, row: int) -> Block:
    """The forms with most errors; every figure is that of 汇总."""
    page.heads(row, 0, "问题最多的单位")
    page.sheet.set_row(row, 22)
    for columns, text in (((0, 2), "实施单位"), ((3, 3), "错误"), ((4, 4), "自评"), ((5, 5), "复算")):
        page.span(row + 1, columns, text, page.head)
    ranked = _ranked(page.context)
    for at, (form, errors) in enumerate(ranked, start=row + 2):
        _worst_row(page, at, form, errors)
    if not ranked:
        page.span(row + 2, HALVES[0], "没有错误", page.name)
    return Block(row + 2, row + 1 + max(1, len(ranked)))


def _ranked(context: Context) -> list[tuple[int, int]]:
    """(index of the form, its errors), most first."""
    counts = [
        (at, sum(finding.severity == "error" for finding in form.findings))
        for at, form in enumerate(context.consolidation.forms)
    ]
    return sorted((pair for pair in counts if pair[1]), key=lambda pair: (-pair[1], pair[0]))[:TOP]


def _worst_row(page: Page, at: int, form: int, errors: int) -> None:
    facts = page.context.consolidation.forms[form].facts
    row = form + 2
    name = facts.unit or ("（未填）" if page.context.units else "")
    page.named(at, (0, 2), Formula(f'{in_summary("实施单位", row)}&""', name))
    page.span(at, (3, 3), Formula(in_summary("错误", row), Decimal(errors)), page.cell)
    stated = numeric(facts.stated_total)
    page.span(
        at,
        (4, 4),
        "—" if stated is None else Formula(in_summary("自评总分", row), stated),
        page.points,
    )
    total = numeric(facts.total)
    page.span(
        at,
        (5, 5),
        "—" if total is None else Formula(in_summary("复算总分", row), total),
        page.points,
    )


def rules(page: Page, row: int) -> Block:
    page.heads(row, 1, "最常见的问题")
    for columns, text in (((6, 7), "规则"), ((8, 10), "名称"), ((11, 11), "条数")):
        page.span(row + 1, columns, text, page.head)
    findings = page.context.consolidation.findings
    titles = {line.facts.code: line.facts.title for line in findings}
    counts = Counter(line.facts.code for line in findings)
    top = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]
    for at, (code, count) in enumerate(top, start=row + 2):
        page.span(at, (6, 7), code, page.cell)
        page.named(at, (8, 10), titles[code])
        page.span(at, (11, 11), _counted(page.context, "B", code, count), page.cell)
    if not top:
        page.span(row + 2, HALVES[1], "没有发现问题", page.name)
    return Block(row + 2, row + 1 + max(1, len(top)))
