"""What the buttons in Excel, the installer, the check-up and the window say, (Chinese, English)."""

from __future__ import annotations

from xltools.messages.interface import Lang, Words

SENTENCES: dict[str, Words] = {
    # the forms with buttons
    "has_macros": (
        "这个工作簿已含有宏，未加按钮。请先另存为 .xlsx，再加按钮。",
        "The workbook has macros already; save it as .xlsx first, then add the buttons.",
    ),
    "no_macros": ("这个工作簿没有宏，不需要去除。", "The workbook has no macros; there is nothing to strip."),
    "foreign_macros": (
        "这个工作簿还含有不是 xltools 的宏，为免丢失未作处理。请在 Excel 中另存为 .xlsx。",
        "The workbook holds macros that are not xltools' and was left alone; save it as .xlsx in Excel.",
    ),
    "macros_suffix": (
        "带按钮的工作簿须以 .xlsm 结尾：{path}",
        "A workbook with buttons must end in .xlsm: {path}",
    ),
    # what a click says
    "verdict": ("校验完成：{counts}。{where}", "Checked: {counts}. {where}"),
    "verdict_clean": ("校验完成：未发现问题。", "Checked: no findings."),
    "where": (
        "逐条说明见工作表“{sheet}”，点单元格一栏可跳到该处。",
        "See sheet {sheet}; the cell column leads there.",
    ),
    "unmarked": (
        "工作表“{sheets}”设有保护密码，没有标颜色和批注。",
        "Sheet {sheets} is protected with a password and was not marked.",
    ),
    "unlisted": (
        "工作簿的结构受保护，没有加“问题”表。请先在“审阅”中撤消工作簿保护。",
        "The structure of the workbook is protected, so there is no list; unprotect the workbook first.",
    ),
    "not_opened": ("结果没有能自动打开，请手动打开。", "Open the result by hand."),
    "unnoted": (
        "有 {count} 处已有会话批注，只标了颜色。",
        "{count} cells hold a conversation and were only coloured.",
    ),
    "filled": (
        "写入 {writes} 处公式，保留 {kept} 处。按“撤销”可恢复。",
        "{writes} formulas written, {kept} cells kept. 撤销 takes them back.",
    ),
    "nothing_to_fill": ("没有需要写入的公式，保留 {kept} 处。", "No formula to write, {kept} cells kept."),
    "kept_typed": (
        "{sheet}!{cell} {field}：录入值“{previous}”与公式结果 {value} 不同，保留录入值",
        '{sheet}!{cell} {field}: typed "{previous}" differs from the formula\'s {value}; kept',
    ),
    "kept_formula": (
        "{sheet}!{cell} {field}：已有公式，结果“{previous}”与应填公式的结果 {value} 不同，保留已有公式",
        '{sheet}!{cell} {field}: holds a formula that gives "{previous}", not {value}; kept',
    ),
    "kept_input": (
        "{sheet}!{cell} {field}：所依据的 {because} 不是数值，或为百分比格式，未写公式",
        "{sheet}!{cell} {field}: {because} is no number or shows percent; no formula written",
    ),
    "kept_nested": (
        "{sheet}!{cell} {field}：下列资金来源有包含关系，看不出哪些应当相加，未写公式，请自行填写合计",
        "{sheet}!{cell} {field}: some sources are parts of others; no formula written, enter the total",
    ),
    "kept_percent": (
        "{sheet}!{cell} {field}：单元格为百分比格式，未写公式",
        "{sheet}!{cell} {field}: the cell has a percent format; no formula written",
    ),
    "more": ("……另有 {count} 条", "... and {count} more"),
    "pick_folder": ("选择装有各单位自评表的文件夹", "Choose the folder of forms"),
    "pick_report": ("选择要核对的评价报告", "Choose the report to check"),
    "pick_save": ("把绩效自评报告存到", "Save the report as"),
    "window_needs_form": (
        "生成报告需要一份自评表，请只选一个文件。",
        "Choose the one form the report is to be made of.",
    ),
    "merging": ("正在合并：{done}/{total}", "Merging: {done}/{total}"),
    "report_clean": ("报告与自评表未发现不一致。", "Report and table agree."),
    "report_found": ("报告与自评表有 {count} 处需要核对。{where}", "{count} findings on the report. {where}"),
    "undone_fill": ("已恢复“填公式”之前的内容，共 {count} 处。", "{count} cells are as before 填公式."),
    "undone_marks": ("已清除校验标记和“{sheet}”表。", "Marks and sheet {sheet} are gone."),
    "undo_changed": (
        "有 {count} 处在填公式之后又改动过，未恢复：{cells}",
        "{count} cells were changed since and were left alone: {cells}",
    ),
    "nothing_to_undo": ("没有可以撤销的操作。", "Nothing to undo."),
    # what can be in the way
    "wps": (
        "检测到当前程序是 WPS，按钮只支持 Microsoft Excel。请把文件拖到 xltools-gui 窗口，功能相同。",
        "This is WPS; the buttons need Microsoft Excel. Drop the file on xltools-gui instead.",
    ),
    "equals_sign": (
        "文件名“{name}”含有等号“=”，按钮无法识别。请另存为不含等号的文件名再按。",
        "The file name {name} holds an equals sign; save it under another name.",
    ),
    "protected": (
        "工作表“{sheet}”设有保护密码，不能写入公式。请先在“审阅”中撤消工作表保护，再按一次。",
        "Sheet {sheet} is protected with a password; unprotect it first.",
    ),
    "busy": (
        "Excel 正在等待输入，无法处理。请按回车或 Esc 结束单元格编辑、关闭打开的对话框，再按一次按钮。",
        "Excel is busy; finish editing the cell and close dialogs, then try again.",
    ),
    "not_from_excel": (
        "这个功能要由 Excel 中的按钮启动。在命令行请用 xltools validate、xltools fill、xltools merge。",
        "This is started by a button in Excel; on the command line use xltools validate and so on.",
    ),
    "no_xlwings": (
        '按钮所需的 xlwings 没有安装，或被杀毒软件隔离。请运行 pip install "xltools[excel]"，'
        "再运行 xltools doctor；急用时可把文件拖到 xltools-gui 窗口。",
        'xlwings is missing or quarantined. Run: pip install "xltools[excel]", then xltools doctor.',
    ),
    "failed": (
        "{why}\n\n表格中的录入内容没有改动。详细记录：{log}",
        "{why}\n\nWhat was typed is unchanged. Log: {log}",
    ),
    "unexpected": ("出现意外错误：{why}", "Unexpected error: {why}"),
    # the window
    "window_hint": (
        "先选文件或文件夹，再按下面的按钮。也可以把文件拖到程序图标上。",
        "Choose files or a folder, then press a button. Files can be dropped on the program's icon.",
    ),
    "no_tkinter": (
        "这个 Python 没有带窗口组件（tkinter），请在命令行使用 xltools validate、xltools fill、xltools merge。",
        "This Python has no tkinter; use the command line.",
    ),
    "window_files": ("选择文件…", "Choose files..."),
    "window_folder": ("选择文件夹…", "Choose a folder..."),
    "window_chosen": ("已选：{names}", "Chosen: {names}"),
    "window_none": ("尚未选择文件。", "Nothing chosen yet."),
    "window_open": ("打开结果", "Open the result"),
    "window_working": ("正在处理…{done}/{total}", "Working... {done}/{total}"),
    "window_needs_folder": ("合并需要一个文件夹，请先选择文件夹。", "Merging needs a folder."),
    "window_filled": (
        "{name}：写入 {writes} 处公式，保留 {kept} 处。",
        "{name}: {writes} formulas, {kept} cells kept.",
    ),
    "window_left_out": ("{name}：未处理。{why}", "{name}: left out. {why}"),
    "window_needs_report": (
        "核对报告需要同时选中一份报告（.docx、.txt）和一份自评表。",
        "Choose one report and one workbook together.",
    ),
    "window_no_result": ("没有生成结果文件。", "No result file."),
    "window_marked": ("已标出问题的副本在：{path}", "Marked copies: {path}"),
    "window_copies": ("填好公式的副本在：{path}", "Copies with formulas: {path}"),
}


def say(key: str, lang: Lang = "zh", **values: str) -> str:
    return SENTENCES[key][0 if lang == "zh" else 1].format(**values)
