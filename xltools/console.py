"""What the command line shows: findings as text, progress, and words that any console can print."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xltools import messages
from xltools.messages.console import say
from xltools.messages.interface import GRADES, LAYOUTS, SEVERITIES, STATUSES, Lang, word
from xltools.messages.reasons import reason
from xltools.model import FileReading, Finding
from xltools.parallel import Progress
from xltools.quantities import plain, two_places

if TYPE_CHECKING:
    from xltools.examining import Examined, ExaminedForm


def tame_streams() -> None:
    """No character may make printing fail: what a GBK console lacks becomes ``?``."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def prints_everything() -> bool:
    """Whether standard output can hold any character, so that JSON need not be escaped."""
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def tell(text: str) -> None:
    """A message for the person, beside the data."""
    print(text, file=sys.stderr)


@contextmanager
def progress(total: int, label: str) -> Iterator[Progress]:
    """A bar on a terminal; silent when standard error is a file or a pipe."""
    if not sys.stderr.isatty() or total < 2:
        yield lambda done: None
        return
    import click

    with click.progressbar(length=total, label=label, file=sys.stderr, show_pos=True) as bar:
        yield bar.update


def why(reading: FileReading, lang: Lang) -> str:
    return reason(reading.reason_code, lang, **dict(reading.reason_details)) if reading.reason_code else ""


def finding_lines(finding: Finding, lang: Lang) -> Iterator[str]:
    severity = word(SEVERITIES, finding.severity, lang)
    where = messages.address(finding)
    yield f"  [{severity}] {finding.code}  {where}"
    yield f"      {messages.message(finding, lang)}"
    if hint := messages.hint(finding, lang):
        yield f"      → {hint}" if prints_everything() else f"      -> {hint}"


def _form_line(examined: ExaminedForm, lang: Lang) -> str:
    form, assessment = examined.form, examined.assessment
    parts = [word(LAYOUTS, form.layout, lang), form.project_name.value or "", form.implementing_unit.value or ""]
    if form.total_score.value is not None:
        parts.append(say("stated_total", lang, total=plain(form.total_score.value)))
    if assessment.total is not None and assessment.grade:
        grade = word(GRADES, assessment.grade, lang)
        parts.append(say("recomputed_total", lang, total=two_places(assessment.total), grade=grade))
    return "  " + " · ".join(part for part in parts if part)


def validation_lines(files: Iterable[Examined], lang: Lang) -> Iterator[str]:
    """Each file with its findings, the worst first; the counts at the end."""
    counts: Counter[str] = Counter()
    number = unread = 0
    for file in files:
        number += 1
        yield os.path.normpath(file.reading.path)
        if file.reading.status != "read":
            unread += 1
            yield f"  [{word(STATUSES, file.reading.status, lang)}] {why(file.reading, lang)}"
        for form in file.forms:
            yield _form_line(form, lang)
            for finding in form.findings:
                counts[finding.severity] += 1
                yield from finding_lines(finding, lang)
            if not form.findings:
                yield "  " + say("no_findings", lang)
        yield ""
    yield summary(number, unread, counts, lang)


def summary(files: int, unread: int, counts: Counter[str], lang: Lang) -> str:
    listed = (
        f"{word(SEVERITIES, severity, lang)} {counts[severity]}"
        for severity in ("error", "warning", "undetermined", "info")
    )
    return say("summary", lang, files=str(files), unread=str(unread), counts="，".join(listed))
