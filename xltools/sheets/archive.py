"""A zip package from a stranger, read with limits."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from xltools.sheets.grid import Unreadable
from xltools.sheets.limits import MAX_ENTRIES, MAX_INFLATED, MAX_PART, MAX_RATIO, RATIO_FREE

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OSError,
    OverflowError,
)
"""What reading a damaged zip raises, the decoding of its names included."""


class Archive:
    """The parts of a zip package.  Every method raises only Unreadable."""

    def __init__(self, data: bytes) -> None:
        # Each directory entry becomes an object: count before the directory is parsed.
        if data.count(b"PK\x01\x02") > 10 * MAX_ENTRIES:
            raise Unreadable("too_large", entries=f">{MAX_ENTRIES}")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except BROKEN:
            raise Unreadable("damaged") from None
        if len(infos) > MAX_ENTRIES:
            raise Unreadable("too_large", entries=f">{MAX_ENTRIES}")
        self._inflated = 0
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = info.filename.replace("\\", "/").lstrip("/").lower()
            if ".." in name.split("/"):
                raise Unreadable("unsafe", part=info.filename[:80])
            if name in self._parts:
                raise Unreadable("unsafe", part=info.filename[:80])
            self._parts[name] = info

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._parts

    def names(self) -> list[str]:
        """Names of all parts, in lower case."""
        return list(self._parts)

    def read(self, name: str) -> bytes | None:
        """The inflated bytes of a part, or None if there is no such part."""
        info = self._parts.get(_key(name))
        if info is None:
            return None
        if info.flag_bits & 1:
            raise Unreadable("password")
        self._check(info.file_size, info.compress_size, name)
        try:
            with self._zip.open(info) as stream:
                data = stream.read(MAX_PART + 1)
        except BROKEN:
            raise Unreadable("damaged", part=name[:80]) from None
        self._inflated += len(data)
        if len(data) > MAX_PART or self._inflated > MAX_INFLATED:
            raise Unreadable("too_large", part=name[:80])
        return data

    def _check(self, size: int, packed: int, name: str) -> None:
        """Judge the declared sizes, so that a bomb is refused before it is inflated."""
        if size > RATIO_FREE and size > MAX_RATIO * max(1, packed):
            raise Unreadable("bomb", part=name[:80])
        if size > MAX_PART or self._inflated + size > MAX_INFLATED:
            raise Unreadable("too_large", part=name[:80])


def _key(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()
