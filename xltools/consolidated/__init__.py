"""A `Consolidation` as one workbook: every number can be followed to the cell it came from.

`book` draws it; `lists` writes the rows of the long lists and knows nothing of XlsxWriter, so that worker
processes start without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xltools.consolidated.book import write, write_findings
    from xltools.consolidated.sheets import TooManyRows

__all__ = ["TooManyRows", "write", "write_findings"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from xltools.consolidated import book

    return getattr(book, name)
