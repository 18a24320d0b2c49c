"""The JSON of `extract` and `validate`: forms and findings as plain data.

Numbers are decimal strings without exponent, unit or % sign; percent values on the 0–100 scale.
Keys and codes are fixed: other programs read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from xltools import messages
from xltools.examining import Examined, ExaminedForm
from xltools.messages.interface import GRADES, Lang, word
from xltools.messages.reasons import reason
from xltools.model import Entry, FileReading, Finding, FundLine, Indicator, SelfEvaluation
from xltools.quantities import plain, two_places
from xltools.scoring import Assessment
from xltools.vocabulary import tidy

VERSION = 1


def _shortest(entry: Entry[Decimal]) -> str | None:
    return None if entry.value is None else plain(entry.value)


def _money(entry: Entry[Decimal]) -> str | None:
    return None if entry.value is None else two_places(entry.value)


def _raw(entry: Entry[Any]) -> str | None:
    """The text as a person sees it; None for a blank cell."""
    return entry.raw.strip() or None


def fund_record(line: FundLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "label": line.label.value,
        "initial_budget": _money(line.initial_budget),
        "annual_budget": _money(line.annual_budget),
        "executed": _money(line.executed),
        "weight": _shortest(line.weight),
        "execution_rate": _money(line.execution_rate),
        "score": _shortest(line.score),
        "row": line.row,
    }


def indicator_record(row: Indicator) -> dict[str, Any]:
    target, actual = row.target.value, row.actual.value
    return {
        "level1": row.level1.value,
        "level2": row.level2.value,
        "level3": row.level3.value,
        "nature": row.nature.value,
        "comparator": row.comparator,
        "target": _raw(row.target),
        "actual": _raw(row.actual),
        "target_value": None if target is None else plain(target.number),
        "actual_value": None if actual is None else plain(actual.number),
        "unit": tidy(row.unit.raw) or None,
        "weight": _shortest(row.weight),
        "score": _shortest(row.score),
        "deviation": row.deviation.value,
        "row": row.row,
    }


def form_record(form: SelfEvaluation) -> dict[str, Any]:
    return {
        "sheet": form.sheet,
        "layout": form.layout,
        "year": form.year.value,
        "money_unit": form.unit,
        "project_name": form.project_name.value,
        "supervising_department": form.supervising_department.value,
        "implementing_unit": form.implementing_unit.value,
        "funds": [fund_record(line) for line in form.funds],
        "goal_expected": form.goal_expected.value,
        "goal_actual": form.goal_actual.value,
        "indicators": [indicator_record(row) for row in form.rows],
        "total_weight": _shortest(form.total_weight),
        "total_score": _shortest(form.total_score),
        "notes": [
            {"cell": entry.cell, "text": entry.raw, "note": entry.note}
            for entry in form.normalised()
            if entry.note not in ("filled_down", "text")
        ],
    }


def _two(value: Decimal | None) -> str | None:
    return None if value is None else two_places(value)


def recomputed_record(assessment: Assessment) -> dict[str, Any]:
    return {
        "execution_score": _two(assessment.execution_score),
        "total_score": _two(assessment.total),
        "grade": None if assessment.grade is None else word(GRADES, assessment.grade),
        "total_score_low": _two(assessment.total_low),
        "total_score_literal": _two(assessment.total_literal),
    }


def finding_record(finding: Finding, lang: Lang) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "sheet": finding.sheet,
        "cells": list(finding.cells),
        "message": messages.message(finding, lang),
        "hint": messages.hint(finding, lang),
        "expected": finding.expected,
        "actual": finding.actual,
    }


def file_record(reading: FileReading, lang: Lang) -> dict[str, Any]:
    why = reason(reading.reason_code, lang, **dict(reading.reason_details)) if reading.reason_code else None
    return {"path": reading.path, "status": reading.status, "reason": why, "forms": []}


def _validated(examined: ExaminedForm) -> dict[str, Any]:
    return {**form_record(examined.form), "recomputed": recomputed_record(examined.assessment)}


def extraction(readings: Iterable[FileReading], lang: Lang = "zh") -> dict[str, Any]:
    """What `extract` prints."""
    files = [
        {**file_record(reading, lang), "forms": [form_record(form) for form in reading.forms]}
        for reading in readings
    ]
    return {"version": VERSION, "files": files}


def validation(examined: Iterable[Examined], lang: Lang = "zh") -> dict[str, Any]:
    """What `validate --format json` prints."""
    files: list[Mapping[str, Any]] = [
        {
            **file_record(file.reading, lang),
            "forms": [_validated(form) for form in file.forms],
            "findings": [finding_record(finding, lang) for finding in file.findings],
        }
        for file in examined
    ]
    return {"version": VERSION, "files": files}
