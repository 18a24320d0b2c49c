"""One folder in, one consolidated workbook out: the work of `merge` between the files and the sheets."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from xltools import merging, rollcall, rulebook
from xltools.collecting import Collected, Skipped, collect, is_word
from xltools.duplicates import duplicates
from xltools.examining import Examined, examine_all
from xltools.merging import Bundle, Consolidation, Digest, FileLine, FindingLine
from xltools.merging.matching import Rename, renamed
from xltools.messages.reasons import reason
from xltools.model import OWN_OUTPUT, FileReading, Finding, Identity
from xltools.parallel import Crew, Progress, Work, chunks
from xltools.profiles import Profile, load_profile
from xltools.reading import read_file
from xltools.refusal import Refusal
from xltools.spool import Spool
from xltools.vocabulary import vocabulary
from xltools.word_copies import Met, word_copies

StrPath = str | os.PathLike[str]
Part = tuple[Digest, tuple[Identity, ...]]
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
        return self.consolidation.counts["error"]

    @property
    def left_out_before(self) -> tuple[tuple[str, str], ...]:
        """The same of last year's files, by their names in what was compared with."""
        comparison = self.consolidation.comparison
        return comparison.left_out if comparison else ()

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


# --- one file, one bundle -------------------------------------------------------------------------

Item = str | Skipped
"""A file to open, or one that is only listed; both in one order, that of the list."""


def _name(item: Item) -> str:
    return item if isinstance(item, str) else item.path


def _parts(items: Sequence[Item], profile: str, keep_form: bool) -> list[Part]:
    """The worker's part: some files examined and condensed."""
    found = iter(examine_all([item for item in items if isinstance(item, str)], profile))
    return [
        (merging.passed_over(*item), ()) if isinstance(item, Skipped) else _part(next(found), keep_form)
        for item in items
    ]


def _part(examined: Examined, keep_form: bool) -> Part:
    digest = merging.digest(examined, keep_form)
    return _own_output(digest), tuple(each.form.identity for each in examined.forms)


def _own_output(digest: Digest) -> Digest:
    """An earlier consolidated workbook in the folder is passed over like a lock file."""
    if digest.forms:
        return digest
    line = FileLine._make(digest.file)
    own = line.status == "not_a_form" and line.reason == reason("own_output")
    return digest._replace(file=tuple(line._replace(status="skipped"))) if own else digest


def _lost(item: Item) -> Part:
    crashed = FileReading(_name(item), "unreadable", reason_code="crashed")
    return merging.digest(Examined(crashed, ()), False), ()


def _bundle(parts: Sequence[Part], renames: Sequence[Rename], sealed: bool) -> Bundle:
    digests = renamed([digest for digest, _ in parts], renames)
    return merging.bundle(digests, [form for _, forms in parts for form in forms], sealed=sealed)


# --- which forms count ----------------------------------------------------------------------------


def year_of(identities: Sequence[Identity], wanted: int | None) -> int | None:
    """The year the batch is about: the one asked for, else that of most forms.

    A form that states no year counts with the others.  Raises Refusal when no year prevails, or no form
    is of the year asked for.
    """
    count = Counter(form.year for form in identities if form.year)
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
        at: reason("other_year", "zh", year=f"表内年度为{form.year}年，本次汇总{year}年")
        for at, form in enumerate(identities)
        if year and form.year and form.year != year
    }


def _batch_findings(identities: Sequence[Identity], year: int | None) -> list[FindingLine]:
    found = rulebook.check_batch(identities, year)
    return [_line(identities[index], index, finding) for index, finding in found]


def _line(who: Identity, index: int, finding: Finding) -> FindingLine:
    return merging.finding_line(finding, who.source, who.unit, who.project, index)


# --- the batch ------------------------------------------------------------------------------------


def _without_word_copies(bundles: Sequence[Bundle], year: int | None) -> list[Bundle]:
    """Word documents that repeat a workbook are passed over; only bundles that hold one are made anew."""
    no_table = reason("word")
    empty = {
        line.path
        for each in bundles
        for line in each.odd
        if line.status == "not_a_form" or line.reason == no_table
    }
    named = dict.fromkeys(empty, ()) | {
        path: tuple(forms)
        for each in bundles
        for path, forms in groupby(each.identities.opened(), key=lambda form: form.source)
    }
    met = [Met(path, path in empty, forms) for path, forms in named.items()]
    copies = word_copies(met, year=year)
    return [_without(each, copies) for each in bundles] if copies else list(bundles)


