"""A `Consolidation` as one workbook: every number can be followed to the cell it came from."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import cast

from xlsxwriter.workbook import Workbook

from xltools.consolidated import details, findings, overview, pooled, summary, unit_sheets
from xltools.consolidated.context import (
    FINDINGS,
    FUNDS,
    INDICATORS,
    OVERVIEW,
    POOLED,
    SOURCES,
    SUMMARY,
    Context,
    spans,
)
from xltools.consolidated.listing import Listing, TooManyRows
from xltools.consolidated.look import Look
from xltools.form_sheet import Styles
from xltools.merging import Consolidation
from xltools.messages.interface import Lang

__all__ = ["TooManyRows", "write"]

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
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
    path = Path(target)
    handle, name = tempfile.mkstemp(prefix=".~", suffix=".xlsx", dir=path.parent)
    os.close(handle)
    try:
        _write(consolidation, Path(name), path, Path(sources_root), unit_sheets)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


def _write(consolidation: Consolidation, name: Path, target: Path, root: Path, most_units: int) -> None:
    book = Workbook(str(name), _OPTIONS)
    book.set_properties({"title": "项目支出绩效自评表汇总", "created": _CREATED})
    context = Context(consolidation, Look(book), target, root)
    context.spans = spans(form.facts for form in consolidation.forms)
    if len(consolidation.forms) <= most_units and all(form.facts.form for form in consolidation.forms):
        context.units = unit_sheets.plan(form.facts for form in consolidation.forms)
    _draw(book, context)
    book.close()


def _draw(book: Workbook, context: Context) -> None:
    """Sheets in the order they are read: overview, totals, what to correct, details."""
    styles = Styles(book)
    first = book.add_worksheet(OVERVIEW)
    totals = _listing(book, SUMMARY)
    form = book.add_worksheet(POOLED)
    summary.lay_out(totals, context)
    findings.lay_out_findings(_listing(book, FINDINGS), context)
    details.lay_out_funds(_listing(book, FUNDS), context)
    details.lay_out_indicators(_listing(book, INDICATORS), context)
    findings.lay_out_sources(_listing(book, SOURCES), context)
    pooled.draw(book, form, context, styles)
    for at, unit in enumerate(context.units):
        unit_sheets.draw(book, book.add_worksheet(unit.name), context, at, styles)
    overview.draw(book, first, context)
    first.activate()


def _listing(book: Workbook, name: str) -> Listing:
    return cast(Listing, book.add_worksheet(name, worksheet_class=Listing))
