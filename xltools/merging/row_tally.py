"""What some forms add to one row of the consolidated form: sums that can be added to those of others.

Everything here is a sum, a count or a list in the order of the forms, so that it does not matter how a
batch was cut into parts.  Divisions and rounding come when the batch is complete (`pooling`).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from decimal import Context, Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple, Self

from xltools.merging.facts import SEPARATOR, IndicatorFacts, Method, Way, exact
from xltools.merging.wording import Texts, Wording, shared
from xltools.scoring import ZERO
from xltools.vocabulary import label_key

EXACT = Context(prec=1500)
"""Loses no digit of any sum of products of two floats, which lie between 1e-648 and 1e+617."""

decimal_of = lru_cache(maxsize=1024)(exact)
"""`exact` of numbers that come again and again: weights, scores, round amounts."""

Facts = tuple[Any, ...]
"""The fields of `IndicatorFacts`, with names or as they travel in a `Digest`."""


def _fields(*names: str) -> Callable[[Facts], tuple[Any, ...]]:
    return itemgetter(*map(IndicatorFacts._fields.index, names))


KEY, _NAME, _RENAMED = map(IndicatorFacts._fields.index, ("key", "level3", "renamed"))
_wording = _fields(*Wording._fields)
_of_any = _fields("weight", "recomputed", "met", "renamed")
_of_words = _fields("target", "actual", "recomputed")
_of_numbers = _fields("target_number", "actual_number")


# --- a key ----------------------------------------------------------------------------------------


class Key(NamedTuple):
    """What rows of one key have in common (`IndicatorFacts.key`), labels as they are compared.

    measure: the unit of measure, and "/" behind it for numbers that are averaged, "+" for those added;
    "" for words."""

    family: str
    level2: str
    level3: str
    way: Way | None
    measure: str

    @classmethod
    def of(cls, text: str) -> Key:
        family, level2, level3, way, measure = text.split(SEPARATOR)
        return cls(family, level2, level3, way or None, measure)  # type: ignore[arg-type]

    @property
    def unit(self) -> str:
        return self.measure[:-1]

    @property
    def method(self) -> Method:
        if self.way in (None, "words"):
            return "scored"
        return "averaged" if self.measure.endswith("/") else "added"


# --- rows -----------------------------------------------------------------------------------------

_MISSED, _UNJUDGED, _FORM = 1, 2, 2
"""The mark of an indicator: a bit for each of two things to be named, above them the number of its form."""


class RowTally:
    """The indicators of one key.

    first: the wording of the first.  named: that of the first which has the name of the row itself, None
    while there are only such as a mapping brought here.  brought: the names of those, by their labels.
    points: weights in points, each times the funds of its form, of scored forms only; None when no
    scored form has the row.
    """

    __slots__ = ("brought", "first", "marks", "named", "points")
    method: ClassVar[Method]

    def __init__(self, first: Wording, named: Wording | None) -> None:
        self.first, self.named = first, named
        self.brought: dict[str, str] | None = None
        self.points: Decimal | None = None
        self.marks = array("I")

    def take(self, facts: Facts, form: int, funds: Decimal, scored: bool) -> None:
        """Adds one indicator.  form: its number.  funds: the weight of the form.  Under `EXACT`."""
        weight, recomputed, met, renamed = _of_any(facts)
        mark = form << _FORM
        if met is False:
            mark += _MISSED
        if recomputed is None if scored else not self._readable(facts):
            mark += _UNJUDGED
        if scored:
            points = self.points or ZERO
            if weight and isinstance(weight, float) and funds:
                points += funds * decimal_of(weight)
            self.points = points
        self.marks.append(mark)
        if renamed:
            self._bring({label_key(facts[_NAME]): facts[_NAME]})
        elif self.named is None:
            self.named = shared(Wording(*_wording(facts)))

    def _readable(self, facts: Facts) -> bool:
        """Whether the sums hold what an indicator of a form without scores says; words stand in none."""
        return True

    def _bring(self, names: dict[str, str]) -> None:
        self.brought = {**(self.brought or {}), **names}

    def join(self, later: Self, before: int) -> None:
        """Adds what later forms have.  before: how many forms come before those.  Under `EXACT`."""
        self.marks.extend(map((before << _FORM).__add__, later.marks))
        self.named = self.named or later.named
        if later.brought:
            self._bring(later.brought)
        if later.points is not None:
            self.points = (self.points or ZERO) + later.points

    def __len__(self) -> int:
        """How many indicators there are; a form may have several."""
        return len(self.marks)

    def forms(self) -> set[int]:
        """The numbers of the forms that have the row."""
        return {mark >> _FORM for mark in self.marks}

    def first_form(self) -> int:
        return self.marks[0] >> _FORM

    def missed(self) -> list[int]:
        """For each indicator whose target is not met the number of its form."""
        return [mark >> _FORM for mark in self.marks if mark & _MISSED]

    def unjudged(self) -> list[int]:
        """For each indicator that gets no score, or on a form without scores no numbers, the number of its
        form."""
        return [mark >> _FORM for mark in self.marks if mark & _UNJUDGED]


class WordsTally(RowTally):
    """Words, which only their scores can represent.  scores: each times the funds of its form."""

    __slots__ = ("actuals", "scores", "targets")
    method: ClassVar[Method] = "scored"

    def __init__(self, first: Wording, named: Wording | None) -> None:
        super().__init__(first, named)
        self.targets, self.actuals = Texts(), Texts()
        self.scores = ZERO

    def take(self, facts: Facts, form: int, funds: Decimal, scored: bool) -> None:
        RowTally.take(self, facts, form, funds, scored)
        target, actual, score = _of_words(facts)
        self.targets.take(target)
        self.actuals.take(actual)
        if scored and funds and score:
            self.scores += funds * decimal_of(score)

    def join(self, later: Self, before: int) -> None:
        super().join(later, before)
        self.targets.join(later.targets)
        self.actuals.join(later.actuals)
        self.scores += later.scores


class NumbersTally(RowTally):
    """Numbers that are added up: of the indicators that have both.  count: how many these are."""

    __slots__ = ("actual", "count", "target")
    method: ClassVar[Method] = "added"

    def __init__(self, first: Wording, named: Wording | None) -> None:
        super().__init__(first, named)
        self.count = 0
        self.target = self.actual = ZERO

    def take(self, facts: Facts, form: int, funds: Decimal, scored: bool) -> None:
        RowTally.take(self, facts, form, funds, scored)
        target, actual = _of_numbers(facts)
        if target is not None and actual is not None:
            self.add(decimal_of(target), decimal_of(actual))

    def _readable(self, facts: Facts) -> bool:
        return None not in _of_numbers(facts)

    def add(self, target: Decimal, actual: Decimal) -> None:
        self.count += 1
        self.target += target
        self.actual += actual

    def join(self, later: Self, before: int) -> None:
        super().join(later, before)
        self.count += later.count
        self.target += later.target
        self.actual += later.actual


class RatesTally(NumbersTally):
    """Numbers that are averaged, each times the funds of its form, which are added up beside them.

    count, target, actual: of the forms without funds, which count only where no form has any."""

    __slots__ = ("funded_actual", "funded_target", "funds")
    method: ClassVar[Method] = "averaged"

    def __init__(self, first: Wording, named: Wording | None) -> None:
        super().__init__(first, named)
        self.funds = self.funded_target = self.funded_actual = ZERO

    def take(self, facts: Facts, form: int, funds: Decimal, scored: bool) -> None:
        RowTally.take(self, facts, form, funds, scored)
        target, actual = _of_numbers(facts)
        if target is None or actual is None:
            return
        target, actual = decimal_of(target), decimal_of(actual)
        if not funds:
            self.add(target, actual)
            return
        self.funds += funds
        self.funded_target += funds * target
        self.funded_actual += funds * actual

    def join(self, later: Self, before: int) -> None:
        super().join(later, before)
        self.funds += later.funds
        self.funded_target += later.funded_target
        self.funded_actual += later.funded_actual


_TALLIES: dict[Method, type[RowTally]] = {
    each.method: each for each in (WordsTally, NumbersTally, RatesTally)
}


def row_tally(facts: Facts) -> RowTally:
    """For the indicators that have the key of this one; none is counted yet."""
    first = shared(Wording(*_wording(facts)))
    return _TALLIES[Key.of(facts[KEY]).method](first, None if facts[_RENAMED] else first)


def like(row: RowTally) -> RowTally:
    """For a batch of which these are the first indicators; none is counted yet."""
    first = shared(row.first)
    return type(row)(first, first if row.named == row.first else row.named)
