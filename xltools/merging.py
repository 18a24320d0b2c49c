"""Many forms into one consolidation: what a worker hands over, and how the batch is added up.

`digest` runs where a file was examined and keeps what the lists need, as plain tuples: names would
make them slow to send.  `consolidate` puts the names back and does the arithmetic.  Money leaves
the digest in 万元, whatever unit the form is in.

Numbers travel as floats: that is what a workbook holds, and `exact` gives back the decimal a person
typed.  All sums are made of those decimals.

Indicators: numbers are added, relative ones averaged with the funds as weights, and only then
scored; words are represented by their scores, funds as weights (财预〔2020〕10号 and local notes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from xltools import scoring
from xltools.messages.interface import COMPARATORS, LEVEL1, NATURES, SEVERITIES
from xltools.model import (
    Entry,
    FileReading,
    Finding,
    FundLine,
    Grade,
    Indicator,
    Quantity,
    SelfEvaluation,
    Severity,
)
from xltools.profiles import Profile
from xltools.quantities import in_wan, round_half_up
from xltools.scoring import HUNDRED, ZERO, Orientation, RowScore
from xltools.vocabulary import label_base, label_key, tidy, vocabulary

if TYPE_CHECKING:
    from xltools.examining import Examined, ExaminedForm

Value = float | str | None
"""A number; the words that stand where one belongs; nothing."""
Way = Literal["higher", "lower", "equal", "words"]
Method = Literal["added", "averaged", "scored"]
Words = Callable[[Finding], tuple[str, str, str]]
"""Finding -> (name of the rule, message, hint)."""

UNDETERMINED = "无法判定"
_SEPARATOR = "\x1f"
LISTED_ROWS = 2000  # rows of the consolidated form; the rest is added up by level-2 indicator


class FileLine(NamedTuple):
    path: str
    status: str
    reason: str
    size: int
    modified: float
    sha256: str
    layouts: tuple[str, ...]


class FundFacts(NamedTuple):
    kind: str
    label: str
    initial: Value
    annual: Value
    executed: Value
    cell: str


class IndicatorFacts(NamedTuple):
    """key: rows with the same key are one row of the consolidated form.
    target_number, actual_number: both in one unit, or both None.
    recomputed: None when the row cannot be judged."""

    level1: str
    level2: str
    level3: str
    nature: str
    direction: str
    target: Value
    actual: Value
    unit: str
    weight: Value
    score: Value
    recomputed: float | None
    deviation: str
    cell: str
    key: str
    family: str
    way: Way | None
    relative: bool
    target_number: float | None
    actual_number: float | None
    met: bool | None


class FindingFacts(NamedTuple):
    severity: Severity
    code: str
    title: str
    sheet: str
    cells: tuple[str, ...]
    message: str
    hint: str


class FormFacts(NamedTuple):
    """total_line: the amounts of 年度资金总额; a text is what stands there instead of a number."""

    sheet: str
    layout: str
    year: int | None
    project: str
    department: str
    unit: str
    initial: Value
    annual: Value
    executed: Value
    execution_weight: float
    rate: float | None
    execution_score: float | None
    stated_total: Value
    stated_grade: Grade | None
    total: float | None
    grade: Grade | None
    scored: bool
    funds: tuple[FundFacts, ...]
    indicators: tuple[IndicatorFacts, ...]
    findings: tuple[FindingFacts, ...]
    form: SelfEvaluation | None


class Digest(NamedTuple):
    """One file for the parent: tuples in the order of `FileLine` and `FormFacts`."""

    file: tuple[Any, ...]
    forms: tuple[tuple[Any, ...], ...]


def exact(value: float) -> Decimal:
    """The decimal whose nearest float this is: what the person typed."""
    return Decimal(repr(value))


def numeric(value: Value) -> Decimal | None:
    return exact(value) if isinstance(value, float) else None


# --- one file -------------------------------------------------------------------------------------


def default_words(finding: Finding) -> tuple[str, str, str]:
    from xltools import messages

    return messages.title(finding.code), messages.message(finding), messages.hint(finding)


def digest(
    examined: Examined, keep_form: bool, words: Words = default_words, profile: Profile | None = None
) -> Digest:
    """What the consolidation needs of one file.  keep_form: carry the form too, for a sheet of its own.

    profile: whose execution weight stands in for a blank one; 10 without."""
    fallback = profile.execution_weight if profile else Decimal(10)
    forms = tuple(_plain(_form_facts(each, keep_form, words, fallback)) for each in examined.forms)
    return Digest(tuple(_file_line(examined.reading)), forms)


def _file_line(reading: FileReading) -> FileLine:
    from xltools.messages.reasons import reason

    details = dict(reading.reason_details)
    why = reason(reading.reason_code, "zh", **details) if reading.reason_code else ""
    layouts = tuple(dict.fromkeys(form.layout for form in reading.forms))
    return FileLine(
        reading.path, reading.status, why, reading.size, reading.modified, reading.sha256, layouts
    )


def _plain(facts: FormFacts) -> tuple[Any, ...]:
    rows = (tuple(map(tuple, each)) for each in (facts.funds, facts.indicators, facts.findings))
    return (*facts[:-4], *rows, facts.form)


def _form_facts(examined: ExaminedForm, keep_form: bool, words: Words, fallback: Decimal) -> FormFacts:
    form, assessment = examined.form, examined.assessment
    line = form.total_fund
    weight = line.weight.value if line else None
    return FormFacts(
        sheet=form.sheet,
        layout=form.layout,
        year=form.year.value,
        project=form.project_name.value or "",
        department=form.supervising_department.value or "",
        unit=form.implementing_unit.value or "",
        initial=_money(line.initial_budget, form.unit) if line else None,
        annual=_money(line.annual_budget, form.unit) if line else None,
        executed=_money(line.executed, form.unit) if line else None,
        execution_weight=float(fallback if weight is None else weight),
        rate=_float(assessment.rate),
        execution_score=_float(assessment.execution_score),
        stated_total=_shown(form.total_score),
        stated_grade=assessment.stated_grade,
        total=_float(assessment.total),
        grade=assessment.grade,
        scored=form.scored and bool(form.indicators),
        funds=tuple(_fund_facts(each, form.unit) for each in form.funds),
        indicators=tuple(map(_indicator_facts, form.indicators, assessment.rows)),
        findings=tuple(_finding_facts(each, words) for each in examined.findings),
        form=form if keep_form else None,
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _shown(entry: Entry[Decimal]) -> Value:
    if entry.value is not None:
        return float(entry.value)
    return entry.raw or None


def _money(entry: Entry[Decimal], unit: str) -> Value:
    return float(in_wan(entry.value, unit)) if entry.value is not None else entry.raw or None


def _quantity(entry: Entry[Quantity]) -> Value:
    """A bare number as a number, anything else as the person sees it."""
    found = entry.value
    if found is not None and found.comparator is None and not found.unit:
        return float(found.number)
    return entry.raw or None


def _fund_facts(line: FundLine, unit: str) -> FundFacts:
    amounts = [entry for _, entry in line.amounts()]
    cell = line.label.cell or next((entry.cell for entry in amounts if entry.place), "")
    initial, annual, executed = (_money(entry, unit) for entry in amounts)
    return FundFacts(line.kind, tidy(line.label.value or line.label.raw), initial, annual, executed, cell)


def _finding_facts(finding: Finding, words: Words) -> FindingFacts:
    title, message, hint = words(finding)
    return FindingFacts(finding.severity, finding.code, title, finding.sheet, finding.cells, message, hint)


def _indicator_facts(row: Indicator, score: RowScore) -> IndicatorFacts:
    way: Way | None = "words" if row.qualitative else scoring.orientation(row)
    numbers = None if way == "words" else scoring.target_and_actual(row)
    unit = _unit(row)
    relative = _is_relative(row, unit)
    family = row.group or label_base(row.level1.value or "")
    level2 = label_base(row.level2.value or "").removesuffix("指标")
    name = label_key(row.level3.value or row.level3.raw)
    method = "" if way == "words" else unit + ("/" if relative else "+")
    cells = (row.level3.cell, row.target.cell, row.actual.cell, row.weight.cell, row.score.cell)
    return IndicatorFacts(
        level1=tidy(row.level1.value or ""),
        level2=tidy(row.level2.value or ""),
        level3=(row.level3.value or row.level3.raw).strip(),
        nature=NATURES[row.nature.value][0] if row.nature.value else row.nature.raw,
        direction=COMPARATORS[row.direction.value][0] if row.direction.value else row.direction.raw,
        target=_quantity(row.target),
        actual=_quantity(row.actual),
        unit=row.unit.raw,
        weight=_shown(row.weight),
        score=_shown(row.score),
        recomputed=_float(score.score),
        deviation=row.deviation.raw,
        cell=next(filter(None, cells), ""),
        key=_SEPARATOR.join((family, level2, name, way or "", method)),
        family=family,
        way=way,
        relative=relative,
        target_number=float(numbers[0]) if numbers else None,
        actual_number=float(numbers[1]) if numbers else None,
        met=score.met,
    )


def _unit(row: Indicator) -> str:
    stated = (row.target.value.unit if row.target.value else "") or (
        row.actual.value.unit if row.actual.value else ""
    )
    key = label_key(row.unit.value or stated)
    return "%" if key in vocabulary().percent_units else key


_RATE_NAMES = (
    "率",
    "比例",
    "占比",
    "比重",
    "满意度",
    "平均",
    "人均",
    "标准",
    "单价",
    "单次",
    "单位成本",
    "指数",
)
_TIME_UNITS = frozenset(("年", "月", "日", "天", "工作日", "小时", "时", "分钟", "秒"))


def _is_relative(row: Indicator, unit: str) -> bool:
    """A number that means nothing when it is added to another unit's: a rate, a price, a deadline."""
    name, level2 = row.level3.value or "", row.level2.value or ""
    if unit in ("%", "‰", "分") or "/" in unit or any(part in name for part in _RATE_NAMES):
        return True
    return "时效" in level2 and unit in _TIME_UNITS


