"""The lines of `extract --explain`, (Chinese, English)."""

from __future__ import annotations

from xltools.messages.interface import Lang, Words

LINES: dict[str, Words] = {
    "form": (
        "工作表“{sheet}”：{layout}，第 {top}—{bottom} 行",
        "sheet {sheet}: {layout}, rows {top}-{bottom}",
    ),
    "hidden": ("  工作表是隐藏的", "  the sheet is hidden"),
    "cell": (
        "  {field}：{cell}“{text}” ← 标签“{label}”（{at}）",
        "  {field}: {cell} “{text}” <- label “{label}” ({at})",
    ),
    "inline": (
        "  {field}：{cell}“{text}” ← 与标签同格",
        "  {field}: {cell} “{text}” <- in the label's own cell",
    ),
    "column": (
        "  {field}：{column} 列 ← 表头“{label}”（{at}）",
        "  {field}: column {column} <- header “{label}” ({at})",
    ),
    "fund": ("  资金行 {cell}“{label}” ← {kind}", "  fund row {cell} “{label}” <- {kind}"),
    "rows": ("  指标行：{rows}；总分行：{total}", "  indicator rows: {rows}; total row: {total}"),
    "shifted": (
        "  第 {row} 行按位置读取：整行错开 {by} 列（跨页断开）",
        "  row {row} read by position: {by} column(s) beside its headers (page break)",
    ),
    "absent": ("  {field}：未找到", "  {field}: not found"),
    "note": ("  {cell}“{text}”：{note}", "  {cell} “{text}”: {note}"),
    "unknown": ("  未识别的表头“{label}”（{at}）{near}", "  unknown header “{label}” ({at}){near}"),
    "near": (
        '，与“{known}”相近；如为同一栏，请在词汇文件中加：[{table}] {name} = ["{label}"]',
        ', close to “{known}”; if it is the same column, add to the vocabulary file: [{table}] {name} = ["{label}"]',
    ),
    "no_form": ("工作表“{sheet}”：没有找到自评表", "sheet {sheet}: no form found"),
    "override": (
        "自己的词汇文件用环境变量 {variable} 指定，不必改动程序。",
        "Name your own vocabulary file in the environment variable {variable}; the program stays unchanged.",
    ),
}


def line(key: str, lang: Lang = "zh", **values: object) -> str:
    return LINES[key][0 if lang == "zh" else 1].format(**values)
