"""One file, all the way: read, recompute, check.  What `validate` shows and `merge` starts from."""

from __future__ import annotations

from typing import NamedTuple

from xltools.model import FileReading, Finding, SelfEvaluation
from xltools.scoring import Assessment


class ExaminedForm(NamedTuple):
    form: SelfEvaluation
    assessment: Assessment
    findings: tuple[Finding, ...]


class Examined(NamedTuple):
    """A file and what is to be said of each form in it.  ``forms`` is empty unless it was read."""

    reading: FileReading
    forms: tuple[ExaminedForm, ...]