# --- the batch ------------------------------------------------------------------------------------


class FindingLine(NamedTuple):
    """One line of 问题清单.

    form: index into ``Consolidation.forms``, None without one.  In ``batch_findings`` of
    `consolidate` it is the index as `forms_of` counts.
    """

    facts: FindingFacts
    unit: str
    project: str
    source: str
    form: int | None = None


class MergedForm(NamedTuple):
    """A form that counts.  weight: its funds, or 1 where no form of the batch has any.
    rows: for each indicator the number of its row in the consolidated form.
    findings: those about the form, of its own and of the batch.
    remarks: what of its amounts is not in the totals."""

    source: str
    facts: FormFacts
    weight: Decimal
    rows: tuple[int, ...]
    findings: tuple[FindingFacts, ...]
    remarks: str

    @property
    def name(self) -> str:
        return self.facts.unit or self.facts.project or self.source


class PooledRow(NamedTuple):
    """One row of the consolidated form.

    number: 1-based.  live: its cells can be formulas over the list of indicators.
    weight None: no form that has it gives points.  score None: it cannot be judged.
    """

    number: int
    level1: str
    level2: str
    level3: str
    nature: str
    direction: str
    unit: str
    way: Way | None
    method: Method
    target: Decimal | str | None
    actual: Decimal | str | None
    weight: Decimal | None
    score: Decimal | None
    units: int
    note: str
    live: bool = True


