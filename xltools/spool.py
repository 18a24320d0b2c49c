"""Bytes that wait on the disk, so that a batch may be larger than memory."""

from __future__ import annotations

import tempfile
from typing import NamedTuple

_IN_MEMORY = 1 << 18


class Spooled(NamedTuple):
    """Where some bytes wait."""

    at: int
    length: int


class Spool:
    """A file without a name; the first 256 kB stay in memory.  It goes when nobody refers to it any more."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  (lives with the spool)
        self._end = 0

    def __del__(self) -> None:
        self._file.close()

    def put(self, data: bytes) -> Spooled:
        self._file.seek(self._end)
        self._file.write(data)
        kept = Spooled(self._end, len(data))
        self._end += len(data)
        return kept

    def get(self, kept: Spooled) -> bytes:
        self._file.seek(kept.at)
        return self._file.read(kept.length)
