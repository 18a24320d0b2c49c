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
from typing import NamedTuple, cast

from xltools.locate import FormPlaces, FundRowPlace, HeadPlace, Page, Span, locate, money_unit_in
from xltools.locate.head import inline_value
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
from xltools.quantities import (
    in_money_unit,
    misread_sign,
    parse_number,
    parse_quantity,
    round_half_up,
)
from xltools.sheets import zipped
from xltools.sheets.grid import Cell, Grid, Unreadable
from xltools.sheets.opening import file_bytes, open_bytes
from xltools.vocabulary import label_key, printed_points, tidy, vocabulary

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)\s*年?")
_CHINESE_YEAR = re.compile(r"二[〇零○]([〇零○一二三四五六七八九]{2})年")
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HUNDRED = Decimal(100)
_AMOUNTS = ("initial_budget", "annual_budget", "executed")
_BROKEN: dict[str, State] = {"error": "error", "uncached": "uncached"}


class _Reader:
    """Cells of one form to entries.  Holds the page so that every entry gets its place."""

    def __init__(self, page: Page, places: FormPlaces) -> None:
        self.page = page
        self.places = places
        self.cells = page.cells
        self.sheet = page.grid.name
        self._header_texts: dict[str, str] = {}

    def place(self, row: int, column: int) -> Place:
        return Place(self.sheet, row, column)

    def header_text(self, name: str) -> str:
        """The text of an indicator header, as labels are compared; "" for a column that is not there."""
        if name not in self._header_texts:
            self._header_texts[name] = self._header_text(name)
        return self._header_texts[name]

    def _header_text(self, name: str) -> str:
        for header in self.places.headers:
            span = header.columns.get(name)
            for row in (header.row, header.bottom) if span else ():
                cell = self.page.cell(row, span.left) if span else None
                if cell is not None:
                    return label_key(cell.text)
        return ""

    def find(self, row: int, span: Span) -> tuple[Cell | None, Place]:
        """The cell under a header: at its first column, else the first filled one under its merge."""
        left, right = span
        cells = self.cells
        cell = cells.get((row, left))
        if cell is None and right > left:
            for column in range(left + 1, right + 1):
                cell = cells.get((row, column))
                if cell is not None:
                    return cell, Place(self.sheet, row, column)
        return cell, Place(self.sheet, row, left)

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

    def number(self, row: int, span: Span | None, *, percent: bool = False) -> Entry[Decimal]:
        """A weight, a score or (``percent``) a rate."""
        if span is None:
            return ABSENT
        cell, place = self.find(row, span)
        if cell is None:
            return Entry(None, "", "blank", place)
        value, kind, text, is_percent, formula = cell
        if kind == "number":
            if not is_percent:
                return Entry(cast("Decimal", value), text, "ok", place, formula)
            if percent:
                return Entry(cast("Decimal", value) * _HUNDRED, text, "ok", place, formula)
            return Entry(None, text, "text", place, formula)
        if kind in _BROKEN:
            return Entry(None, text, _BROKEN[kind], place, formula)
        return _number_in_text(cell, place, percent)

    def amount(self, row: int, span: Span | None, unit: str, stated: str | None) -> Entry[Decimal]:
        """Money in ``unit``.  stated: the unit that the column (or the form) is written in, if it
        says so at all; a cell may spell out its own."""
        entry = self.number(row, span)
        if entry.place is None:
            return entry
        cell = self.page.cells.get(entry.place[1:])
        if cell is None:
            return entry
        if cell.kind == "text":
            entry = _amount_in_text(entry, cell, unit, stated)
        elif cell.kind == "number" and cell.text[-1:] in "元万亿":
            entry = _amount_in_format(entry, cell, unit)
        if entry.value is None or entry.note not in (None, "text") or not stated or stated == unit:
            return entry
        value = in_money_unit(entry.value, stated, unit)
        return entry._replace(value=value, note="money_converted")

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


