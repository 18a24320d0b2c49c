"""Why a workbook cannot be changed, (Chinese, English)."""

from __future__ import annotations

from xltools.messages.interface import Words

UNPATCHABLE: dict[str, Words] = {
    "not_a_package": (
        "只能改写 .xlsx、.xlsm 文件，请先在 Excel 或 WPS 中另存为 .xlsx。",
        "Only .xlsx and .xlsm files can be changed; save the workbook as .xlsx first.",
    ),
    "signed": (
        "文件带有数字签名，直接改写会使签名失效，请用 -o 另存为副本。",
        "The workbook is digitally signed and a change would void the signature; write a copy with -o.",
    ),
    "other_ending": (
        "该文件填好后仍须以 {ending} 结尾，不能写成“{path}”。",
        "The filled workbook must keep the ending {ending}, unlike {path}.",
    ),
    "no_sheet": ("工作簿中没有工作表“{sheet}”。", "The workbook has no sheet {sheet}."),
    "covered": (
        "单元格 {cell} 在合并区域 {range} 之内，不能写入。",
        "{cell} lies inside the merged range {range} and cannot be written.",
    ),
    "array": (
        "单元格 {cell} 属于数组公式区域 {range}，不能单独改写。",
        "{cell} belongs to the array formula {range} and cannot be changed alone.",
    ),
}
