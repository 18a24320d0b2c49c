"""What every sheet of the consolidated workbook needs to know of the others: rows, names, links."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePath
from typing import NamedTuple

from xltools.consolidated.cells import Jump, Link
from xltools.consolidated.look import Look
from xltools.form_sheet import Placement
from xltools.merging import Consolidation, FormFacts
from xltools.refusal import Refusal
from xltools.sheets import zipped

OVERVIEW, SUMMARY, POOLED, FINDINGS = "总览", "汇总", "合并自评表", "问题清单"
FUNDS, INDICATORS, SOURCES = "资金明细", "指标明细", "来源清单"
ROLLCALL, COMPARISON, MATCHES = "报送情况", "同比", "待对应"
FIRST, LAST = "单位表始", "单位表终"
LISTS = (
    OVERVIEW, SUMMARY, POOLED, FINDINGS, FUNDS, INDICATORS, SOURCES,
    ROLLCALL, COMPARISON, MATCHES, FIRST, LAST,
)  # fmt: skip
LONGEST_NAME = 31
LONGEST_URL = 2_079
MOST_ROWS = 1_048_576  # of a sheet
MOST_PARTS = 20  # sheets one list may take; a book of more opens nowhere


class TooManyRows(Refusal):
    """More rows than the sheets of a list hold."""


_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_UNDECODED = re.compile("[\ud800-\udfff]")
_IN_URL = str.maketrans({c: f"%{ord(c):02x}" for c in '%#"<>[]^`{} '})


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """The sheet of a form: its name, where its cells are, and source cell -> cell."""

    name: str
    placement: Placement
    cells: dict[str, str]


class Part(NamedTuple):
    """One of the sheets a list stands on: the items that begin there (a range), its rows of data."""

    sheet: str
    items: range
    rows: int


class Span(NamedTuple):
    """Rows of an item in a list, 1-based; last < first when it has none."""

    sheet: str
    first: int
    last: int


@dataclass(slots=True)
class Context:
    """units: the sheets of the forms, in their order, or none.
    indicators, funds, findings: the sheets of these lists.  spans: the rows of each form in 指标明细."""

    consolidation: Consolidation
    look: Look
    target: Path
    root: Path
    units: tuple[UnitSheet, ...] = ()
    indicators: tuple[Part, ...] = ()
    funds: tuple[Part, ...] = ()
    findings: tuple[Part, ...] = ()
    spans: tuple[Span, ...] = ()
    _urls: dict[str, tuple[str, str, bool]] = field(default_factory=dict)

    def place_lists(self) -> None:
        """Which rows go to which sheet, before anything refers to them."""
        forms = self.consolidation.forms
        counts = [len(form.facts.indicators) for form in forms]
        self.indicators = parts(INDICATORS, counts)
        self.spans = tuple(spans(self.indicators, counts))
        self.funds = parts(FUNDS, [len(form.facts.funds) for form in forms])
        self.findings = parts(FINDINGS, [1] * len(self.consolidation.findings))
        if len(forms) > MOST_ROWS - 2 or len(self.consolidation.files) > MOST_ROWS - 2:
            raise TooManyRows("too_many_rows", sheet=SUMMARY, rows=f"{len(forms):,}")

    @property
    def last_form(self) -> int:
        """The last row of a form in 汇总."""
        return len(self.consolidation.forms) + 1

    def shown(self, source: str) -> str:
        """The path of a source as it is listed: relative to the folder that was merged."""
        return self._paths(source)[0]

    def link(self, source: str, text: str = "", sheet: str = "", cell: str = "") -> Link | str:
        """To a file or a cell of it; plain text where Excel could not hold the link."""
        shown, url, packed = self._paths(source)
        anchor = f"{quoted(sheet)}!{cell}" if sheet and cell and not packed else ""
        if not source or len(url) > LONGEST_URL or len(anchor) > LONGEST_URL:
            return text or shown
        return Link(text or shown, url, anchor)

    def _paths(self, source: str) -> tuple[str, str, bool]:
        found = self._urls.get(source)
        if found is None:
            found = self._urls[source] = self._work_out(source)
        return found

    def _work_out(self, source: str) -> tuple[str, str, bool]:
        """(as listed, as URL, inside an archive).  A relative path counts from here if that is inside
        the root.  A file in an archive cannot be opened from outside: the link leads to the archive."""
        if not source:
            return "", "", False
        root, path = os.path.abspath(self.root), os.path.abspath(source)
        if not os.path.isabs(source) and os.path.commonpath((root, path)) != root:
            path = os.path.join(root, source)
        packed = zipped.split(path)
        opened = packed[0] if packed else path
        try:
            listed = os.path.relpath(path, root)
            relative = os.path.relpath(opened, os.path.abspath(self.target.parent))
        except ValueError:  # another drive
            return source, "file:///" + _url(opened), packed is not None
        listed = path if listed.startswith("..") else listed
        return PurePath(listed).as_posix(), _url(relative), packed is not None


def _url(path: str) -> str:
    """Bytes of a name that are no UTF-8 are escaped one by one."""
    text = PurePath(path).as_posix().translate(_IN_URL)
    return _UNDECODED.sub(lambda found: f"%{ord(found[0]) & 0xFF:02x}", text)


@lru_cache(maxsize=1024)
def quoted(sheet: str) -> str:
    """A sheet name as formulas and links write it."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"


