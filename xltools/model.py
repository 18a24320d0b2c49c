"""The form as data: what was read, what was found wrong, what is to be written.

Everything here is a frozen value.  A value never loses its place: an `Entry` carries the
sheet, the cell, the text a person sees and the formula from the first read on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Generic, Literal, NamedTuple, TypeVar

T = TypeVar("T")
_NOTHING_ENTERED = ("blank", "absent", "dash")

State = Literal["ok", "blank", "dash", "text", "error", "uncached", "absent"]
Nature = Literal["positive", "negative", "qualitative"]
Comparator = Literal["eq", "ge", "le", "gt", "lt"]
Level1 = Literal["output", "benefit", "satisfaction", "cost", "execution"]
Tier = Literal["achieved", "partial", "missed"]
Grade = Literal["excellent", "good", "fair", "poor"]
Severity = Literal["error", "warning", "info", "undetermined"]
WORST_FIRST: tuple[Severity, ...] = ("error", "warning", "undetermined", "info")
MoneyUnit = Literal["万元", "元"]
FundKind = Literal["total", "fiscal", "carryover", "other", "special_account", "unit_funds", "unknown"]
Band = Literal["funds", "goals", "indicators", "total"]

OWN_OUTPUT = "xltools_consolidated"
"""The defined name that marks a workbook this tool made of others, so that it is not read as a return."""

TEMPLATE_MARK = "xltools_form"
"""The defined name that marks a workbook made from our template."""


class HelperSheets(NamedTuple):
    """The sheets our template adds to the form.  The reader passes over them: they hold twenty times
    the cells of the form and nothing that a person fills in."""

    verdicts: str = "校验"
    instructions: str = "填报说明"
    rows: str = "核对指标"
    funds: str = "核对资金"
    lists: str = "选项"


HELPERS = HelperSheets()


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """12 -> ``L``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def cell_name(row: int, column: int) -> str:
    """3, 12 -> ``L3``."""
    return f"{column_letters(column)}{row}"


class Place(NamedTuple):
    """A cell of a sheet, 1-based."""

    sheet: str
    row: int
    column: int

    @property
    def cell(self) -> str:
        return cell_name(self.row, self.column)


class Entry(NamedTuple, Generic[T]):
    """One cell of the form as it was read.

    value: what it means; None unless ``state`` is "ok".
    raw: the text a person sees.
    state: "ok"; "blank"; "dash" (— / 无 and the like: not applicable); "text" (words where a number
        belongs); "error" (#DIV/0! …); "uncached" (a formula without a stored result);
        "absent" (the layout has no such cell).
    place: None only when absent.
    formula: the text behind the value, without "=".
    note: the normalisation that was needed to understand it, a key of ``messages.interface.NOTES``.
    """

    value: T | None
    raw: str = ""
    state: State = "absent"
    place: Place | None = None
    formula: str | None = None
    note: str | None = None

    @property
    def ok(self) -> bool:
        return self.state == "ok"

    @property
    def empty(self) -> bool:
        """Nothing was entered: blank, or the layout has no such cell."""
        return self.state == "blank" or self.state == "absent"

    @property
    def unreadable(self) -> bool:
        """Something stands there and cannot be understood as what belongs there."""
        return self.state == "text" or self.state == "error" or self.state == "uncached"

    @property
    def cell(self) -> str:
        return self.place.cell if self.place else ""


entry_of: Callable[[tuple[Any, str, State, Place | None, str | None, str | None]], Entry[Any]] = partial(
    tuple.__new__, Entry
)
"""An entry from its six fields, at half the cost of ``Entry(…)``: the reader makes a hundred for a form."""

ABSENT: Entry[Decimal] = Entry(None)
ABSENT_TEXT: Entry[str] = Entry(None)


class Quantity(NamedTuple):
    """A target or an actual that is a number.

    number: on the scale people write: 95 for ``95%``.
    comparator: the sign stated in the cell itself (``≥50个``), else None.
    unit: the unit stated in the cell itself, "" if none; "%" for percent.
    """

    number: Decimal
    comparator: Comparator | None = None
    unit: str = ""


