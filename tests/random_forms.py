"""Filled forms at random, as clerks fill them: right, half done, and wrong in every way a sheet can see."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from xltools.form_sheet import Content, FormContent, FundRow, IndicatorRow
from xltools.profiles import load_profile
from xltools.template import PROFILES, blank, with_formulas

LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益", "社会效益", "生态效益", "可持续影响"),
    "满意度指标": ("服务对象满意度",),
    "成本指标": ("经济成本指标", "社会成本指标"),
}
TIERS = ("达成年度指标", "部分达成年度指标并具有一定效果", "未达成年度指标且效果较差")
NAMES = (
    "开展巡检次数",
    "系统故障修复率",
    "使用单位满意度",
    "服务投诉率",
    "单次巡检成本",
    "增长率",
    "长效机制",
)
OUTCOMES = (
    "",
    "  ",
    "全年巡检13次。",
    "因预算调整追加资金。",
    "保障系统平稳运行。",
    "完成情况良好（100字以内）",
)


def _mostly(rng: random.Random, usual: object, *others: object, share: float = 0.85) -> object:
    return usual if rng.random() < share else rng.choice(others)


def _amount(rng: random.Random) -> Content:
    usual = Decimal(rng.randrange(0, 4000)) / rng.choice((1, 10, 100))
    return _mostly(rng, usual, None, Decimal(0), "—", "2000万元左右", Decimal(-5))  # type: ignore[return-value]


def _source(rng: random.Random, label: str) -> FundRow:
    if rng.random() < 0.08:
        return FundRow(label, Decimal(0), Decimal(0), Decimal(0), "—", rng.choice((None, Decimal(0))), "—")
    initial, annual = _amount(rng), _amount(rng)
    if rng.random() < 0.7:
        annual = initial
    executed = annual if rng.random() < 0.5 else _amount(rng)
    return FundRow(label, initial, annual, executed, "—", None, "—")


def _funds(rng: random.Random, layout: str) -> tuple[FundRow, ...]:
    labels = [line.label for line in blank(layout).funds[1:]]
    stated: list[Content] = [None, None, None]
    if rng.random() < 0.3:
        stated[rng.randrange(3)] = _amount(rng)
    weight = _mostly(rng, Decimal(10), Decimal(20), "—", share=0.95)
    rate = _mostly(rng, None, Decimal(100), Decimal("86.18"), "—")
    score = _mostly(rng, None, Decimal(10), Decimal(12), Decimal("8.62"))
    total = FundRow("年度资金总额", *stated, weight, rate, score)  # type: ignore[arg-type]
    sources = [_source(rng, label) for label in labels]
    if rng.random() < 0.06:
        sources = [
            line._replace(annual_budget=None, executed=rng.choice((None, Decimal(0)))) for line in sources
        ]
    return (total, *sources)


def _row(rng: random.Random, levels: tuple[str, str], weight: Decimal, national: bool) -> IndicatorRow:
    if rng.random() < 0.12:
        return IndicatorRow(*levels)
    qualitative = rng.random() < 0.25
    if national:
        kind = way = unit = ""
    elif qualitative:
        kind, way, unit = "定性", _mostly(rng, "", "等于"), _mostly(rng, "", "次")
    else:
        kind = _mostly(rng, rng.choice(("正向", "正向", "反向")), "", "反向指标")
        fitting = ("小于等于", "小于") if str(kind).startswith("反") else ("大于等于", "等于", "大于")
        way = _mostly(rng, rng.choice(fitting), "", "小于等于", "大于等于", "等于")
        unit = _mostly(rng, rng.choice(("次", "%", "元")), "", "—")
    target, actual = _numbers(rng, qualitative)
    stated = _mostly(rng, weight, None, Decimal(0), Decimal(-1), "十分", share=0.93)
    return IndicatorRow(
        *levels,
        _mostly(rng, rng.choice(NAMES), "", "请填写指标名称", share=0.95),  # type: ignore[arg-type]
        kind,  # type: ignore[arg-type]
        way,  # type: ignore[arg-type]
        target,
        actual,
        unit,  # type: ignore[arg-type]
        stated,  # type: ignore[arg-type]
        _score(rng, stated, target, actual),
        rng.choice(("", "", "", "个别单位未按期完成；已增设值班。", "预算追加后任务增加。")),
    )


def _numbers(rng: random.Random, qualitative: bool) -> tuple[Content, Content]:
    if qualitative:
        target = _mostly(rng, rng.choice(("及时", "健全")), None, Decimal(100), "—")
        actual = _mostly(rng, rng.choice(TIERS), None, Decimal(100), "完善机制", "—")
        return target, actual  # type: ignore[return-value]
    target = _mostly(rng, Decimal(rng.randrange(1, 130)), Decimal(0), None, "及时", Decimal(-3), "—")
    near = [Decimal(0), Decimal(rng.randrange(0, 200)), Decimal("12.5")]
    if isinstance(target, Decimal):
        near += [target, target, target + 1, target * 2, target * Decimal("0.9"), target * Decimal("1.25")]
    usual = min(rng.choice(near), Decimal(200))  # beyond, the reader suspects a sign that was lost
    return target, _mostly(rng, usual, None, "完成", "—", Decimal(-1), share=0.92)  # type: ignore[return-value]


def _score(rng: random.Random, weight: object, target: Content, actual: Content) -> Content:
    if not isinstance(weight, Decimal) or rng.random() < 0.06:
        return rng.choice((None, Decimal(5), "—", "满分"))
    choices = [weight, weight, weight, Decimal(0), weight + 1, weight * Decimal("0.7")]
    if isinstance(target, Decimal) and isinstance(actual, Decimal) and target > 0:
        share = actual / target * weight
        choices += [share.quantize(Decimal("0.01"))] * 3
    return rng.choice(choices)


def random_form(rng: random.Random, layout: str = "nmg-12", rows: int | None = None) -> FormContent:
    """A form with its formulas in place; ``rows`` indicators, else 3 to 9."""
    national = layout == "mof-std"
    kinds = [
        (one, two)
        for one, names in LEVELS.items()
        for two in names
        if one != "成本指标" or rng.random() < 0.1
    ]
    count = rows or rng.randrange(3, 10)
    chosen = sorted(rng.choices(kinds, k=count), key=lambda pair: list(LEVELS).index(pair[0]))
    if rng.random() < 0.1:
        chosen[-1] = (chosen[-1][0], "服务对象满意度" if chosen[-1][0] != "满意度指标" else "数量指标")
    shares = _shares(rng, count)
    goal = _mostly(rng, "保障系统平稳运行。", "", "—", share=0.9)
    content = FormContent(
        layout,  # type: ignore[arg-type]
        rng.choice((2023, 2024, None)),
        _funds(rng, layout),
        tuple(_row(rng, pair, share, national) for pair, share in zip(chosen, shares, strict=True)),
        project_name=str(_mostly(rng, "系统运行维护", "", " ")),
        supervising_department=str(_mostly(rng, "示例局", "")),
        implementing_unit=str(_mostly(rng, "示例中心", "")),
        goal_expected=str(goal),
        goal_actual=rng.choice(OUTCOMES),
    )
    if rng.random() < 0.1:
        content = replace(content, indicators=tuple(map(_flattering, content.indicators)))
    typed = rng.random() < 0.15
    content = with_formulas(content, load_profile(PROFILES[content.layout]), blank=True)
    if typed:
        content = replace(
            content, total_score=Decimal(rng.randrange(60, 101)), total_weight=Decimal(rng.choice((95, 100)))
        )
    return content


def _flattering(row: IndicatorRow) -> IndicatorRow:
    """Every target met to the digit, every point given, no reason for anything."""
    if isinstance(row.target, Decimal):
        row = row._replace(actual=row.target)
    return row._replace(score=row.weight, deviation="")


def _shares(rng: random.Random, count: int) -> list[Decimal]:
    """Weights that make 90, or nearly."""
    if rng.random() < 0.5:
        whole = [Decimal(90 // count)] * count
        whole[0] += 90 - sum(whole)
        return whole
    return [Decimal(rng.randrange(2, 20)) / rng.choice((1, 2)) for _ in range(count)]
