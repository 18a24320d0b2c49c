"""The parts of a sound, ordinary package, found and inflated without a general zip reader.

What a writer puts into every file (the names of the parts, in their order) is checked once; in the
next file of that writer only the places and checksums differ.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

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
_LENGTHS = struct.Struct("<HHHH")
_LOCAL = struct.Struct("<4s22xHH")
# One entry of the directory: mark, flags, method, crc, stored size, size, lengths, offset, name.
_ENTRY = "4s4xHH4xIII8s6xI{name}s{rest}x"
_FIELDS = 9
_ENTRY_SIZE = 46


class Part(NamedTuple):
    """A part as stored.  Equal parts of different files are equal, so it can key a cache."""

    stored: bytes
    method: int
    size: int
    crc: int


class _Layout(NamedTuple):
    """A directory without what differs from file to file.

    same: its marks, flags, lengths and names, entry by entry, all of them checked.
    """

    entries: struct.Struct
    same: tuple[tuple[Any, ...], ...]
    places: dict[bytes, int]
    container: str


class Package(NamedTuple):
    """The bytes of a file and its directory."""

    data: bytes
    layout: _Layout
    fields: tuple[Any, ...]

    @property
    def container(self) -> str:
        """``xlsx`` or ``xlsm``."""
        return self.layout.container

    def part(self, name: str) -> Part:
        """A part, not yet inflated.  KeyError where there is none."""
        data = self.data
        first = self.layout.places[name.lower().encode("ascii")] * _FIELDS
        _, _, method, crc, packed, size, _, offset, own = self.fields[first : first + _FIELDS]
        if size > _MAX_SHEET or (size > RATIO_FREE and size > MAX_RATIO * packed):
            refuse()
        mark, n, extra = _LOCAL.unpack_from(data, offset)
        start = offset + 30
        if mark != b"PK\x03\x04" or data[start : start + n] != own:
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
    fields = layout.entries.unpack(directory) if layout else ()
    if layout is None or _same(fields) != layout.same:
        layout = _layout(directory, count)
        fields = layout.entries.unpack(directory)
        if len(_layouts) >= _MAX_LAYOUTS:
            _layouts.clear()
        _layouts[count, size] = layout
    if max(fields[7::_FIELDS], default=0) >= offset:
        refuse()
    return Package(data, layout, fields)


def _same(fields: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
    return fields[0::_FIELDS], fields[1::_FIELDS], fields[6::_FIELDS], fields[8::_FIELDS]


def _layout(directory: bytes, count: int) -> _Layout:
    """The layout of a directory, every entry checked."""
    shape, at = "<", 0
    for _ in range(count):
        name, extra, note, disk = _LENGTHS.unpack_from(directory, at + 28)
        if disk:
            refuse()
        shape += _ENTRY.format(name=name, rest=extra + note)
        at += _ENTRY_SIZE + name + extra + note
    if at != len(directory):
        refuse()
    entries = struct.Struct(shape)
    same = marks, flags, _, names = _same(entries.unpack(directory))
    places = {name.lower(): place for place, name in enumerate(names)}
    if set(marks) - {b"PK\x01\x02"} or any(flag & _ODD_FLAGS for flag in flags) or len(places) != count:
        refuse()
    if any(map(_is_odd, names)):
        refuse()
    return _Layout(entries, same, places, ooxml.container([name.decode("ascii") for name in places]))


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