def _without(each: Bundle, copies: Mapping[str, str]) -> Bundle:
    digests = each.digests.opened()
    if not any(digest.file[0] in copies for digest in digests):
        return each
    kept = [
        merging.passed_over(path, copies[path]) if (path := digest.file[0]) in copies else digest
        for digest in digests
    ]
    return merging.bundle(kept, [form for form in each.identities.opened() if form.source not in copies])


def _collect(
    paths: Iterable[StrPath],
    given: Given,
    outputs: Sequence[StrPath] = (),
    apart: StrPath | None = None,
) -> tuple[Collected, list[Item]]:
    """What is there, and what is to be listed of it.

    What this very run writes is no input: listing it would change the workbook with every run.
    """
    found = collect(paths, outputs=outputs, apart=apart, recursive=given.recursive, archives=True)
    written = frozenset(os.path.realpath(output) for output in outputs)
    met = [item for item in found.skipped if not _is_ours(item, written)]
    return found, sorted([*found.files, *met], key=_name)


def _is_ours(item: Skipped, written: frozenset[str]) -> bool:
    """Written by this run, or a folder that holds nothing else."""
    if item.reason_code == "subfolder":
        inside = (path for path in Path(item.path).rglob("*") if not path.is_dir())
        return all(os.path.realpath(path) in written for path in inside)
    return item.reason_code == "own_folder" or os.path.realpath(item.path) in written


def _gather(
    items: Sequence[Item],
    given: Given,
    crew: Crew,
    roster: Sequence[Any] | None = None,
    renames: Sequence[Rename] = (),
    keep_forms: bool = False,
    read: Callable[[int], None] = lambda files: None,
) -> Consolidation:
    """Read the files and add them up.  keep_forms: for sheets of their own.  read: told how many were."""
    work = Work(
        partial(_parts, profile=given.profile, keep_form=keep_forms),
        _lost,
        partial(_bundle, renames=renames, sealed=not keep_forms),
    )
    spool, bundles, pieces = Spool(), [], chunks(items)
    # What is in memory when the processes begin they need not make themselves.
    rules, _ = load_profile(given.profile), vocabulary()
    coming = crew.pieces(work, pieces)
    if not crew.alone:
        import_module("xltools.consolidated.book")  # takes its time, which the workers use
    for piece, each in zip(pieces, coming, strict=True):
        bundles.append(each.put_aside(spool))
        read(_opened(piece))
    if any(is_word(_name(item)) for item in items):
        bundles = _without_word_copies(bundles, given.year)
    return _added_up(bundles, given, rules, roster)


class _Steps:
    """Progress of the whole run in files: most of a file is done when it was read, the rest when its rows
    were written."""

    _READ = 0.75

    def __init__(self, progress: Progress, files: int) -> None:
        self._progress, self._files = progress, files
        self._done, self._told = 0.0, 0

    def read(self, files: int) -> None:
        self._tell(self._done + files * self._READ)

    def written(self, files: int) -> None:
        self._tell(self._done + files * (1 - self._READ))

    def finish(self) -> None:
        self._tell(self._files)

    def _tell(self, done: float) -> None:
        self._done = min(done, self._files)
        if step := int(self._done) - self._told:
            self._told += step
            self._progress(step, self._files)


def _opened(items: Iterable[Item]) -> int:
    return sum(isinstance(item, str) for item in items)


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
    bundles: Sequence[Bundle], given: Given, rules: Profile, roster: Sequence[Any] | None
) -> Consolidation:
    identities = merging.Everyone(bundles)
    year = year_of(identities, given.year)
    left_out = duplicates(identities, bundles, year, given.latest) | _other_years(identities, year)
    findings = _batch_findings(identities, year)
    roll_call = None
    if roster is not None:
        roll_call = rollcall.call(roster, identities, left_out)
        findings += [_absence(finding) for finding in rollcall.absences(roll_call)]
    consolidation = merging.consolidate_bundles(bundles, rules, findings, left_out)
    return replace(consolidation, roll_call=roll_call, year=year)


def _absence(finding: Finding) -> FindingLine:
    project = dict(finding.params).get("project", "")
    return merging.finding_line(finding, unit=finding.names[0], project=project)