def _number_in_text(cell: Cell, place: Place, percent: bool) -> Entry[Decimal]:
    raw = cell.text
    if not raw.strip():
        return Entry(None, raw, "blank", place, cell.formula)
    if _is_dash(raw):
        return Entry(None, raw, "dash", place, cell.formula)
    found = None if cell.kind != "text" else parse_number(raw)
    fits = found is not None and (not found.unit or found.unit == "分") and (percent or not found.percent)
    if found is None or not fits:
        return Entry(None, raw, "text", place, cell.formula)
    return Entry(found.value, raw, "ok", place, cell.formula, found.note)


def _amount_in_text(entry: Entry[Decimal], cell: Cell, unit: str, stated: str | None) -> Entry[Decimal]:
    """An amount with its unit behind it; another unit than the form's is converted when both are
    written out, and nothing is made of ``5.8万`` or of ``5分``."""
    found = parse_number(cell.text)
    if found is None or not found.unit:
        return entry
    if found.unit == unit:
        return entry._replace(value=found.value, state="ok", note="unit_in_cell")
    value = in_money_unit(found.value, found.unit, unit) if stated else None
    if value is None:
        return entry._replace(value=None, state="text", note=None)
    return entry._replace(value=value, state="ok", note="money_converted")


def _amount_in_format(entry: Entry[Decimal], cell: Cell, unit: str) -> Entry[Decimal]:
    """A number format that adds a unit.  One that shows another number (58000 as ``5.8万``) or another
    unit leaves open which of the two was meant."""
    shown = parse_number(cell.text)
    if shown is None or not shown.unit.endswith(("元", "万", "亿")):
        return entry
    places = len(cell.text.partition(".")[2].rstrip("元万亿千 "))
    same = entry.value is not None and round_half_up(entry.value, places) == shown.value
    if same and shown.unit in (unit, unit.removesuffix("元")):
        return entry
    return entry._replace(value=None, state="text", note="shown_otherwise")


def _quantity_of_number(cell: Cell) -> Quantity:
    value = cast("Decimal", cell.value)
    if cell.percent:
        return Quantity(value * _HUNDRED, None, "%")
    shown = parse_quantity(cell.text)
    return Quantity(value, None, shown.unit if shown else "")


# --- head and title ---------------------------------------------------------------------------


def _head_text(reader: _Reader, *names: str) -> Entry[str]:
    """The first of several head fields that the form has."""
    for name in names:
        place = reader.places.head.get(name)
        if place is not None:
            return _head_value(reader, place)
    return ABSENT_TEXT


def _head_value(reader: _Reader, place: HeadPlace) -> Entry[str]:
    entry = reader.text_at(*place.value)
    return entry._replace(value=inline_value(entry.raw)) if place.inline else entry


def _names(reader: _Reader) -> tuple[Entry[str], Entry[str], Entry[str]]:
    """Project, department, unit.  A whole department's form names only itself."""
    project = _head_text(reader, "project_name")
    stated = {"supervising_department", "implementing_unit"} & reader.places.head.keys()
    if project.place is None and not stated:
        department = _head_text(reader, "department_name", "unit_name")
    else:
        department = _head_text(reader, "supervising_department", "central_department", "department_name")
    return project, department, _head_text(reader, "implementing_unit", "unit_name")


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
    labels = [place.label[0] for place in places.head.values() if not place.inline]
    first_label = min(labels, default=places.top)
    candidates = [places.title] if places.title else []
    candidates += [
        (row, column) for row in page.between(places.top, first_label - 1) for column in page.rows[row]
    ]
    for row, column in candidates:
        cell = page.cells[row, column]
        year = _year_in(cell.text) if cell.kind == "text" else None
        if year:
            return title, Entry(year, cell.text, "ok", reader.place(row, column))
    return title, Entry(None, "", "blank", title.place) if title.place else Entry(None)


