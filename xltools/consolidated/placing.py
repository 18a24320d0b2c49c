"""Which rows go to which sheet, before anything is written: formulas and links refer to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xltools.consolidated.lists import Where
from xltools.consolidated.sheets import (
    FINDINGS,
    FUNDS,
    INDICATORS,
    SOURCES,
    SUMMARY,
    Part,
    Slot,
    Span,
    parts,
    require_room,
    slots,
)
from xltools.merging import Bundle, Consolidation, Decided, FindingLine
from xltools.model import WORST_FIRST, Severity

_BATCH = 256  # the batch's own findings that are written in one piece


class Item(NamedTuple):
    """Some rows of 问题清单: the findings of one severity in a bundle, or some of the batch's own."""

    severity: Severity
    bundle: int | None
    own: tuple[FindingLine, ...]
    rows: int


class Placing(NamedTuple):
    """funds, indicators, findings: the sheets of these lists.  where: the rows of each bundle.
    items: those of 问题清单 in order, with their slots."""

    funds: tuple[Part, ...]
    indicators: tuple[Part, ...]
    findings: tuple[Part, ...]
    where: tuple[Where, ...]
    items: tuple[tuple[Item, Slot], ...]


def placed(c: Consolidation) -> Placing:
    """Raises TooManyRows when a list does not fit."""
    require_room(SUMMARY, len(c.place))
    require_room(SOURCES, sum(each.files for each in c.bundles))
    counts = [_counts(*pair) for pair in zip(c.bundles, c.decided, strict=True)]
    funds, indicators = ([sum(pair[at] for pair in each) for each in counts] for at in (0, 1))
    items = tuple(_items(c))
    fund_parts, indicator_parts = parts(FUNDS, funds), parts(INDICATORS, indicators)
    finding_parts = parts(FINDINGS, [item.rows for item in items])
    placed_items = tuple(zip(items, slots(finding_parts, [item.rows for item in items]), strict=True))
    found: list[dict[Severity, Slot]] = [{} for _ in c.bundles]
    for item, slot in placed_items:
        if item.bundle is not None:
            found[item.bundle][item.severity] = slot
    where = tuple(map(Where, slots(fund_parts, funds), slots(indicator_parts, indicators), found))
    return Placing(fund_parts, indicator_parts, finding_parts, where, placed_items)


def _counts(bundle: Bundle, decided: Decided) -> list[tuple[int, int]]:
    """(fund lines, indicators) of each form that counts."""
    return [size for at, size in enumerate(bundle.sizes) if at not in decided.left_out]


def spans(c: Consolidation, where: Sequence[Where]) -> Iterator[Span]:
    """The rows of each form in 指标明细."""
    for bundle, decided, each in zip(c.bundles, c.decided, where, strict=True):
        row = each.indicators.row
        for _, indicators in _counts(bundle, decided):
            yield Span(each.indicators.sheet, row, row + indicators - 1)
            row += indicators


def _items(c: Consolidation) -> Iterator[Item]:
    """Worst first; of the same severity those of the batch first, then bundle by bundle."""
    for severity in WORST_FIRST:
        own = [line for line in c.batch_findings if line.facts.severity == severity]
        for start in range(0, len(own), _BATCH):
            some = tuple(own[start : start + _BATCH])
            yield Item(severity, None, some, len(some))
        for at, bundle in enumerate(c.bundles):
            if count := bundle.counts.get(severity, 0):
                yield Item(severity, at, (), count)
