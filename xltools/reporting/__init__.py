"""Evaluation reports: made from a form as .docx, and checked against their table.

Not named ``report``: that is the verb, ``xltools.report``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xltools.refusal import Refusal
from xltools.writing import replacing

if TYPE_CHECKING:
    from xltools.examining import Examined
    from xltools.model import FileReading, Finding, SelfEvaluation
    from xltools.profiles import Profile
    from xltools.scoring import Assessment

StrPath = str | os.PathLike[str]


class Reported(NamedTuple):
    """written: one report for each form.  findings: what is to be said of the forms themselves."""

    written: tuple[Path, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(finding.severity == "error" for finding in self.findings)


def write_report(
    form: SelfEvaluation,
    assessment: Assessment,
    findings: Sequence[Finding],
    target: StrPath,
    profile: Profile,
) -> None:
    """Write the report of one form; the same form gives the same bytes.

    A report that stands there is not overwritten, somebody may have completed it: FileExistsError.
    """
    from xltools.reporting.document import document
    from xltools.reporting.outline import Facts

    with replacing(target, overwrite=False) as temporary:
        temporary.write_bytes(document(Facts(form, assessment, findings, profile)))


def swapped(first: StrPath, second: StrPath) -> bool:
    """Whether a report and its workbook are named, not a workbook and the report to write."""
    told = Path(first).suffix.lower() in (".docx", ".doc", ".txt", ".md")
    return told and Path(second).suffix.lower() in (".xlsx", ".xlsm", ".xls", ".et", ".ods")


def write(workbook: StrPath, output: StrPath, profile: Profile) -> Reported:
    """A report for every form of the workbook; none where one of them stands already."""
    target = Path(output)
    if target.suffix.lower() != ".docx":
        raise Refusal("report_not_docx", path=str(output))
    examined = _examined(workbook, profile)
    names = [each.form.sheet for each in examined.forms]
    targets = _targets(target, names)
    for path in targets:
        if path.exists():
            raise FileExistsError(17, "exists", str(path))
    for each, path in zip(examined.forms, targets, strict=True):
        write_report(each.form, each.assessment, each.findings, path, profile)
    return Reported(tuple(targets), examined.findings)


def _examined(workbook: StrPath, profile: Profile) -> Examined:
    from xltools import rulebook
    from xltools.examining import Examined, ExaminedForm
    from xltools.scoring import assess

    reading = _read(workbook)
    forms = []
    for form in reading.forms:
        assessment = assess(form, profile)
        forms.append(ExaminedForm(form, assessment, rulebook.check(form, profile, assessment)))
    return Examined(reading, tuple(forms))


def _read(workbook: StrPath) -> FileReading:
    """The forms of a file.  Raises FileNotFoundError, or Unreadable when there are none."""
    from xltools.reading import read_file
    from xltools.sheets import Unreadable

    if not Path(workbook).exists():
        raise FileNotFoundError(2, "missing", os.fspath(workbook))
    reading = read_file(workbook)
    if not reading.forms:
        raise Unreadable(reading.reason_code or "not_a_form", **dict(reading.reason_details))
    return reading


def _targets(target: Path, sheets: Sequence[str]) -> list[Path]:
    """``报告.docx``; of several forms ``报告-表一.docx``, ``报告-表二.docx``, no two alike."""
    if len(sheets) == 1:
        return [target]
    found: list[Path] = []
    for sheet in sheets:
        named = re.sub(r"[^\w（）()·-]", "_", sheet)
        name = f"{target.stem}-{named}"
        number, path = 1, target.with_name(f"{name}{target.suffix}")
        while str(path).lower() in {str(other).lower() for other in found}:
            number += 1
            path = target.with_name(f"{name}{number}{target.suffix}")
        found.append(path)
    return found


def check(report: StrPath, workbook: StrPath | None, profile: Profile) -> tuple[Finding, ...]:
    """What a report says otherwise than its table; without a workbook, than the table inside it."""
    from xltools import rulebook
    from xltools.report_text import read_report
    from xltools.scoring import assess

    if not Path(report).exists():
        raise FileNotFoundError(2, "missing", os.fspath(report))
    text = read_report(Path(report))
    reading = _inside(report) if workbook is None else _read(workbook)
    return tuple(
        finding
        for form in reading.forms
        for finding in rulebook.check(form, profile, assess(form, profile), text)
        if _of_the_report(finding)
    )


def _of_the_report(finding: Finding) -> bool:
    """The RPT rules, and the grade that the report states; the rest is the form's own business."""
    return finding.code.startswith("RPT") or (finding.code, finding.variant) == ("SCO-09", "report")


def _inside(report: StrPath) -> FileReading:
    """The table a report carries.  Raises Refusal when none can be read."""
    from xltools.reading import read_file

    reading = read_file(report)
    if not reading.forms:
        raise Refusal("report_needs_workbook", path=Path(report).name)
    return reading
