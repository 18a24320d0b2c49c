"""What the buttons are called: the shapes on the form and the ribbon tab take it from here."""

from __future__ import annotations

from typing import NamedTuple


class Button(NamedTuple):
    """entry: the function of ``xltools.buttons``, also the macro's name after ``xltools_``."""

    entry: str
    caption: str
    tip: str
    picture: str

    @property
    def macro(self) -> str:
        return f"xltools_{self.entry}"


BUTTONS = (
    Button(
        "validate",
        "校验",
        "检查当前工作簿中的自评表：标出单元格，列出“问题”表。不改动填报内容，再按一次先清除旧标记。",
        "AcceptInvitation",
    ),
    Button(
        "fill", "填公式", "写入执行率、预算执行得分、资金合计、总分的公式，录入的内容不动。", "FunctionWizard"
    ),
    Button("merge", "合并文件夹", "选择装有各单位自评表的文件夹，生成并打开一个汇总工作簿。", "TableInsert"),
    Button("report", "核对报告", "选择评价报告（.docx），核对与当前自评表是否一致。", "FindDialog"),
    Button(
        "write_report",
        "生成报告",
        "由当前自评表生成七个部分的绩效自评报告（.docx）：先问存到哪里，已有的文件不覆盖，完成后打开。",
        "FileSaveAs",
    ),
    Button("undo", "撤销", "撤销上一次“填公式”，或清除“校验”的标记和“问题”表。", "Undo"),
)

TEXTS = {
    "xltools_text_setup": (
        "还没有为按钮设置 Python。装有 xltools 的电脑请运行一次 xltools excel install"
        "（见《安装说明》第二步），然后再按按钮。"
        "没有装 xltools 的电脑，表格照常填写，按钮不用理会。"
    ),
    "xltools_text_failed": (
        "按钮没有能启动 Python，表格没有改动。请在“命令提示符”中运行 xltools doctor，按提示处理。详细信息："
    ),
    "xltools_text_nobook": "请先打开要处理的自评表，再按按钮。",
    "xltools_text_mac": "按钮只用于 Windows 版 Excel。在 Mac 上请用 xltools-gui 窗口或命令行，功能相同。",
}
"""Sentences the macros show before Python runs, by the hidden name that holds each (≤ 255 characters)."""
