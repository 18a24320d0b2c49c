"""Beside 总览, grey and not printed: the forms its charts show when there are too many to show all."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from xltools.consolidated.charts import MOST_UNITS
from xltools.consolidated.page import Page, in_summary
from xltools.form_sheet import Formula, write
from xltools.merging import MergedForm, numeric

SHOWN = 20
LEFT = 13  # column N
_TOP = 3


class Ranked(NamedTuple):
    """How many lines stand in each of the two tables."""

    rates: int
    totals: int


def draw(page: Page) -> Ranked | None:
    """The lowest execution rates, and the totals that differ most; None when all forms are shown."""
    forms = page.context.consolidation.forms
    if len(forms) <= MOST_UNITS:
        return None
    sheet, look = page.sheet, page.context.look
    sheet.set_column(LEFT, LEFT + 6, 9)
    heads = ("汇总序号", "执行率（%）", "", "汇总序号", "自评总分", "复算总分")
    for at, head in enumerate(heads, start=LEFT):
        if head:
            sheet.write_string(_TOP - 1, at, head, look.helper_head)
    rates, totals = _lowest_rates(forms), _widest_gaps(forms)
    for at, form in enumerate(rates):
        _line(page, _TOP + at, LEFT, form, (("执行率（%）", forms[form].facts.rate),))
    for at, form in enumerate(totals):
        facts = forms[form].facts
        pair = (("自评总分", facts.stated_total), ("复算总分", facts.total))
        _line(page, _TOP + at, LEFT + 3, form, pair)
    return Ranked(len(rates), len(totals))


def _line(page: Page, row: int, column: int, form: int, values: tuple[tuple[str, object], ...]) -> None:
    grey = page.context.look["helper"]
    write(page.sheet, row, column, Formula(in_summary("序号", form + 2), Decimal(form + 1)), grey)
    for at, (header, value) in enumerate(values, start=column + 1):
        number = numeric(value) if isinstance(value, float) else None
        if number is not None:
            write(page.sheet, row, at, Formula(in_summary(header, form + 2), number), grey)


def _lowest_rates(forms: tuple[MergedForm, ...]) -> list[int]:
    known = [(form.facts.rate, at) for at, form in enumerate(forms) if form.facts.rate is not None]
    return [at for _, at in sorted(known)[:SHOWN]]


def _widest_gaps(forms: tuple[MergedForm, ...]) -> list[int]:
    known = []
    for at, form in enumerate(forms):
        stated, again = numeric(form.facts.stated_total), numeric(form.facts.total)
        if stated is not None and again is not None:
            known.append((-abs(stated - again), at))
    return [at for _, at in sorted(known)[:SHOWN]]
