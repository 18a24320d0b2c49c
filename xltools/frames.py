"""The lists of a consolidation as plain tables: CSV and Parquet files, pandas frames."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any, Literal, NamedTuple

from xltools.merging import Consolidation, FormFacts, MergedForm, Value, numeric
from xltools.messages.interface import FUND_KINDS, GRADES, LAYOUTS, SEVERITIES, STATUSES
from xltools.quantities import round_half_up
from xltools.tabular import inert
from xltools.writing import replacing

Kind = Literal["text", "number", "count"]
Row = tuple[Any, ...]
StrPath = str | os.PathLike[str]


class Table(NamedTuple):
    """columns: heading -> what stands below it.  Money in 万元; where words stand instead of a number
    the number is missing and 备注 says what is there."""

    name: str
    columns: dict[str, Kind]
    rows: Iterable[Row]


def _columns(texts: str) -> dict[str, Kind]:
    """``name:n`` is a number, ``name:c`` a count, any other name a text."""
    kinds: dict[str, Kind] = {"n": "number", "c": "count"}
    split = (each.partition(":") for each in texts.split())
    return {name: kinds.get(kind, "text") for name, _, kind in split}


_SUMMARY = _columns(
    "序号:c 实施单位 主管部门 项目名称 年度:c 年初预算数:n 全年预算数:n 全年执行数:n 执行率（%）:n "
    "预算执行得分:n 自评总分:n 自评等级 复算总分:n 复算等级 错误:c 警告:c 来源文件 "
    "复算执行得分:n 总分差异:n 未完成指标:c 备注 执行率分值:n 权重资金（万元）:n"
)
_FUNDS = _columns(
    "实施单位 项目名称 资金来源 年初预算数:n 全年预算数:n 全年执行数:n 执行率（%）:n "
    "来源文件 单元格 资金类别 备注"
)
_INDICATORS = _columns(
    "实施单位 项目名称 一级指标 二级指标 三级指标 指标性质 指标方向 年度指标值 实际完成值 计量单位 "
    "分值:n 得分:n 复算得分:n 偏差原因分析及改进措施 来源文件 单元格 "
    "合并行号:c 指标值（数值）:n 完成值（数值）:n 备注"
)
_POOLED = _columns(
    "合并行号:c 一级指标 二级指标 三级指标 指标性质 指标方向 年度指标值 实际完成值 计量单位 "
    "分值:n 得分:n 填报表数:c 说明"
)
_FINDINGS = _columns("级别 规则 实施单位 来源文件 工作表 单元格 问题 怎么改 项目名称 规则名称")
_SOURCES = _columns("来源文件 状态 原因 大小:c 修改时间:n SHA-256 版式")


NAMES = ("汇总", "资金明细", "指标明细", "合并指标", "问题清单", "来源清单")


def tables(consolidation: Consolidation, root: StrPath = "") -> tuple[Table, ...]:
    """root: the folder that was merged; sources are named relative to it."""
    c = consolidation
    return (
        Table("汇总", _SUMMARY, _summary(c, root)),
        Table("资金明细", _FUNDS, _funds(c, root)),
        Table("指标明细", _INDICATORS, _indicators(c, root)),
        Table("合并指标", _POOLED, _pooled(c)),
        Table("问题清单", _FINDINGS, _findings(c, root)),
        Table("来源清单", _SOURCES, _sources(c, root)),
    )


def require_parquet() -> None:
    """Raises ImportError, naming what is missing, before any work is done."""
    import pandas
    import pyarrow

    assert pandas
    assert pyarrow


def frames(consolidation: Consolidation, root: StrPath = "") -> dict[str, Any]:
    """Name -> pandas.DataFrame.  Raises ImportError without pandas."""
    import pandas

    return {table.name: _frame(pandas, table) for table in tables(consolidation, root)}


def _frame(pandas: Any, table: Table) -> Any:
    frame = pandas.DataFrame(list(table.rows), columns=list(table.columns))
    types = {"text": "string", "number": "float64", "count": "Int64"}
    return frame.astype({name: types[kind] for name, kind in table.columns.items()})


def write_parquet(consolidation: Consolidation, folder: StrPath, root: StrPath = "") -> list[str]:
    """One file a list.  Raises ImportError without pandas and pyarrow."""
    written = []
    for name, frame in frames(consolidation, root).items():
        with replacing(Path(folder) / f"{name}.parquet") as temporary:
            frame.to_parquet(temporary, index=False)
        written.append(str(Path(folder) / f"{name}.parquet"))
    return written


def write_csv(consolidation: Consolidation, folder: StrPath, root: StrPath = "") -> list[str]:
    """One file a list, UTF-8 with the mark Excel needs; text that looks like a formula is disarmed."""
    written = []
    for table in tables(consolidation, root):
        target = Path(folder) / f"{table.name}.csv"
        with (
            replacing(target) as temporary,
            open(temporary, "w", encoding="utf-8-sig", errors="replace", newline="") as stream,
        ):
            writer = csv.writer(stream, lineterminator="\r\n")
            writer.writerow(table.columns)
            kinds = list(table.columns.values())
            writer.writerows(
                [_field(kind, value) for kind, value in zip(kinds, row, strict=True)] for row in table.rows
            )
        written.append(str(target))
    return written


def _field(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if kind == "text":
        return inert(str(value))
    return format(value, ".15g") if isinstance(value, float) else str(value)


# --- rows -----------------------------------------------------------------------------------------


def _shown(source: str, root: StrPath) -> str:
    """Relative to the folder that was merged, if it is in there."""
    if not source or not os.fspath(root):
        return source
    try:
        listed = os.path.relpath(source, root)
    except ValueError:  # another drive
        return source
    return source if listed.startswith("..") else PurePath(listed).as_posix()


def _number(value: Value) -> float | None:
    return value if isinstance(value, float) else None


def _words(pairs: Sequence[tuple[str, Value]]) -> str | None:
    return "；".join(f"{name}“{value}”" for name, value in pairs if isinstance(value, str)) or None


def _summary(c: Consolidation, root: StrPath) -> Iterator[Row]:
    forms = (form for lines in c.each_lines() for form in lines.forms)
    for number, form in enumerate(forms, start=1):
        facts = form.facts
        severities = [finding.severity for finding in form.findings]
        yield (
            number,
            facts.unit,
            facts.department,
            facts.project,
            facts.year,
            *map(_number, (facts.initial, facts.annual, facts.executed)),
            facts.rate,
            _number(facts.stated_execution),
            _number(facts.stated_total),
            _grade(facts.stated_grade),
            facts.total,
            _grade(facts.grade),
            severities.count("error"),
            severities.count("warning"),
            _shown(form.source, root),
            facts.execution_score if facts.scored else None,
            _difference(facts),
            sum(row.met is False for row in facts.indicators),
            form.remarks or None,
            facts.execution_weight if facts.scored else None,
            float(form.weight) if facts.scored else 0.0,
        )


def _grade(grade: str | None) -> str | None:
    return GRADES[grade][0] if grade else None


def _difference(facts: FormFacts) -> float | None:
    stated, again = numeric(facts.stated_total), numeric(facts.total)
    return None if stated is None or again is None else float(round_half_up(stated - again))


def _funds(c: Consolidation, root: StrPath) -> Iterator[Row]:
    from xltools.scoring import execution_rate

    pairs = ((form, line) for each in c.each_lines() for form in each.forms for line in form.facts.funds)
    for form, line in pairs:
        annual, executed = numeric(line.annual), numeric(line.executed)
        rate = None if annual is None or executed is None else execution_rate(annual, executed)
        amounts = (
            ("年初预算数", line.initial),
            ("全年预算数", line.annual),
            ("全年执行数", line.executed),
        )
        yield (
            form.facts.unit,
            form.facts.project,
            line.label,
            *(_number(value) for _, value in amounts),
            None if rate is None else float(rate),
            _shown(form.source, root),
            line.cell or None,
            FUND_KINDS[line.kind][0],
            _words(amounts),
        )


def _indicators(c: Consolidation, root: StrPath) -> Iterator[Row]:
    for form in (form for lines in c.each_lines() for form in lines.forms):
        yield from _form_rows(form, _shown(form.source, root))


def _form_rows(form: MergedForm, source: str) -> Iterator[Row]:
    for row, number in zip(form.facts.indicators, form.rows, strict=True):
        yield (
            form.facts.unit,
            form.facts.project,
            row.level1,
            row.level2,
            row.level3,
            row.nature or None,
            row.direction or None,
            _text(row.target),
            _text(row.actual),
            row.unit or None,
            _number(row.weight),
            _number(row.score),
            row.recomputed,
            row.deviation or None,
            source,
            row.cell or None,
            number,
            row.target_number,
            row.actual_number,
            _words((("分值", row.weight), ("得分", row.score))),
        )


def _text(value: Any) -> str | None:
    return format(value, ".15g") if isinstance(value, float) else None if value is None else str(value)


def _pooled(c: Consolidation) -> Iterator[Row]:
    for row in c.pool.rows:
        yield (
            row.number,
            row.level1,
            row.level2,
            row.level3,
            row.nature or None,
            row.direction or None,
            *(None if value is None else str(value) for value in (row.target, row.actual)),
            row.unit or None,
            None if row.weight is None else float(row.weight),
            None if row.score is None else float(row.score),
            row.units,
            row.note or None,
        )


def _findings(c: Consolidation, root: StrPath) -> Iterator[Row]:
    for line in c.each_finding():
        facts = line.facts
        yield (
            SEVERITIES[facts.severity][0],
            facts.code,
            line.unit,
            _shown(line.source, root),
            facts.sheet,
            "、".join(facts.cells) or None,
            facts.message,
            facts.hint,
            line.project,
            facts.title,
        )


def _sources(c: Consolidation, root: StrPath) -> Iterator[Row]:
    for file in (file for lines in c.each_lines() for file in lines.files):
        opened = bool(file.sha256)
        yield (
            _shown(file.path, root),
            STATUSES[file.status][0],
            file.reason or None,
            file.size if opened else None,
            file.modified if opened else None,
            file.sha256 or None,
            "、".join(LAYOUTS[each][0] if each in LAYOUTS else each for each in file.layouts) or None,
        )
