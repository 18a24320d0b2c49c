"""One sheet a unit: its form as stated, in its own layout, with the cells the findings are about tinted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltools import form_sheet
from xltools.consolidated import shares
from xltools.consolidated.cells import printable
from xltools.consolidated.context import Context, UnitSheet
from xltools.consolidated.paths import quoted
from xltools.consolidated.sheets import SUMMARY, sheet_names
from xltools.form_sheet import Content, FormContent, FormLayout, FundRow, IndicatorRow, Placement, Styles
from xltools.merging import FindingFacts, FormFacts, MergedForm
from xltools.messages.interface import COMPARATORS, NATURES
from xltools.model import Entry, FundLine, Indicator, Quantity, SelfEvaluation


def plan(forms: Iterable[FormFacts]) -> tuple[UnitSheet, ...]:
    """Names and places before anything is drawn, so that other sheets can refer to them."""
    kept = list(forms)
    found = []
    for name, facts in zip(sheet_names(kept), kept, strict=True):
        assert facts.form is not None
        placement = form_sheet.placement(content(facts.form))
        found.append(UnitSheet(name, placement, dict(_cells(facts.form, placement))))
    return tuple(found)


def draw(
    book: Workbook, sheet: Worksheet, context: Context, at: int, form: MergedForm, styles: Styles
) -> None:
    assert form.facts.form is not None
    drawn = content(form.facts.form)
    form_sheet.draw(book, sheet, drawn, styles)
    _tint(sheet, context, context.units[at], form)
    _links(sheet, context, at, form)
    shares.draw(sheet, context, at, form)
    last = context.units[at].placement.last_row
    sheet.print_area(0, 0, last - 1, 11 if drawn.layout == "nmg-12" else 8)


def _links(sheet: Worksheet, context: Context, at: int, form: MergedForm) -> None:
    look, column = context.look, shares.LEFT
    sheet.write_url(0, column, f"internal:{quoted(SUMMARY)}!B{at + 2}", look["link"], "返回汇总")
    url = context.paths.of(form.source).url
    if url:
        sheet.write_url(1, column, f"external:{url}", look["link"], "打开原文件")


def _tint(sheet: Worksheet, context: Context, unit: UnitSheet, form: MergedForm) -> None:
    """Errors red, the rest amber; the words of the findings as a note on the cell."""
    look = context.look
    notes: dict[str, list[FindingFacts]] = {}
    for finding in form.findings:
        if finding.severity in ("error", "warning", "undetermined"):
            for cell in finding.cells:
                if cell in unit.cells:
                    notes.setdefault(unit.cells[cell], []).append(finding)
    for cell, findings in sorted(notes.items()):
        bad = any(finding.severity == "error" for finding in findings)
        style = look.red if bad else look.amber
        sheet.conditional_format(cell, {"type": "formula", "criteria": "=TRUE", "format": style})
        words = "\n".join(dict.fromkeys(f"{each.code} {each.message}" for each in findings))
        sheet.write_comment(cell, printable(words)[:2000], {"author": "", "x_scale": 2, "y_scale": 1.5})


# --- what stands in the cells ---------------------------------------------------------------------


def content(form: SelfEvaluation) -> FormContent:
    layout: FormLayout = "mof-std" if form.layout == "mof-std" else "nmg-12"
    return FormContent(
        layout=layout,
        year=form.year.value,
        funds=tuple(_fund_row(line) for line in form.funds),
        indicators=tuple(_indicator_row(row) for row in form.rows),
        money_unit=form.unit,
        project_name=form.project_name.raw,
        supervising_department=form.supervising_department.raw,
        implementing_unit=form.implementing_unit.raw,
        goal_expected=form.goal_expected.raw,
        goal_actual=form.goal_actual.raw,
        total_weight=_number(form.total_weight),
        total_score=_number(form.total_score),
    )


def _number(entry: Entry[Decimal]) -> Content:
    return entry.raw or None if entry.value is None else entry.value


def _quantity(entry: Entry[Quantity]) -> Content:
    found = entry.value
    if found is None or found.comparator or found.unit:
        return entry.raw or None
    return found.number


def _fund_row(line: FundLine) -> FundRow:
    return FundRow(
        label=line.label.raw,
        initial_budget=_number(line.initial_budget),
        annual_budget=_number(line.annual_budget),
        executed=_number(line.executed),
        weight=_number(line.weight),
        execution_rate=_number(line.execution_rate),
        score=_number(line.score),
    )


def _indicator_row(row: Indicator) -> IndicatorRow:
    return IndicatorRow(
        level1=row.level1.value or row.level1.raw,
        level2=row.level2.value or row.level2.raw,
        level3=row.level3.raw,
        nature=NATURES[row.nature.value][0] if row.nature.value else row.nature.raw,
        direction=COMPARATORS[row.direction.value][0] if row.direction.value else row.direction.raw,
        target=_quantity(row.target),
        actual=_quantity(row.actual),
        unit=row.unit.raw,
        weight=_number(row.weight),
        score=_number(row.score),
        deviation=row.deviation.raw,
    )


# --- which cell of the source is which cell here --------------------------------------------------

_SINGLE = (
    "project_name",
    "supervising_department",
    "implementing_unit",
    "goal_expected",
    "goal_actual",
    "total_weight",
    "total_score",
)
_FUND = ("label", "initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score")
_INDICATOR = (
    "level1", "level2", "level3", "nature", "direction",
    "target", "actual", "unit", "weight", "score", "deviation",
)  # fmt: skip


def _cells(form: SelfEvaluation, placement: Placement) -> Iterator[tuple[str, str]]:
    for entry, field, at in _entries(form):
        if entry.place and (field, at) in placement.cells:
            yield entry.cell, placement.cell(field, at)


def _entries(form: SelfEvaluation) -> Iterator[tuple[Entry[object], str, int]]:
    for field in _SINGLE:
        yield getattr(form, field), field, 0
    for at, line in enumerate(form.funds):
        for field in _FUND:
            yield getattr(line, field), f"fund.{field}", at
    for at, row in enumerate(form.rows):
        for field in _INDICATOR:
            yield getattr(row, field), f"indicator.{field}", at
