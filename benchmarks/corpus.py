"""Make a folder of workbooks with known truth: clean forms, or with a share of messy ones.

    python benchmarks/corpus.py FOLDER --forms 1000 [--messy 0.3] [--seed 1]

Both official layouts, written by XlsxWriter as an office program would; every number is drawn from
a seeded generator, so the same arguments give the same folder.  ``truth.json`` beside the folder
holds what each form says.
"""

from __future__ import annotations

import argparse
import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from xltools.form_sheet import Content, FormContent, Formula, FundRow, IndicatorRow, Styles, draw, placement
from xltools.quantities import round_half_up
from xltools.scoring import (
    execution_rate,
    execution_rate_formula,
    execution_score,
    execution_score_formula,
    positive_score,
    sum_formula,
)

LEVELS = (
    ("产出指标", "数量指标", 3, 50),
    ("产出指标", "质量指标", 2, 0),
    ("产出指标", "时效指标", 1, 0),
    ("效益指标", "社会效益指标", 2, 30),
    ("效益指标", "可持续影响指标", 1, 0),
    ("满意度指标", "服务对象满意度指标", 1, 10),
)
WEIGHTS = (10, 10, 10, 5, 5, 10, 10, 10, 10, 10)
NAMES = (
    "完成项目数",
    "开展培训场次",
    "维护设备数量",
    "验收合格率",
    "资料完整率",
    "按期完成率",
    "群众知晓率",
    "业务办结率",
    "机制健全性",
    "服务对象满意度",
)
UNITS = ("个", "场", "台", "%", "%", "%", "%", "%", "", "%")
MESSES = (
    "text_amount",
    "full_width",
    "extra_rows",
    "extra_columns",
    "extra_sheet",
    "phantom_rows",
    "wrong_total",
    "blank_actual",
)


def _money(rng: random.Random) -> tuple[Decimal, Decimal, Decimal]:
    initial = Decimal(rng.randint(500, 50_000)) / 100
    annual = initial + Decimal(rng.choice((0, 0, 0, rng.randint(1, 500)))) / 100
    executed = round_half_up(annual * Decimal(rng.randint(90, 100)) / 100)
    return initial, annual, executed


def _indicators(rng: random.Random) -> list[IndicatorRow]:
    rows, number = [], 0
    for level1, level2, count, _ in LEVELS:
        for _ in range(count):
            rows.append(_indicator(rng, level1, level2, number))
            number += 1
    return rows


def _indicator(rng: random.Random, level1: str, level2: str, number: int) -> IndicatorRow:
    name, unit, weight = NAMES[number], UNITS[number], Decimal(WEIGHTS[number])
    if not unit:
        return IndicatorRow(
            level1,
            level2,
            name,
            "定性",
            "",
            "健全",
            "达成年度指标",
            "",
            weight,
            weight - 1,
            "按满分的九成计分。",
        )
    target = Decimal(95 if unit == "%" else rng.randint(10, 200))
    actual = target if rng.random() < 0.8 else round_half_up(target * Decimal(rng.randint(80, 99)) / 100, 0)
    score = positive_score(target, actual, weight)
    reason = "" if actual >= target else "部分工作顺延至下年完成，已排定计划。"
    return IndicatorRow(level1, level2, name, "正向", "大于等于", target, actual, unit, weight, score, reason)


def form(rng: random.Random, number: int) -> FormContent:
    initial, annual, executed = _money(rng)
    rate = execution_rate(annual, executed) or Decimal(0)
    indicators = _indicators(rng)
    content = FormContent(
        layout="nmg-12",
        year=2023,
        project_name=f"公共服务运行经费（{number % 7 + 1}类）",
        supervising_department="示例市行政审批局（部门）",
        implementing_unit=f"示例单位{number:05d}",
        goal_expected=f"保障业务系统全年稳定运行，完成年度服务任务{number}项。",
        goal_actual=f"全年系统稳定运行，完成服务任务{number}项。",
        funds=_funds(initial, annual, executed, rate),
        indicators=tuple(indicators),
        total_weight=Decimal(100),
        total_score=execution_score(rate, Decimal(10)) + sum(_number(row.score) for row in indicators),
    )
    return _with_formulas(content)


