"""The fund band: one line for each source of money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, cast

from xltools.locate import FormPlaces, FundRowPlace, Page, Span, money_unit_in
from xltools.model import ABSENT, Entry, FundKind, FundLine, Place
from xltools.quantities import round_half_up
from xltools.reading.cells import Money, amount, meaning, number, words
from xltools.reading.meanings import as_label, points_in
from xltools.reading.spots import Cells, Position, Spot, spot, spot_at
from xltools.vocabulary import label_key

_HUNDRED = Decimal(100)


@dataclass(slots=True, eq=False)
class _LinePlan:
    row: int
    kind: FundKind
    label: Spot
    initial_budget: Spot
    annual_budget: Spot
    executed: Spot
    weight: Spot
    execution_rate: Spot
    score: Spot
    reason: Spot


@dataclass(slots=True, eq=False)
class FundPlan:
    """headers: where the header of each column stands.  header_row: None without a fund band."""

    headers: Mapping[str, Position]
    header_row: int | None
    lines: tuple[_LinePlan, ...]


def plan_funds(places: FormPlaces, sheet: str) -> FundPlan:
    header = places.fund_header
    columns: Mapping[str, Span] = header.columns if header else {}
    return FundPlan(
        headers={name: (header.row, span.left) for name, span in columns.items()} if header else {},
        header_row=header.row if header else None,
        lines=tuple(_plan_line(place, columns, sheet) for place in places.fund_rows),
    )


def _plan_line(place: FundRowPlace, columns: Mapping[str, Span], sheet: str) -> _LinePlan:
    def under(name: str) -> Spot:
        return spot(sheet, place.row, columns.get(name))

    return _LinePlan(
        row=place.row,
        kind=cast("FundKind", place.kind or "unknown"),
        label=spot_at(sheet, (place.row, place.label_column)),
        initial_budget=under("initial_budget"),
        annual_budget=under("annual_budget"),
        executed=under("executed"),
        weight=under("weight"),
        execution_rate=under("execution_rate"),
        score=under("score"),
        reason=under("reason"),
    )


class _Terms(NamedTuple):
    """What the headers of one form say about all its lines.

    printed_weight: the points of the execution rate on a form that prints them in a label.
    """

    initial_budget: Money
    annual_budget: Money
    executed: Money
    rate_is_percent: bool
    printed_weight: Entry[Decimal]


def fund_lines(page: Page, plan: FundPlan, unit: str, stated: str | None) -> tuple[FundLine, ...]:
    """unit: the money unit to read in.  stated: the one that the form is written in, if it says so."""
    if not plan.lines:
        return ()
    terms = _terms(page, plan, unit, stated)
    return tuple([_fund_line(page.cells, line, terms) for line in plan.lines])


def _terms(page: Page, plan: FundPlan, unit: str, stated: str | None) -> _Terms:
    def header(name: str) -> str:
        at = plan.headers.get(name)
        return page.cells[at].text if at else ""

    def money(name: str) -> Money:
        return Money(unit, money_unit_in(header(name)) or stated)

    return _Terms(
        money("initial_budget"),
        money("annual_budget"),
        money("executed"),
        "%" in label_key(header("execution_rate")),
        ABSENT if "weight" in plan.headers else _printed_weight(page, plan.header_row),
    )


def _printed_weight(page: Page, row: int | None) -> Entry[Decimal]:
    """``得分（20分*执行率）``."""
    for column, text in page.texts(row) if row is not None else ():
        points = points_in(text)
        if points and row is not None:
            return Entry(Decimal(points), text, "ok", Place(page.grid.name, row, column), None, "printed")
    return ABSENT


def _fund_line(cells: Cells, plan: _LinePlan, terms: _Terms) -> FundLine:
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
