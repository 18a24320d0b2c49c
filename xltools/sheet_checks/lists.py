"""The 选项 sheet: what the drop-downs offer and what the checks look words up in."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from xltools.messages.interface import COMPARATORS, LEVEL1, NATURES, TIERS
from xltools.model import HELPERS, Level1, column_letters
from xltools.vocabulary import Lookup, vocabulary

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET = HELPERS.lists
UNITS = (
    "个",
    "次",
    "项",
    "件",
    "家",
    "人",
    "人次",
    "套",
    "台",
    "处",
    "份",
    "%",
    "万元",
    "元",
    "天",
    "小时",
    "平方米",
    "公里",
)
LEVEL2_FAMILIES: tuple[Level1, ...] = ("output", "benefit", "satisfaction", "cost")
_OFFERED = {
    "output": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "benefit": ("经济效益", "社会效益", "生态效益", "可持续影响"),
    "satisfaction": ("服务对象满意度",),
    "cost": ("经济成本指标", "社会成本指标", "生态环境成本指标"),
}


class Column(NamedTuple):
    """One list: what the sheet says above it, the defined name, the words."""

    head: str
    name: str
    words: tuple[str, ...]


def _words(table: Lookup) -> tuple[tuple[str, ...], tuple[str, ...]]:
    labels = table.labels()
    return labels, tuple(table(label) or "" for label in labels)


def _wide(text: str) -> str:
    """The full-width form of a sign, which people type as well."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _dashes() -> tuple[str, ...]:
    known = sorted(vocabulary().not_applicable)
    wide = [w for w in map(_wide, known) if w not in known and unicodedata.normalize("NFKC", w) in known]
    return tuple(known + wide)


def level2_offered(family: Level1, suffix: str) -> tuple[str, ...]:
    """The second-level names to choose from; ``suffix`` 指标 where the layout writes it out."""
    return tuple(word if word.endswith("指标") else word + suffix for word in _OFFERED[family])


def columns(suffix: str) -> tuple[Column, ...]:
    """Every list.  Those in pairs (label, key) stand side by side and are as long as each other."""
    words = vocabulary()
    level1, family = _words(words.level1)
    nature, nature_key = _words(words.nature)
    tier, tier_key = _words(words.tier)
    fund, fund_key = _words(words.fund_row)
    signs = words.signs
    level2 = sorted(words.level2)
    return (
        Column("一级指标", "offer_level1", tuple(LEVEL1[each][0] for each in LEVEL2_FAMILIES)),
        *(
            Column(f"{LEVEL1[each][0]}的二级指标", f"offer_{each}", level2_offered(each, suffix))
            for each in LEVEL2_FAMILIES
        ),
        Column("指标性质", "offer_nature", tuple(words_[0] for words_ in NATURES.values())),
        Column("指标方向", "offer_direction", tuple(words_[0] for words_ in COMPARATORS.values())),
        Column("计量单位", "offer_unit", UNITS),
        Column("定性指标完成值", "offer_tier", tuple(words_[0] for words_ in TIERS.values())),
        Column("视为没有填写", "dash", _dashes()),
        Column("一级指标写法", "level1", level1),
        Column("类别", "level1_key", family),
        Column("性质写法", "nature", nature),
        Column("类别", "nature_key", nature_key),
        Column("方向写法", "sign", tuple(label for label, _ in signs)),
        Column("类别", "sign_key", tuple(key for _, key in signs)),
        Column("档次写法", "tier", tier),
        Column("类别", "tier_key", tier_key),
        Column("二级指标写法", "level2", tuple(level2)),
        Column("可归属", "level2_key", tuple("|".join(sorted(words.level2[each])) for each in level2)),
        Column("资金来源写法", "fund", fund),
        Column("类别", "fund_key", fund_key),
        Column("百分比写法", "percent", tuple(sorted(words.percent_units))),
        Column("比率用词", "bounded", words.bounded_percent),
        Column("幅度用词", "unbounded", words.unbounded_percent),
        Column("资金说明用词", "money_words", words.fund_reasons),
        Column("原因用词", "causes", _causes()),
        Column("填写提示用词", "hints", _hints()),
    )


def _causes() -> tuple[str, ...]:
    from xltools.rules.funds import _CAUSES

    return _CAUSES


def _hints() -> tuple[str, ...]:
    from xltools.rules.structure import _hints as hints

    return tuple(hints())


def name(key: str) -> str:
    """The defined name of a list."""
    return f"xltools_{key}"


def write_lists(book: Workbook, sheet: Worksheet, suffix: str) -> None:
    """Write the lists and name them."""
    bold = book.add_format({"bold": True})
    for at, (head, key, words) in enumerate(columns(suffix)):
        sheet.write_string(0, at, head, bold)
        for row, word in enumerate(words, start=1):
            sheet.write_string(row, at, word)
        letters = column_letters(at + 1)
        book.define_name(name(key), f"={SHEET}!${letters}$2:${letters}${len(words) + 1}")
    sheet.set_column(0, len(columns(suffix)) - 1, 16)
    sheet.freeze_panes(1, 0)


# --- looking words up -----------------------------------------------------------------------------


def key_of(cell: str, key: str) -> str:
    """The family a word stands for, "" where it is in no list."""
    return f'IFERROR(INDEX({name(key + "_key")},MATCH({cell},{name(key)},0)),"")'


def mentions(cell: str, key: str) -> str:
    """Whether a text holds one of the words of a list."""
    return f"SUMPRODUCT(ISNUMBER(FIND({name(key)},{cell}))*1)>0"