def _funds(initial: Decimal, annual: Decimal, executed: Decimal, rate: Decimal) -> tuple[FundRow, ...]:
    zero = Decimal(0)
    return (
        FundRow(
            "年度资金总额", initial, annual, executed, Decimal(10), rate, execution_score(rate, Decimal(10))
        ),
        FundRow("其中：财政拨款", initial, annual, executed, "—", rate, "—"),
        FundRow("上年结转资金", zero, zero, zero, "—", "—", "—"),
        FundRow("其他资金", zero, zero, zero, "—", "—", "—"),
    )


def _number(content: Content) -> Decimal:
    return content if isinstance(content, Decimal) else Decimal(0)


def _with_formulas(content: FormContent) -> FormContent:
    """The computed cells as formulas with their results, as a filled-in template holds them."""
    from dataclasses import replace

    at = placement(content)
    total, *sources = content.funds
    rate = Formula(
        execution_rate_formula(at.cell("fund.annual_budget"), at.cell("fund.executed")),
        _number(total.execution_rate),
    )
    score = Formula(
        execution_score_formula(at.cell("fund.execution_rate"), at.cell("fund.weight")), _number(total.score)
    )
    cells = [at.cell("indicator.score", n) for n in range(len(content.indicators))]
    formula = f"{at.cell('fund.score')}+{sum_formula(cells)}"
    return replace(
        content,
        funds=(total._replace(execution_rate=rate, score=score), *sources),
        total_score=Formula(formula, _number(content.total_score)),
    )


def write(content: FormContent, path: Path, mess: str, rng: random.Random) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    styles = Styles(book)
    if mess == "extra_sheet":
        book.add_worksheet("填报说明").write_string(0, 0, "请按要求逐项填写。")
    sheet = book.add_worksheet("自评表")
    top = 1 + (rng.randint(1, 3) if mess == "extra_rows" else 0)
    draw(book, sheet, _spoiled(content, mess), styles, top)
    if top > 1:
        sheet.write_string(0, 0, "附件2")
    if mess == "phantom_rows":
        style = book.add_format({"border": 1})
        for row in range(60, 60 + rng.randint(100, 800)):
            for column in range(12):
                sheet.write_blank(row, column, None, style)
    if mess == "extra_columns":
        sheet.write_string(5, 14, "审核：已阅")
    book.close()


def _spoiled(content: FormContent, mess: str) -> FormContent:
    from dataclasses import replace

    total, first, *rest = content.funds
    if mess == "text_amount":
        words = f"{total.annual_budget}万"
        return replace(content, funds=(total._replace(annual_budget=words), first, *rest))
    if mess == "full_width":
        wide = str(first.annual_budget).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789."})
        return replace(content, funds=(total, first._replace(annual_budget=wide), *rest))
    if mess == "wrong_total":
        return replace(content, total_score=Decimal(100))
    if mess == "blank_actual":
        rows = content.indicators
        return replace(content, indicators=(rows[0]._replace(actual=None), *rows[1:]))
    return content


def _truth(content: FormContent, mess: str) -> dict[str, Any]:
    total = content.funds[0]
    return {
        "unit": content.implementing_unit,
        "mess": mess,
        "amounts": [str(total.initial_budget), str(total.annual_budget), str(total.executed)],
        "indicators": len(content.indicators),
    }


def make(folder: Path, forms: int, messy: float = 0.0, seed: int = 1) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    truth = {}
    for number in range(1, forms + 1):
        rng = random.Random(f"{seed}-{number}")
        mess = rng.choice(MESSES) if rng.random() < messy else ""
        content = form(rng, number)
        name = f"{number:06d}_示例单位.xlsx"
        write(content, folder / name, mess, rng)
        truth[name] = _truth(content, mess)
    folder.with_suffix(".json").write_text(json.dumps(truth, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--messy", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    make(options.folder, options.forms, options.messy, options.seed)
