"""One file, all the way: read, recompute, check.  What `validate` shows and `merge` starts from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xltools import rulebook
from xltools.model import FileReading, Finding, SelfEvaluation
from xltools.profiles import DEFAULT, Profile, load_profile
from xltools.reading import Taken, crashed, read_taken, take
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


_TOGETHER = 1 << 20
"""Bytes of files that are examined together: some dozens of forms, or one file that may hold anything."""


def examine(path: str, profile: str = DEFAULT) -> Examined:
    """Examine one file under the named profile.  Never raises for what the file holds."""
    return examine_all([path], profile)[0]


def examine_all(paths: Sequence[str], profile: str = DEFAULT) -> list[Examined]:
    """`examine` of some files, step by step: all are opened, then all are read, recomputed, checked.

    A processor that does one thing at a time has at hand what it needs for it, which saves a sixth.
    """
    rules = load_profile(profile)
    files = list(map(take, paths))
    if sum(len(file.data) for file in files) <= _TOGETHER:
        return _examined(files, rules)
    return [each for file in files for each in _examined([file], rules)]


def _examined(files: Sequence[Taken], rules: Profile) -> list[Examined]:
    try:
        return _examined_together(files, rules)
    except Exception:  # whatever a file holds that nobody thought of, the others go on
        if len(files) == 1:
            return [Examined(crashed(files[0]), ())]
        return [each for file in files for each in _examined([file], rules)]


def _examined_together(files: Sequence[Taken], rules: Profile) -> list[Examined]:
    readings = read_taken(files)
    assessed = [[(form, assess(form, rules)) for form in reading.forms] for reading in readings]
    checked = (
        tuple([ExaminedForm(form, score, rulebook.check(form, rules, score)) for form, score in forms])
        for forms in assessed
    )
    return list(map(Examined, readings, checked))


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
