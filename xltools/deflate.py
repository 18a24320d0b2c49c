"""The deflate engine, and what goes with it.

python-isal does in a fraction of the time what zlib does, and is taken where it is installed (it has no
wheels for some machines).  What is read is the same with both; what is written differs in its bytes, not
in its text.
"""

from __future__ import annotations

from functools import lru_cache

try:
    from isal import isal_zlib as engine
except ImportError:  # pragma: no cover - depends on the machine
    import zlib as engine  # type: ignore[no-redef]

__all__ = ["FASTEST", "combined", "engine"]

FASTEST = 1
"""The level of what is written once and read seldom: some more bytes in a third of the time."""
_POLYNOMIAL = 0xEDB88320


def combined_here(first: int, second: int, length: int) -> int:
    """See `combined`.

    A checksum is a polynomial over GF(2); what follows multiplies it by x^(8·length).
    """
    return _times(_shift(length), first) ^ second


combined = getattr(engine, "crc32_combine", combined_here)
"""CRC-32 of a text followed by another one of ``length`` bytes, from their checksums."""


@lru_cache(maxsize=4096)
def _shift(length: int) -> int:
    """x^(8·length) modulo the CRC polynomial, by repeated squaring."""
    result, power = 1 << 31, 1 << 23  # 1 and x^8; bit 31 is the coefficient of x^0
    while length:
        if length & 1:
            result = _times(power, result)
        power = _times(power, power)
        length >>= 1
    return result


def _times(a: int, b: int) -> int:
    """The product of two polynomials modulo the CRC polynomial."""
    product, mask = 0, 1 << 31
    while mask:
        if a & mask:
            product ^= b
        b = (b >> 1) ^ _POLYNOMIAL if b & 1 else b >> 1
        mask >>= 1
    return product
