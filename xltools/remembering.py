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

_ALL: list[dict[Any, Any] | list[Any]] = []
_UNKNOWN = object()


class Remembered(Protocol[P, R]):
    """A function that remembers its answers."""

    def __call__(self, *values: P.args, **none: P.kwargs) -> R: ...

    def each(self, *columns: Iterable[Any]) -> list[R]:
        """The answers to the first of all columns, to the second of all, and so on: at a quarter of the
        cost of as many questions where they are remembered.  One column may go on for ever."""


def remembered(most: int) -> Callable[[Callable[P, R]], Remembered[P, R]]:
    """Remember up to ``most`` answers of a function of unchanging values, by the identity of its arguments.

    The arguments are kept with the answer, so that no other object can take their identity.  There are two
    generations: when the younger one holds its half, the older one is forgotten and the younger takes its
    place.  An answer that is asked for becomes young again, so what comes with every form is never
    forgotten, and a batch whose forms repeat nothing costs no more memory.  Positional arguments only.
    """

    def decorate(work: Callable[P, R]) -> Remembered[P, R]:
        young: dict[tuple[int, ...], Any] = {}
        old: dict[tuple[int, ...], Any] = {}
        kept: list[tuple[Any, ...]] = []
        kept_old: list[tuple[Any, ...]] = []
        _ALL.extend((young, old, kept, kept_old))

        def learn(key: tuple[int, ...], values: tuple[Any, ...]) -> Any:
            nonlocal young, old, kept, kept_old
            found = old.get(key, _UNKNOWN)
            if found is _UNKNOWN:
                found = work(*values)  # type: ignore[call-arg]
            if len(kept) >= most // 2:
                young, old, kept, kept_old = old, young, kept_old, kept
                young.clear()
                kept.clear()
            kept.append(values)
            young[key] = found
            return found

        @wraps(work)
        def ask(*values: P.args, **none: P.kwargs) -> R:
            key = tuple(map(id, values))
            found: Any = young.get(key, _UNKNOWN)
            return cast(R, learn(key, values) if found is _UNKNOWN else found)

        def each(*columns: Iterable[Any]) -> list[R]:
            found: list[Any] = list(
                map(young.get, zip(*[map(id, column) for column in columns], strict=False))
            )
            if not all(found):
                for at, values in enumerate(zip(*columns, strict=False)):
                    if not found[at]:
                        found[at] = ask(*values)  # type: ignore[call-arg]
            return found

        ask.each = each  # type: ignore[attr-defined]
        return cast("Remembered[P, R]", ask)

    return decorate


def forget() -> None:
    """Empty everything that is remembered (for measuring a first time)."""
    for known in _ALL:
        known.clear()
