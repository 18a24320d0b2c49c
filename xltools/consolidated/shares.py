"""What each unit's sheet carries for 合并自评表, grey and beside the printed form.

The sheets of the units have different layouts and lengths, and a sum through all sheets needs the
same cell in each of them.  So every sheet repeats, at places that are the same everywhere, what it
adds to the whole: its funds by kind, its weight, and its share of each consolidated indicator.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from xltools.consolidated.context import Context
from xltools.consolidated.paths import quoted
from xltools.consolidated.sheets import FIRST, LAST
from xltools.form_sheet import Formula, write
from xltools.merging import IndicatorFacts, MergedForm, PooledRow, exact, numeric
from xltools.messages.interface import FUND_KINDS
from xltools.scoring import ZERO, sum_of

LEFT = 13  # column N: beyond both layouts
KINDS = ("total", "fiscal", "carryover", "other", "special_account", "unit_funds", "unknown")
_FUND_ROW = 5
AMOUNTS = {"initial": "O", "annual": "P", "executed": "Q", "pair_annual": "R", "pair_executed": "S"}
_HEADS = ("年初预算数", "全年预算数", "全年执行数", "预算数（可比）", "执行数（可比）")
WEIGHT, SCORED_WEIGHT, EXECUTION, COUNT = "O12", "O13", "O14", "O15"
_LABELS = ("加权资金", "其中：有分值的表", "执行率分值×资金", "张数")
_ROW_HEAD = 17
SHARES = {
    "target": "O",
    "actual": "P",
    "funds": "Q",
    "weight": "R",
    "score": "S",
    "count": "T",
    "plain_target": "U",
    "plain_actual": "V",
}
_SHARE_HEADS = (
    "指标值", "完成值", "可比资金", "分值×资金", "得分×资金",
    "可比行数", "指标值（不加权）", "完成值（不加权）",
)  # fmt: skip


def fund_cell(kind: str, field: str) -> str:
    return f"{AMOUNTS[field]}{_FUND_ROW + KINDS.index(kind)}"


def row_cell(field: str, number: int) -> str:
    """number: that of the consolidated row."""
    return f"{SHARES[field]}{_ROW_HEAD + number}"


def through(cell: str) -> str:
    """The sum of a cell of all sheets that stand between the two marks.

    Without quotes, which the names do not need: LibreOffice does not understand 'a:b'!A1.
    """
    return f"SUM({FIRST}:{LAST}!{cell})"


def draw_mark(sheet: Worksheet, context: Context, first: bool) -> None:
    """One of the two empty sheets between which the units' sheets stand."""
    look = context.look
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 90)
    sheet.set_tab_color("#BFBFBF")
    where = "之后" if first else "之前"
    text = (
        f"本表是标记，不含数据，请勿删除。“合并自评表”对“{FIRST}”与“{LAST}”之间的各单位表求和：\n"
        f"把某单位的表移到两张标记之外，合并自评表即不计该单位；移回标记{where}，重新计入。\n"
        "汇总、明细和总览仍列示全部单位，不随之变化。"
    )
    sheet.set_row(0, 66)
    sheet.write_string(0, 0, text, look.free(font_color="#595959", valign="top"))


def draw(sheet: Worksheet, context: Context, at: int, form: MergedForm) -> None:
    look = context.look
    sheet.set_column(LEFT, LEFT, 24)
    sheet.set_column(LEFT + 1, LEFT + 8, 11)
    sheet.write_string(_FUND_ROW - 2, LEFT, "供合并自评表求和（万元）", look.helper_head)
    for column, head in enumerate(_HEADS, start=LEFT + 1):
        sheet.write_string(_FUND_ROW - 2, column, head, look.helper_head)
    pen = _Pen(sheet, context, at, form)
    pen.funds()
    pen.weights()
    pen.rows()


