"""Pieces of a package part, deflated apart from each other."""

from __future__ import annotations

from typing import NamedTuple

from xltools.deflate import FASTEST, engine


class Block(NamedTuple):
    """A piece, deflated and ended at a byte boundary so that the next one can follow.

    checksum: CRC-32 of the text.  size: its length in bytes.
    """

    data: bytes
    checksum: int
    size: int


_NOTHING = Block(b"", 0, 0)


def deflated(text: str | bytes) -> Block:
    if not text:
        return _NOTHING
    data = text.encode("utf-8") if isinstance(text, str) else text
    packer = engine.compressobj(FASTEST, engine.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush(engine.Z_SYNC_FLUSH)
    return Block(packed, engine.crc32(data), len(data))
