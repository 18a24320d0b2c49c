"""How a command says what it takes, once, for whoever reads the call.

A command is a function; each parameter carries an `Argument` or an `Option`::

    def merge(folder: Annotated[Path, Argument("…")], output: Annotated[Path, Option("-o", "--output", …)]) …

`xltools.app` gives the declarations to typer, which knows help, errors and every way to write a call.
`plain_call` reads by the same declarations a call in which nothing is special, without loading typer:
that takes a tenth of a second, as long as checking a hundred forms.
"""

from __future__ import annotations

import inspect
import os
import types
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

Command = Callable[..., int]
"""Returns the exit code."""

REQUIRED = inspect.Parameter.empty
_EXPANDED = frozenset("*?[~$%")  # what typer replaces on Windows, where the shell does not


class Argument:
    """A word that stands for itself; of a list, all that remain."""

    names: tuple[str, ...] = ()

    def __init__(self, help: str) -> None:
        self.help = help


class Option:
    """A word that begins with a dash, and the value after it unless it is a switch (``bool``).

    names: ``--`` and the name of the parameter unless given.  min, max: of a number.
    parser: makes the value of the text, ValueError saying what it must be; metavar: how help shows it.
    """

    def __init__(
        self,
        *names: str,
        help: str,
        min: int | None = None,
        max: int | None = None,
        parser: Callable[[str], Any] | None = None,
        metavar: str | None = None,
    ) -> None:
        self.names = names
        self.help = help
        self.min, self.max = min, max
        self.parser, self.metavar = parser, metavar


class Parameter(NamedTuple):
    """kind: the type of one value, ``bool`` for a switch.  many: an argument that takes all that remain."""

    name: str
    info: Argument | Option
    annotation: Any
    kind: Any
    many: bool
    default: Any

    @property
    def names(self) -> tuple[str, ...]:
        return self.info.names or (f"--{self.name.replace('_', '-')}",)


def parameters(command: Callable[..., Any]) -> Iterator[Parameter]:
    """What a command takes, in its order."""
    hints = get_type_hints(command, include_extras=True)
    for parameter in inspect.signature(command).parameters.values():
        annotation, info = get_args(hints[parameter.name])
        kind = _without_none(annotation)
        many = get_origin(kind) is list
        one = get_args(kind)[0] if many else kind
        yield Parameter(parameter.name, info, annotation, one, many, parameter.default)


def _without_none(annotation: Any) -> Any:
    if isinstance(annotation, types.UnionType):
        kinds = [each for each in get_args(annotation) if each is not types.NoneType]
        return kinds[0] if len(kinds) == 1 else annotation
    return annotation


class _Unclear(Exception):
    """Something typer has to look at."""


def plain_call(command: Command, words: Sequence[str]) -> Callable[[], int] | None:
    """The command with the arguments of a call that is right and has nothing special; None in any doubt.

    words: what stands after the name of the command.
    """
    try:
        given = _given(tuple(parameters(command)), words)
    except _Unclear:
        return None
    return partial(command, **given)


def _given(declared: Sequence[Parameter], words: Sequence[str]) -> dict[str, Any]:
    options = {name: each for each in declared if isinstance(each.info, Option) for name in each.names}
    given: dict[str, Any] = {}
    loose: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            loose.append(word)
            continue
        name, equals, text = word.partition("=") if word.startswith("--") else (word, "", "")
        option = options.get(name)
        if option is None or option.name in given or (option.kind is bool and equals):
            raise _Unclear
        given[option.name] = option.kind is bool or _value(option, text if equals else next(rest, ""))
    given |= _arguments([each for each in declared if isinstance(each.info, Argument)], loose)
    if any(each.default is REQUIRED and each.name not in given for each in declared):
        raise _Unclear
    return given


def _arguments(declared: Sequence[Parameter], loose: list[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for each in declared:
        if each.many and loose:
            given[each.name], loose = [_value(each, word) for word in loose], []
        elif loose:
            given[each.name] = _value(each, loose.pop(0))
    if loose:
        raise _Unclear
    return given


def _value(declared: Parameter, text: str) -> Any:
    """The value of a text that has one for certain."""
    if not text or text.startswith("-") or (os.name == "nt" and not _EXPANDED.isdisjoint(text)):
        raise _Unclear
    info, kind = declared.info, declared.kind
    try:
        text.encode()  # names that are no text at all
        if isinstance(info, Option) and info.parser:
            return info.parser(text)
        if kind in (str, Path) or (isinstance(kind, type) and issubclass(kind, Enum)):
            return kind(text)
    except ValueError:
        raise _Unclear from None
    if kind is int and isinstance(info, Option):
        return _number(info, text)
    raise _Unclear


def _number(option: Option, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise _Unclear
    number = int(text)
    if (option.min is not None and number < option.min) or (option.max is not None and number > option.max):
        raise _Unclear
    return number
