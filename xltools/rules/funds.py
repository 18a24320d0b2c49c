"""FUN: the money, the execution rate and its score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from xltools.model import Entry, Finding, FundLine, SelfEvaluation
from xltools.nesting import Portion, outermost
from xltools.quantities import in_money_unit, parse_number, plain, round_half_up, two_places
from xltools.rules.case import Case, bounded
from xltools.rules.registry import rule
from xltools.rules.traits import StatedFund, begun
from xltools.scoring import HUNDRED, ZERO, execution_rate, execution_weight, sum_of
from xltools.vocabulary import vocabulary

_FIELDS = ("initial_budget", "annual_budget", "executed")
_NOT_FILLED = ("blank", "dash")
_CAUSES = ("因", "由于", "原因", "调整", "追加", "结转")


@rule("FUN-01", severity="error")
def total_is_not_the_sum(case: Case) -> Iterable[Finding]:
    """年度资金总额不等于各资金来源之和，或分项有金额而总额没有填写。

    为什么：总额是预算执行率的基数，与分项对不上，执行率就不可靠。空白的分项按没有该项资金处理；一行写明“其中”的，或同类各行恰好合成上一行的，视为上一行的组成部分，不重复相加。
    例：年度资金总额的全年预算数为0，财政拨款为90。
    依据：加总关系。
    """
    total, sources, tolerance = case.total_fund, case.sources, case.profile.amount_tolerance
    if total is None or not sources:
        return ()
    wrong = [
        (field, entry, entry.value, usual)
        for (field, entry), usual in zip(total.amounts(), _sums(sources), strict=True)
        if entry.value is not None and abs(entry.value - usual) > tolerance
    ]
    left_out = [
        case.finding(
            "FUN-01", entry, variant="blank", expected=two_places(usual), field=field, unit=case.form.unit
        )
        for field, entry, usual in _left_out(case)
    ]
    if not wrong:
        return left_out
    return left_out + [
        case.finding(
            "FUN-01",
            entry,
            expected=two_places(usual),
            actual=two_places(value),
            field=field,
            unit=case.form.unit,
            tolerance=plain(tolerance),
        )
        for field, entry, value, usual in wrong
        if not _unreadable(sources, field) and abs(value - _without_parts(sources, field)) > tolerance
    ]


def _without_parts(sources: Sequence[StatedFund], field: str) -> Decimal:
    """The sum of the sources where some are parts of another and not to be added once more."""
    index = _FIELDS.index(field)
    portions = [Portion(source.line, source.counted[index]) for source in sources]
    return sum_of(portion.amount for portion in outermost(portions))


def _left_out(case: Case) -> list[tuple[str, Entry[Decimal], Decimal]]:
    """The amounts of the total that nobody filled in although the sources tell what they are."""
    total, sources = case.total_fund, case.sources
    if total is None or not sources or not case.traits.odd_money:
        return []
    return [
        (field, entry, _without_parts(sources, field))
        for (field, entry), told in zip(total.amounts(), _sums(sources), strict=True)
        if entry.state in _NOT_FILLED and told and not _unreadable(sources, field)
    ]


def _sums(funds: Sequence[StatedFund]) -> list[Decimal]:
    """Of the initial budgets, the annual budgets and what was spent."""
    return [sum_of(column) for column in zip(*[fund.counted for fund in funds], strict=True)]


def _unreadable(funds: Sequence[StatedFund], field: str) -> bool:
    return any(getattr(fund.line, field).unreadable for fund in funds)


@rule("FUN-02", "odd_money", severity="error")
def negative_amount(case: Case) -> Iterable[Finding]:
    """金额是负数。

    为什么：预算数和执行数不会小于0；收回的资金应减少相应数额，不填负数。
    例：其他资金全年预算数为-5。
    依据：预算数、执行数的含义。
    """
    for fund in case.funds:
        for index, value in enumerate(fund.amounts):
            if value is not None and value < 0:
                field, entry = fund.line.amounts()[index]
                written = _as_written(entry, case.form.unit)
                yield case.finding(
                    "FUN-02", entry, name=fund.name, actual=plain(value), field=field, written=written
                )


def _as_written(entry: Entry[Decimal], unit: str) -> str:
    """An amount as it stands in its cell, with its unit, where it was converted to read it."""
    if entry.value is None:
        return entry.raw.strip()
    stated = parse_number(entry.raw) if entry.note == "money_converted" else None
    if stated is None or stated.unit:
        return f"{plain(entry.value)}{unit}" if stated is None else entry.raw.strip()
    units = [
        each for each in vocabulary().money_units if in_money_unit(stated.value, each, unit) == entry.value
    ]
    return f"{plain(stated.value)}{units[0]}" if units else f"{plain(entry.value)}{unit}"


@rule("FUN-03", severity="error")
def rate_wrong(case: Case) -> Iterable[Finding]:
    """执行率与“全年执行数÷全年预算数”不符。

    为什么：执行率以调整后的全年预算数为分母；常见的错误是用年初预算数作分母，或改了金额没有改执行率。
    例：全年预算数1.8，执行数1.8，执行率填0；年初预算数5、全年预算数10、执行数10，执行率填200。
    依据：自评表格式：执行率=全年执行数÷全年预算数。
    """
    tolerance = case.profile.rate_tolerance
    for fund in case.funds:
        stated, (initial, annual, executed) = fund.rate, fund.amounts
        if stated is None or annual is None or executed is None or annual <= 0 or executed < 0:
            continue
        rate = execution_rate(annual, executed)
        if rate is not None and abs(stated - rate) > tolerance:
            yield case.finding(
                "FUN-03",
                fund.line.execution_rate,
                name=fund.name,
                variant="initial_base" if _on_initial(initial, executed, stated, tolerance) else "",
                expected=two_places(rate),
                actual=two_places(stated),
                tolerance=plain(tolerance),
            )


def _on_initial(initial: Decimal | None, executed: Decimal, stated: Decimal, tolerance: Decimal) -> bool:
    """The stated rate is what the initial budget as denominator gives."""
    if initial is None or initial <= 0:
        return False
    rate = execution_rate(initial, executed)
    return rate is not None and abs(stated - rate) <= tolerance


@rule("FUN-05", "odd_money", severity="error")
def overspent(case: Case) -> Iterable[Finding]:
    """全年执行数大于全年预算数。

    为什么：支出不应超过预算；年中追加的，全年预算数应填调整后的数。
    例：全年预算数10，执行数10.5。
    依据：预算约束；全年预算数为调整后的预算数。
    """
    for fund in case.funds:
        _, annual, executed = fund.amounts
        if annual is not None and executed is not None and executed > annual > 0:
            yield case.finding(
                "FUN-05",
                fund.line.executed,
                name=fund.name,
                actual=two_places(executed),
                written=_as_written(fund.line.executed, case.form.unit),
                annual=_as_written(fund.line.annual_budget, case.form.unit),
            )


@rule("FUN-06", "odd_money", severity="error")
def spent_without_budget(case: Case) -> Iterable[Finding]:
    """没有预算却有支出。

    为什么：全年预算数为0而有执行数，多半是预算数漏填，或填到了别的资金来源。
    例：全年预算数0，执行数1.8。
    依据：预算约束。
    """
    for fund in case.funds:
        _, annual, executed = fund.amounts
        if annual == ZERO and executed is not None and executed > 0:
            written = _as_written(fund.line.executed, case.form.unit)
            yield case.finding(
                "FUN-06", fund.line.executed, name=fund.name, actual=two_places(executed), written=written
            )


@rule("FUN-07", "odd_money", severity="info")
def rate_of_nothing(case: Case) -> Iterable[Finding]:
    """预算和执行都是0的分项填了执行率。

    为什么：0÷0没有结果，系统导出时常印成0，容易被理解为“一分未花”。
    例：其他资金预算0、执行0、执行率0。
    依据：执行率的计算方法。
    """
    for fund in case.sources:
        if fund.rate is not None and fund.amounts[1:] == (ZERO, ZERO):
            yield case.finding("FUN-07", fund.line.execution_rate, name=fund.name)


@rule("FUN-08", severity="undetermined", needs="scores")
def no_budget_at_all(case: Case) -> Iterable[Finding]:
    """年度资金总额的全年预算数为0，或预算数、执行数没有填写，预算执行得分无法计算。

    为什么：没有预算就没有执行率，国家规定没有写明这时如何计分，应由单位说明、由财政部门认定。金额空白的不按0处理，请先补填；分项填了金额的，按分项合计提示。
    例：项目当年未安排预算，仍填报了自评表。
    依据：执行率的计算方法。
    """
    line = case.total_fund
    if line is None:
        return
    yield from _amounts_missing(case, line)
    if line.annual_budget.value != ZERO:
        return
    if line.executed.value is None or line.executed.value <= 0:
        yield case.finding("FUN-08", line.annual_budget)


def _amounts_missing(case: Case, line: FundLine) -> Iterator[Finding]:
    """What the rate needs is blank, and the sources do not tell it either."""
    wanted = {"annual_budget": line.annual_budget, "executed": line.executed}
    blank = {field: entry for field, entry in wanted.items() if entry.state in _NOT_FILLED}
    if not blank or line.annual_budget.value == ZERO or not begun(case.form):
        return
    told = {field for field, _, _ in _left_out(case)}
    if missing := [field for field in blank if field not in told]:
        cells = [blank[field] for field in missing]
        yield case.finding("FUN-08", *cells, variant="blank", fields=",".join(missing))


@rule("FUN-09", severity="error", needs="scores")
def execution_score_wrong(case: Case) -> Iterable[Finding]:
    """预算执行得分与按执行率计算的结果不符。

    为什么：预算执行得分=执行率×分值，执行率超过100%的按满分计。
    例：执行率86.18%，分值10，应得8.62分，填10分。
    依据：财预〔2020〕10号；分值见评分口径。
    """
    line, wanted = case.total_fund, case.assessment.execution_score
    if line is None or wanted is None or line.score.value is None:
        return
    weight = execution_weight(line, case.profile)
    if weight is None or line.executed.value is None or line.executed.value < 0:
        return
    if abs(bounded(line.score.value, weight) - wanted) > case.profile.row_tolerance:
        yield case.finding(
            "FUN-09",
            line.score,
            expected=two_places(wanted),
            actual=two_places(line.score.value),
            rate=two_places(case.assessment.rate or ZERO),
            weight=plain(weight),
            tolerance=plain(case.profile.row_tolerance),
        )


@rule("FUN-10", severity="error", needs="scores")
def execution_score_out_of_range(case: Case) -> Iterable[Finding]:
    """预算执行得分大于分值，或小于0。

    为什么：得分最高为分值，最低为0。
    例：分值10，得分12。
    依据：财预〔2020〕10号。
    """
    line = case.total_fund
    if line is None or line.score.value is None:
        return
    weight = execution_weight(line, case.profile)
    if weight is not None and weight >= 0 and not ZERO <= line.score.value <= weight:
        yield case.finding("FUN-10", line.score, actual=plain(line.score.value), weight=plain(weight))


@rule("FUN-13", severity="warning")
def low_rate_unexplained(case: Case) -> Iterable[Finding]:
    """预算执行率偏低，没有说明原因。

    为什么：执行率低于界限的项目应说明资金为什么没有用完。表内原因栏、偏差原因或实际完成情况中写明即可。
    例：执行率45.17%，表内没有任何说明。
    依据：部分地区在自评表上印明的要求；界限见评分口径。
    """
    line, rate = case.total_fund, case.assessment.rate
    if line is None or rate is None or not ZERO <= rate < case.profile.reason_below:
        return
    if not money_explained(case.form):
        cell = line.execution_rate if line.execution_rate.place else line.executed
        yield case.finding("FUN-13", cell, actual=two_places(rate), bound=plain(case.profile.reason_below))


@rule("FUN-14", "changed_money", severity="warning")
def budget_changed_unexplained(case: Case) -> Iterable[Finding]:
    """全年预算数与年初预算数不同，没有说明理由。

    为什么：年中追加、调减或结转都会改变预算数，应单独说明。总额有变化的只在总额处提示，总额不变而分项有变化的在分项处提示。
    例：年初预算数5，全年预算数10，表内没有任何说明。
    依据：部分地区在自评表上印明的要求。
    """
    changed = [fund for fund in case.funds if _changed(fund, case.profile.amount_tolerance)]
    total = [fund for fund in changed if fund.line is case.total_fund]
    if changed and not money_explained(case.form):
        for fund in total or [fund for fund in changed if fund.line.kind != "total"]:
            yield from _change(case, fund)


def _changed(fund: StatedFund, tolerance: Decimal) -> bool:
    initial, annual, _ = fund.amounts
    return fund.changed and initial is not None and annual is not None and abs(annual - initial) > tolerance


def _change(case: Case, fund: StatedFund) -> Iterator[Finding]:
    initial, annual, _ = fund.amounts
    if initial is None or annual is None:
        return
    share = (
        {} if initial <= 0 else {"percent": plain(round_half_up(abs(annual - initial) / initial * HUNDRED))}
    )
    yield case.finding(
        "FUN-14",
        fund.line.annual_budget,
        name=fund.name,
        variant="more" if annual > initial else "less",
        actual=two_places(annual),
        initial=two_places(initial),
        change=two_places(abs(annual - initial)),
        unit=case.form.unit,
        more=share,
    )


def money_explained(form: SelfEvaluation) -> bool:
    """Somebody wrote why: in a reason cell, a deviation text, or (with a word of cause) the outcome."""
    if any(line.reason.value for line in form.funds):
        return True
    reasons = [row.deviation.value for row in form.indicators]
    if any(map(_about_money, filter(None, reasons))):
        return True
    outcome = form.goal_actual.value or ""
    return _about_money(outcome) and any(cause in outcome for cause in _CAUSES)


@lru_cache(maxsize=1024)
def _about_money(text: str) -> bool:
    return any(word in text for word in vocabulary().fund_reasons)
