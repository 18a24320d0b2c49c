"""The official form drawn on a worksheet: which cell holds what, and how it looks.

The blank template, the samples, the unit sheets and 合并自评表 are all drawn here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, isfinite
from typing import TYPE_CHECKING, Literal, NamedTuple
from unicodedata import east_asian_width

from xltools.model import column_letters
from xltools.quantities import plain, round_half_up

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FormLayout = Literal["nmg-12", "mof-std"]


class Formula(NamedTuple):
    """A formula without "=" and its result, which is stored beside it."""

    text: str
    value: Decimal | str


Content = None | str | Decimal | Formula


class FundRow(NamedTuple):
    label: str
    initial_budget: Content = None
    annual_budget: Content = None
    executed: Content = None
    weight: Content = None
    execution_rate: Content = None
    score: Content = None


class IndicatorRow(NamedTuple):
    """level1 and level2 are repeated on each row; equal neighbours are drawn as one merged cell."""

    level1: str
    level2: str
    level3: str = ""
    nature: str = ""
    direction: str = ""
    target: Content = None
    actual: Content = None
    unit: str = ""
    weight: Content = None
    score: Content = None
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class FormContent:
    """Everything that stands in the cells.  ``title`` "" leaves the title rows out."""

    layout: FormLayout
    year: int | None
    funds: tuple[FundRow, ...]
    indicators: tuple[IndicatorRow, ...]
    title: str = "项目支出绩效自评表"
    money_unit: str = "万元"
    project_name: str = ""
    supervising_department: str = ""
    implementing_unit: str = ""
    goal_expected: str = ""
    goal_actual: str = ""
    total_weight: Content = None
    total_score: Content = None


class Placement(NamedTuple):
    """Where `draw` puts things: (field, row index within its band) -> cell.

    Fields are those of `FundRow` ("fund.executed", 0), `IndicatorRow` ("indicator.score", 3) and the
    single cells ("project_name", 0).  Known before drawing, so formulas can refer to cells.
    """

    cells: dict[tuple[str, int], str]
    last_row: int

    def cell(self, field: str, index: int = 0) -> str:
        return self.cells[field, index]


# --- where things stand ---------------------------------------------------------------------------


class _Band(NamedTuple):
    """Fields of one band of the form and the columns each spans, 0-based and inclusive."""

    label: tuple[int, int]
    spans: dict[str, tuple[int, int]]


class _Layout(NamedTuple):
    widths: tuple[float, ...]
    name: tuple[tuple[int, int], tuple[int, int]]
    department: tuple[tuple[int, int], tuple[int, int]]
    unit: tuple[tuple[int, int], tuple[int, int]]
    funds: _Band
    fund_heads: dict[str, str]
    goals: _Band
    indicators: _Band
    indicator_heads: dict[str, str]
    total_label: tuple[int, int]
    total_weight: int
    total_score: int

    @property
    def last(self) -> int:
        return len(self.widths) - 1


_HEADS = {
    "level1": "一级指标",
    "level2": "二级指标",
    "level3": "三级指标",
    "nature": "指标性质",
    "direction": "指标方向",
    "target": "年度指标值",
    "actual": "实际完成值",
    "unit": "计量单位",
    "weight": "分值",
    "score": "得分",
    "deviation": "偏差原因分析及改进措施",
}
_FUND_HEADS = {
    "label": "",
    "initial_budget": "年初预算数",
    "annual_budget": "全年预算数",
    "executed": "全年执行数",
    "weight": "分值",
    "execution_rate": "执行率",
    "score": "得分",
}

_NMG_12 = _Layout(
    widths=(4, 15, 11, 16.5, 5.6, 8.8, 8.5, 9.2, 6.4, 5.8, 5.8, 16),
    name=((0, 1), (2, 11)),
    department=((0, 1), (2, 5)),
    unit=((6, 7), (8, 11)),
    funds=_Band(
        (0, 0),
        {
            "label": (1, 1),
            "initial_budget": (2, 2),
            "annual_budget": (3, 4),
            "executed": (5, 6),
            "weight": (7, 7),
            "execution_rate": (8, 9),
            "score": (10, 11),
        },
    ),
    fund_heads=_FUND_HEADS | {"execution_rate": "执行率（%）"},
    goals=_Band((0, 1), {"goal_expected": (2, 6), "goal_actual": (7, 11)}),
    indicators=_Band((0, 0), {field: (at, at) for at, field in enumerate(_HEADS, start=1)}),
    indicator_heads=_HEADS,
    total_label=(0, 8),
    total_weight=9,
    total_score=10,
)

_MOF_HEADS = {k: v for k, v in _HEADS.items() if k not in ("nature", "direction", "unit")}
_MOF_STD = _Layout(
    widths=(4, 11.5, 13, 20.5, 14, 14, 8, 8.6, 17.5),
    name=((0, 2), (3, 8)),
    department=((0, 2), (3, 4)),
    unit=((5, 5), (6, 8)),
    funds=_Band(
        (0, 0),
        {
            "label": (1, 2),
            "initial_budget": (3, 3),
            "annual_budget": (4, 4),
            "executed": (5, 5),
            "weight": (6, 6),
            "execution_rate": (7, 7),
            "score": (8, 8),
        },
    ),
    fund_heads=_FUND_HEADS,
    goals=_Band((0, 0), {"goal_expected": (1, 4), "goal_actual": (5, 8)}),
    indicators=_Band((0, 0), {field: (at, at) for at, field in enumerate(_MOF_HEADS, start=1)}),
    indicator_heads=_MOF_HEADS,
    total_label=(0, 5),
    total_weight=6,
    total_score=7,
)

_LAYOUTS: dict[FormLayout, _Layout] = {"nmg-12": _NMG_12, "mof-std": _MOF_STD}


class _Rows(NamedTuple):
    """0-based rows of a form: ``funds``, ``goals`` and ``indicators`` are the header rows of their bands."""

    title: int | None
    name: int
    parties: int
    funds: int
    goals: int
    indicators: int
    total: int


def _rows(content: FormContent, top: int) -> _Rows:
    name = top - 1 + bool(content.title)
    funds = name + 2
    goals = funds + 1 + len(content.funds)
    indicators = goals + 2
    total = indicators + 1 + len(content.indicators)
    return _Rows(top - 1 if content.title else None, name, name + 1, funds, goals, indicators, total)


def _groups(labels: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Runs of equal neighbours as (first, last) index."""
    runs: list[tuple[int, int]] = []
    for at, label in enumerate(labels):
        if at and label == labels[at - 1]:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _level_runs(content: FormContent, field: str) -> list[tuple[int, int]]:
    """Indicator rows that share one merged cell of ``level1`` or ``level2``; blank labels never merge."""
    rows = content.indicators
    first = [(r.level1 or f"\0{i}",) for i, r in enumerate(rows)]
    if field == "level1":
        return _groups(first)
    return _groups([(*one, r.level2 or f"\0{i}") for i, (one, r) in enumerate(zip(first, rows, strict=True))])


