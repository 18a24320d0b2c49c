"""总览: one printed page for whoever decides: key figures, charts, where to look first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from os.path import basename
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltools.consolidated import charts, leaders, tallies
from xltools.consolidated.context import Context
from xltools.consolidated.look import ACCENT, HEI, PALE
from xltools.consolidated.page import COLUMNS, Page, in_summary
from xltools.consolidated.sheets import FINDINGS, POOLED, ROLLCALL, SUMMARY, column
from xltools.consolidated.summary import average, form_column, left_out_words
from xltools.form_sheet import Formula
from xltools.merging import Mean
from xltools.rollcall import RollCall

_CHART_ROWS = 11
_LONGEST_NAME = 26
_NAMED_ABSENT = 12


def draw(book: Workbook, sheet: Worksheet, context: Context) -> None:
    page = Page(sheet, context)
    sheet.hide_gridlines(2)
    for at in range(COLUMNS):
        sheet.set_column(at, at, 8.3)
    _heading(page)
    _cards(page, 3)
    top = _roll_call(page, 8, context.consolidation.roll_call) if context.consolidation.roll_call else 8
    grades = tallies.grades(page, top)
    tallies.severities(page, top)
    chart_row = top + 8
    rules_at = chart_row + 2 * _CHART_ROWS + 1
    worst = tallies.worst(page, rules_at)
    rules = tallies.rules(page, rules_at)
    ranked = leaders.draw(page)
    charts.insert(book, sheet, context, (chart_row, chart_row + _CHART_ROWS), grades, rules, ranked)
    last = _remarks(page, max(worst.last, rules.last) + 2)
    _set_page(sheet, last)


def _set_page(sheet: Worksheet, last: int) -> None:
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.set_margins(left=0.45, right=0.45, top=0.5, bottom=0.5)
    sheet.print_area(0, 0, last, COLUMNS - 1)


def _heading(page: Page) -> None:
    c = page.context.consolidation
    page.sheet.set_row(0, 34)
    year = f"{c.year}年度" if c.year else ""
    page.span(0, (0, COLUMNS - 1), f"{year}项目支出绩效自评汇总", page.title)
    odd = [file for each in c.bundles for file in each.odd]
    read = sum(each.files for each in c.bundles) - len(odd)
    met = read + sum(file.status != "skipped" for file in odd)
    parts = [
        f"评分口径：{c.profile.title}",
        f"收到文件 {met} 个，读取 {read} 个，无法使用 {met - read} 个",
        f"计入 {len(c.place)} 张表" + (f"，未计入 {len(c.left_out)} 张" if c.left_out else ""),
        *([f"汇总时间：{c.when}"] if c.when else []),
    ]
    page.span(1, (0, COLUMNS - 1), "    ".join(parts), page.subtitle)
    page.sheet.set_row(2, 6)


# --- key figures ----------------------------------------------------------------------------------


class _Card(NamedTuple):
    label: str
    content: Formula | Decimal
    shape: str
    note: str | Formula = ""


def _cards(page: Page, row: int) -> None:
    for at, height in enumerate((18, 30, 16, 8, 4)):
        page.sheet.set_row(row + at, height)
    value: Callable[..., Format] = page.context.look.free
    for at, card in enumerate(_figures(page.context)):
        columns = (at * 2, at * 2 + 1)
        style = value(
            font_name=HEI,
            font_size=14,
            font_color=ACCENT,
            text_wrap=False,
            shrink=True,
            align="center",
            bg_color=PALE,
            num_format=card.shape,
        )
        page.span(row, columns, card.label, page.card_label)
        page.span(row + 1, columns, card.content, style)
        page.span(row + 2, columns, card.note, page.card_note)


def _figures(context: Context) -> list[_Card]:
    c, row = context.consolidation, context.last_form + 1
    total, there = c.pool.funds[0], bool(context.forms)
    money = [
        _Card(f"{label}（万元）", _refer(in_summary(label, row), value, there), "#,##0.00")
        for label, value in (("全年预算数", total.annual), ("全年执行数", total.executed))
    ]
    rate = "—" if total.rate is None else total.rate
    return [
        _reported(context),
        *money,
        _Card("执行率（%）", _refer(in_summary("执行率（%）", row), rate, there), "0.00", "执行数 ÷ 预算数"),
        _mean(context, "自评平均分", "自评总分", context.figures.stated),
        _mean(context, "复算平均分", "复算总分", context.figures.totals),
    ]


def _reported(context: Context) -> _Card:
    c = context.consolidation
    count = Formula(f"COUNT({form_column('序号', context)})", Decimal(context.forms))
    if c.roll_call:
        expected = len(c.roll_call.lines)
        words = f"应报 {expected}，已报 {expected - c.roll_call.count('missing')}"
    else:
        words = f"{len({form.unit for form in c.counting})} 家单位"
    return _Card("计入的自评表", count, "0", words)


def _refer(cell: str, value: Decimal | str, there: bool) -> Formula | Decimal:
    return Formula(cell, value) if there else Decimal(0)


def _mean(context: Context, label: str, header: str, value: Mean) -> _Card:
    cells = form_column(header, context)
    mean = Formula(f'IF(COUNT({cells})=0,"—",ROUND(AVERAGE({cells}),2))', average(value))
    words = Formula(f'COUNT({cells})&" 张表有分数"', f"{value.count} 张表有分数")
    return _Card(label, mean, "0.00", words)


# --- who is missing -------------------------------------------------------------------------------


def _roll_call(page: Page, row: int, roll_call: RollCall) -> int:
    """Counts, and the names of those who sent nothing; returns the row below."""
    page.heads(row, 0, "报送情况")
    page.span(row, (6, 11), None, page.section)
    page.sheet.set_row(row, 22)
    lines = len(roll_call.lines) + len(roll_call.unexpected)
    cells = column(ROLLCALL, "E", lines + 1)
    counts = (
        ("应报", None, len(roll_call.lines)),
        ("已报送", "已报送", roll_call.count("reported")),
        ("未报送", "未报送", roll_call.count("missing")),
        ("重复报送", "重复报送", roll_call.count("duplicate")),
        ("未计入合计", "未计入合计", roll_call.count("left_out")),
        ("名单外", "名单外", len(roll_call.unexpected)),
    )
    for at, (label, word, value) in enumerate(counts):
        columns = (at * 2, at * 2 + 1)
        text = f'COUNTIF({cells},"{word}")' if word else f'ROWS({cells})-COUNTIF({cells},"名单外")'
        page.span(row + 1, columns, label, page.head)
        page.span(row + 2, columns, Formula(text, Decimal(value)), page.cell)
    absent = [line.expected for line in roll_call.lines if line.status == "missing"]
    names = list(dict.fromkeys(_short(each.unit) for each in absent))
    more = f"等 {len(names)} 家" if len(names) > _NAMED_ABSENT else ""
    text = f"未报送：{'、'.join(names[:_NAMED_ABSENT])}{more}。" if names else "名单上的单位均已报送。"
    page.paragraph(row + 3, text, page.alert if names else page.note)
    page.sheet.set_row(row + 4, 6)
    return row + 5


# --- remarks --------------------------------------------------------------------------------------


def _remarks(page: Page, row: int) -> int:
    """What a reader must know before using the figures; returns the last row."""
    context, texts = page.context, [(text, page.alert) for text in _warnings(page.context)]
    page.heads(row, 0, "说明")
    page.span(row, (6, 11), None, page.section)
    page.sheet.set_row(row, 22)
    if context.consolidation.roll_call is None:
        texts.append(("未提供应报名单（--units），无法判断是否有单位未报送。", page.note))
    where = f"全部单位合并后的自评表见“{POOLED}”，逐条问题见“{FINDINGS}”；"
    texts.append((f"{where}主要数字为公式，可点到{SUMMARY}、单位表和原文件。", page.note))
    for at, (text, style) in enumerate(texts, start=row + 1):
        page.paragraph(at, text, style)
    return row + len(texts)


def _warnings(context: Context) -> list[str]:
    c = context.consolidation
    unusable = [file.path for each in c.bundles for file in each.odd if file.status != "skipped"]
    texts = [f"未能使用的文件：{_files(unusable)}（原因见来源清单）"] if unusable else []
    if words := left_out_words(context):
        texts.append(words)
    twice = [line for line in c.batch_findings if line.facts.code == "CON-01"]
    if twice:
        who = list(dict.fromkeys(line.unit or line.project for line in twice))
        texts.append(f"重复报送：{_listed(who, 5, '家')}，涉及 {len(twice)} 张表（见问题清单 CON-01）")
    years = [line for line in c.batch_findings if line.facts.code == "CON-05"]
    if years:
        texts.append(f"年度不一致：{len(years)} 张表不是 {c.year} 年度，未计入合计")
    if c.matches:
        texts.append(f"有 {len(c.matches)} 项指标与其他指标名称或单位相近，可能为同一指标，见“待对应”")
    return texts


def _files(paths: Sequence[str]) -> str:
    return _listed([basename(path) for path in paths], 4, "个")


def _listed(names: Sequence[str], most: int, counted: str) -> str:
    more = f"等 {len(names)} {counted}" if len(names) > most else ""
    return "、".join(map(_short, names[:most])) + more


def _short(name: str) -> str:
    """The beginning and the end of a long name: files differ there."""
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 10]}…{name[-9:]}"
