"""Files inside a zip archive, read where they lie: nothing is unpacked to the disk.

A member is addressed by the archive's path, a slash and its name: ``报送/各县区.zip/甲县/自评表.xlsx``.
"""

from __future__ import annotations

import os
import struct
import zipfile
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from xltools.sheets.archive import BROKEN
from xltools.sheets.grid import Unreadable
from xltools.sheets.limits import MAX_DIRECTORY, MAX_PART, MAX_RATIO, RATIO_FREE

_BEIJING = timezone(timedelta(hours=8))
_END = b"PK\x05\x06"
_UTF8 = 0x800
_ENCRYPTED = 0x1


class Member(NamedTuple):
    """name: as people see it, with forward slashes.  place: where it stands in the directory of the archive.
    safe: the name leads nowhere outside."""

    name: str
    place: int
    safe: bool


def split(path: str) -> tuple[str, str] | None:
    """(archive, member) of a path that leads into an archive; None for any other path."""
    text = path.replace("\\", "/") if os.sep == "\\" else path
    at = -1
    while (at := text.lower().find(".zip/", at + 1)) >= 0:
        if os.path.isfile(path[: at + 4]):
            return path[: at + 4], text[at + 5 :]
    return None


def members(archive: str) -> tuple[Member, ...]:
    """The files of an archive, in its order.  Raises Unreadable."""
    return _opened(*_state(archive))[1]


def contents(archive: str, member: str) -> tuple[float, bytes]:
    """When a member was last changed, and its bytes.  Raises Unreadable."""
    package, listed = _opened(*_state(archive))
    found = next((each for each in listed if each.name == member), None)
    if found is None:
        raise Unreadable("missing")
    info = package.infolist()[found.place]
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable("password")
    if info.file_size > RATIO_FREE and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise Unreadable("bomb")
    if info.file_size > MAX_PART:
        raise Unreadable("too_large", limit=f"{MAX_PART >> 20} MB")
    try:
        with package.open(info) as stream:
            data = stream.read(MAX_PART + 1)
        modified = datetime(*info.date_time, tzinfo=_BEIJING).timestamp()
    except BROKEN:
        raise Unreadable("damaged") from None
    if len(data) > MAX_PART:
        raise Unreadable("too_large", limit=f"{MAX_PART >> 20} MB")
    return modified, data


def _state(archive: str) -> tuple[str, int, float]:
    try:
        status = os.stat(archive)
    except (OSError, ValueError):
        raise Unreadable("missing") from None
    return archive, status.st_size, status.st_mtime


@lru_cache(maxsize=4)
def _opened(archive: str, size: int, modified: float) -> tuple[zipfile.ZipFile, tuple[Member, ...]]:
    """Opened once, as its members are read one after another."""
    try:
        with open(archive, "rb") as stream:
            stream.seek(max(0, size - 65_557))
            _check_directory(stream.read())
        package = zipfile.ZipFile(archive)
        return package, _members(package.infolist())
    except PermissionError:
        raise Unreadable("no_access") from None
    except BROKEN:
        raise Unreadable("damaged") from None


def _check_directory(tail: bytes) -> None:
    """Each entry becomes an object: judge the size of the directory before it is read."""
    at = tail.rfind(_END)
    if at < 0 or at + 16 > len(tail):
        raise Unreadable("damaged")
    (size,) = struct.unpack_from("<I", tail, at + 12)
    if size > MAX_DIRECTORY:
        raise Unreadable("too_large", limit=f"{MAX_DIRECTORY >> 20} MB")


def _members(infos: list[zipfile.ZipInfo]) -> tuple[Member, ...]:
    found, taken = [], set()
    for index, info in enumerate(infos):
        if info.is_dir():
            continue
        name = _name(info)
        parts = name.split("/")
        safe = ".." not in parts and not name.startswith("/") and ":" not in parts[0] and name not in taken
        taken.add(name)
        found.append(Member(name, index, safe))
    return tuple(found)


def _name(info: zipfile.ZipInfo) -> str:
    """Chinese programs write GBK where the format says cp437, some write UTF-8 and do not say so."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return name.replace("\\", "/")
        for encoding in ("utf-8", "gb18030"):
            try:
                return raw.decode(encoding).replace("\\", "/")
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")
