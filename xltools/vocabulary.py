"""Every label and synonym of the form, read from ``vocabulary.toml``.

The lists are data; this module only knows how labels are compared.  Whoever may not write to the
installed file names a second one in the environment variable ``XLTOOLS_VOCABULARY``: same tables,
only the lines to add.
"""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from xltools.model import Comparator, FundKind, Grade, Level1, Nature, Tier
from xltools.profiles import ProfileError

OVERRIDE = "XLTOOLS_VOCABULARY"
"""The environment variable that names a file with further labels; worker processes inherit it."""

_BRACKET_AT_END = re.compile(r"\([^()]*\)$")
_NEARLY_KEY = re.compile("[0-9A-Za-z一-鿿、。，%]*")
"""Usual words and sentences, of which the comma is all that has another width."""
_NUMBERING = re.compile(
    r"^\s*(?:其中[:：]?\s*)?(?:[①-⒛]"
    r"|[(（](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[、.．:：]|[)）][、.．]?)"
    r"|(?:19|20)\d\d年度?)\s*(?=[^\d\s])"
)
_POINTS = re.compile(r"\((\d+(?:\.\d+)?)分\)")


@lru_cache(maxsize=1024)
def label_key(text: str) -> str:
    """The form in which labels are compared: half-width, without blanks and a trailing colon."""
    if _NEARLY_KEY.fullmatch(text):
        return text.replace("，", ",")
    return half_width(text).rstrip(":")


