"""同比: this year's figures, by formula out of 汇总, beside last year's."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xltools import scoring
from xltools.comparing import INCOMPLETE, Compared, Comparison, Figures, budget_change, change, marks, remarks
from xltools.consolidated.columns import Column, Value, letters
from xltools.consolidated.context import Context
from xltools.consolidated.listing import Listing
from xltools.consolidated.paths import quoted
from xltools.consolidated.rows import Row
from xltools.consolidated.sheets import SUMMARY
from xltools.consolidated.summary import LETTERS
from xltools.form_sheet import Formula
from xltools.profiles import Profile
from xltools.quantities import plain
from xltools.scoring import NOT_APPLICABLE

COLUMNS = (
    Column("实施单位", 26, "text", wraps=True),
    Column("本年表数", 6, "count"),
    Column("本年预算数", 13, "money"),
    Column("本年执行数", 13, "money"),
    Column("本年执行率（%）", 9, "rate"),
    Column("本年自评分", 8.5, "points"),
    Column("本年复算分", 8.5, "points"),
    Column("上年表数", 6, "count"),
    Column("上年预算数", 13, "money"),
    Column("上年执行数", 13, "money"),
    Column("上年执行率（%）", 9, "rate"),
    Column("上年自评分", 8.5, "points"),
    Column("上年复算分", 8.5, "points"),
    Column("预算增减（%）", 9, "rate"),
    Column("执行率增减（百分点）", 10, "rate"),
    Column("自评分增减", 8.5, "points"),
    Column("复算分增减", 8.5, "points"),
    Column("提示", 26, "text", wraps=True),
)
_AT = letters(COLUMNS)
_MOST_NOTES = 50
_MOST_TERMS = 200  # arguments of one SUM


def lay_out(sheet: Listing, context: Context, comparison: Comparison) -> None:
    count = len(comparison.lines)
    year = f"（上年：{comparison.year}年度）" if comparison.year else ""
    sheet.lay_out(f"与上年比较（万元）{year}", COLUMNS, count, context.look)
    sheet.freeze_panes(1, 1)
    rows = (_row(context, line, row) for row, line in enumerate(comparison.lines, start=2))
    totals = _totals(comparison) if count else ()
    sheet.fill(COLUMNS, rows, count, context.look, totals, _notes(comparison, context.consolidation.year))
    if count:
        _colour(sheet, context, count)


def _notes(comparison: Comparison, year: int | None) -> list[str]:
    said = list(remarks(comparison, year))
    more = len(said) - _MOST_NOTES
    return said if more <= 0 else [*said[:_MOST_NOTES], f"另有 {more} 条说明，生成汇总时已在屏幕上列出"]


def _colour(sheet: Listing, context: Context, last: int) -> None:
    profile, look = context.consolidation.profile, context.look
    for header, limit in _limits(profile):
        at = next(n for n, each in enumerate(COLUMNS) if each.header == header)
        cell = f"${_AT[header]}2"
        rule = f"=AND(ISNUMBER({cell}),ABS({cell})>{plain(limit)})"
        sheet.conditional_format(1, at, last, at, {"type": "formula", "criteria": rule, "format": look.amber})
    at = len(COLUMNS) - 1
    rule = f'=OR(${_AT["提示"]}2="本年未见",${_AT["提示"]}2="上年未见")'
    sheet.conditional_format(1, at, last, at, {"type": "formula", "criteria": rule, "format": look.blue})


def _limits(profile: Profile) -> tuple[tuple[str, Decimal], ...]:
    return (
        ("预算增减（%）", profile.budget_change),
        ("执行率增减（百分点）", profile.rate_change),
        ("自评分增减", profile.score_change),
        ("复算分增减", profile.score_change),
    )


def _row(context: Context, line: Compared, row: int) -> Row:
    words = "；".join(marks(line, context.consolidation.profile))
    return (
        line.unit or "（未填）",
        *(_now(line, line.now, row) if line.now else (None,) * 6),
        *(_before(line.before, row) if line.before else (None,) * 6),
        *_changes(line, row),
        _marks(context.consolidation.profile, line, row, words),
    ), ()


def _now(line: Compared, now: Figures, row: int) -> tuple[Value, ...]:
    rate = None
    if now.rate is not None or now.annual == 0:
        text = scoring.execution_rate_formula(f"{_AT['本年预算数']}{row}", f"{_AT['本年执行数']}{row}")
        rate = Formula(text, NOT_APPLICABLE if now.rate is None else now.rate)
    return (
        now.forms,
        _sum(line.forms, "全年预算数", now.annual),
        _sum(line.forms, "全年执行数", now.executed),
        rate,
        _mean(line.forms, "自评总分", now.stated),
        _mean(line.forms, "复算总分", now.total),
    )


def _cells(forms: Sequence[int], header: str) -> str | None:
    """The unit's cells in 汇总, neighbours as a range; None when they are too many for a formula."""
    runs: list[list[int]] = []
    for at in forms:
        if runs and runs[-1][1] + 1 == at:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    if len(runs) > _MOST_TERMS:
        return None
    letter = LETTERS[header]
    return ",".join(
        f"{quoted(SUMMARY)}!{letter}{first + 2}" + (f":{letter}{last + 2}" if last > first else "")
        for first, last in runs
    )


