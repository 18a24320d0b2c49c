"""The two levels above an indicator's name: ``产出指标``, ``数量指标``.

They are written once for many rows, in a merge or above blank cells, and hold for all of them.
"""

from __future__ import annotations

from functools import lru_cache

from xltools.locate import Page
from xltools.model import ABSENT_TEXT, Entry, Place, entry_of
from xltools.reading.cells import BROKEN, meaning
from xltools.reading.meanings import as_label
from xltools.reading.spots import NOWHERE, Spot, in_row


class Level:
    """A level cell, and what the rows below repeat of it."""

    __slots__ = ("below", "entry")

    def __init__(self, entry: Entry[str]) -> None:
        self.entry = entry
        repeated = entry.note == "filled_down"
        self.below: Level = self if repeated else Level(entry._replace(note="filled_down"))


NO_LEVEL = Level(ABSENT_TEXT)


def level_of(page: Page, spot: Spot, above: Level, first_row: int) -> Level:
    """A level cell; a merge or a blank below a filled one repeats what stands above."""
    cell = page.cells.get(spot.at)
    if cell is None or cell.kind in BROKEN:
        return NO_LEVEL if spot is NOWHERE else _unwritten_level(page, spot, above, first_row)
    level = _label_at(spot.place, cell.text, cell.formula)
    return level if level.entry.ok or not above.entry.ok else above.below


def _unwritten_level(page: Page, spot: Spot, above: Level, first_row: int) -> Level:
    """A level cell without a label of its own."""
    row, column = spot.at
    anchor = page.anchor_row(row, column)
    merged = first_row <= anchor < row and spot.at not in page.cells
    place = above.entry.place
    if merged and place is not None and place.row == anchor and place.column == column:
        return above.below
    entry = meaning(page.cells, in_row(spot, anchor) if merged else spot, as_label)
    if entry.ok and entry.place is not None:
        level = _label_at(entry.place, entry.raw, entry.formula)
        return level.below if merged else level
    return above.below if above.entry.ok and entry.state == "blank" else Level(entry)


@lru_cache(maxsize=4096)
def _label_at(place: Place, text: str, formula: str | None) -> Level:
    """The same object for the same label, by which a remembered row is known again."""
    value, state = as_label(text)
    return Level(entry_of((value, text, state, place, formula, None)))
