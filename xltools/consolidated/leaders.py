"""Beside 总览, grey and not printed: the forms its charts show when there are too many to show all."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from xltools.consolidated.charts import MOST_UNITS
from xltools.consolidated.page import Page, in_summary
from xltools.form_sheet import Formula, write

LEFT = 13  # column N
_TOP = 3


class Ranked(NamedTuple):
    """How many lines stand in each of the two tables."""

    rates: int
    totals: int


def draw(page: Page) -> Ranked | None:
    """The lowest execution rates, and the totals that differ most; None when all forms are shown."""
    if page.context.forms <= MOST_UNITS:
        return None
    sheet, look = page.sheet, page.context.look
    sheet.set_column(LEFT, LEFT + 6, 9)
    heads = ("汇总序号", "执行率（%）", "", "汇总序号", "自评总分", "复算总分")
    for at, head in enumerate(heads, start=LEFT):
        if head:
            sheet.write_string(_TOP - 1, at, head, look.helper_head)
    rates, gaps = page.context.figures.lowest_rates, page.context.figures.widest_gaps
    for at, rated in enumerate(rates):
        _line(page, _TOP + at, LEFT, rated.place, (("执行率（%）", rated.rate),))
    for at, gap in enumerate(gaps):
        pair = (("自评总分", gap.stated), ("复算总分", gap.total))
        _line(page, _TOP + at, LEFT + 3, gap.place, pair)
    return Ranked(len(rates), len(gaps))


def _line(page: Page, row: int, column: int, form: int, values: tuple[tuple[str, Decimal], ...]) -> None:
    grey = page.context.look["helper"]
    write(page.sheet, row, column, Formula(in_summary("序号", form + 2), Decimal(form + 1)), grey)
    for at, (header, value) in enumerate(values, start=column + 1):
        write(page.sheet, row, at, Formula(in_summary(header, form + 2), value), grey)
