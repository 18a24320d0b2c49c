"""What is remembered is known by identity, stays alive with its answer, and has a bound."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from xltools.remembering import OneOfEqual, forget, remembered, remembered_rows


class Thing:
    """Something that is known by nothing but its identity."""


def one(_a: Any) -> object:
    return object()


def two(_a: Any, _b: Any) -> object:
    return object()


def three(_a: Any, _b: Any, _c: Any) -> object:
    return object()


def four(_a: Any, _b: Any, _c: Any, _d: Any) -> object:
    return object()


def any_number(*_all: Any) -> object:
    return object()


class Made:
    def __init__(self, *all_of_them: Any) -> None:
        self.all_of_them = all_of_them


WORK = [(one, 1), (two, 2), (three, 3), (four, 4), (any_number, 1), (any_number, 5), (Made, 3)]


@pytest.mark.parametrize(("work", "count"), WORK)
def test_the_same_arguments_have_the_same_answer(work: Callable[..., object], count: int) -> None:
    ask = remembered(8)(work)
    first, second = [Thing() for _ in range(count)], [Thing() for _ in range(count)]
    answer = ask(*first)
    assert ask(*first) is answer
    assert ask(*second) is not answer
    for place in range(count):
        assert ask(*first[:place], second[place], *first[place + 1 :]) is not answer
    assert ask(*first) is answer
    forget()
    assert ask(*first) is not answer


@pytest.mark.parametrize(("work", "count"), WORK[1:])
def test_the_order_of_the_arguments_counts(work: Callable[..., object], count: int) -> None:
    ask = remembered(8)(work)
    things = [Thing() for _ in range(count)]
    assert count == 1 or ask(*things) is not ask(*reversed(things))


@pytest.mark.parametrize(("work", "count"), WORK)
def test_equal_arguments_are_not_the_same(work: Callable[..., object], count: int) -> None:
    ask = remembered(8)(work)
    assert ask(*[[1] for _ in range(count)]) is not ask(*[[1] for _ in range(count)])


@pytest.mark.parametrize(("work", "count"), WORK)
def test_the_arguments_live_as_long_as_the_answer(work: Callable[..., object], count: int) -> None:
    ask = remembered(8)(work)
    things = [Thing() for _ in range(count)]
    alive = [weakref.ref(thing) for thing in things]
    ask(*things)
    del things
    gc.collect()
    assert all(each() for each in alive)
    forget()
    gc.collect()
    assert not any(each() for each in alive)


@pytest.mark.parametrize(("work", "count"), WORK)
def test_no_more_answers_are_kept_than_asked_for(work: Callable[..., object], count: int) -> None:
    ask = remembered(3)(work)
    alive = []
    for _ in range(10):
        things = [Thing() for _ in range(count)]
        alive.append(weakref.ref(things[-1]))
        ask(*things)
    del things
    gc.collect()
    assert 1 <= sum(each() is not None for each in alive) <= 3


def test_an_answer_of_nothing_is_remembered_too() -> None:
    asked: list[Any] = []

    def work(value: Any) -> None:
        asked.append(value)

    ask = remembered(8)(work)
    thing = Thing()
    assert ask(thing) is None
    assert ask(thing) is None
    assert len(asked) == 1


def test_a_failure_is_not_remembered() -> None:
    answers = iter([ValueError("wrong"), "right"])

    def work(_value: Any) -> Any:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    ask = remembered(8)(work)
    thing = Thing()
    with pytest.raises(ValueError, match="wrong"):
        ask(thing)
    assert ask(thing) == "right"


def test_an_answer_may_ask_again() -> None:
    def work(value: list[Any]) -> int:
        return 1 + ask(value[0]) if value else 0

    ask = remembered(2)(work)
    deep: list[Any] = [[[[]]]]
    assert ask(deep) == 3
    assert ask(deep) == 3


def test_of_equal_values_there_is_one() -> None:
    one_of = OneOfEqual[list[int]](2)
    first = [1]
    assert one_of((1,), first) is first
    assert one_of((1,), [1]) is first
    assert one_of((2,), [2]) == [2]
    assert one_of((1,), [1]) is first
    assert one_of((3,), [3]) == [3]
    assert one_of((1,), again := [1]) is again
    forget()
    assert one_of((1,), fresh := [1]) is fresh


def test_of_what_only_its_column_holds_nothing_is_remembered() -> None:
    asked = []

    def named(thing: Thing, word: str) -> str:
        asked.append(id(thing))
        return word

    ask = remembered_rows(8)(named)
    lone = tuple(Thing() for _ in range(3))
    alive = [weakref.ref(thing) for thing in lone]
    assert [ask.each(lone, "abc") for _ in range(2)] == [["a", "b", "c"]] * 2
    assert len(asked) == 6
    del lone
    assert not any(thing() for thing in alive)
    held = tuple(Thing() for _ in range(3))
    elsewhere = list(held)
    assert [ask.each(elsewhere, "abc"), ask.each(held, "abc")] == [["a", "b", "c"]] * 2
    assert len(asked) == 9
