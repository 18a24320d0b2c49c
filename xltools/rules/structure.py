"""STR: is the form complete and in its place, and is everything readable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from xltools.model import Entry, Finding, FundLine, Indicator, Level1, SelfEvaluation
from xltools.quantities import suggested_amount
from xltools.rules.case import Case, JudgedRow, Setting
from xltools.rules.registry import row_part, row_rule, rule
from xltools.rules.traits import BANDS, BROKEN, COLUMNS, FUND_COLUMNS, SCORE_COLUMNS, UNREADABLE
from xltools.vocabulary import label_key, vocabulary

_AMOUNTS = ("initial_budget", "annual_budget", "executed")
_NAMES = ("project_name", "supervising_department", "implementing_unit")


class _Cells:
    """Some cells of a band, and the states in which they are amiss."""

    def __init__(self, fields: Sequence[str], amiss: frozenset[str]):
        self._fields = tuple(fields)
        self._amiss = amiss
        self._states = attrgetter(*[f"{field}.state" for field in fields])

    def amiss(self, band: SelfEvaluation | FundLine | Indicator) -> Sequence[tuple[str, Entry[Any]]]:
        """(field, cell).  All states are asked at once, because almost always nothing is amiss."""
        if self._amiss.isdisjoint(self._states(band)):
            return ()
        cells = [(field, getattr(band, field)) for field in self._fields]
        return [(field, cell) for field, cell in cells if cell.state in self._amiss]


_FUND_NUMBERS = _Cells((*_AMOUNTS, "weight", "execution_rate", "score"), UNREADABLE)
_FORM_NUMBERS = _Cells(("total_weight", "total_score"), UNREADABLE)
_FORM_WORDS = _Cells(("year", *_NAMES, "goal_expected", "goal_actual"), BROKEN)
_ROW_NUMBERS = _Cells(("weight", "score"), UNREADABLE)
_ROW_WORDS = _Cells(("level3", "target", "actual", "unit", "deviation"), BROKEN)


@rule("STR-02", "unfilled", severity="warning")
def year_missing(case: Case) -> Iterable[Finding]:
    """表头没有写明评价年度。

    为什么：一张自评表只对应一个预算年度，没有年度就无法与预算、决算核对，也无法与其他单位的表合并。
    例：标题为“项目支出绩效自评表”，没有“（2023年度）”。
    依据：财预〔2020〕10号所附自评表格式。
    """
    if not case.form.year.ok:
        yield case.finding("STR-02", case.form.year if case.form.year.place else case.form.title)


@rule("STR-03", "unfilled", severity="error")
def project_name_missing(case: Case) -> Iterable[Finding]:
    """项目名称没有填写。

    为什么：自评以项目为单位，一个项目一张表；没有名称就无法与批复的绩效目标对应。
    例：“项目名称”右侧为空白。
    依据：财预〔2020〕10号所附自评表格式。
    """
    entry = case.form.project_name
    if entry.empty or entry.state == "dash":
        yield case.finding("STR-03", entry)


@rule("STR-04", "unfilled", severity="error")
def unit_missing(case: Case) -> Iterable[Finding]:
    """主管部门或实施单位没有填写。

    为什么：要知道由谁实施、由谁汇总。版式中没有其中一格的（如“实施（主管）单位”合为一格），只看有的那一格。
    例：“实施单位”右侧为空白。
    依据：财预〔2020〕10号所附自评表格式。
    """
    form = case.form
    cells = (
        ("supervising_department", form.supervising_department),
        ("implementing_unit", form.implementing_unit),
    )
    neither = all(entry.state == "absent" for _, entry in cells)
    missing = [(field, entry) for field, entry in cells if entry.state in ("blank", "dash") or neither]
    if missing:
        fields = ",".join(field for field, _ in missing)
        yield case.finding("STR-04", *[entry for _, entry in missing], fields=fields)


@rule("STR-05", "incomplete", severity="error")
def band_missing(case: Case) -> Iterable[Finding]:
    """缺少“项目资金”“年度总体目标”“绩效指标”“总分”中的某一部分，或没有填写任何绩效指标。

    为什么：这几部分是自评表的基本结构，缺一部分，相应内容就无法核对。没有分值、得分的版式不要求“总分”行。
    例：表格被分成两个文件，后一半没有“项目资金”。
    依据：财预〔2020〕10号所附自评表格式。
    """
    bands = case.form.bands
    wanted = BANDS if case.form.scored else BANDS[:3]
    if missing := [band for band in wanted if band not in bands]:
        yield case.finding("STR-05", bands=",".join(missing))
    if case.without_indicators:
        yield case.finding("STR-05", *[row.level3 for row in case.form.rows], variant="empty")


@rule("STR-07", "incomplete", severity="error")
def column_missing(case: Case) -> Iterable[Finding]:
    """表格缺少必需的列。

    为什么：缺列时，后面各列的内容无从核对；“分值”“得分”有一列就应有另一列。
    例：有“分值”列，没有“得分”列。
    依据：财预〔2020〕10号所附自评表格式。
    """
    form = case.form
    wanted = (*COLUMNS, *SCORE_COLUMNS) if form.scored else COLUMNS
    for band, columns, there in (
        ("indicators", wanted, form.columns),
        ("funds", FUND_COLUMNS, form.fund_columns),
    ):
        missing = [column for column in columns if column not in there]
        if missing and band in form.bands:
            yield case.finding("STR-07", bands=band, fields=",".join(missing))


@rule("STR-08", "shifted", severity="warning")
def rows_shifted(case: Case) -> Iterable[Finding]:
    """有几行的内容与表头的列对不上。

    为什么：从分页的文档复制过来的表格，后半部分常常少一列，内容整体左移，“得分”会落到“分值”下面。
    例：第15至18行只有11列，比表头少一列。
    依据：表格各行应与表头列数一致。
    """
    places = case.form.shifted
    blank: list[Entry[str]] = [Entry(None, place=place) for place in places]
    yield case.finding("STR-08", *blank, count=str(len({place.row for place in places})))


@lru_cache(maxsize=1024)
def _misplaced(level2: str, group: Level1) -> bool:
    parents = vocabulary().level2_parents(level2)
    return bool(parents) and group not in parents


@row_rule("STR-11", severity="error")
def level2_under_wrong_level1(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """二级指标放错了一级指标。

    为什么：各级指标按规定的体系设置，放错位置会使一级指标的分值合计失真。不在规定名称中的二级指标不作判断。
    例：“服务对象满意度指标”放在“产出指标”下。
    依据：财预〔2020〕10号、财预〔2021〕101号的指标体系。
    """
    row, level2 = item.row, item.row.level2.value
    if level2 is None or row.group is None or row.group == "execution":
        return ()
    if not _misplaced(level2, row.group):
        return ()
    return [setting.finding("STR-11", row.level2, level2=level2, parent=row.level1.value or "")]


@rule("STR-13", "unreadable", severity="error")
def not_a_number(case: Case) -> Iterable[Finding]:
    """应填数字的格里是文字，或单元格是错误值，或公式没有存下计算结果。

    为什么：文字不会当作 0，也不会猜测，所以该格不参与任何计算；能看出意思的，给出一个读法请填报人确认。
    例：全年预算数填“2000万”，应为 2000（单位万元）；执行率显示 #DIV/0!。
    依据：金额、执行率、分值、得分应为数值。
    """
    form, unit = case.form, case.form.unit
    for fund in case.funds:
        for field, entry in _FUND_NUMBERS.amiss(fund.line):
            yield _unreadable(case, fund.name, field, entry, unit)
        if fund.line.reason.state in BROKEN:
            yield _unreadable(case, fund.name, "fund_reason", fund.line.reason)
    for field, entry in (*_FORM_NUMBERS.amiss(form), *_FORM_WORDS.amiss(form)):
        yield _unreadable(case, "", field, entry)


@row_part("STR-13", "gap")
def row_not_a_number(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    amiss = (*_ROW_NUMBERS.amiss(item.row), *_ROW_WORDS.amiss(item.row))
    return [_unreadable(setting, item.name, field, entry) for field, entry in amiss]


def _unreadable(sheet: Case | Setting, name: str, field: str, entry: Entry[Any], unit: str = "") -> Finding:
    """unit: of the money, where the cell should hold money."""
    raw = entry.raw.strip()
    if entry.state == "uncached":
        return sheet.finding("STR-13", entry, name=name, variant="uncached", field=field)
    if entry.state == "error":
        return sheet.finding("STR-13", entry, name=name, variant="error", actual=raw, field=field)
    reading = suggested_amount(raw) if field in _AMOUNTS else None
    if reading is None:
        return sheet.finding("STR-13", entry, name=name, actual=raw, field=field)
    if " " not in reading:
        reading = f"{reading} {unit}"
    return sheet.finding(
        "STR-13", entry, name=name, variant="reading", actual=raw, field=field, reading=reading
    )


@rule("STR-14", severity="warning")
def hint_left_in(case: Case) -> Iterable[Finding]:
    """表格自带的填写提示没有删除。

    为什么：提示文字不是填报内容，上报、公开前应删去。
    例：实际完成情况里还留着“（100字以内）”。
    依据：填报内容应当完整、真实。
    """
    form = case.form
    words = (
        form.project_name,
        form.supervising_department,
        form.implementing_unit,
        form.goal_expected,
        form.goal_actual,
        *[line.reason for line in form.funds],
    )
    hints = [(entry, _hint_in(entry.value)) for entry in words if entry.value is not None]
    return [case.finding("STR-14", entry, text=hint) for entry, hint in hints if hint]


@row_part("STR-14")
def hint_left_in_row(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    cells = (item.row.level3, item.row.deviation)
    if not (_hint_in(cells[0].value) or _hint_in(cells[1].value)):
        return ()
    return [setting.finding("STR-14", cell, text=hint) for cell in cells if (hint := _hint_in(cell.value))]


@lru_cache(maxsize=512)
def _hint_in(text: str | None) -> str | None:
    """The first printed hint that is left in a text."""
    if not text:
        return None
    key = label_key(text)
    found = [hint for hint in _hints() if hint in key]
    return found[0] if found else None


@cache
def _hints() -> tuple[str, ...]:
    """A word as short as 示例 may be part of a name, so it counts only with a colon behind it."""
    return tuple(hint if len(hint) > 2 else f"{hint}:" for hint in vocabulary().hints)
