"""Puts the checks onto a workbook that holds a form: 校验, 填报说明, and the hidden sheets behind them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from xltools import instructions
from xltools.form_sheet import FormContent, FundRow, Placement, last_column
from xltools.model import HELPERS
from xltools.profiles import Profile
from xltools.sheet_checks import fund_rows, indicator_rows, lists, pages, stored, verdicts
from xltools.sheet_checks.anchors import Anchors, anchors
from xltools.sheet_checks.inputs import add_colours, add_inputs, begun_name
from xltools.sheet_checks.lists import name
from xltools.sheet_checks.slots import Slots
from xltools.sheet_checks.stored import Judged
from xltools.sheet_checks.verdicts import RIGHT, WRONG, Line

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS_SHEET, FUNDS_SHEET = HELPERS.rows, HELPERS.funds
SPARE_ROWS, SPARE_FUNDS = 15, 4
VERSION = "1"
"""Of the template: counted up when a field moves or changes its meaning."""
_ROWS_MAY_CHANGE = {"format_rows": True, "format_columns": True, "insert_rows": True, "delete_rows": True}
_SUFFIX = {"nmg-12": "", "mof-std": "指标"}


def attach(
    book: Workbook, sheet: Worksheet, form: str, content: FormContent, placed: Placement,
    profile: Profile, judged: Judged,
) -> None:  # fmt: skip
    """Everything that makes the form check itself.  ``judged`` gives the results that are stored."""
    at = anchors(form, content, placed)
    rows, funds = _slots(at, profile)
    lines = verdicts.lines(at, rows, funds, profile)
    results = (stored.row_results(at, rows, judged), stored.fund_results(at, funds, judged, profile))
    verdict_sheet = book.add_worksheet(verdicts.SHEET)
    counted = [(line, *stored.faults(line, judged, (rows, funds), results, at)) for line in lines]
    told = [(line.stored(count, judged.blank), count, cell) for line, count, cell in counted]
    pages.draw_verdicts(book, verdict_sheet, lines, verdicts.blanks(at, rows), form, told)
    guide = book.add_worksheet(instructions.SHEET)
    instructions.draw(book, guide, profile, lines, tuple(at.indicators.columns))
    for slots, known in zip((rows, funds), results, strict=True):
        slots.write(book, _hidden(book, slots.sheet), known)
    lists.write_lists(book, _hidden(book, lists.SHEET), _SUFFIX[content.layout])
    _name_fields(book, at, rows, profile)
    add_inputs(sheet, at)
    add_colours(book, sheet, at, rows, funds)
    columns = last_column(content)
    pages.draw_beside(book, sheet, at, profile, len(lines), _open(lines, told), columns)
    sheet.protect("", _ROWS_MAY_CHANGE)
    sheet.print_area(0, 0, placed.last_row - 1, columns - 1)
    sheet.print_black_and_white()
    for page in (verdict_sheet, guide):
        page.protect("", {"format_rows": True, "format_columns": True})


def _slots(at: Anchors, profile: Profile) -> tuple[Slots, Slots]:
    rows = Slots(
        ROWS_SHEET,
        at.indicators,
        at.indicators.size + SPARE_ROWS,
        indicator_rows.columns(at.indicators, profile),
        indicator_rows.flags(at.indicators, profile),
    )
    outcome = at.cell("goal_actual")
    told = f"AND({lists.mentions(outcome, 'money_words')},{lists.mentions(outcome, 'causes')})"
    explained = f"IF(OR(SUM({rows.span('money')})>0,{told}),1,0)"
    funds = Slots(
        FUNDS_SHEET,
        at.funds,
        at.funds.size + SPARE_FUNDS,
        fund_rows.columns(at.funds, profile, explained),
        fund_rows.flags(at.funds, profile),
    )
    return rows, funds


def _open(lines: list[Line], told: list[tuple[str, int, str]]) -> tuple[int, int]:
    pairs = [(line.severity == "error", verdict) for line, (verdict, _, _) in zip(lines, told, strict=True)]
    errors = sum(error and verdict != RIGHT for error, verdict in pairs)
    return errors, sum(not error and verdict == WRONG for error, verdict in pairs)


def _hidden(book: Workbook, title: str) -> Worksheet:
    """A sheet nobody needs to see, and anybody can show."""
    sheet = book.add_worksheet(title, worksheet_class=_plain_sheet())
    sheet.protect("")
    sheet.hide()
    return sheet


@cache
def _plain_sheet() -> type[Worksheet]:
    """A worksheet that takes formulas as they are.

    XlsxWriter searches each formula for some thirty functions newer than Excel 2010; thousands of
    formulas that use none of them would spend most of their time there.
    """
    from xlsxwriter.worksheet import Worksheet as Usual

    class PlainSheet(Usual):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula

    return PlainSheet


def _name_fields(book: Workbook, at: Anchors, rows: Slots, profile: Profile) -> None:
    """A name for every field, which follows its cells when rows are inserted; and what form this is."""
    for key, value in (("form", at.content.layout), ("version", VERSION), ("profile", profile.name)):
        book.define_name(name(key), f'="{value}"')
    for field, index in at.placed.cells:
        if "." not in field:
            book.define_name(name(field), f"={at.cell(field, index)}")
    for index in range(len(at.content.funds)):
        for field in FundRow._fields:
            key = f"fund{index or '_total'}_{field}"
            book.define_name(name(key), f"={at.cell(f'fund.{field}', index)}")
    for field in at.indicators.columns:
        book.define_name(name(f"indicator_{field}"), f"={at.indicators.rows(field)}")
    begun = verdicts.begun(at, rows)
    for kind, band in (("rows", "row"), ("money", "fund")):
        book.define_name(name(begun_name(band)), f"={begun[kind]}")
    for key in ("suggested", "used"):
        book.define_name(name(key), f"={rows.span(key)}")
