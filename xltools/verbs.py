"""The verbs: collect the files, spread the work, write the result.  No finance and no printing here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, overload

from xltools.model import FileReading
from xltools.parallel import Progress, cluster, collection_paused, each_file, no_progress
from xltools.profiles import DEFAULT, load_profile

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from xltools.batch import Merged
    from xltools.collecting import Skipped
    from xltools.examining import Examined
    from xltools.excel.doctor import Check
    from xltools.excel.install import Plan
    from xltools.file_filling import FilledFile
    from xltools.messages.interface import Lang
    from xltools.model import Finding
    from xltools.prefilling import Issued
    from xltools.reporting import Reported
    from xltools.returning import Returned

StrPath = str | os.PathLike[str]


class Extraction(NamedTuple):
    files: tuple[FileReading, ...]
    skipped: tuple[Skipped, ...]


class Validation(NamedTuple):
    """files: each file with its forms, scores and findings, in order of name."""

    files: tuple[Examined, ...]
    skipped: tuple[Skipped, ...]

    @property
    def clean(self) -> bool:
        """Every file was read and none has an error."""
        return all(
            file.reading.status == "read" and all(finding.severity != "error" for finding in file.findings)
            for file in self.files
        )


def _crashed(path: str) -> FileReading:
    return FileReading(path, "unreadable", reason_code="crashed")


def read(path: StrPath) -> FileReading:
    """What one file holds, each value with its cell.  Never raises for what the file is."""
    from xltools.reading import read_file

    return read_file(path)


def extract(
    paths: Iterable[StrPath], *, jobs: int | None = None, progress: Progress = no_progress
) -> Extraction:
    """Read files, folders and zip archives.  Raises FileNotFoundError for a path that does not exist."""
    from xltools.collecting import collect
    from xltools.reading import read_file

    paths = list(paths)
    found = collect(paths, archives=True)
    readings = each_file(read_file, found.files, lost=_crashed, jobs=jobs, progress=progress)
    aside = _aside(paths, readings)
    kept = tuple(reading for reading in readings if reading.path not in aside)
    return Extraction(kept, (*found.skipped, *_passed_over(aside)))


def _aside(named: Iterable[StrPath], readings: Iterable[FileReading]) -> dict[str, str]:
    """Files that only opening shows to be no returns -> why: our own consolidated workbooks, and Word
    documents without a form or with one that came as a workbook, too."""
    from xltools.word_copies import Met, word_copies

    known = list(readings)
    met = [
        Met(each.path, each.reason_code in ("not_a_form", "word"), [form.identity for form in each.forms])
        for each in known
    ]
    own = {each.path: "own_output" for each in known if each.reason_code == "own_output"}
    return own | word_copies(met, [os.fspath(path) for path in named])


def _passed_over(aside: Mapping[str, str]) -> tuple[Skipped, ...]:
    from xltools.collecting import Skipped

    return tuple(Skipped(path, code) for path, code in aside.items())


def _lost(path: str) -> Examined:
    from xltools.examining import Examined

    return Examined(_crashed(path), ())


def validate(
    paths: Iterable[StrPath],
    *,
    profile: str = DEFAULT,
    jobs: int | None = None,
    progress: Progress = no_progress,
) -> Validation:
    """Findings for files, whole folders and zip archives, those between files included.

    Raises FileNotFoundError for a path that does not exist, ProfileError for an unusable profile.
    """
    from xltools.collecting import collect
    from xltools.examining import examine, with_batch_findings

    load_profile(profile)
    paths = list(paths)
    found = collect(paths, archives=True)
    examined = each_file(
        partial(examine, profile=profile), found.files, lost=_lost, jobs=jobs, progress=progress
    )
    aside = _aside(paths, [file.reading for file in examined])
    kept = [file for file in examined if file.reading.path not in aside]
    return Validation(with_batch_findings(kept), (*found.skipped, *_passed_over(aside)))


def fill(
    paths: StrPath | Iterable[StrPath],
    output: StrPath | None = None,
    *,
    in_place: bool = False,
    dry_run: bool = False,
    overwrite: bool = False,
    profile: str = DEFAULT,
) -> tuple[FilledFile, ...]:
    """Write the standard formulas with their results into copies; typed values stay.

    output: the copy of a single file, or a folder for the copies.  in_place: change the files
    themselves, each backed up beside it first.  dry_run: plan only, write nothing.
    overwrite: replace a typed number that differs from the formula's result (default: keep, report).
    Raises FileNotFoundError for a path that does not exist, Refusal when it is not said where to write.
    """
    from xltools.collecting import collect
    from xltools.file_filling import fill_file
    from xltools.refusal import Refusal

    found = collect([paths] if isinstance(paths, str | os.PathLike) else list(paths))
    if output is None and not (in_place or dry_run):
        raise Refusal("fill_usage")
    if output is not None and in_place:
        raise Refusal("fill_both")
    rules = load_profile(profile)
    return tuple(
        fill_file(source, target, rules, overwrite=overwrite, dry_run=dry_run, inputs=found.files)
        for source, target in zip(found.files, _targets(found.files, output), strict=True)
    )


def passed_over(paths: Iterable[StrPath]) -> tuple[Skipped, ...]:
    """What `fill` does not open in folders."""
    from xltools.collecting import collect

    return collect(paths).skipped


def check_output(output: StrPath | None, paths: Iterable[StrPath]) -> None:
    """Raises Refusal where a result would replace a file that is to be read, or a form somebody sent."""
    if output is None or not os.path.isfile(output):
        return
    from xltools.batch import holds_a_form
    from xltools.refusal import Refusal

    if holds_a_form(Path(output)):
        raise Refusal("output_is_a_form", path=os.fspath(output))
    if any(os.path.exists(path) and os.path.samefile(path, output) for path in paths):
        raise Refusal("output_is_an_input", path=os.fspath(output))


_PACKAGES = (".xlsx", ".xlsm", ".xltx", ".xltm")


def _targets(sources: Sequence[str], output: StrPath | None) -> list[Path]:
    """The files themselves, the one file named, or the same names in the folder named."""
    from xltools.collecting import SPREADSHEETS, free_name
    from xltools.refusal import Refusal

    if output is None:
        return [Path(source) for source in sources]
    named = Path(output)
    if named.suffix.lower() in SPREADSHEETS and not named.is_dir():
        if len(sources) > 1:
            raise Refusal("fill_needs_folder", path=str(output))
        if named.suffix.lower() not in _PACKAGES:
            raise Refusal("fill_not_xlsx", path=str(output))
        return [named for _ in sources]
    taken: set[str] = set()
    return [named / free_name(_package_name(Path(source)), taken) for source in sources]


def _package_name(source: Path) -> str:
    """An old format becomes a new workbook."""
    return source.name if source.suffix.lower() in _PACKAGES else source.with_suffix(".xlsx").name


def new(
    output: StrPath | None = None,
    *,
    year: int | None = None,
    project: str = "",
    unit: str = "",
    department: str = "",
    indicators: int = 10,
    layout: str = "nmg-12",
    macros: bool = False,
    units: StrPath | None = None,
    folder: StrPath | None = None,
    progress: Progress = no_progress,
) -> Path | Issued:
    """A blank official workbook; or, with a roster, a prefilled one for each of its rows.

    macros: with buttons, as .xlsm (a name that ends so asks for them, too).
    units: the roster (.xlsx, .csv); its workbooks go into ``folder``.  A file that stands there is
    left as it is and listed.  ``output`` is not overwritten: FileExistsError.
    Raises Refusal when neither or both are asked for, or the roster cannot be used.
    """
    from xltools.refusal import Refusal
    from xltools.template import new as run

    if units is not None and folder is not None and output is None and not (macros or unit):
        from xltools.prefilling import issue

        return issue(
            units,
            folder,
            year=year,
            project=project,
            department=department,
            indicators=indicators,
            layout=layout,
            progress=progress,
        )
    if output is None or units is not None or folder is not None:
        raise Refusal("new_usage")
    if not macros and Path(output).suffix.lower() not in (".xlsx", ".xlsm"):
        raise Refusal("new_not_xlsx", path=str(output))

    make = partial(
        run,
        year=year,
        project=project,
        unit=unit,
        department=department,
        indicators=indicators,
        layout=layout,
    )
    if macros or Path(output).suffix.lower() == ".xlsm":
        from xltools.excel.containers import make_with_buttons

        return make_with_buttons(make, output)
    return make(output)


def merge(
    folder: StrPath,
    output: StrPath,
    *,
    units: StrPath | None = None,
    profile: str = DEFAULT,
    latest: bool = False,
    strict: bool = False,
    recursive: bool = False,
    year: int | None = None,
    mapping: StrPath | None = None,
    previous: StrPath | None = None,
    unit_sheets: int | str = 200,
    csv: StrPath | None = None,
    parquet: StrPath | None = None,
    returns: StrPath | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    executor: Executor | None = None,
    progress: Progress = no_progress,
) -> Merged:
    """One consolidated workbook of a folder or a zip archive; a file that cannot be used is listed and
    left out.

    units: a roster (.xlsx, .csv), to say who is missing.  latest: of several files for one project count
    the one saved last (default: none, both named).  strict: write nothing when a file cannot be used.
    year: the year that counts (default: that of most forms); forms of another are left out.
    mapping: which differently named indicators are one.  previous: an earlier output, or a folder of
    last year's forms.  unit_sheets: up to so many units get a sheet each, or "all" or "none".
    csv, parquet: folders for the lists as data.  returns: the folder for marked copies (see `annotate`);
    one inside is not read.  scheduler: address of a dask cluster that reads the
    files (it must see them under the same paths).  executor: any other executor; it is left running.
    Raises FileNotFoundError when the folder holds no workbook, Refusal when ``output`` must not be
    overwritten or something asked for does not fit, OSError when ``output`` cannot be written.
    """
    from xltools.batch import Given
    from xltools.batch import merge as run

    with collection_paused(), cluster(scheduler) as workers:
        return run(
            folder,
            output,
            Given(profile, latest, recursive, year, units, mapping),
            strict=strict,
            unit_sheets=unit_sheets,
            previous=previous,
            csv=csv,
            parquet=parquet,
            apart=returns,
            jobs=jobs,
            executor=workers or executor,
            progress=progress,
        )


@overload
def report(workbook: StrPath, output: StrPath, *, check: None = None, profile: str = DEFAULT) -> Reported: ...


@overload
def report(
    workbook: StrPath | None = None, output: None = None, *, check: StrPath, profile: str = DEFAULT
) -> tuple[Finding, ...]: ...


def report(
    workbook: StrPath | None = None,
    output: StrPath | None = None,
    *,
    check: StrPath | None = None,
    profile: str = DEFAULT,
) -> Reported | tuple[Finding, ...]:
    """The evaluation report of a form as .docx; or, with ``check``, one checked against its table.

    Writing: a workbook with several forms gives one report each, named ``output-sheet.docx``.
    A report that stands there is not overwritten: FileExistsError.
    Checking: only what concerns the report.  Without a workbook the table inside the report counts.
    Raises FileNotFoundError when a file does not exist, Unreadable when the workbook cannot be read or
    holds no form, UnreadableReport, Refusal when it is not said what to do.
    """
    from xltools import reporting
    from xltools.refusal import Refusal

    if check is None and workbook is not None and output is not None and reporting.swapped(workbook, output):
        check, workbook, output = workbook, output, None  # report(REPORT, WORKBOOK): the earlier order
    if check is not None and output is None:
        return reporting.check(check, workbook, load_profile(profile))
    if check is not None or workbook is None or output is None:
        raise Refusal("report_usage")
    return reporting.write(workbook, output, load_profile(profile))


def annotate(validation: Validation, folder: StrPath, *, lang: Lang = "zh") -> list[Returned]:
    """Marked copies of the files with findings, to send back to their units."""
    from xltools.returning import return_marked

    return return_marked(validation.files, folder, lang)


def write_findings(validation: Validation, output: StrPath, *, profile: str = DEFAULT) -> None:
    """The findings as a workbook: 问题清单, with links to the cells, and 来源清单."""
    from xltools import consolidated, merging

    rules = load_profile(profile)
    digests = [merging.digest(file, False) for file in validation.files]
    digests += [merging.passed_over(item.path, item.reason_code) for item in validation.skipped]
    root = os.path.commonpath(
        [os.path.abspath(os.path.dirname(file.reading.path)) for file in validation.files]
    )
    consolidated.write_findings(merging.consolidate(digests, rules), output, root)


def add_buttons(path: StrPath, output: StrPath | None = None) -> Path:
    """The form with buttons for Excel, as .xlsm beside it unless named; the form itself stays.

    Raises Unreadable when it holds no form, Unpatchable when it cannot carry buttons, FileExistsError.
    """
    from xltools.excel.containers import add

    return add(path, output)


def strip_buttons(path: StrPath, output: StrPath | None = None) -> Path:
    """The form without our buttons and macros, as .xlsx beside it unless named.

    Raises Unpatchable when there are no macros or somebody else's, FileExistsError.
    """
    from xltools.excel.containers import strip

    return strip(path, output)


def installation() -> Plan:
    """What has to be done for the buttons to work on this computer."""
    from xltools.excel.install import planned

    return planned()


def doctor(paths: Iterable[StrPath] = ()) -> list[Check]:
    """What can be in the way of the buttons on this computer; paths: workbooks to check, too."""
    from xltools.excel.doctor import examine

    return examine(paths)
