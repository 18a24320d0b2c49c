"""Deflated bytes made whole again, and their checksum.

python-isal does both in half the time or less; where it is not installed (it has no wheels for
some machines) zlib does the same work with the same results.  Of damaged streams isal forgives a
few that zlib refuses (code tables that are not complete); whoever asks compares the checksum of
what came out, so that the bytes are the same bytes or none.
"""

from __future__ import annotations

import zlib

try:
    from isal import isal_zlib as _engine
except ImportError:  # pragma: no cover - depends on the machine
    import zlib as _engine  # type: ignore[no-redef]

ERRORS: tuple[type[Exception], ...] = (zlib.error, _engine.error)  # type: ignore[assignment]
crc32 = _engine.crc32


def inflated(stored: bytes, size: int) -> bytes | None:
    """What a raw deflate stream says, if it says ``size`` bytes at most and ends with its bytes; else None.

    Never more than one byte beyond ``size`` is made, so a header that lies shows, and nothing runs away.
    Raises one of ``ERRORS`` when the stream is none.
    """
    inflater = _engine.decompressobj(-15)
    out = inflater.decompress(stored, size + 1)
    return out if inflater.eof and not inflater.unused_data and len(out) <= size else None
