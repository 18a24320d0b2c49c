"""The consolidated workbook, drawn and put together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import IO, Any, NamedTuple, cast

from xlsxwriter.workbook import Workbook

from xltools.consolidated import (
    attendance,
    details,
    findings,
    lists,
    matches,
    overview,
    pooled,
    shares,
    summary,
    unit_sheets,
    years,
)
from xltools.consolidated.blocks import Block
from xltools.consolidated.context import Context, UnitSheet
from xltools.consolidated.listing import Listing, outs
from xltools.consolidated.lists import COLUMNS, Piece, Scene, Task, Written
from xltools.consolidated.look import Look
from xltools.consolidated.paths import Paths
from xltools.consolidated.placing import Placing, placed, spans
from xltools.consolidated.sheets import (
    COMPARISON,
    FIRST,
    FUNDS,
    INDICATORS,
    LAST,
    MATCHES,
    OVERVIEW,
    POOLED,
    ROLLCALL,
    SOURCES,
    SUMMARY,
    Part,
    TooManyRows,
)
from xltools.consolidated.stitching import stitch
from xltools.form_sheet import Styles
from xltools.merging import Consolidation
from xltools.messages.interface import Lang
from xltools.model import OWN_OUTPUT
from xltools.parallel import Crew
from xltools.spool import Spool, Spooled
from xltools.writing import replacing

__all__ = ["TooManyRows", "write", "write_findings"]

StrPath = str | os.PathLike[str]

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
    target: StrPath,
    sources_root: StrPath,
    unit_sheets: int = 200,
    lang: Lang = "zh",
    crew: Crew | None = None,
    written: Callable[[int], None] = lambda files: None,
) -> None:
    """Write the workbook; the old one stays until the new one is complete.

    sources_root: the folder that was merged; sources are listed relative to it.
    unit_sheets: up to this many forms get a sheet of their own, provided their digests kept them.
    lang: reserved; the workbook is in Chinese, as the form is.  crew: who writes the rows of the lists.
    written: told of how many files the rows were written.
    Raises TooManyRows when a list does not fit on a sheet, OSError when the file cannot be written.
    """
    with (
        replacing(target) as name,
        name.open("wb") as stream,
        _saved(stream, "项目支出绩效自评表汇总") as book,
    ):
        context = Context(consolidation, Look(book), Paths(target, sources_root))
        if len(consolidation.place) <= unit_sheets:
            context.units = _units(consolidation)
        _draw(book, context, _Lists(context, crew or Crew(0), written))


def write_findings(consolidation: Consolidation, target: StrPath, sources_root: StrPath) -> None:
    """问题清单 and 来源清单 alone: what `validate` found, to filter and to print.

    Raises as `write`.
    """
    with replacing(target) as name, name.open("wb") as stream, _saved(stream, "自评表问题清单") as book:
        context = Context(consolidation, Look(book), Paths(target, sources_root))
        written = _Lists(context, Crew(0), lambda files: None)
        _draw_findings(book, context, written)
        _draw_sources(book, context, written)


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


def _units(consolidation: Consolidation) -> tuple[UnitSheet, ...]:
    """The sheets of the forms; none unless every digest kept its form."""
    forms = [form.facts for form in consolidation.forms]
    return unit_sheets.plan(forms) if all(facts.form for facts in forms) else ()


# --- the rows of the long lists -------------------------------------------------------------------


_OWN = "own"  # pieces of the findings of the batch itself


class _Kept(NamedTuple):
    """A block on the disk."""

    data: Spooled
    checksum: int
    size: int


class _Lists:
    """The rows of the long lists, written by the crew and waiting on the disk for their sheets."""

    def __init__(self, context: Context, crew: Crew, written: Callable[[int], None]) -> None:
        self._spool = Spool()
        self._pieces: dict[tuple[str, int], tuple[_Kept, ...]] = {}
        self.placing = placed(context.consolidation)
        context.funds, context.indicators = self.placing.funds, self.placing.indicators
        context.findings = self.placing.findings
        if context.units:
            context.spans = tuple(spans(context.consolidation, self.placing.where))
        self._write(context, crew, written)

    def _write(self, context: Context, crew: Crew, written: Callable[[int], None]) -> None:
        c = context.consolidation
        scene = Scene(
            context.paths,
            {name: tuple(outs(columns, context.look)) for name, columns in COLUMNS.items()},
            summary.grade_formula(c.profile),
        )
        units = dict(enumerate(context.units))
        context.figures.count_findings(c.batch_findings)
        for at, made in enumerate(_written(scene, c, self.placing, units, crew)):
            for name, piece in made.pieces.items():
                self._pieces[name, at] = self._keep(piece)
            context.figures.add(made.figures)
            written(c.bundles[at].files)
        for at, (item, slot) in enumerate(self.placing.items):
            if item.bundle is None:
                piece = lists.findings_piece(scene, item.own, slot, f"b{at}_", units)
                self._pieces[_OWN, at] = self._keep(piece)

    def _keep(self, piece: Piece) -> tuple[_Kept, ...]:
        return tuple(_Kept(self._spool.put(block.data), block.checksum, block.size) for block in piece)

    def _piece(self, key: tuple[str, int]) -> Piece:
        return Piece(*(Block(self._spool.get(data), crc, size) for data, crc, size in self._pieces[key]))

    def of(self, name: str, bundles: Iterable[int]) -> Iterator[Piece]:
        """The pieces of a list that these bundles brought."""
        return (self._piece((name, at)) for at in bundles)

    def findings(self, part: Part) -> Iterator[Piece]:
        for at in part.items:
            item, _ = self.placing.items[at]
            yield self._piece((_OWN, at) if item.bundle is None else (item.severity, item.bundle))


def _written(
    scene: Scene, c: Consolidation, placing: Placing, units: Mapping[int, UnitSheet], crew: Crew
) -> Iterator[Written]:
    """Bundle by bundle.  Rows that refer to sheets of the units are written here: these are too many
    to be sent anywhere."""
    parts = zip(c.bundles, c.decided, placing.where, strict=True)
    if units or crew.alone:
        for at, (bundle, decided, where) in enumerate(parts):
            yield lists.with_units(scene, Task(bundle.digests, decided, where, f"r{at}_"), units)
        return
    tasks = (
        Task(bundle.digests.sealed(), decided.alone(bundle.keys), where, f"r{at}_")
        for at, (bundle, decided, where) in enumerate(parts)
    )
    yield from crew.each(partial(lists.written, scene), tasks)


# --- the sheets -----------------------------------------------------------------------------------


def _draw(book: Workbook, context: Context, written: _Lists) -> None:
    """Sheets in the order they are read: overview, totals, what to correct, details."""
    styles = Styles(book)
    first = book.add_worksheet(OVERVIEW)
    totals = _listing(book, SUMMARY)
    form = book.add_worksheet(POOLED)
    _draw_summary(totals, context, written)
    _draw_beside(book, context)
    _draw_findings(book, context, written)
    for part in context.funds:
        sheet = _listing(book, part.sheet)
        details.lay_out_funds(sheet, context, part)
        sheet.take(details.FUND_COLUMNS, written.of(FUNDS, part.items), part.rows, context.look)
    for part in context.indicators:
        sheet = _listing(book, part.sheet)
        details.lay_out_indicators(sheet, context, part)
        sheet.take(details.INDICATOR_COLUMNS, written.of(INDICATORS, part.items), part.rows, context.look)
    _draw_sources(book, context, written)
    pooled.draw(book, form, context, styles)
    if context.units:
        _draw_units(book, context, styles)
    overview.draw(book, first, context)
    first.activate()


def _draw_summary(sheet: Listing, context: Context, written: _Lists) -> None:
    summary.lay_out(sheet, context)
    pieces = written.of(SUMMARY, range(len(context.consolidation.bundles)))
    totals = summary.totals(context) if context.forms else ()
    sheet.take(summary.COLUMNS, pieces, context.forms, context.look, totals)


def _draw_findings(book: Workbook, context: Context, written: _Lists) -> None:
    for part in context.findings:
        sheet = _listing(book, part.sheet)
        findings.lay_out_findings(sheet, context, part)
        sheet.take(findings.FINDING_COLUMNS, written.findings(part), part.rows, context.look)


def _draw_sources(book: Workbook, context: Context, written: _Lists) -> None:
    bundles = context.consolidation.bundles
    count = sum(each.files for each in bundles)
    sheet = _listing(book, SOURCES)
    findings.lay_out_sources(sheet, context, count)
    sheet.take(findings.SOURCE_COLUMNS, written.of(SOURCES, range(len(bundles))), count, context.look)


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
    forms = context.consolidation.forms
    shares.draw_mark(book.add_worksheet(FIRST), context, first=True)
    for at, (unit, form) in enumerate(zip(context.units, forms, strict=True)):
        unit_sheets.draw(book, book.add_worksheet(unit.name), context, at, form, styles)
    shares.draw_mark(book.add_worksheet(LAST), context, first=False)


def _listing(book: Workbook, name: str) -> Listing:
    return cast(Listing, book.add_worksheet(name, worksheet_class=Listing))
