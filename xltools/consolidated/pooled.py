"""合并自评表: the official form over all units, its numbers as formulas over the lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltools import form_sheet, scoring
from xltools.consolidated.context import Context
from xltools.consolidated.sheets import FIRST, LAST
from xltools.consolidated.summary import GRADE_NAMES, left_out_words, pair_rate
from xltools.consolidated.sums import Sums, sums
from xltools.form_sheet import Content, FormContent, Formula, FundRow, IndicatorRow, Placement, Styles
from xltools.merging import UNDETERMINED, Consolidation, FundTotal, PooledRow, exact
from xltools.messages.interface import FUND_KINDS
from xltools.quantities import two_places

_KEY = "N"
_NOTE_WIDTH = 36.0  # the units that missed a target are named here
_WIDTHS = {
    "level1": 14.0,
    "level2": 13.5,
    "level3": 16.0,
    "target": 8.5,
    "actual": 9.2,
    "deviation": _NOTE_WIDTH,
}
_METHODS = {"added": "相加", "averaged": "按资金加权平均", "scored": "得分按资金加权"}
_BASE = "$O$1"  # the funds of all scored forms
_NONE = scoring.NOT_APPLICABLE


def draw(book: Workbook, sheet: Worksheet, context: Context, styles: Styles) -> None:
    """The form on A:L, beside it what the formulas need, below it how it was made."""
    placement = form_sheet.placement(_content(context, None))
    content = _content(context, placement)
    form_sheet.draw(book, sheet, content, styles)
    sheet.set_column(2, 2, 13.5)
    sheet.set_column(3, 3, 16)
    sheet.set_column(11, 11, _NOTE_WIDTH)
    _heights(sheet, content, placement)
    _numbers(sheet, context, content, placement)
    _beside(sheet, context, placement)
    last = _below(sheet, context, placement)
    sheet.print_area(0, 0, last, 11)


def _content(context: Context, placement: Placement | None) -> FormContent:
    """Without a placement only the shape is right; with it the formulas are."""
    c = context.consolidation
    return FormContent(
        layout="nmg-12",
        year=_year(c),
        title="项目支出绩效自评表（合并）",
        funds=tuple(_fund_row(context, at, line, placement) for at, line in enumerate(c.pool.funds)),
        indicators=tuple(_indicator_row(context, at, row, placement) for at, row in enumerate(c.pool.rows)),
        project_name=_common((form.project for form in c.counting), "个项目"),
        supervising_department=_common((form.department for form in c.counting), "个主管部门"),
        implementing_unit=_common((form.unit for form in c.counting), "家单位"),
        goal_expected=_goals(context, "goal_expected"),
        goal_actual=_goals(context, "goal_actual"),
        total_weight=_total_weight(c, placement),
        total_score=_total_score(c, placement),
    )


def _common(names: Iterable[str], counted: str) -> str:
    """The name if there is one, the names if there are few, else how many."""
    known: set[str] = set()
    first: list[str] = []
    for name in names:
        if name and name not in known:
            known.add(name)
            first.extend([name] if len(first) < 60 else ())
    if len(known) <= 1:
        return "".join(first)
    joined = "、".join(first)
    total = f"共 {len(known)} {counted}"
    return f"{joined}（{total}）" if len(joined) <= 60 else f"{'、'.join(first[:3])}等（{total}）"


def _year(c: Consolidation) -> int | None:
    years = Counter(form.year for form in c.counting if form.year)
    return c.year or (years.most_common(1)[0][0] if years else None)


def _goals(context: Context, field: str) -> str:
    """The goals of each unit where they fit; in full on the units' own sheets."""
    texts = [
        f"{form.name}：{words}"
        for form in (context.consolidation.forms if context.units else ())
        if form.facts.form is not None and (words := getattr(form.facts.form, field).raw.strip())
    ]
    joined = "\n".join(texts)
    if texts and len(joined) <= 600:
        return joined
    return (
        f"共 {context.forms} 张自评表，各单位{'预期目标' if field == 'goal_expected' else '完成情况'}见原表。"
    )


