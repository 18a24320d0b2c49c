"""Forms sent twice: which of them counts (docs/decisions/0005)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from xltools import rulebook
from xltools.merging import Bundle, FileLine
from xltools.messages.reasons import reason
from xltools.model import Identity

_NAMED = 5  # a project sent a thousand times names five of the others, each time
Same = Mapping[int, Identity]
"""Forms of one project by their indices."""
Files = Mapping[str, FileLine]


def duplicates(
    identities: Sequence[Identity], bundles: Sequence[Bundle], year: int | None, latest: bool
) -> dict[int, str]:
    """Forms sent twice -> why they do not count.

    Copies of one file count once, under the shortest name.  Otherwise none of them counts, or with
    ``latest`` the one whose file was saved last.  Forms without project or unit can only be told to be
    the same by their bytes.  year: of the batch.
    """
    named, unnamed = rulebook.same_forms(identities, year), rulebook.unnamed_alike(identities)
    files = _files(bundles, {index for same in (*named, *unnamed) for index in same})
    left_out: dict[int, str] = {}
    for same in named:
        left_out |= _left_out(same, _contents(same, files), files, latest)
    for same in unnamed:
        for content in _contents(same, files):
            left_out |= _left_out({index: same[index] for index in content}, [content], files, latest)
    return left_out


def _files(bundles: Sequence[Bundle], forms: Collection[int]) -> dict[str, FileLine]:
    """The files of some forms by path; only the bundles that hold them are unpacked."""
    found: dict[str, FileLine] = {}
    start = 0
    for each in bundles:
        if any(start + at in forms for at in range(each.forms)):
            lines = (FileLine._make(digest.file) for digest in each.digests.opened())
            found.update((line.path, line) for line in lines)
        start += each.forms
    return found


def _contents(same: Same, files: Files) -> list[list[int]]:
    """The forms, those of identical files together, the shortest name first."""
    met: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, str, int], list[int]] = {}
    for index, form in same.items():
        place = form.source, form.sheet
        found.setdefault((files[form.source].sha256, form.sheet, met[place]), []).append(index)
        met[place] += 1  # a sheet may hold several forms
    return [
        sorted(alike, key=lambda index: (len(same[index].source), same[index].source))
        for alike in found.values()
    ]


def _left_out(same: Same, contents: list[list[int]], files: Files, latest: bool) -> dict[int, str]:
    keep = _to_keep([max(files[same[at].source].modified for at in each) for each in contents], latest)
    why: dict[int, str] = {}
    for number, alike in enumerate(contents):
        code = "duplicate" if keep is None else "duplicate_copy" if number == keep else "duplicate_older"
        for index in alike[1:] if number == keep else alike:
            group = alike if number == keep else same
            others = (same[other].source for other in group if other != index)
            why[index] = _why(code, others, len(group) - 1)
    return why


def _to_keep(modified: Sequence[float], latest: bool) -> int | None:
    """Which of several contents counts.  modified: when the last copy of each was saved."""
    last = max(modified)
    newest = [number for number, when in enumerate(modified) if when == last]
    return newest[0] if len(newest) == 1 and (latest or len(modified) == 1) else None


def _why(code: str, others: Iterable[str], count: int) -> str:
    names = "、".join(f"“{os.path.basename(path)}”" for path in islice(others, _NAMED))
    if count > _NAMED:
        names += f"等{count}个文件"
    return reason(code, "zh", others=names)
