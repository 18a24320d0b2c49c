"""Lines of funds that are parts of the line above them, and so are not to be added once more.

The official form says 其中 of every source; forms in use list 中央资金 and 省级资金 below 财政拨款 as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xltools.model import FundLine


class Portion(NamedTuple):
    """A line below the total, and what it counts for: 0 where nothing is stated."""

    line: FundLine
    amount: Decimal

    @property
    def of_which(self) -> bool:
        return (self.line.label.value or "").lstrip().startswith("其中")


def outermost(portions: Sequence[Portion]) -> list[Portion]:
    """The lines that are no parts of another."""
    found: list[Portion] = []
    at = 0
    while at < len(portions):
        found.append(portions[at])
        at += 1 + _parts(portions[at], portions[at + 1 :])
    return found


def _parts(whole: Portion, below: Sequence[Portion]) -> int:
    """How many of the lines below are parts of this one: they make it up and begin with 其中 or are of its
    kind, or each begins with 其中 and they do not exceed it."""
    named, together = 0, Decimal(0)
    for count, portion in enumerate(below, start=1):
        together += portion.amount
        if not whole.amount or together > whole.amount:
            break
        if named == count - 1 and portion.of_which:
            named = count
        alike = all(each.line.kind == whole.line.kind for each in below[:count])
        if together == whole.amount and (below[0].of_which or alike):
            return count
    return named
