"""Real files for tests of whole runs: forms as an office program would save them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from xltools.form_sheet import FormContent, FundRow, IndicatorRow, Styles, draw

ROWS = (
    IndicatorRow("产出指标", "数量指标", "开展巡检次数", "正向", "大于等于", Decimal(12), Decimal(12), "次", Decimal(50), Decimal(50)),
    IndicatorRow("效益指标", "社会效益指标", "服务单位数量", "正向", "大于等于", Decimal(20), Decimal(20), "家", Decimal(30), Decimal(30)),
    IndicatorRow("满意度指标", "服务对象满意度指标", "使用单位满意度", "正向", "大于等于", Decimal(90), Decimal(90), "%", Decimal(10), Decimal(10)),
)  # fmt: skip


def write_form(path: Path, unit: str = "示例甲中心", **changes: Any) -> Path:
    """A clean form.  budget, executed, score, rows, year, project, money_unit change it."""
    budget, executed = (Decimal(str(changes.get(name, 10))) for name in ("budget", "executed"))
    score = (executed / budget * 10).quantize(Decimal("0.01"))
    rows = changes.get("rows", ROWS)
    content = FormContent(
        layout="nmg-12",
        year=changes.get("year", 2023),
        project_name=changes.get("project", "示例运行费"),
        supervising_department="示例市行政审批局（部门）",
        implementing_unit=unit,
        goal_expected="保障系统平稳运行。",
        goal_actual="系统全年平稳运行。",
        money_unit=changes.get("money_unit", "万元"),
        funds=(
            FundRow("年度资金总额", budget, budget, executed, Decimal(10), executed / budget * 100, score),
            FundRow("其中：财政拨款", budget, budget, executed, "—", executed / budget * 100, "—"),
            FundRow("上年结转资金", Decimal(0), Decimal(0), Decimal(0), "—", "—", "—"),
            FundRow("其他资金", Decimal(0), Decimal(0), Decimal(0), "—", "—", "—"),
        ),
        indicators=rows,
        total_weight=Decimal(100),
        total_score=score + sum((row.score for row in rows), Decimal(0)),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    book = Workbook(str(path), {"strings_to_formulas": False})
    draw(book, book.add_worksheet("自评表"), content, Styles(book))
    book.close()
    return path
