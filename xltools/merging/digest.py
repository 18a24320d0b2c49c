"""One file, condensed where it was examined: plain tuples, because names would make them slow to send."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from xltools.merging.facts import SEPARATOR, Digest, FileLine, FindingFacts, Value, Way
from xltools.messages.interface import COMPARATORS, NATURES
from xltools.model import Entry, FileReading, Finding, FundLine, Indicator, Quantity
from xltools.quantities import in_wan
from xltools.remembering import remembered_rows
from xltools.scoring import ROWS_REMEMBERED, Assessment, RowScore
from xltools.vocabulary import label_base, label_key, tidy, vocabulary

if TYPE_CHECKING:
    from xltools.examining import Examined, ExaminedForm

_AFTERTHOUGHT = re.compile(r"[(（][^()（）]*[)）]$")

Words = Callable[[Finding], tuple[str, str, str]]
"""Finding -> (name of the rule, message, hint)."""


def default_words(finding: Finding) -> tuple[str, str, str]:
    from xltools import messages

    return messages.title(finding.code), messages.message(finding), messages.hint(finding)


def digest(examined: Examined, keep_form: bool, words: Words = default_words) -> Digest:
    """What the consolidation needs of one file.  keep_form: carry the form too, for a sheet of its own."""
    forms = tuple([_form_facts(each, keep_form, words) for each in examined.forms])
    return Digest(tuple(file_line(examined.reading)), forms)


def file_line(reading: FileReading) -> FileLine:
    why = _why_not_read(reading) if reading.reason_code else ""
    layouts = tuple(dict.fromkeys(form.layout for form in reading.forms))
    return FileLine(
        reading.path, reading.status, why, reading.size, reading.modified, reading.sha256, layouts
    )


def _why_not_read(reading: FileReading) -> str:
    from xltools.messages.reasons import reason

    return reason(reading.reason_code or "", "zh", **dict(reading.reason_details))


def _form_facts(examined: ExaminedForm, keep_form: bool, words: Words) -> tuple[Any, ...]:
    """In the order of `FormFacts`."""
    form, assessment = examined.form, examined.assessment
    line, unit = form.total_fund, form.unit
    if line is None:
        initial = annual = executed = stated_execution = None
    else:
        initial, annual, executed = _amounts(line, unit)
        stated_execution = _shown(line.score)
    return (
        form.sheet,
        form.layout,
        form.year.value,
        form.project_name.value or "",
        form.supervising_department.value or "",
        form.implementing_unit.value or "",
        initial,
        annual,
        executed,
        _float(assessment.execution_weight) or 0.0,
        _float(assessment.rate),
        _execution_score(assessment),
        stated_execution,
        _shown(form.total_score),
        assessment.stated_grade,
        _float(assessment.total),
        assessment.grade,
        form.scored and bool(form.indicators),
        tuple([_fund_facts(each, unit) for each in form.funds]),
        tuple(indicator_facts.each(form.indicators, assessment.rows)),
        tuple([tuple(finding_facts(each, words)) for each in examined.findings]),
        form if keep_form else None,
    )


def _execution_score(assessment: Assessment) -> float | None:
    """0 where the rate is scored among the indicators, so that it is not in the total twice."""
    score = _float(assessment.execution_score)
    return score if score is None or assessment.execution_weight else 0.0


def _float(value: Decimal | None) -> float | None:
    """None for a number that no float can hold, as a cell may give by mistake: it is in no sum."""
    if value is None:
        return None
    number = float(value)
    return number if isfinite(number) else None


def _shown(entry: Entry[Decimal]) -> Value:
    """As a number where it is one, else as the person sees it."""
    if entry.value is not None:
        number = float(entry.value)
        if isfinite(number):
            return number
    return entry.raw or None


def _amounts(line: FundLine, unit: str) -> tuple[Value, Value, Value]:
    """Initial budget, annual budget, executed."""
    return _money(line.initial_budget, unit), _money(line.annual_budget, unit), _money(line.executed, unit)


def _money(entry: Entry[Decimal], unit: str) -> Value:
    """As `_shown`, in 万元."""
    if entry.value is not None:
        number = float(entry.value if unit == "万元" else in_wan(entry.value, unit))
        if isfinite(number):
            return number
    return entry.raw or None


def _quantity(entry: Entry[Quantity]) -> Value:
    """A bare number as a number, anything else as the person sees it."""
    found = entry.value
    number = _float(found.number) if found and found.comparator is None and not found.unit else None
    return entry.raw or None if number is None else number


def _fund_facts(line: FundLine, unit: str) -> tuple[Any, ...]:
    """In the order of `FundFacts`."""
    kind, label, initial, annual, executed, *_ = line
    return (
        kind,
        tidy(label.value or label.raw),
        _money(initial, unit),
        _money(annual, unit),
        _money(executed, unit),
        _first_cell((label, initial, annual, executed)),
    )


def _first_cell(entries: Sequence[Entry[Any]]) -> str:
    for entry in entries:
        if entry.place:
            return entry.place.cell
    return ""


@lru_cache(maxsize=1024)
def finding_facts(finding: Finding, words: Words) -> FindingFacts:
    title, message, hint = words(finding)
    return FindingFacts(finding.severity, finding.code, title, finding.sheet, finding.cells, message, hint)


@remembered_rows(ROWS_REMEMBERED)
def indicator_facts(row: Indicator, score: RowScore) -> tuple[Any, ...]:
    """In the order of `IndicatorFacts`."""
    said = score.said
    way: Way | None = "words" if said.qualitative else said.way
    target, actual = map(_float, said.numbers or (None, None))
    if target is None or actual is None:
        target = actual = None
    level1, level2, level3 = (
        row.level1.value or "",
        row.level2.value or "",
        row.level3.value or row.level3.raw,
    )
    unit = _unit(row)
    relative = _is_relative(unit, row.level3.value or "", level2)
    family = row.group or label_base(level1)
    method = "" if way == "words" else unit + ("/" if relative else "+")
    names = (family, label_base(level2).removesuffix("指标"), label_key(level3), way or "", method)
    return (
        tidy(level1),
        tidy(level2),
        level3.strip(),
        NATURES[row.nature.value][0] if row.nature.value else row.nature.raw,
        COMPARATORS[row.direction.value][0] if row.direction.value else row.direction.raw,
        _quantity(row.target),
        _quantity(row.actual),
        row.unit.raw,
        _shown(row.weight),
        _shown(row.score),
        _float(score.score),
        row.deviation.raw,
        _first_cell((row.level3, row.target, row.actual, row.weight, row.score)),
        SEPARATOR.join(names),
        family,
        way,
        relative,
        target,
        actual,
        score.met,
        False,
    )


def _unit(row: Indicator) -> str:
    stated = (row.target.value.unit if row.target.value else "") or (
        row.actual.value.unit if row.actual.value else ""
    )
    key = label_key(row.unit.value or stated)
    return "%" if key in vocabulary().percent_units else key


@lru_cache(maxsize=2048)
def _is_relative(unit: str, name: str, level2: str) -> bool:
    """A number that means nothing when it is added to another unit's: a rate, a price, a deadline."""
    words = vocabulary()
    if unit in words.relative_units or _is_ratio(unit) or any(part in name for part in words.relative_names):
        return True
    if unit not in words.counting_units and _AFTERTHOUGHT.sub("", name).endswith(words.relative_endings):
        return True
    return unit in words.time_units and any(part in level2 for part in words.time_level2)


def _is_ratio(unit: str) -> bool:
    """元/人 and 次/年 are; 台/套 and 人/次 are two words for things that are counted."""
    return "/" in unit and not vocabulary().counting_units.issuperset(unit.split("/"))
