"""Findings in words: Chinese for the people who fill in and check the forms, English beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import groupby

from xltools.messages.findings import MESSAGES, PARAMETER_WORDS, Message
from xltools.messages.interface import Lang, Words
from xltools.model import Finding
from xltools.quantities import plain

__all__ = ["address", "hint", "message", "title"]

_NAMED = 5


def message(finding: Finding, lang: Lang = "zh") -> str:
    """What is there, and what was expected."""
    words = _words(finding)
    there = dict(finding.params)
    sentences = [words.what, *(text for param, text in words.also if param in there)]
    return "".join(_fill(text, finding, lang) for text in sentences).strip()


def hint(finding: Finding, lang: Lang = "zh") -> str:
    """What to do next."""
    return _fill(_words(finding).hint, finding, lang)


def title(code: str, lang: Lang = "zh") -> str:
    """The short name of a rule."""
    return _pick(MESSAGES[code].title, lang)


def address(finding: Finding) -> str:
    """``自评表!K12:K14、K17``; "" for a finding about no cell."""
    if not finding.cells:
        return ""
    sheet = f"{finding.sheet}!" if finding.sheet else ""
    return sheet + "、".join(_runs(finding.cells))


def _words(finding: Finding) -> Message:
    key = f"{finding.code}/{finding.variant}" if finding.variant else finding.code
    return MESSAGES[key]


def _pick(words: Words, lang: Lang) -> str:
    return words[0 if lang == "zh" else 1]


def _fill(words: Words, finding: Finding, lang: Lang) -> str:
    text = _pick(words, lang)
    return text.format_map(_values(finding, lang)) if "{" in text or "}" in text else text


def _values(finding: Finding, lang: Lang) -> dict[str, str]:
    values = {key: _translate(key, value, lang) for key, value in finding.params}
    values["names"] = names(finding.names, lang)
    values["expected"] = finding.expected or ""
    values["actual"] = finding.actual or ""
    values["want"] = _tidy(values["expected"])
    values["have"] = _tidy(values["actual"])
    return values


def _translate(key: str, value: str, lang: Lang) -> str:
    table = PARAMETER_WORDS.get(key)
    if table is None:
        return value
    words = [_pick(table[each], lang) if each in table else each for each in value.split(",")]
    return ("”“" if key == "bands" and lang == "zh" else "、" if lang == "zh" else ", ").join(words)


def names(all_names: Sequence[str], lang: Lang = "zh") -> str:
    """“A”、“B”; of more than five the first five and how many there are."""
    quoted = [f"“{name}”" for name in all_names[:_NAMED]]
    rest = len(all_names) > _NAMED
    if lang == "zh":
        return "、".join(quoted) + (f"等{len(all_names)}项" if rest else "")
    return ", ".join(quoted) + (f" and {len(all_names) - _NAMED} more" if rest else "")


def _tidy(text: str) -> str:
    if not text:
        return ""
    try:
        return plain(Decimal(text))
    except InvalidOperation:
        return text


def _runs(cells: Sequence[str]) -> Iterator[str]:
    """Three or more neighbours in one column become a range."""
    split = [(cell.rstrip("0123456789"), cell) for cell in cells]
    for letters, column in groupby(split, key=lambda pair: pair[0]):
        rows = [int(cell[len(letters) :]) for _, cell in column]
        for _, run in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
            together = [f"{letters}{row}" for _, row in run]
            if len(together) > 2:
                yield f"{together[0]}:{together[-1]}"
            else:
                yield from together
