"""Deflated bytes made whole again, and their checksum.

Of damaged streams isal forgives a
few that zlib refuses (code tables that are not complete); whoever asks compares the checksum of
what came out, so that the bytes are the same bytes or none.
"""

from __future__ import annotations

import zlib

from xltools.deflate import engine

ERRORS: tuple[type[Exception], ...] = (zlib.error, engine.error)  # type: ignore[assignment]
crc32 = engine.crc32


def inflated(stored: bytes, size: int) -> bytes | None:
    """What a raw deflate stream says, if it says ``size`` bytes at most and ends with its bytes; else None.

    Never more than one byte beyond ``size`` is made, so a header that lies shows, and nothing runs away.
    Raises one of ``ERRORS`` when the stream is none.
    """
    inflater = engine.decompressobj(-15)
    out = inflater.decompress(stored, size + 1)
    return out if inflater.eof and not inflater.unused_data and len(out) <= size else None
