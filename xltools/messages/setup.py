"""What installation and check-up of the Excel buttons say, (Chinese, English)."""

from __future__ import annotations

from xltools.messages.interface import Lang, Words

SENTENCES: dict[str, Words] = {
    "plan": ("将做两件事：", "Two things will be done:"),
    "plan_settings": (
        "  1. 在 {path} 中记下 Python 的位置：{interpreter}",
        "  1. {path} will hold where Python is: {interpreter}",
    ),
    "plan_addin": (
        "  2. 把加载项放到 {path}，Excel 每次启动时打开它，功能区出现“绩效自评”。",
        "  2. The add-in goes to {path}; Excel opens it at every start and shows the tab 绩效自评.",
    ),
    "plan_no_xlwings": (
        '  注意：这个 Python 中没有 xlwings，按钮不能工作。请先运行：pip install "xltools[excel]"',
        '  Note: this Python has no xlwings; the buttons will not work. Run: pip install "xltools[excel]"',
    ),
    "not_windows": (
        "这不是 Windows，以上只是说明，没有改动任何文件。其他系统请用 xltools-gui 窗口或命令行，功能相同。",
        "This is not Windows: nothing was changed. Use xltools-gui or the command line instead.",
    ),
    "go_ahead": ("现在安装吗？", "Install now?"),
    "done_settings": ("已写入 {path}", "wrote {path}"),
    "done_addin": ("已放置 {path}", "placed {path}"),
    "addin_open": (
        "{path} 正被使用，未能更新。请关闭所有 Excel 窗口，再运行一次。",
        "{path} is in use; close every Excel window and run this again.",
    ),
    "next": (
        "请重新打开 Excel，功能区应出现“绩效自评”。没有出现时运行 xltools doctor。",
        "Restart Excel; the tab 绩效自评 should appear. If not, run xltools doctor.",
    ),
    "removed": ("已移除 {path}", "removed {path}"),
    "was_absent": ("{path} 本来就不在", "{path} was not there"),
    # the check-up
    "ok": ("正常", "ok"),
    "note": ("注意", "note"),
    "bad": ("需处理", "to fix"),
    "system": ("系统", "system"),
    "system_windows": ("{name}，{bits} 位 Python", "{name}, {bits}-bit Python"),
    "system_other": (
        "{name}：按钮只用于 Windows 版 Excel。",
        "{name}: the buttons need Excel for Windows.",
    ),
    "do_system_other": (
        "请用 xltools-gui 窗口或命令行，功能相同。",
        "Use xltools-gui or the command line.",
    ),
    "python": ("Python", "Python"),
    "python_is": ("{version}，{path}", "{version}, {path}"),
    "python_old": ("{version}，需要 3.11 或更新", "{version}; 3.11 or newer is needed"),
    "do_python_old": (
        "请安装 Python 3.11 或更新版本，再重新安装 xltools。",
        "Install Python 3.11 or newer and xltools into it.",
    ),
    "xlwings": ("xlwings", "xlwings"),
    "xlwings_is": ("{version}", "{version}"),
    "xlwings_missing": ("没有安装，或被杀毒软件隔离", "not installed, or quarantined by antivirus software"),
    "do_xlwings_missing": (
        '运行 pip install "xltools[excel]"；若装好又消失，请在杀毒软件的隔离区恢复并加入信任。',
        'Run pip install "xltools[excel]"; if it disappears again, restore it from quarantine and trust it.',
    ),
    "xlwings_old": ("{version}，未验证过这个版本", "{version}, which was not tried"),
    "do_xlwings_old": (
        '按钮不正常时运行 pip install -U "xltools[excel]"。',
        'If buttons fail, run pip install -U "xltools[excel]".',
    ),
    "settings": ("设置文件", "settings"),
    "settings_is": ("{path} → {interpreter}", "{path} -> {interpreter}"),
    "settings_missing": ("没有 {path}", "{path} is missing"),
    "settings_broken": (
        "{path} 中的 Python 不存在：{interpreter}",
        "{path} names a Python that is not there: {interpreter}",
    ),
    "settings_other": (
        "{path} 指向另一个 Python：{interpreter}",
        "{path} names another Python: {interpreter}",
    ),
    "do_settings": ("运行 xltools excel install。", "Run xltools excel install."),
    "addin": ("加载项", "add-in"),
    "addin_is": ("{path}", "{path}"),
    "addin_missing": (
        "没有 {path}（只用表内按钮时不需要）",
        "{path} is missing (not needed for buttons in the form)",
    ),
    "addin_old": ("{path} 与当前版本不同", "{path} is of another version"),
    "do_addin": (
        "运行 xltools excel install，再重新打开 Excel。",
        "Run xltools excel install, then restart Excel.",
    ),
    "marked": ("来自网络的标记", "mark of the web"),
    "marked_none": ("{path} 没有标记", "{path} carries none"),
    "marked_is": (
        "{path} 带有“来自网络”的标记，Excel 会直接禁用其中的宏",
        "{path} is marked as coming from the web; Excel blocks its macros",
    ),
    "do_marked": (
        "在文件上点右键→属性→勾选“解除锁定”→确定；或用 xltools buttons add 在本机重新生成。",
        "Right-click → Properties → Unblock; or make it anew with xltools buttons add.",
    ),
    "macros": ("宏设置", "macro settings"),
    "macros_is": ("Excel {version}：{meaning}", "Excel {version}: {meaning}"),
    "macros_unknown": ("Excel {version}：默认（打开时询问）", "Excel {version}: default (asks)"),
    "macros_none": ("没有找到 Excel 的设置", "no settings of Excel were found"),
    "macros_1": ("启用所有宏", "all macros run"),
    "macros_2": ("禁用，打开时询问", "asks"),
    "macros_3": ("只允许有数字签名的宏", "signed macros only"),
    "macros_4": ("全部禁用，不询问", "all blocked"),
    "do_macros": (
        "文件→选项→信任中心→信任中心设置→宏设置→“禁用 VBA 宏，并发出通知”；选项为灰色时由单位统一管理，请找信息人员，或用 xltools-gui。",
        "File → Options → Trust Center → Macro Settings → disable with notification; if greyed out, ask IT or use xltools-gui.",
    ),
    "excel": ("Excel", "Excel"),
    "excel_is": ("{program}", "{program}"),
    "excel_missing": ("没有找到 Microsoft Excel", "Microsoft Excel was not found"),
    "excel_wps": (
        "WPS 接管了 Excel 的登记（{program}）",
        "WPS has taken over the registration of Excel ({program})",
    ),
    "do_excel_wps": (
        "WPS 配置工具→高级→兼容设置，取消“与第三方系统和软件兼容”，再修复 Microsoft Office；没有 Office 时请用 xltools-gui。",
        "In the WPS configuration tool turn off compatibility with third-party software and repair Office; without Office use xltools-gui.",
    ),
    "do_excel_missing": ("请用 xltools-gui 窗口或命令行。", "Use xltools-gui or the command line."),
    "command": ("命令解释器", "command interpreter"),
    "command_ok": ("可用", "available"),
    "command_blocked": ("cmd.exe 被策略禁用", "cmd.exe is blocked by policy"),
    "do_command": (
        "按钮要用它启动 Python，请找信息人员，或用 xltools-gui。",
        "The buttons need it to start Python; ask IT, or use xltools-gui.",
    ),
    "log": ("最近的错误记录", "failures logged"),
    "log_none": ("没有", "none"),
    "log_is": ("{path}", "{path}"),
}


def say(key: str, lang: Lang = "zh", **values: str) -> str:
    return SENTENCES[key][0 if lang == "zh" else 1].format(**values)
