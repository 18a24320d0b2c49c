"""A person's .xlsx or .xlsm changed in single cells, and in nothing else.

Only the parts that must change are parsed and written anew; every other part is copied as it is
compressed.  Pictures, macros, stamps, charts and whatever else a workbook holds stay untouched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from xltools.model import CellWrite
from xltools.package.book import Book, Mark
from xltools.package.notes import AUTHOR
from xltools.package.refusals import Unpatchable

__all__ = ["AUTHOR", "Book", "Mark", "Unpatchable", "annotate", "apply"]


def apply(
    source: str | os.PathLike[str], target: str | os.PathLike[str], writes: Iterable[CellWrite]
) -> None:
    """Write the cells of ``source`` into ``target`` (which may be the same file).

    Raises Unreadable or Unpatchable before anything is written.
    """
    book = Book(source)
    for write in writes:
        book.write(write)
    book.save(target)


def annotate(
    source: str | os.PathLike[str], target: str | os.PathLike[str], marks: Iterable[Mark]
) -> tuple[Mark, ...]:
    """A copy of ``source`` with cells coloured and notes put on them.

    Notes of other people stay: ours is added below theirs.  Returned are the marks whose note could
    not be put because a conversation (threaded comment) stands on the cell; they are coloured.
    """
    book = Book(source)
    unnoted = tuple(mark for mark in marks if not book.mark(mark))
    book.save(target)
    return unnoted
