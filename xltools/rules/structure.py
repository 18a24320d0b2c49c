"""STR: is the form complete and in its place, and is everything readable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from xltools.model import Entry, Finding
from xltools.quantities import suggested_amount
from xltools.rules.case import Case, fund_name
from xltools.rules.registry import rule
from xltools.vocabulary import label_key, vocabulary

_BANDS = ("funds", "goals", "indicators", "total")
_MONEY = frozenset({"initial_budget", "annual_budget", "executed"})


@rule("STR-02", severity="warning")
def year_missing(case: Case) -> Iterable[Finding]:
    """表头没有写明评价年度。

    为什么：一张自评表只对应一个预算年度，没有年度就无法与预算、决算核对，也无法与其他单位的表合并。
    例：标题为“项目支出绩效自评表”，没有“（2023年度）”。
    依据：财预〔2020〕10号所附自评表格式。
    """
    if not case.form.year.ok:
        yield case.finding("STR-02", case.form.year if case.form.year.place else case.form.title)


@rule("STR-03", severity="error")
def project_name_missing(case: Case) -> Iterable[Finding]:
    """项目名称没有填写。

    为什么：自评以项目为单位，一个项目一张表；没有名称就无法与批复的绩效目标对应。
    例：“项目名称”右侧为空白。
    依据：财预〔2020〕10号所附自评表格式。
    """
    entry = case.form.project_name
    if entry.empty or entry.state == "dash":
        yield case.finding("STR-03", entry)


@rule("STR-04", severity="error")
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


@rule("STR-05", severity="error")
def band_missing(case: Case) -> Iterable[Finding]:
    """缺少“项目资金”“年度总体目标”“绩效指标”“总分”中的某一部分。

    为什么：这几部分是自评表的基本结构，缺一部分，相应内容就无法核对。没有分值、得分的版式不要求“总分”行。
    例：表格被分成两个文件，后一半没有“项目资金”。
    依据：财预〔2020〕10号所附自评表格式。
    """
    wanted = _BANDS if case.form.scored else _BANDS[:3]
    missing = [band for band in wanted if band not in case.form.bands]
    if missing:
        yield case.finding("STR-05", bands=",".join(missing))


@rule("STR-07", severity="error")
def column_missing(case: Case) -> Iterable[Finding]:
    """表格缺少必需的列。

    为什么：缺列时，后面各列的内容无从核对；“分值”“得分”有一列就应有另一列。
    例：有“分值”列，没有“得分”列。
    依据：财预〔2020〕10号所附自评表格式。
    """
    form = case.form
    if "indicators" in form.bands:
        wanted = ["level1", "level2", "level3", "target", "actual"]
        if form.scored:
            wanted += ["weight", "score"]
        yield from _missing_columns(case, "indicators", wanted, form.columns)
    if "funds" in form.bands:
        yield from _missing_columns(case, "funds", ["annual_budget", "executed"], form.fund_columns)


def _missing_columns(case: Case, band: str, wanted: list[str], there: frozenset[str]) -> Iterator[Finding]:
    missing = [column for column in wanted if column not in there]
    if missing:
        yield case.finding("STR-07", bands=band, fields=",".join(missing))


@rule("STR-08", severity="warning")
def rows_shifted(case: Case) -> Iterable[Finding]:
    """有几行的内容与表头的列对不上。

    为什么：从分页的文档复制过来的表格，后半部分常常少一列，内容整体左移，“得分”会落到“分值”下面。
    例：第15至18行只有11列，比表头少一列。
    依据：表格各行应与表头列数一致。
    """
    places = case.form.shifted
    if places:
        blank: list[Entry[str]] = [Entry(None, place=place) for place in places]
        yield case.finding("STR-08", *blank, count=str(len({place.row for place in places})))


@rule("STR-11", severity="error")
def level2_under_wrong_level1(case: Case) -> Iterable[Finding]:
    """二级指标放错了一级指标。

    为什么：各级指标按规定的体系设置，放错位置会使一级指标的分值合计失真。不在规定名称中的二级指标不作判断。
    例：“服务对象满意度指标”放在“产出指标”下。
    依据：财预〔2020〕10号、财预〔2021〕101号的指标体系。
    """
    for item in case.rows:
        row = item.row
        if row.level2.value is None or row.group is None or row.group == "execution":
            continue
        parents = vocabulary().level2_parents(row.level2.value)
        if parents and row.group not in parents:
            level1 = row.level1.value or ""
            yield case.finding("STR-11", row.level2, level2=row.level2.value, parent=level1)


@rule("STR-13", severity="error")
def not_a_number(case: Case) -> Iterable[Finding]:
    """应填数字的格里是文字，或单元格是错误值，或公式没有存下计算结果。

    为什么：文字不会当作 0，也不会猜测，所以该格不参与任何计算；能看出意思的，给出一个读法请填报人确认。
    例：全年预算数填“2000万”，应为 2000（单位万元）；执行率显示 #DIV/0!。
    依据：金额、执行率、分值、得分应为数值。
    """
    for name, field, entry in _number_cells(case):
        if entry.unreadable:
            yield _unreadable(case, name, field, entry)
    for name, field, entry in _word_cells(case):
        if entry.state == "error" or entry.state == "uncached":
            yield _unreadable(case, name, field, entry)


def _number_cells(case: Case) -> Iterator[tuple[str, str, Entry[Any]]]:
    form = case.form
    for line in form.funds:
        yield fund_name(line), "initial_budget", line.initial_budget
        yield fund_name(line), "annual_budget", line.annual_budget
        yield fund_name(line), "executed", line.executed
        yield fund_name(line), "weight", line.weight
        yield fund_name(line), "execution_rate", line.execution_rate
        yield fund_name(line), "score", line.score
    for item in case.rows:
        yield item.name, "weight", item.row.weight
        yield item.name, "score", item.row.score
    yield "", "total_weight", form.total_weight
    yield "", "total_score", form.total_score


def _word_cells(case: Case) -> Iterator[tuple[str, str, Entry[Any]]]:
    form = case.form
    yield "", "year", form.year
    yield "", "project_name", form.project_name
    yield "", "supervising_department", form.supervising_department
    yield "", "implementing_unit", form.implementing_unit
    yield "", "goal_expected", form.goal_expected
    yield "", "goal_actual", form.goal_actual
    for line in form.funds:
        yield fund_name(line), "fund_reason", line.reason
    for item in case.rows:
        row = item.row
        yield item.name, "level3", row.level3
        yield item.name, "target", row.target
        yield item.name, "actual", row.actual
        yield item.name, "unit", row.unit
        yield item.name, "deviation", row.deviation


def _unreadable(case: Case, name: str, field: str, entry: Entry[Any]) -> Finding:
    raw = entry.raw.strip()
    if entry.state == "uncached":
        return case.finding("STR-13", entry, name=name, variant="uncached", field=field)
    if entry.state == "error":
        return case.finding("STR-13", entry, name=name, variant="error", actual=raw, field=field)
    reading = suggested_amount(raw) if field in _MONEY else None
    if reading:
        if " " not in reading:
            reading = f"{reading} {case.form.unit}"
        return case.finding(
            "STR-13", entry, name=name, variant="reading", actual=raw, field=field, reading=reading
        )
    return case.finding("STR-13", entry, name=name, actual=raw, field=field)


@rule("STR-14", severity="warning")
def hint_left_in(case: Case) -> Iterable[Finding]:
    """表格自带的填写提示没有删除。

    为什么：提示文字不是填报内容，上报、公开前应删去。
    例：实际完成情况里还留着“（100字以内）”。
    依据：填报内容应当完整、真实。
    """
    hints = _hints()
    for _, entry in case.form.texts():
        text = entry.value
        if not text:
            continue
        key = label_key(text)
        for hint in hints:
            if hint in key:
                yield case.finding("STR-14", entry, text=hint)
                break


@cache
def _hints() -> tuple[str, ...]:
    """A word as short as 示例 may be part of a name, so it counts only with a colon behind it."""
    return tuple(hint if len(hint) > 2 else f"{hint}:" for hint in vocabulary().hints)