def _with_last_year(
    consolidation: Consolidation, previous: StrPath, given: Given, crew: Crew
) -> Consolidation:
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
    _, items = _collect([previous], given)
    earlier = _gather(items, given._replace(year=None), crew)
    before = [past(form.facts) for lines in earlier.each_lines() for form in lines.forms]
    if not before:
        raise Refusal("previous_unusable", path=os.fspath(previous))
    left_out = [(_inside(path, file), why) for file, why in _left_out(earlier)]
    units = {form.unit for at, form in enumerate(earlier.everyone) if at in earlier.left_out}
    compared = compare(consolidation, before, path.name, earlier.year, left_out, units)
    return replace(consolidation, comparison=compared)


def _inside(folder: Path, file: str) -> str:
    """The file as it is named in the folder or archive."""
    return folder.name if Path(file) == folder else os.path.relpath(file, folder)


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
        if holds_a_form(path):
            raise Refusal("output_is_a_form", path=str(path))
        try:
            path.open("rb+").close()
        except OSError:
            raise Refusal("output_in_use", path=str(path)) from None
    folder = next(each for each in path.absolute().parents if each.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise Refusal("output_in_use", path=str(path))


def holds_a_form(path: Path) -> bool:
    """A form somebody filled in, which no result may replace."""
    return not _is_own(path) and bool(read_file(path).forms)


def _is_own(path: Path) -> bool:
    """Made by this tool, as far as the list of its sheets tells."""
    try:
        with zipfile.ZipFile(path) as package, package.open("xl/workbook.xml") as stream:
            return OWN_OUTPUT.encode() in stream.read(1 << 20)
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return False


def _left_out(c: Consolidation) -> tuple[tuple[str, str], ...]:
    """The files that are not in the totals, or not with all of their forms."""
    found = {line.path: line for each in c.bundles for line in each.odd if line.status != "skipped"}
    everyone = enumerate(c.everyone if c.left_out else ())
    for path, forms in groupby(everyone, key=lambda pair: pair[1].source):
        here = list(forms)
        why = {n: c.left_out[at] for n, (at, _) in enumerate(here) if at in c.left_out}
        if why:
            line = FileLine(path, "read", "", 0, 0.0, "", ())
            found[path] = merging.without(line, [form.sheet for _, form in here], why)
    return tuple((path, found[path].reason) for path in sorted(found))


def _skipped(found: Collected, c: Consolidation) -> tuple[Skipped, ...]:
    own = reason("own_output")
    earlier = [
        Skipped(line.path, "own_output") for each in c.bundles for line in each.odd if line.reason == own
    ]
    return tuple(dict.fromkeys((*found.skipped, *earlier)))


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
    apart: StrPath | None,
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
    renames, roster = _renames(given.mapping), _roster(given.units)
    found, items = _collect([folder], given, [output, *_table_files(csv, parquet)], apart)
    if not found.files:
        raise FileNotFoundError(os.fspath(folder))
    with Crew(len(found.files), jobs, executor) as crew:
        keep_forms = len(found.files) <= most
        steps = _Steps(progress, len(found.files))
        c = _gather(items, given, crew, roster, renames, keep_forms, steps.read)
        if previous is not None:
            c = _with_last_year(c, previous, given, crew)
        left_out = _left_out(c)
        written = not (strict and left_out)
        tables: list[str] = []
        if written:
            single = Path(folder).is_file() and Path(folder).suffix.lower() != ".zip"
            root = Path(folder).parent if single else folder
            consolidated.write(c, output, root, unit_sheets=most, crew=crew, written=steps.written)
            steps.finish()
            tables = _tables(c, root, csv, parquet)
    skipped = _skipped(found, c)
    return Merged(os.fspath(output), written, c, left_out, skipped, found.files, tuple(tables))


def _table_files(csv: StrPath | None, parquet: StrPath | None) -> list[Path]:
    """What --csv and --parquet write must not be met as returns by the next run."""
    if csv is None and parquet is None:
        return []
    from xltools.frames import NAMES

    folders = (("csv", csv), ("parquet", parquet))
    return [
        Path(folder) / f"{name}.{ending}"
        for ending, folder in folders
        if folder is not None
        for name in NAMES
    ]


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
