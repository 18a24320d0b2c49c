"""What the command line shows: findings as text, progress, and words that any console can print."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from xltools import messages
from xltools.messages.console import say
from xltools.messages.interface import FIELDS, GRADES, LAYOUTS, SEVERITIES, STATUSES, Lang, word
from xltools.messages.reasons import reason
from xltools.model import WORST_FIRST, FileReading, Finding, Severity
from xltools.parallel import Progress, no_progress
from xltools.quantities import plain, two_places

if TYPE_CHECKING:
    from xltools.batch import Merged
    from xltools.examining import Examined, ExaminedForm
    from xltools.file_filling import FilledFile
    from xltools.filling import Filled
    from xltools.prefilling import Issued
    from xltools.reporting import Reported
    from xltools.rollcall import RollCall


_NAMED = 20  # units that sent nothing, in one line


def tame_streams() -> None:
    """No character may make printing fail: what a GBK console lacks becomes ``?``; and a program without
    a console, as a service is, prints to nobody."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open to the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def prints_everything() -> bool:
    """Whether standard output can hold any character, so that JSON need not be escaped."""
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def asked_lang() -> Lang:
    """The language as it stands on the command line, for what happens outside a command."""
    words = sys.argv[1:]
    return "en" if "--lang=en" in words or ("--lang", "en") in pairwise(words) else "zh"


def tell(text: str) -> None:
    """A message for the person, beside the data."""
    print(text, file=sys.stderr)


