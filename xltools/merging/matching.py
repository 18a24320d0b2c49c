"""Indicators that may be the same under different names: proposed to a person, never joined silently.

A mapping says which are; it is applied to the rows before they are pooled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from xltools.merging.facts import SEPARATOR, Digest, FormFacts, IndicatorFacts
from xltools.merging.pooling import PooledRow
from xltools.vocabulary import label_base, label_key

MOST_NAMES = 3_000
"""Rows that are compared with each other; what most units have comes first."""
_COMMON = 300  # a pair of signs that so many names share tells nothing
_SIMILAR = 0.65


class Match(NamedTuple):
    """row may be the same as other, which more forms have.  differs: 名称, 计量单位, 二级指标."""

    row: PooledRow
    other: PooledRow
    similarity: float
    differs: tuple[str, ...]


class Rename(NamedTuple):
    """One line of a mapping: rows so named are those so named.  "" matches, or keeps, whatever is there."""

    level1: str
    level2: str
    level3: str
    unit: str
    to_level3: str
    to_level2: str = ""
    to_unit: str = ""


# --- proposals ------------------------------------------------------------------------------------


def proposals(rows: Sequence[PooledRow]) -> tuple[Match, ...]:
    """For each row its nearest relative, if it has one that can be added up with it."""
    families: dict[tuple[str, bool], list[PooledRow]] = {}
    for row in sorted(rows, key=lambda row: (-row.units, row.number)):
        if row.live and row.way is not None:
            families.setdefault((row.level1, row.way == "words"), []).append(row)
    found = [match for family in families.values() for match in _in_family(family[:MOST_NAMES])]
    return tuple(sorted(found, key=lambda match: (match.other.number, -match.similarity, match.row.number)))


def _in_family(rows: list[PooledRow]) -> Iterable[Match]:
    """Rows come with the most common first; each looks among those before it."""
    names = [label_key(row.level3) for row in rows]
    index: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        near = Counter(other for part in _parts(names[at]) for other in index.get(part, ()))
        best: Match | None = None
        for other, shared in near.most_common(20):
            if shared * 4 < len(_parts(names[at])):
                break
            match = _match(row, rows[other], names[at], names[other])
            if match and (best is None or match.similarity > best.similarity):
                best = match
        if best:
            yield best
        for part in _parts(names[at]):
            places = index.setdefault(part, [])
            if len(places) < _COMMON:
                places.append(at)


def _parts(name: str) -> set[str]:
    """Pairs of neighbouring signs; a name of one sign is its own part."""
    return {name[at : at + 2] for at in range(max(1, len(name) - 1))}


def _match(row: PooledRow, other: PooledRow, name: str, other_name: str) -> Match | None:
    """Two directions of better are no spelling of each other."""
    if row.way != other.way or not name:
        return None
    ratio = 1.0 if name == other_name else SequenceMatcher(None, name, other_name, autojunk=False).ratio()
    differs = tuple(
        word
        for word, same in (
            ("名称", name == other_name),
            ("计量单位", label_key(row.unit) == label_key(other.unit)),
            ("二级指标", _level2(row.level2) == _level2(other.level2)),
        )
        if not same
    )
    return Match(row, other, ratio, differs) if ratio >= _SIMILAR and differs else None


def _level2(label: str) -> str:
    return label_base(label).removesuffix("指标")


# --- a mapping ------------------------------------------------------------------------------------

Keyer = Callable[[IndicatorFacts], str]


def keyer(renames: Sequence[Rename]) -> Keyer:
    """The key under which a row is pooled once the mapping is applied."""
    by_name: dict[str, list[Rename]] = {}
    for rename in renames:
        by_name.setdefault(label_key(rename.level3), []).append(rename)
    return lambda facts: _renamed(facts, by_name)


def _renamed(facts: IndicatorFacts, by_name: Mapping[str, list[Rename]]) -> str:
    """Follows the mapping until no line of it applies; circles are refused when it is read."""
    family, level2, name, way, method = facts.key.split(SEPARATOR)
    for _ in range(len(by_name) + 1):
        rename = next(
            (each for each in by_name.get(name, ()) if _applies(each, facts.level1, level2, method)), None
        )
        if rename is None:
            break
        name = label_key(rename.to_level3)
        level2 = _level2(rename.to_level2) or level2
        if rename.to_unit and method and not _other_scale(rename.to_unit, method[:-1]):
            method = label_key(rename.to_unit) + method[-1]
    return SEPARATOR.join((family, level2, name, way, method))


def _applies(rename: Rename, level1: str, level2: str, method: str) -> bool:
    return (
        (not rename.level1 or label_base(rename.level1)[:2] == label_base(level1)[:2])
        and (not rename.level2 or _level2(rename.level2) == level2)
        and (not rename.unit or label_key(rename.unit) == method[:-1])
    )


def _other_scale(one: str, other: str) -> bool:
    """万元 and 元, 万人 and 人 are no two words for one unit; such rows stay apart."""
    (scale, unit), (other_scale, other_unit) = _scaled(one), _scaled(other)
    return scale != other_scale and unit == other_unit


def _scaled(unit: str) -> tuple[str, str]:
    """A unit of things, and what they are counted in: 万亩 is 万 of 亩."""
    key = label_key(unit)
    rest = key.lstrip("百千万亿")
    return (key[: -len(rest)], rest) if rest else ("", key)


def renamed(digests: Sequence[Digest], renames: Sequence[Rename]) -> Sequence[Digest]:
    """The digests with their indicators under the names of a mapping."""
    if not renames:
        return digests
    key = keyer(renames)
    return [each._replace(forms=tuple(_with_names(form, key) for form in each.forms)) for each in digests]


def _with_names(form: tuple[Any, ...], key: Keyer) -> tuple[Any, ...]:
    facts = FormFacts._make(form)
    rows = map(IndicatorFacts._make, facts.indicators)
    return tuple(facts._replace(indicators=tuple(_under(row, key(row)) for row in rows)))


def _under(row: IndicatorFacts, key: str) -> IndicatorFacts:
    return row if key == row.key else row._replace(key=key, renamed=True)
