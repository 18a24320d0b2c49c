"""Results to store beside the formulas of the slots and lines, as a calculating program would find them.

They come from the rules themselves: the form is read back and judged, and a flag is 1 where the
rule has a finding.  Only a form whose indicator rows are still blank is stored exactly; programs
that calculate find the rest on opening.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from xltools import scoring
from xltools.model import Entry, Finding, FundLine, SelfEvaluation
from xltools.profiles import Profile
from xltools.rules.funds import money_explained
from xltools.sheet_checks.anchors import Anchors
from xltools.sheet_checks.fund_rows import FIELDS
from xltools.sheet_checks.slots import Slots, mark
from xltools.sheet_checks.verdicts import NOWHERE, Line
from xltools.vocabulary import label_key, vocabulary

Results = dict[str, Decimal | str]


class Judged(NamedTuple):
    """The form as the rules see it: read back, with what they found."""

    form: SelfEvaluation
    assessment: scoring.Assessment
    findings: tuple[Finding, ...]

    def broken(self, code: str, cell: str) -> bool:
        """A rule complains of the cell.  Texts that are merely similar no formula can tell."""
        return any(
            found.code == code and cell in found.cells and found.variant != "similar"
            for found in self.findings
        )

    @property
    def blank(self) -> dict[str, bool]:
        amounts = [entry.ok for line in self.form.sources for _, entry in line.amounts()]
        goals = self.form.goal_expected, self.form.goal_actual
        return {
            "rows": not self.form.indicators,
            "money": not any(amounts),
            "goals": any(entry.empty for entry in goals),
        }


def row_results(at: Anchors, slots: Slots, judged: Judged) -> list[Results]:
    """The slots of indicator rows nobody filled in yet."""
    found: list[Results] = []
    for index, line in enumerate(at.content.indicators):
        group = vocabulary().level1_of(line.level1) or ""
        happy = group == "satisfaction" or "满意" in line.level2
        results: Results = {
            "row": Decimal(at.indicators.header + 1 + index),
            "level1": line.level1,
            "level2": line.level2,
            "group": group,
            "happy": Decimal(happy),
            "way": "higher" if happy else "",
        }
        found.append(results | _marks(at, slots, judged, "indicator", index))
    return found


def fund_results(at: Anchors, slots: Slots, judged: Judged, profile: Profile) -> list[Results]:
    explained = Decimal(money_explained(judged.form))
    found: list[Results] = []
    for index, line in enumerate(judged.form.funds):
        results: Results = {
            "row": Decimal(line.row),
            "label": label_key(line.label.raw),
            **{field: _tidied(getattr(line, field)) for field in FIELDS[1:]},
            "used": Decimal(1),
            "kind": vocabulary().fund_kind(line.label.raw) or "",
            "total": Decimal(not index),
            "explained": explained,
            **_recomputed(line, profile, first=not index),
        }
        found.append(results | _marks(at, slots, judged, "fund", index))
    found += [{"explained": explained}] * (slots.size - len(found))
    return found


def _marks(at: Anchors, slots: Slots, judged: Judged, band: str, index: int) -> Results:
    told: dict[str, str] = {}
    for flag in slots.flags:
        if judged.broken(flag.code, at.placed.cell(f"{band}.{flag.field}", index)):
            told[mark(flag.field)] = told.get(mark(flag.field), "") + flag.mark
    return dict(told)


def _tidied(entry: Entry[Decimal]) -> Decimal | str:
    if entry.state == "dash":
        return scoring.NOT_APPLICABLE
    return entry.raw.strip() if entry.value is None else entry.value


def _recomputed(line: FundLine, profile: Profile, *, first: bool) -> Results:
    annual, executed, weight = line.annual_budget.value, line.executed.value, line.weight
    rate = None if annual is None or executed is None else scoring.execution_rate(annual, executed)
    full = profile.execution_weight if weight.empty else weight.value
    score = scoring.execution_score(rate, full) if first and rate is not None and full is not None else None
    initial = line.initial_budget.value
    apart = initial is not None and annual is not None and abs(annual - initial) > profile.amount_tolerance
    return {
        "rate": "" if rate is None else rate,
        "full": "" if full is None else full,
        "again": "" if score is None else score,
        "changed": Decimal(apart),
    }


def faults(
    line: Line, judged: Judged, slots: tuple[Slots, ...], results: tuple[list[Results], ...], at: Anchors
) -> tuple[int, str]:
    """How many cells a line counts, and the first of them."""
    cells = [
        at.placed.cell(f"{band}.{flag.field}", index)
        for each, found, band in zip(slots, results, ("indicator", "fund"), strict=True)
        for flag in each.flags
        if flag.code == line.code
        for index, result in enumerate(found)
        if line.code in str(result.get(mark(flag.field), ""))
    ]
    if any(flag.code == line.code for each in slots for flag in each.flags) and line.code != "STR-14":
        return len(cells), min(cells, key=_fund_first(at)) if cells else ""
    found_ = [each for each in judged.findings if each.code == line.code and each.variant != "similar"]
    places = [cell for each in found_ for cell in each.cells]
    if line.code in ("STR-04", "STR-14"):
        return len(places), places[0] if places else ""
    if not found_:
        return 0, ""
    return 1, places[0] if places and line.code not in NOWHERE else ""


def _fund_first(at: Anchors) -> Callable[[str], bool]:
    """The order in which 校验 looks for the first cell: money before indicators."""
    return lambda cell: int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) >= at.indicators.header
