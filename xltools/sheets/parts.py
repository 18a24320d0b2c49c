"""The parts of a sound, ordinary package, found and inflated without a general zip reader.

What a writer puts into every file (the names of the parts, in their order) is checked once; in the
next file of that writer only the places and checksums differ.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from xltools.remembering import keep
from xltools.sheets import ooxml
from xltools.sheets.inflating import crc32, inflated
from xltools.sheets.limits import MAX_RATIO, RATIO_FREE
from xltools.sheets.strict import refuse

_MAX_PARTS = 1_000
_MAX_SHEET = 8 << 20
"""Inflated bytes; a larger part streams through the full reader instead of lying in memory whole."""
_MAX_LAYOUTS = 64
_ODD_FLAGS = 0x2061  # encrypted, patched, strongly encrypted, masked headers

_END = struct.Struct("<4sHHHHIIH")
_HEADER = struct.Struct("<4s4xH18xHHHH")
_LOCAL = struct.Struct("<4s22xHH")
# Of one entry of the directory: method, checksum, stored size, size, offset.
_ENTRY = struct.Struct("<10xH4xIII14xI")
_FIXED = b"\xff" * 4 + bytes(4) + b"\xff" * 2 + bytes(18) + b"\xff" * 8 + bytes(10)
"""The bits of an entry that its layout fixes: the mark, the flags, and the lengths and disk."""


class Part(NamedTuple):
    """A part as stored.  Equal parts of different files are equal, so it can key a cache."""

    stored: bytes
    method: int
    size: int
    crc: int

    def __hash__(self) -> int:
        return self.crc  # sooner known than that of the bytes


class _Layout(NamedTuple):
    """A directory without what differs from file to file, all of it checked.

    mask, same: the bits of its marks, flags, lengths and names, and what they say.
    offsets: unpacks where the parts begin.
    entries: where in the directory a part's entry begins, and the part's name as it is spelled there, by
        the name in lower case.
    """

    mask: int
    same: int
    offsets: struct.Struct
    entries: dict[str, tuple[int, bytes]]
    container: str


class Package(NamedTuple):
    """The bytes of a file, and where its directory begins."""

    data: bytes
    layout: _Layout
    directory: int

    @property
    def container(self) -> str:
        """``xlsx`` or ``xlsm``."""
        return self.layout.container

    def part(self, name: str) -> Part:
        """A part, not yet inflated.  KeyError where there is none."""
        data, layout, directory = self
        at, spelled = layout.entries[name.lower()]
        method, crc, packed, size, offset = _ENTRY.unpack_from(data, directory + at)
        if size > _MAX_SHEET or (size > RATIO_FREE and size > MAX_RATIO * packed):
            refuse()
        mark, n, extra = _LOCAL.unpack_from(data, offset)
        start = offset + 30
        if mark != b"PK\x03\x04" or data[start : start + n] != spelled:
            refuse()
        start += n + extra
        stored = data[start : start + packed]
        if len(stored) != packed:
            refuse()
        return Part(stored, method, size, crc)


_layouts: dict[tuple[int, int], _Layout] = {}


def forget() -> None:
    _layouts.clear()


def package(data: bytes) -> Package:
    """A file's directory of parts, from the central directory alone."""
    end = len(data) - 22
    if data[end : end + 4] != b"PK\x05\x06":
        end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0:
        refuse()
    _, disk, first, here, count, size, offset, comment = _END.unpack_from(data, end)
    if disk or first or here != count or count > _MAX_PARTS or offset + size != end:
        refuse()
    if end + 22 + comment != len(data):
        refuse()
    directory = data[offset:end]
    layout = _layouts.get((count, size))
    if layout is None or int.from_bytes(directory, "little") & layout.mask != layout.same:
        layout = _layout(directory, count)
        keep(_layouts, _MAX_LAYOUTS, (count, size), layout)
    if max(layout.offsets.unpack(directory), default=0) >= offset:
        refuse()
    return Package(data, layout, offset)


def _layout(directory: bytes, count: int) -> _Layout:
    """The layout of a directory, every entry checked."""
    offsets, mask, at = "<", b"", 0
    entries: dict[str, tuple[int, bytes]] = {}
    for _ in range(count):
        mark, flags, length, extra, note, disk = _HEADER.unpack_from(directory, at)
        rest = extra + note
        name = directory[at + _ENTRY.size : at + _ENTRY.size + length]
        if mark != b"PK\x01\x02" or flags & _ODD_FLAGS or disk or _is_odd(name):
            refuse()
        offsets += f"42xI{length + rest}x"
        mask += _FIXED + b"\xff" * length + bytes(rest)
        entries[name.decode("ascii").lower()] = at, name
        at += _ENTRY.size + length + rest
    if at != len(directory) or len(entries) != count:
        refuse()
    bits = int.from_bytes(mask, "little")
    same = int.from_bytes(directory, "little") & bits
    return _Layout(bits, same, struct.Struct(offsets), entries, ooxml.container(list(entries)))


def _is_odd(name: bytes) -> bool:
    return not name.isascii() or b".." in name or b"\\" in name or b"\0" in name or name[:1] == b"/"


def content(part: Part) -> bytes:
    """A part's bytes, whole and with the checksum its entry states."""
    if part.method == 8:
        out = inflated(part.stored, part.size)
    elif part.method == 0:
        out = part.stored
    else:
        refuse()
    if out is None or len(out) != part.size or crc32(out) != part.crc:
        refuse()
    return out