def _address(row: int, column: int) -> str:
    return f"{column_letters(column + 1)}{row + 1}"


def column_of(cell: str) -> str:
    """``K12`` -> ``K``."""
    return cell.rstrip("0123456789")


def header_row(content: FormContent, band: str, top: int = 1) -> int:
    """The 1-based row of the headings of a band: ``"fund."`` or ``"indicator."``."""
    rows = _rows(content, top)
    return 1 + (rows.funds if band == "fund." else rows.indicators)


def last_column(content: FormContent) -> int:
    """How many columns the official table has."""
    return len(_LAYOUTS[content.layout].widths)


def placement(content: FormContent, top: int = 1) -> Placement:
    """The cells of a form whose first row is ``top``.

    A merged cell is named by its first cell; level1 and level2 of a row by the merged cell that
    covers the row.  Fields the layout has no column for are absent.
    """
    layout, rows = _LAYOUTS[content.layout], _rows(content, top)
    cells = {
        ("project_name", 0): _address(rows.name, layout.name[1][0]),
        ("supervising_department", 0): _address(rows.parties, layout.department[1][0]),
        ("implementing_unit", 0): _address(rows.parties, layout.unit[1][0]),
        ("total_weight", 0): _address(rows.total, layout.total_weight),
        ("total_score", 0): _address(rows.total, layout.total_score),
    }
    if rows.title is not None:
        cells["title", 0] = _address(rows.title, 0)
    for field, (left, _) in layout.goals.spans.items():
        cells[field, 0] = _address(rows.goals + 1, left)
    for field, (left, _) in layout.funds.spans.items():
        for at in range(len(content.funds)):
            cells[f"fund.{field}", at] = _address(rows.funds + 1 + at, left)
    for field, (left, _) in layout.indicators.spans.items():
        for at in range(len(content.indicators)):
            cells[f"indicator.{field}", at] = _address(rows.indicators + 1 + at, left)
    for field in ("level1", "level2"):
        left = layout.indicators.spans[field][0]
        for first, last in _level_runs(content, field):
            for at in range(first, last + 1):
                cells[f"indicator.{field}", at] = _address(rows.indicators + 1 + first, left)
    return Placement(cells, rows.total + 1)


