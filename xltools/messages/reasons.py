"""Why a file could not be opened, in the words of the person who sends or collects it.

Every sentence says what the file is and what to do about it.
"""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]

REASONS: dict[str, tuple[str, str]] = {
    "empty": (
        "文件是空的（0 字节），请重新保存后再报送。",
        "The file is empty; save it again and resend it.",
    ),
    "lock_file": (
        "这是表格打开时产生的临时文件，不是自评表，请关闭表格后报送原文件。",
        "This is a temporary file left by an open workbook; close it and send the workbook itself.",
    ),
    "missing": (
        "找不到文件，可能已被移动、改名或删除，请核对路径。",
        "The file cannot be found; it may have been moved, renamed or deleted. Check the path.",
    ),
    "no_access": (
        "没有权限读取文件，或文件正被他人打开，请关闭该文件或取得权限后再试。",
        "The file may not be read, or somebody has it open; close it or ask for access, then try again.",
    ),
    "not_a_file": (
        "这是文件夹或设备，不是文件，请指定表格文件。",
        "This is a folder or a device, not a file; name the workbook itself.",
    ),
    "disk_error": (
        "读取文件时磁盘或网络出错，请把文件复制到本机后再试。",
        "The disk or the network failed while reading; copy the file to this computer and try again.",
    ),
    "password": (
        "文件设有打开密码，请在 Excel 或 WPS 中取消密码后重新报送。",
        "The file has a password; remove it in Excel or WPS and resend the file.",
    ),
    "rights": (
        "文件设有权限管理（IRM），无法读取，请取消限制后重新报送。",
        "The file is under rights management; lift the restriction and resend it.",
    ),
    "enterprise_encrypted": (
        "文件被单位的加密软件加密，请解密（外发）后重新报送。",
        "The file is encrypted by office security software; export it decrypted and resend it.",
    ),
    "damaged": (
        "文件已损坏或传输不完整，请在 Excel 或 WPS 中打开并另存为 .xlsx 后重新报送。",
        "The file is damaged or incomplete; open it in Excel or WPS, save it as .xlsx and resend it.",
    ),
    "too_large": (
        "文件内容过大，超出自评表的合理范围，请删除多余的行列、图片或工作表后重新报送。",
        "The file holds far more than a form can; delete surplus rows, pictures or sheets and resend it.",
    ),
    "bomb": (
        "文件压缩比异常，为安全起见未打开，请在 Excel 或 WPS 中另存为 .xlsx 后重新报送。",
        "The file is compressed beyond anything real and was not opened; save it anew as .xlsx and resend it.",
    ),
    "unsafe": (
        "文件内部结构异常，为安全起见未打开，请在 Excel 或 WPS 中另存为 .xlsx 后重新报送。",
        "The file is built in an unsafe way and was not opened; save it anew as .xlsx and resend it.",
    ),
    "no_workbook": (
        "文件里没有工作簿内容，请在 Excel 或 WPS 中打开并另存为 .xlsx 后重新报送。",
        "The file contains no workbook; open it in Excel or WPS, save it as .xlsx and resend it.",
    ),
    "no_sheets": (
        "工作簿里没有普通工作表，请核对是否发错文件。",
        "The workbook has no worksheet; check that it is the right file.",
    ),
    "other_spreadsheet": (
        "这是其他软件的表格格式，请另存为 .xlsx 后重新报送。",
        "This is another program's spreadsheet format; save it as .xlsx and resend it.",
    ),
    "html": (
        "这是网页文件，其中没有表格，请在 Excel 中打开并另存为 .xlsx 后重新报送。",
        "This is a web page without a table; open it in Excel, save it as .xlsx and resend it.",
    ),
    "text": (
        "这是文本文件，其中没有表格，请在 Excel 中打开并另存为 .xlsx 后重新报送。",
        "This is a text file without a table; open it in Excel, save it as .xlsx and resend it.",
    ),
    "word": (
        "这是文字文档，其中没有可读取的表格；旧式 .doc 请另存为 .docx，或把自评表填在 Excel 表中报送。",
        "This is a word-processing document without a table that can be read; save an old .doc as .docx, or use Excel.",
    ),
    "presentation": (
        "这是演示文稿，不是表格，请核对是否发错文件。",
        "This is a presentation, not a workbook; check that it is the right file.",
    ),
    "pdf": (
        "这是 PDF 文件，无法读取表格，请报送 Excel 原件。",
        "This is a PDF, from which no table is read; send the Excel original.",
    ),
    "ofd": (
        "这是 OFD 版式文件，无法读取表格，请报送 Excel 原件。",
        "This is an OFD document, from which no table is read; send the Excel original.",
    ),
    "image": (
        "这是图片，无法读取表格，请报送 Excel 原件。",
        "This is a picture, from which no table is read; send the Excel original.",
    ),
    "archive": (
        "这是压缩包，不是表格，请解压后报送里面的表格文件。",
        "This is an archive, not a workbook; unpack it and send the workbook inside.",
    ),
    "other_document": (
        "这是其他类型的办公文档，不是表格，请核对是否发错文件。",
        "This is another kind of office document, not a workbook; check that it is the right file.",
    ),
    "ole_other": (
        "文件是旧式 Office 文件但不含工作簿，请核对是否发错文件，或另存为 .xlsx 后重新报送。",
        "The file is an old Office file without a workbook; check it is the right one, or save it as .xlsx.",
    ),
    "unknown": (
        "无法识别的文件，不是 Excel 或 WPS 表格，请核对后另存为 .xlsx 重新报送。",
        "The file is not recognised as a workbook; check it, save it as .xlsx and resend it.",
    ),
    "not_a_form": (
        "没有找到自评表（未识别到“一级指标、二级指标、三级指标”等表头），请核对是否发错文件。",
        "No self-evaluation form was found in it (no indicator headings); check that it is the right file.",
    ),
    "crashed": (
        "读取该文件时程序异常退出，已跳过，其余文件不受影响；请把文件另存为 .xlsx 后再试。",
        "Reading this file made the program stop; it was passed over, the others are not affected.",
    ),
    "hidden_file": (
        "隐藏文件，未读取。",
        "A hidden file; not read.",
    ),
    "word_without_form": (
        "Word 文档中没有自评表，未读取。",
        "A Word document without a self-evaluation form; not read.",
    ),
    "word_copy": (
        "Word 文档中的自评表与报送的工作簿是同一项目，以工作簿为准，本文件不重复计入。",
        "The form in this Word document was also sent as a workbook, which counts.",
    ),
    "own_output": (
        "这是本工具生成的汇总文件，不作为报送表读取。",
        "This is a workbook that this tool made; it is not read as a return.",
    ),
    "own_backup": (
        "这是填公式时保存的备份，未读取。",
        "A backup that was made before formulas were written; not read.",
    ),
    "own_folder": (
        "本次的退回副本写入此文件夹，其中的文件不作为报送表读取。",
        "The marked copies of this run go into this folder; nothing in it is read as a return.",
    ),
    "subfolder": (
        "子文件夹，未读取；如需包括子文件夹，请加 --recursive。",
        "A sub-folder; not read. Use --recursive to include it.",
    ),
    "other_year": (
        "年度与本次汇总不同，未计入合计。",
        "Of another year than this consolidation; it counts in no total.",
    ),
    "not_a_spreadsheet": (
        "不是表格文件，未读取。",
        "Not a spreadsheet; not read.",
    ),
    "duplicate": (
        "同一单位同一项目重复报送，均未计入合计，请确认保留哪一份，或用 --latest 采用最新的一份；另见。",
        "The same unit sent the same project more than once; none counts. Keep one, or use --latest; see also.",
    ),
    "duplicate_older": (
        "同一单位同一项目重复报送，已采用较新的一份，本文件未计入合计；另见。",
        "The same unit sent the same project more than once; a newer file counts; see also.",
    ),
    "duplicate_copy": (
        "与另一文件内容完全相同，只计入一份，本文件未计入合计；另见。",
        "A copy of another file, which counts once; see also.",
    ),
}


def reason(code: str, lang: Language = "zh", **details: str) -> str:
    """The sentence for a code; details (a part's name, a limit) follow it in brackets.

    Raises KeyError for a code that is not in REASONS.
    """
    sentence = REASONS[code][0 if lang == "zh" else 1]
    if not details:
        return sentence
    listed = ("；" if lang == "zh" else "; ").join(details.values())
    return f"{sentence[:-1]}（{listed}）。" if lang == "zh" else f"{sentence[:-1]} ({listed})."
