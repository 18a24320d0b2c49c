"""Excel-native tools around the 项目支出绩效自评表.

The verbs, the same here as on the command line::

    xltools.new("自评表.xlsx", year=2024)          a blank official workbook
    xltools.read("自评表.xlsx").forms              what was read, each value with its cell
    xltools.validate(["报送"]).files              findings for files or folders
    xltools.fill("自评表.xlsx", "已填公式.xlsx")     the standard formulas, nothing else changed
    xltools.merge("报送", "汇总.xlsx")             one consolidated workbook
    xltools.report("自评表.xlsx", "报告.docx")       the evaluation report of a form
    xltools.report(check="报告.docx")              one checked against its table

They are imported on first use, so that ``import xltools`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from xltools.verbs import extract, fill, merge, new, read, report, validate

__all__ = ["__version__", "extract", "fill", "merge", "new", "read", "report", "validate"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from xltools import verbs

        return getattr(verbs, name)
    raise AttributeError(f"module 'xltools' has no attribute {name!r}")
