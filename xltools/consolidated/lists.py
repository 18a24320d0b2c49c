"""The rows of the long lists, bundle by bundle, in whatever process: markup, deflated and ready to be
put one behind the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from xltools import remembering
from xltools.consolidated import details, findings, summary
from xltools.consolidated.blocks import Block, deflated
from xltools.consolidated.columns import Out
from xltools.consolidated.paths import Paths, quoted
from xltools.consolidated.rows import Rows
from xltools.consolidated.sheets import FINDINGS, FUNDS, INDICATORS, SOURCES, SUMMARY, Slot
from xltools.locate import signs
from xltools.merging import Decided, Digest, Figures, FindingLine, Lines, Packed, figures_of, lines
from xltools.model import Severity
from xltools.parallel import collection_paused
from xltools.sheets import plain

if TYPE_CHECKING:
    from xltools.consolidated.context import UnitSheet

COLUMNS = {
    SUMMARY: summary.COLUMNS,
    FUNDS: details.FUND_COLUMNS,
    INDICATORS: details.INDICATOR_COLUMNS,
    FINDINGS: findings.FINDING_COLUMNS,
    SOURCES: findings.SOURCE_COLUMNS,
}
_SCORES = details.INDICATOR_LETTERS["复算得分"]  # what the recomputed total adds up


class Scene(NamedTuple):
    """What all bundles have in common.  outs: the columns of each list.  grade: the formula of a grade."""

    paths: Paths
    outs: Mapping[str, tuple[Out, ...]]
    grade: str


class Where(NamedTuple):
    """Where the rows of a bundle begin in the lists that may go on on another sheet."""

    funds: Slot
    indicators: Slot
    findings: Mapping[Severity, Slot]


class Task(NamedTuple):
    """mark: begins the ids of the files that are linked to."""

    digests: Packed[Sequence[Digest]]
    decided: Decided
    where: Where
    mark: str


class Piece(NamedTuple):
    """Some rows of a list, their links, and the files these refer to."""

    rows: Block
    links: Block
    relations: Block


class Written(NamedTuple):
    """pieces: by list, those of 问题清单 by severity.  figures: what the lines add up to."""

    pieces: Mapping[str | Severity, Piece]
    figures: Figures


def written(scene: Scene, task: Task) -> Written:
    """The rows of a bundle whose forms have no sheets of their own, written by a worker."""
    _make_room()
    with collection_paused():
        return with_units(scene, task, {})


@cache
def _make_room() -> None:
    """Once in every worker: the files are read, and what was remembered of them gives room."""
    remembering.forget()
    plain.forget()
    signs.forget()


def with_units(scene: Scene, task: Task, units: Mapping[int, UnitSheet]) -> Written:
    """units: the sheets of the forms by their places."""
    decided = task.decided
    found = lines(task.digests.opened(), decided)
    scribe = _Scribe(scene, task, units)
    pieces: dict[str | Severity, Piece] = {
        SUMMARY: scribe.summary(found),
        FUNDS: scribe.funds(found),
        INDICATORS: scribe.indicators(found),
        SOURCES: scribe.sources(found),
    }
    for severity, slot in task.where.findings.items():
        mine = [line for line in found.findings if line.facts.severity == severity]
        mark = f"{task.mark}{severity}_"  # the pieces of one sheet must not call two files the same
        pieces[severity] = findings_piece(scene, mine, slot, mark, units)
    return Written(pieces, figures_of(found, decided.first))


def findings_piece(
    scene: Scene,
    found: Iterable[FindingLine],
    slot: Slot,
    mark: str,
    units: Mapping[int, UnitSheet],
) -> Piece:
    rows = Rows(scene.outs[FINDINGS], slot.row, mark, links=2 if units else 1)
    rows.extend(findings.finding_row(line, scene.paths, units) for line in found)
    return piece(rows)


def piece(rows: Rows) -> Piece:
    made = rows.markup()
    return Piece(deflated(made.rows), deflated(made.links), deflated(made.relations))


class _Scribe:
    """Writes the lines of one bundle."""

    def __init__(self, scene: Scene, task: Task, units: Mapping[int, UnitSheet]) -> None:
        self._scene, self._task, self._units = scene, task, units

    def _rows(self, sheet: str, first: int, links: int = 1) -> Rows:
        return Rows(self._scene.outs[sheet], first, self._task.mark, links)

    def summary(self, found: Lines) -> Piece:
        slot, place = self._task.where.indicators, self._task.decided.first
        rows, row = self._rows(SUMMARY, place + 2, links=2 if self._units else 1), slot.row
        for at, form in enumerate(found.forms, start=place):
            last = row + len(form.facts.indicators) - 1
            span = f"{quoted(slot.sheet)}!{_SCORES}{row}:{_SCORES}{last}"
            about = summary.Surroundings(at, span, self._scene.grade, self._units.get(at))
            rows.add(*summary.form_row(form, about, self._scene.paths))
            row = last + 1
        return piece(rows)

    def funds(self, found: Lines) -> Piece:
        rows = self._rows(FUNDS, self._task.where.funds.row)
        for form in found.forms:
            details.write_funds(form, rows, self._scene.paths)
        return piece(rows)

    def indicators(self, found: Lines) -> Piece:
        rows = self._rows(INDICATORS, self._task.where.indicators.row)
        for form in found.forms:
            details.write_indicators(form, rows, self._scene.paths)
        return piece(rows)

    def sources(self, found: Lines) -> Piece:
        rows = self._rows(SOURCES, self._task.decided.first_file + 2)
        rows.extend(findings.source_row(file, self._scene.paths) for file in found.files)
        return piece(rows)
