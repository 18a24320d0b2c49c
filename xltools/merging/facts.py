"""What a worker hands over of a file and its forms, and what the consolidation starts from.

Numbers travel as floats: that is what a workbook holds, and `exact` gives back the decimal a person
typed.  Money is in 万元, whatever unit the form is in.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, NamedTuple

from xltools.model import Grade, SelfEvaluation, Severity

Value = float | str | None
"""A number; the words that stand where one belongs; nothing."""
Way = Literal["higher", "lower", "equal", "words"]
Method = Literal["added", "averaged", "scored"]

UNDETERMINED = "无法判定"
SEPARATOR = "\x1f"


class FileLine(NamedTuple):
    path: str
    status: str
    reason: str
    size: int
    modified: float
    sha256: str
    layouts: tuple[str, ...]


class FundFacts(NamedTuple):
    kind: str
    label: str
    initial: Value
    annual: Value
    executed: Value
    cell: str


class IndicatorFacts(NamedTuple):
    """key: rows with the same key are one row of the consolidated form.
    renamed: a mapping gave it the key of another row.
    target_number, actual_number: both in one unit, or both None.
    recomputed: None when the row cannot be judged."""

    level1: str
    level2: str
    level3: str
    nature: str
    direction: str
    target: Value
    actual: Value
    unit: str
    weight: Value
    score: Value
    recomputed: float | None
    deviation: str
    cell: str
    key: str
    family: str
    way: Way | None
    relative: bool
    target_number: float | None
    actual_number: float | None
    met: bool | None
    renamed: bool = False


class FindingFacts(NamedTuple):
    severity: Severity
    code: str
    title: str
    sheet: str
    cells: tuple[str, ...]
    message: str
    hint: str


class FormFacts(NamedTuple):
    """initial, annual, executed: of 年度资金总额; a text is what stands there instead of a number."""

    sheet: str
    layout: str
    year: int | None
    project: str
    department: str
    unit: str
    initial: Value
    annual: Value
    executed: Value
    execution_weight: float
    rate: float | None
    execution_score: float | None
    stated_execution: Value
    stated_total: Value
    stated_grade: Grade | None
    total: float | None
    grade: Grade | None
    scored: bool
    funds: tuple[FundFacts, ...]
    indicators: tuple[IndicatorFacts, ...]
    findings: tuple[FindingFacts, ...]
    form: SelfEvaluation | None


class Digest(NamedTuple):
    """One file for the parent: tuples in the order of `FileLine` and `FormFacts`."""

    file: tuple[Any, ...]
    forms: tuple[tuple[Any, ...], ...]


def exact(value: float) -> Decimal:
    """The decimal whose nearest float this is: what the person typed."""
    return Decimal(repr(value))


def numeric(value: Value) -> Decimal | None:
    return exact(value) if isinstance(value, float) else None
