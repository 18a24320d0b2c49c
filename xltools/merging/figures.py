"""What 汇总 adds up and 总览 tells: the sums, counts and extremes of the lines, added up piece by piece."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from xltools.merging.consolidation import Lines
from xltools.merging.facts import exact, numeric
from xltools.merging.pooling import FindingLine, MergedForm
from xltools.merging.tally import FundTally
from xltools.model import Grade, Severity
from xltools.scoring import ZERO

MOST_WORST = 10
MOST_RANKED = 20


class Worst(NamedTuple):
    """A form with errors.  place: among the forms that count."""

    errors: int
    place: int
    unit: str
    stated: Decimal | None
    total: Decimal | None


class Rated(NamedTuple):
    rate: Decimal
    place: int


class Gap(NamedTuple):
    """A form whose total is stated otherwise than it is recomputed."""

    width: Decimal
    place: int
    stated: Decimal
    total: Decimal


@dataclass(slots=True)
class Mean:
    """Values added up for their mean."""

    total: Decimal = ZERO
    count: int = 0

    def take(self, value: Decimal | None) -> None:
        if value is not None:
            self.total += value
            self.count += 1

    def add(self, other: Mean) -> None:
        self.total += other.total
        self.count += other.count


@lru_cache(maxsize=64)
def _mark(unit: str) -> int:
    """Stands for a name where it only matters whether two are the same; half its size."""
    return int.from_bytes(blake2b(unit.encode("utf-8", "surrogatepass"), digest_size=7).digest(), "big")


@dataclass(slots=True)
class Figures:
    """money: 年度资金总额 of all forms, 万元.
    errors, warnings, missed: sums of these columns of 汇总.  incomplete: forms with an amount that is
    in no total.  weight: funds of the scored forms, 万元.
    stated_grades, grades: of all and of the scored forms, None without one.
    found: findings by severity.  units: severity -> who has some, as marks.  rules: code -> how often.
    """

    money: FundTally = field(default_factory=FundTally)
    errors: int = 0
    warnings: int = 0
    missed: int = 0
    incomplete: int = 0
    weight: Decimal = ZERO
    stated: Mean = field(default_factory=Mean)
    totals: Mean = field(default_factory=Mean)
    stated_grades: Counter[Grade | None] = field(default_factory=Counter)
    grades: Counter[Grade | None] = field(default_factory=Counter)
    found: Counter[Severity] = field(default_factory=Counter)
    units: dict[Severity, set[int]] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)
    titles: dict[str, str] = field(default_factory=dict)
    worst: list[Worst] = field(default_factory=list)
    lowest_rates: list[Rated] = field(default_factory=list)
    widest_gaps: list[Gap] = field(default_factory=list)

    def count_findings(self, lines: Iterable[FindingLine]) -> None:
        for facts, unit, *_ in lines:
            severity = facts.severity
            self.found[severity] += 1
            self.rules[facts.code] += 1
            self.titles[facts.code] = facts.title
            if unit:
                self.units.setdefault(severity, set()).add(_mark(unit))

    def count_form(self, form: MergedForm, place: int) -> None:
        facts, severities = form.facts, [finding.severity for finding in form.findings]
        errors = severities.count("error")
        stated, total = numeric(facts.stated_total), numeric(facts.total)
        self.money.take(facts.initial, facts.annual, facts.executed)
        self.errors += errors
        self.warnings += severities.count("warning")
        self.missed += sum([row.met is False for row in facts.indicators])
        self.incomplete += bool(form.remarks)
        self.stated.take(stated)
        self.totals.take(total)
        self.stated_grades[facts.stated_grade] += 1
        if facts.scored:
            self.weight += form.weight
            self.grades[facts.grade] += 1
        if errors:
            self.worst.append(Worst(errors, place, facts.unit, stated, total))
        if facts.rate is not None:
            self.lowest_rates.append(Rated(exact(facts.rate), place))
        if stated is not None and total is not None:
            self.widest_gaps.append(Gap(abs(stated - total), place, stated, total))

    def add(self, other: Figures) -> None:
        """Those of the lines that follow."""
        self.money.join(other.money)
        for name in ("stated", "totals"):
            getattr(self, name).add(getattr(other, name))
        for name in ("errors", "warnings", "missed", "incomplete", "weight"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("stated_grades", "grades", "found", "rules", "titles"):
            getattr(self, name).update(getattr(other, name))
        for severity, units in other.units.items():
            self.units.setdefault(severity, set()).update(units)
        for name in ("worst", "lowest_rates", "widest_gaps"):
            getattr(self, name).extend(getattr(other, name))
        self.trim()

    def trim(self) -> None:
        """Only the extremes are kept."""
        self.worst = sorted(self.worst, key=lambda each: (-each.errors, each.place))[:MOST_WORST]
        self.lowest_rates = sorted(self.lowest_rates)[:MOST_RANKED]
        self.widest_gaps = sorted(self.widest_gaps, key=lambda each: (-each.width, each.place))[:MOST_RANKED]


def figures_of(lines: Lines, first: int) -> Figures:
    """first: the place of the first form among those that count."""
    found = Figures()
    found.count_findings(lines.findings)
    for place, form in enumerate(lines.forms, start=first):
        found.count_form(form, place)
    found.trim()
    return found