def confirmed(question: str) -> bool:
    """The answer of the person at the terminal."""
    import typer

    return typer.confirm(question)


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A bar with the time left on a terminal; silent when standard error is a file or a pipe."""
    if not sys.stderr.isatty():
        yield no_progress
        return
    with ExitStack() as stack:
        bars: list[Callable[[int], None]] = []

        def advance(done: int, total: int) -> None:
            if not bars:
                import typer  # loaded while the workers are busy

                bar = typer.progressbar(length=total, label=label, file=sys.stderr, show_pos=True)
                bars.append(stack.enter_context(bar).update)
            bars[0](done)

        yield advance


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
    parts = [
        word(LAYOUTS, form.layout, lang),
        form.project_name.value or "",
        form.implementing_unit.value or "",
    ]
    if form.total_score.value is not None:
        parts.append(say("stated_total", lang, total=plain(form.total_score.value)))
    if assessment.total is not None and assessment.grade:
        grade = word(GRADES, assessment.grade, lang)
        parts.append(say("recomputed_total", lang, total=two_places(assessment.total), grade=grade))
    return "  " + " · ".join(part for part in parts if part)


def validation_lines(files: Iterable[Examined], lang: Lang) -> Iterator[str]:
    """Each file with its findings, the worst first; the counts at the end."""
    counts: Counter[Severity] = Counter()
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


def summary(files: int, unread: int, counts: Counter[Severity], lang: Lang) -> str:
    return say("summary", lang, files=str(files), unread=str(unread), counts=_counted(counts, lang))


def issued_lines(issued: Issued, lang: Lang) -> Iterator[str]:
    """How many prefilled forms there are, and every file that was left or failed."""
    for path in issued.existing:
        yield say("existing", lang, path=str(path))
    for path, why_not in issued.failed:
        yield say("not_written", lang, path=str(path), why=why_not)
    for number, field, text in issued.unread:
        yield say("not_prefilled", lang, row=str(number), field=word(FIELDS, field, lang), text=text)
    if issued.written:
        folder = str(issued.written[0].parent)
        yield say("issued", lang, folder=folder, count=str(len(issued.written)))


def filled_lines(file: FilledFile, planned: bool, lang: Lang) -> Iterator[str]:
    """The count; every formula when it was only planned; every cell that was kept, and why."""
    if file.filled is None:
        yield say("not_filled", lang, path=file.source, reason=file.problem)
        return
    if file.backup:
        yield say("backup", lang, path=str(file.backup))
    writes, kept = file.filled
    path = file.source if planned else str(file.target)
    key = "planned" if planned else "filled"
    yield say(key, lang, path=path, writes=str(len(writes)), kept=str(len(kept)))
    for notice in file.notices:
        yield say(f"notice_{notice}", lang)
    yield from _cell_lines(file.filled, planned, lang)


def _cell_lines(filled: Filled, planned: bool, lang: Lang) -> Iterator[str]:
    for write in filled.writes:
        if planned or write.previous:
            value = write.value if isinstance(write.value, str) else plain(write.value)
            where = {"cell": write.cell, "field": word(FIELDS, write.field, lang)}
            yield say(
                "write_line", lang, **where, previous=write.previous, formula=write.formula, value=value
            )
    for record in filled.kept:
        reason_text = say(f"kept_{record.reason}", lang, because=record.because)
        where = {"cell": record.cell, "field": word(FIELDS, record.field, lang)}
        yield say(
            "kept_line" if record.expected else "kept_open",
            lang,
            **where,
            previous=record.previous,
            value=record.expected,
            why=reason_text,
        )


def merge_lines(result: Merged, lang: Lang) -> Iterator[str]:
    """What was written, what is not in it and why."""
    for path, reason_text in result.left_out:
        yield say("left_out", lang, path=path, reason=reason_text)
    for item in result.skipped:
        yield say("skipped", lang, path=item.path, reason=reason(item.reason_code, lang))
    if result.consolidation.comparison:
        from xltools.comparing import remarks

        yield from remarks(result.consolidation.comparison, result.consolidation.year, lang)
    if not result.written:
        yield say("refused_strict", lang, left_out=str(len(result.left_out)))
        return
    if result.consolidation.roll_call:
        yield _roll_call_line(result.consolidation.roll_call, lang)
    for path in result.tables:
        yield say("written", lang, path=path)
    yield say(
        "merged",
        lang,
        path=result.output,
        forms=str(len(result.consolidation.place)),
        left_out=str(len(result.left_out)),
        counts=_counted(result.consolidation.counts, lang),
    )


def reported_lines(made: Reported, lang: Lang) -> Iterator[str]:
    """The reports written, and what is still to be done to them."""
    for path in made.written:
        yield say("written", lang, path=str(path))
    if made.errors:
        yield say("report_errors", lang, errors=str(made.errors))
    yield say("report_open", lang)


def _roll_call_line(roll_call: RollCall, lang: Lang) -> str:
    absent = [line.expected.unit for line in roll_call.lines if line.status == "missing"]
    return say(
        "roll_call",
        lang,
        expected=str(len(roll_call.lines)),
        missing=str(len(absent)),
        unexpected=str(len(roll_call.unexpected)),
        names="、".join(absent[:_NAMED]) + ("……" if len(absent) > _NAMED else ""),
    )


def _counted(counts: Counter[Severity], lang: Lang) -> str:
    return "，".join(f"{word(SEVERITIES, severity, lang)} {counts[severity]}" for severity in WORST_FIRST)


def rule_lines(code: str | None, lang: Lang) -> Iterator[str]:
    """The catalogue, or one rule explained; nothing for a code that does not exist."""
    from xltools.rulebook import catalogue

    at = 0 if lang == "zh" else 1
    for rule in catalogue():
        severity = word(SEVERITIES, rule.severity, lang)
        if code is None:
            yield f"{rule.code}  {severity}  {rule.title[at]}"
        elif rule.code == code.upper():
            yield f"{rule.code}  {rule.title[at]}  [{severity}]"
            labels = ("", "为什么", "例", "依据")
            for label, text in zip(labels, (rule.what, rule.why, rule.example, rule.basis), strict=True):
                if text:
                    yield f"{label}：{text}" if label else text


def explain(failure: Exception, lang: Lang) -> str:
    """A failure of the run in one sentence that says what to do."""
    from xltools.messages.refusals import refusal
    from xltools.package import Unpatchable
    from xltools.profiles import ProfileError
    from xltools.refusal import Refusal
    from xltools.report_text import UnreadableReport
    from xltools.sheets import Unreadable

    if isinstance(failure, Refusal):
        return refusal(failure.code, lang, **failure.details)
    if isinstance(failure, Unreadable):
        return reason(failure.code, lang, **failure.details)
    if isinstance(failure, Unpatchable | ProfileError | UnreadableReport):
        return str(failure)
    if isinstance(failure, FileExistsError):
        return say("exists", lang, path=str(failure.filename or failure))
    if isinstance(failure, FileNotFoundError):
        path = str(failure.filename or failure)
        return say("no_files" if os.path.isdir(path) else "missing_path", lang, path=path)
    if isinstance(failure, OSError):
        return say(
            "cannot_write", lang, path=str(failure.filename or ""), why=failure.strerror or str(failure)
        )
    if isinstance(failure, ImportError) and failure.name in ("pandas", "pyarrow"):
        return say("needs_pandas", lang)
    return say("unexpected", lang, why=f"{type(failure).__name__}: {failure}")
