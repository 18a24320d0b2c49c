"""A sheet as an office program keeps it: cells and merges that move when rows or columns are inserted.

Drawn independently of ``xltools.form_sheet``, so that the reader is not tested against its own house.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

Value = str | int | float | None


class Paper:
    def __init__(self, name: str = "自评表") -> None:
        self.name = name
        self.cells: dict[tuple[int, int], Value] = {}
        self.formats: dict[tuple[int, int], str] = {}
        self.merges: list[list[int]] = []

    def put(
        self, row: int, column: int, value: Value, to: tuple[int, int] | None = None, format: str = ""
    ) -> None:
        """A value, over the rectangle down to ``to`` where given."""
        if value is not None and value != "":
            self.cells[row, column] = value
        if format:
            self.formats[row, column] = format
        if to and to != (row, column):
            self.merges.append([row, column, *to])

    def insert_rows(self, at: int, count: int = 1) -> None:
        self.cells = {(r + count * (r >= at), c): v for (r, c), v in self.cells.items()}
        self.formats = {(r + count * (r >= at), c): v for (r, c), v in self.formats.items()}
        for merge in self.merges:
            merge[0] += count * (merge[0] >= at)
            merge[2] += count * (merge[2] >= at)

    def insert_columns(self, at: int, count: int = 1) -> None:
        self.cells = {(r, c + count * (c >= at)): v for (r, c), v in self.cells.items()}
        self.formats = {(r, c + count * (c >= at)): v for (r, c), v in self.formats.items()}
        for merge in self.merges:
            merge[1] += count * (merge[1] >= at)
            merge[3] += count * (merge[3] >= at)

    def draw(self, book: Workbook) -> None:
        sheet = book.create_sheet(self.name)
        for (row, column), value in self.cells.items():
            sheet.cell(row, column, value).number_format = self.formats.get((row, column), "General")
        for top, left, bottom, right in self.merges:
            sheet.merge_cells(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")


def save(path: Path, *papers: Paper) -> Path:
    book = Workbook()
    book.remove(book.active)
    for paper in papers:
        paper.draw(book)
    book.save(path)
    return path


def number(text: Value) -> Value:
    """``5.00`` -> 5.0, ``—`` and words as they are."""
    if not isinstance(text, str):
        return text
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


FUND_FIELDS = ("initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score")
NMG_FIELDS = (
    "level2",
    "level3",
    "nature",
    "direction",
    "target",
    "actual",
    "unit",
    "weight",
    "score",
    "deviation",
)
MOF_FIELDS = ("level2", "level3", "target", "actual", "weight", "score", "deviation")


def _runs(labels: Sequence[Any]) -> list[tuple[int, int]]:
    """(first, last) index of equal neighbours."""
    runs: list[tuple[int, int]] = []
    for index, label in enumerate(labels):
        if runs and labels[runs[-1][0]] == label:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


def nmg(data: Mapping[str, Any], *, as_text: bool = False, title: bool = True) -> Paper:
    """The 12-column form of Inner Mongolia."""
    say = (lambda value: value) if as_text else number
    paper = Paper()
    row = 1
    if title:
        paper.put(1, 1, f"项目支出绩效自评表\n（{data['year']}年度）", (1, 12))
        row = 2
    paper.put(row, 1, "项目名称", (row, 2))
    paper.put(row, 3, data["project_name"], (row, 12))
    paper.put(row + 1, 1, "主管部门", (row + 1, 2))
    paper.put(row + 1, 3, data["supervising_department"], (row + 1, 6))
    paper.put(row + 1, 7, "实施单位", (row + 1, 8))
    paper.put(row + 1, 9, data["implementing_unit"], (row + 1, 12))
    row += 2
    funds = data["funds"]
    paper.put(row, 1, f"项目资金\n（{data['funds_unit']}）", (row + len(funds), 1))
    places = {3: 3, 4: 5, 6: 7, 8: 8, 9: 10, 11: 12}
    headers = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率（%）", "得分")
    for (left, right), label in zip(places.items(), headers, strict=True):
        paper.put(row, left, label, (row, right))
    for line in funds:
        row += 1
        paper.put(row, 2, line["label"])
        for (left, right), name in zip(places.items(), FUND_FIELDS, strict=True):
            paper.put(row, left, say(line[name]), (row, right))
    row += 1
    paper.put(row, 1, "年度总体目标", (row + 1, 2))
    paper.put(row, 3, "预期目标", (row, 7))
    paper.put(row, 8, "实际完成情况", (row, 12))
    paper.put(row + 1, 3, data["goal_expected"], (row + 1, 7))
    paper.put(row + 1, 8, data["goal_actual"], (row + 1, 12))
    row += 2
    rows = data["indicators"]
    paper.put(row, 1, "绩效指标", (row + len(rows), 1))
    titles = (
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标方向",
        "年度指标值",
        "实际完成值",
        "计量单位",
        "分值",
        "得分",
    )
    for column, label in enumerate((*titles, "偏差原因分析及改进措施"), 2):
        paper.put(row, column, label)
    for first, last in _runs([line["level1"] for line in rows]):
        paper.put(row + 1 + first, 2, rows[first]["level1"], (row + 1 + last, 2))
    for line in rows:
        row += 1
        for column, name in enumerate(NMG_FIELDS, 3):
            text = name in ("level2", "level3", "unit", "deviation")
            paper.put(row, column, line[name] if text else say(line[name]))
    paper.put(row + 1, 1, "总分", (row + 1, 9))
    paper.put(row + 1, 10, say(data["total_weight"]))
    paper.put(row + 1, 11, say(data["total_score"]))
    return paper


def mof(data: Mapping[str, Any], *, as_text: bool = False, title: bool = True) -> Paper:
    """The national reference form: no nature, direction or unit columns; two label columns at the left."""
    say = (lambda value: value) if as_text else number
    paper = Paper("Sheet1")
    row = 1
    if title:
        paper.put(1, 1, "项目支出绩效自评表", (1, 10))
        paper.put(2, 1, f"（{data['year']}年度）", (2, 10))
        row = 3
    paper.put(row, 1, "项目名称", (row, 2))
    paper.put(row, 3, data["project_name"], (row, 10))
    paper.put(row + 1, 1, "主管部门", (row + 1, 2))
    paper.put(row + 1, 3, data["supervising_department"], (row + 1, 5))
    paper.put(row + 1, 6, "实施单位")
    paper.put(row + 1, 7, data["implementing_unit"], (row + 1, 10))
    row += 2
    funds = data["funds"]
    paper.put(row, 1, f"项目资金\n（{data['funds_unit']}）", (row + len(funds), 2))
    columns = (5, 6, 7, 8, 9, 10)
    for column, label in zip(
        columns, ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"), strict=True
    ):
        paper.put(row, column, label)
    for line in funds:
        row += 1
        paper.put(row, 3, line["label"], (row, 4))
        for column, name in zip(columns, FUND_FIELDS, strict=True):
            paper.put(row, column, say(line[name]))
    row += 1
    paper.put(row, 1, "年度\n总体\n目标", (row + 1, 1))
    paper.put(row, 2, "预期目标", (row, 5))
    paper.put(row, 6, "实际完成情况", (row, 10))
    paper.put(row + 1, 2, data["goal_expected"], (row + 1, 5))
    paper.put(row + 1, 6, data["goal_actual"], (row + 1, 10))
    row += 2
    rows = data["indicators"]
    paper.put(row, 1, "绩\n效\n指\n标", (row + len(rows), 1))
    spans = {2: 2, 3: 3, 4: 5, 6: 6, 7: 7, 8: 8, 9: 9, 10: 10}
    labels = (
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    )
    for (left, right), label in zip(spans.items(), labels, strict=True):
        paper.put(row, left, label, (row, right))
    for first, last in _runs([line["level1"] for line in rows]):
        paper.put(row + 1 + first, 2, rows[first]["level1"], (row + 1 + last, 2))
    for first, last in _runs([(line["level1"], line["level2"]) for line in rows]):
        paper.put(row + 1 + first, 3, rows[first]["level2"], (row + 1 + last, 3))
    for line in rows:
        row += 1
        for (left, right), name in list(zip(spans.items(), ("level1", *MOF_FIELDS), strict=True))[2:]:
            text = name in ("level3", "deviation")
            paper.put(row, left, line[name] if text else say(line[name]), (row, right))
    paper.put(row + 1, 1, "总分", (row + 1, 7))
    paper.put(row + 1, 8, say(data["total_weight"]))
    paper.put(row + 1, 9, say(data["total_score"]))
    return paper