class FundTotal(NamedTuple):
    """complete: every form that has the line gives both amounts, so the rate is that of the sums."""

    kind: str
    initial: Decimal
    annual: Decimal
    executed: Decimal
    rate: Decimal | None
    complete: bool


class Pool(NamedTuple):
    """The consolidated form.  base: the weights of the scored forms added up."""

    funds: tuple[FundTotal, ...]
    rows: tuple[PooledRow, ...]
    base: Decimal
    execution_weight: Decimal
    execution_score: Decimal | None
    total_weight: Decimal
    total: Decimal | None
    judged: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Consolidation:
    """Everything the consolidated workbook shows.

    forms: those that count, in order.  files: every file met, status as it is shown.
    when: the moment to print, "" for none.
    """

    profile: Profile
    files: tuple[FileLine, ...]
    forms: tuple[MergedForm, ...]
    findings: tuple[FindingLine, ...]
    pool: Pool
    left_out: int
    when: str = ""

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
        tuple(
            _file_line(FileReading(path, "unreadable", reason_code=reason_code))._replace(status="skipped")
        ),
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
    return FindingLine(_finding_facts(finding, words), unit, project, source, form)


def consolidate(
    digests: Sequence[Digest],
    profile: Profile,
    batch_findings: Sequence[FindingLine] = (),
    left_out: Mapping[int, str] | None = None,
    when: str = "",
) -> Consolidation:
    """Add the batch up.

    left_out: index of a form as `forms_of` counts them -> why it does not count.  Its file and its
    findings stay listed; it is in no total.
    """
    excluded = left_out or {}
    every = forms_of(digests)
    kept = [pair for at, pair in enumerate(every) if at not in excluded]
    position = {at: new for new, at in enumerate(at for at in range(len(every)) if at not in excluded)}
    weights = _fund_weights([facts for _, facts in kept])
    rows, numbers = _pool_rows([facts for _, facts in kept], weights, profile)
    placed = (
        line if line.form is None else line._replace(form=position.get(line.form)) for line in batch_findings
    )
    findings = sorted(
        (*placed, *_form_findings(every, position)), key=lambda line: _RANK[line.facts.severity]
    )
    forms = _merged(kept, weights, numbers, findings)
    return Consolidation(
        profile=profile,
        files=_files(digests, every, excluded),
        forms=forms,
        findings=tuple(findings),
        pool=_pool(forms, rows, profile),
        left_out=len(excluded),
        when=when,
    )


