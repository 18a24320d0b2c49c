"""The `@rule` decorator: one code, one function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple, TypeVar

from xltools.model import Severity

Needs = Literal["form", "scores", "report", "batch", "roster"]
Check = Callable[[Any], Iterable[Any]]
C = TypeVar("C", bound=Check)


class Rule(NamedTuple):
    """needs: "form" always runs; "scores" only on a form that has 分值 and 得分; "report" only when a
    report is given; "batch" looks at many forms at once (its function takes a sequence of forms and
    yields (index, Finding)); "roster" is given the (unit, project) nobody sent."""

    code: str
    severity: Severity
    needs: Needs
    since: str
    check: Check


RULES: dict[str, Rule] = {}


def rule(code: str, *, severity: Severity, needs: Needs = "form", since: str = "0.1") -> Callable[[C], C]:
    """Register the function of a code.  Its docstring is its page: what; 为什么；例；依据."""

    def register(check: C) -> C:
        if code in RULES:
            raise ValueError(f"two functions for {code}")
        RULES[code] = Rule(code, severity, needs, since, check)
        return check

    return register
