"""Where each field of a form was found and why, and which headers are in no vocabulary.

For the colleague who looks after the tool: what a province's form is called that the reader does
not know, and the one line that would teach it.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator

from xltools.locate import FormPlaces, Page, locate
from xltools.locate.page import NO_ROLES, Header, roles
from xltools.locate.places import HeadPlace
from xltools.messages.explaining import line
from xltools.messages.interface import FIELDS, FUND_KINDS, LAYOUTS, NOTES, Lang, word
from xltools.messages.reasons import reason
from xltools.model import SelfEvaluation, column_letters
from xltools.reading import read_form
from xltools.sheets import Unreadable, open_workbook
from xltools.vocabulary import OVERRIDE, Lookup, label_key, tidy, vocabulary

_HEAD = ("project_name", "supervising_department", "implementing_unit")
_CLOSE = 0.6
_SHOWN = 30


def explain_file(path: str | os.PathLike[str], lang: Lang = "zh") -> list[str]:
    """The explanation of one file, line by line.  Never raises for what the file is."""
    lines = [os.path.normpath(os.fspath(path))]
    try:
        workbook = open_workbook(path)
    except Unreadable as refusal:
        return [*lines, "  " + reason(refusal.code, lang, **refusal.details)]
    unknown = False
    for grid in workbook.grids:
        found = locate(grid)
        if not found:
            lines.append(line("no_form", lang, sheet=grid.name))
            near = list(_near_misses(Page(grid), lang))
            unknown = unknown or bool(near)
            lines += near
        for page, places in found:
            strange = list(_unknown(page, places, lang))
            unknown = unknown or bool(strange)
            lines += [*_form(page, places, os.fspath(path), lang), *strange]
    return [*lines, line("override", lang, variable=OVERRIDE)] if unknown else lines


def _form(page: Page, places: FormPlaces, path: str, lang: Lang) -> Iterator[str]:
    form = read_form(page, places, path)
    layout = word(LAYOUTS, form.layout, lang)
    yield line("form", lang, sheet=form.sheet, layout=layout, top=places.top, bottom=places.bottom)
    if form.hidden:
        yield line("hidden", lang)
    for name, place in {**places.head, **places.goals}.items():
        if name in FIELDS:
            yield _cell(page, name, place, lang)
    for name in _HEAD:
        if getattr(form, name).place is None:
            yield line("absent", lang, field=word(FIELDS, name, lang))
    for header in (places.fund_header, *places.headers):
        if header is not None:
            yield from _columns(page, header, lang)
    yield from _rows(page, places, lang)
    yield from _notes(form, lang)


def _cut(text: str) -> str:
    shown = tidy(text)
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"


def _address(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"


def _cell(page: Page, name: str, place: HeadPlace, lang: Lang) -> str:
    cell = page.cell(*place.value)
    values = {
        "field": word(FIELDS, name, lang),
        "cell": _address(*place.value),
        "text": _cut(cell.text if cell else ""),
    }
    if place.inline:
        return line("inline", lang, **values)
    label = page.cells[place.label].text
    return line("cell", lang, **values, label=_cut(label), at=_address(*place.label))


def _columns(page: Page, header: Header, lang: Lang) -> Iterator[str]:
    for name, span in sorted(header.columns.items(), key=lambda item: item[1].left):
        row = header.bottom if (header.bottom, span.left) in page.cells else header.row
        cell = page.cell(row, span.left) or page.cell(header.row, span.left)
        field = word(FIELDS, name, lang) if name in FIELDS else name
        column = column_letters(span.left)
        if span.right > span.left:
            column += f"—{column_letters(span.right)}"
        label = _cut(cell.text if cell else "")
        yield line("column", lang, field=field, column=column, label=label, at=_address(row, span.left))


def _rows(page: Page, places: FormPlaces, lang: Lang) -> Iterator[str]:
    for fund in places.fund_rows:
        label = _cut(page.cells[fund.row, fund.label_column].text)
        cell = _address(fund.row, fund.label_column)
        kind = word(FUND_KINDS, fund.kind or "unknown", lang)
        yield line("fund", lang, cell=cell, label=label, kind=kind)
    if places.indicator_rows:
        rows = f"{places.indicator_rows[0]}—{places.indicator_rows[-1]}（{len(places.indicator_rows)}）"
        yield line("rows", lang, rows=rows, total=places.total_row or "—")
    for row, shift in places.shifts.items():
        yield line("shifted", lang, row=row, by=abs(shift))


def _notes(form: SelfEvaluation, lang: Lang) -> Iterator[str]:
    """Every normalisation, but for labels repeated down a merge and plain numbers in text."""
    for entry in form.normalised():
        note = entry.note or ""
        if note not in ("filled_down", "text"):
            yield line("note", lang, cell=entry.cell, text=_cut(entry.raw), note=word(NOTES, note, lang))


# --- what is in no vocabulary -----------------------------------------------------------------


def _unknown(page: Page, places: FormPlaces, lang: Lang) -> Iterator[str]:
    words = vocabulary()
    if places.fund_header is not None:
        yield from _strange(page, places.fund_header.row, "fund_column", words.fund_column, lang)
    for header in places.headers:
        for row in range(header.row, header.bottom + 1):
            yield from _strange(page, row, "indicator_column", words.indicator_column, lang)


def _strange(page: Page, row: int, table: str, known: Lookup, lang: Lang) -> Iterator[str]:
    for column, text in page.texts(row):
        if roles(text) is NO_ROLES and text.strip():
            near = _near(text, table, known, lang)
            yield line("unknown", lang, label=_cut(text), at=_address(row, column), near=near)


def _near(text: str, table: str, known: Lookup, lang: Lang) -> str:
    labels = dict(known.items())
    close = difflib.get_close_matches(label_key(text)[:60], labels, n=1, cutoff=_CLOSE)
    if not close:
        return ""
    return line("near", lang, known=close[0], table=table, name=labels[close[0]], label=tidy(text))


def _near_misses(page: Page, lang: Lang) -> Iterator[str]:
    """The strange labels of rows that look like an indicator header and are none."""
    words = vocabulary()
    for row in page.order[:500]:
        if sum(bool(what.indicator_column) for _, what in page.labels(row)) >= 2:
            yield from _strange(page, row, "indicator_column", words.indicator_column, lang)
