"""总览: one printed page for whoever decides: key figures, charts, where to look first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltools.consolidated import charts
from xltools.consolidated.cells import printable
from xltools.consolidated.context import FINDINGS, POOLED, SUMMARY, Context, added, list_columns, quoted
from xltools.consolidated.look import ACCENT, GREY, HEI, LINE, PALE, RED
from xltools.consolidated.summary import LETTERS, average, form_column, left_out_words
from xltools.form_sheet import Formula, lines_needed, write
from xltools.merging import UNDETERMINED, numeric
from xltools.messages.interface import GRADES, SEVERITIES

_COLUMNS = 12
_HALVES = ((0, 5), (6, 11))
_CHART_ROWS = 11
TOP = 10
_MISSING = "CON-02"  # who has sent nothing comes first


class Block(NamedTuple):
    """A small table of the page: 0-based rows of its data, columns of its parts."""

    first: int
    last: int


class _Page:
    """Where the next thing goes, and how the parts of the page look."""

    def __init__(self, sheet: Worksheet, context: Context) -> None:
        free = context.look.free
        self.sheet, self.context = sheet, context
        self._heights: dict[int, float] = {}
        self.title = free(font_name=HEI, font_size=20, font_color=ACCENT, align="left")
        self.subtitle = free(font_size=10, font_color=GREY, align="left")
        self.card_label = free(font_size=9, font_color=GREY, align="center", bg_color=PALE)
        self.card_note = free(font_size=8, font_color=GREY, align="center", bg_color=PALE, valign="top")
        self.section = free(font_name=HEI, font_size=12, font_color=ACCENT, bottom=2, bottom_color=ACCENT)
        self.head = free(font_size=9, font_color=GREY, align="center", bottom=1, bottom_color=LINE)
        self.cell = free(align="center", bottom=1, bottom_color=LINE, text_wrap=False, shrink=True)
        self.name = free(align="left", bottom=1, bottom_color=LINE)
        self.points = free(align="center", bottom=1, bottom_color=LINE, num_format="0.00", text_wrap=False)
        self.note = free(font_size=9, font_color="#595959", align="left", valign="top")
        self.alert = free(font_size=9, font_color=RED, align="left", valign="top")

    def span(self, row: int, columns: tuple[int, int], content: Any, style: Format) -> None:
        if columns[0] != columns[1]:
            self.sheet.merge_range(row, columns[0], row, columns[1], "", style)
        write(self.sheet, row, columns[0], _printable(content), style)

    def named(self, row: int, columns: tuple[int, int], content: Formula | str) -> None:
        """A name, in a row high enough for it; the two tables of a line share their rows."""
        text = content if isinstance(content, str) else str(content.value)
        lines = lines_needed(text, 8.3 * (columns[1] - columns[0] + 1))
        self._heights[row] = max(self._heights.get(row, 15.0), 13.0 * lines + 2)
        self.sheet.set_row(row, self._heights[row])
        self.span(row, columns, content, self.name)

    def heads(self, row: int, half: int, title: str) -> None:
        self.span(row, _HALVES[half], title, self.section)


def _printable(content: Any) -> Any:
    if isinstance(content, Formula):
        return content._replace(value=_printable(content.value))
    return printable(content) if isinstance(content, str) else content


def draw(book: Workbook, sheet: Worksheet, context: Context) -> None:
    page = _Page(sheet, context)
    sheet.hide_gridlines(2)
    for at in range(_COLUMNS):
        sheet.set_column(at, at, 8.3)
    _heading(page)
    _cards(page, 3)
    grades = _grades(page, 8)
    _severities(page, 8)
    chart_row = 16
    rules_at = chart_row + 2 * _CHART_ROWS + 1
    worst = _worst(page, rules_at)
    rules = _rules(page, rules_at)
    charts.insert(book, sheet, context, (chart_row, chart_row + _CHART_ROWS), grades, rules)
    last = _remarks(page, max(worst.last, rules.last) + 2)
    _set_page(sheet, last)


def _set_page(sheet: Worksheet, last: int) -> None:
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.set_margins(left=0.45, right=0.45, top=0.5, bottom=0.5)
    sheet.print_area(0, 0, last, _COLUMNS - 1)


def _heading(page: _Page) -> None:
    c = page.context.consolidation
    page.sheet.set_row(0, 34)
    page.span(0, (0, _COLUMNS - 1), "项目支出绩效自评汇总", page.title)
    read = sum(file.status in ("read", "left_out") for file in c.files)
    parts = [
        f"评分口径：{c.profile.title}",
        f"收到文件 {len(c.files)} 个，读取 {read} 个，无法使用 {len(c.files) - read} 个",
        f"计入 {len(c.forms)} 张表" + (f"，未计入 {c.left_out} 张" if c.left_out else ""),
        *([f"汇总时间：{c.when}"] if c.when else []),
    ]
    page.span(1, (0, _COLUMNS - 1), "    ".join(parts), page.subtitle)
    page.sheet.set_row(2, 6)


# --- key figures ----------------------------------------------------------------------------------


def _cards(page: _Page, row: int) -> None:
    page.sheet.set_row(row, 18)
    page.sheet.set_row(row + 1, 30)
    page.sheet.set_row(row + 2, 16)
    page.sheet.set_row(row + 3, 8)
    page.sheet.set_row(row + 4, 4)
    value: Callable[..., Format] = page.context.look.free
    for at, (label, content, shape, note) in enumerate(_figures(page.context)):
        columns = (at * 2, at * 2 + 1)
        extra = {"text_wrap": False, "shrink": True, "align": "center", "bg_color": PALE, "num_format": shape}
        style = value(font_name=HEI, font_size=14, font_color=ACCENT, **extra)
        page.span(row, columns, label, page.card_label)
        page.span(row + 1, columns, content, style)
        page.span(row + 2, columns, note, page.card_note)


def _figures(context: Context) -> list[tuple[str, Formula | Decimal, str, str | Formula]]:
    c, row = context.consolidation, context.last_form + 1
    total = c.pool.funds[0]
    units = len({form.facts.unit for form in c.forms})
    money = [
        (
            f"{label}（万元）",
            _refer(f"{quoted(SUMMARY)}!{LETTERS[label]}{row}", value, bool(c.forms)),
            "#,##0.00",
            "",
        )
        for label, value in (("全年预算数", total.annual), ("全年执行数", total.executed))
    ]
    rate = "—" if total.rate is None else total.rate
    executed = (
        "执行率（%）",
        _refer(_in_summary("执行率（%）", row), rate, bool(c.forms)),
        "0.00",
        "执行数 ÷ 预算数",
    )
    return [
        ("计入的自评表", _count(context), "0", f"{units} 家单位"),
        *money,
        executed,
        _mean(context, "自评平均分", "自评总分", "stated_total"),
        _mean(context, "复算平均分", "复算总分", "total"),
    ]


def _in_summary(header: str, row: int) -> str:
    return f"{quoted(SUMMARY)}!{LETTERS[header]}{row}"


def _refer(cell: str, value: Decimal | str, there: bool) -> Formula | Decimal:
    return Formula(cell, value) if there else Decimal(0)


def _count(context: Context) -> Formula:
    return Formula(f"COUNT({form_column('序号', context)})", Decimal(len(context.consolidation.forms)))


def _mean(context: Context, label: str, header: str, field: str) -> tuple[str, Formula, str, Formula]:
    values = [
        number
        for form in context.consolidation.forms
        if (number := numeric(getattr(form.facts, field))) is not None
    ]
    cells = form_column(header, context)
    mean = Formula(f'IF(COUNT({cells})=0,"—",ROUND(AVERAGE({cells}),2))', average(values))
    words = Formula(f'COUNT({cells})&" 张表有分数"', f"{len(values)} 张表有分数")
    return label, mean, "0.00", words


# --- small tables ---------------------------------------------------------------------------------


def _grades(page: _Page, row: int) -> Block:
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


def _severities(page: _Page, row: int) -> None:
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


def _worst(page: _Page, row: int) -> Block:
    """The forms with most errors; every figure is that of 汇总."""
    page.heads(row, 0, "问题最多的单位")
    page.sheet.set_row(row, 22)
    for columns, text in (((0, 2), "实施单位"), ((3, 3), "错误"), ((4, 4), "自评"), ((5, 5), "复算")):
        page.span(row + 1, columns, text, page.head)
    ranked = _ranked(page.context)
    for at, (form, errors) in enumerate(ranked, start=row + 2):
        _worst_row(page, at, form, errors)
    if not ranked:
        page.span(row + 2, _HALVES[0], "没有错误", page.name)
    return Block(row + 2, row + 1 + max(1, len(ranked)))


def _ranked(context: Context) -> list[tuple[int, int]]:
    """(index of the form, its errors), most first."""
    counts = [
        (at, sum(finding.severity == "error" for finding in form.findings))
        for at, form in enumerate(context.consolidation.forms)
    ]
    return sorted((pair for pair in counts if pair[1]), key=lambda pair: (-pair[1], pair[0]))[:TOP]


def _worst_row(page: _Page, at: int, form: int, errors: int) -> None:
    facts = page.context.consolidation.forms[form].facts
    row = form + 2
    name = facts.unit or ("（未填）" if page.context.units else "")
    page.named(at, (0, 2), Formula(f'{_in_summary("实施单位", row)}&""', name))
    page.span(at, (3, 3), Formula(_in_summary("错误", row), Decimal(errors)), page.cell)
    stated = numeric(facts.stated_total)
    page.span(
        at,
        (4, 4),
        "—" if stated is None else Formula(_in_summary("自评总分", row), stated),
        page.points,
    )
    total = numeric(facts.total)
    page.span(
        at,
        (5, 5),
        "—" if total is None else Formula(_in_summary("复算总分", row), total),
        page.points,
    )


def _rules(page: _Page, row: int) -> Block:
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
        page.span(row + 2, _HALVES[1], "没有发现问题", page.name)
    return Block(row + 2, row + 1 + max(1, len(top)))


def _remarks(page: _Page, row: int) -> int:
    """What a reader must know before using the figures; returns the last row."""
    c, context = page.context.consolidation, page.context
    texts: list[tuple[str, Format]] = []
    unusable = [file for file in c.files if file.status not in ("read", "left_out")]
    if unusable:
        names = "、".join(context.shown(file.path) for file in unusable[:5])
        more = f"等 {len(unusable)} 个" if len(unusable) > 5 else ""
        texts.append((f"未能使用的文件：{names}{more}（原因见来源清单）", page.alert))
    if words := left_out_words(context):
        texts.append((words, page.alert))
    batch = [line.facts for line in c.findings if line.form is None and line.facts.code.startswith("CON")]
    batch.sort(key=lambda facts: facts.code != _MISSING)
    messages = list(dict.fromkeys(facts.message for facts in batch))
    texts += [(message, page.alert) for message in messages[:5]]
    page.heads(row, 0, "说明")
    page.span(row, _HALVES[1], None, page.section)
    page.sheet.set_row(row, 22)
    pooled = (
        f"全部单位合并后的自评表见“{POOLED}”，逐条问题见“{FINDINGS}”；主要数字为公式，可点到原文件的单元格。"
    )
    texts.append((pooled, page.note))
    _paragraphs(page, row + 1, texts)
    return row + len(texts)


def _paragraphs(page: _Page, row: int, texts: Sequence[tuple[str, Format]]) -> None:
    for at, (text, style) in enumerate(texts, start=row):
        page.span(at, (0, _COLUMNS - 1), text, style)
        lines = max(1, lines_needed(text, 112))
        page.sheet.set_row(at, 13 * lines + 4)
