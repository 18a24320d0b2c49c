"""One file, all the way: read, recompute, check.  What `validate` shows and `merge` starts from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xltools import rulebook
from xltools.model import FileReading, Finding, SelfEvaluation
from xltools.profiles import DEFAULT, load_profile
from xltools.reading import read_file
from xltools.scoring import Assessment, assess


class ExaminedForm(NamedTuple):
    form: SelfEvaluation
    assessment: Assessment
    findings: tuple[Finding, ...]


class Examined(NamedTuple):
    """A file and what is to be said of each form in it.  ``forms`` is empty unless it was read."""

    reading: FileReading
    forms: tuple[ExaminedForm, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for form in self.forms for finding in form.findings)


def examine(path: str, profile: str = DEFAULT) -> Examined:
    """Examine one file under the named profile.  Never raises for what the file holds."""
    reading = read_file(path)
    rules = load_profile(profile)
    forms = []
    for form in reading.forms:
        assessment = assess(form, rules)
        forms.append(ExaminedForm(form, assessment, rulebook.check(form, rules, assessment)))
    return Examined(reading, tuple(forms))


def with_batch_findings(examined: Sequence[Examined]) -> tuple[Examined, ...]:
    """Add what only shows when the files lie side by side: duplicates, mixed money units."""
    owners = [(i, j) for i, file in enumerate(examined) for j in range(len(file.forms))]
    forms = [examined[i].forms[j].form.identity for i, j in owners]
    extra: dict[tuple[int, int], list[Finding]] = {}
    for index, finding in rulebook.check_batch(forms):
        extra.setdefault(owners[index], []).append(finding)
    return tuple(
        file._replace(
            forms=tuple(
                form._replace(findings=rulebook.in_order((*form.findings, *extra.get((i, j), ()))))
                for j, form in enumerate(file.forms)
            )
        )
        for i, file in enumerate(examined)
    )
