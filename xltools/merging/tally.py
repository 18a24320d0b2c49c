"""What some forms add to the consolidated form: made where the forms are read, added up where they meet.

A batch is cut into parts, each part is tallied by itself, the tallies are joined in the order of the
forms, and the result is that of tallying the batch at once, to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from typing import Any

from xltools.merging.facts import FormFacts, Value, numeric
from xltools.merging.row_tally import EXACT, KEY, Facts, RowTally, decimal_of, like, row_tally
from xltools.scoring import ZERO

ONE = Decimal(1)


def weight_of(facts: FormFacts, equal_weights: bool = False) -> Decimal:
    """What a form counts for: its 全年预算数 in 万元, or as much as every other."""
    return ONE if equal_weights else max(numeric(facts.annual) or ZERO, ZERO)


class FundTally:
    """Lines of one kind of funds, in 万元; an amount that is no number adds nothing.

    both_annual, both_executed: of the lines that give both.  complete: no line gives one of the two only.
    """

    __slots__ = ("annual", "both_annual", "both_executed", "complete", "executed", "initial")

    def __init__(self) -> None:
        self.initial = self.annual = self.executed = ZERO
        self.both_annual = self.both_executed = ZERO
        self.complete = True

    def take(self, initial: Value, annual: Value, executed: Value) -> None:
        if isinstance(initial, float):
            self.initial += decimal_of(initial)
        budget = decimal_of(annual) if isinstance(annual, float) else None
        spent = decimal_of(executed) if isinstance(executed, float) else None
        if budget is not None:
            self.annual += budget
        if spent is not None:
            self.executed += spent
        if budget is not None and spent is not None:
            self.both_annual += budget
            self.both_executed += spent
        elif budget is not None or spent is not None:
            self.complete = False

    def join(self, later: FundTally) -> None:
        self.initial += later.initial
        self.annual += later.annual
        self.executed += later.executed
        self.both_annual += later.both_annual
        self.both_executed += later.both_executed
        self.complete = self.complete and later.complete


class Tally:
    """What some forms add to the consolidated form.  It travels between processes.

    names: who sent the form, one for each.  rows: by `IndicatorFacts.key`, first come first.
    base: the weights of the scored forms.  execution: each of these times the weight of its execution rate.
    with_funds, scored, scored_with_funds: how many forms are such.

    What grows with the number of forms is a name for each and four bytes for each of their indicators.
    """

    __slots__ = (
        "base",
        "execution",
        "funds",
        "names",
        "rows",
        "scored",
        "scored_with_funds",
        "with_funds",
    )

    def __init__(self) -> None:
        self.names: list[str] = []
        self.rows: dict[str, RowTally] = {}
        self.funds: dict[str, FundTally] = {}
        self.base = self.execution = ZERO
        self.with_funds = self.scored = self.scored_with_funds = 0

    @property
    def by_funds(self) -> bool:
        """Whether funds can be the weights; if not, the batch is to be tallied with equal ones.

        They can if a form that is scored has any, or any form at all where none is scored."""
        return bool(self.scored_with_funds if self.scored else self.with_funds)

    def take(self, facts: FormFacts, equal_weights: bool) -> None:
        """Adds one form, behind those already there."""
        with localcontext(EXACT):
            weight = self._take_form(facts, equal_weights)
            self._take_funds(facts.funds)
            self._take_indicators(facts.indicators, weight, facts.scored)
        self.names.append(facts.unit or facts.project)

    def _take_form(self, facts: FormFacts, equal_weights: bool) -> Decimal:
        own = weight_of(facts)
        weight = ONE if equal_weights else own
        self.with_funds += bool(own)
        if facts.scored:
            self.scored += 1
            self.scored_with_funds += bool(own)
            self.base += weight
            self.execution += weight * decimal_of(facts.execution_weight)
        return weight

    def _take_funds(self, lines: Iterable[tuple[Any, ...]]) -> None:
        for kind, _, initial, annual, executed, _ in lines:
            line = self.funds.get(kind)
            if line is None:
                line = self.funds[kind] = FundTally()
            line.take(initial, annual, executed)

    def _take_indicators(self, indicators: Iterable[Facts], weight: Decimal, scored: bool) -> None:
        form, rows = len(self.names), self.rows
        for facts in indicators:
            key = facts[KEY]
            row = rows.get(key)
            if row is None:
                row = rows[key] = row_tally(facts)
            row.take(facts, form, weight, scored)

    def join(self, later: Tally) -> None:
        """Adds forms that come behind those already there; ``later`` stays as it is."""
        with localcontext(EXACT):
            self.base += later.base
            self.execution += later.execution
            for kind, line in later.funds.items():
                self.funds.setdefault(kind, FundTally()).join(line)
            self._join_rows(later.rows)
        self.names += later.names
        self.with_funds += later.with_funds
        self.scored += later.scored
        self.scored_with_funds += later.scored_with_funds

    def _join_rows(self, later: Mapping[str, RowTally]) -> None:
        before = len(self.names)
        for key, row in later.items():
            mine = self.rows.get(key)
            if mine is None:
                mine = self.rows[key] = like(row)
            mine.join(row, before)


def tally(forms: Iterable[FormFacts], equal_weights: bool = False) -> Tally:
    """What the forms add to the consolidated form.

    equal_weights: each form counts as 1, for a batch whose ``by_funds`` is False.
    """
    made = Tally()
    for facts in forms:
        made.take(facts, equal_weights)
    return made


def joined(tallies: Iterable[Tally]) -> Tally:
    """The tally of all their forms; they come in the order of these."""
    made = Tally()
    for each in tallies:
        made.join(each)
    return made
