"""Who was to report and who did: a roster beside the forms that came in.

Names are compared as labels are: width, blanks and the （部门） that exports append do not count.
A name that is merely similar is shown as such and never taken for the unit.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from xltools.model import Finding, Identity
from xltools.roster import RosterRow
from xltools.rules.consolidation import not_sent, unit_key
from xltools.vocabulary import label_key

Attended = Literal["reported", "left_out", "duplicate", "missing"]
_SIMILAR = 0.6
_NAMED = 3  # projects that are compared with the one on the roster


class Attendance(NamedTuple):
    """A line of the roster.  forms: those of the unit and project, as indices.
    near: the unit of an unexpected form that is spelled much alike.
    instead: the projects of unexpected forms of this very unit, those spelled most alike first."""

    expected: RosterRow
    status: Attended
    forms: tuple[int, ...]
    near: str = ""
    instead: tuple[str, ...] = ()


class RollCall(NamedTuple):
    """unexpected: forms of nobody on the roster, as indices."""

    lines: tuple[Attendance, ...]
    unexpected: tuple[int, ...]

    def count(self, *statuses: Attended) -> int:
        return sum(line.status in statuses for line in self.lines)


def call(roster: Sequence[RosterRow], forms: Sequence[Identity], left_out: Collection[int]) -> RollCall:
    """left_out: forms that count in no total."""
    by_unit: dict[str, list[tuple[int, str]]] = {}
    for at, form in enumerate(forms):
        by_unit.setdefault(unit_key(form.unit), []).append((at, label_key(form.project)))
    claimed: set[int] = set()
    found = []
    for row in _distinct(roster):
        project = label_key(row.project)
        mine = [at for at, its in by_unit.get(unit_key(row.unit), ()) if not project or its == project]
        claimed.update(mine)
        found.append(mine)
    unexpected = tuple(at for at in range(len(forms)) if at not in claimed)
    strangers = _Strangers((forms[at] for at in unexpected), {unit_key(row.unit) for row in roster})
    lines = (
        _attendance(row, mine, left_out, strangers)
        for row, mine in zip(_distinct(roster), found, strict=True)
    )
    return RollCall(tuple(lines), unexpected)


class _Strangers:
    """The units and projects of unexpected forms, to be proposed for lines nobody answered.

    listed: the units on the roster; such a unit is not another one misspelled."""

    def __init__(self, forms: Iterable[Identity], listed: Collection[str]) -> None:
        self._projects: dict[str, dict[str, None]] = {}
        units = set()
        for form in forms:
            key = unit_key(form.unit)
            self._projects.setdefault(key, {})[form.project] = None
            if form.unit and key not in listed:
                units.add(form.unit)
        self._units = sorted(units)

    def of(self, row: RosterRow) -> tuple[str, ...]:
        """The projects of the unit itself."""
        found = list(self._projects.get(unit_key(row.unit), ()))
        near = difflib.get_close_matches(row.project, found, n=_NAMED, cutoff=0.0) if found else []
        return tuple(dict.fromkeys([*near, *found]))

    def near(self, row: RosterRow) -> str:
        found = difflib.get_close_matches(row.unit, self._units, n=1, cutoff=_SIMILAR)
        return found[0] if found else ""


def _distinct(roster: Sequence[RosterRow]) -> list[RosterRow]:
    """Each unit and project once, whatever the roster repeats."""
    return list({(unit_key(row.unit), label_key(row.project)): row for row in reversed(roster)}.values())[
        ::-1
    ]


def _attendance(
    row: RosterRow, mine: list[int], left_out: Collection[int], strangers: _Strangers
) -> Attendance:
    counted = [at for at in mine if at not in left_out]
    if not mine:
        instead = strangers.of(row)
        return Attendance(row, "missing", (), "" if instead else strangers.near(row), instead)
    if counted:
        return Attendance(row, "reported", tuple(mine))
    return Attendance(row, "duplicate" if len(mine) > 1 else "left_out", tuple(mine))


def absences(roll_call: RollCall) -> list[Finding]:
    """CON-02 for each line of the roster nobody answered."""
    absent = [line.expected for line in roll_call.lines if line.status == "missing"]
    return list(not_sent([(row.unit, row.project) for row in absent]))
