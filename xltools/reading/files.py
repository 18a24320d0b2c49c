"""Every form of a file, and why there is none."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256

from xltools.locate import locate
from xltools.model import OWN_OUTPUT, FileReading, SelfEvaluation
from xltools.reading.forms import read_form
from xltools.sheets import zipped
from xltools.sheets.grid import Grid, Unreadable
from xltools.sheets.opening import file_bytes, open_bytes


def _untouched(form: SelfEvaluation) -> bool:
    """Nothing of it was filled in: a template left on a hidden sheet."""
    amounts = any(entry.value for line in form.funds for _, entry in line.amounts())
    return not (form.project_name.ok or amounts or form.indicators)


def read_grids(grids: tuple[Grid, ...], source: str) -> tuple[SelfEvaluation, ...]:
    """Every form in a workbook, sheet by sheet; blank ones on hidden sheets are passed over."""
    forms: list[SelfEvaluation] = []
    for grid in grids:
        found = [read_form(page, places, source) for page, places in locate(grid)]
        forms += [form for form in found if not (form.hidden and _untouched(form))]
    return tuple(forms)


def read_file(path: str | os.PathLike[str]) -> FileReading:
    """Open a file and read every form in it.  Never raises: the status says what happened.

    The file is opened once, read-only, and hashed as it is read.  A path may lead into a zip archive.
    """
    shown = os.fspath(path)
    try:
        packed = zipped.split(shown)
        modified, data = zipped.contents(*packed) if packed else (os.stat(path).st_mtime, file_bytes(path))
    except Unreadable as refusal:
        return _refused(shown, refusal)
    except (OSError, ValueError):
        return _refused(shown, Unreadable("missing"))
    digest = sha256(data).hexdigest()
    try:
        workbook = open_bytes(data, os.path.basename(shown))
        own = OWN_OUTPUT in workbook.names
        forms = () if own else read_grids(workbook.grids, shown)
    except Unreadable as refusal:
        return replace(_refused(shown, refusal), size=len(data), modified=modified, sha256=digest)
    return FileReading(
        path=shown,
        status="read" if forms else "not_a_form",
        forms=forms,
        reason_code=None if forms else "own_output" if own else "not_a_form",
        size=len(data),
        modified=modified,
        sha256=digest,
        fast=workbook.fast,
    )


def _refused(path: str, refusal: Unreadable) -> FileReading:
    details = tuple(sorted(refusal.details.items()))
    return FileReading(path, "unreadable", reason_code=refusal.code, reason_details=details)
