"""Sheets that differ from an earlier one in nothing but their values.

Forms of one template often do.  Such a sheet need not be taken apart: its values are put into what is
known to stand around theirs, and if that is the sheet, byte for byte, then whatever the strict reading
of the earlier one found (rows, merged ranges, namespaces) holds for it too.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from xltools.sheets.grid import Merge
from xltools.sheets.rows import PlannedRow
from xltools.sheets.styles import Formats

_LONGEST = 32 << 10
"""Bytes of a sheet that is looked up."""
_MAX_BYTES = 3 << 20
"""What is remembered, in bytes of markup.  When full it is emptied and begins anew."""
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
    def __init__(self) -> None:
        self.by_outline: dict[Outline, list[Skeleton]] = {}
        self.met: set[int] = set()
        self.size = 0

    def keep(self, outline: Outline, skeleton: Skeleton) -> None:
        if self.size + len(skeleton.markup) > _MAX_BYTES:
            self.by_outline.clear()
            self.size = 0
        alike = self.by_outline.setdefault(outline, [])
        if len(alike) >= _MAX_ALIKE:
            self.size -= len(alike.pop().markup)
        alike.insert(0, skeleton)
        self.size += len(skeleton.markup)


_memory = _Memory()


def forget() -> None:
    """Empty what is remembered between files."""
    _memory.__init__()  # type: ignore[misc]


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
        except TypeError:  # it has another number of values
            continue
    return None


def meet(
    data: bytes, values: list[Any], outline: Outline, rows: list[PlannedRow], merges: tuple[Merge, ...]
) -> None:
    """Remember the skeleton of a sheet part that was read strictly, the second time its outline is met."""
    if not values:
        return
    mark = hash(outline)
    if mark not in _memory.met:
        if len(_memory.met) >= _MAX_MET:
            _memory.met.clear()
        _memory.met.add(mark)
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
    if rows[-1][2] != len(values) or any(mark in data for mark in _WRITTEN_OTHERWISE):
        return None
    stems = _VALUES.split(data)[::2]
    return Skeleton(
        _ENDS.join([stem.replace(b"%", b"%%") for stem in stems]),
        tuple(row for row in rows if row[0].places),
        tuple(start + index for plan, start, *_ in rows for index in plan.strings),
        merges,
    )
