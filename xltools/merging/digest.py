"""One file, condensed where it was examined: plain tuples, because names would make them slow to send."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xltools import scoring
from xltools.merging.facts import (
    SEPARATOR,
    Digest,
    FileLine,
    FindingFacts,
    FormFacts,
    FundFacts,
    IndicatorFacts,
    Value,
    Way,
)
from xltools.messages.interface import COMPARATORS, NATURES
from xltools.model import Entry, FileReading, Finding, FundLine, Indicator, Quantity
from xltools.profiles import Profile
from xltools.quantities import in_wan
from xltools.scoring import RowScore
from xltools.vocabulary import label_base, label_key, tidy, vocabulary

if TYPE_CHECKING:
    from xltools.examining import Examined, ExaminedForm

Words = Callable[[Finding], tuple[str, str, str]]
"""Finding -> (name of the rule, message, hint)."""


def default_words(finding: Finding) -> tuple[str, str, str]:
    from xltools import messages

    return messages.title(finding.code), messages.message(finding), messages.hint(finding)


def digest(
    examined: Examined, keep_form: bool, words: Words = default_words, profile: Profile | None = None
) -> Digest:
    """What the consolidation needs of one file.  keep_form: carry the form too, for a sheet of its own.

    profile: whose execution weight stands in for a blank one; 10 without."""
    fallback = profile.execution_weight if profile else Decimal(10)
    forms = tuple(_plain(_form_facts(each, keep_form, words, fallback)) for each in examined.forms)
    return Digest(tuple(file_line(examined.reading)), forms)


def file_line(reading: FileReading) -> FileLine:
    from xltools.messages.reasons import reason

    details = dict(reading.reason_details)
    why = reason(reading.reason_code, "zh", **details) if reading.reason_code else ""
    layouts = tuple(dict.fromkeys(form.layout for form in reading.forms))
    return FileLine(
        reading.path, reading.status, why, reading.size, reading.modified, reading.sha256, layouts
    )


def _plain(facts: FormFacts) -> tuple[Any, ...]:
    rows = (tuple(map(tuple, each)) for each in (facts.funds, facts.indicators, facts.findings))
    return (*facts[:-4], *rows, facts.form)


def _form_facts(examined: ExaminedForm, keep_form: bool, words: Words, fallback: Decimal) -> FormFacts:
    form, assessment = examined.form, examined.assessment
    line = form.total_fund
    weight = line.weight.value if line else None
    return FormFacts(
        sheet=form.sheet,
        layout=form.layout,
        year=form.year.value,
        project=form.project_name.value or "",
        department=form.supervising_department.value or "",
        unit=form.implementing_unit.value or "",
        initial=_money(line.initial_budget, form.unit) if line else None,
        annual=_money(line.annual_budget, form.unit) if line else None,
        executed=_money(line.executed, form.unit) if line else None,
        execution_weight=float(fallback if weight is None else weight),
        rate=_float(assessment.rate),
        execution_score=_float(assessment.execution_score),
        stated_execution=_shown(line.score) if line else None,
        stated_total=_shown(form.total_score),
        stated_grade=assessment.stated_grade,
        total=_float(assessment.total),
        grade=assessment.grade,
        scored=form.scored and bool(form.indicators),
        funds=tuple(_fund_facts(each, form.unit) for each in form.funds),
        indicators=tuple(map(_indicator_facts, form.indicators, assessment.rows)),
        findings=tuple(finding_facts(each, words) for each in examined.findings),
        form=form if keep_form else None,
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _shown(entry: Entry[Decimal]) -> Value:
    if entry.value is not None:
        return float(entry.value)
    return entry.raw or None


def _money(entry: Entry[Decimal], unit: str) -> Value:
    return float(in_wan(entry.value, unit)) if entry.value is not None else entry.raw or None


def _quantity(entry: Entry[Quantity]) -> Value:
    """A bare number as a number, anything else as the person sees it."""
    found = entry.value
    if found is not None and found.comparator is None and not found.unit:
        return float(found.number)
    return entry.raw or None


def _fund_facts(line: FundLine, unit: str) -> FundFacts:
    amounts = [entry for _, entry in line.amounts()]
    cell = line.label.cell or next((entry.cell for entry in amounts if entry.place), "")
    initial, annual, executed = (_money(entry, unit) for entry in amounts)
    return FundFacts(line.kind, tidy(line.label.value or line.label.raw), initial, annual, executed, cell)


def finding_facts(finding: Finding, words: Words) -> FindingFacts:
    title, message, hint = words(finding)
    return FindingFacts(finding.severity, finding.code, title, finding.sheet, finding.cells, message, hint)


def _indicator_facts(row: Indicator, score: RowScore) -> IndicatorFacts:
    way: Way | None = "words" if row.qualitative else scoring.orientation(row)
    numbers = None if way == "words" else scoring.target_and_actual(row)
    unit = _unit(row)
    relative = _is_relative(row, unit)
    family = row.group or label_base(row.level1.value or "")
    level2 = label_base(row.level2.value or "").removesuffix("指标")
    name = label_key(row.level3.value or row.level3.raw)
    method = "" if way == "words" else unit + ("/" if relative else "+")
    cells = (row.level3.cell, row.target.cell, row.actual.cell, row.weight.cell, row.score.cell)
    return IndicatorFacts(
        level1=tidy(row.level1.value or ""),
        level2=tidy(row.level2.value or ""),
        level3=(row.level3.value or row.level3.raw).strip(),
        nature=NATURES[row.nature.value][0] if row.nature.value else row.nature.raw,
        direction=COMPARATORS[row.direction.value][0] if row.direction.value else row.direction.raw,
        target=_quantity(row.target),
        actual=_quantity(row.actual),
        unit=row.unit.raw,
        weight=_shown(row.weight),
        score=_shown(row.score),
        recomputed=_float(score.score),
        deviation=row.deviation.raw,
        cell=next(filter(None, cells), ""),
        key=SEPARATOR.join((family, level2, name, way or "", method)),
        family=family,
        way=way,
        relative=relative,
        target_number=float(numbers[0]) if numbers else None,
        actual_number=float(numbers[1]) if numbers else None,
        met=score.met,
    )


def _unit(row: Indicator) -> str:
    stated = (row.target.value.unit if row.target.value else "") or (
        row.actual.value.unit if row.actual.value else ""
    )
    key = label_key(row.unit.value or stated)
    return "%" if key in vocabulary().percent_units else key


def _is_relative(row: Indicator, unit: str) -> bool:
    """A number that means nothing when it is added to another unit's: a rate, a price, a deadline."""
    name, level2, words = row.level3.value or "", row.level2.value or "", vocabulary()
    if unit in words.relative_units or "/" in unit or any(part in name for part in words.relative_names):
        return True
    return unit in words.time_units and any(part in level2 for part in words.time_level2)
