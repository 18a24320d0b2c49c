"""The blank official form as a workbook, its standard formulas in place."""

from __future__ import annotations

import io
import os
import re
import sys
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from xltools import filling, scoring
from xltools.form_sheet import (
    Content,
    FormContent,
    FormLayout,
    Formula,
    FundRow,
    IndicatorRow,
    Placement,
    Styles,
    draw,
    placement,
)
from xltools.model import (
    ABSENT,
    ABSENT_QUANTITY,
    ABSENT_TEXT,
    Entry,
    FundLine,
    Indicator,
    Place,
    SelfEvaluation,
)
from xltools.profiles import Profile, load_profile
from xltools.quantities import plain
from xltools.vocabulary import is_dash, vocabulary
from xltools.writing import replacing

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from xltools.sheet_checks.stored import Judged

SHEET = "自评表"
FEWEST, MOST = 3, 40
FILES: dict[FormLayout, str] = {
    "nmg-12": "项目支出绩效自评表.xlsx",
    "mof-std": "项目支出绩效自评表（全国参考格式）.xlsx",
}
PROFILES: dict[FormLayout, str] = {"nmg-12": "nmg", "mof-std": "national"}
"""The scoring profile that belongs to a layout."""

_FUNDS: dict[FormLayout, tuple[str, ...]] = {
    "nmg-12": ("年度资金总额", "其中：财政拨款", "上年结转资金", "其他资金"),
    "mof-std": ("年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金"),
}
_LEVELS: dict[FormLayout, tuple[tuple[str, str], ...]] = {
    "nmg-12": (
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("产出指标", "时效指标"),
        ("产出指标", "成本指标"),
        ("效益指标", "经济效益"),
        ("效益指标", "社会效益"),
        ("效益指标", "生态效益"),
        ("效益指标", "可持续影响"),
        ("满意度指标", "服务对象满意度"),
    ),
    "mof-std": (
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("产出指标", "时效指标"),
        ("产出指标", "成本指标"),
        ("效益指标", "经济效益指标"),
        ("效益指标", "社会效益指标"),
        ("效益指标", "生态效益指标"),
        ("效益指标", "可持续影响指标"),
        ("满意度指标", "服务对象满意度指标"),
    ),
}
_FIRST_NEEDED = (0, 5, 8, 1, 2, 3, 7, 4, 6)
"""Which second-level indicators a short form has, the most needed first."""


def new(
    path: str | os.PathLike[str],
    *,
    year: int | None = None,
    project: str = "",
    unit: str = "",
    department: str = "",
    indicators: int = 10,
    layout: str = "nmg-12",
    overwrite: bool = False,
) -> Path:
    """Write a blank official workbook; the same arguments give the same bytes.

    Raises FileExistsError when the file exists (unless ``overwrite``), ValueError for a layout
    there is not or a number of indicators outside 3–40.
    """
    target = Path(path)
    content = blank(
        layout, year=year, project=project, unit=unit, department=department, indicators=indicators
    )
    save_checked(target, content, overwrite=overwrite)
    return target


def blank(
    layout: str = "nmg-12",
    *,
    year: int | None = None,
    project: str = "",
    unit: str = "",
    department: str = "",
    indicators: int = 10,
) -> FormContent:
    """The form nobody has filled in yet, formulas included."""
    if layout not in get_args(FormLayout):
        raise ValueError(f"没有名为“{layout}”的版式；可用：{'、'.join(get_args(FormLayout))}")
    if not FEWEST <= indicators <= MOST:
        raise ValueError(f"指标行数须在 {FEWEST} 到 {MOST} 之间，现为 {indicators}")
    known = cast("FormLayout", layout)
    profile = load_profile(PROFILES[known])
    content = FormContent(
        layout=known,
        year=year,
        funds=_blank_funds(known, profile),
        indicators=tuple(IndicatorRow(*levels) for levels in _spread(known, indicators)),
        project_name=project,
        supervising_department=department,
        implementing_unit=unit,
    )
    return with_formulas(content, profile, blank=True)


