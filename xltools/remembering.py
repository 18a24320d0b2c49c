"""What was worked out of a value once need not be worked out again.

Forms of one batch repeat each other: the same template, the same indicators, the same rows.  Such values
never change, and they are too large to be hashed at every question, so they are known by their identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

_ALL: list[dict[Any, Any]] = []
_UNKNOWN = object()


class Remembered(Protocol[P, R_co]):
    """A function that remembers its answers."""

    def __call__(self, *values: P.args, **none: P.kwargs) -> R_co: ...

    def each(self, *columns: Iterable[Any]) -> list[R_co]:
        """The answers to the first of all columns, to the second of all, and so on: at a quarter of the
        cost of as many questions where they are remembered.  One column may go on for ever."""


def remembered(most: int) -> Callable[[Callable[P, R]], Remembered[P, R]]:
    """Remember up to ``most`` answers of a function of unchanging values, by the identity of its arguments.

    The arguments are kept with the answer, so that no other object can take their identity.  When there
    are too many answers all are forgotten: a batch whose forms repeat nothing costs no more memory.
    Positional arguments only.
    """

    def decorate(work: Callable[P, R]) -> Remembered[P, R]:
        known: dict[tuple[int, ...], Any] = {}
        kept: dict[tuple[int, ...], tuple[Any, ...]] = {}
        _ALL.extend((known, kept))

        @wraps(work)
        def ask(*values: P.args, **none: P.kwargs) -> R:
            key = tuple(map(id, values))
            found: Any = known.get(key, _UNKNOWN)
            if found is _UNKNOWN:
                if len(known) >= most:
                    known.clear()
                    kept.clear()
                found = known[key] = work(*values, **none)
                kept[key] = values
            return cast(R, found)

        def each(*columns: Iterable[Any]) -> list[R]:
            found = list(map(known.get, zip(*[map(id, column) for column in columns], strict=False)))
            if all(found):
                return found
            rows = zip(*columns, strict=False)
            return [answer or ask(*row) for answer, row in zip(found, rows, strict=False)]  # type: ignore[call-arg]

        ask.each = each  # type: ignore[attr-defined]
        return cast("Remembered[P, R]", ask)

    return decorate


def forget() -> None:
    """Empty everything that is remembered (for measuring a first time)."""
    for known in _ALL:
        known.clear()