# --- how things look ------------------------------------------------------------------------------

SONG, HEI = "宋体", "黑体"
NOT_APPLICABLE = "—"
TYPED_NUMBER = "General;-General;General;@"
"""Shows what General shows, but a typed 95% stays 0.95 to the eye, as it is for the formulas."""
_TYPED_NUMBERS = ("indicator.target", "indicator.actual", "indicator.weight", "indicator.score")
_AMOUNTS = ("initial_budget", "annual_budget", "executed")


OPEN_FILL, GIVEN_FILL = "FFFBE6", "E4ECF7"


class Styles:
    """The formats of a book; make one and use it for every form drawn in that book.

    inputs: cells a person fills are unlocked and lightly filled, everything else stays locked.
    given: (field, index) of cells that come filled in: another fill; amounts among them stay locked.
    """

    def __init__(
        self, book: Workbook, *, inputs: bool = False, given: frozenset[tuple[str, int]] = frozenset()
    ) -> None:
        self._book, self.inputs, self._given = book, inputs, given
        self._looks: dict[Format, dict[str, object]] = {}
        self._variants: dict[tuple[Format, bool, bool], Format] = {}

        def cell(**extra: object) -> Format:
            usual = {
                "font_name": SONG,
                "font_size": 10,
                "border": 1,
                "valign": "vcenter",
                "text_wrap": True,
            }
            return self._looked(usual | {"align": "center"} | extra)

        self.title = self._looked({"align": "center", "valign": "vcenter", "text_wrap": True})
        self.title_words = book.add_format({"font_name": HEI, "font_size": 18})
        self.title_year = book.add_format({"font_name": SONG, "font_size": 11})
        self.label = cell()
        self.head = cell(bold=True)
        self.centred = cell()
        self.text = cell(align="left", indent=1)
        self.amount = cell(num_format="0.00")
        self.amount_exact = cell(num_format="0.00######")
        self.number = cell()
        self.total = cell(bold=True)

    def _looked(self, look: dict[str, object]) -> Format:
        made = self._book.add_format(look)
        self._looks[made] = look
        return made

    def entry(self, style: Format, field: str, index: int, content: Content) -> Format:
        """The format of a cell a person fills, made from how it looks on a plain form."""
        if not self.inputs or isinstance(content, Formula) or content == NOT_APPLICABLE:
            return style
        given = (field, index) in self._given
        locked = given and field.startswith("fund.")
        key = (style, given, locked)
        if key not in self._variants:
            fill = GIVEN_FILL if given else OPEN_FILL
            general = {"num_format": TYPED_NUMBER} if field in _TYPED_NUMBERS else {}
            look = self._looks[style] | {"bg_color": f"#{fill}", "locked": locked} | general
            self._variants[key] = self._looked(look)
        return self._variants[key]

    def indent(self, style: Format) -> int:
        return 2 if self._looks.get(style, {}).get("indent") else 0

    def money(self, content: Content) -> Format:
        """Two decimals, or all of them where the amount has more."""
        value = content.value if isinstance(content, Formula) else content
        if isinstance(value, Decimal) and value != round_half_up(value):
            return self.amount_exact
        return self.amount


