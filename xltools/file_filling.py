"""`fill` on one file of any kind: a copy, in place with a backup, or a new workbook from an old format."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from xltools.profiles import Profile

if TYPE_CHECKING:
    from xltools.filling import Filled, Kept
    from xltools.form_sheet import FormContent
    from xltools.model import CellWrite, FileReading
    from xltools.package import Book

Notice = Literal["signed", "protected", "converted"]


class FilledFile(NamedTuple):
    """What `fill` did to one file.  ``filled`` is None, and ``problem`` says why, when it did nothing.

    backup: the copy of the original that was made before it was changed in place.
    notices: what a person should know of the result: "signed": the copy carries a signature that no
        longer holds; "protected": a protected sheet was written to; "converted": the source is no
        .xlsx, so the target is a new workbook that holds the forms and nothing else.
    """

    source: str
    target: Path
    filled: Filled | None
    backup: Path | None = None
    problem: str = ""
    notices: tuple[Notice, ...] = ()


def fill_file(
    source: str,
    target: Path,
    profile: Profile,
    *,
    overwrite: bool = False,
    dry_run: bool = False,
    inputs: Iterable[str] = (),
) -> FilledFile:
    """Fill one file; where source and target are the same, a backup is made before it is changed.

    inputs: the files of the run, none of which another may replace.
    Never raises for what the file is, nor where its result cannot be written.
    """
    from xltools.console import explain
    from xltools.package import Unpatchable
    from xltools.refusal import Refusal
    from xltools.sheets import Unreadable

    try:
        if not dry_run and target.exists() and not _same_file(source, target):
            _spare(source, target, inputs)
        return _fill(source, target, profile, overwrite, dry_run)
    except (Unreadable, Unpatchable, Refusal, OSError) as failure:
        return FilledFile(source, target, None, problem=explain(failure, "zh"))


def _spare(source: str, target: Path, inputs: Iterable[str]) -> None:
    """Refuse to replace a form somebody sent; an earlier copy of the same form may be replaced."""
    from xltools.batch import holds_a_form
    from xltools.reading import read_file
    from xltools.refusal import Refusal

    if any(_same_file(each, target) for each in inputs):
        raise Refusal("output_is_an_input", path=str(target))
    if holds_a_form(target) and _whose(read_file(source)) != _whose(read_file(target)):
        raise Refusal("output_is_a_form", path=str(target))


def _whose(reading: FileReading) -> list[tuple[str, str, int | None]]:
    return [(each.project, each.unit, each.year) for each in (form.identity for form in reading.forms)]


def _fill(source: str, target: Path, profile: Profile, overwrite: bool, dry_run: bool) -> FilledFile:
    from xltools.package import Unpatchable

    try:
        return _fill_package(source, target, profile, overwrite, dry_run)
    except Unpatchable as refusal:
        if refusal.code != "not_a_package" or _same_file(source, target):
            raise
    if target.suffix.lower() != ".xlsx":
        raise Unpatchable("other_ending", ending=".xlsx", path=str(target))
    return _convert(source, target, profile, overwrite, dry_run)


def _fill_package(source: str, target: Path, profile: Profile, overwrite: bool, dry_run: bool) -> FilledFile:
    from xltools.filling import fill
    from xltools.package import Book, Unpatchable

    planned = fill(source, target, profile=profile, overwrite=overwrite, dry_run=True)
    book, here = Book(source), _same_file(source, target)
    if not here and book.ending and target.suffix.lower() != book.ending:
        raise Unpatchable("other_ending", ending=book.ending, path=str(target))
    if book.signed and here and not dry_run:
        raise Unpatchable("signed")
    notices = _notices(book, {write.sheet for write in planned.writes})
    if dry_run:
        return FilledFile(source, target, planned, notices=notices)
    if here and not planned.writes:
        return FilledFile(source, target, planned)
    backup = _back_up(target) if here else None
    filled = fill(source, target, profile=profile, overwrite=overwrite)
    return FilledFile(source, target, filled, backup, notices=notices)


def _notices(book: Book, sheets: Iterable[str]) -> tuple[Notice, ...]:
    signed: tuple[Notice, ...] = ("signed",) if book.signed else ()
    protected: tuple[Notice, ...] = ("protected",) if any(map(book.protected, sheets)) else ()
    return signed + protected


def _same_file(source: str, target: Path) -> bool:
    return target.exists() and target.samefile(source)


def _back_up(path: Path) -> Path:
    """A copy beside the file under a name that is free."""
    from xltools.collecting import backup_names

    copy = next(name for name in backup_names(path) if not name.exists())
    shutil.copy2(path, copy)
    return copy


def _convert(source: str, target: Path, profile: Profile, overwrite: bool, dry_run: bool) -> FilledFile:
    """The forms of a workbook in an old format, drawn anew with values and formulas."""
    from xltools.consolidated.unit_sheets import content
    from xltools.filling import Filled, decide
    from xltools.reading import read_file
    from xltools.template import as_form, save, with_formulas

    sheets: dict[str, FormContent] = {}
    writes: list[CellWrite] = []
    kept: list[Kept] = []
    for form in read_file(source).forms:
        name = form.sheet if form.sheet not in sheets else f"{form.sheet}（{len(sheets) + 1}）"
        drawn = content(form)
        decided = decide(as_form(drawn, name), profile, overwrite=overwrite)
        sheets[name] = with_formulas(drawn, profile, overwrite=overwrite)
        writes += decided.writes
        kept += decided.kept
    if not dry_run:
        save(target, sheets, overwrite=False)
    return FilledFile(source, target, Filled(tuple(writes), tuple(kept)), notices=("converted",))
