"""What every sheet of the consolidated workbook needs to know of the others: rows, names, links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xltools.consolidated.look import Look
from xltools.consolidated.paths import Paths
from xltools.consolidated.sheets import Part, Span
from xltools.form_sheet import Placement
from xltools.merging import Consolidation, Figures


class UnitSheet(NamedTuple):
    """The sheet of a form: its name, where its cells are, and source cell -> cell."""

    name: str
    placement: Placement
    cells: Mapping[str, str]


@dataclass(slots=True)
class Context:
    """units: the sheets of the forms, in their order, or none.
    indicators, funds, findings: the sheets of these lists.
    spans: the rows of each form in 指标明细, where the forms have sheets.
    figures: what the rows of the lists add up to, once they are written."""

    consolidation: Consolidation
    look: Look
    paths: Paths
    units: tuple[UnitSheet, ...] = ()
    indicators: tuple[Part, ...] = ()
    funds: tuple[Part, ...] = ()
    findings: tuple[Part, ...] = ()
    spans: tuple[Span, ...] = ()
    figures: Figures = field(default_factory=Figures)

    @property
    def forms(self) -> int:
        """How many count."""
        return len(self.consolidation.place)

    @property
    def last_form(self) -> int:
        """The last row of a form in 汇总."""
        return self.forms + 1
