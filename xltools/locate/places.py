"""Where everything of one form is, as the locating modules hand it to the reader."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xltools.locate.page import Header

Position = tuple[int, int]


class FundRowPlace(NamedTuple):
    row: int
    label_column: int
    kind: str | None


class HeadPlace(NamedTuple):
    """A head field: where its label is and where its value; the same cell for ``项目名称：…``."""

    label: Position
    value: Position

    @property
    def inline(self) -> bool:
        return self.label == self.value


@dataclass(frozen=True, slots=True)
class FormPlaces:
    """Where everything of one form is.  ``top`` and ``bottom`` bound it, inclusive.

    goals: the cells of the two goal texts, each with its label.
    headers: the indicator header and its repetitions after page breaks, in order.
    shifts: indicator row -> how many columns it slipped (a fragment without its first column: -1).
    money_label: the first text down to the fund rows that states the money unit.
    anchors: level cell under a vertical merge -> the first row of the merge.
    """

    top: int
    bottom: int
    title: Position | None
    head: Mapping[str, HeadPlace]
    fund_header: Header | None
    fund_rows: tuple[FundRowPlace, ...]
    goals: Mapping[str, HeadPlace]
    headers: tuple[Header, ...]
    indicator_rows: tuple[int, ...]
    total_row: int | None
    shifts: Mapping[int, int] = field(default_factory=dict)
    anchors: Mapping[Position, int] = field(default_factory=dict)
    money_label: Position | None = None

    @property
    def content(self) -> Hashable:
        """All that is said here; equal for equal places, and for no others."""
        return (
            (self.top, self.bottom, self.title, self.total_row, self.money_label),
            tuple(self.head.items()),
            _content(self.fund_header),
            self.fund_rows,
            tuple(self.goals.items()),
            tuple(map(_content, self.headers)),
            self.indicator_rows,
            tuple(self.shifts.items()),
            tuple(self.anchors.items()),
        )

    @property
    def right(self) -> int | None:
        """The last column of the indicator band; None where there is none."""
        if not self.headers:
            return None
        return max(span.right for header in self.headers for span in header.columns.values())


def _content(header: Header | None) -> Hashable:
    return (header.row, header.bottom, tuple(header.columns.items())) if header else None