# --- funds ----------------------------------------------------------------------------------------

_LABELS = {"fiscal": "其中：财政拨款"}
_FUND_FIELDS = {"initial": "initial_budget", "annual": "annual_budget", "executed": "executed"}


def _fund_row(context: Context, at: int, line: FundTotal, placement: Placement | None) -> FundRow:
    label = _LABELS.get(line.kind, FUND_KINDS[line.kind][0])
    if placement is None:
        return FundRow(label)
    source = sums(context)
    initial, annual, executed = (
        Formula(source.fund(line.kind, field), getattr(line, field)) for field in _FUND_FIELDS
    )
    weight, score = _execution(context, placement) if line.kind == "total" else (_NONE, _NONE)
    rate = _rate(context, at, line, placement)
    return FundRow(label, initial, annual, executed, weight, rate, score)


def _rate(context: Context, at: int, line: FundTotal, placement: Placement) -> Formula:
    value = _NONE if line.rate is None else line.rate
    if line.complete:
        annual, executed = (placement.cell(f"fund.{field}", at) for field in ("annual_budget", "executed"))
        return Formula(scoring.execution_rate_formula(annual, executed), value)
    return Formula(pair_rate(*sums(context).pair(line.kind)), value)


def _execution(context: Context, placement: Placement) -> tuple[Content, Content]:
    pool = context.consolidation.pool
    weight: Content = pool.execution_weight
    if pool.base:
        weight = Formula(f"{sums(context).execution()}/{_BASE}", _tidy(pool.execution_weight))
    text = scoring.execution_score_formula(
        placement.cell("fund.execution_rate"), placement.cell("fund.weight")
    )
    return weight, Formula(text, _NONE if pool.execution_score is None else pool.execution_score)


def _tidy(value: Decimal) -> Decimal:
    """A quotient with the digits a cell holds."""
    return exact(float(value))


# --- indicators -----------------------------------------------------------------------------------


def _live(context: Context, at: int, row: PooledRow) -> bool:
    """Whether the row is made of formulas; the rest are values, so that opening the book stays quick."""
    return row.live and at < sums(context).live_rows


def _indicator_row(context: Context, at: int, row: PooledRow, placement: Placement | None) -> IndicatorRow:
    live = placement is not None and _live(context, at, row)
    target, actual, weight, score = (
        _formulas(context, at, row, placement) if live and placement is not None else _values(row)
    )
    return IndicatorRow(
        level1=row.level1,
        level2=row.level2,
        level3=row.level3,
        nature=row.nature,
        direction=row.direction,
        target=target,
        actual=actual,
        unit=row.unit,
        weight=weight,
        score=score,
        deviation=row.note,
    )


def _values(row: PooledRow) -> tuple[Content, Content, Content, Content]:
    weight = _NONE if row.weight is None else _tidy(row.weight)
    return row.target, row.actual, weight, _score_value(row)


def _score_value(row: PooledRow) -> Content:
    if row.weight is None:
        return _NONE
    return UNDETERMINED if row.score is None else _tidy(row.score)


def _formulas(
    context: Context, at: int, row: PooledRow, placement: Placement
) -> tuple[Content, Content, Content, Content]:
    source = sums(context)
    cells = {name: placement.cell(f"indicator.{name}", at) for name in ("target", "actual", "weight")}
    key = f"${_KEY}{cells['weight'].lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"
    target, actual = (_number(source, row, field, key) for field in ("target", "actual"))
    if row.weight is None:
        return target, actual, _NONE, _NONE
    weight = Formula(f"{source.weighted(row, 'weight', key)}/{_BASE}", _tidy(row.weight))
    if row.score is None:
        return target, actual, weight, UNDETERMINED
    if row.method == "scored":
        text = f"{source.weighted(row, 'score', key)}/{_BASE}"
    else:
        text = f"{_share(context, row, cells['target'], cells['actual'])}/100*{cells['weight']}"
    return target, actual, weight, Formula(text, _tidy(row.score))


