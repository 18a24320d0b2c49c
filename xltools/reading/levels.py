"""The two levels above an indicator's name: ``产出指标``, ``数量指标``.

They are written once for many rows, in a merge or above blank cells, and hold for all of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from xltools.model import ABSENT_TEXT, Entry, Place, entry_of
from xltools.reading.cells import BROKEN, meaning
from xltools.reading.meanings import as_label
from xltools.reading.spots import NOWHERE, Cells, Position, Spot, in_row


class Level:
    """A level cell, and what the rows below repeat of it.

    at: where its label stands; None where there is none.
    """

    __slots__ = ("at", "below", "entry")

    def __init__(self, entry: Entry[str]) -> None:
        _, _, state, place, _, note = self.entry = entry
        self.at: Position | None = (place.row, place.column) if place and state == "ok" else None
        self.below: Level = self if note == "filled_down" else Level(entry._replace(note="filled_down"))


NO_LEVEL = Level(ABSENT_TEXT)


class LevelCell(NamedTuple):
    """Where the level of a row is to be read.

    anchor: the first cell of a vertical merge that covers it; None where it stands for itself.
    """

    spot: Spot = NOWHERE
    anchor: Position | None = None


def level_of(cells: Cells, at: LevelCell, above: Level) -> Level:
    """A level cell; a merge or a blank below a filled one repeats what stands above."""
    spot, anchor = at
    cell = cells.get(spot.at)
    if cell is None or cell.kind in BROKEN:
        return NO_LEVEL if spot is NOWHERE else _unwritten_level(cells, spot, anchor, above)
    level = _label_at(spot.place, cell.text, cell.formula)
    return level if level.entry.ok or not above.entry.ok else above.below


def _unwritten_level(cells: Cells, spot: Spot, anchor: Position | None, above: Level) -> Level:
    """A level cell without a label of its own."""
    merged = anchor is not None and spot.at not in cells
    place = above.entry.place
    if merged and place is not None and anchor == (place.row, place.column):
        return above.below
    entry = meaning(cells, in_row(spot, anchor[0]) if merged and anchor else spot, as_label)
    if entry.ok and entry.place is not None:
        level = _label_at(entry.place, entry.raw, entry.formula)
        return level.below if merged else level
    return above.below if above.entry.ok and entry.state == "blank" else Level(entry)


@lru_cache(maxsize=512)
def _label_at(place: Place, text: str, formula: str | None) -> Level:
    """The same object for the same label, by which a remembered row is known again."""
    value, state = as_label(text)
    return Level(entry_of((value, text, state, place, formula, None)))
