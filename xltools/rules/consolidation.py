"""CON: what only shows when many forms lie side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from os.path import basename

from xltools.model import Finding, Identity
from xltools.rules.registry import RULES, rule
from xltools.vocabulary import label_key

Indexed = tuple[int, Finding]
_NAMED = 5  # files named in one message; three thousand copies must not make a book of names
FormKey = tuple[str, str, int | None]
Key = FormKey | Identity


@rule("CON-01", severity="error", needs="batch")
def sent_twice(forms: Sequence[Identity], usual: int | None) -> Iterable[Indexed]:
    """同一单位、同一项目、同一年度的自评表报送了不止一份。

    为什么：一个项目一张表；重复的表一起汇总，金额和指标会重复计算。每一份都会提示，并列出全部文件。
    例：“一分中心.xlsx”和“一分中心（改）.xlsx”是同一个项目。
    依据：项目支出绩效自评应一项一表、全面覆盖。
    """
    for same in same_forms(forms, usual):
        named = list(same.values())[:_NAMED]
        places = "、".join(f"{basename(form.source)}［{form.sheet}］" for form in named)
        if len(same) > _NAMED:
            places += "等"
        for index, form in same.items():
            yield index, _duplicate(form, places, len(same))


def same_forms(forms: Sequence[Identity], usual: int | None = None) -> list[dict[int, Identity]]:
    """The groups of forms that are the same project of the same unit and year, by their indices.

    usual: the year of the batch, see `form_key`.
    """
    return _alike(forms, partial(form_key, usual=usual))


def unnamed_alike(forms: Sequence[Identity]) -> list[dict[int, Identity]]:
    """The groups of forms without project or unit that agree in all they say of themselves: perhaps
    copies of one file, perhaps the forms of several units."""
    return _alike(forms, lambda form: None if form_key(form) else form._replace(source=""))


def _alike(forms: Sequence[Identity], key_of: Callable[[Identity], Key | None]) -> list[dict[int, Identity]]:
    once: set[int] = set()
    again: set[int] = set()  # hashes, so that a large batch without duplicates costs little memory
    for form in forms:
        if key := key_of(form):
            mark = hash(key)
            (again if mark in once else once).add(mark)
    groups: dict[Key, dict[int, Identity]] = {}
    for index, form in enumerate(forms if again else ()):
        key = key_of(form)
        if key and hash(key) in again:
            groups.setdefault(key, {})[index] = form
    return [same for same in groups.values() if len(same) > 1]


def form_key(form: Identity, usual: int | None = None) -> FormKey | None:
    """Project, unit and year; None where project or unit is not stated.

    A form that states no year counts with the others of its batch, so it is of their ``usual`` year.
    """
    if not (form.project and form.unit):
        return None
    return label_key(form.project), unit_key(form.unit), form.year or usual


def usual_year(forms: Iterable[Identity]) -> int | None:
    """The year of most forms, of equally many the later one; None where none states it."""
    count = Counter(form.year for form in forms if form.year)
    return max(count, key=lambda year: (count[year], year), default=None)


def unit_key(unit: str) -> str:
    """Without the （部门） that exports append; other brackets tell units apart."""
    return label_key(unit).removesuffix("(部门)")


def _duplicate(form: Identity, places: str, count: int) -> Finding:
    params = [
        ("project", form.project),
        ("who", form.unit),
        ("count", str(count)),
        ("files", places),
    ]
    if form.year:
        params.append(("year", str(form.year)))
    cells = (form.project_cell,) if form.project_cell else ()
    return Finding("CON-01", RULES["CON-01"].severity, form.sheet, cells, params=tuple(params))


@rule("CON-02", severity="error", needs="roster")
def not_sent(absent: Sequence[tuple[str, str]]) -> Iterable[Finding]:
    """名单上的单位没有报送自评表。

    为什么：自评应覆盖全部项目；缺报的单位不在合计之内，汇总数就不是全部。须提供应报名单才能检查。
    例：名单上有“示例三分中心”，收到的文件中没有它的表。
    依据：项目支出绩效自评应一项一表、全面覆盖。
    """
    for unit, project in absent:
        params = [("who", unit)]
        if project:
            params.append(("project", project))
        yield Finding("CON-02", RULES["CON-02"].severity, "", (), (unit,), params=tuple(params))


@rule("CON-05", severity="error", needs="batch")
def years_mixed(forms: Sequence[Identity], usual: int | None) -> Iterable[Indexed]:
    """同一批自评表的年度不一致。

    为什么：不同年度的预算和完成情况不能相加。提示在少数的那些表上；一样多时，以较近的年度为准。
    例：九张表是2023年度，一张是2022年度。
    依据：绩效自评按预算年度进行。
    """
    count = Counter(form.year for form in forms if form.year)
    for index, form in enumerate(forms):
        year = form.year
        if usual and year and year != usual:
            cells = (form.year_cell,) if form.year_cell else ()
            yield (
                index,
                Finding(
                    "CON-05",
                    RULES["CON-05"].severity,
                    form.sheet,
                    cells,
                    params=(("usual", str(usual)), ("count", str(count[usual]))),
                    expected=str(usual),
                    actual=str(year),
                ),
            )


@rule("CON-04", severity="error", needs="batch")
def money_units_mixed(forms: Sequence[Identity], _usual_year: int | None) -> Iterable[Indexed]:
    """同一批自评表的金额单位不一致。

    为什么：“元”和“万元”混在一起，相差一万倍，汇总前必须统一。提示在少数的那些表上；一样多时，以“万元”为准。
    例：九张表的单位为“万元”，一张为“元”。
    依据：自评表以万元为单位。
    """
    count = Counter(form.money_unit for form in forms)
    if len(count) < 2:
        return
    usual = max(count, key=lambda unit: (count[unit], unit == "万元"))
    for index, form in enumerate(forms):
        if form.money_unit != usual:
            cells = (form.money_cell,) if form.money_cell else ()
            params = (("usual", usual), ("count", str(count[usual])))
            yield (
                index,
                Finding(
                    "CON-04",
                    RULES["CON-04"].severity,
                    form.sheet,
                    cells,
                    params=params,
                    expected=usual,
                    actual=form.money_unit,
                ),
            )
