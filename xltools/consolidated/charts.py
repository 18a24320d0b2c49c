"""The charts of 总览.  Two shades of one colour; no frames, no decoration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltools.consolidated.context import Context
from xltools.consolidated.look import ACCENT, SONG
from xltools.consolidated.sheets import OVERVIEW, SUMMARY
from xltools.consolidated.summary import LETTERS

if TYPE_CHECKING:
    from xltools.consolidated.leaders import Ranked
    from xltools.consolidated.page import Block

MOST_UNITS = 30
MOST_NAMED = 6
_SECOND = "#9DB8D2"
_FAINT = "#E3E7EB"
_WORDS = {"name": SONG, "size": 9, "color": "#595959", "bold": False}
_SIZE = {"width": 378, "height": 214}


def insert(
    book: Workbook,
    sheet: Worksheet,
    context: Context,
    rows: tuple[int, int],
    grades: Block,
    rules: Block,
    ranked: Ranked | None,
) -> None:
    """Four charts in two lines of the page.  ranked: the forms to show where there are too many."""
    if not context.forms:
        return
    _place(sheet, rows[0], 0, _rates(book, context, ranked))
    _place(sheet, rows[0], 6, _totals(book, context, ranked))
    _place(sheet, rows[1], 0, _grades(book, grades))
    if context.figures.rules:
        _place(sheet, rows[1], 6, _rules(book, rules))


def _place(sheet: Worksheet, row: int, column: int, chart: Chart) -> None:
    sheet.insert_chart(row, column, chart, {"x_offset": 4, "y_offset": 6, "object_position": 2})


def _chart(book: Workbook, kind: str, title: str, legend: bool) -> Chart:
    chart = book.add_chart({"type": kind})
    chart.set_title(
        {"name": title, "name_font": _WORDS | {"size": 11, "color": ACCENT, "bold": True}, "overlay": False}
    )
    chart.set_legend({"position": "bottom", "font": _WORDS} if legend else {"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_size(_SIZE)
    return chart


def _axes(chart: Chart, numbers: dict[str, Any], names: dict[str, Any]) -> None:
    chart.set_x_axis({"num_font": _WORDS, "line": {"color": "#BFBFBF"}, "major_tick_mark": "none"} | names)
    grid = {"visible": True, "line": {"color": _FAINT, "width": 0.5}}
    chart.set_y_axis({"num_font": _WORDS, "line": {"none": True}, "major_gridlines": grid} | numbers)


def _forms(context: Context, header: str) -> list[Any]:
    letter = ord(LETTERS[header]) - 65
    return [SUMMARY, 1, letter, context.forms, letter]


def _which(context: Context) -> str:
    """What the names of the axis are, where they are not the units' own."""
    return "" if context.forms <= MOST_NAMED else "（按汇总序号）"


def _units(context: Context) -> list[Any]:
    """Names side by side need room; with many units the serial numbers say which it is."""
    return _forms(context, "实施单位" if context.forms <= MOST_NAMED else "序号")


def _beside(column: int, count: int) -> list[Any]:
    """A column of the tables beside the page."""
    return [OVERVIEW, 3, column, 2 + max(1, count), column]


def _rates(book: Workbook, context: Context, ranked: Ranked | None) -> Chart:
    title = f"执行率最低的 {ranked.rates} 张表 %" if ranked else "预算执行率 %"
    chart = _chart(book, "column", title + _which(context), legend=False)
    names = _beside(13, ranked.rates) if ranked else _units(context)
    values = _beside(14, ranked.rates) if ranked else _forms(context, "执行率（%）")
    chart.add_series({"categories": names, "values": values, "fill": {"color": ACCENT}, "gap": 60})
    _axes(chart, {"min": 0, "num_format": "0"}, {"num_font": _WORDS | {"size": 8}})
    return chart


def _totals(book: Workbook, context: Context, ranked: Ranked | None) -> Chart:
    title = f"总分差异最大的 {ranked.totals} 张表" if ranked else "自评总分与复算总分"
    chart = _chart(book, "column", title + _which(context), legend=True)
    for name, column, colour in (("自评总分", 17, _SECOND), ("复算总分", 18, ACCENT)):
        chart.add_series(
            {
                "name": name,
                "categories": _beside(16, ranked.totals) if ranked else _units(context),
                "values": _beside(column, ranked.totals) if ranked else _forms(context, name),
                "fill": {"color": colour},
                "gap": 60,
                "overlap": -5,
            }
        )
    _axes(
        chart, {"min": 0, "max": 100, "major_unit": 20, "num_format": "0"}, {"num_font": _WORDS | {"size": 8}}
    )
    return chart


def _grades(book: Workbook, grades: Block) -> Chart:
    chart = _chart(book, "column", "等级分布（张）", legend=True)
    for name, letter, colour in (("自评", 2, _SECOND), ("复算", 4, ACCENT)):
        chart.add_series(
            {
                "name": name,
                "categories": [OVERVIEW, grades.first, 0, grades.last, 0],
                "values": [OVERVIEW, grades.first, letter, grades.last, letter],
                "fill": {"color": colour},
                "gap": 80,
                "overlap": -5,
                "data_labels": {"value": True, "font": _WORDS},
            }
        )
    _axes(chart, {"min": 0, "visible": False, "major_gridlines": {"visible": False}}, {})
    return chart


def _rules(book: Workbook, rules: Block) -> Chart:
    chart = _chart(book, "bar", "最常见的问题（条）", legend=False)
    chart.add_series(
        {
            "categories": [OVERVIEW, rules.first, 8, rules.last, 8],
            "values": [OVERVIEW, rules.first, 11, rules.last, 11],
            "fill": {"color": ACCENT},
            "gap": 40,
            "data_labels": {"value": True, "font": _WORDS},
        }
    )
    words = _WORDS | {"size": 8}
    names = {
        "reverse": True,
        "num_font": words,
        "interval_unit": 1,
        "line": {"color": "#BFBFBF"},
        "major_tick_mark": "none",
    }
    chart.set_y_axis(names | {"major_gridlines": {"visible": False}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    return chart
