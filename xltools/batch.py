"""One folder in, one consolidated workbook out: the work of `merge` between the files and the sheets."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from xltools import merging, rollcall, rulebook
from xltools.collecting import Collected, Skipped, collect
from xltools.examining import Examined, examine
from xltools.merging import Consolidation, Digest, FileLine, FindingLine
from xltools.merging.matching import Rename
from xltools.messages.reasons import reason
from xltools.model import OWN_OUTPUT, FileReading, Finding, Identity
from xltools.parallel import Progress, each_file, no_progress
from xltools.profiles import Profile, load_profile
from xltools.reading import read_file
from xltools.refusal import Refusal
from xltools.rules.consolidation import years_mixed
from xltools.word_copies import Met, word_copies

StrPath = str | os.PathLike[str]
Part = tuple[Digest, tuple[Identity, ...]]
_NAMED = 5  # a project sent a thousand times names five of the others, each time
ALL_UNITS = 1_000_000


class Merged(NamedTuple):
    """What `merge` did.

    written: False under ``strict`` when a file could not be used.  left_out: (path, why) of files that
    were met and count in no total.  skipped: lock files, earlier outputs and the like.
    sources: the files that were opened.  tables: files with the data, where they were asked for.
    """

    output: str
    written: bool
    consolidation: Consolidation
    left_out: tuple[tuple[str, str], ...]
    skipped: tuple[Skipped, ...]
    sources: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        return sum(line.facts.severity == "error" for line in self.consolidation.findings)

    def frames(self) -> dict[str, Any]:
        """The lists as pandas frames, by the names of their sheets."""
        return self.consolidation.frames()


class Given(NamedTuple):
    """How a batch is to be added up."""

    profile: str
    latest: bool = False
    recursive: bool = False
    year: int | None = None
    units: StrPath | None = None
    mapping: StrPath | None = None


class _Gathered(NamedTuple):
    consolidation: Consolidation
    found: Collected


# --- one file -------------------------------------------------------------------------------------


def _part(path: str, profile: str, keep_form: bool) -> Part:
    """The worker's part: one file examined and condensed."""
    examined = examine(path, profile)
    return (
        merging.digest(examined, keep_form, profile=load_profile(profile)),
        tuple(each.form.identity for each in examined.forms),
    )


def _lost(path: str) -> Part:
    crashed = FileReading(path, "unreadable", reason_code="crashed")
    return merging.digest(Examined(crashed, ()), False), ()


# --- which forms count ----------------------------------------------------------------------------


def _duplicates(identities: Sequence[Identity], digests: Sequence[Digest], latest: bool) -> dict[int, str]:
    """Forms sent twice -> why they do not count.

    Copies of one file count once, under the shortest name.  Otherwise none of them counts, or with
    ``latest`` the one whose file was saved last.
    """
    files = {line.path: line for line in (FileLine._make(digest.file) for digest in digests)}
    left_out: dict[int, str] = {}
    for same in rulebook.same_forms(identities):
        lines = [files[identities[index].source] for index in same]
        keep = _one_to_keep(lines, latest)
        for position, index in enumerate(same):
            if position != keep:
                others = [identities[other].source for other in same if other != index]
                left_out[index] = _why(others, keep is not None, latest)
    return left_out


def _one_to_keep(lines: Sequence[FileLine], latest: bool) -> int | None:
    if len({line.sha256 for line in lines}) == 1 and len({line.path for line in lines}) == len(lines):
        return min(range(len(lines)), key=lambda position: (len(lines[position].path), lines[position].path))
    newest = max(line.modified for line in lines)
    candidates = [position for position, line in enumerate(lines) if line.modified == newest]
    return candidates[0] if latest and len(candidates) == 1 else None


def _why(others: Sequence[str], kept: bool, latest: bool) -> str:
    names = "、".join(f"“{os.path.basename(path)}”" for path in others[:_NAMED])
    if len(others) > _NAMED:
        names += f"等{len(others)}个文件"
    code = ("duplicate_older" if latest else "duplicate_copy") if kept else "duplicate"
    return reason(code, "zh", others=names)


def year_of(identities: Sequence[Identity], wanted: int | None) -> int | None:
    """The year the batch is about: the one asked for, else that of most forms.

    A form that states no year counts with the others.  Raises Refusal when no year prevails, or no form
    is of the year asked for.
    """
    count = Counter(form.year.value for form in identities if form.year.value)
    if not count:
        return wanted
    listed = "、".join(f"{year}年{number}张" for year, number in sorted(count.items()))
    if wanted:
        if wanted not in count and sum(count.values()) == len(identities):
            raise Refusal("no_form_of_year", year=str(wanted), years=listed)
        return wanted
    (year, most), *others = count.most_common(2)
    if others and others[0][1] == most:
        raise Refusal("years_tied", years=listed)
    return year


