"""Sheets that differ from an earlier one in nothing but their values.

Forms of one template often do.  Such a sheet need not be taken apart: if what stands around its values
is, byte for byte, what stood around those of an earlier sheet, then whatever the strict reading of that
one found (rows, merged ranges, namespaces) holds for it too.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, NamedTuple

from xltools.remembering import Met, keep
from xltools.sheets.grid import Merge
from xltools.sheets.plans import VALUES, Plan, PlannedRow
from xltools.sheets.styles import Formats

_LONGEST = 32 << 10
"""Bytes of a sheet that is looked up."""
_MAX_KNOWN = 512
"""Skeletons that are remembered, a kilobyte each; when there are more, all are forgotten."""
_MAX_MET = 4_096

_WRITTEN_OTHERWISE = (b"<is>", b"<v/>", b"<v />")
"""Values the cut does not see."""
_BETWEEN = b"\0"
"""Where the values were; XML knows no such character, so what a sheet is cut into is told by it."""

Mark = tuple[bytes, int, Formats]


class Cut(NamedTuple):
    """The values of a sheet part, in order, and what tells the rest of it from others."""

    values: list[Any]
    mark: Mark


class Skeleton(NamedTuple):
    """A sheet without its values.

    plans, formulas: of its rows, see `PlannedRow`.
    strings: which of the values are indexes of shared strings.
    """

    plans: tuple[Plan, ...]
    formulas: tuple[tuple[str, ...], ...]
    strings: tuple[int, ...]
    merges: tuple[Merge, ...]


_known: dict[Mark, Skeleton] = {}
_met = Met(_MAX_MET)


def forget() -> None:
    """Empty what is remembered between files."""
    _known.clear()
    _met.clear()


def cut(data: bytes, table: Formats) -> Cut | None:
    """None for a long sheet, which is not looked up."""
    if len(data) > _LONGEST:
        return None
    pieces: list[Any] = VALUES.split(data)
    values = pieces[1::2]
    return Cut(values, (sha256(_BETWEEN.join(pieces[::2])).digest(), len(values), table))


def find(cut: Cut) -> Skeleton | None:
    """The skeleton of a sheet part, if it is known."""
    return _known.get(cut.mark)


def meet(data: bytes, cut: Cut, rows: list[PlannedRow], merges: tuple[Merge, ...]) -> None:
    """Remember the skeleton of a sheet part that was read strictly, the second time it is met."""
    if not (cut.values and _met.before(hash(cut.mark))):
        return
    skeleton = _skeleton(data, cut, rows, merges)
    if skeleton is not None:
        keep(_known, _MAX_KNOWN, cut.mark, skeleton)


def _skeleton(data: bytes, cut: Cut, rows: list[PlannedRow], merges: tuple[Merge, ...]) -> Skeleton | None:
    """None where rows do not follow each other, or the values are not the whole of the rows' values."""
    held = [row for row in rows if row[0].places]
    numbers = [plan.number for plan, _ in held]
    if any(earlier >= later for earlier, later in zip([0, *numbers], numbers, strict=False)):
        return None
    if sum(plan.values for plan, _ in held) != len(cut.values) or any(m in data for m in _WRITTEN_OTHERWISE):
        return None
    strings: list[int] = []
    start = 0
    for plan, _ in held:
        strings += [start + index for index in plan.strings]
        start += plan.values
    plans, formulas = zip(*held, strict=True)
    return Skeleton(plans, formulas, tuple(strings), merges)