quantity_of: Callable[[tuple[Decimal, Comparator | None, str]], Quantity] = partial(tuple.__new__, Quantity)

ABSENT_QUANTITY: Entry[Quantity] = Entry(None)


class FundLine(NamedTuple):
    """One row of the fund band; money in the unit of the form, rate on the 0–100 scale."""

    kind: FundKind
    label: Entry[str]
    initial_budget: Entry[Decimal]
    annual_budget: Entry[Decimal]
    executed: Entry[Decimal]
    weight: Entry[Decimal]
    execution_rate: Entry[Decimal]
    score: Entry[Decimal]
    row: int
    reason: Entry[str] = ABSENT_TEXT

    def amounts(self) -> tuple[tuple[str, Entry[Decimal]], ...]:
        return (
            ("initial_budget", self.initial_budget),
            ("annual_budget", self.annual_budget),
            ("executed", self.executed),
        )


class Indicator(NamedTuple):
    """One row of the indicator band.

    group: the level-1 family its label stands for, None when the label is in no vocabulary.
    nature: as stated in the 指标性质 column (None when the layout has none or the cell holds a sign).
    direction: the 指标方向 column, or the sign that stands in the 指标性质 column.
    target, actual: a `Quantity` where the cell holds a number; state "text" where it holds words.
    unit: the 计量单位 column.
    """

    level1: Entry[str]
    level2: Entry[str]
    level3: Entry[str]
    group: Level1 | None
    nature: Entry[Nature]
    direction: Entry[Comparator]
    target: Entry[Quantity]
    actual: Entry[Quantity]
    unit: Entry[str]
    weight: Entry[Decimal]
    score: Entry[Decimal]
    deviation: Entry[str]
    row: int

    @property
    def unused(self) -> bool:
        """A printed row nobody filled in: at most level 1 and level 2 stand there."""
        if self.level3.state not in _NOTHING_ENTERED:
            return False
        others = (self.target, self.actual, self.weight, self.score, self.deviation)
        return all(entry.state in _NOTHING_ENTERED for entry in others)

    @property
    def name(self) -> str:
        return self.level3.value or f"第{self.row}行"

    @property
    def comparator(self) -> Comparator | None:
        """The stated sign: its own column first, else the sign inside the target."""
        if self.direction.value:
            return self.direction.value
        return self.target.value.comparator if self.target.value else None

    @property
    def qualitative(self) -> bool:
        """Stated as 定性, or, where the layout has no such column, a target in words."""
        if self.nature.value:
            return self.nature.value == "qualitative"
        if self.comparator:
            return False
        return self.target.state == "text"

    @property
    def satisfaction(self) -> bool:
        """Measures how content people are; 不满意率 and 投诉率 measure the contrary."""
        name = self.level3.value or ""
        if "不满意" in name or "投诉" in name:
            return False
        return self.group == "satisfaction" or "满意" in name or "满意" in (self.level2.value or "")