class _Pen:
    """Writes the shares of one form."""

    def __init__(self, sheet: Worksheet, context: Context, at: int, form: MergedForm) -> None:
        assert form.facts.form is not None
        self.sheet, self.context, self.at, self.merged = sheet, context, at, form
        self.facts, self.form = form.facts, form.facts.form
        self.place = context.units[at].placement
        self.divided = "/10000" if self.form.unit == "元" else ""

    def put(self, cell: str, text: str, value: Decimal) -> None:
        row, column = int(cell[1:]) - 1, ord(cell[0]) - 65
        write(self.sheet, row, column, Formula(text, value), self.context.look["helper_money"])

    def label(self, row: int, text: str) -> None:
        self.sheet.write_string(row - 1, LEFT, text, self.context.look["helper"])

    def constant(self, cell: str, value: Decimal) -> None:
        row, column = int(cell[1:]) - 1, ord(cell[0]) - 65
        write(self.sheet, row, column, value, self.context.look["helper_money"])

    # funds ------------------------------------------------------------------------------------

    def funds(self) -> None:
        for row, kind in enumerate(KINDS, start=_FUND_ROW):
            self.label(row, FUND_KINDS[kind][0])
            lines = [n for n, line in enumerate(self.facts.funds) if line.kind == kind]
            if lines:
                self._fund(kind, lines)

    def _fund(self, kind: str, lines: Sequence[int]) -> None:
        fields = {"initial": "initial_budget", "annual": "annual_budget", "executed": "executed"}
        cells = {name: [self.place.cell(f"fund.{field}", n) for n in lines] for name, field in fields.items()}
        amounts = {name: [numeric(getattr(self.facts.funds[n], name)) for n in lines] for name in fields}
        for name in fields:
            text = "+".join(f"N({cell})" for cell in cells[name])
            value = sum_of(amount or ZERO for amount in amounts[name])
            self.put(fund_cell(kind, name), self._wan(text, len(lines)), value)
        pairs = list(zip(amounts["annual"], amounts["executed"], strict=True))
        both = [(a, e) for a, e in pairs if a is not None and e is not None]
        for name, part in (("annual", 0), ("executed", 1)):
            text = "+".join(
                f"IF(COUNT({a},{e})=2,{(a, e)[part]},0)"
                for a, e in zip(cells["annual"], cells["executed"], strict=True)
            )
            value = sum_of(pair[part] for pair in both)
            self.put(fund_cell(kind, f"pair_{name}"), self._wan(text, len(lines)), value)

    def _wan(self, text: str, terms: int) -> str:
        return f"({text}){self.divided}" if self.divided and terms > 1 else text + self.divided

    # weights ----------------------------------------------------------------------------------

    def weights(self) -> None:
        for row, text in enumerate(_LABELS, start=int(WEIGHT[1:])):
            self.label(row, text)
        weight, scored = self.merged.weight, self.merged.weight if self.facts.scored else ZERO
        total = next((n for n, line in enumerate(self.facts.funds) if line.kind == "total"), None)
        if self.context.consolidation.by_funds and total is not None:
            cell = self.place.cell("fund.annual_budget", total)
            self.put(WEIGHT, f"MAX(N({cell}),0){self.divided}", weight)
        else:
            self.constant(WEIGHT, weight)
        self.put(SCORED_WEIGHT, WEIGHT if self.facts.scored else f"0*{WEIGHT}", scored)
        points = exact(self.facts.execution_weight)
        stated = None if total is None else self.form.funds[total].weight.value
        given = str(points) if stated is None else self.place.cell("fund.weight", total or 0)
        self.put(EXECUTION, f"{SCORED_WEIGHT}*{given}", scored * points)
        self.constant(COUNT, Decimal(1))

    # indicators -------------------------------------------------------------------------------

    def rows(self) -> None:
        pool = self.context.consolidation.pool.rows
        self.sheet.write_string(_ROW_HEAD - 1, LEFT, "合并行号", self.context.look.helper_head)
        for column, head in enumerate(_SHARE_HEADS, start=LEFT + 1):
            self.sheet.write_string(_ROW_HEAD - 1, column, head, self.context.look.helper_head)
        mine: dict[int, list[int]] = {}
        for n, number in enumerate(self.merged.rows):
            mine.setdefault(number, []).append(n)
        for number, members in sorted(mine.items()):
            if pool[number - 1].live:
                self.label(_ROW_HEAD + number, str(number))
                self._shares(pool[number - 1], members)

    def _shares(self, row: PooledRow, members: Sequence[int]) -> None:
        if row.method != "scored":
            self._numbers(row, members)
        if not self.facts.scored:
            return
        known = [(n, numeric(self.facts.indicators[n].weight)) for n in members]
        points = [(self._cell("weight", n), value) for n, value in known if value is not None]
        self._weighted(row_cell("weight", row.number), SCORED_WEIGHT, points)
        if row.method == "scored" and row.score is not None:
            span = self.context.spans[self.at]
            scores = [
                (f"{quoted(span.sheet)}!M{span.first + n}", exact(score))
                for n in members
                if (score := self.facts.indicators[n].recomputed) is not None
            ]
            self._weighted(row_cell("score", row.number), SCORED_WEIGHT, scores)

    def _numbers(self, row: PooledRow, members: Sequence[int]) -> None:
        known = [n for n in members if self.facts.indicators[n].target_number is not None]
        if not known:
            return
        targets, actuals = ([self._number(field, n) for n in known] for field in ("target", "actual"))
        if row.method == "added":
            self._added(row_cell("target", row.number), targets)
            self._added(row_cell("actual", row.number), actuals)
            return
        self._weighted(row_cell("target", row.number), WEIGHT, targets)
        self._weighted(row_cell("actual", row.number), WEIGHT, actuals)
        self._weighted(row_cell("funds", row.number), WEIGHT, [("1", Decimal(1))] * len(known))
        self.constant(row_cell("count", row.number), Decimal(len(known)))
        self._added(row_cell("plain_target", row.number), targets)
        self._added(row_cell("plain_actual", row.number), actuals)

    def _number(self, field: str, n: int) -> tuple[str, Decimal]:
        """The cell of the form if it holds just this number, else the number as it was understood."""
        facts: IndicatorFacts = self.facts.indicators[n]
        number = facts.target_number if field == "target" else facts.actual_number
        stated = facts.target if field == "target" else facts.actual
        assert number is not None
        text = self._cell(field, n) if stated == number else format(exact(number), "f")
        return text, exact(number)

    def _cell(self, field: str, n: int) -> str:
        """n: the indicator's place among those filled in; printed rows nobody used stand between them."""
        filled = self.form.indicators[n].row
        return self.place.cell(
            f"indicator.{field}", next(at for at, row in enumerate(self.form.rows) if row.row == filled)
        )

    def _added(self, cell: str, terms: Sequence[tuple[str, Decimal]]) -> None:
        self.put(cell, "+".join(text for text, _ in terms), sum_of(value for _, value in terms))

    def _weighted(self, cell: str, weight: str, terms: Sequence[tuple[str, Decimal]]) -> None:
        if not terms:
            return
        joined = "+".join(text for text, _ in terms)
        funds = self.merged.weight
        text = f"{weight}*({joined})" if len(terms) > 1 else f"{weight}*{joined}"
        self.put(cell, text, funds * sum_of(value for _, value in terms))