class _EmptyResult(str):
    """A cached result of "".  XlsxWriter leaves the type of a plain "" out, which reads as not computed."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True


def write(sheet: Worksheet, row: int, column: int, content: Content, style: Format) -> None:
    """One cell, 0-based.  Text stays text whatever it begins with; a formula keeps its result beside it.

    A number that no cell can hold is written in its digits."""
    if content is None or content == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(content, Formula):
        value = content.value if content.value != "" else _EmptyResult()
        sheet.write_formula(row, column, "=" + content.text, style, value)
    elif isinstance(content, str):
        sheet.write_string(row, column, content, style)
    elif isfinite(content):
        sheet.write_number(row, column, content, style)
    else:
        sheet.write_string(row, column, plain(content), style)


def _shown(content: Content) -> str:
    value = content.value if isinstance(content, Formula) else content
    return "" if value is None else value if isinstance(value, str) else plain(value)


# --- row heights ----------------------------------------------------------------------------------

_LINE = 13.5  # points of one line of 10-point 宋体
_PADDING = 6.0
_LOWEST = 24.0
_HIGHEST = 409.0  # Excel's own limit


def _units(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def lines_needed(text: str, width: float) -> int:
    """Lines of wrapped text in a column of that many characters, counted generously."""
    room = max(2.0, width - 0.7)
    return sum(max(1, ceil(_units(line) / room)) for line in text.splitlines()) or 1


class _Heights:
    """Row heights so that no wrapped text is cut, also not in vertical merges."""

    def __init__(self, layout: _Layout) -> None:
        self._widths = layout.widths
        self.rows: dict[int, float] = {}

    def need(self, text: str, rows: tuple[int, int], columns: tuple[int, int], indent: int) -> None:
        width = sum(self._widths[columns[0] : columns[1] + 1]) - indent
        wanted = lines_needed(text, width) * _LINE + _PADDING
        span = range(rows[0], rows[1] + 1)
        missing = wanted - sum(self.rows.setdefault(row, _LOWEST) for row in span)
        if missing > 0:
            for row in span:
                self.rows[row] = min(_HIGHEST, self.rows[row] + missing / len(span))


# --- drawing --------------------------------------------------------------------------------------


class _Pen:
    """Writes cells and merged cells of one form, and remembers how high the rows must be."""

    def __init__(self, sheet: Worksheet, layout: _Layout, styles: Styles) -> None:
        self.sheet, self.layout, self.styles = sheet, layout, styles
        self.heights = _Heights(layout)

    def put(self, rows: tuple[int, int], columns: tuple[int, int], content: Content, style: Format) -> None:
        if rows[0] != rows[1] or columns[0] != columns[1]:
            self.sheet.merge_range(rows[0], columns[0], rows[1], columns[1], "", style)
        write(self.sheet, rows[0], columns[0], content, style)
        self.heights.need(_shown(content), rows, columns, self.styles.indent(style))

    def line(self, row: int, columns: tuple[int, int], content: Content, style: Format) -> None:
        self.put((row, row), columns, content, style)


def _draw_title(pen: _Pen, row: int, content: FormContent) -> None:
    styles, last = pen.styles, pen.layout.last
    style = styles.entry(styles.title, "title", 0, content.title)
    pen.sheet.merge_range(row, 0, row, last, "", style)
    year = f"（{content.year}年度）" if content.year else "（    年度）"
    parts = (styles.title_words, content.title, styles.title_year, f"\n{year}")
    pen.sheet.write_rich_string(row, 0, *parts, style)
    pen.heights.rows[row] = 54


def _draw_head(pen: _Pen, rows: _Rows, content: FormContent) -> None:
    layout, styles = pen.layout, pen.styles
    for row, spans, label, field in (
        (rows.name, layout.name, "项目名称", "project_name"),
        (rows.parties, layout.department, "主管部门", "supervising_department"),
        (rows.parties, layout.unit, "实施单位", "implementing_unit"),
    ):
        value = getattr(content, field)
        pen.line(row, spans[0], label, styles.label)
        pen.line(row, spans[1], value, styles.entry(styles.centred, field, 0, value))


def _draw_funds(pen: _Pen, rows: _Rows, content: FormContent) -> None:
    layout, styles = pen.layout, pen.styles
    label = f"项目资金（{content.money_unit}）"
    pen.put((rows.funds, rows.goals - 1), layout.funds.label, label, styles.label)
    for field, columns in layout.funds.spans.items():
        pen.line(rows.funds, columns, layout.fund_heads[field], styles.label)
        for at, line in enumerate(content.funds):
            value = getattr(line, field)
            style = _fund_style(styles, field, value)
            if field in _AMOUNTS:
                style = styles.entry(style, f"fund.{field}", at, value)
            pen.line(rows.funds + 1 + at, columns, value, style)


def _fund_style(styles: Styles, field: str, value: Content) -> Format:
    if field == "label":
        return styles.label
    if field in _AMOUNTS:
        return styles.money(value)
    return styles.amount if field == "execution_rate" else styles.number


def _draw_goals(pen: _Pen, rows: _Rows, content: FormContent) -> None:
    layout, styles = pen.layout, pen.styles
    heads = {"goal_expected": "预期目标", "goal_actual": "实际完成情况"}
    pen.put((rows.goals, rows.goals + 1), layout.goals.label, "年度总体目标", styles.label)
    pen.heights.rows[rows.goals + 1] = 96 if styles.inputs else 48
    for field, columns in layout.goals.spans.items():
        pen.line(rows.goals, columns, heads[field], styles.label)
        value = getattr(content, field)
        pen.line(rows.goals + 1, columns, value, styles.entry(styles.text, field, 0, value))


def _draw_indicators(pen: _Pen, rows: _Rows, content: FormContent) -> None:
    layout, styles = pen.layout, pen.styles
    first = rows.indicators + 1
    for field, columns in layout.indicators.spans.items():
        pen.line(rows.indicators, columns, layout.indicator_heads[field], styles.head)
        style = styles.text if field in ("level3", "deviation") else styles.centred
        if field in ("level1", "level2"):
            for top, bottom in _level_runs(content, field):
                label = getattr(content.indicators[top], field)
                look = styles.entry(style, f"indicator.{field}", top, label)
                pen.put((first + top, first + bottom), columns, label, look)
            continue
        for at, line in enumerate(content.indicators):
            value = getattr(line, field)
            pen.line(first + at, columns, value, styles.entry(style, f"indicator.{field}", at, value))
    pen.put((rows.indicators, rows.total - 1), layout.indicators.label, "绩效指标", styles.label)


def _draw_total(pen: _Pen, row: int, content: FormContent) -> None:
    layout, style = pen.layout, pen.styles.total
    pen.line(row, layout.total_label, "总分", style)
    pen.line(row, (layout.total_weight,) * 2, content.total_weight, style)
    pen.line(row, (layout.total_score,) * 2, content.total_score, style)
    for column in range(layout.total_score + 1, layout.last + 1):
        pen.line(row, (column, column), None, style)


def _set_heights(pen: _Pen, rows: _Rows) -> None:
    """Indicator rows still to be filled in get no height of their own, so that they grow with their text."""
    growing = range(rows.indicators + 1, rows.total) if pen.styles.inputs else range(0)
    if growing:
        pen.sheet.set_default_row(_LOWEST)
    for row, height in pen.heights.rows.items():
        if row not in growing or height > _LOWEST:
            pen.sheet.set_row(row, height)


def _set_page(sheet: Worksheet, rows: _Rows) -> None:
    """A4 portrait, one page wide; the indicator header again on every further page."""
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.65)
    sheet.center_horizontally()
    sheet.set_footer("&C第 &P 页 共 &N 页")
    sheet.repeat_rows(rows.indicators)


def draw(book: Workbook, sheet: Worksheet, content: FormContent, styles: Styles, top: int = 1) -> Placement:
    """Draw a form on ``sheet``, its first row at ``top``, and set the page up for print."""
    layout, rows = _LAYOUTS[content.layout], _rows(content, top)
    pen = _Pen(sheet, layout, styles)
    for column, width in enumerate(layout.widths):
        sheet.set_column(column, column, width)
    if rows.title is not None:
        _draw_title(pen, rows.title, content)
    _draw_head(pen, rows, content)
    _draw_funds(pen, rows, content)
    _draw_goals(pen, rows, content)
    _draw_indicators(pen, rows, content)
    _draw_total(pen, rows.total, content)
    _set_heights(pen, rows)
    _set_page(sheet, rows)
    return placement(content, top)
