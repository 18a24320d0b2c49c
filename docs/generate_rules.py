"""Write one page a rule, and their index, into ``docs/rules/``.

    python docs/generate_rules.py

The pages come from the docstring of the rule, its messages and the catalogue; a test fails while
they are not up to date.
"""

from __future__ import annotations

from pathlib import Path

from xltools.messages.findings import MESSAGES, Message
from xltools.messages.interface import SEVERITIES
from xltools.rulebook import RuleInfo, catalogue

FOLDER = Path(__file__).parent / "rules"
FAMILIES = {
    "STR": "表格结构",
    "FUN": "项目资金",
    "GOA": "总体目标",
    "IND": "绩效指标",
    "WGT": "分值",
    "SCO": "得分与总分",
    "DEV": "偏差原因",
    "RPT": "报告与自评表核对",
    "CON": "汇总",
}
# Where a variant is graver or less grave than its rule.
GRAVER = {"IND-18": "（仍给分的为错误）", "IND-06": "（没有指标性质、指标方向两栏的为无法判定）"}


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "“指标”" if key == "names" else "……"


def _wordings(code: str) -> list[Message]:
    return [words for key, words in MESSAGES.items() if key == code or key.startswith(f"{code}/")]


def _zh(text: tuple[str, str]) -> str:
    return text[0].format_map(_Blanks())


def _message_lines(code: str) -> list[str]:
    wordings = _wordings(code)
    also = [f"- （另注）{_zh(text)}" for _, text in wordings[0].also]
    return [*(f"- {_zh(words.what)}" for words in wordings), *also]


def _hint_lines(code: str) -> list[str]:
    return [f"- {hint}" for hint in dict.fromkeys(_zh(words.hint) for words in _wordings(code))]


def page(info: RuleInfo) -> str:
    severity = SEVERITIES[info.severity][0] + GRAVER.get(info.code, "")
    lines = [
        f"# {info.code} {info.title[0]}",
        "",
        f"级别：{severity}　自 {info.since} 版起　{info.title[1]}",
        "",
        "## 检查什么",
        "",
        info.what,
        "",
        "## 为什么",
        "",
        info.why,
        "",
        "## 举例",
        "",
        info.example,
        "",
        "## 提示文字",
        "",
        *_message_lines(info.code),
        "",
        "## 怎么改",
        "",
        *_hint_lines(info.code),
        "",
        "## 依据",
        "",
        info.basis,
        "",
        "---",
        "",
        "[全部规则](README.md)　本页由 `docs/generate_rules.py` 生成，请勿手改。",
    ]
    return "\n".join(lines) + "\n"


def index(infos: tuple[RuleInfo, ...]) -> str:
    lines = [
        "# 校验规则",
        "",
        f"共 {len(infos)} 条。级别：错误须改正；警告、提示请核对；无法判定的由填报人或审核人确认。",
        "同一类问题出现在多处时，合为一条，列出全部单元格。数值界限和允许误差见所用的评分口径。",
    ]
    for family, name in FAMILIES.items():
        lines += ["", f"## {family} {name}", "", "| 规则 | 名称 | 级别 |", "| --- | --- | --- |"]
        for info in infos:
            if info.family == family:
                severity = SEVERITIES[info.severity][0] + GRAVER.get(info.code, "")
                lines.append(f"| [{info.code}]({info.code}.md) | {info.title[0]} | {severity} |")
    lines += ["", "本页由 `docs/generate_rules.py` 生成，请勿手改。"]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """File name -> text, of every page."""
    infos = catalogue()
    return {"README.md": index(infos), **{f"{info.code}.md": page(info) for info in infos}}


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(exist_ok=True)
    wanted = pages()
    for old in folder.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    write()
