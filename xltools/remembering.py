"""What was worked out of a value once need not be worked out again.

Forms of one batch repeat each other: the same template, the same indicators, the same rows.  Such values
never change, and they are too large to be hashed at every question, so they are known by their identity.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import wraps
from sys import getrefcount
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")
K = TypeVar("K")
V = TypeVar("V")

_Known = dict[Any, tuple[Any, ...]]
"""Identities of the arguments -> the answer, and the arguments."""
_Ask = Callable[..., Any]

_ALL: list[dict[Any, Any] | list[Any]] = []
_UNKNOWN = object()
_HELD_ONCE = 3
"""References to what one column alone holds, while it is asked about."""
_TAKES_ANY_NUMBER = 0x04 | 0x08
"""Flags of the code of a function with ``*values`` or ``**names``."""


def remembered(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember up to ``most`` answers of a function of unchanging values, by the identity of its arguments.

    The arguments are kept with the answer, so that no other object can take their identity.  When there
    are too many answers all are forgotten: a batch whose forms repeat nothing costs no more memory.
    Positional arguments only, and all of them.
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        known: _Known = {}
        _ALL.append(known)
        asking = _ASKING.get(_arguments(work), _asking_of_any)
        return cast("Callable[P, R]", wraps(work)(asking(work, known, most)))

    return decorate


class Remembered(Protocol[P, R]):
    """A function that remembers its answers."""

    def __call__(self, *values: P.args, **none: P.kwargs) -> R: ...

    def each(self, *columns: Iterable[Any]) -> list[R]:
        """The answers to the first of all columns, to the second of all, and so on: at a quarter of the
        cost of as many questions where they are remembered.  One column may go on for ever.

        What nobody but the first column holds was made for it and cannot come again, so nothing is
        remembered of it."""


def remembered_rows(most: int) -> Callable[[Callable[P, R]], Remembered[P, R]]:
    """As `remembered`, for functions that are asked about all rows of a form at once.

    There are two generations of answers: when the younger one holds half of ``most``, the older one is
    forgotten and the younger takes its place.  An answer that is asked for becomes young again, so what
    comes with every form is never forgotten.
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
            if None in found:
                for at, values in enumerate(zip(*columns, strict=False)):
                    if found[at] is None:
                        again = getrefcount(values[0]) > _HELD_ONCE
                        found[at] = ask(*values) if again else work(*values)  # type: ignore[call-arg]
            return found

        ask.each = each  # type: ignore[attr-defined]
        return cast("Remembered[P, R]", ask)

    return decorate


def keep(memory: dict[K, V], most: int, key: K, value: V) -> None:
    """Remember one more; what is full is emptied first."""
    if len(memory) >= most:
        memory.clear()
    memory[key] = value


class Met:
    """What was met once, so that only what comes again is remembered.

    most: how many hashes are known; then all are forgotten.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._marks: set[int] = set()

    def before(self, mark: int) -> bool:
        """Whether it was; from now on it was."""
        marks = self._marks
        if mark in marks:
            return True
        if len(marks) >= self._most:
            marks.clear()
        marks.add(mark)
        return False

    def clear(self) -> None:
        self._marks.clear()

    def __len__(self) -> int:
        return len(self._marks)


def forget() -> None:
    """Empty everything that is remembered (for measuring a first time)."""
    for known in _ALL:
        known.clear()


class OneOfEqual(Generic[R]):
    """Of equal values the first one, so that what is remembered of it holds for all of them.

    most: how many values are known; then all are forgotten.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[Hashable, R] = {}
        _ALL.append(self._known)

    def __call__(self, content: Hashable, value: R) -> R:
        """content: all that tells the value from others."""
        if len(self._known) >= self._most and content not in self._known:
            self._known.clear()
        return self._known.setdefault(content, value)


# --- how to ask ---------------------------------------------------------------------------------
#
# A form costs some fifty questions, most of them answered before.  So the usual numbers of arguments
# have a function each: taking and passing on any number costs more than finding the answer.


def _arguments(work: Callable[..., Any]) -> int:
    """How many arguments a function takes; 0 for any number, and for what is no plain function."""
    code = getattr(work, "__code__", None)
    if code is None or code.co_flags & _TAKES_ANY_NUMBER or code.co_kwonlyargcount:
        return 0
    return int(code.co_argcount)


def _asking_of_one(work: _Ask, known: _Known, most: int) -> _Ask:
    def ask(value: Any) -> Any:
        found = known.get(id(value))
        if found is None:
            found = (work(value), value)
            keep(known, most, id(value), found)
        return found[0]

    return ask


def _asking_of_two(work: _Ask, known: _Known, most: int) -> _Ask:
    def ask(first: Any, second: Any) -> Any:
        key = (id(first), id(second))
        found = known.get(key)
        if found is None:
            found = (work(first, second), first, second)
            keep(known, most, key, found)
        return found[0]

    return ask


def _asking_of_three(work: _Ask, known: _Known, most: int) -> _Ask:
    def ask(first: Any, second: Any, third: Any) -> Any:
        key = (id(first), id(second), id(third))
        found = known.get(key)
        if found is None:
            found = (work(first, second, third), first, second, third)
            keep(known, most, key, found)
        return found[0]

    return ask


def _asking_of_any(work: _Ask, known: _Known, most: int) -> _Ask:
    def ask(*values: Any) -> Any:
        key = tuple(map(id, values))
        found = known.get(key)
        if found is None:
            found = (work(*values), *values)
            keep(known, most, key, found)
        return found[0]

    return ask


_ASKING = {1: _asking_of_one, 2: _asking_of_two, 3: _asking_of_three}
