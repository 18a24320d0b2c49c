"""Every form of a file, and why there is none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from xltools.locate import locate
from xltools.model import OWN_OUTPUT, FileReading, SelfEvaluation
from xltools.reading.forms import read_form
from xltools.sheets import zipped
from xltools.sheets.grid import Grid, Unreadable, Workbook
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


class Taken(NamedTuple):
    """A file read from the disk, or the refusal instead of it."""

    path: str
    modified: float
    data: bytes
    sha256: str
    refusal: Unreadable | None = None


def take(path: str | os.PathLike[str]) -> Taken:
    """The bytes of a file, opened once, read-only, and hashed.  A path may lead into a zip archive."""
    shown = os.fspath(path)
    try:
        packed = zipped.split(shown)
        modified, data = zipped.contents(*packed) if packed else (os.stat(path).st_mtime, file_bytes(path))
    except Unreadable as refusal:
        return Taken(shown, 0.0, b"", "", refusal)
    except (OSError, ValueError):
        return Taken(shown, 0.0, b"", "", Unreadable("missing"))
    return Taken(shown, modified, data, sha256(data).hexdigest())


def read_file(path: str | os.PathLike[str]) -> FileReading:
    """Open a file and read every form in it.  Never raises: the status says what happened."""
    file = take(path)
    try:
        return read_taken([file])[0]
    except Exception:  # nobody thought of what it holds; the files beside it can be read all the same
        return crashed(file)


def read_taken(files: Sequence[Taken]) -> list[FileReading]:
    """The forms of some files: all are opened, then all are read."""
    opened = list(map(_opened, files))
    return [_read(file, book) for file, book in zip(files, opened, strict=True)]


def crashed(file: Taken) -> FileReading:
    """Of a file that made this program fail."""
    return _refused(file, Unreadable("crashed"))


def _opened(file: Taken) -> Workbook | Unreadable:
    if file.refusal is not None:
        return file.refusal
    try:
        return open_bytes(file.data, os.path.basename(file.path))
    except Unreadable as refusal:
        return refusal


def _read(file: Taken, book: Workbook | Unreadable) -> FileReading:
    if isinstance(book, Unreadable):
        return _refused(file, book)
    own = OWN_OUTPUT in book.names
    try:
        forms = () if own else read_grids(book.grids, file.path)
    except Unreadable as refusal:
        return _refused(file, refusal)
    return FileReading(
        path=file.path,
        status="read" if forms else "not_a_form",
        forms=forms,
        reason_code=None if forms else "own_output" if own else "not_a_form",
        size=len(file.data),
        modified=file.modified,
        sha256=file.sha256,
        fast=book.fast,
    )


def _refused(file: Taken, refusal: Unreadable) -> FileReading:
    return FileReading(
        file.path,
        "unreadable",
        reason_code=refusal.code,
        reason_details=tuple(sorted(refusal.details.items())),
        size=len(file.data),
        modified=file.modified,
        sha256=file.sha256,
    )
