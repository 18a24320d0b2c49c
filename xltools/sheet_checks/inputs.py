"""The open cells of the form: prompts, drop-downs, limits, and colours for what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from xltools.form_sheet import Formula
from xltools.messages.interface import FIELDS
from xltools.messages.prompts import PROMPTS, REFUSALS, prompt
from xltools.sheet_checks.anchors import Anchors, Band
from xltools.sheet_checks.lists import LEVEL2_FAMILIES, name
from xltools.sheet_checks.slots import Slots, mark

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

WRONG_FILL, NOTE_FILL = "FFB3B3", "FFE08A"
_SINGLE = (
    "title",
    "project_name",
    "supervising_department",
    "implementing_unit",
    "goal_expected",
    "goal_actual",
)
_NOT_NEGATIVE = {"validate": "decimal", "criteria": ">=", "value": 0}
_AMOUNTS = ("initial_budget", "annual_budget", "executed")


def add_inputs(sheet: Worksheet, at: Anchors) -> None:
    """Prompts and limits for every cell a person fills."""
    for field in _SINGLE:
        if at.has(field):
            sheet.data_validation(at.placed.cell(field), _prompted(field, {"validate": "any"}))
    for field in _AMOUNTS:
        for cell in _open_amounts(at, field):
            sheet.data_validation(cell, _prompted(field, _NOT_NEGATIVE, "amount"))
    for field, limit, refusal in _limits(at.indicators):
        if field in at.indicators.columns:
            sheet.data_validation(_rows(at.indicators, field), _prompted(field, limit, refusal))


def _open_amounts(at: Anchors, field: str) -> Iterable[str]:
    for index, line in enumerate(at.content.funds):
        if not isinstance(getattr(line, field), Formula):
            yield at.placed.cell(f"fund.{field}", index)


def _rows(band: Band, field: str) -> str:
    return band.rows(field).partition("!")[2].replace("$", "")


def _prompted(field: str, limit: Mapping[str, Any], refusal: str | None = None) -> dict[str, Any]:
    words = {"input_title": FIELDS[field][0][:32], "input_message": prompt(PROMPTS, field)}
    if refusal is None:
        return {**limit, **words, "show_error": False}
    return {**limit, **words, "error_title": "请核对", "error_message": prompt(REFUSALS, refusal)}


def _limits(band: Band) -> Iterable[tuple[str, Mapping[str, Any], str | None]]:
    first = band.header + 1

    def cell(field: str) -> str:
        return f"${band.columns[field]}{first}"

    def offers(key: str) -> dict[str, Any]:
        return {"validate": "list", "source": f"={name(key)}"}

    anything = {"validate": "any"}
    yield "level1", offers("offer_level1"), "list"
    yield "level2", {"validate": "list", "source": f"={_fitting(band)}"}, None
    yield "level3", anything, None
    if "nature" in band.columns:
        yield "nature", offers("offer_nature"), "list"
        yield "direction", offers("offer_direction"), "list"
        numeric = f'=OR({cell("nature")}="定性",{cell("nature")}="",ISNUMBER({cell("target")}))'
        yield "target", {"validate": "custom", "value": numeric}, "target"
        yield "unit", offers("offer_unit"), None
    else:
        yield "target", anything, None
    yield "actual", offers("offer_tier"), None
    above_zero = {"validate": "decimal", "criteria": "between", "minimum": 0.01, "maximum": 100}
    yield "weight", above_zero, "weight"
    most = f"=IF(ISNUMBER({cell('weight')}),{cell('weight')},100)"
    yield "score", {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most}, "score"
    yield "deviation", anything, None


def _fitting(band: Band) -> str:
    """The list of second-level names under the level 1 of the row: the last one at or above it."""
    column, first = band.columns["level1"], band.header + 1
    above = f"${column}${first}:${column}{first}"
    level1 = f'LOOKUP(2,1/({above}<>""),{above})'
    lists = ",".join(name(f"offer_{family}") for family in LEVEL2_FAMILIES)
    return f"CHOOSE(MATCH({level1},{name('offer_level1')},0),{lists})"


# --- colours --------------------------------------------------------------------------------------


def add_colours(book: Workbook, sheet: Worksheet, at: Anchors, rows: Slots, funds: Slots) -> None:
    """Cells at fault turn red, cells to look at turn yellow, while one types."""
    wrong = book.add_format({"bg_color": f"#{WRONG_FILL}", "font_color": "#9C0006"})
    note = book.add_format({"bg_color": f"#{NOTE_FILL}"})
    for slots, prefix in ((rows, "row"), (funds, "fund")):
        for field in slots.marked:
            named = name(f"{prefix}_{mark(field)}")
            book.define_name(named, f"={slots.span(mark(field))}")
            header = f"${slots.band.columns[field]}${slots.band.header}"
            told = f"INDEX({named},ROW()-ROW({header}))"
            for sign, look in (("!", wrong), ("-", note)):
                begun = f"{name(begun_name(prefix))}>0"
                fault = f'=AND({begun},ISNUMBER(FIND("{sign}",{told})))'
                test = {"type": "formula", "criteria": fault, "format": look}
                sheet.conditional_format(_rows(slots.band, field), test)
    totals = {
        "total_weight": (("WGT-01", "WGT-02"), wrong),
        "total_score": (("SCO-07", "SCO-08"), wrong),
        "goal_actual": (("GOA-03",), note),
    }
    for field, (codes, look) in totals.items():
        faults = "+".join(fault_name(code) for code in codes)
        options = {"type": "formula", "criteria": f"={faults}>0", "format": look}
        sheet.conditional_format(at.placed.cell(field), options)


def begun_name(band: str) -> str:
    """The list name of how much of a band is filled in; a blank form shows no fault."""
    return f"{band}s_begun"


def fault_name(code: str) -> str:
    """The defined name of the number of faults of a rule."""
    return name(f"faults_{code.replace('-', '_')}")