def _other_years(identities: Sequence[Identity], year: int | None) -> dict[int, str]:
    return {
        at: reason("other_year", "zh", year=f"表内年度为{form.year.value}年，本次汇总{year}年")
        for at, form in enumerate(identities)
        if year and form.year.value and form.year.value != year
    }


def _batch_findings(identities: Sequence[Identity], year: int | None) -> list[FindingLine]:
    found = [pair for pair in rulebook.check_batch(identities) if pair[1].code != "CON-05"]
    found += years_mixed(identities, year)
    return [_line(identities[index], index, finding) for index, finding in sorted(found, key=_by_form)]


def _by_form(pair: tuple[int, Finding]) -> tuple[int, str]:
    return pair[0], pair[1].code


def _line(who: Identity, index: int, finding: Finding) -> FindingLine:
    unit, project = who.implementing_unit.value or "", who.project_name.value or ""
    return merging.finding_line(finding, who.source, unit, project, index)


# --- the batch ------------------------------------------------------------------------------------


def _own_output(digest: Digest) -> Digest:
    """An earlier consolidated workbook in the folder is passed over like a lock file."""
    line = FileLine._make(digest.file)
    own = line.status == "not_a_form" and line.reason == reason("own_output")
    return digest._replace(file=tuple(line._replace(status="skipped"))) if own else digest


def _without_word_copies(parts: list[Part]) -> list[Part]:
    no_table = reason("word")
    met = []
    for digest, forms in parts:
        line = FileLine._make(digest.file)
        met.append(Met(line.path, line.status == "not_a_form" or line.reason == no_table, forms))
    copies = word_copies(met)
    passed = {path: merging.passed_over(path, code) for path, code in copies.items()}
    return [
        (passed[digest.file[0]], ()) if digest.file[0] in passed else (digest, forms)
        for digest, forms in parts
    ]


def _gather(
    paths: Iterable[StrPath],
    given: Given,
    outputs: Sequence[StrPath] = (),
    unit_sheets: int = 0,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress = no_progress,
) -> _Gathered:
    """Read the files and add them up."""
    rules, renames = load_profile(given.profile), _renames(given.mapping)
    roster = _roster(given.units)
    found = collect(paths, outputs=outputs, recursive=given.recursive, archives=True)
    work = partial(_part, profile=given.profile, keep_form=len(found.files) <= unit_sheets)
    parts = each_file(work, found.files, lost=_lost, jobs=jobs, executor=executor, progress=progress)
    # What this very run writes is no input: listing it would change the workbook with every run.
    written = {os.path.realpath(output) for output in outputs}
    met = [item for item in found.skipped if os.path.realpath(item.path) not in written]
    parts = sorted(
        parts + [(merging.passed_over(*item), ()) for item in met], key=lambda part: part[0].file[0]
    )
    parts = _without_word_copies(parts)
    digests = [_own_output(digest) for digest, _ in parts]
    identities = [identity for _, each in parts for identity in each]
    consolidation = _added_up(digests, identities, given, rules, renames, roster)
    return _Gathered(consolidation, found)


def _renames(mapping: StrPath | None) -> tuple[Rename, ...]:
    if mapping is None:
        return ()
    from xltools.mapping import read_mapping

    return read_mapping(mapping)


def _roster(units: StrPath | None) -> tuple[Any, ...] | None:
    if units is None:
        return None
    from xltools.roster import read_roster

    return read_roster(units)


def _added_up(
    digests: Sequence[Digest],
    identities: Sequence[Identity],
    given: Given,
    rules: Profile,
    renames: Sequence[Rename],
    roster: Sequence[Any] | None,
) -> Consolidation:
    year = year_of(identities, given.year)
    left_out = _duplicates(identities, digests, given.latest) | _other_years(identities, year)
    findings = _batch_findings(identities, year)
    roll_call = None
    if roster is not None:
        roll_call = rollcall.call(roster, identities, left_out)
        findings += [_absence(finding) for finding in rollcall.absences(roll_call)]
    consolidation = merging.consolidate(
        digests, rules, batch_findings=findings, left_out=left_out, renames=renames
    )
    return replace(consolidation, roll_call=roll_call, year=year)


