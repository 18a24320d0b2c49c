"""The decorators of rules: one code, one page, one function about the form or about one of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple, TypeVar

from xltools.model import Severity

Needs = Literal["form", "scores", "report", "batch", "roster"]
FormTrait = Literal["unfilled", "unreadable", "incomplete", "shifted", "odd_money", "changed_money"]
RowTrait = Literal[
    "quantitative", "qualitative", "gap", "unitless", "unsigned", "unweighted",
    "zero", "exact", "beyond", "unmet", "short", "incomparable", "measured",
]  # fmt: skip
Check = Callable[..., Iterable[Any]]
C = TypeVar("C", bound=Check)


class Rule(NamedTuple):
    """needs: "form" always runs; "scores" only on a form that has 分值 and 得分; "report" only when a
    report is given; "batch" looks at many forms at once (its function takes a sequence of forms and the
    year of the batch, None where no form states one, and yields (index, Finding)); "roster" is given
    the (unit, project) nobody sent.
    traits: it looks only at forms (see `FormTraits`) or rows (`RowTraits`) that have all of them.
    by_row: its function is given one indicator row after the other instead of the form."""

    code: str
    severity: Severity
    needs: Needs
    since: str
    check: Check
    traits: frozenset[str] = frozenset()
    by_row: bool = False


class RowCheck(NamedTuple):
    """A question to each row that has all the ``traits`` (see `RowTraits`).  Its function is given a
    `JudgedRow` and a `Setting`, and nothing of the form besides: so the answer holds wherever the same
    row stands in the same setting."""

    code: str
    needs: Needs
    traits: frozenset[RowTrait]
    check: Check


RULES: dict[str, Rule] = {}
ROW_CHECKS: list[RowCheck] = []


def rule(
    code: str, *traits: FormTrait, severity: Severity, needs: Needs = "form", since: str = "0.1"
) -> Callable[[C], C]:
    """Register the function of a code.  Its docstring is its page: what; 为什么；例；依据."""

    def register(check: C) -> C:
        _add(Rule(code, severity, needs, since, check, frozenset(traits)))
        return check

    return register


def row_rule(
    code: str, *traits: RowTrait, severity: Severity, needs: Needs = "form", since: str = "0.1"
) -> Callable[[C], C]:
    """As `rule`, for a code that looks at one indicator row alone, and only at rows with these traits."""

    def register(check: C) -> C:
        _add(Rule(code, severity, needs, since, check, frozenset(traits), by_row=True))
        ROW_CHECKS.append(RowCheck(code, needs, frozenset(traits), check))
        return check

    return register


def row_part(code: str, *traits: RowTrait) -> Callable[[C], C]:
    """What a registered rule about the form asks of each indicator row besides."""

    def register(check: C) -> C:
        ROW_CHECKS.append(RowCheck(code, RULES[code].needs, frozenset(traits), check))
        return check

    return register


def _add(new: Rule) -> None:
    if new.code in RULES:
        raise ValueError(f"two functions for {new.code}")
    RULES[new.code] = new
