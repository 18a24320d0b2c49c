"""What the words in a cell mean, and the state they leave it in.

The same words come back in every form of a batch, so each question is answered once.  Free texts
(`as_words`) are not kept: they are long and seldom the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xltools.model import Comparator, Grade, Level1, Nature, State
from xltools.vocabulary import is_dash, label_key, printed_points, tidy, vocabulary

_LONGEST_DASH = 10
_NUMBERED = re.compile(r"(?:指标)?\d*[:：.、．…]*")


def as_words(text: str) -> tuple[str | None, State]:
    """Words as they stand."""
    words = text.strip()
    return (words, "ok") if words else (None, "blank")


def as_answer(text: str) -> tuple[str | None, State]:
    """Words that a form asks for: a name, a goal.  A dash or 无 answers nothing."""
    words = text.strip()
    if not words:
        return None, "blank"
    return (None, "dash") if len(words) <= _LONGEST_DASH and is_dash(words) else (words, "ok")


@lru_cache(maxsize=512)
def as_label(text: str) -> tuple[str | None, State]:
    """A printed label, without line breaks and inner spaces."""
    label = tidy(text)
    return (label, "ok") if label else (None, "blank")


@lru_cache(maxsize=512)
def as_name(text: str) -> tuple[str | None, State]:
    """An indicator's name on one line.  A left-over ``指标2：`` or ``……`` names nothing."""
    name = " ".join(text.split())
    if not name:
        return None, "blank"
    return (None, "dash") if _NUMBERED.fullmatch(name) or is_dash(name) else (name, "ok")


@lru_cache(maxsize=1024)
def as_unit(text: str) -> tuple[str | None, State]:
    """A unit of measure; every spelling of percent is ``%``, and a dash is no unit."""
    unit = "%" if label_key(text) in vocabulary().percent_units else tidy(text)
    if not unit:
        return None, "blank"
    return (None, "dash") if is_dash(unit) else (unit, "ok")


@lru_cache(maxsize=1024)
def as_sign(text: str) -> tuple[Comparator | None, State]:
    """指标方向: a sign of comparison or its word."""
    sign = vocabulary().comparator_of(text)
    return (sign, "ok") if sign else (None, _state_of_strange(text))


@lru_cache(maxsize=1024)
def as_nature(text: str) -> tuple[Nature | None, State]:
    """指标性质: 正向, 反向 or 定性."""
    nature = vocabulary().nature_of(text)
    return (nature, "ok") if nature else (None, _state_of_strange(text))


def _state_of_strange(text: str) -> State:
    """Words that mean nothing where they stand."""
    if not text.strip():
        return "blank"
    return "dash" if is_dash(text) else "text"


@lru_cache(maxsize=1024)
def group_of(level1: str | None) -> Level1 | None:
    """The family of indicators that a level-1 label stands for."""
    return vocabulary().level1_of(level1) if level1 else None


@lru_cache(maxsize=1024)
def grade_of(text: str) -> Grade | None:
    return vocabulary().grade_of(text)


@lru_cache(maxsize=1024)
def points_in(label: str) -> str | None:
    """The points that a label prints: ``得分（20分*执行率）``."""
    return printed_points(label)


@lru_cache(maxsize=512)
def is_bounded(name: str, level2: str) -> bool:
    """The name promises a percentage that ends at 100, and speaks of no change."""
    words = vocabulary()
    if any(word in name for word in words.unbounded_percent):
        return False
    return any(word in name for word in words.bounded_percent) or "满意度" in level2
