"""The batch: every form that counts, every file met, every finding, and the sums of it all.

A batch is held bundle by bundle.  Its decisions (who counts, which row of the consolidated form an
indicator belongs to) are small; with them any process can make the lines of a bundle.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from xltools.merging.bundle import Bundle, Everyone, bundle, forms_in
from xltools.merging.digest import Words, default_words, file_line, finding_facts
from xltools.merging.facts import Digest, FileLine, FindingFacts, FormFacts, Value
from xltools.merging.matching import Match, Rename, proposals, renamed
from xltools.merging.pooling import FindingLine, MergedForm, Pool, pooled
from xltools.merging.tally import Tally, joined, tally, weight_of
from xltools.model import WORST_FIRST, FileReading, Finding, Identity, Severity
from xltools.parallel import chunks
from xltools.profiles import Profile
from xltools.vocabulary import is_dash

if TYPE_CHECKING:
    from xltools.comparing import Comparison
    from xltools.rollcall import RollCall


class Decided(NamedTuple):
    """What the batch decided about a bundle.

    first: the place of its first form among those that count.  first_file: of its first file.
    left_out: form of the bundle -> why it does not count.  findings: form -> the batch's own about it.
    numbers: key of an indicator -> number of its row in the consolidated form; of the whole batch, unless
    `alone`.  equal_weights: no form of the batch has funds, every form weighs the same.
    """

    first: int
    first_file: int
    left_out: Mapping[int, str]
    findings: Mapping[int, tuple[FindingFacts, ...]]
    numbers: Mapping[str, int]
    equal_weights: bool

    def alone(self, keys: Iterable[str]) -> Decided:
        """With no more than one bundle needs, to be sent with it."""
        return self._replace(numbers={key: self.numbers[key] for key in keys if key in self.numbers})


class Lines(NamedTuple):
    """What a bundle adds to the lists.  forms: those that count.  findings: of all its forms."""

    files: tuple[FileLine, ...]
    forms: tuple[MergedForm, ...]
    findings: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True)
class Consolidation:
    """Everything the consolidated workbook shows.

    bundles, decided: the files in order, and what became of them; `each_lines` makes lines of both.
    batch_findings: those that only show over many forms, worst first.
    everyone: every form, also those that do not count.  left_out: index into it -> why.
    place: index into ``everyone`` -> place among the forms that count.
    when: the moment to print, "" for none.  matches: indicators that may be the same.
    roll_call: with a roster; its indices are those of ``everyone``.  comparison: with last year's figures.
    year: what the batch is about, None when no form states one.
    """

    profile: Profile
    bundles: tuple[Bundle, ...]
    decided: tuple[Decided, ...]
    batch_findings: tuple[FindingLine, ...]
    pool: Pool
    everyone: Sequence[Identity]
    left_out: Mapping[int, str]
    place: Mapping[int, int]
    when: str = ""
    matches: tuple[Match, ...] = ()
    roll_call: RollCall | None = None
    comparison: Comparison | None = None
    year: int | None = None
    counts: Counter[Severity] = field(default_factory=Counter)

    def each_lines(self) -> Iterator[Lines]:
        """Bundle by bundle, so that memory stays flat."""
        for each, decided in zip(self.bundles, self.decided, strict=True):
            yield lines(each.digests.opened(), decided)

    @property
    def forms(self) -> tuple[MergedForm, ...]:
        """Those that count, in order."""
        return tuple(form for each in self.each_lines() for form in each.forms)

    @property
    def files(self) -> tuple[FileLine, ...]:
        """Every file met, its status as it is shown."""
        return tuple(file for each in self.each_lines() for file in each.files)

    @property
    def findings(self) -> tuple[FindingLine, ...]:
        return tuple(self.each_finding())

    def each_finding(self) -> Iterator[FindingLine]:
        """Worst first; of the same severity those of the batch first, then form by form."""
        for severity in WORST_FIRST:
            if self.counts[severity]:
                yield from (line for line in self.batch_findings if line.facts.severity == severity)
                for each in self.each_lines():
                    yield from (line for line in each.findings if line.facts.severity == severity)

    @property
    def counting(self) -> Iterator[Identity]:
        """The forms that count."""
        return (each for at, each in enumerate(self.everyone) if at not in self.left_out)

    @property
    def by_funds(self) -> bool:
        """The weights are the budgets; where no form has any, every form weighs the same."""
        return not any(each.equal_weights for each in self.decided)

    def frames(self) -> dict[str, Any]:
        """The lists as pandas frames, by the names of their sheets; needs pandas.

        Asked for by name: what adds up forms knows no frames.
        """
        frames: dict[str, Any] = import_module("xltools.frames").frames(self)
        return frames


class Places(Mapping[int, int]):
    """Number of a form -> its place among those that count."""

    def __init__(self, forms: int, left_out: Iterable[int]) -> None:
        self._forms, self._out = forms, sorted(left_out)

    def __getitem__(self, at: int) -> int:
        before = bisect_left(self._out, at)
        if not 0 <= at < self._forms or self._out[before : before + 1] == [at]:
            raise KeyError(at)
        return at - before

    def __iter__(self) -> Iterator[int]:
        out = set(self._out)
        return (at for at in range(self._forms) if at not in out)

    def __len__(self) -> int:
        return self._forms - len(self._out)


def forms_of(digests: Iterable[Digest]) -> list[tuple[str, FormFacts]]:
    """Every form with its file, in the order ``left_out`` of `consolidate` counts them."""
    return [(each.file[0], form) for each in digests for form in forms_in(each)]


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


# --- deciding -------------------------------------------------------------------------------------


def consolidate(
    digests: Sequence[Digest],
    profile: Profile,
    batch_findings: Sequence[FindingLine] = (),
    left_out: Mapping[int, str] | None = None,
    when: str = "",
    renames: Sequence[Rename] = (),
) -> Consolidation:
    """Add up a batch that lies in memory; see `consolidate_bundles`.

    renames: which differently named indicators are one.
    """
    bundles = [bundle(renamed(piece, renames)) for piece in chunks(digests)]
    return consolidate_bundles(bundles, profile, batch_findings, left_out, when)


def consolidate_bundles(
    bundles: Sequence[Bundle],
    profile: Profile,
    batch_findings: Sequence[FindingLine] = (),
    left_out: Mapping[int, str] | None = None,
    when: str = "",
) -> Consolidation:
    """Add the batch up.

    left_out: index of a form over all bundles -> why it does not count.  Its file and its findings stay
    listed; it is in no total.  batch_findings: ``form`` is that index, too.
    """
    excluded = left_out or {}
    everyone = Everyone(bundles)
    position = Places(len(everyone), excluded)
    whole, equal_weights = _added_up(bundles, excluded)
    rows, numbers, pool = pooled(whole, profile)
    decided = tuple(_decided(bundles, excluded, batch_findings, numbers, equal_weights))
    placed = (
        line if line.form is None else line._replace(form=position.get(line.form)) for line in batch_findings
    )
    counts: Counter[Severity] = Counter(line.facts.severity for line in batch_findings)
    for each in bundles:
        counts.update(each.counts)
    return Consolidation(
        profile=profile,
        bundles=tuple(bundles),
        decided=decided,
        batch_findings=tuple(sorted(placed, key=_severity)),
        pool=pool,
        everyone=everyone,
        left_out=excluded,
        place=position,
        when=when,
        matches=proposals(rows),
        counts=counts,
    )


def _added_up(bundles: Sequence[Bundle], left_out: Mapping[int, str]) -> tuple[Tally, bool]:
    """The sums of the forms that count, and whether all weigh the same.

    The bundles bring their sums; one with a form that does not count is added up again.
    """
    own = [_own(left_out, start, each) for start, each in _starts(bundles)]
    whole = joined(_tally(each, out) for each, out in zip(bundles, own, strict=True))
    if whole.by_funds:
        return whole, False
    return joined(_tally(each, out, equal=True) for each, out in zip(bundles, own, strict=True)), True


def _tally(each: Bundle, left_out: Mapping[int, str], equal: bool = False) -> Tally:
    if not left_out and not equal:
        return each.tally.opened()
    forms = (FormFacts._make(form) for digest in each.digests.opened() for form in digest.forms)
    return tally((facts for at, facts in enumerate(forms) if at not in left_out), equal)


def _starts(bundles: Iterable[Bundle]) -> Iterator[tuple[int, Bundle]]:
    """Each bundle with the index of its first form."""
    start = 0
    for each in bundles:
        yield start, each
        start += each.forms


def _own(about: Mapping[int, Any], start: int, each: Bundle) -> dict[int, Any]:
    """What is said of the forms of a bundle, by their places in it."""
    if not about:
        return {}
    return {at: about[start + at] for at in range(each.forms) if start + at in about}


def _decided(
    bundles: Sequence[Bundle],
    left_out: Mapping[int, str],
    batch_findings: Iterable[FindingLine],
    numbers: Mapping[str, int],
    equal_weights: bool,
) -> Iterator[Decided]:
    about: dict[int, tuple[FindingFacts, ...]] = {}
    for line in batch_findings:
        if line.form is not None:
            about[line.form] = (*about.get(line.form, ()), line.facts)
    first = first_file = 0
    for start, each in _starts(bundles):
        out = _own(left_out, start, each)
        yield Decided(first, first_file, out, _own(about, start, each), numbers, equal_weights)
        first += each.forms - len(out)
        first_file += each.files


# --- the lines of a bundle ------------------------------------------------------------------------


def lines(digests: Sequence[Digest], decided: Decided) -> Lines:
    """The lines a bundle adds to the lists; can be done anywhere."""
    files: list[FileLine] = []
    forms: list[MergedForm] = []
    findings: list[FindingLine] = []
    at, place = 0, decided.first
    for digest in digests:
        file = FileLine._make(digest.file)
        here = forms_in(digest)
        why = {n: decided.left_out[at + n] for n in range(len(here)) if at + n in decided.left_out}
        files.append(without(file, [facts.sheet for facts in here], why) if why else file)
        for n, facts in enumerate(here):
            counts = n not in why
            number = place if counts else None
            source, unit, project = file.path, facts.unit, facts.project
            findings += [FindingLine(each, unit, project, source, number) for each in facts.findings]
            if counts:
                forms.append(_merged(source, facts, decided, decided.findings.get(at + n, ())))
                place += 1
        at += len(here)
    return Lines(tuple(files), tuple(forms), tuple(findings))


def without(file: FileLine, sheets: Sequence[str], why: Mapping[int, str]) -> FileLine:
    """A file of which forms do not count says so."""
    several = len(sheets) > 1
    texts = [f"工作表“{sheets[n]}”：{text}" if several else text for n, text in why.items()]
    return file._replace(status="left_out", reason="；".join(texts))


def _merged(
    source: str, facts: FormFacts, decided: Decided, batch_findings: tuple[FindingFacts, ...]
) -> MergedForm:
    found = facts.findings
    if batch_findings:
        found = tuple(sorted((*batch_findings, *found), key=lambda each: WORST_FIRST.index(each.severity)))
    numbers = decided.numbers
    return MergedForm(
        source,
        facts,
        weight_of(facts, decided.equal_weights),
        tuple([numbers[row.key] for row in facts.indicators]),
        found,
        _remarks(facts),
    )


def _severity(line: FindingLine) -> int:
    return WORST_FIRST.index(line.facts.severity)


_AMOUNTS = (("initial", "年初预算数"), ("annual", "全年预算数"), ("executed", "全年执行数"))


def _remarks(facts: FormFacts) -> str:
    """Which amounts of 年度资金总额 are in no total, and why."""
    if type(facts.initial) is type(facts.annual) is type(facts.executed) is float:
        return ""
    texts = []
    for name, label in _AMOUNTS:
        value: Value = getattr(facts, name)
        if isinstance(value, str) and not (name == "initial" and is_dash(value)):
            texts.append(f"{label}“{value}”不是数值，未计入合计")
        elif value is None and (name != "initial" or facts.annual is None):
            texts.append(f"{label}未填，未计入合计")
    return "；".join(texts)