def _share(context: Context, row: PooledRow, target: str, actual: str) -> str:
    """The score out of 100."""
    if row.way == "lower":
        form = context.consolidation.profile.reverse_forms[0]
        return scoring.reverse_score_formula(target, actual, "100", form)
    if row.way == "equal":
        return scoring.equal_score_formula(target, actual, "100")
    return scoring.positive_score_formula(target, actual, "100")


def _number(source: Sums, row: PooledRow, field: str, key: str) -> Content:
    value: Decimal | str | None = getattr(row, field)
    if not isinstance(value, Decimal):
        return value
    make = source.added if row.method == "added" else source.averaged
    return Formula(make(row, field, key), value)


# --- the total ------------------------------------------------------------------------------------


def _row_range(c: Consolidation, placement: Placement, field: str) -> str:
    first, last = (placement.cell(f"indicator.{field}", at) for at in (0, len(c.pool.rows) - 1))
    return f"{first}:{last}"


def _total_weight(c: Consolidation, placement: Placement | None) -> Content:
    if placement is None or not c.pool.rows:
        return c.pool.total_weight
    cells = _row_range(c, placement, "weight")
    return Formula(f"ROUND({placement.cell('fund.weight')}+SUM({cells}),2)", c.pool.total_weight)


def _total_score(c: Consolidation, placement: Placement | None) -> Content:
    """Undetermined as long as a part of it is."""
    if placement is None or not c.pool.rows:
        return UNDETERMINED
    execution, cells = placement.cell("fund.score"), _row_range(c, placement, "score")
    unknown = f'OR(NOT(ISNUMBER({execution})),COUNTIF({cells},"{UNDETERMINED}")>0,COUNT({cells})=0)'
    text = f'IF({unknown},"{UNDETERMINED}",ROUND({execution}+SUM({cells}),2))'
    return Formula(text, UNDETERMINED if c.pool.total is None else c.pool.total)


# --- looks, and what stands around the form -------------------------------------------------------


def _heights(sheet: Worksheet, content: FormContent, placement: Placement) -> None:
    """Rows as high as their words need now that the last column is wider."""
    for at, row in enumerate(content.indicators):
        words = [(getattr(row, field), width) for field, width in _WIDTHS.items()]
        lines = max(form_sheet.lines_needed(text, width) for text, width in words if isinstance(text, str))
        sheet.set_row(_row_and_column(placement.cell("indicator.level3", at))[0], max(21.0, lines * 13.5 + 6))


def _numbers(sheet: Worksheet, context: Context, content: FormContent, placement: Placement) -> None:
    """Quotients with two decimals, sums with thousands separators."""
    look = context.look
    cell = {"border": 1, "align": "center"}
    points, money = look.free(num_format="0.00", **cell), look.free(num_format="#,##0.00", **cell)
    fraction = look.free(num_format="#,##0.00", **cell)
    whole = look.free(num_format="#,##0", **cell)

    def again(field: str, at: int, value: Content, style: object) -> None:
        if isinstance(value, Formula | Decimal):
            row, letter = _row_and_column(placement.cell(field, at))
            form_sheet.write(sheet, row, letter, value, style)

    for at, fund in enumerate(content.funds):
        for field in _FUND_FIELDS.values():
            again(f"fund.{field}", at, getattr(fund, field), money)
        for field in ("weight", "score"):
            again(f"fund.{field}", at, getattr(fund, field), points)
    for at, row in enumerate(content.indicators):
        for field in ("weight", "score"):
            again(f"indicator.{field}", at, getattr(row, field), points)
        for field in ("target", "actual"):
            content_here = getattr(row, field)
            again(f"indicator.{field}", at, content_here, whole if _whole(content_here) else fraction)
    total = look.free(num_format="0.00", bold=True, **cell)
    again("total_weight", 0, content.total_weight, total)
    again("total_score", 0, content.total_score, total)


def _whole(content: Content) -> bool:
    value = content.value if isinstance(content, Formula) else content
    return isinstance(value, Decimal) and value == value.to_integral_value()


