"""The self-evaluation table in the report: two Word tables that read as one, and the list of its errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from xltools import messages
from xltools.messages.interface import COMPARATORS, NATURES
from xltools.model import FundLine, Indicator, SelfEvaluation
from xltools.reporting.outline import Facts, subject, tidy
from xltools.reporting.page import BODY_FONT, HEADING_FONT, TEXT_WIDTH, dress, hairline, shade, small

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.table import Table, _Cell

_SIZE = 9  # 小五
_SHADE = "F2F2F2"
_LONG = 60  # a row with a longer text may break over a page
_MOST_ERRORS = 50
_TOGETHER = 18  # rows that are kept on one page where they fit

Alignment = Literal["left", "centre", "right"]


class Column(NamedTuple):
    """width: relative to the others."""

    field: str
    header: str
    width: int
    alignment: Alignment = "centre"


_INDICATOR = (
    Column("level1", "一级指标", 12),
    Column("level2", "二级指标", 14),
    Column("level3", "三级指标", 23, "left"),
    Column("nature", "指标性质", 10),
    Column("direction", "指标方向", 13),
    Column("target", "年度指标值", 15),
    Column("actual", "实际完成值", 15),
    Column("unit", "计量单位", 11),
    Column("weight", "分值", 11),
    Column("score", "得分", 11),
    Column("deviation", "偏差原因分析及改进措施", 24, "left"),
)
_FUND = (
    Column("label", "", 26, "left"),
    Column("initial_budget", "年初预算数", 24, "right"),
    Column("annual_budget", "全年预算数", 24, "right"),
    Column("executed", "全年执行数", 24, "right"),
    Column("weight", "分值", 12),
    Column("execution_rate", "执行率（%）", 22),
    Column("score", "得分", 14),
)
_SIDE_WIDTH = 9
_ALWAYS = ("level3", "target", "actual", "label", "annual_budget", "executed")


def draw(made: Docx, facts: Facts) -> None:
    if facts.errors:
        _errors(made, facts)
    form = facts.form
    year = f"（{form.year.value}年度）" if form.year.value else ""
    small(made, f"{subject(form)}绩效自评表{year}", size=14)
    columns = _present(_INDICATOR, form.columns)
    _upper(made, form, columns)
    hairline(made)
    _lower(made, form, columns)


def _present(columns: Iterable[Column], there: frozenset[str]) -> tuple[Column, ...]:
    return tuple(each for each in columns if each.field in there or each.field in _ALWAYS)


# --- errors ---------------------------------------------------------------------------------------


def _errors(made: Docx, facts: Facts) -> None:
    """A table, because a table row is no statement of the report; to be removed when all is put right."""
    small(made, "自评表中须先核实更正的错误（更正后删去本表，并重新生成报告）")
    shown = facts.errors[:_MOST_ERRORS]
    rows = [(messages.address(each), messages.message(each), messages.hint(each)) for each in shown]
    if len(shown) < len(facts.errors):
        rows.append(("", f"另有{len(facts.errors) - len(shown)}处，见校验结果。", ""))
    grid = _Grid(made, len(rows) + 1, (27, 68, 61))
    for at, header in enumerate(("单元格", "问题", "怎么改")):
        grid.put(0, at, at, header, head=True)
    for number, row in enumerate(rows, 1):
        for at, text in enumerate(row):
            grid.put(number, at, at, text.rpartition("!")[2] if at == 0 else text, "left" if at else "centre")
    grid.repeat(0)
    grid.keep_rows()


# --- project, funds, goals ------------------------------------------------------------------------


def _upper(made: Docx, form: SelfEvaluation, columns: Sequence[Column]) -> None:
    funds = _present(_FUND, form.fund_columns)
    spans, widths = _fund_columns(funds, max(len(columns), len(funds)))
    grid = _Grid(made, 5 + len(form.funds), widths)
    last = len(widths) - 1
    middle = _parted(widths, 2, last, (1, 1))[0][1]
    label = _parted(widths, middle + 1, last, (17, 50))[0][1]
    grid.put(0, 0, 1, "项目名称", head=True)
    grid.put(0, 2, last, form.project_name.raw, "left")
    grid.put(1, 0, 1, "主管部门", head=True)
    grid.put(1, 2, middle, form.supervising_department.raw, "left")
    grid.put(1, middle + 1, label, "实施单位", head=True)
    grid.put(1, label + 1, last, form.implementing_unit.raw, "left")
    _funds(grid, form, [(column, *span) for column, span in zip(funds, spans, strict=True)])
    top = 3 + len(form.funds)
    grid.put(top, 0, 1, "年度总体目标", head=True, down=1)
    grid.put(top, 2, middle, "预期目标", head=True)
    grid.put(top, middle + 1, last, "实际完成情况", head=True)
    grid.put(top + 1, 2, middle, form.goal_expected.raw, "left")
    grid.put(top + 1, middle + 1, last, form.goal_actual.raw, "left")
    grid.keep_rows()
    grid.keep_together()


def _fund_columns(funds: Sequence[Column], count: int) -> tuple[list[tuple[int, int]], tuple[int, ...]]:
    """As many grid columns as the table below has: (first, last) of each fund column, all widths.

    The two then read as one table; the widths are those the funds need.
    """
    counts = [1] * len(funds)
    for extra in range(count - len(funds)):
        counts[1 + extra % (len(funds) - 1)] += 1
    widths, spans = [_SIDE_WIDTH * 10], []
    for column, parts in zip(funds, counts, strict=True):
        spans.append((len(widths), len(widths) + parts - 1))
        widths += [column.width * 10 // parts] * parts
    return spans, tuple(widths)


def _parted(widths: Sequence[int], left: int, last: int, shares: Sequence[int]) -> list[tuple[int, int]]:
    """(first, last) grid column of each cell between ``left`` and ``last``, as near its share as can be."""
    ends = [sum(widths[left : right + 1]) for right in range(left, last + 1)]
    found, start = [], left
    for number in range(1, len(shares) + 1):
        wanted = ends[-1] * sum(shares[:number]) / sum(shares)
        possible = range(start, last - (len(shares) - number) + 1)
        right = last if number == len(shares) else min(possible, key=lambda at: abs(ends[at - left] - wanted))
        found.append((start, right))
        start = right + 1
    return found


def _funds(grid: _Grid, form: SelfEvaluation, spans: Sequence[tuple[Column, int, int]]) -> None:
    grid.put(2, 0, 0, f"项目资金（{form.unit}）", head=True, down=len(form.funds))
    for column, left, right in spans:
        grid.put(2, left, right, column.header, head=True)
    for number, line in enumerate(form.funds, 3):
        for column, left, right in spans:
            grid.put(number, left, right, _fund_text(line, column.field), column.alignment)


def _fund_text(line: FundLine, field: str) -> str:
    return str(getattr(line, field).raw)


# --- indicators -----------------------------------------------------------------------------------


def _lower(made: Docx, form: SelfEvaluation, columns: Sequence[Column]) -> None:
    rows = form.indicators or form.rows
    grid = _Grid(made, len(rows) + (2 if form.scored else 1), _widths(columns))
    grid.put(0, 0, 0, "绩效指标", head=True, down=len(rows))
    for at, column in enumerate(columns, 1):
        grid.put(0, at, at, column.header, head=True)
    merged = _merged(rows, columns)
    for number, row in enumerate(rows, 1):
        for at, column in enumerate(columns, 1):
            down = merged.get((number, column.field), 1) - 1
            if down >= 0:
                grid.put(number, at, at, _indicator_text(row, column.field), column.alignment, down=down)
    if form.scored:
        _total(grid, form, columns, len(rows) + 1)
    grid.repeat(0)
    grid.keep_rows()
    grid.keep_together()


def _merged(rows: Sequence[Indicator], columns: Sequence[Column]) -> dict[tuple[int, str], int]:
    """(row, field) → how many rows it spans, 0 for those covered."""
    fields = [each.field for each in columns if each.field in ("level1", "level2")]
    spans: dict[tuple[int, str], int] = {}
    for depth, field in enumerate(fields, 1):
        keys = [tuple(_indicator_text(row, each) for each in fields[:depth]) for row in rows]
        at = 1
        for key, run in groupby(keys):
            length = len(list(run))
            if key[-1]:
                spans |= {(at + step, field): 0 for step in range(length)} | {(at, field): length}
            at += length
    return spans


def _indicator_text(row: Indicator, field: str) -> str:
    entry = getattr(row, field)
    if field == "nature" and row.nature.value and row.nature.note != "sign_in_nature":
        return NATURES[row.nature.value][0]
    if field == "direction" and row.direction.value:
        return COMPARATORS[row.direction.value][0]
    if field in ("level1", "level2"):
        return str(entry.value or entry.raw)
    return str(entry.raw)


def _total(grid: _Grid, form: SelfEvaluation, columns: Sequence[Column], row: int) -> None:
    fields = [each.field for each in columns]
    first = min(fields.index(each) for each in ("weight", "score") if each in fields) + 1
    grid.put(row, 0, first - 1, "总分", head=True)
    for at in range(first, len(columns) + 1):
        entry = {"weight": form.total_weight, "score": form.total_score}.get(fields[at - 1])
        grid.put(row, at, at, entry.raw if entry else "", head=entry is not None)


def _widths(columns: Sequence[Column]) -> tuple[int, ...]:
    return (_SIDE_WIDTH, *(each.width for each in columns))


# --- Word -----------------------------------------------------------------------------------------


class _Grid:
    """A Word table of fixed widths; cells are put once, with the span they have."""

    def __init__(self, made: Docx, rows: int, widths: Sequence[int]) -> None:
        self._table: Table = made.add_table(rows, len(widths), style="Table Grid")
        self._table.alignment = WD_TABLE_ALIGNMENT.CENTER
        self._table.autofit = False
        share = TEXT_WIDTH / sum(widths)
        self._sizes = [Mm(width * share) for width in widths]
        for column, size in zip(self._table.columns, self._sizes, strict=True):
            column.width = size
        self._cells: list[list[_Cell]] = [list(row.cells) for row in self._table.rows]
        for line in self._cells:
            for cell, size in zip(line, self._sizes, strict=True):
                cell.width = size
        self._pad()
        self._longest = [0] * rows

    def put(
        self, row: int, left: int, right: int, text: str, alignment: Alignment = "centre", *,
        head: bool = False, down: int = 0,
    ) -> None:  # fmt: skip
        cell = self._cells[row][left]
        if right > left or down:
            cell = cell.merge(self._cells[row + down][right])
        said = tidy(text)
        if not down:
            self._longest[row] = max(self._longest[row], len(said))
        if head:
            shade(cell._tc.get_or_add_tcPr(), _SHADE)  # before the alignment: the order is prescribed
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        line = cell.paragraphs[0]
        line.alignment = getattr(WD_ALIGN_PARAGRAPH, {"centre": "CENTER"}.get(alignment, alignment.upper()))
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(1)
        line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        dress(line.add_run(said), HEADING_FONT if head else BODY_FONT, _SIZE)

    def repeat(self, row: int) -> None:
        """The row again at the head of every page."""
        self._mark(row, "w:tblHeader")

    def keep_rows(self) -> None:
        """No row breaks over a page unless its text is long."""
        for row, length in enumerate(self._longest):
            if length <= _LONG:
                self._mark(row, "w:cantSplit")

    def keep_together(self) -> None:
        """On one page, if it is short enough: a label in a merged cell stands in its middle."""
        if len(self._cells) > _TOGETHER or max(self._longest) > _LONG * 5:
            return
        for line in self._cells[:-1]:
            for cell in line:
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.keep_with_next = True

    def _mark(self, row: int, name: str) -> None:
        properties = self._table.rows[row]._tr.get_or_add_trPr()
        properties.append(OxmlElement(name))

    def _pad(self) -> None:
        """Narrow sides, so that a number of six digits fits the narrowest column."""
        margins = OxmlElement("w:tblCellMar")
        for side in ("left", "right"):
            one = OxmlElement(f"w:{side}")
            one.set(qn("w:w"), "40")
            one.set(qn("w:type"), "dxa")
            margins.append(one)
        properties = self._table._tbl.tblPr
        look = properties.find(qn("w:tblLook"))
        if look is None:
            properties.append(margins)
        else:
            look.addprevious(margins)
