"""The verbs: collect the files, spread the work, write the result.  No finance and no printing here."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from xltools.model import FileReading
from xltools.parallel import Progress, _no_progress, each_file
from xltools.profiles import DEFAULT, load_profile

if TYPE_CHECKING:
    from pathlib import Path

    from xltools.collecting import Skipped
    from xltools.examining import Examined
    from xltools.filling import Filled
    from xltools.merging import Consolidation
    from xltools.model import Finding

StrPath = str | os.PathLike[str]


class Extraction(NamedTuple):
    files: tuple[FileReading, ...]
    skipped: tuple[Skipped, ...]


class Validation(NamedTuple):
    """files: each file with its forms, scores and findings, in order of name."""

    files: tuple[Examined, ...]
    skipped: tuple[Skipped, ...]


def _crashed(path: str) -> FileReading:
    return FileReading(path, "unreadable", reason_code="crashed")


def read(path: StrPath) -> FileReading:
    """What one file holds, each value with its cell.  Never raises for what the file is."""
    from xltools.reading import read_file

    return read_file(path)


def extract(
    paths: Iterable[StrPath], *, jobs: int | None = None, progress: Progress = _no_progress
) -> Extraction:
    """Read files and folders.  Raises FileNotFoundError for a path that does not exist."""
    from xltools.collecting import collect
    from xltools.reading import read_file

    found = collect(paths)
    readings = each_file(read_file, found.files, lost=_crashed, jobs=jobs, progress=progress)
    return Extraction(tuple(readings), found.skipped)


def _lost(path: str) -> Examined:
    from xltools.examining import Examined

    return Examined(_crashed(path), ())


def validate(
    paths: Iterable[StrPath],
    *,
    profile: str = DEFAULT,
    jobs: int | None = None,
    progress: Progress = _no_progress,
) -> Validation:
    """Findings for files or whole folders, those between files included.

    Raises FileNotFoundError for a path that does not exist, ProfileError for an unusable profile.
    """
    from xltools.collecting import collect
    from xltools.examining import examine, with_batch_findings

    load_profile(profile)
    found = collect(paths)
    examined = each_file(
        partial(examine, profile=profile), found.files, lost=_lost, jobs=jobs, progress=progress
    )
    return Validation(with_batch_findings(examined), found.skipped)


def fill(
    source: StrPath,
    output: StrPath,
    *,
    profile: str = DEFAULT,
    overwrite: bool = False,
    dry_run: bool = False,
) -> Filled:
    """Write the standard formulas with their results into a copy; typed values stay.

    overwrite: replace a typed number that differs from the formula's result (default: keep, report).
    dry_run: plan only, write nothing.
    """
    from xltools.filling import fill as run

    return run(source, output, profile=load_profile(profile), overwrite=overwrite, dry_run=dry_run)


def new(
    output: StrPath,
    *,
    year: int | None = None,
    project: str = "",
    unit: str = "",
    department: str = "",
    indicators: int = 10,
    layout: str = "nmg-12",
) -> Path:
    """A blank official workbook.  Raises FileExistsError rather than overwrite."""
    from xltools.template import new as run

    return run(
        output, year=year, project=project, unit=unit, department=department, indicators=indicators, layout=layout
    )