def _row_and_column(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, at - 1


def _beside(sheet: Worksheet, context: Context, placement: Placement) -> None:
    """Grey, not printed: the key of each row, how many units have it, how it was put together."""
    look, pool = context.look, context.consolidation.pool
    sheet.set_column(12, 12, 2)
    for at, width in enumerate((10, 11, 16), start=13):
        sheet.set_column(at, at, width)
    grey = look["helper"]
    sheet.write_string("N1", "权重资金合计（万元）", look.helper_head)
    if pool.base:
        form_sheet.write(sheet, 0, 14, Formula(sums(context).base(), _tidy(pool.base)), look["helper_money"])
    if not pool.rows:
        return
    first = _row_and_column(placement.cell("indicator.score"))[0]
    for at, head in enumerate(("合并行号", "填报表数", "合并方法"), start=13):
        sheet.write_string(first - 1, at, head, look.helper_head)
    for at, row in enumerate(pool.rows):
        sheet.write_number(first + at, 13, row.number, grey)
        sheet.write_number(first + at, 14, row.units, grey)
        sheet.write_string(first + at, 15, _METHODS[row.method] if row.live else "相加（见指标明细）", grey)


def _below(sheet: Worksheet, context: Context, placement: Placement) -> int:
    """Grade and notes; returns the last row, 0-based."""
    c, look = context.consolidation, context.look
    row = placement.last_row
    total = placement.cell("total_score")
    grade = UNDETERMINED if c.pool.total is None else GRADE_NAMES[scoring.grade_of(c.pool.total, c.profile)]
    label = look.free(border=1, align="center", bold=True)
    sheet.merge_range(row, 0, row, 8, "复算等级", label)
    sheet.merge_range(row, 9, row, 11, "", label)
    text = f'IF(ISNUMBER({total}),{scoring.grade_formula(total, c.profile, GRADE_NAMES)},"{UNDETERMINED}")'
    content = Formula(text, grade)
    form_sheet.write(sheet, row, 9, content, label)
    sheet.set_row(row, 21)
    notes = "\n".join(f"{at}. {text}" for at, text in enumerate(_notes(context), start=1))
    small = look.free(font_size=9, font_color="#595959", valign="top")
    sheet.merge_range(row + 1, 0, row + 1, 11, "", small)
    sheet.write_string(row + 1, 0, notes, small)
    sheet.set_row(row + 1, 12.5 * form_sheet.lines_needed(notes, 145) + 8)
    return row + 1


def _how(context: Context) -> str:
    if context.units:
        return f"对“{FIRST}”与“{LAST}”两张标记之间的各单位表求和，移出或移入单位表，本表随之变化。"
    return "金额由资金明细相加，指标由指标明细合并。"


def _notes(context: Context) -> list[str]:
    c = context.consolidation
    pool = c.pool
    texts = [
        f"本表合并 {context.forms} 张自评表，金额单位万元；{_how(context)}{left_out_words(context)}",
        "三级指标按一级指标、二级指标、名称、计量单位和方向合并：绝对值相加；比率、单价、时限按全年预算数加权平均；"
        "先合并完成值，再按评分口径计分；定性指标按各单位复算得分以资金加权。",
        "分值为各单位分值以全年预算数加权的平均数，未设该指标的单位按 0 计，因此合计仍等于各单位的总分值。",
    ]
    if pool.total is None and pool.rows:
        got, of = pool.judged
        texts.append(
            f"有指标或预算执行{UNDETERMINED}，故总分{UNDETERMINED}；"
            f"可判定部分得 {two_places(got)} 分，满分 {two_places(of)} 分。"
        )
    fixed = sum(not _live(context, at, row) for at, row in enumerate(pool.rows))
    if fixed:
        texts.append(
            f"为保证打开速度，第 {len(pool.rows) - fixed + 1} 行指标起为数值而非公式，共 {fixed} 行。"
        )
    if any(row.way == "lower" for row in pool.rows):
        form = {"difference": "1-(完成值-指标值)/指标值", "ratio": "指标值/完成值"}[
            c.profile.reverse_forms[0]
        ]
        texts.append(f"反向指标未完成时按 {form} 计分。评分口径：{c.profile.title}。")
    return texts