def _money_unit(reader: _Reader) -> tuple[Entry[MoneyUnit], str | None]:
    """The unit the amounts are read in, and the one the form states.

    They differ only for 亿元 and 千元, which are converted.
    """
    page, places = reader.page, reader.places
    end = places.fund_rows[-1].row if places.fund_rows else places.top
    for row in page.between(places.top, end):
        for column, text in page.texts(row):
            stated = money_unit_in(text) if len(text) < 40 else None
            if stated:
                unit = cast("MoneyUnit", stated if stated in ("万元", "元") else "万元")
                note = None if stated == unit else "money_converted"
                return Entry(unit, text, "ok", reader.place(row, column), None, note), stated
    return Entry(None), None


# --- funds ------------------------------------------------------------------------------------


class _FundColumns(NamedTuple):
    """What holds for all fund rows: the columns, the units of the amounts, the weight printed in a label."""

    spans: Mapping[str, Span]
    unit: str
    stated: Mapping[str, str | None]
    rate_is_percent: bool
    printed_weight: Entry[Decimal]


def _fund_columns(reader: _Reader, unit: str, stated: str | None) -> _FundColumns:
    header = reader.places.fund_header
    if header is None:
        return _FundColumns({}, unit, {}, False, ABSENT)
    texts = {name: reader.page.cells[header.row, span.left].text for name, span in header.columns.items()}
    return _FundColumns(
        header.columns,
        unit,
        {name: money_unit_in(texts.get(name, "")) or stated for name in _AMOUNTS},
        "%" in label_key(texts.get("execution_rate", "")),
        ABSENT if "weight" in header.columns else _printed_weight(reader),
    )


def _printed_weight(reader: _Reader) -> Entry[Decimal]:
    """The points of the execution rate on a form that prints them in a label: ``得分（20分*执行率）``."""
    header = reader.places.fund_header
    for column, text in reader.page.texts(header.row) if header else ():
        points = printed_points(text)
        if points:
            place = reader.place(header.row if header else 0, column)
            return Entry(Decimal(points), text, "ok", place, None, "printed")
    return ABSENT


