"""Sheets that differ from an earlier one in nothing but their values.

Forms of one template often do.  Such a sheet need not be taken apart: its values are put into what is
known to stand around theirs, and if that is the sheet, byte for byte, then whatever the strict reading
of the earlier one found (rows, merged ranges, namespaces) holds for it too.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from xltools.sheets.grid import Merge
from xltools.sheets.rows import Plan, PlannedRow
from xltools.sheets.styles import Formats

_LONGEST = 32 << 10
"""Bytes of a sheet that is looked up."""
_MAX_BYTES = 1 << 19
"""About what is remembered.  When full it is emptied and begins anew."""
_BYTES_OF_A_ROW, _BYTES_OF_A_PLAN = 250, 2_000
"""What they take about; skeletons share plans."""
_MAX_ALIKE = 4
"""Skeletons of one outline; each is compared with the sheet."""
_MAX_MET = 4_096

_VALUES = re.compile(rb"<v>([^<]*)</v></c>")
_ENDS = b"<v>%b</v></c>"
_WRITTEN_OTHERWISE = (b"<is>", b"<v/>", b"<v />")
"""Values the cut does not see."""
_NOT_OUTLINE = bytes(set(range(256)) - set(b"cfvw"))

Outline = tuple[bytes, Formats]


class Skeleton(NamedTuple):
    """A sheet without its values.

    markup: with ``%b`` where they stand.
    strings: which of them are indexes of shared strings.
    """

    markup: bytes
    rows: tuple[PlannedRow, ...]
    strings: tuple[int, ...]
    merges: tuple[Merge, ...]


class _Memory:
    """What is remembered between files.

    met: the hashes of outlines that were met once.
    plans: those the skeletons keep alive.
    size: in bytes, about.
    """

    def __init__(self) -> None:
        self.by_outline: dict[Outline, list[Skeleton]] = {}
        self.met: set[int] = set()
        self.plans: set[Plan] = set()
        self.size = 0

    def keep(self, outline: Outline, skeleton: Skeleton) -> None:
        plans = {plan for plan, *_ in skeleton.rows} - self.plans
        size = len(outline[0]) + _size(skeleton) + len(plans) * _BYTES_OF_A_PLAN
        if self.size + size > _MAX_BYTES:
            self.forget()
        alike = self.by_outline.setdefault(outline, [])
        if len(alike) >= _MAX_ALIKE:
            self.size -= _size(alike.pop())
        alike.insert(0, skeleton)
        self.plans |= plans
        self.size += size

    def meet(self, outline: Outline) -> bool:
        """Whether the outline was met before."""
        mark = hash(outline)
        if mark in self.met:
            return True
        if len(self.met) >= _MAX_MET:
            self.met.clear()
        self.met.add(mark)
        return False

    def forget(self) -> None:
        self.by_outline.clear()
        self.plans.clear()
        self.met.clear()
        self.size = 0


def _size(skeleton: Skeleton) -> int:
    return len(skeleton.markup) + _BYTES_OF_A_ROW * len(skeleton.rows)


_memory = _Memory()


def forget() -> None:
    """Empty what is remembered between files."""
    _memory.forget()


def values(data: bytes) -> list[Any]:
    """The values of a sheet part, in order; none of a long one, which is not looked up."""
    return _VALUES.findall(data) if len(data) <= _LONGEST else []


def outline(data: bytes, table: Formats) -> Outline:
    """What sheets with the same rows and cells have in common, whatever their values: the ``c`` and ``v``
    of their tags and little more.  Cheap to make; it only says which skeletons to try."""
    return data.translate(None, _NOT_OUTLINE) if len(data) <= _LONGEST else b"", table


def find(data: bytes, values: list[Any], outline: Outline) -> Skeleton | None:
    """The skeleton of a sheet part, if it is known."""
    for known in _memory.by_outline.get(outline, ()):
        try:
            if known.markup % tuple(values) == data:
                return known
        except TypeError:  # it holds another number of values
            continue
    return None


def meet(
    data: bytes, values: list[Any], outline: Outline, rows: list[PlannedRow], merges: tuple[Merge, ...]
) -> None:
    """Remember the skeleton of a sheet part that was read strictly, the second time its outline is met."""
    if not values or not _memory.meet(outline):
        return
    skeleton = _skeleton(data, values, rows, merges)
    if skeleton is not None:
        _memory.keep(outline, skeleton)


def _skeleton(
    data: bytes, values: list[Any], rows: list[PlannedRow], merges: tuple[Merge, ...]
) -> Skeleton | None:
    """None where rows do not follow each other, or the values are not the whole of the rows' values."""
    numbers = [plan.number for plan, *_ in rows if plan.places]
    if any(earlier >= later for earlier, later in zip([0, *numbers], numbers, strict=False)):
        return None
    if rows[-1][1].stop != len(values) or any(mark in data for mark in _WRITTEN_OTHERWISE):
        return None
    stems = _VALUES.split(data)[::2]
    return Skeleton(
        _ENDS.join([stem.replace(b"%", b"%%") for stem in stems]),
        tuple(row for row in rows if row[0].places),
        tuple(own.start + index for plan, own, _ in rows for index in plan.strings),
        merges,
    )