def _absence(finding: Finding) -> FindingLine:
    project = dict(finding.params).get("project", "")
    return merging.finding_line(finding, unit=finding.names[0], project=project)


def _with_last_year(consolidation: Consolidation, previous: StrPath, given: Given) -> Consolidation:
    """previous: an earlier output, or forms as they were sent."""
    from xltools.comparing import compare, past
    from xltools.previous import read_summary

    path = Path(previous)
    if not path.exists():
        raise FileNotFoundError(os.fspath(previous))
    summary = read_summary(path) if path.is_file() and path.suffix.lower() != ".zip" else None
    if summary:
        return replace(
            consolidation, comparison=compare(consolidation, summary.forms, path.name, summary.year)
        )
    earlier = _gather([previous], given._replace(units=None, year=None)).consolidation
    if not earlier.forms:
        raise Refusal("previous_unusable", path=os.fspath(previous))
    before = [past(form.facts) for form in earlier.forms]
    return replace(consolidation, comparison=compare(consolidation, before, path.name, earlier.year))


# --- the output -----------------------------------------------------------------------------------


def check_output(output: StrPath) -> None:
    """Before anything is read: can the result be written, and would it destroy no form somebody sent?

    Raises Refusal.
    """
    path = Path(output)
    if path.is_dir():
        raise Refusal("output_is_folder", path=str(path))
    if path.suffix.lower() != ".xlsx":
        raise Refusal("output_not_xlsx", path=str(path))
    if path.exists():
        if not _is_own(path) and read_file(path).forms:
            raise Refusal("output_is_a_form", path=str(path))
        try:
            path.open("rb+").close()
        except OSError:
            raise Refusal("output_in_use", path=str(path)) from None
    folder = next(each for each in path.absolute().parents if each.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise Refusal("output_in_use", path=str(path))


def _is_own(path: Path) -> bool:
    """Made by this tool, as far as the list of its sheets tells."""
    try:
        with zipfile.ZipFile(path) as package, package.open("xl/workbook.xml") as stream:
            return OWN_OUTPUT.encode() in stream.read(1 << 20)
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return False


def _left_out(consolidation: Consolidation) -> tuple[tuple[str, str], ...]:
    unused = ("not_a_form", "unreadable", "left_out")
    return tuple((line.path, line.reason) for line in consolidation.files if line.status in unused)


def merge(
    folder: StrPath,
    output: StrPath,
    given: Given,
    *,
    strict: bool,
    unit_sheets: int | str,
    previous: StrPath | None,
    csv: StrPath | None,
    parquet: StrPath | None,
    jobs: int | None,
    executor: Executor | None,
    progress: Progress,
) -> Merged:
    """See `xltools.verbs.merge`."""
    from xltools import consolidated

    check_output(output)
    if parquet is not None:
        from xltools.frames import require_parquet

        require_parquet()
    most = {"all": ALL_UNITS, "none": 0}.get(str(unit_sheets))
    most = int(unit_sheets) if most is None else most
    written_here = [output, *_csv_files(csv)]
    consolidation, found = _gather([folder], given, written_here, most, jobs, executor, progress)
    if not found.files:
        raise FileNotFoundError(os.fspath(folder))
    if previous is not None:
        consolidation = _with_last_year(consolidation, previous, given)
    left_out = _left_out(consolidation)
    written = not (strict and left_out)
    tables: list[str] = []
    if written:
        single = Path(folder).is_file() and Path(folder).suffix.lower() != ".zip"
        root = Path(folder).parent if single else folder
        consolidated.write(consolidation, output, root, unit_sheets=most)
        tables = _tables(consolidation, root, csv, parquet)
    own = reason("own_output")
    earlier = [Skipped(line.path, "own_output") for line in consolidation.files if line.reason == own]
    skipped = tuple(dict.fromkeys((*found.skipped, *earlier)))
    return Merged(os.fspath(output), written, consolidation, left_out, skipped, found.files, tuple(tables))


def _csv_files(folder: StrPath | None) -> list[Path]:
    """What --csv writes must not be read as returns by the next run."""
    if folder is None:
        return []
    from xltools.frames import NAMES

    return [Path(folder) / f"{name}.csv" for name in NAMES]


def _tables(
    consolidation: Consolidation, root: StrPath, csv: StrPath | None, parquet: StrPath | None
) -> list[str]:
    from xltools import frames

    written = []
    if csv is not None:
        written += frames.write_csv(consolidation, csv, root)
    if parquet is not None:
        written += frames.write_parquet(consolidation, parquet, root)
    return written
