"""Why a run cannot go on, (Chinese, English).  Every sentence says what to do."""

from __future__ import annotations

from xltools.messages.interface import Lang, Words

REFUSALS: dict[str, Words] = {
    "fill_usage": (
        "请指明写到哪里：副本的文件名（output），或直接写入原文件（in_place）。",
        "Say where to write: the name of a copy (output), or into the file itself (in_place).",
    ),
    "fill_both": (
        "-o 与 --in-place 只能选一个：写到副本，或直接写入原文件。",
        "Choose one of -o and --in-place: a copy, or the file itself.",
    ),
    "fill_needs_folder": (
        "有多个文件要填，-o 应为文件夹，而不是“{path}”。",
        "Several files are to be filled; -o must name a folder, unlike {path}.",
    ),
    "fill_not_xlsx": (
        "副本的扩展名应为 .xlsx 或 .xlsm，而不是“{path}”。",
        "The copy must end in .xlsx or .xlsm, unlike {path}.",
    ),
    "new_not_xlsx": (
        "自评表的扩展名应为 .xlsx（带按钮的为 .xlsm），而不是“{path}”。",
        "The form must end in .xlsx (.xlsm with buttons), unlike {path}.",
    ),
    "output_is_an_input": (
        "{path} 是要读取的文件，未覆盖。请换一个文件名。",
        "{path} is to be read and was not overwritten. Choose another name.",
    ),
    "new_usage": (
        "用法：xltools new 自评表.xlsx，或 xltools new --units 单位名单.xlsx -o 文件夹（此时不用 --unit、--macros）。",
        "Usage: xltools new FORM.xlsx, or xltools new --units ROSTER.xlsx -o FOLDER (without --unit, --macros).",
    ),
    "needs_dask": (
        '使用 --scheduler 需要 dask，请先运行：pip install "xltools[cluster]"。',
        '--scheduler needs dask; run: pip install "xltools[cluster]".',
    ),
    "no_cluster": (
        "连接不上 dask 调度器 {address}，请核对地址，并确认调度器已启动。",
        "No dask scheduler answers at {address}; check the address and that it is running.",
    ),
    "report_usage": (
        "用法：xltools report 自评表.xlsx -o 报告.docx（生成报告），或 xltools report --check 报告.docx 自评表.xlsx（核对报告）。",
        "Usage: xltools report WORKBOOK.xlsx -o REPORT.docx (to write one), or xltools report --check REPORT.docx WORKBOOK.xlsx.",
    ),
    "report_not_docx": (
        "报告的扩展名应为 .docx，而不是“{path}”。",
        "The report must end in .docx, unlike {path}.",
    ),
    "report_needs_workbook": (
        "报告“{path}”中没有可读取的自评表，请同时给出自评表：xltools report --check 报告.docx 自评表.xlsx。",
        "The report {path} holds no form that can be read; name the workbook: xltools report --check REPORT.docx WORKBOOK.xlsx.",
    ),
    "too_many_rows": (
        "“{sheet}”有 {rows} 行，超出一个工作簿的上限，请分批汇总，或用 --csv、--parquet 输出数据。",
        "“{sheet}” has {rows} rows, more than a workbook holds; merge in batches, or use --csv or --parquet.",
    ),
    "output_is_folder": (
        "无法写入 {path}：这是文件夹。请用 -o 指定要生成的文件，如 汇总.xlsx。",
        "Cannot write {path}: it is a folder. Name a file with -o, such as merged.xlsx.",
    ),
    "output_not_xlsx": (
        "汇总工作簿的扩展名应为 .xlsx，而不是“{path}”。",
        "The consolidated workbook must end in .xlsx, unlike {path}.",
    ),
    "output_is_a_form": (
        "{path} 是一份自评表，未覆盖。请换一个文件名。",
        "{path} holds a self-evaluation form and was not overwritten. Choose another name.",
    ),
    "output_in_use": (
        "无法写入 {path}，该文件可能正在 Excel 或 WPS 中打开，或没有写入权限。请先关闭该文件后再试；原文件未改动。",
        "{path} cannot be written; it may be open in Excel or WPS, or you lack permission. Close it and try again.",
    ),
    "years_tied": (
        "各表年度不一致且数量相同（{years}），请用 --year 指定要汇总的年度，或分年度汇总。",
        "The forms are of several years, none of which prevails ({years}); name one with --year.",
    ),
    "no_form_of_year": (
        "没有 {year} 年度的自评表；收到的年度有：{years}。",
        "No form is of the year {year}; there are: {years}.",
    ),
    "roster_headers": (
        "名单“{path}”中没有“实施单位”列，请参照：实施单位、项目名称、年初预算数。",
        "The roster {path} has no column 实施单位; use: 实施单位, 项目名称, 年初预算数.",
    ),
    "roster_empty": (
        "名单“{path}”中没有单位。",
        "The roster {path} names no unit.",
    ),
    "mapping_headers": (
        "对应表“{path}”中没有“三级指标”和“对应为”两列，请使用汇总工作簿中的“待对应”表，或按其列名编制。",
        "The mapping {path} lacks the columns 三级指标 and 对应为; use the sheet 待对应 of a consolidated workbook.",
    ),
    "mapping_contradicts": (
        "对应表“{path}”中“{name}”有两个不同的对应：“{first}”和“{second}”，请保留一个。",
        "The mapping {path} sends “{name}” both to “{first}” and to “{second}”; keep one.",
    ),
    "mapping_no_proposal": (
        "对应表“{path}”中“{name}”一行填了“是”，但没有“建议对应为”，请写明对应到哪个指标。",
        "The mapping {path} says yes for “{name}” where nothing is proposed; enter the indicator's name.",
    ),
    "mapping_circle": (
        "对应表“{path}”中的对应首尾相接（“{name}”最终对应到自身），请改正。",
        "The mapping {path} leads “{name}” back to itself; correct it.",
    ),
    "table_unreadable": (
        "无法读取“{path}”：{why}",
        "{path} cannot be read: {why}",
    ),
    "previous_unusable": (
        "“{path}”中没有可比的数据：既不是本工具生成的汇总工作簿，也没有可读取的自评表。",
        "{path} holds nothing to compare with: no consolidated workbook of this tool and no readable form.",
    ),
}


def refusal(code: str, lang: Lang = "zh", **details: str) -> str:
    return REFUSALS[code][0 if lang == "zh" else 1].format(**details)
