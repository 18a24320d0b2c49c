"""Write ``docs/cli.md``, the reference of the command line, from the application itself.

    python docs/generate_cli.py

A test fails while the page is not up to date.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

from typer.models import ArgumentInfo

from xltools.app import app

PAGE = Path(__file__).parent / "cli.md"

USED = {
    "new": (
        'xltools new 自评表.xlsx --year 2024 --project 公共资源交易工作运行费用 --unit "示例分中心"',
        "0 已生成；2 未能生成（如文件已存在）",
    ),
    "validate": (
        "xltools validate 报送 --annotate 退回",
        "0 没有错误；1 有错误，或有文件未能读取；2 未能运行",
    ),
    "fill": ("xltools fill 自评表.xlsx -o 已填公式.xlsx", "0 全部填好；2 有文件未能填写"),
    "extract": ("xltools extract 报送 --format csv -o 数据.csv", "0 已输出；2 未能运行"),
    "merge": (
        "xltools merge 报送 -o 汇总.xlsx --returns 退回",
        "0 已汇总，没有错误；1 已汇总，但有错误或有文件未计入；2 未生成",
    ),
    "report": (
        "xltools report 自评表.xlsx -o 评价报告.docx\n    xltools report --check 评价报告.docx 自评表.xlsx",
        "0 没有错误；1 有错误（生成时指自评表有错误，报告仍然生成）；2 未能运行",
    ),
    "rules": ("xltools rules SCO-03", "0 已列出；2 没有这条规则"),
    "buttons add": ("xltools buttons add 自评表.xlsx", "0 已生成；2 未能生成"),
    "buttons strip": ("xltools buttons strip 自评表.xlsm", "0 已生成；2 未能生成"),
    "excel install": ("xltools excel install", "0 已安装，或说明为何不能；2 未安装"),
    "excel uninstall": ("xltools excel uninstall", "0 已移除；2 未能移除"),
    "doctor": ("xltools doctor 自评表.xlsm", "0 条件具备；1 有缺；2 未能运行"),
}

HEAD = """\
# 命令行参考

    xltools 命令 [选项]

- 数据写到标准输出，进度和提示写到标准错误，两者可以分开保存。
- 退出码：0 没有问题；1 已完成，但发现错误或有文件未计入；2 未能运行。各命令的具体含义见下。
- 输出文件先写在同一文件夹的临时文件里，写完再改名；中断（Ctrl+C）或出错时，原有文件不变。
- 读取文件夹时跳过临时文件（`~$` 开头）、隐藏文件、非表格文件、本工具生成的汇总和备份，并逐个说明。
- `--lang en` 把提示文字换成英文；规则编号和数据的键不变。汇总工作簿、未计入的原因为中文。
- 控制台不是 UTF-8（如中文 Windows 的 GBK）时，显示不了的字符以 `?` 代替，JSON 改用转义写出，内容不变。

本页由 `docs/generate_cli.py` 生成，请勿手改。
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _plain_type(annotation: Any) -> Any:
    """``list[Path]`` -> Path, ``int | None`` -> int."""
    return next((each for each in typing.get_args(annotation) if each is not type(None)), annotation)


def _choices(annotation: Any, info: Any) -> str:
    kind = _plain_type(annotation)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "、".join(str(choice.value) for choice in kind)
    low, high = getattr(info, "min", None), getattr(info, "max", None)
    if low is not None and high is not None:
        return f"{low} 至 {high}"
    return f"不小于 {low}" if low is not None else ""


def _default(value: Any) -> str:
    if value is inspect.Parameter.empty or value in (None, False, ""):
        return ""
    return str(value.value if isinstance(value, Enum) else value)


def _row(parameter: inspect.Parameter, hint: Any) -> str:
    annotation, info = typing.get_args(hint)[:2]
    required = parameter.default is inspect.Parameter.empty
    if isinstance(info, ArgumentInfo):
        many = typing.get_origin(annotation) is list
        name = f"{parameter.name}{'…' if many else ''}{'' if required else '（可省略）'}"
    else:
        declared = [each for each in (info.default, *(info.param_decls or ())) if str(each).startswith("-")]
        declared = declared or [f"--{parameter.name.replace('_', '-')}"]
        name = "、".join(f"`{each}`" for each in declared) + ("（必填）" if required else "")
    help_text = (info.help or "").replace("|", "\\|")
    return f"| {name} | {help_text} | {_choices(annotation, info)} | {_default(parameter.default)} |"


def _rows(command: Callable[..., Any]) -> list[str]:
    hints = typing.get_type_hints(command, include_extras=True)
    parameters = inspect.signature(command).parameters.values()
    return [
        "| 参数 | 说明 | 可取 | 默认 |",
        "| --- | --- | --- | --- |",
        *(_row(parameter, hints[parameter.name]) for parameter in parameters),
    ]


def _commands() -> dict[str, Callable[..., Any]]:
    """Name as typed -> function, those of groups included."""
    found = {info.callback.__name__: info.callback for info in app.registered_commands if info.callback}
    for group in app.registered_groups:
        inner = group.typer_instance
        if inner is None:
            continue
        if inner.registered_callback and inner.registered_callback.callback:
            found[str(group.name)] = inner.registered_callback.callback
        for info in inner.registered_commands:
            if info.callback:
                found[f"{group.name} {info.name or info.callback.__name__}"] = info.callback
    return found


def text() -> str:
    commands = _commands()
    lines = [HEAD, "| 命令 | 用途 |", "| --- | --- |"]
    for name, command in commands.items():
        lines.append(f"| [{name}](#{name.replace(' ', '-')}) | {inspect.getdoc(command)} |")
    for name, command in commands.items():
        example, codes = USED[name]
        lines += ["", f"## {name}", "", inspect.getdoc(command) or "", "", f"    {example}", ""]
        lines += [*_rows(command), "", f"退出码：{codes}。"]
    return "\n".join(lines) + "\n"


def write() -> None:
    PAGE.write_text(text(), "utf-8", newline="\n")


if __name__ == "__main__":
    write()