def _sum(forms: Sequence[int], header: str, value: Decimal | None) -> Value:
    cells = _cells(forms, header)
    if value is None:
        return None
    return float(value) if cells is None else Formula(f"SUM({cells})", value)


def _mean(forms: Sequence[int], header: str, value: Decimal | None) -> Value:
    cells = _cells(forms, header)
    if cells is None:
        return None if value is None else float(value)
    shown = NOT_APPLICABLE if value is None else value
    return Formula(f'IF(COUNT({cells})=0,"{NOT_APPLICABLE}",ROUND(AVERAGE({cells}),2))', shown)


def _before(before: Figures, row: int) -> tuple[Value, ...]:
    rate = None
    if before.rate is not None or before.annual == 0:
        text = scoring.execution_rate_formula(f"{_AT['上年预算数']}{row}", f"{_AT['上年执行数']}{row}")
        rate = Formula(text, NOT_APPLICABLE if before.rate is None else before.rate)
    return (
        before.forms,
        None if before.annual is None else float(before.annual),
        None if before.executed is None else float(before.executed),
        rate,
        None if before.stated is None else float(before.stated),
        None if before.total is None else float(before.total),
    )


def _changes(line: Compared, row: int) -> tuple[Value, ...]:
    now, before = line.now, line.before
    if now is None or before is None:
        return (None,) * 4
    budget, was = f"{_AT['本年预算数']}{row}", f"{_AT['上年预算数']}{row}"
    text = f'IF(N({was})=0,"{NOT_APPLICABLE}",ROUND(({budget}-{was})/{was}*100,2))'
    whole = now.whole and before.whole
    return (
        _formula(text, budget_change(now, before)) if whole else NOT_APPLICABLE,
        _difference("本年执行率（%）", "上年执行率（%）", row, change(now.rate, before.rate)),
        _difference("本年自评分", "上年自评分", row, change(now.stated, before.stated)),
        _difference("本年复算分", "上年复算分", row, change(now.total, before.total)),
    )


def _difference(now: str, before: str, row: int, value: Decimal | None) -> Formula:
    one, other = f"{_AT[now]}{row}", f"{_AT[before]}{row}"
    return _formula(f'IF(COUNT({one},{other})=2,ROUND({one}-{other},2),"{NOT_APPLICABLE}")', value)


def _formula(text: str, value: Decimal | None) -> Formula:
    return Formula(text, NOT_APPLICABLE if value is None else value)


def _marks(profile: Profile, line: Compared, row: int, words: str) -> Value:
    if line.now is None or line.before is None:
        return words
    names = ("预算变动大", "执行率变动大", "自评分变动大", "复算分变动大")
    parts = [
        f'IF(ISNUMBER({_AT[header]}{row}),IF(ABS({_AT[header]}{row})>{plain(limit)},"；{name}",""),"")'
        for (header, limit), name in zip(_limits(profile), names, strict=True)
    ]
    if not line.complete:
        parts.append(f'"；{INCOMPLETE}"')
    return Formula(f"MID({'&'.join(parts)},2,99)", words)


def _totals(comparison: Comparison) -> tuple[Value, ...]:
    last, row = len(comparison.lines) + 1, len(comparison.lines) + 2
    now = [line.now for line in comparison.lines if line.now]
    before = [line.before for line in comparison.lines if line.before]
    cells: dict[str, Value] = {"实施单位": "合计"}
    for prefix, figures in (("本年", now), ("上年", before)):
        sums = {
            "表数": Decimal(sum(each.forms for each in figures)),
            "预算数": scoring.sum_of(each.annual or scoring.ZERO for each in figures),
            "执行数": scoring.sum_of(each.executed or scoring.ZERO for each in figures),
        }
        for name, value in sums.items():
            letter = _AT[f"{prefix}{name}"]
            cells[f"{prefix}{name}"] = Formula(f"SUM({letter}2:{letter}{last})", value)
    return tuple(cells.get(each.header) for each in COLUMNS) if row else ()
