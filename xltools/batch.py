"""One folder in, one consolidated workbook out: the work of `merge` between the files and the sheets."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from xltools import merging, rulebook
from xltools.collecting import Skipped, collect
from xltools.examining import Examined, examine
from xltools.merging import Consolidation, Digest, FileLine, FindingLine
from xltools.messages.reasons import reason
from xltools.model import FileReading, Identity
from xltools.parallel import Progress, each_file
from xltools.profiles import load_profile

_NAMED = 5  # of the other files of a project sent more than once

Part = tuple[Digest, tuple[Identity, ...]]


class Merged(NamedTuple):
    """What `merge` did.

    written: False under ``strict`` when a file could not be used.  left_out: (path, why) of files that
    were met and count in no total.  skipped: lock files, earlier outputs and the like.
    """

    output: str
    written: bool
    consolidation: Consolidation
    left_out: tuple[tuple[str, str], ...]
    skipped: tuple[Skipped, ...]

    @property
    def errors(self) -> int:
        return sum(line.facts.severity == "error" for line in self.consolidation.findings)


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


def _duplicates(identities: Sequence[Identity], digests: Sequence[Digest], latest: bool) -> dict[int, str]:
    """Forms sent twice -> why they do not count.

    Copies of one file count once, under the shortest name.  Otherwise none of them counts, or with
    ``latest`` the one whose
    file was saved last.
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


def _batch_findings(identities: Sequence[Identity]) -> list[FindingLine]:
    found = []
    for index, finding in rulebook.check_batch(identities):
        who = identities[index]
        unit, project = who.implementing_unit.value or "", who.project_name.value or ""
        found.append(merging.finding_line(finding, who.source, unit, project, index))
    return found


def _left_out(consolidation: Consolidation) -> tuple[tuple[str, str], ...]:
    unused = ("not_a_form", "unreadable", "left_out")
    return tuple((line.path, line.reason) for line in consolidation.files if line.status in unused)


def _own_output(digest: Digest) -> Digest:
    """An earlier consolidated workbook in the folder is passed over like a lock file."""
    line = FileLine._make(digest.file)
    own = line.status == "not_a_form" and line.reason == reason("own_output")
    return digest._replace(file=tuple(line._replace(status="skipped"))) if own else digest


def merge(
    folder: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    profile: str,
    latest: bool,
    strict: bool,
    recursive: bool,
    unit_sheets: int,
    jobs: int | None,
    progress: Progress,
) -> Merged:
    """See `xltools.verbs.merge`."""
    from xltools import consolidated

    rules = load_profile(profile)
    found = collect([folder], outputs=[output], recursive=recursive)
    if not found.files:
        raise FileNotFoundError(os.fspath(folder))
    keep_form = len(found.files) <= unit_sheets
    work = partial(_part, profile=profile, keep_form=keep_form)
    parts = each_file(work, found.files, lost=_lost, jobs=jobs, progress=progress)
    # What this very run writes is no input: listing it would change the workbook with every run.
    met = [item for item in found.skipped if os.path.realpath(item.path) != os.path.realpath(output)]
    parts = sorted(
        parts + [(merging.passed_over(*item), ()) for item in met], key=lambda part: part[0].file[0]
    )
    digests = [_own_output(digest) for digest, _ in parts]
    identities = [identity for _, each in parts for identity in each]
    consolidation = merging.consolidate(
        digests,
        rules,
        batch_findings=_batch_findings(identities),
        left_out=_duplicates(identities, digests, latest),
    )
    left_out = _left_out(consolidation)
    written = not (strict and left_out)
    if written:
        consolidated.write(consolidation, output, folder, unit_sheets=unit_sheets)
    own = reason("own_output")
    earlier = [Skipped(line.path, "own_output") for line in consolidation.files if line.reason == own]
    skipped = tuple(dict.fromkeys((*found.skipped, *earlier)))
    return Merged(os.fspath(output), written, consolidation, left_out, skipped)
