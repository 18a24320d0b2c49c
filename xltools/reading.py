"""Grid + places → SelfEvaluation: every cell read once, with its place and what had to be
normalised to understand it.  A value that is not understood stays text; nothing becomes 0."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import cast

from xltools.locate import FormPlaces, FundRowPlace, Page, Span, locate, money_unit_in
from xltools.model import (
    ABSENT,
    ABSENT_QUANTITY,
    ABSENT_TEXT,
    OWN_OUTPUT,
    Band,
    Comparator,
    Entry,
    FileReading,
    FundKind,
    FundLine,
    Grade,
    Indicator,
    MoneyUnit,
    Nature,
    Place,
    Quantity,
    SelfEvaluation,
    State,
    T,
)
from xltools.quantities import parse_number, parse_quantity, round_half_up
from xltools.sheets.grid import Cell, Grid, Unreadable
from xltools.sheets.opening import file_bytes, open_bytes
from xltools.vocabulary import label_key, tidy, vocabulary

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)\s*年?")
_CHINESE_YEAR = re.compile(r"二[〇零○]([〇零○一二三四五六七八九]{2})年")
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HUNDRED = Decimal(100)
_BROKEN: dict[str, State] = {"error": "error", "uncached": "uncached"}


class _Reader:
    """Cells of one form to entries.  Holds the page so that every entry gets its place."""

    def __init__(self, page: Page, places: FormPlaces) -> None:
        self.page = page
        self.places = places
        self.sheet = page.grid.name

    def place(self, row: int, column: int) -> Place:
        return Place(self.sheet, row, column)

    def find(self, row: int, span: Span) -> tuple[Cell | None, Place]:
        """The cell under a header: at its first column, else the first filled one under its merge."""
        cells = self.page.grid.cells
        cell = cells.get((row, span.left))
        if cell is None and span.right > span.left:
            for column in range(span.left + 1, span.right + 1):
                cell = cells.get((row, column))
                if cell is not None:
                    return cell, Place(self.sheet, row, column)
        return cell, Place(self.sheet, row, span.left)

    def text_at(self, row: int, column: int) -> Entry[str]:
        return self._text(self.page.cell(row, column), self.place(row, column), str.strip)

    def text(self, row: int, span: Span | None, tidied: Callable[[str], str] = str.strip) -> Entry[str]:
        """Words as they stand, or ``tidied``; None where nothing is left of them."""
        if span is None:
            return ABSENT_TEXT
        cell, place = self.find(row, span)
        return self._text(cell, place, tidied)

    @staticmethod
    def _text(cell: Cell | None, place: Place, tidied: Callable[[str], str]) -> Entry[str]:
        if cell is None:
            return Entry(None, "", "blank", place)
        if cell.kind in _BROKEN:
            return Entry(None, cell.text, _BROKEN[cell.kind], place, cell.formula)
        shown = tidied(cell.text)
        return Entry(shown or None, cell.text, "ok" if shown else "blank", place, cell.formula)

    def number(self, row: int, span: Span | None, *, unit: str = "", percent: bool = False) -> Entry[Decimal]:
        """An amount, a weight, a score or (``percent``) a rate.  ``unit`` is the one that may stand
        behind the number without changing its meaning."""
        if span is None:
            return ABSENT
        cell, place = self.find(row, span)
        if cell is None:
            return Entry(None, "", "blank", place)
        if cell.kind in _BROKEN:
            return Entry(None, cell.text, _BROKEN[cell.kind], place, cell.formula)
        if cell.kind == "number":
            value = cast("Decimal", cell.value)
            if cell.percent:
                value *= _HUNDRED
            if cell.percent and not percent:
                return Entry(None, cell.text, "text", place, cell.formula)
            return Entry(value, cell.text, "ok", place, cell.formula)
        return _number_in_text(cell, place, unit, percent)

    def quantity(self, row: int, span: Span | None) -> Entry[Quantity]:
        if span is None:
            return ABSENT_QUANTITY
        cell, place = self.find(row, span)
        if cell is None:
            return Entry(None, "", "blank", place)
        if cell.kind in _BROKEN:
            return Entry(None, cell.text, _BROKEN[cell.kind], place, cell.formula)
        if cell.kind == "number":
            return Entry(_quantity_of_number(cell), cell.text, "ok", place, cell.formula)
        if not cell.text.strip():
            return Entry(None, cell.text, "blank", place, cell.formula)
        found = None if cell.kind == "date" else parse_quantity(cell.text)
        if found:
            return Entry(found, cell.text, "ok", place, cell.formula, "text")
        return Entry(None, cell.text, "dash" if _is_dash(cell.text) else "text", place, cell.formula)


@lru_cache(maxsize=4096)
def _is_dash(text: str) -> bool:
    return label_key(text) in vocabulary().not_applicable


def _number_in_text(cell: Cell, place: Place, unit: str, percent: bool) -> Entry[Decimal]:
    raw = cell.text
    if not raw.strip():
        return Entry(None, raw, "blank", place, cell.formula)
    if _is_dash(raw):
        return Entry(None, raw, "dash", place, cell.formula)
    found = None if cell.kind != "text" else parse_number(raw)
    fits = found is not None and (not found.unit or found.unit == unit) and (percent or not found.percent)
    if found is None or not fits:
        return Entry(None, raw, "text", place, cell.formula)
    return Entry(found.value, raw, "ok", place, cell.formula, found.note)


def _quantity_of_number(cell: Cell) -> Quantity:
    value = cast("Decimal", cell.value)
    if cell.percent:
        return Quantity(value * _HUNDRED, None, "%")
    shown = parse_quantity(cell.text)
    return Quantity(value, None, shown.unit if shown else "")


# --- head and title ---------------------------------------------------------------------------


def _head_text(reader: _Reader, name: str) -> Entry[str]:
    places = reader.places
    if name in places.head:
        return reader.text_at(*places.head[name])
    if name in places.head_inline:
        row, column = places.head_inline[name]
        entry = reader.text_at(row, column)
        value = entry.raw.replace("：", ":").partition(":")[2].strip()
        return entry._replace(value=value)
    return ABSENT_TEXT


def _year_in(text: str) -> int | None:
    folded = unicodedata.normalize("NFKC", text)
    if found := _YEAR.search(folded):
        return int(found[1])
    if found := _CHINESE_YEAR.search(folded):
        return int("20" + found[1].translate(_CHINESE_DIGITS))
    return None


def _title_and_year(reader: _Reader) -> tuple[Entry[str], Entry[int]]:
    """The title, and the year it (or a row above the form's first label) states."""
    places, page = reader.places, reader.page
    title = reader.text_at(*places.title) if places.title else ABSENT_TEXT
    first_label = min((row for row, _ in places.head.values()), default=places.top)
    candidates = [places.title] if places.title else []
    candidates += [
        (row, column) for row in page.between(places.top, first_label - 1) for column in page.rows[row]
    ]
    for row, column in candidates:
        cell = page.grid.cells[row, column]
        year = _year_in(cell.text) if cell.kind == "text" else None
        if year:
            return title, Entry(year, cell.text, "ok", reader.place(row, column))
    return title, Entry(None, "", "blank", title.place) if title.place else Entry(None)


def _money_unit(reader: _Reader) -> Entry[MoneyUnit]:
    page, places = reader.page, reader.places
    end = places.fund_rows[-1].row if places.fund_rows else places.top
    for row in page.between(places.top, end):
        for column, text in page.texts(row):
            unit = money_unit_in(text) if len(text) < 40 else None
            if unit:
                return Entry(cast("MoneyUnit", unit), text, "ok", reader.place(row, column))
    return Entry(None)


# --- funds ------------------------------------------------------------------------------------


def _fund_line(reader: _Reader, place: FundRowPlace, columns: Mapping[str, Span], unit: str) -> FundLine:
    row = place.row
    annual = reader.number(row, columns.get("annual_budget"), unit=unit)
    executed = reader.number(row, columns.get("executed"), unit=unit)
    rate = reader.number(row, columns.get("execution_rate"), percent=True)
    return FundLine(
        kind=cast("FundKind", place.kind or "unknown"),
        label=reader.text(row, Span(place.label_column, place.label_column), tidy),
        initial_budget=reader.number(row, columns.get("initial_budget"), unit=unit),
        annual_budget=annual,
        executed=executed,
        weight=reader.number(row, columns.get("weight"), unit="分"),
        execution_rate=rate if _header_says_percent(reader) else _rate_from_ratio(rate, annual, executed),
        score=reader.number(row, columns.get("score"), unit="分"),
        row=row,
        reason=reader.text(row, columns.get("reason")),
    )


def _header_says_percent(reader: _Reader) -> bool:
    header = reader.places.fund_header
    span = header.columns.get("execution_rate") if header else None
    cell = reader.page.cell(header.row, span.left) if header and span else None
    return cell is not None and "%" in label_key(cell.text)


def _rate_from_ratio(
    rate: Entry[Decimal], annual: Entry[Decimal], executed: Entry[Decimal]
) -> Entry[Decimal]:
    """``1`` under a header without % means 100 %, but only if the amounts say so too."""
    if rate.value is None or "%" in label_key(rate.raw) or not annual.value or executed.value is None:
        return rate
    ratio = executed.value / annual.value
    near = round_half_up(rate.value, 2) == round_half_up(ratio, 2)
    return rate._replace(value=rate.value * _HUNDRED, note="ratio") if near and rate.value else rate


# --- indicators -------------------------------------------------------------------------------


def _level(reader: _Reader, row: int, span: Span | None, above: Entry[str], first_row: int) -> Entry[str]:
    """A level cell; a merge or a blank below a filled one repeats what stands above."""
    if span is None:
        return ABSENT_TEXT
    anchor = reader.page.anchor_row(row, span.left)
    if anchor < first_row:
        anchor = row
    if anchor != row and above.place is not None and above.place[1:] == (anchor, span.left):
        return _from_above(above)
    entry = reader.text(anchor, span, tidy)
    if entry.ok:
        return entry if anchor == row else _from_above(entry)
    return _from_above(above) if above.ok and entry.state == "blank" else entry


def _from_above(entry: Entry[str]) -> Entry[str]:
    return entry if entry.note == "filled_down" else entry._replace(note="filled_down")


def _shifted(columns: Mapping[str, Span], shift: int) -> dict[str, Span]:
    return {
        name: Span(max(1, span.left + shift), max(1, span.right + shift)) for name, span in columns.items()
    }


def _nature_and_direction(
    reader: _Reader, row: int, columns: Mapping[str, Span]
) -> tuple[Entry[Nature], Entry[Comparator]]:
    """指标性质 and 指标方向.  The nature column of some forms holds the sign instead: the cell decides."""
    words = vocabulary()
    stated = reader.text(row, columns.get("nature"))
    sign = reader.text(row, columns.get("direction"))
    comparator = words.comparator_of(sign.raw) if sign.ok else None
    direction: Entry[Comparator] = _typed(sign, comparator)
    if stated.ok and not comparator and (in_nature := words.comparator_of(stated.raw)):
        direction = Entry(in_nature, stated.raw, "ok", stated.place, stated.formula, "sign_in_nature")
        return Entry(None, stated.raw, "absent", stated.place), direction
    return _typed(stated, words.nature_of(stated.raw) if stated.ok else None), direction


def _typed(entry: Entry[str], value: T | None) -> Entry[T]:
    """The same cell with what it means; words that mean nothing here make it state "text"."""
    state = "text" if entry.ok and value is None and not _is_dash(entry.raw) else entry.state
    if entry.ok and value is None and _is_dash(entry.raw):
        state = "dash"
    return Entry(value, entry.raw, state, entry.place, entry.formula)


def _indicator(
    reader: _Reader, row: int, columns: Mapping[str, Span], above: Indicator | None, first_row: int
) -> Indicator:
    level1 = _level(reader, row, columns.get("level1"), above.level1 if above else ABSENT_TEXT, first_row)
    same_block = above is not None and above.level1.place == level1.place
    level2_above = above.level2 if above is not None and same_block else ABSENT_TEXT
    nature, direction = _nature_and_direction(reader, row, columns)
    return Indicator(
        level1=level1,
        level2=_level(reader, row, columns.get("level2"), level2_above, first_row),
        level3=reader.text(row, columns.get("level3"), _one_line),
        group=vocabulary().level1_of(level1.value) if level1.value else None,
        nature=nature,
        direction=direction,
        target=reader.quantity(row, columns.get("target")),
        actual=reader.quantity(row, columns.get("actual")),
        unit=_unit_entry(reader.text(row, columns.get("unit"), _unit_text)),
        weight=reader.number(row, columns.get("weight"), unit="分"),
        score=reader.number(row, columns.get("score"), unit="分"),
        deviation=reader.text(row, columns.get("deviation")),
        row=row,
    )


@lru_cache(maxsize=4096)
def _one_line(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=1024)
def _unit_text(text: str) -> str:
    """Every spelling of percent is ``%``."""
    return "%" if label_key(text) in vocabulary().percent_units else tidy(text)


def _unit_entry(entry: Entry[str]) -> Entry[str]:
    """The unit column; a dash is no unit."""
    if entry.value is None or not _is_dash(entry.value):
        return entry
    return entry._replace(value=None, state="dash")


def _indicators(reader: _Reader) -> tuple[Indicator, ...]:
    places = reader.places
    if not places.headers:
        return ()
    rows: list[Indicator] = []
    first_row = places.headers[0].bottom + 1
    for row in places.indicator_rows:
        header = max((h for h in places.headers if h.bottom < row), key=lambda h: h.row)
        columns = header.columns
        if shift := places.shifts.get(row, 0):
            columns = _shifted(columns, shift)
        found = _indicator(reader, row, columns, rows[-1] if rows else None, first_row)
        if not (found.unused and _inherited(found)):
            rows.append(found)
    return tuple(rows)


def _inherited(row: Indicator) -> bool:
    """A blank row: even its level names only come from above."""
    return all(not level.ok or level.note == "filled_down" for level in (row.level1, row.level2))


# --- totals, layout, the whole form -----------------------------------------------------------


def _totals(reader: _Reader) -> tuple[Entry[Decimal], Entry[Decimal], Entry[Grade]]:
    places, row = reader.places, reader.places.total_row
    if row is None:
        return ABSENT, ABSENT, Entry(None)
    columns: Mapping[str, Span] = places.headers[-1].columns
    if places.indicator_rows and (shift := places.shifts.get(places.indicator_rows[-1], 0)):
        columns = _shifted(columns, shift)
    weight = reader.number(row, columns.get("weight"), unit="分")
    return weight, reader.number(row, columns.get("score"), unit="分"), _stated_grade(reader, row)


def _stated_grade(reader: _Reader, row: int) -> Entry[Grade]:
    for column, text in reader.page.texts(row):
        grade = vocabulary().grade_of(text)
        if grade:
            return Entry(grade, text, "ok", reader.place(row, column))
    return Entry(None)


def _layout(rows: tuple[Indicator, ...], columns: frozenset[str]) -> str:
    if not columns & {"weight", "score"}:
        return "unscored"
    if any(row.direction.note == "sign_in_nature" for row in rows):
        return "sign-in-nature"
    if {"nature", "direction", "unit"} <= columns:
        return "nmg-12"
    return "other" if columns & {"nature", "direction", "unit"} else "mof-std"


def _bands(places: FormPlaces) -> frozenset[Band]:
    found: dict[Band, bool] = {
        "funds": bool(places.fund_header and places.fund_rows),
        "goals": bool(places.goals),
        "indicators": bool(places.headers),
        "total": places.total_row is not None,
    }
    return frozenset(band for band, there in found.items() if there)


def read_form(page: Page, places: FormPlaces, source: str) -> SelfEvaluation:
    """Read one located form.  Never raises for what a cell holds."""
    reader = _Reader(page, places)
    title, year = _title_and_year(reader)
    money_unit = _money_unit(reader)
    fund_columns = places.fund_header.columns if places.fund_header else {}
    unit = money_unit.value or "万元"
    rows = _indicators(reader)
    columns = frozenset(name for header in places.headers for name in header.columns)
    total_weight, total_score, grade = _totals(reader)
    goal_expected, goal_actual = (
        reader.text_at(*places.goals[name]) if name in places.goals else ABSENT_TEXT
        for name in ("goal_expected", "goal_actual")
    )
    return SelfEvaluation(
        source=source,
        sheet=page.grid.name,
        layout=_layout(rows, columns),
        title=title,
        year=year,
        money_unit=money_unit,
        project_name=_head_text(reader, "project_name"),
        supervising_department=_head_text(reader, "supervising_department"),
        implementing_unit=_head_text(reader, "implementing_unit"),
        funds=tuple(_fund_line(reader, place, fund_columns, unit) for place in places.fund_rows),
        goal_expected=goal_expected,
        goal_actual=goal_actual,
        rows=rows,
        total_weight=total_weight,
        total_score=total_score,
        stated_grade=grade,
        bands=_bands(places),
        columns=columns,
        fund_columns=frozenset(fund_columns),
        shifted=tuple(reader.place(row, 1) for row in places.shifts),
        hidden=page.grid.state != "visible",
    )


def _untouched(form: SelfEvaluation) -> bool:
    """Nothing of it was filled in: a template left on a hidden sheet."""
    amounts = any(entry.value for line in form.funds for _, entry in line.amounts())
    return not (form.project_name.ok or amounts or form.indicators)


def read_grids(grids: tuple[Grid, ...], source: str) -> tuple[SelfEvaluation, ...]:
    """Every form in a workbook, sheet by sheet; blank ones on hidden sheets are passed over."""
    forms: list[SelfEvaluation] = []
    for grid in grids:
        page, places = locate(grid)
        found = [read_form(page, each, source) for each in places]
        forms += [form for form in found if not (form.hidden and _untouched(form))]
    return tuple(forms)


def read_file(path: str | os.PathLike[str]) -> FileReading:
    """Open a file and read every form in it.  Never raises: the status says what happened.

    The file is opened once, read-only, and hashed as it is read.
    """
    shown = os.fspath(path)
    try:
        modified = os.stat(path).st_mtime
        data = file_bytes(path)
    except Unreadable as refusal:
        return _refused(shown, refusal)
    except (OSError, ValueError):
        return _refused(shown, Unreadable("missing"))
    digest = sha256(data).hexdigest()
    try:
        workbook = open_bytes(data, os.path.basename(shown))
        own = OWN_OUTPUT in workbook.names
        forms = () if own else read_grids(workbook.grids, shown)
    except Unreadable as refusal:
        return replace(_refused(shown, refusal), size=len(data), modified=modified, sha256=digest)
    return FileReading(
        path=shown,
        status="read" if forms else "not_a_form",
        forms=forms,
        reason_code=None if forms else "own_output" if own else "not_a_form",
        size=len(data),
        modified=modified,
        sha256=digest,
        fast=workbook.fast,
    )


def _refused(path: str, refusal: Unreadable) -> FileReading:
    details = tuple(sorted(refusal.details.items()))
    return FileReading(path, "unreadable", reason_code=refusal.code, reason_details=details)
