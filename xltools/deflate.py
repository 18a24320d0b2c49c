"""The deflate engine.

python-isal does in a fraction of the time what zlib does, and is taken where it is installed (it has no
wheels for some machines).  What is read is the same with both; what is written differs in its bytes, not
in its text.
"""

from __future__ import annotations

try:
    from isal import isal_zlib as engine
except ImportError:  # pragma: no cover - depends on the machine
    import zlib as engine  # type: ignore[no-redef]

__all__ = ["FASTEST", "engine"]

FASTEST = 1
"""The level of what is written once and read seldom: some more bytes in a third of the time."""