@dataclass(frozen=True, slots=True)
class SelfEvaluation:
    """One 项目支出绩效自评表: one project, one year, one place in one sheet.

    rows holds every printed row of the indicator band; ``indicators`` those somebody filled in.
    bands: which of the four blocks were found.  columns: the indicator columns the form has.
    shifted: rows that a page break or a merge moved out of their columns.
    scored: the layout has 分值 and 得分 at all.
    """

    source: str
    sheet: str
    layout: str
    title: Entry[str]
    year: Entry[int]
    money_unit: Entry[MoneyUnit]
    project_name: Entry[str]
    supervising_department: Entry[str]
    implementing_unit: Entry[str]
    funds: tuple[FundLine, ...]
    goal_expected: Entry[str]
    goal_actual: Entry[str]
    rows: tuple[Indicator, ...]
    total_weight: Entry[Decimal]
    total_score: Entry[Decimal]
    stated_grade: Entry[Grade]
    bands: frozenset[Band]
    columns: frozenset[str]
    fund_columns: frozenset[str]
    shifted: tuple[Place, ...] = ()
    hidden: bool = False
    indicators: tuple[Indicator, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        used = [row for row in self.rows if not row.unused]
        object.__setattr__(self, "indicators", self.rows if len(used) == len(self.rows) else tuple(used))

    @property
    def total_fund(self) -> FundLine | None:
        for line in self.funds:
            if line.kind == "total":
                return line
        return None

    @property
    def sources(self) -> tuple[FundLine, ...]:
        """The rows below 年度资金总额 that add up to it."""
        return tuple(line for line in self.funds if line.kind != "total")

    @property
    def unit(self) -> MoneyUnit:
        """The money unit of the amounts; 万元 where the form states none (it is the official one)."""
        return self.money_unit.value or "万元"

    @property
    def scored(self) -> bool:
        return "weight" in self.columns or "score" in self.columns

    @property
    def identity(self) -> Identity:
        return Identity(
            self.source,
            self.sheet,
            self.project_name.value or "",
            self.implementing_unit.value or "",
            self.supervising_department.value or "",
            self.year.value,
            self.unit,
            self.project_name.cell,
            self.year.cell,
            self.money_unit.cell,
        )

    def normalised(self) -> Iterator[Entry[Any]]:
        """Every cell that was not simply taken as it stands; its note says what was done."""
        lines: tuple[tuple[object, ...], ...] = (
            (self.money_unit, self.total_weight, self.total_score),
            *self.funds,
            *self.rows,
        )
        for line in lines:
            for entry in line:
                if isinstance(entry, Entry) and entry.note:
                    yield entry

    def texts(self) -> Iterator[tuple[str, Entry[str]]]:
        """Every cell a person fills with words, with its field name."""
        yield "project_name", self.project_name
        yield "supervising_department", self.supervising_department
        yield "implementing_unit", self.implementing_unit
        yield "goal_expected", self.goal_expected
        yield "goal_actual", self.goal_actual
        for line in self.funds:
            yield "fund_reason", line.reason
        for row in self.rows:
            yield "level3", row.level3
            yield "deviation", row.deviation


class Identity(NamedTuple):
    """What tells one form of a batch from the others; small enough to keep a hundred thousand of them.

    project, unit, department: "" where the form names none.  project_cell, year_cell, money_cell: where
    it says so, "" where it does not.
    """

    source: str
    sheet: str
    project: str
    unit: str
    department: str
    year: int | None
    money_unit: MoneyUnit
    project_cell: str = ""
    year_cell: str = ""
    money_cell: str = ""


class Finding(NamedTuple):
    """One thing a person should look at.  The words are made by ``messages.render``.

    cells: addresses on ``sheet``, in reading order.  names: the indicators (or rows) it is about.
    params: what the message template needs besides names and cells.
    variant: which wording of the rule's message applies ("" for the usual one).
    expected, actual: plain decimal strings or words, None where the rule has none.
    """

    code: str
    severity: Severity
    sheet: str
    cells: tuple[str, ...]
    names: tuple[str, ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    variant: str = ""
    expected: str | None = None
    actual: str | None = None


class CellWrite(NamedTuple):
    """One cell to change, the only way anything in a person's workbook changes.

    formula: without "=".  value: its result (cached beside it), exact.
    previous: what a person saw there before; "" for a blank cell.
    """

    sheet: str
    cell: str
    formula: str
    value: Decimal | str
    field: str
    previous: str = ""
    previous_formula: str | None = None


class ReportText(NamedTuple):
    """The evaluation report beside a table, as text.

    sections: (heading, body) in order; the heading as written, "" for text before the first one.
    """

    source: str
    title: str
    sections: tuple[tuple[str, str], ...]

    @property
    def body(self) -> str:
        return "\n".join(f"{heading}\n{text}" for heading, text in self.sections)


Status = Literal["read", "not_a_form", "unreadable"]


@dataclass(frozen=True, slots=True)
class FileReading:
    """A file met: the forms in it, or why there are none.

    reason_code: a key of ``messages.reasons.REASONS``; None when the file was read.
    size in bytes, modified as seconds since the epoch, sha256 in hex; empty when it could not be opened.
    """

    path: str
    status: Status
    forms: tuple[SelfEvaluation, ...] = ()
    reason_code: str | None = None
    reason_details: tuple[tuple[str, str], ...] = ()
    size: int = 0
    modified: float = 0.0
    sha256: str = ""
    fast: bool = False