def _fund_line(reader: _Reader, place: FundRowPlace, columns: _FundColumns) -> FundLine:
    row, spans = place.row, columns.spans
    initial, annual, executed = (
        reader.amount(row, spans.get(name), columns.unit, columns.stated[name]) for name in _AMOUNTS
    )
    rate = reader.number(row, spans.get("execution_rate"), percent=True)
    weight = reader.number(row, spans.get("weight"))
    if place.kind == "total" and weight.place is None:
        weight = columns.printed_weight
    return FundLine(
        kind=cast("FundKind", place.kind or "unknown"),
        label=reader.text(row, Span(place.label_column, place.label_column), tidy),
        initial_budget=initial,
        annual_budget=annual,
        executed=executed,
        weight=weight,
        execution_rate=rate if columns.rate_is_percent else _rate_from_ratio(rate, annual, executed),
        score=reader.number(row, spans.get("score")),
        row=row,
        reason=reader.text(row, spans.get("reason")),
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


# --- indicators -------------------------------------------------------------------------------


def _level(reader: _Reader, row: int, span: Span | None, above: Entry[str], first_row: int) -> Entry[str]:
    """A level cell; a merge or a blank below a filled one repeats what stands above."""
    if span is None:
        return ABSENT_TEXT
    anchor = reader.page.anchor_row(row, span.left)
    if anchor < first_row or (row, span.left) in reader.page.cells:
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
    get = columns.get
    level1 = _level(reader, row, get("level1"), above.level1 if above else ABSENT_TEXT, first_row)
    same_block = above is not None and above.level1.place == level1.place
    level2_above = above.level2 if above is not None and same_block else ABSENT_TEXT
    level2 = _level(reader, row, get("level2"), level2_above, first_row)
    level3 = _name(reader.text(row, get("level3"), _one_line))
    nature, direction = _nature_and_direction(reader, row, columns)
    unit = _unit_entry(reader.text(row, get("unit"), _unit_text))
    bounded = _is_bounded(level3.value or "", level2.value or "")
    return Indicator(
        level1,
        level2,
        level3,
        vocabulary().level1_of(level1.value) if level1.value else None,
        nature,
        direction,
        _suspected(reader.quantity(row, get("target")), bounded),
        _suspected(reader.quantity(row, get("actual")), bounded),
        unit,
        reader.number(row, get("weight"), percent="%" in reader.header_text("weight")),
        reader.number(row, get("score")),
        reader.text(row, get("deviation") or get("remark")),
        row,
    )


@lru_cache(maxsize=4096)
def _one_line(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=1024)
def _unit_text(text: str) -> str:
    """Every spelling of percent is ``%``."""
    return "%" if label_key(text) in vocabulary().percent_units else tidy(text)


_NUMBERED = re.compile(r"(?:指标)?\d*[:：.、．…]*")


def _name(entry: Entry[str]) -> Entry[str]:
    """A left-over ``指标2：`` or ``……`` names nothing."""
    if entry.value is not None and (_NUMBERED.fullmatch(entry.value) or _is_dash(entry.value)):
        return Entry(None, entry.raw, "dash", entry.place, entry.formula)
    return entry


@lru_cache(maxsize=4096)
def _is_bounded(name: str, level2: str) -> bool:
    """The name promises a percentage that ends at 100, and speaks of no change."""
    words = vocabulary()
    if any(word in name for word in words.unbounded_percent):
        return False
    return any(word in name for word in words.bounded_percent) or "满意度" in level2


def _suspected(entry: Entry[Quantity], bounded: bool) -> Entry[Quantity]:
    """A cell whose comparison sign was probably destroyed says nothing: it stays text, with a note."""
    raw = entry.raw
    if len(raw) < 3 or entry.state not in ("ok", "text") or raw.lstrip()[:1] in "≥≤<>=":
        return entry
    if entry.value is not None and not (bounded and entry.value.number > 200):
        return entry
    if not misread_sign(raw, bounded):
        return entry
    return Entry(None, raw, "text", entry.place, entry.formula, "misread_sign")


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
    at = 0
    for row in places.indicator_rows:
        while at + 1 < len(places.headers) and places.headers[at + 1].bottom < row:
            at += 1
        columns = places.headers[at].columns
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
        return ABSENT, _total_in_head(reader), Entry(None)
    columns: Mapping[str, Span] = places.headers[-1].columns
    if places.indicator_rows and (shift := places.shifts.get(places.indicator_rows[-1], 0)):
        columns = _shifted(columns, shift)
    weight = reader.number(row, columns.get("weight"), percent="%" in reader.header_text("weight"))
    score = reader.number(row, columns.get("score"))
    if weight.place and score.place and reader.page.right_of(row, weight.place.column) >= score.place.column:
        # One cell over both columns holds what was reached, not what could be.
        weight, score = Entry(None, "", "blank", score.place), weight
    if score.empty and "total_score" in places.head:
        score = _total_in_head(reader)
    return weight, score, _stated_grade(reader, row)


def _total_in_head(reader: _Reader) -> Entry[Decimal]:
    """``自评总分`` beside the project's name, as some forms have it."""
    place = reader.places.head.get("total_score")
    if place is None:
        return ABSENT
    row, column = place.value
    if not place.inline:
        return reader.number(row, Span(column, column))
    text = inline_value(reader.page.cells[row, column].text)
    return _number_in_text(Cell(text, "text", text), reader.place(row, column), False)


def _stated_grade(reader: _Reader, row: int) -> Entry[Grade]:
    for column, text in reader.page.texts(row):
        grade = vocabulary().grade_of(text)
        if grade:
            return Entry(grade, text, "ok", reader.place(row, column))
    return Entry(None)


def _layout(reader: _Reader, rows: tuple[Indicator, ...], columns: frozenset[str]) -> str:
    """The family of forms this one belongs to, by the columns it has; a key of LAYOUTS."""
    funds = reader.places.fund_header.columns if reader.places.fund_header else {}
    if not columns & {"weight", "score"}:
        return "unscored" if "initial_budget" in funds else "transfer"
    if not columns & {"level1", "level2"}:
        return "cq-flat"
    if "weight" not in columns:
        return "hb-ab20"
    if {"nature", "direction", "unit"} <= columns:
        return "nmg-12"
    if {"nature", "unit"} <= columns:
        return _signed_layout(reader, rows, funds)
    if columns & {"nature", "direction", "unit"}:
        return "other"
    if reader.places.headers and _stands_before(reader.places.headers[0].columns, "weight", "target"):
        return "rural-ab"
    if "project_name" not in reader.places.head and reader.places.head.keys() & _WHOLE:
        return "whole-dept"
    return "mof-std"


_WHOLE = {"department_name", "unit_name"}


def _stands_before(columns: Mapping[str, Span], first: str, second: str) -> bool:
    return first in columns and second in columns and columns[first].left < columns[second].left


def _signed_layout(reader: _Reader, rows: tuple[Indicator, ...], funds: Mapping[str, Span]) -> str:
    """Forms with 指标性质 and 度量单位 but no 指标方向."""
    header = reader.places.headers[0]
    if header.bottom > header.row:
        return "yn-2line"
    if _stands_before(funds, "execution_rate", "weight"):
        return "sc-0013zp"
    signed = any(row.direction.note == "sign_in_nature" for row in rows)
    return "sign-in-nature" if signed else "other"


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
    money_unit, stated = _money_unit(reader)
    funds = _fund_columns(reader, money_unit.value or "万元", stated)
    rows = _indicators(reader)
    columns = frozenset(name for header in places.headers for name in header.columns)
    total_weight, total_score, grade = _totals(reader)
    project, department, unit = _names(reader)
    return SelfEvaluation(
        source=source,
        sheet=page.grid.name,
        layout=_layout(reader, rows, columns),
        title=title,
        year=year,
        money_unit=money_unit,
        project_name=project,
        supervising_department=department,
        implementing_unit=unit,
        funds=tuple(_fund_line(reader, place, funds) for place in places.fund_rows),
        goal_expected=_goal(reader, "goal_expected"),
        goal_actual=_goal(reader, "goal_actual"),
        rows=rows,
        total_weight=total_weight,
        total_score=total_score,
        stated_grade=grade,
        bands=_bands(places),
        columns=columns,
        fund_columns=frozenset(funds.spans),
        shifted=tuple(reader.place(row, 1) for row in places.shifts),
        hidden=page.grid.state != "visible",
    )


def _goal(reader: _Reader, name: str) -> Entry[str]:
    place = reader.places.goals.get(name)
    return reader.text_at(*place.value) if place else ABSENT_TEXT


def _untouched(form: SelfEvaluation) -> bool:
    """Nothing of it was filled in: a template left on a hidden sheet."""
    amounts = any(entry.value for line in form.funds for _, entry in line.amounts())
    return not (form.project_name.ok or amounts or form.indicators)


def read_grids(grids: tuple[Grid, ...], source: str) -> tuple[SelfEvaluation, ...]:
    """Every form in a workbook, sheet by sheet; blank ones on hidden sheets are passed over."""
    forms: list[SelfEvaluation] = []
    for grid in grids:
        found = [read_form(page, places, source) for page, places in locate(grid)]
        forms += [form for form in found if not (form.hidden and _untouched(form))]
    return tuple(forms)


def read_file(path: str | os.PathLike[str]) -> FileReading:
    """Open a file and read every form in it.  Never raises: the status says what happened.

    The file is opened once, read-only, and hashed as it is read.  A path may lead into a zip archive.
    """
    shown = os.fspath(path)
    try:
        packed = zipped.split(shown)
        modified, data = zipped.contents(*packed) if packed else (os.stat(path).st_mtime, file_bytes(path))
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
