"""How the forms of a batch word one row of the consolidated form, and how many say the same."""

from __future__ import annotations

from hashlib import blake2b
from sys import intern
from typing import NamedTuple

from xltools.merging.facts import Value

_BLANK = "未填"
_SHOWN = 12
_LONG = 60


class Wording(NamedTuple):
    """A row as a form words it."""

    level1: str
    level2: str
    level3: str
    nature: str
    direction: str
    unit: str


def shared(words: Wording) -> Wording:
    """All but the name of the indicator are the same few words in every form: one copy of each will do."""
    level1, level2, level3, *rest = words
    nature, direction, unit = map(intern, rest)
    return Wording(intern(level1), intern(level2), level3, nature, direction, unit)


class Texts:
    """How many indicators say what in one field.  first: what the first one says."""

    __slots__ = ("counts", "first")

    def __init__(self) -> None:
        self.first = ""
        self.counts: dict[str, int] = {}

    def take(self, value: Value) -> None:
        text = value.strip() if isinstance(value, str) else "" if value is None else f"{value:g}"
        self._count(_counted_as(text or _BLANK), 1, text or _BLANK)

    def join(self, later: Texts) -> None:
        for text, count in later.counts.items():
            self._count(text, count, later.first)

    def _count(self, text: str, count: int, first: str) -> None:
        self.first = self.first or first
        self.counts[text] = self.counts.get(text, 0) + count

    def shown(self) -> str | None:
        """The words if all say the same, None if that is nothing, else how many say what."""
        if len(self.counts) == 1:
            return None if self.first == _BLANK else self.first
        common = sorted(self.counts.items(), key=lambda pair: -pair[1])
        texts = [f"{_short(text)} {count}家" for text, count in common[:3]]
        if len(common) > 3:
            texts.append(f"其他 {sum(count for _, count in common[3:])}家")
        return "；".join(texts)


def _counted_as(text: str) -> str:
    """Where texts differ only their beginnings are shown; to tell long ones apart a fingerprint will do,
    and a batch of essays takes no more memory than one of sentences."""
    if len(text) <= _LONG:
        return text
    return text[:_SHOWN] + blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
