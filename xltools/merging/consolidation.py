"""The batch: every form that counts, every file met, every finding, and the sums of it all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from xltools.merging.digest import Words, default_words, file_line, finding_facts
from xltools.merging.facts import (
    Digest,
    FileLine,
    FindingFacts,
    FormFacts,
    FundFacts,
    IndicatorFacts,
    Value,
    numeric,
)
from xltools.merging.matching import Match, Rename, apply, keyer, proposals
from xltools.merging.pooling import FindingLine, MergedForm, Pool, pooled
from xltools.merging.tally import Tally, tally, weight_of
from xltools.messages.interface import SEVERITIES
from xltools.model import FileReading, Finding
from xltools.profiles import Profile
from xltools.scoring import ZERO
from xltools.vocabulary import label_key, vocabulary

if TYPE_CHECKING:
    from xltools.comparing import Comparison
    from xltools.rollcall import RollCall


@dataclass(frozen=True, slots=True)
class Consolidation:
    """Everything the consolidated workbook shows.

    forms: those that count, in order.  files: every file met, status as it is shown.
    when: the moment to print, "" for none.  matches: indicators that may be the same.
    roll_call: with a roster; its indices are those of `forms_of`.  comparison: with last year's figures.
    year: what the batch is about, None when no form states one.
    everyone: every form with its source, also those that do not count.
    place: index of a form as `forms_of` counts -> index into ``forms``, of those that count.
    """

    profile: Profile
    files: tuple[FileLine, ...]
    forms: tuple[MergedForm, ...]
    findings: tuple[FindingLine, ...]
    pool: Pool
    left_out: int
    when: str = ""
    matches: tuple[Match, ...] = ()
    roll_call: RollCall | None = None
    comparison: Comparison | None = None
    year: int | None = None
    everyone: tuple[tuple[str, FormFacts], ...] = ()
    place: Mapping[int, int] = field(default_factory=dict)

    def frames(self) -> dict[str, Any]:
        """The lists as pandas frames, by the names of their sheets; needs pandas.

        Asked for by name: what adds up forms knows no frames.
        """
        frames: dict[str, Any] = import_module("xltools.frames").frames(self)
        return frames

    @property
    def by_funds(self) -> bool:
        """The weights are the budgets; where no form has any, every form weighs the same."""
        return all(form.weight == max(numeric(form.facts.annual) or ZERO, ZERO) for form in self.forms)

    @property
    def incomplete(self) -> int:
        """Forms with an amount that is in no total."""
        return sum(bool(form.remarks) for form in self.forms)


def forms_of(digests: Iterable[Digest]) -> list[tuple[str, FormFacts]]:
    """Every form with its file, in the order ``left_out`` of `consolidate` counts them."""
    return [(each.file[0], _named(form)) for each in digests for form in each.forms]


def _named(form: tuple[Any, ...]) -> FormFacts:
    facts = FormFacts._make(form)
    return facts._replace(
        funds=tuple(map(FundFacts._make, facts.funds)),
        indicators=tuple(map(IndicatorFacts._make, facts.indicators)),
        findings=tuple(map(FindingFacts._make, facts.findings)),
    )


def passed_over(path: str, reason_code: str) -> Digest:
    """A file that was not opened at all, for 来源清单."""
    return Digest(
        tuple(file_line(FileReading(path, "unreadable", reason_code=reason_code))._replace(status="skipped")),
        (),
    )


def finding_line(
    finding: Finding,
    source: str = "",
    unit: str = "",
    project: str = "",
    form: int | None = None,
    words: Words = default_words,
) -> FindingLine:
    """A finding about the batch, or about a form as seen from the batch, for ``batch_findings``."""
    return FindingLine(finding_facts(finding, words), unit, project, source, form)


def consolidate(
    digests: Sequence[Digest],
    profile: Profile,
    batch_findings: Sequence[FindingLine] = (),
    left_out: Mapping[int, str] | None = None,
    when: str = "",
    renames: Sequence[Rename] = (),
) -> Consolidation:
    """Add the batch up.

    left_out: index of a form as `forms_of` counts them -> why it does not count.  Its file and its
    findings stay listed; it is in no total.  renames: which differently named indicators are one.
    """
    excluded = left_out or {}
    every = forms_of(digests)
    if renames:
        every = apply(every, keyer(renames))
    kept = [pair for at, pair in enumerate(every) if at not in excluded]
    position = {at: new for new, at in enumerate(at for at in range(len(every)) if at not in excluded)}
    batch = _tallied([facts for _, facts in kept])
    rows, number, pool = pooled(batch, profile)
    placed = (
        line if line.form is None else line._replace(form=position.get(line.form)) for line in batch_findings
    )
    findings = sorted(
        (*placed, *_form_findings(every, position)), key=lambda line: _RANK[line.facts.severity]
    )
    return Consolidation(
        profile=profile,
        files=_files(digests, every, excluded),
        forms=_merged(kept, not batch.by_funds, number, findings),
        findings=tuple(findings),
        pool=pool,
        left_out=len(excluded),
        when=when,
        matches=proposals(rows),
        everyone=tuple(every),
        place=position,
    )


def _tallied(forms: Sequence[FormFacts]) -> Tally:
    batch = tally(forms)
    return batch if batch.by_funds else tally(forms, equal_weights=True)


def _merged(
    kept: list[tuple[str, FormFacts]],
    equal_weights: bool,
    number: Mapping[str, int],
    findings: Iterable[FindingLine],
) -> tuple[MergedForm, ...]:
    own: list[list[FindingFacts]] = [[] for _ in kept]
    for line in findings:
        if line.form is not None:
            own[line.form].append(line.facts)
    return tuple(
        MergedForm(
            source=source,
            facts=facts,
            weight=weight_of(facts, equal_weights),
            rows=tuple(number[each.key] for each in facts.indicators),
            findings=tuple(found),
            remarks=_remarks(facts),
        )
        for (source, facts), found in zip(kept, own, strict=True)
    )


_RANK = {severity: rank for rank, severity in enumerate(("error", "warning", "undetermined", "info"))}
assert _RANK.keys() == SEVERITIES.keys()


def _form_findings(every: list[tuple[str, FormFacts]], position: Mapping[int, int]) -> Iterable[FindingLine]:
    for at, (source, facts) in enumerate(every):
        for finding in facts.findings:
            yield FindingLine(finding, facts.unit, facts.project, source, position.get(at))


def _files(
    digests: Sequence[Digest], every: list[tuple[str, FormFacts]], excluded: Mapping[int, str]
) -> tuple[FileLine, ...]:
    """A file of which a form does not count says so; the others keep their status."""
    lines, at = [], 0
    for each in digests:
        line = FileLine._make(each.file)
        reasons = {n: excluded[n] for n in range(at, at + len(each.forms)) if n in excluded}
        at += len(each.forms)
        if reasons:
            several = len(each.forms) > 1
            texts = [f"工作表“{every[n][1].sheet}”：{why}" if several else why for n, why in reasons.items()]
            line = line._replace(status="left_out", reason="；".join(texts))
        lines.append(line)
    return tuple(lines)


def _is_dash(text: str) -> bool:
    return label_key(text) in vocabulary().not_applicable


_AMOUNTS = (("initial", "年初预算数"), ("annual", "全年预算数"), ("executed", "全年执行数"))


def _remarks(facts: FormFacts) -> str:
    """Which amounts of 年度资金总额 are in no total, and why."""
    texts = []
    for name, label in _AMOUNTS:
        value: Value = getattr(facts, name)
        if isinstance(value, str) and not (name == "initial" and _is_dash(value)):
            texts.append(f"{label}“{value}”不是数值，未计入合计")
        elif value is None and (name != "initial" or facts.annual is None):
            texts.append(f"{label}未填，未计入合计")
    return "；".join(texts)