def _merged(
    kept: list[tuple[str, FormFacts]],
    weights: list[Decimal],
    numbers: list[tuple[int, ...]],
    findings: Iterable[FindingLine],
) -> tuple[MergedForm, ...]:
    own: list[list[FindingFacts]] = [[] for _ in kept]
    for line in findings:
        if line.form is not None:
            own[line.form].append(line.facts)
    return tuple(
        MergedForm(source, facts, weight, rows, tuple(found), _remarks(facts))
        for (source, facts), weight, rows, found in zip(kept, weights, numbers, own, strict=True)
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
    for field, label in _AMOUNTS:
        value: Value = getattr(facts, field)
        if isinstance(value, str) and not (field == "initial" and _is_dash(value)):
            texts.append(f"{label}“{value}”不是数值，未计入合计")
        elif value is None and (field != "initial" or facts.annual is None):
            texts.append(f"{label}未填，未计入合计")
    return "；".join(texts)


# --- funds ----------------------------------------------------------------------------------------


def _fund_weights(forms: list[FormFacts]) -> list[Decimal]:
    """全年预算数 of each form; 1 each where no form that is scored has any."""
    weights = [max(numeric(facts.annual) or ZERO, ZERO) for facts in forms]
    scored = [weight for weight, facts in zip(weights, forms, strict=True) if facts.scored]
    return weights if any(scored or weights) else [Decimal(1)] * len(forms)


_FUND_ORDER = ("total", "fiscal", "carryover", "other", "special_account", "unit_funds", "unknown")


def _fund_totals(forms: Sequence[MergedForm]) -> tuple[FundTotal, ...]:
    lines: dict[str, list[FundFacts]] = {kind: [] for kind in _FUND_ORDER[:4]}
    for form in forms:
        for line in form.facts.funds:
            lines.setdefault(line.kind, []).append(line)
    return tuple(_fund_total(kind, lines[kind]) for kind in _FUND_ORDER if kind in lines)


def _fund_total(kind: str, lines: list[FundFacts]) -> FundTotal:
    pairs = [(numeric(line.annual), numeric(line.executed)) for line in lines]
    both = [(a, e) for a, e in pairs if a is not None and e is not None]
    rate = scoring.execution_rate(scoring.sum_of(a for a, _ in both), scoring.sum_of(e for _, e in both))
    halves = any((a is None) != (e is None) for a, e in pairs)
    return FundTotal(
        kind,
        initial=_sum(line.initial for line in lines),
        annual=_sum(line.annual for line in lines),
        executed=_sum(line.executed for line in lines),
        rate=rate,
        complete=not halves,
    )


def _sum(values: Iterable[Value]) -> Decimal:
    return scoring.sum_of(exact(value) for value in values if isinstance(value, float))


# --- indicators -----------------------------------------------------------------------------------


class _Member(NamedTuple):
    form: int
    name: str
    scored: bool
    weight: Decimal
    facts: IndicatorFacts


def _pool_rows(
    forms: list[FormFacts], weights: list[Decimal], profile: Profile
) -> tuple[tuple[PooledRow, ...], list[tuple[int, ...]]]:
    """The consolidated rows, and for each form the row number of each of its indicators."""
    members: dict[str, list[_Member]] = {}
    for at, facts in enumerate(forms):
        name = facts.unit or facts.project
        for each in facts.indicators:
            members.setdefault(each.key, []).append(_Member(at, name, facts.scored, weights[at], each))
    base = scoring.sum_of(w for w, facts in zip(weights, forms, strict=True) if facts.scored)
    ordered = _ordered(members)
    listed, rest = _listed(ordered)
    rows = [_pooled(n, group, base, len(forms), profile) for n, group in enumerate(listed, start=1)]
    number = {group[0].facts.key: row.number for row, group in zip(rows, listed, strict=True)}
    for groups in rest:
        rows.append(_collected(len(rows) + 1, groups, base, profile))
        number |= {group[0].facts.key: len(rows) for group in groups}
    return tuple(rows), [tuple(number[each.key] for each in facts.indicators) for facts in forms]


_FAMILIES = ("output", "cost", "benefit", "satisfaction", "execution")
_SECONDS = (
    "数量", "质量", "时效", "成本", "经济成本", "社会成本", "生态环境成本",
    "经济效益", "社会效益", "生态效益", "可持续影响",
)  # fmt: skip


def _rank(order: tuple[str, ...], label: str) -> int:
    return order.index(label) if label in order else len(order)


def _ordered(members: dict[str, list[_Member]]) -> list[list[_Member]]:
    """As on the form: by family and level 2; what most units have comes first."""

    def place(group: list[_Member]) -> tuple[int, str, int, str, int]:
        _, level2, *_ = group[0].facts.key.split(_SEPARATOR)
        family = group[0].facts.family
        return _rank(_FAMILIES, family), family, _rank(_SECONDS, level2), level2, -len(group)

    return sorted(members.values(), key=place)


def _listed(ordered: list[list[_Member]]) -> tuple[list[list[_Member]], list[list[list[_Member]]]]:
    """The rows to list, and those to add up by level-2 indicator because the form would not end."""
    if len(ordered) <= LISTED_ROWS:
        return ordered, []
    widest = sorted(range(len(ordered)), key=lambda at: -len(ordered[at]))
    chosen = set(widest[:LISTED_ROWS])
    rest: dict[str, list[list[_Member]]] = {}
    for at, group in enumerate(ordered):
        if at not in chosen:
            rest.setdefault(_SEPARATOR.join(group[0].facts.key.split(_SEPARATOR)[:2]), []).append(group)
    return [ordered[at] for at in sorted(chosen)], list(rest.values())


def _pooled(number: int, group: list[_Member], base: Decimal, forms: int, profile: Profile) -> PooledRow:
    first = group[0].facts
    method: Method = "scored" if first.way in (None, "words") else "averaged" if first.relative else "added"
    weight, unjudged = _weight(group, base), _unjudged(group)
    target, actual = _target_and_actual(group, method)
    score = (
        None if unjudged or weight is None else _score(group, method, target, actual, weight, base, profile)
    )
    return PooledRow(
        number=number,
        level1=_level1(first),
        level2=first.level2,
        level3=first.level3,
        nature=first.nature,
        direction=first.direction,
        unit="" if first.way == "words" else first.unit or first.key.split(_SEPARATOR)[4][:-1],
        way=first.way,
        method=method,
        target=target,
        actual=actual,
        weight=weight,
        score=score,
        units=len(group),
        note=_note(group, unjudged, forms),
    )


def _level1(facts: IndicatorFacts) -> str:
    return LEVEL1[facts.family][0] if facts.family in LEVEL1 else facts.level1


def _weight(group: list[_Member], base: Decimal) -> Decimal | None:
    """Funds-weighted over all scored forms, 0 where a form lacks the row: so the weights of the batch
    add up to what those of the forms do."""
    if not base or not any(member.scored for member in group):
        return None
    known = ((member.weight, numeric(member.facts.weight)) for member in group if member.scored)
    return scoring.sum_of(funds * points for funds, points in known if points is not None) / base


def _unjudged(group: list[_Member]) -> list[_Member]:
    return [member for member in group if member.scored and member.facts.recomputed is None]


def _target_and_actual(
    group: list[_Member], method: Method
) -> tuple[Decimal | str | None, Decimal | str | None]:
    if method == "scored":
        return _same_words(group, "target"), _same_words(group, "actual")
    known = [
        (member.weight, exact(member.facts.target_number), exact(member.facts.actual_number))
        for member in group
        if member.facts.target_number is not None and member.facts.actual_number is not None
    ]
    if not known:
        return None, None
    if method == "added":
        return scoring.sum_of(t for _, t, _ in known), scoring.sum_of(a for _, _, a in known)
    funds = scoring.sum_of(weight for weight, _, _ in known)
    shares = [weight if funds else Decimal(1) for weight, _, _ in known]
    return (
        _average(shares, [target for _, target, _ in known]),
        _average(shares, [actual for _, _, actual in known]),
    )


def _average(shares: list[Decimal], numbers: list[Decimal]) -> Decimal:
    total = scoring.sum_of(share * number for share, number in zip(shares, numbers, strict=True))
    return round_half_up(total / scoring.sum_of(shares), 4)


def _same_words(group: list[_Member], field: str) -> str | None:
    """The words if every unit has the same ones, else how many have which."""
    counts: dict[str, int] = {}
    for member in group:
        value: Value = getattr(member.facts, field)
        text = "" if value is None else value.strip() if isinstance(value, str) else f"{value:g}"
        counts[text or "未填"] = counts.get(text or "未填", 0) + 1
    if len(counts) == 1:
        only = next(iter(counts))
        return None if only == "未填" else only
    common = sorted(counts.items(), key=lambda pair: -pair[1])
    texts = [f"{_short(text, 12)} {count}家" for text, count in common[:3]]
    if len(common) > 3:
        texts.append(f"其他 {sum(count for _, count in common[3:])}家")
    return "；".join(texts)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _score(
    group: list[_Member],
    method: Method,
    target: Decimal | str | None,
    actual: Decimal | str | None,
    weight: Decimal,
    base: Decimal,
    profile: Profile,
) -> Decimal | None:
    if method == "scored":
        known = ((m.weight, m.facts.recomputed) for m in group if m.scored and m.facts.recomputed is not None)
        return scoring.sum_of(funds * exact(score) for funds, score in known) / base
    if not isinstance(target, Decimal) or not isinstance(actual, Decimal):
        return None
    share = _share(group[0].facts.way, target, actual, profile)
    return None if share is None else share / HUNDRED * weight


def _share(
    way: Orientation | Literal["words"] | None, target: Decimal, actual: Decimal, profile: Profile
) -> Decimal | None:
    """The score out of 100.  Only the total is rounded to what the form shows: the weights of a large
    batch are so small that rounding each row's points would add up to whole points."""
    if way == "lower":
        return scoring.reverse_score(target, actual, HUNDRED, profile.reverse_forms[0])
    if way == "equal":
        return scoring.equal_score(target, actual, HUNDRED)
    return scoring.positive_score(target, actual, HUNDRED)


def _names(members: Iterable[_Member], most: int = 5) -> str:
    names = list(dict.fromkeys(member.name or "未填单位" for member in members))
    more = f"等{len(names)}家" if len(names) > most else ""
    return "、".join(names[:most]) + more


def _note(group: list[_Member], unjudged: list[_Member], forms: int) -> str:
    texts = []
    have = len({member.form for member in group})
    if forms > 1 and have == 1:
        texts.append(f"仅“{group[0].name or '未填单位'}”填报")
    elif have < forms:
        texts.append(f"{have}/{forms}家填报")
    missed = [member for member in group if member.facts.met is False]
    if missed:
        texts.append(f"未完成：{_names(missed)}")
    if unjudged:
        texts.append(f"{UNDETERMINED}：{_names(unjudged)}")
    return "；".join(texts)


def _collected(number: int, groups: list[list[_Member]], base: Decimal, profile: Profile) -> PooledRow:
    """Rows beyond what a form can list, in one: their weights and scores are those of the rows."""
    rows = [_pooled(number, group, base, 0, profile) for group in groups]
    weights = [row.weight for row in rows if row.weight is not None]
    judged = all(row.score is not None or row.weight is None for row in rows)
    first = groups[0][0].facts
    return PooledRow(
        number=number,
        level1=_level1(first),
        level2=first.level2,
        level3=f"其余 {len(groups)} 项指标",
        nature="",
        direction="",
        unit="",
        way=None,
        method="scored",
        target=None,
        actual=None,
        weight=scoring.sum_of(weights) if weights else None,
        score=scoring.sum_of(row.score for row in rows if row.score is not None) if judged else None,
        units=len({member.form for group in groups for member in group}),
        note=f"逐项见指标明细，合并行号 {number}",
        live=False,
    )


def _pool(forms: tuple[MergedForm, ...], rows: tuple[PooledRow, ...], profile: Profile) -> Pool:
    funds = _fund_totals(forms)
    scored = [form for form in forms if form.facts.scored]
    base = scoring.sum_of(form.weight for form in scored)
    given = scoring.sum_of(form.weight * exact(form.facts.execution_weight) for form in scored)
    weight = given / base if base else profile.execution_weight
    score = None if funds[0].rate is None else scoring.execution_score(funds[0].rate, weight)
    counted = [row for row in rows if row.weight is not None]
    weights = [row.weight for row in counted if row.weight is not None]
    known = [(row.weight or ZERO, row.score) for row in counted if row.score is not None]
    parts = [(weight, score), *known] if score is not None else known
    determined = score is not None and bool(counted) and len(known) == len(counted)
    points = round_half_up(scoring.sum_of(got for _, got in parts if got is not None))
    return Pool(
        funds=funds,
        rows=rows,
        base=base,
        execution_weight=weight,
        execution_score=score,
        total_weight=round_half_up(weight + scoring.sum_of(weights)),
        total=points if determined else None,
        judged=(points, round_half_up(scoring.sum_of(part for part, _ in parts))),
    )