def _blank_funds(layout: FormLayout, profile: Profile) -> tuple[FundRow, ...]:
    total, *sources = _FUNDS[layout]
    dash = scoring.NOT_APPLICABLE
    return (
        FundRow(total, weight=profile.execution_weight),
        *(FundRow(label, weight=dash, score=dash) for label in sources),
    )


def _spread(layout: FormLayout, count: int) -> list[tuple[str, str]]:
    """Level 1 and 2 of each row: the most needed first, then further rows from the top down."""
    kinds = len(_FIRST_NEEDED)
    chosen = list(_FIRST_NEEDED[:count]) + [extra % kinds for extra in range(count - kinds)]
    return [_LEVELS[layout][kind] for kind in sorted(chosen)]


def save(
    target: str | os.PathLike[str], sheets: dict[str, FormContent], *, overwrite: bool = True
) -> dict[str, Placement]:
    """A workbook with one form a sheet, put in place when it is complete."""
    with replacing(target, overwrite=overwrite) as beside, _book(beside) as book:
        styles = Styles(book)
        placed = {}
        for name, content in sheets.items():
            sheet = book.add_worksheet(name)
            placed[name] = draw(book, sheet, content, styles)
            sheet.hide_gridlines(2)
    return placed


def save_checked(
    target: str | os.PathLike[str],
    content: FormContent,
    *,
    given: frozenset[tuple[str, int]] = frozenset(),
    overwrite: bool = True,
) -> None:
    """A workbook whose form checks itself while it is filled in.

    given: (field, index) of the cells that come filled in; they are marked, amounts among them locked.
    """
    from xltools.sheet_checks import attach

    profile = load_profile(PROFILES[content.layout])
    judged = _judged(content, profile)
    with replacing(target, overwrite=overwrite) as beside, _book(beside) as book:
        sheet = book.add_worksheet(SHEET)
        placed = draw(book, sheet, content, Styles(book, inputs=True, given=given))
        attach(book, sheet, SHEET, content, placed, profile, judged)
        sheet.hide_gridlines(2)


def _judged(content: FormContent, profile: Profile) -> Judged:
    """What the rules say of the form as it will be read: drawn plainly, read back, checked."""
    from xltools.reading import read_grids
    from xltools.rulebook import check
    from xltools.sheet_checks.stored import Judged
    from xltools.sheets import open_bytes

    stream = io.BytesIO()
    with _book(stream) as book:
        draw(book, book.add_worksheet(SHEET), content, Styles(book))
    (form,) = read_grids(open_bytes(stream.getvalue(), "").grids, "")
    assessment = scoring.assess(form, profile)
    return Judged(form, assessment, check(form, profile, assessment))


def _book(target: Path | io.BytesIO) -> Workbook:
    """A workbook without a name or a clock in it."""
    from xlsxwriter import Workbook

    path = target if isinstance(target, io.BytesIO) else str(target)
    book = Workbook(path, {"in_memory": True})
    book.set_properties({"title": "项目支出绩效自评表", "created": datetime(2024, 1, 1)})
    return book


# --- the standard formulas ------------------------------------------------------------------------


def with_formulas(
    content: FormContent, profile: Profile, *, overwrite: bool = False, blank: bool = False
) -> FormContent:
    """The content with the formulas `fill` would write, each with its result.

    Typed numbers that differ from the result stay, unless ``overwrite``.
    """
    at = placement(content)
    decided = filling.decide(as_form(content), profile, overwrite=overwrite, blank=blank)
    formulas = {write.cell: Formula(write.formula, write.value) for write in decided.writes}

    def found(field: str, index: int, old: Content) -> Content:
        return formulas.get(at.cell(field, index), old)

    funds = tuple(
        FundRow(line.label, *(found(f"fund.{name}", i, getattr(line, name)) for name in FundRow._fields[1:]))
        for i, line in enumerate(content.funds)
    )
    return replace(
        content,
        funds=funds,
        total_weight=found("total_weight", 0, content.total_weight),
        total_score=found("total_score", 0, content.total_score),
    )


