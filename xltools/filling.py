"""A form → the formulas that belong in it, each with its result.

Nothing a person judged is touched: targets, actuals and the scores of indicators stay as typed.
What a person typed, number or formula, stays too where it differs from the result, and is reported,
unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from os import PathLike
from typing import Literal, NamedTuple, Protocol

from xltools import scoring
from xltools.model import ABSENT, CellWrite, Entry, FundLine, SelfEvaluation
from xltools.nesting import Portion, outermost
from xltools.profiles import Profile
from xltools.quantities import plain, round_half_up

Reason = Literal["typed", "formula", "input", "percent", "nested"]


class Kept(NamedTuple):
    """A cell that was left as it is.

    reason: "typed": it holds something else than the result; "formula": a formula of the person's does;
        "input": a cell it depends on is no plain number; "percent": it is formatted as percent,
        where a result on the 0–100 scale would show a hundredfold; "nested": some of the lines to be
        added are parts of others.
    expected: the result, "" where there is none.  because: the cell at fault, for "input".
    """

    sheet: str
    cell: str
    field: str
    previous: str
    expected: str
    reason: Reason
    because: str = ""


class Filled(NamedTuple):
    writes: tuple[CellWrite, ...]
    kept: tuple[Kept, ...]


class Paper(Protocol):
    """What an entry does not say of the sheet it stands on."""

    def percent(self, sheet: str, cell: str) -> bool:
        """The cell is formatted as percent, so what it stores is a hundredth of what a person sees."""

    def spare(self, sheet: str, row: int) -> bool:
        """Nothing stands in the row."""


class _Drawn:
    """A form that we draw: no percent formats, and between two rows nothing but blank ones."""

    def percent(self, sheet: str, cell: str) -> bool:
        return False

    def spare(self, sheet: str, row: int) -> bool:
        return True


class _Unusable(Exception):
    """An input that a formula would not see as the number a person sees."""

    def __init__(self, cell: str) -> None:
        super().__init__(cell)
        self.cell = cell


class _Desk:
    """Collects what to write, and knows what every cell will hold afterwards."""

    def __init__(self, sheet: str, paper: Paper, overwrite: bool, blank: bool) -> None:
        self.sheet, self.paper, self.overwrite, self.blank = sheet, paper, overwrite, blank
        self.writes: list[CellWrite] = []
        self.kept: list[Kept] = []
        self._results: dict[str, Decimal | str] = {}
        self._open: set[str] = set()

    def number(self, entry: Entry[Decimal]) -> Decimal | None:
        """What a formula finds in the cell; None where it finds no number (blank, —).

        Raises `_Unusable` for words, errors, and numbers that are text or on another scale.
        """
        if entry.cell in self._results:
            result = self._results[entry.cell]
            return result if isinstance(result, Decimal) else None
        if entry.place and self._percent(entry):
            raise _Unusable(entry.cell)
        if entry.cell in self._open:
            raise _Unusable(entry.cell)
        if entry.empty or entry.state == "dash":
            return None
        if entry.value is None or entry.note is not None:
            raise _Unusable(entry.cell)
        return entry.value

    def put(self, field: str, entry: Entry[Decimal], formula: str, value: Decimal | str) -> None:
        if entry.place is None:
            return
        if reason := self._objection(entry, formula, value):
            self._keep(field, entry, reason, value if isinstance(value, str) else plain(value))
            return
        if _stands(entry, value):
            self._results[entry.cell] = value if entry.value is None else entry.value
            return
        self._results[entry.cell] = value
        self.writes.append(CellWrite(self.sheet, entry.cell, formula, value, field, entry.raw, entry.formula))

    def _objection(self, entry: Entry[Decimal], formula: str, value: Decimal | str) -> Reason | None:
        if entry.note == "ratio" or entry.raw.endswith(("%", "％")) or self._percent(entry):
            return "percent"
        if self.overwrite or entry.state == "blank" or _held(entry) == value or _stands(entry, value):
            return None
        if entry.formula is None:
            return "typed"
        nothing_to_lose = entry.state in ("error", "uncached") or entry.formula == formula
        return None if nothing_to_lose else "formula"

    def _percent(self, entry: Entry[Decimal]) -> bool:
        return self.paper.percent(self.sheet, entry.cell)

    def _keep(
        self, field: str, entry: Entry[Decimal], reason: Reason, expected: str, because: str = ""
    ) -> None:
        self.kept.append(Kept(self.sheet, entry.cell, field, entry.raw, expected, reason, because))

    def keep(self, field: str, entry: Entry[Decimal], reason: Reason) -> None:
        """Leave a cell alone, where there is one, as no result belongs in it."""
        self._leave(field, entry, reason, "")

    def _leave(self, field: str, entry: Entry[Decimal], reason: Reason, because: str) -> None:
        """As long as the cell is blank, what depends on it has no result either."""
        if entry.place is not None:
            self._keep(field, entry, reason, "", because)
            if entry.empty:
                self._open.add(entry.cell)

    @contextmanager
    def at(self, field: str, entry: Entry[Decimal]) -> Iterator[None]:
        """Leave the cell alone when one of its inputs is unusable."""
        try:
            yield
        except _Unusable as input_:
            self._leave(field, entry, "input", input_.cell)


def _stands(entry: Entry[Decimal], value: Decimal | str) -> bool:
    """A formula is there already and gives the same result, be it to two decimals; it may reach further,
    over spare rows."""
    if entry.formula is None or entry.note is not None:
        return False
    held = _held(entry)
    return held == value or (isinstance(held, Decimal) and round_half_up(held) == value)


def _held(entry: Entry[Decimal]) -> Decimal | str | None:
    if entry.state == "dash":
        return scoring.NOT_APPLICABLE
    return entry.value if entry.note in (None, "text") else None


def _total(
    desk: _Desk,
    field: str,
    target: Entry[Decimal],
    rows: list[Entry[Decimal]],
    besides: Entry[Decimal] = ABSENT,
) -> None:
    """A sum, when at least one part is a number (or the form is still to be filled in)."""
    cells = [part for part in (besides, *rows) if part.place is not None]
    with desk.at(field, target):
        numbers = [n for n in map(desk.number, cells) if n is not None]
        if numbers or (cells and desk.blank):
            first = [besides.cell] if besides.place else []
            formula = scoring.sum_formula(first + _with_spare_rows(desk, rows))
            desk.put(field, target, formula, scoring.sum_of(numbers))


def _with_spare_rows(desk: _Desk, parts: list[Entry[Decimal]]) -> list[str]:
    """The cells, and those of spare rows between two of one column: such a row counts once it is filled
    in.  A subtotal or a note between them stays outside."""
    places = [part.place for part in parts if part.place]
    cells: list[str] = []
    for before, place in zip([None, *places], places, strict=False):
        if before and before.column == place.column:
            between = range(before.row + 1, place.row)
            if all(desk.paper.spare(desk.sheet, row) for row in between):
                cells += [place._replace(row=row).cell for row in between]
        cells.append(place.cell)
    return cells


def _fund_totals(desk: _Desk, form: SelfEvaluation, total: FundLine) -> None:
    for field, target in total.amounts():
        rows = [dict(line.amounts())[field] for line in form.sources]
        portions = [
            Portion(line, row.value or scoring.ZERO) for line, row in zip(form.sources, rows, strict=True)
        ]
        if len(outermost(portions)) < len(portions):  # which lines to add is for a person to say
            desk.keep(field, target, "nested")
        else:
            _total(desk, field, target, rows)


def _rate(desk: _Desk, line: FundLine) -> None:
    budget, executed = line.annual_budget, line.executed
    if budget.place is None or executed.place is None:
        return
    with desk.at("execution_rate", line.execution_rate):
        base, spent = desk.number(budget) or scoring.ZERO, desk.number(executed)
        if base and executed.state == "dash":
            raise _Unusable(executed.cell)
        rate = scoring.execution_rate(base, spent or scoring.ZERO)
        formula = scoring.execution_rate_formula(budget.cell, executed.cell)
        desk.put("execution_rate", line.execution_rate, formula, _or_dash(rate))


def _or_dash(value: Decimal | None) -> Decimal | str:
    return scoring.NOT_APPLICABLE if value is None else value


def _execution_score(desk: _Desk, total: FundLine, profile: Profile) -> None:
    if total.execution_rate.place is None:
        return
    with desk.at("execution_score", total.score):
        rate, weight = desk.number(total.execution_rate), desk.number(total.weight)
        place = total.weight.cell
        if weight is None:
            weight, place = profile.execution_weight, plain(profile.execution_weight)
        score = None if rate is None else scoring.execution_score(rate, weight)
        formula = scoring.execution_score_formula(total.execution_rate.cell, place)
        desk.put("execution_score", total.score, formula, _or_dash(score))


def decide(
    form: SelfEvaluation,
    profile: Profile,
    *,
    paper: Paper | None = None,
    overwrite: bool = False,
    blank: bool = False,
) -> Filled:
    """Which cells to write and which to leave, in the order their results depend on each other.

    paper: the sheet the form stands on; none for a form that is drawn anew.
    blank: the form is still to be filled in, so sums are written although nothing adds up yet.
    """
    desk, total = _Desk(form.sheet, paper or _Drawn(), overwrite, blank), form.total_fund
    if total:
        _fund_totals(desk, form, total)
    for line in form.funds:
        _rate(desk, line)
    if scoring.execution_among_indicators(form, profile):
        total = None
    if total:
        _execution_score(desk, total, profile)
    if form.scored:
        weights, scores = [row.weight for row in form.rows], [row.score for row in form.rows]
        weight, score = (total.weight, total.score) if total else (ABSENT, ABSENT)
        _total(desk, "total_weight", form.total_weight, weights, weight)
        _total(desk, "total_score", form.total_score, scores, score)
    return Filled(tuple(desk.writes), tuple(desk.kept))


def plan(form: SelfEvaluation, profile: Profile, *, overwrite: bool = False) -> tuple[CellWrite, ...]:
    """The cells to write: execution rates, execution score, fund totals, 总分.

    Every value is what the formula will compute from the cells as they will stand, so a typed
    total that is kept counts as typed.
    """
    return decide(form, profile, overwrite=overwrite).writes


def fill(
    source: str | PathLike[str],
    target: str | PathLike[str],
    *,
    profile: Profile,
    overwrite: bool = False,
    dry_run: bool = False,
) -> Filled:
    """Write the formulas of every form in ``source`` to ``target``; nothing else in the file changes.

    Raises Unreadable when there is no form to read, `package.Unpatchable` for anything but .xlsx and .xlsm.
    """
    from xltools.package import Book
    from xltools.reading import read_file
    from xltools.sheets.grid import Unreadable

    reading = read_file(str(source))
    if not reading.forms:
        raise Unreadable(reading.reason_code or "not_a_form", **dict(reading.reason_details))
    book = Book(source)
    decisions = [decide(form, profile, paper=book, overwrite=overwrite) for form in reading.forms]
    writes = [write for decision in decisions for write in decision.writes]
    kept = [record for decision in decisions for record in decision.kept]
    if not dry_run:
        for write in writes:
            book.write(write)
        book.save(target)
    return Filled(tuple(writes), tuple(kept))
