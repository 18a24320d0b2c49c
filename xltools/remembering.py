"""What was worked out of a value once need not be worked out again.

Forms of one batch repeat each other: the same template, the same indicators, the same rows.  Such values
never change, and they are too large to be hashed at every question, so they are known by their identity.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_ALL: list[dict[Any, Any]] = []


def remembered(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember up to ``most`` answers of a function of unchanging values, by the identity of its arguments.

    The arguments are kept with the answer, so that no other object can take their identity.  When there
    are too many answers all are forgotten: a batch whose forms repeat nothing costs no more memory.
    Positional arguments only.
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        known: dict[tuple[int, ...], tuple[R, tuple[Any, ...]]] = {}
        _ALL.append(known)

        @wraps(work)
        def ask(*values: P.args, **none: P.kwargs) -> R:
            key = tuple(map(id, values))
            found = known.get(key)
            if found is None:
                if len(known) >= most:
                    known.clear()
                found = known[key] = (work(*values, **none), values)
            return found[0]

        return ask

    return decorate


def forget() -> None:
    """Empty everything that is remembered (for measuring a first time)."""
    for known in _ALL:
        known.clear()