def half_width(text: str) -> str:
    """A text without blanks, its letters and punctuation half-width; a colon at its end stays."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def unnumbered(text: str) -> str:
    """A label without the number or the year before it: ``1、财政拨款``, ``①财政拨款``, ``一、产出指标``."""
    return _NUMBERING.sub("", text, count=1)


@lru_cache(maxsize=1024)
def label_base(text: str) -> str:
    """``label_key`` without the brackets at its end: ``产出指标（50分）`` -> ``产出指标``."""
    key = label_key(text)
    while (shorter := _BRACKET_AT_END.sub("", key)) != key:
        key = shorter.rstrip(":")
    return key


@lru_cache(maxsize=1024)
def tidy(text: str) -> str:
    """A label as on the form, without line breaks and inner spaces."""
    return "".join(text.split())


def printed_points(label: str) -> str | None:
    """The weight a level-1 label prints: ``产出指标（50分）`` -> ``50``."""
    found = _POINTS.search(label_key(label))
    return found[1] if found else None


class Lookup:
    """label -> name of a field or kind, forgiving about width, blanks, colons and end brackets."""

    def __init__(self, table: dict[str, list[str]]) -> None:
        self._names: dict[str, str] = {}
        for name, labels in table.items():
            for label in labels:
                self._names.setdefault(label_key(label), name)

    def __call__(self, text: str) -> str | None:
        return self._names.get(label_key(text)) or self._names.get(label_base(text))

    def labels(self) -> tuple[str, ...]:
        return tuple(self._names)

    def items(self) -> tuple[tuple[str, str], ...]:
        """(label as it is compared, name)."""
        return tuple(self._names.items())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    titles: frozenset[str]
    title_parts: tuple[str, ...]
    head: Lookup
    band: Lookup
    fund_column: Lookup
    fund_row: Lookup
    fund_row_parts: tuple[tuple[str, FundKind], ...]
    goal_column: Lookup
    indicator_column: Lookup
    total_row: frozenset[str]
    subtotals: frozenset[str]
    grade_labels: frozenset[str]
    level1: Lookup
    level2: MappingProxyType[str, frozenset[str]]
    nature: Lookup
    tier: Lookup
    grade: Lookup
    signs: tuple[tuple[str, Comparator], ...]
    sign_suffixes: tuple[tuple[str, Comparator], ...]
    not_applicable: frozenset[str]
    hints: tuple[str, ...]
    percent_units: frozenset[str]
    money_units: tuple[str, ...]
    measures: frozenset[str]
    bounded_percent: tuple[str, ...]
    unbounded_percent: tuple[str, ...]
    fund_reasons: tuple[str, ...]
    relative_names: tuple[str, ...]
    relative_endings: tuple[str, ...]
    relative_units: frozenset[str]
    counting_units: frozenset[str]
    time_level2: tuple[str, ...]
    time_units: frozenset[str]
    level2_order: tuple[str, ...]
    remarks: tuple[str, ...]

    def level1_of(self, label: str) -> Level1 | None:
        return cast("Level1 | None", self.level1(label) or self.level1(unnumbered(label)))

    def nature_of(self, text: str) -> Nature | None:
        return cast("Nature | None", self.nature(text))

    def tier_of(self, text: str) -> Tier | None:
        return cast("Tier | None", self.tier(text.rstrip("。.;；")))

    def grade_of(self, text: str) -> Grade | None:
        return cast("Grade | None", self.grade(text))

    def fund_kind(self, label: str) -> FundKind | None:
        """The source a fund row stands for: by its whole label, else by a part of it."""
        found = cast("FundKind | None", self.fund_row(label) or self.fund_row(unnumbered(label)))
        if found:
            return found
        key = label_key(label)
        return next((kind for part, kind in self.fund_row_parts if part in key), None)

    def comparator_of(self, text: str) -> Comparator | None:
        """A cell that holds nothing but a sign or its word: ``大于等于``, ``≥``, ``≧``."""
        keys = label_key(text), label_base(text)
        return next((name for sign, name in self.signs if sign in keys), None)

    def level2_parents(self, label: str) -> frozenset[str]:
        """The level-1 families a level-2 label may stand under; empty when it is in no list."""
        return self.level2.get(label_base(label)) or self.level2.get(
            label_base(unnumbered(label)), frozenset()
        )


def _by_length(table: dict[str, list[str]]) -> tuple[tuple[str, Comparator], ...]:
    pairs = [(label_key(sign), cast("Comparator", name)) for name, signs in table.items() for sign in signs]
    return tuple(sorted(set(pairs), key=lambda pair: (-len(pair[0]), pair[0])))


def _parents(table: dict[str, list[str]]) -> MappingProxyType[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for parent, labels in table.items():
        for label in labels:
            found.setdefault(label_key(label), set()).add(parent)
    return MappingProxyType({label: frozenset(parents) for label, parents in found.items()})


def _build(data: dict[str, Any]) -> Vocabulary:
    words, pooling = data["words"], data["pooling"]
    return Vocabulary(
        titles=frozenset(map(label_key, data["title"]["forms"])),
        title_parts=tuple(map(label_key, data["title"]["contains"])),
        head=Lookup(data["head"]),
        band=Lookup(data["band"]),
        fund_column=Lookup(data["fund_column"]),
        fund_row=Lookup(data["fund_row"]),
        fund_row_parts=tuple(
            (label_key(part), cast("FundKind", kind))
            for kind, parts in data["fund_row_contains"].items()
            for part in parts
        ),
        goal_column=Lookup(data["goal_column"]),
        indicator_column=Lookup(data["indicator_column"]),
        total_row=frozenset(map(label_key, data["total_row"]["labels"])),
        subtotals=frozenset(map(label_key, data["total_row"]["subtotals"])),
        grade_labels=frozenset(map(label_key, data["total_row"]["grades"])),
        level1=Lookup(data["level1"]),
        level2=_parents(data["level2"]),
        nature=Lookup(data["nature"]),
        tier=Lookup(data["tier"]),
        grade=Lookup(data["grade"]),
        signs=_by_length(data["comparator"]),
        sign_suffixes=_by_length(data["comparator_suffix"]),
        not_applicable=frozenset(map(label_key, words["not_applicable"])),
        hints=tuple(map(half_width, words["hints"])),
        percent_units=frozenset(map(label_key, words["percent_units"])),
        money_units=tuple(words["money_units"]),
        measures=frozenset(words["measures"]),
        bounded_percent=tuple(words["bounded_percent"]),
        unbounded_percent=tuple(words["unbounded_percent"]),
        fund_reasons=tuple(words["fund_reasons"]),
        relative_names=tuple(pooling["relative_names"]),
        relative_endings=tuple(pooling["relative_endings"]),
        counting_units=frozenset(pooling["counting_units"]),
        relative_units=frozenset(map(label_key, pooling["relative_units"])),
        time_level2=tuple(pooling["time_level2"]),
        time_units=frozenset(map(label_key, pooling["time_units"])),
        level2_order=tuple(pooling["level2_order"]),
        remarks=tuple(map(half_width, words["remarks"])),
    )


def _merged(shipped: dict[str, Any], added: Mapping[str, Any], path: str, where: str = "") -> dict[str, Any]:
    """The shipped tables with the added lines before theirs.

    Raises ProfileError for a table that does not exist, so that a slip of the pen is noticed.
    """
    out = dict(shipped)
    for name, value in added.items():
        there = shipped.get(name)
        if isinstance(there, dict) and isinstance(value, dict):
            out[name] = _merged(there, value, path, f"{where}{name}.")
        elif isinstance(there, list) and isinstance(value, list) and all(isinstance(v, str) for v in value):
            out[name] = [*value, *there]
        else:
            raise ProfileError(f"词汇文件 {path} 中的 {where}{name} 不是已有的词汇表，或不是文字列表。")
    return out


def _added(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text("utf-8-sig"))
    except (OSError, ValueError) as failure:
        raise ProfileError(f"无法读取词汇文件 {path}：{failure}") from None


@cache
def vocabulary() -> Vocabulary:
    """The shipped labels and those of the file that ``XLTOOLS_VOCABULARY`` names.

    Raises ProfileError when that file cannot be used.
    """
    data = tomllib.loads(files("xltools").joinpath("vocabulary.toml").read_text("utf-8"))
    path = os.environ.get(OVERRIDE)
    return _build(_merged(data, _added(path), path) if path else data)


@lru_cache(maxsize=1024)
def is_dash(text: str) -> bool:
    """— / 无 and the like: does not apply."""
    return label_key(text) in vocabulary().not_applicable
