"""What the forms of the corpus say: every form another one, all of them possible, drawn from a seed.

Names, targets, weights and texts differ from row to row (the weights of a form add up to 90, and 10 for
the budget).  Forms of one batch came from one template: 8 to 12 indicators, rows mostly as high as they
were issued.  Unlike forms share nothing: 6 to 14 indicators, both official layouts, row heights as they
come, remarks under some, three programs that wrote them.  For a share of the forms, one mess each.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from xltools.form_sheet import Content, FormContent, FormLayout, Formula, FundRow, IndicatorRow
from xltools.quantities import round_half_up
from xltools.scoring import execution_rate, execution_score, positive_score

Writer = Literal["xlsxwriter", "openpyxl", "resaved"]

WRITERS: tuple[Writer, ...] = ("xlsxwriter",) * 7 + ("openpyxl", "resaved", "resaved")
BATCH_WRITERS: tuple[Writer, ...] = ("xlsxwriter",) * 9 + ("resaved",)
LAYOUTS: tuple[FormLayout, ...] = ("nmg-12", "nmg-12", "mof-std")
MESSES = (
    "text_amount",
    "full_width",
    "extra_rows",
    "extra_columns",
    "extra_sheet",
    "phantom_rows",
    "wrong_total",
    "blank_actual",
)
HEIGHTS = (24, 24, 27, 30, 36, 45)
ISSUED = 27
PULLED = 0.05  # rows of a batch somebody pulled to another height
PHANTOMS = (100, 300, 800)
YEAR = 2023
ZERO, TEN = Decimal(0), Decimal(10)

# level 2 -> (name, unit); "<" before the unit: the less the better; no unit: judged, not counted.
NAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "数量指标": (
        *(
            ("完成维护项目数", "个"),
            ("开展业务培训场次", "场"),
            ("检修设备台数", "台"),
            ("走访服务对象户数", "户"),
        ),
        *(
            ("编印宣传资料份数", "份"),
            ("组织专项检查次数", "次"),
            ("受益村组覆盖数", "个"),
            ("巡查河道长度", "公里"),
        ),
    ),
    "质量指标": (
        *(("项目验收合格率", "%"), ("档案资料完整率", "%"), ("系统运行正常率", "%"), ("问题整改到位率", "%")),
        *(("培训考核通过率", "%"), ("数据准确率", "%")),
    ),
    "时效指标": (("任务按期完成率", "%"), ("资金拨付及时率", "%"), ("故障响应及时率", "%")),
    "成本指标": (("单次巡检成本", "<元"), ("项目支出总成本", "<万元"), ("人均培训费用", "<元")),
    "经济效益指标": (("带动就业人数", "人"), ("节约办公用能比例", "%"), ("服务企业户数", "户")),
    "社会效益指标": (
        ("政策知晓率", "%"),
        ("业务一次办结率", "%"),
        ("服务能力提升情况", ""),
        ("惠及群众人数", "人"),
    ),
    "生态效益指标": (("污水处理达标率", "%"), ("辖区环境改善情况", "")),
    "可持续影响指标": (("长效管理机制健全性", ""), ("设施后续管护情况", ""), ("制度持续执行率", "%")),
    "服务对象满意度指标": (("服务对象满意度", "%"), ("参训人员满意度", "%"), ("受益群众满意度", "%")),
}
OUTPUT = ("数量指标", "质量指标", "时效指标", "成本指标", "数量指标", "质量指标", "数量指标", "时效指标")
BENEFIT = ("社会效益指标", "可持续影响指标", "经济效益指标", "生态效益指标")
SERVED = "服务对象满意度指标"
POINTS = {"产出指标": 50, "效益指标": 30, "满意度指标": 10}

TOPICS = ("公共服务运行", "信息系统维护", "基层治理能力提升", "公共设施管护", "人才队伍培训", "公益事业补助")
DEPARTMENTS = ("示例市行政审批局（部门）", "示例市财政局", "示例县农业农村局", "示例市卫生健康委员会")
AIMS = (
    "保障业务系统全年稳定运行。",
    "完善公共设施管护机制，提高使用效率。",
    "提升基层工作人员业务能力，方便群众办事。",
    "按照年度工作计划完成各项任务，确保资金使用规范、安全、有效。",
)
DEEDS = ("全年各项工作按计划完成。", "系统运行平稳，未发生责任事故。", "群众办事更加便利，反映良好。")
CAUSES = ("部分工作顺延至下年完成", "受天气影响施工期缩短", "参加人数少于预计", "个别事项因政策调整暂缓")
REMEDIES = ("已排定计划，一季度补做。", "下年度提前安排。", "今后加强前期调研，合理设定指标。")
TIERS = ("健全", "有所提升", "持续改善", "建立并执行")
REMARKS = (
    "备注：资金含上级补助。",
    "注：其他资金为单位自有资金。",
    "说明：指标值依据年度工作计划设定，完成值经业务科室核实。",
)


class Shape(NamedTuple):
    """What forms must share to be cast in one mould.

    mess: only one that changes the sheet itself.  above, phantoms: rows before the form, empty ones after.
    """

    writer: Writer
    layout: FormLayout
    indicators: int
    remark: bool
    mess: str = ""
    above: int = 0
    phantoms: int = 0


class Form(NamedTuple):
    """heights: of every row of the form.  Computed cells hold a `Formula` without a text yet."""

    shape: Shape
    content: FormContent
    heights: tuple[int, ...]
    remark: str
    mess: str
    recomputed: Decimal | None


def form(seed: int, number: int, messy: float, unlike: bool = False) -> Form:
    """The form of that number: the same for the same seed, whatever else is drawn.

    unlike: not one of a batch that came from one template.
    """
    rng = random.Random(f"{seed}-{number}")
    mess = rng.choice(MESSES) if rng.random() < messy else ""
    content = _content(rng, number, unlike)
    total = content.total_score
    recomputed = total.value if isinstance(total, Formula) else None
    shape = Shape(
        writer=rng.choice(WRITERS if unlike else BATCH_WRITERS),
        layout=content.layout,
        indicators=len(content.indicators),
        remark=unlike and rng.random() < 0.25,
        mess=mess if mess.startswith(("extra", "phantom")) else "",
        above=rng.randint(1, 3) if mess == "extra_rows" else 0,
        phantoms=rng.choice(PHANTOMS) if mess == "phantom_rows" else 0,
    )
    return Form(
        shape,
        _spoiled(content, mess),
        tuple(_height(rng, unlike) for _ in range(rows_of(content))),
        rng.choice(REMARKS) if shape.remark else "",
        mess,
        recomputed
        if mess not in ("text_amount", "blank_actual") and isinstance(recomputed, Decimal)
        else None,
    )


def _height(rng: random.Random, unlike: bool) -> int:
    return rng.choice(HEIGHTS) if unlike or rng.random() < PULLED else ISSUED


def rows_of(content: FormContent) -> int:
    """Title, name, parties, two headed bands, goals, total."""
    return 3 + (1 + len(content.funds)) + 2 + (1 + len(content.indicators)) + 1


def _content(rng: random.Random, number: int, unlike: bool) -> FormContent:
    layout = rng.choice(LAYOUTS) if unlike else "nmg-12"
    indicators = tuple(_indicators(rng, layout, rng.randint(6, 14) if unlike else rng.randint(8, 12)))
    funds = _funds(rng)
    stated = funds[0].score
    earned = sum((_number(row.score) for row in indicators), _number(stated))
    return FormContent(
        layout=layout,
        year=YEAR,
        project_name=f"{rng.choice(TOPICS)}经费（{number % 7 + 1}类）",
        supervising_department=rng.choice(DEPARTMENTS),
        implementing_unit=f"示例单位{number:06d}",
        goal_expected="".join(rng.sample(AIMS, rng.randint(1, 3))) + f"完成年度服务任务{number}项。",
        goal_actual="".join(rng.sample(DEEDS, rng.randint(1, 3))) + f"完成服务任务{number}项。",
        funds=funds,
        indicators=indicators,
        total_weight=Decimal(100),
        total_score=Formula("", earned),
    )


def _number(content: Content) -> Decimal:
    value = content.value if isinstance(content, Formula) else content
    return value if isinstance(value, Decimal) else ZERO


# --- money ----------------------------------------------------------------------------------------

_Amounts = tuple[Decimal, Decimal, Decimal]


def _funds(rng: random.Random) -> tuple[FundRow, ...]:
    nothing = (Decimal("0.00"),) * 3
    fiscal = _money(rng, 50_000)
    other = _money(rng, 5_000) if rng.random() < 0.3 else nothing
    initial, annual, executed = (one + two for one, two in zip(fiscal, other, strict=True))
    rate = execution_rate(annual, executed) or ZERO
    return (
        FundRow(
            *("年度资金总额", initial, annual, executed, TEN),
            Formula("", rate),
            Formula("", execution_score(rate, TEN)),
        ),
        _source("其中：财政拨款", fiscal),
        _source("上年结转资金", nothing),
        _source("其他资金", other),
    )


def _money(rng: random.Random, most: int) -> _Amounts:
    """initial, annual, executed; with two decimals, as amounts are shown."""
    initial = Decimal(rng.randint(500, most)) / 100
    annual = initial + Decimal(rng.choice((0, 0, 0, rng.randint(1, 500)))) / 100
    return round_half_up(initial), round_half_up(annual), round_half_up(annual * rng.randint(90, 100) / 100)


def _source(label: str, amounts: _Amounts) -> FundRow:
    _, annual, executed = amounts
    rate = execution_rate(annual, executed)
    return FundRow(label, *amounts, "—", "—" if rate is None else rate, "—")


# --- indicators -----------------------------------------------------------------------------------


def levels(indicators: int) -> list[tuple[str, str]]:
    """(level 1, level 2) of every row of a form with so many; equal neighbours share a cell."""
    served = 1 + (indicators >= 11)
    benefit = 2 + (indicators >= 8) + (indicators >= 13)
    output = sorted(OUTPUT[: indicators - served - benefit], key=OUTPUT.index)
    return [
        *(("产出指标", level2) for level2 in output),
        *(("效益指标", level2) for level2 in BENEFIT[:benefit]),
        *((("满意度指标", SERVED),) * served),
    ]


def _indicators(rng: random.Random, layout: FormLayout, count: int) -> Iterator[IndicatorRow]:
    places = levels(count)
    names = {level2: rng.sample(known, len(known)) for level2, known in NAMES.items()}
    weights = {
        level1: _shared_out(rng, points, sum(place[0] == level1 for place in places))
        for level1, points in POINTS.items()
    }
    printed = rng.random() < 0.2  # the points of a level beside its name
    for level1, level2 in places:
        label = f"{level1}（{POINTS[level1]}分）" if printed else level1
        name, unit = names[level2].pop()
        yield _indicator(rng, layout, (label, level2, name), unit, weights[level1].pop())


def _shared_out(rng: random.Random, points: int, rows: int) -> list[Decimal]:
    """Whole points, not all alike, that add up."""
    weights = [points // rows + (row < points % rows) for row in range(rows)]
    for _ in range(rng.randint(0, rows) if rows > 1 else 0):
        giver, taker = rng.sample(range(rows), 2)
        if weights[giver] > 3:
            weights[giver], weights[taker] = weights[giver] - 1, weights[taker] + 1
    return [Decimal(weight) for weight in weights]


def _indicator(
    rng: random.Random, layout: FormLayout, label: tuple[str, str, str], unit: str, weight: Decimal
) -> IndicatorRow:
    if not unit:
        why = rng.choice(("", "个别环节仍需完善，下年度继续改进。"))
        score = weight - 1 if why and weight >= 5 else weight  # never below the tier, 80 % of the weight
        return IndicatorRow(*(*label, "定性", "", rng.choice(TIERS), "达成年度指标", "", weight, score, why))
    unit, less = unit.removeprefix("<"), unit.startswith("<")
    target = Decimal(rng.choice((85, 90, 95, 98, 100)) if unit == "%" else rng.randint(10, 500))
    missed = not less and rng.random() < 0.2
    actual = _actual(rng, target, unit, less, missed)
    score = weight if less else positive_score(target, actual, weight) or ZERO
    why = f"{rng.choice(CAUSES)}，{rng.choice(REMEDIES)}" if not less and actual < target else ""
    if layout == "mof-std":
        goal = f"{'≤' if less else '≥'}{target}{unit}"
        return IndicatorRow(*label, "", "", goal, f"{actual}{unit}", "", weight, score, why)
    way = ("反向", "小于等于") if less else ("正向", "等于" if actual == target else "大于等于")
    return IndicatorRow(*label, *way, target, actual, unit, weight, score, why)


def _actual(rng: random.Random, target: Decimal, unit: str, less: bool, missed: bool) -> Decimal:
    percent = rng.randint(80, 99) if missed or less else rng.randint(100, 110)
    actual = round_half_up(target * percent / 100, 0)
    return min(actual, Decimal(100)) if unit == "%" else actual


# --- messes ---------------------------------------------------------------------------------------


def _spoiled(content: FormContent, mess: str) -> FormContent:
    total, first, *rest = content.funds
    if mess == "text_amount":
        words = f"{total.annual_budget}万"
        return replace(content, funds=(total._replace(annual_budget=words), first, *rest))
    if mess == "full_width":
        wide = str(first.annual_budget).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789."})
        return replace(content, funds=(total, first._replace(annual_budget=wide), *rest))
    if mess == "wrong_total":
        return replace(content, total_score=Decimal(101))
    if mess == "blank_actual":
        rows = content.indicators
        return replace(content, indicators=(rows[0]._replace(actual=None), *rows[1:]))
    return content


def truth(form: Form) -> dict[str, Any]:
    """What a checker must find; ``recomputed`` is None where the mess leaves nothing to compute from.

    amounts: initial, annual, executed of the first row as they stand there.
    """
    content = form.content
    total = content.funds[0]
    stated = content.total_score
    return {
        "unit": content.implementing_unit,
        "mess": form.mess,
        "layout": content.layout,
        "writer": form.shape.writer,
        "amounts": [str(total.initial_budget), str(total.annual_budget), str(total.executed)],
        "indicators": len(content.indicators),
        "stated_total": str(stated.value if isinstance(stated, Formula) else stated),
        "recomputed_total": None if form.recomputed is None else str(form.recomputed),
    }