class _Cells:
    """Contents as entries, each with the cell it will stand in."""

    def __init__(self, content: FormContent, sheet: str) -> None:
        self._at, self._sheet = placement(content), sheet

    def _place(self, field: str, index: int) -> Place | None:
        cell = self._at.cells.get((field, index))
        return self._placed(cell) if cell else None

    def _placed(self, cell: str) -> Place:
        letters, row = re.split(r"(?=\d)", cell, maxsplit=1)
        column = sum((ord(c) - 64) * 26**i for i, c in enumerate(reversed(letters)))
        return Place(self._sheet, int(row), column)

    def number(self, field: str, index: int, content: Content) -> Entry[Decimal]:
        place = self._place(field, index)
        if place is None:
            return ABSENT
        formula = content.text if isinstance(content, Formula) else None
        value = content.value if isinstance(content, Formula) else content
        if isinstance(value, Decimal):
            return Entry(value, plain(value), "ok", place, formula)
        if not value:
            return Entry(None, "", "blank", place, formula)
        return Entry(None, value, "dash" if is_dash(value) else "text", place, formula)

    def fund(self, index: int, line: FundRow) -> FundLine:
        def number(name: str) -> Entry[Decimal]:
            return self.number(f"fund.{name}", index, getattr(line, name))

        place = self._place("fund.label", index)
        return FundLine(
            kind=vocabulary().fund_kind(line.label) or "unknown",
            label=Entry(line.label, line.label, "ok", place),
            initial_budget=number("initial_budget"),
            annual_budget=number("annual_budget"),
            executed=number("executed"),
            weight=number("weight"),
            execution_rate=number("execution_rate"),
            score=number("score"),
            row=place.row if place else 0,
        )

    def indicator(self, index: int, line: IndicatorRow) -> Indicator:
        """Weight and score only: no formula needs more of a row."""
        weight = self.number("indicator.weight", index, line.weight)
        return Indicator(
            *(ABSENT_TEXT,) * 3,
            group=vocabulary().level1_of(line.level1),
            nature=Entry(None),
            direction=Entry(None),
            target=ABSENT_QUANTITY,
            actual=ABSENT_QUANTITY,
            unit=ABSENT_TEXT,
            weight=weight,
            score=self.number("indicator.score", index, line.score),
            deviation=ABSENT_TEXT,
            row=weight.place.row if weight.place else 0,
        )


def as_form(content: FormContent, sheet: str = SHEET) -> SelfEvaluation:
    """The numbers of the content as a form, which is what `filling` works on."""
    cells = _Cells(content, sheet)
    return SelfEvaluation(
        source="",
        sheet=sheet,
        layout=content.layout,
        title=ABSENT_TEXT,
        year=Entry(content.year),
        money_unit=Entry(None),
        project_name=ABSENT_TEXT,
        supervising_department=ABSENT_TEXT,
        implementing_unit=ABSENT_TEXT,
        funds=tuple(cells.fund(i, line) for i, line in enumerate(content.funds)),
        goal_expected=ABSENT_TEXT,
        goal_actual=ABSENT_TEXT,
        rows=tuple(cells.indicator(i, line) for i, line in enumerate(content.indicators)),
        total_weight=cells.number("total_weight", 0, content.total_weight),
        total_score=cells.number("total_score", 0, content.total_score),
        stated_grade=Entry(None),
        bands=frozenset(("funds", "goals", "indicators", "total")),
        columns=frozenset(("weight", "score")),
        fund_columns=frozenset(FundRow._fields[1:]),
    )


def write_templates(folder: str | os.PathLike[str]) -> list[Path]:
    """The templates that are kept beside the package."""
    return [new(Path(folder, name), layout=layout, overwrite=True) for layout, name in FILES.items()]


if __name__ == "__main__":
    for written in write_templates(sys.argv[1] if sys.argv[1:] else "templates"):
        print(written)
