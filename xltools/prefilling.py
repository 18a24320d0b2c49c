"""One workbook a row of a roster, with what is known of the unit filled in and marked."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple

from xltools import template
from xltools.form_sheet import FormContent, FundRow
from xltools.parallel import Progress, each_file, no_progress
from xltools.profiles import load_profile
from xltools.quantities import parse_number
from xltools.roster import RosterRow, read_roster

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_LONGEST = 60
_AMOUNTS = ("initial_budget", "annual_budget")


class Issued(NamedTuple):
    """written: the workbooks made.  existing: files that stood there and were left as they are.
    failed: files that could not be written, with the reason.
    unread: (row of the roster, field, text) of amounts that are no number and were not filled in."""

    written: tuple[Path, ...]
    existing: tuple[Path, ...]
    failed: tuple[tuple[Path, str], ...] = ()
    unread: tuple[tuple[int, str, str], ...] = ()


class _Outcome(NamedTuple):
    path: Path
    existed: bool = False
    problem: str = ""


def issue(
    roster: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    year: int | None = None,
    project: str = "",
    department: str = "",
    indicators: int = 10,
    layout: str = "nmg-12",
    jobs: int | None = None,
    progress: Progress = no_progress,
) -> Issued:
    """Write one prefilled workbook for each row of a roster.

    year, project, department: for the rows that state none.  A budget of the roster is that of the
    whole project, so it goes into the total and is locked; the sources stay open and must add up to it.
    Raises Refusal for a roster that cannot be used, ValueError for a layout there is not.
    """
    rows = read_roster(roster)
    names = file_names(rows)
    usual = _Usual(year, project, department, indicators, layout)
    template.blank(layout, indicators=indicators)  # what cannot be drawn is refused before the first file
    work = partial(_issue_one, rows, [Path(folder, name) for name in names], usual)
    done = each_file(work, [str(at) for at in range(len(rows))], lost=_lost, jobs=jobs, progress=progress)
    return Issued(
        tuple(each.path for each in done if not each.existed and not each.problem),
        tuple(each.path for each in done if each.existed),
        tuple((each.path, each.problem) for each in done if each.problem),
        tuple(
            (row.number, field, text)
            for row in rows
            for field in _AMOUNTS
            if (text := getattr(row, field)) and _amount(text) is None
        ),
    )


class _Usual(NamedTuple):
    year: int | None
    project: str
    department: str
    indicators: int
    layout: str


def _issue_one(rows: Sequence[RosterRow], paths: Sequence[Path], usual: _Usual, at: str) -> _Outcome:
    row, path = rows[int(at)], paths[int(at)]
    content, given = prefilled(row, usual)
    try:
        template.save_checked(path, content, given=given, overwrite=False)
    except FileExistsError:
        return _Outcome(path, existed=True)
    except OSError as failure:
        return _Outcome(path, problem=failure.strerror or str(failure))
    return _Outcome(path)


def _lost(at: str) -> _Outcome:
    return _Outcome(Path(at), problem="stopped")


def prefilled(row: RosterRow, usual: _Usual) -> tuple[FormContent, frozenset[tuple[str, int]]]:
    """The form of a unit, and which cells come filled in."""
    content = template.blank(
        usual.layout,
        year=row.year or usual.year,
        project=row.project or usual.project,
        unit=row.unit,
        department=row.department or usual.department,
        indicators=usual.indicators,
    )
    heads = ("project_name", "supervising_department", "implementing_unit")
    given = {(field, 0) for field in heads if getattr(content, field)}
    amounts = {field: _amount(getattr(row, field)) for field in _AMOUNTS}
    given |= {(f"fund.{field}", 0) for field, amount in amounts.items() if amount is not None}
    bare = replace(content, funds=(_with(content.funds[0], amounts), *content.funds[1:]))
    profile = load_profile(template.PROFILES[content.layout])
    return template.with_formulas(bare, profile, blank=True), frozenset(given)


def _with(total: FundRow, amounts: Mapping[str, Decimal | None]) -> FundRow:
    """The total with the known amounts; rate and score follow from them, so they are made anew."""
    return total._replace(
        initial_budget=amounts["initial_budget"] or total.initial_budget,
        annual_budget=amounts["annual_budget"] or total.annual_budget,
        execution_rate=None,
        score=None,
    )


def _amount(text: str) -> Decimal | None:
    found = parse_number(text) if text else None
    return None if found is None or found.unit or found.percent else found.value


# --- names ----------------------------------------------------------------------------------------


def file_names(rows: Sequence[RosterRow]) -> list[str]:
    """``001_示例一中心.xlsx``: sorted as the roster is; the project where a unit has several."""
    digits = max(3, len(str(len(rows))))
    units = Counter(row.unit for row in rows)
    return [
        f"{number:0{digits}d}_{_safe(row.unit, row.project if units[row.unit] > 1 else '')}.xlsx"
        for number, row in enumerate(rows, start=1)
    ]


def _safe(unit: str, project: str) -> str:
    """A name every file system takes: no forbidden characters, no blank or dot at its end, not too long."""
    parts = [_FORBIDDEN.sub("_", " ".join(part.split())).strip(" .") for part in (unit, project) if part]
    return "_".join(part[:_LONGEST].rstrip(" .") for part in parts)
