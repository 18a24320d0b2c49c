"""The fund band: one line for each source of money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, cast

from xltools.locate import FormPlaces, FundRowPlace, Page, Span, money_unit_in
from xltools.model import ABSENT, Entry, FundKind, FundLine, Place
from xltools.quantities import round_half_up
from xltools.reading.cells import Money, amount, meaning, number, words
from xltools.reading.meanings import as_label, points_in
from xltools.reading.spots import Cells, Position, Spot, known_rows, remembered_with_row, spot, spot_at
from xltools.sheets.grid import SheetRow
from xltools.vocabulary import label_key

_HUNDRED = Decimal(100)
_MOST_PLANNED = 128
_MOST_REMEMBERED = 256


@dataclass(slots=True, eq=False)
class _LinePlan:
    kind: FundKind
    row: int
    label: Spot
    initial_budget: Spot
    annual_budget: Spot
    executed: Spot
    weight: Spot
    execution_rate: Spot
    score: Spot
    reason: Spot


_COLUMNS = tuple(each.name for each in fields(_LinePlan))[3:]


@dataclass(slots=True, eq=False)
class FundPlan:
    """headers: where the header of each column stands, all in ``header_row``."""

    header_row: int
    headers: Mapping[str, Position]
    lines: tuple[_LinePlan, ...]


def plan_funds(places: FormPlaces, sheet: str) -> FundPlan:
    header = places.fund_header
    if header is None:
        return FundPlan(0, {}, ())
    spans = tuple(header.columns.get(name) for name in _COLUMNS)
    return FundPlan(
        header.row,
        {name: (header.row, span.left) for name, span in header.columns.items()},
        tuple(_plan_line(sheet, place, spans) for place in places.fund_rows),
    )


@lru_cache(maxsize=_MOST_PLANNED)
def _plan_line(sheet: str, place: FundRowPlace, spans: tuple[Span | None, ...]) -> _LinePlan:
    """The same object for templates that differ only in other rows, so that they share what is remembered."""
    row, label_column, kind = place
    label = spot_at(sheet, (row, label_column))
    return _LinePlan(
        cast("FundKind", kind or "unknown"), row, label, *[spot(sheet, row, span) for span in spans]
    )


# --- what the headers say ---------------------------------------------------------------------


class _Terms(NamedTuple):
    """What the headers of one form say about all its lines.

    printed_weight: the points of the execution rate on a form that prints them in a label.
    """

    initial_budget: Money
    annual_budget: Money
    executed: Money
    rate_is_percent: bool
    printed_weight: Entry[Decimal]


def _terms_of(page: Page, plan: FundPlan, unit: str, stated: str | None) -> _Terms:
    initial, annual, executed, rate = (
        page.cells[plan.headers[name]].text if name in plan.headers else ""
        for name in ("initial_budget", "annual_budget", "executed", "execution_rate")
    )
    printed = ABSENT if "weight" in plan.headers else _printed_weight(page, plan.header_row)
    return _terms(unit, stated, initial, annual, executed, rate, printed)


@lru_cache(maxsize=256)
def _terms(
    unit: str,
    stated: str | None,
    initial: str,
    annual: str,
    executed: str,
    rate: str,
    printed_weight: Entry[Decimal],
) -> _Terms:
    """The same object for the same headers, by which a remembered line is known again."""

    def money(header: str) -> Money:
        return Money(unit, money_unit_in(header) or stated)

    return _Terms(money(initial), money(annual), money(executed), "%" in label_key(rate), printed_weight)


def _printed_weight(page: Page, row: int) -> Entry[Decimal]:
    """``得分（20分*执行率）``."""
    for column, text in page.texts(row):
        points = points_in(text)
        if points:
            return Entry(Decimal(points), text, "ok", Place(page.grid.name, row, column), None, "printed")
    return ABSENT


# --- the lines --------------------------------------------------------------------------------


def fund_lines(page: Page, plan: FundPlan, unit: str, stated: str | None) -> tuple[FundLine, ...]:
    """unit: the money unit to read in.  stated: the one that the form is written in, if it says so."""
    if not plan.lines:
        return ()
    terms = _terms_of(page, plan, unit, stated)
    row_of = known_rows(page).get
    lines = []
    for line in plan.lines:
        row = row_of(line.row)
        lines.append(_fund_line(line, page.cells, terms) if row is None else _known_line(line, row, terms))
    return tuple(lines)


@remembered_with_row(_MOST_REMEMBERED)
def _known_line(plan: _LinePlan, row: SheetRow, terms: _Terms) -> FundLine:
    """The same row in the same place below the same headers is the same line: mostly one without money."""
    return _fund_line(plan, row.cells, terms)


def _fund_line(plan: _LinePlan, cells: Cells, terms: _Terms) -> FundLine:
    annual = amount(cells, plan.annual_budget, terms.annual_budget)
    executed = amount(cells, plan.executed, terms.executed)
    rate = number(cells, plan.execution_rate, True)
    weight = number(cells, plan.weight)
    if plan.kind == "total" and weight.place is None:
        weight = terms.printed_weight
    return FundLine(
        plan.kind,
        meaning(cells, plan.label, as_label),
        amount(cells, plan.initial_budget, terms.initial_budget),
        annual,
        executed,
        weight,
        rate if terms.rate_is_percent else _rate_from_ratio(rate, annual, executed),
        number(cells, plan.score),
        plan.row,
        words(cells, plan.reason),
    )


def _rate_from_ratio(
    rate: Entry[Decimal], annual: Entry[Decimal], executed: Entry[Decimal]
) -> Entry[Decimal]:
    """``1`` under a header without % means 100 %, but only if the amounts say so too."""
    if rate.value is None or "%" in label_key(rate.raw) or not annual.value or executed.value is None:
        return rate
    ratio = executed.value / annual.value
    near = round_half_up(rate.value, 2) == round_half_up(ratio, 2)
    return rate._replace(value=rate.value * _HUNDRED, note="ratio") if near and rate.value else rate
