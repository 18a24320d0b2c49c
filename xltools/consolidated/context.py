"""What every sheet of the consolidated workbook needs to know of the others: rows, names, links."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from xltools.consolidated.cells import Jump, Link
from xltools.consolidated.look import Look
from xltools.form_sheet import Placement
from xltools.merging import Consolidation, FormFacts

OVERVIEW, SUMMARY, POOLED, FINDINGS = "总览", "汇总", "合并自评表", "问题清单"
FUNDS, INDICATORS, SOURCES = "资金明细", "指标明细", "来源清单"
LISTS = (OVERVIEW, SUMMARY, POOLED, FINDINGS, FUNDS, INDICATORS, SOURCES)
LONGEST_NAME = 31
LONGEST_URL = 2_079

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_UNDECODED = re.compile("[\ud800-\udfff]")
_IN_URL = str.maketrans({c: f"%{ord(c):02x}" for c in '%#"<>[]^`{} '})


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """The sheet of a form: its name, where its cells are, and source cell -> cell."""

    name: str
    placement: Placement
    cells: dict[str, str]


@dataclass(slots=True)
class Context:
    """first_row, last_row of a form in 指标明细 (1-based; last < first when it has none)."""

    consolidation: Consolidation
    look: Look
    target: Path
    root: Path
    units: tuple[UnitSheet, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    _urls: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def last_form(self) -> int:
        """The last row of a form in 汇总."""
        return len(self.consolidation.forms) + 1

    @property
    def last_indicator(self) -> int:
        return max((last for _, last in self.spans), default=1)

    @property
    def last_fund(self) -> int:
        return 1 + sum(len(form.facts.funds) for form in self.consolidation.forms)

    @property
    def last_finding(self) -> int:
        return max(2, len(self.consolidation.findings) + 1)

    def shown(self, source: str) -> str:
        """The path of a source as it is listed: relative to the folder that was merged."""
        return self._paths(source)[0]

    def link(self, source: str, text: str = "", sheet: str = "", cell: str = "") -> Link | str:
        """To a file or a cell of it; plain text where Excel could not hold the link."""
        shown, url = self._paths(source)
        anchor = f"{quoted(sheet)}!{cell}" if sheet and cell else ""
        if not source or len(url) > LONGEST_URL or len(anchor) > LONGEST_URL:
            return text or shown
        return Link(text or shown, url, anchor)

    def _paths(self, source: str) -> tuple[str, str]:
        found = self._urls.get(source)
        if found is None:
            found = self._urls[source] = self._work_out(source)
        return found

    def _work_out(self, source: str) -> tuple[str, str]:
        """(as listed, as URL).  A relative path counts from here if that is inside the root."""
        if not source:
            return "", ""
        root, path = os.path.abspath(self.root), os.path.abspath(source)
        if not os.path.isabs(source) and os.path.commonpath((root, path)) != root:
            path = os.path.join(root, source)
        try:
            listed = os.path.relpath(path, root)
            relative = os.path.relpath(path, os.path.abspath(self.target.parent))
        except ValueError:  # another drive
            return source, "file:///" + _url(path)
        listed = path if listed.startswith("..") else listed
        return PurePath(listed).as_posix(), _url(relative)


def _url(path: str) -> str:
    """Bytes of a name that are no UTF-8 are escaped one by one."""
    text = PurePath(path).as_posix().translate(_IN_URL)
    return _UNDECODED.sub(lambda found: f"%{ord(found[0]) & 0xFF:02x}", text)


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


def spans(forms: Iterable[FormFacts]) -> tuple[tuple[int, int], ...]:
    """First and last row of each form in 指标明细."""
    found, at = [], 2
    for facts in forms:
        found.append((at, at + len(facts.indicators) - 1))
        at += len(facts.indicators)
    return tuple(found)
