"""The rules as one book: run them, join the same fault over several cells, put the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import repeat
from typing import NamedTuple

from xltools.messages.findings import MESSAGES
from xltools.model import WORST_FIRST, Finding, Identity, Indicator, ReportText, SelfEvaluation, Severity
from xltools.profiles import Profile
from xltools.remembering import remembered_rows
from xltools.rules import (
    consolidation,
    deviations,
    funds,
    goals,
    indicators,
    scores,
    structure,
    weights,
)
from xltools.rules import report as report_rules
from xltools.rules.case import Case, JudgedRow, Setting, judged_row, setting_of
from xltools.rules.consolidation import form_key, same_forms, unnamed_alike, usual_year
from xltools.rules.registry import ROW_CHECKS, RULES, Check, Needs, Rule, rule
from xltools.rules.traits import FormTraits, RowTraits
from xltools.scoring import ROWS_REMEMBERED, Assessment, RowScore, row_scores

__all__ = [
    "Case", "RuleInfo", "catalogue", "check", "check_batch", "form_key", "in_order", "rule", "same_forms",
    "unnamed_alike", "usual_year",
]  # fmt: skip

# Importing a family registers its rules; this is also the order of the catalogue.
FAMILIES = {
    "STR": structure,
    "FUN": funds,
    "GOA": goals,
    "IND": indicators,
    "WGT": weights,
    "SCO": scores,
    "DEV": deviations,
    "RPT": report_rules,
    "CON": consolidation,
}
_ORDER = {severity: rank for rank, severity in enumerate(WORST_FIRST)}


class RuleInfo(NamedTuple):
    """A rule as the catalogue shows it.  title: (Chinese, English).  text: what and why, as on its page."""

    code: str
    family: str
    severity: Severity
    title: tuple[str, str]
    basis: str
    since: str
    what: str
    why: str
    example: str


def _ordered() -> tuple[Rule, ...]:
    families = list(FAMILIES)
    return tuple(sorted(RULES.values(), key=lambda each: (families.index(each.code[:3]), each.code)))


_ON_BATCHES = tuple(each for each in _ordered() if each.needs == "batch")


def _asked(needs: Needs, scored: bool, report: bool) -> bool:
    return needs == "form" or (needs == "scores" and scored) or (needs == "report" and report)


def _holding(traits: FormTraits | RowTraits) -> set[str]:
    return {name for name, holds in traits._asdict().items() if holds}


@cache
def _form_checks(scored: bool, report: bool, traits: FormTraits) -> tuple[Check, ...]:
    there = _holding(traits)
    return tuple(
        each.check
        for each in _ordered()
        if not each.by_row and each.traits <= there and _asked(each.needs, scored, report)
    )


@cache
def _row_checks(scored: bool, traits: RowTraits) -> tuple[Check, ...]:
    there = _holding(traits)
    return tuple(
        each.check for each in ROW_CHECKS if each.traits <= there and _asked(each.needs, scored, report=False)
    )


class Verdict(NamedTuple):
    """An indicator row prepared for the rules about forms, and what the rules about rows found in it."""

    item: JudgedRow
    findings: tuple[Finding, ...]


@remembered_rows(ROWS_REMEMBERED)
def verdict(row: Indicator, judged: RowScore, setting: Setting) -> Verdict:
    """Ask all rules about rows.  They see nothing but what is given here, so the answer can be kept."""
    item = judged_row(row, judged)
    found: list[Finding] = []
    for each in _row_checks(setting.scored, item.traits):
        found += each(item, setting)
    return Verdict(item, tuple(found))


def check(
    form: SelfEvaluation, profile: Profile, assessment: Assessment, report: ReportText | None = None
) -> tuple[Finding, ...]:
    """Everything a person should look at in this form, worst first."""
    where = setting_of(form, profile)
    judged = row_scores(form, assessment)
    verdicts = verdict.each(form.indicators, judged, repeat(where))
    case = Case(form, assessment, profile, tuple([item for item, _ in verdicts]), report)
    found = [finding for _, findings in verdicts for finding in findings]
    for each in _form_checks(where.scored, report is not None, case.traits):
        found += each(case)
    return in_order(_joined(found))


def check_batch(forms: Sequence[Identity], year: int | None = None) -> tuple[tuple[int, Finding], ...]:
    """What only shows over many forms: (index of the form, finding), by form.

    year: what the batch is about; that of most forms unless it is given.
    """
    usual = year or usual_year(forms)
    found = [pair for each in _ON_BATCHES for pair in each.check(forms, usual)]
    return tuple(sorted(found, key=lambda pair: (pair[0], pair[1].code)))


def _joined(found: list[Finding]) -> list[Finding]:
    """The same fault in several places becomes one finding with all cells and names."""
    if len({each.code for each in found}) == len(found):
        return found
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for each in found:
        code, severity, sheet, _, _, params, variant, expected, actual = each
        groups.setdefault((code, severity, sheet, params, variant, expected, actual), []).append(each)
    return [same[0] if len(same) == 1 else _join(same) for same in groups.values()]


def _join(same: Sequence[Finding]) -> Finding:
    same = sorted(same, key=_rank)
    return same[0]._replace(
        cells=tuple(dict.fromkeys(cell for each in same for cell in each.cells)),
        names=tuple(dict.fromkeys(name for each in same for name in each.names)),
    )


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Worst first, then by position."""
    ready = [each if len(each.cells) < 2 else each._replace(cells=_sorted(each.cells)) for each in found]
    return tuple(sorted(ready, key=_rank) if len(ready) > 1 else ready)


def _sorted(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(cells, key=position))


def _rank(found: Finding) -> tuple[int, tuple[int, int], str]:
    return _ORDER[found.severity], position(found.cells[0]) if found.cells else (0, 0), found.code


@lru_cache(maxsize=1024)
def position(cell: str) -> tuple[int, int]:
    """``K12`` -> (12, 11): row first, as one reads."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]), column


def _parts(rule: Rule) -> dict[str, str]:
    """The docstring of a rule taken apart: "what", "为什么", "例", "依据"."""
    parts = {"what": ""}
    for line in (rule.check.__doc__ or "").splitlines():
        label, colon, rest = line.strip().partition("：")
        if colon and label in ("为什么", "例", "依据"):
            parts[label] = rest
        elif not parts["what"]:
            parts["what"] = line.strip()
    return parts


def _info(rule: Rule) -> RuleInfo:
    parts = _parts(rule)
    return RuleInfo(
        code=rule.code,
        family=rule.code[:3],
        severity=rule.severity,
        title=MESSAGES[rule.code].title,
        basis=parts.get("依据", ""),
        since=rule.since,
        what=parts["what"],
        why=parts.get("为什么", ""),
        example=parts.get("例", ""),
    )


def catalogue() -> tuple[RuleInfo, ...]:
    """Every rule, by family and number."""
    return tuple(map(_info, _ordered()))
