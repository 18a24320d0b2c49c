"""A `Consolidation` as one workbook: every number can be followed to the cell it came from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

from xlsxwriter.workbook import Workbook

from xltools.consolidated import (
    attendance,
    details,
    findings,
    matches,
    overview,
    pooled,
    shares,
    summary,
    unit_sheets,
    years,
)
from xltools.consolidated.context import (
    COMPARISON,
    FIRST,
    LAST,
    MATCHES,
    OVERVIEW,
    POOLED,
    ROLLCALL,
    SOURCES,
    SUMMARY,
    Context,
    TooManyRows,
)
from xltools.consolidated.listing import Listing
from xltools.consolidated.look import Look
from xltools.consolidated.stitching import stitch
from xltools.form_sheet import Styles
from xltools.merging import Consolidation
from xltools.messages.interface import Lang
from xltools.model import OWN_OUTPUT
from xltools.writing import replacing

__all__ = ["TooManyRows", "write", "write_findings"]

_OPTIONS: dict[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
    "default_format_properties": {"font_name": "宋体", "font_size": 10},
}
_CREATED = datetime(2020, 1, 1)  # fixed, so that the same inputs give the same bytes


def write(
    consolidation: Consolidation,
    target: str | os.PathLike[str],
    sources_root: str | os.PathLike[str],
    unit_sheets: int = 200,
    lang: Lang = "zh",
) -> None:
    """Write the workbook; the old one stays until the new one is complete.

    sources_root: the folder that was merged; sources are listed relative to it.
    unit_sheets: up to this many forms get a sheet of their own, provided their digests kept them.
    lang: reserved; the workbook is in Chinese, as the form is.
    Raises TooManyRows when a list does not fit on a sheet, OSError when the file cannot be written.
    """
    with replacing(target) as name, name.open("wb") as stream:
        _write(consolidation, stream, Path(target), Path(sources_root), unit_sheets)


def write_findings(
    consolidation: Consolidation, target: str | os.PathLike[str], sources_root: str | os.PathLike[str]
) -> None:
    """问题清单 and 来源清单 alone: what `validate` found, to filter and to print.

    Raises as `write`.
    """
    with replacing(target) as name, name.open("wb") as stream, _saved(stream, "自评表问题清单") as book:
        context = Context(consolidation, Look(book), Path(target), Path(sources_root))
        context.place_lists()
        for part in context.findings:
            findings.lay_out_findings(_listing(book, part.sheet), context, part)
        findings.lay_out_sources(_listing(book, SOURCES), context)


@contextmanager
def _saved(stream: IO[bytes], title: str) -> Iterator[Workbook]:
    """A book to draw on; afterwards it is written to the stream, its lists with their rows."""
    frame = BytesIO()
    book = Workbook(frame, deepcopy(_OPTIONS))  # XlsxWriter writes into it
    book.set_properties({"title": title, "created": _CREATED})
    book.define_name(OWN_OUTPUT, "=1")
    yield book
    book.close()
    stitch(frame, [sheet for sheet in book.worksheets() if isinstance(sheet, Listing)], stream)


def _write(
    consolidation: Consolidation, stream: IO[bytes], target: Path, root: Path, most_units: int
) -> None:
    with _saved(stream, "项目支出绩效自评表汇总") as book:
        context = Context(consolidation, Look(book), target, root)
        context.place_lists()
        if len(consolidation.forms) <= most_units and all(form.facts.form for form in consolidation.forms):
            context.units = unit_sheets.plan(form.facts for form in consolidation.forms)
        _draw(book, context)


def _draw(book: Workbook, context: Context) -> None:
    """Sheets in the order they are read: overview, totals, what to correct, details."""
    styles = Styles(book)
    first = book.add_worksheet(OVERVIEW)
    totals = _listing(book, SUMMARY)
    form = book.add_worksheet(POOLED)
    summary.lay_out(totals, context)
    _draw_beside(book, context)
    for part in context.findings:
        findings.lay_out_findings(_listing(book, part.sheet), context, part)
    for part in context.funds:
        details.lay_out_funds(_listing(book, part.sheet), context, part)
    for part in context.indicators:
        details.lay_out_indicators(_listing(book, part.sheet), context, part)
    findings.lay_out_sources(_listing(book, SOURCES), context)
    pooled.draw(book, form, context, styles)
    if context.units:
        _draw_units(book, context, styles)
    overview.draw(book, first, context)
    first.activate()


def _draw_beside(book: Workbook, context: Context) -> None:
    """What there is only when it was asked for, or when there is something to say."""
    c = context.consolidation
    if c.roll_call:
        attendance.lay_out(_listing(book, ROLLCALL), context, c.roll_call)
    if c.comparison:
        years.lay_out(_listing(book, COMPARISON), context, c.comparison)
    if c.matches:
        matches.lay_out(_listing(book, MATCHES), context)


def _draw_units(book: Workbook, context: Context, styles: Styles) -> None:
    """Between two marks, so that a sum through all sheets knows where they begin and end."""
    shares.draw_mark(book.add_worksheet(FIRST), context, first=True)
    for at, unit in enumerate(context.units):
        unit_sheets.draw(book, book.add_worksheet(unit.name), context, at, styles)
    shares.draw_mark(book.add_worksheet(LAST), context, first=False)


def _listing(book: Workbook, name: str) -> Listing:
    return cast(Listing, book.add_worksheet(name, worksheet_class=Listing))
