"""Workbooks with random contents and faults, for comparing two ways of doing the same."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl

import xltools

_AMOUNTS = (0, 5, 10, 12.5, 1234.56, "5", "10万", "—", None, "待定", -3, 0.1)
_VALUES = (0, 1, 80, 100, 0.95, "100%", "≥95%", "及时", "完成", None, "12个", "一")
_POINTS = (5, 10, 15, 20, "10", None, "无")
_FORMATS = ("General", "0.00", "0%", "@", "#,##0.00", "yyyy-mm-dd")


def random_workbook(path: Path, seed: int) -> Path:
    """A form of the product itself, filled by chance; now and then formats, formulas and a second sheet."""
    dice = random.Random(seed)
    xltools.new(
        path, year=dice.choice((None, 2023)), project="项目", unit="单位", indicators=dice.randint(3, 14)
    )
    form = xltools.read(path).forms[0]
    book = openpyxl.load_workbook(path)
    sheet = book[form.sheet]
    for line in form.funds:
        for _, entry in line.amounts():
            _put(dice, sheet, entry.cell, _AMOUNTS)
        if dice.random() < 0.3:
            _put(dice, sheet, line.execution_rate.cell, (100, 50, "100%", 1, "=1/2*100", "—"))
    for row in form.rows:
        _put(dice, sheet, row.level3.cell, ("指标甲", "指标乙", None, "数量"))
        for entry in (row.target, row.actual):
            _put(dice, sheet, entry.cell, _VALUES)
        for points in (row.weight, row.score):
            _put(dice, sheet, points.cell, _POINTS)
        _put(dice, sheet, row.nature.cell, ("正向", "反向", "定性", None))
    if dice.random() < 0.3:
        book.create_sheet("说明")["A1"] = "其他内容"
    book.save(path)
    return path


def _put(dice: random.Random, sheet: object, cell: str, choices: tuple[object, ...]) -> None:
    if cell:
        sheet[cell].value = dice.choice(choices)  # type: ignore[index]
        if dice.random() < 0.1:
            sheet[cell].number_format = dice.choice(_FORMATS)  # type: ignore[index]
