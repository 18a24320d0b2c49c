"""The sentences of the command line, (Chinese, English)."""

from __future__ import annotations

from xltools.messages.interface import Lang, Words

SENTENCES: dict[str, Words] = {
    "reading": ("正在读取", "reading"),
    "stated_total": ("自评总分 {total}", "stated total {total}"),
    "recomputed_total": ("复算总分 {total}（{grade}）", "recomputed total {total} ({grade})"),
    "no_findings": ("未发现问题。", "No findings."),
    "summary": (
        "共 {files} 个文件，未能读取 {unread} 个；{counts}。",
        "{files} files, {unread} not read; {counts}.",
    ),
    "skipped": ("已跳过 {path}：{reason}", "skipped {path}: {reason}"),
    "writing": ("正在生成", "writing"),
    "issued": (
        "已在 {folder} 生成 {count} 份预填的自评表。",
        "wrote {count} prefilled forms to {folder}.",
    ),
    "existing": (
        "{path} 已存在，未改动；需要重新生成的，请先移走该文件。",
        "{path} exists and was left as it is; move it away to have it made anew.",
    ),
    "not_prefilled": (
        "名单第 {row} 行的{field}“{text}”不是数字，没有预填。",
        "Row {row} of the roster: the {field} “{text}” is no number and was not filled in.",
    ),
    "not_written": ("未能生成 {path}：{why}", "{path} could not be written: {why}"),
    "written": ("已生成 {path}", "wrote {path}"),
    "exists": (
        "{path} 已存在，未覆盖。请换一个文件名，或先移走原文件。",
        "{path} exists and was not overwritten. Choose another name or move it away.",
    ),
    "missing_path": ("找不到 {path}，请核对路径。", "{path} cannot be found; check the path."),
    "no_files": ("{path} 中没有可读取的表格文件。", "{path} holds no workbook."),
    "cannot_write": (
        "无法写入 {path}（{why}）。若该文件正在 Excel 或 WPS 中打开，请先关闭；并确认磁盘有空间、有写入权限。",
        "Cannot write {path} ({why}). Close it if it is open in Excel or WPS; check free space and permission.",
    ),
    "needs_pandas": (
        "输出 parquet 需要 pandas 和 pyarrow，请先运行：pip install pandas pyarrow",
        "Parquet output needs pandas and pyarrow; run: pip install pandas pyarrow",
    ),
    "needs_output": ("请用 -o 指定输出文件。", "Name the output file with -o."),
    "filled": (
        "{path}：写入 {writes} 处公式，保留 {kept} 处。",
        "{path}: {writes} formulas written, {kept} cells kept.",
    ),
    "planned": (
        "{path}：将写入 {writes} 处公式，保留 {kept} 处。",
        "{path}: {writes} formulas to write, {kept} cells kept.",
    ),
    "write_line": (
        "  {cell}  {field}  “{previous}” → ={formula}  结果 {value}",
        '  {cell}  {field}  "{previous}" -> ={formula}  result {value}',
    ),
    "kept_line": (
        "  {cell}  {field}  保留“{previous}”，公式结果为 {value}（{why}）",
        '  {cell}  {field}  kept "{previous}", the formula gives {value} ({why})',
    ),
    "kept_open": ("  {cell}  {field}  未写公式（{why}）", "  {cell}  {field}  no formula written ({why})"),
    "kept_typed": (
        "已有不同的录入值，如需替换请加 --overwrite",
        "holds a different typed value; --overwrite replaces it",
    ),
    "kept_formula": (
        "已有结果不同的公式，如需替换请加 --overwrite",
        "holds a formula with another result; --overwrite replaces it",
    ),
    "kept_input": (
        "所依据的 {because} 不是数值，或为百分比格式",
        "{because}, which it depends on, is no number or shows percent",
    ),
    "kept_nested": (
        "下列资金来源有包含关系，看不出哪些应当相加，请自行填写合计",
        "some sources are parts of others, so which to add is open; enter the total",
    ),
    "kept_percent": ("单元格为百分比格式", "the cell has a percent format"),
    "notice_signed": (
        "  注意：文件带有数字签名，改动后签名失效，需要重新签名；原文件未改动。",
        "  Note: the workbook is signed; the signature no longer holds for the copy. The original is untouched.",
    ),
    "notice_protected": (
        "  注意：工作表设有保护，公式已写入，保护保持不变。",
        "  Note: the sheet is protected; the formulas were written and the protection stays.",
    ),
    "notice_converted": (
        "  注意：原文件不是 .xlsx，已生成新的 .xlsx，只含自评表的内容和公式，不含原文件的图片、印章等其他内容。",
        "  Note: the source is no .xlsx; a new .xlsx was made that holds the form and its formulas only.",
    ),
    "backup": ("原文件已备份为 {path}", "the original was saved as {path}"),
    "merged": (
        "已生成 {path}：{forms} 张自评表计入合计，{left_out} 个文件未计入；{counts}。",
        "wrote {path}: {forms} forms in the totals, {left_out} files left out; {counts}.",
    ),
    "roll_call": (
        "应报 {expected}，未报送 {missing}，名单外 {unexpected}。{names}",
        "{expected} expected, {missing} missing, {unexpected} not on the roster. {names}",
    ),
    "refused_strict": (
        "--strict：有 {left_out} 个文件未能计入，未生成汇总。",
        "--strict: {left_out} files could not be used; nothing was written.",
    ),
    "not_filled": ("未填公式 {path}：{reason}", "not filled {path}: {reason}"),
    "not_marked": ("未生成退回副本 {path}：{reason}", "no marked copy of {path}: {reason}"),
    "left_out": ("未计入 {path}：{reason}", "left out {path}: {reason}"),
    "previous_year": (
        "用于同比的“{source}”是 {before} 年度，不早于本次汇总的 {now} 年度，请核对 --previous 是否选错。",
        "{source}, compared with, is of {before}, no earlier than this consolidation ({now}); check --previous.",
    ),
    "previous_left_out": (
        "上年数未计入 {source} 中的 {path}：{reason}",
        "left out of last year's figures, in {source}: {path}: {reason}",
    ),
    "previous_budget": (
        "上年有 {count} 家单位的全年预算数未填或不是数值，未计入上年合计：{units}",
        "Last year's annual budget of {count} units is blank or no number and in no total: {units}",
    ),
    "previous_executed": (
        "上年有 {count} 家单位的全年执行数未填或不是数值，未计入上年合计：{units}",
        "What {count} units executed last year is blank or no number and in no total: {units}",
    ),
    "interrupted": ("已中断，未留下不完整的文件。", "Interrupted; no incomplete file was left behind."),
    "unexpected": (
        "出现意外错误：{why}。请把这行文字和所用文件发给维护人员。",
        "Unexpected error: {why}. Send this line and the file to the maintainers.",
    ),
    "unknown_rule": (
        "没有编号为 {code} 的规则，运行 xltools rules 查看全部。",
        "There is no rule {code}; run xltools rules for the list.",
    ),
    "report_errors": (
        "自评表有错误 {errors} 处，已在报告第三部分标出，请先核实更正。",
        "The form has {errors} errors, marked in section three of the report; correct them first.",
    ),
    "report_open": (
        "报告中带底色的【请补充】处须由单位填写，定稿前请逐处补充。",
        "Complete every shaded 【请补充】 in the report before it is final.",
    ),
    "report_ok": ("报告与自评表未发现不一致。", "Report and table agree."),
}


def say(key: str, lang: Lang = "zh", **values: str) -> str:
    return SENTENCES[key][0 if lang == "zh" else 1].format(**values)