def jump(text: str, sheet: str, cell: str) -> Jump:
    return Jump(text, f"{quoted(sheet)}!{cell}")


def column(sheet: str, letter: str, last: int) -> str:
    """A bounded column of a list, below its header: ``'汇总'!$F$2:$F$6``."""
    return f"{quoted(sheet)}!${letter}$2:${letter}${max(last, 2)}"


def sheet_names(forms: Iterable[FormFacts]) -> Iterator[str]:
    """``001 单位简称``: unique, without forbidden signs, as long as Excel allows."""
    taken = {name.casefold() for name in LISTS}
    for at, facts in enumerate(forms, start=1):
        words = " ".join(_FORBIDDEN.sub("", facts.unit or facts.project or facts.sheet).split())
        name = _cut(f"{at:03d} {words}").rstrip("' ")
        while name.casefold() in taken:  # cannot happen while the number leads; cheap to be sure
            name = _cut(f"{at:03d}.{name}")
        taken.add(name.casefold())
        yield name


def _cut(name: str) -> str:
    """At most 31 UTF-16 units, never half a character."""
    kept = name.encode("utf-16-le", "ignore")[: LONGEST_NAME * 2]
    return kept.decode("utf-16-le", "ignore")


def parts(name: str, counts: Sequence[int]) -> tuple[Part, ...]:
    """The sheets of a list whose items take so many rows each; no item is torn apart.

    Raises TooManyRows when it would take more than 20.
    """
    room, first, rows = MOST_ROWS - 2, 0, 0
    found: list[Part] = []
    for at, count in enumerate(counts):
        if rows + count > room and rows:
            found.append(Part(_nth(name, len(found) + 1), range(first, at), rows))
            first, rows = at, 0
        rows += count
    found.append(Part(_nth(name, len(found) + 1), range(first, len(counts)), rows))
    if len(found) > MOST_PARTS:
        raise TooManyRows("too_many_rows", sheet=name, rows=f"{sum(counts):,}")
    return tuple(found)


def _nth(name: str, number: int) -> str:
    return name if number == 1 else f"{name}({number})"


def spans(parts: Iterable[Part], counts: Sequence[int]) -> Iterator[Span]:
    """Where the rows of each item stand."""
    for part in parts:
        row = 2
        for at in part.items:
            yield Span(part.sheet, row, row + counts[at] - 1)
            row += counts[at]


def list_columns(parts: Iterable[Part], letter: str) -> list[str]:
    """A column of a list, one bounded range for each of its sheets."""
    return [column(part.sheet, letter, part.rows + 1) for part in parts]


def added(texts: Iterable[str]) -> str:
    """What is counted on several sheets, in one formula."""
    return "+".join(texts)
