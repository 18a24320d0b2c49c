"""The 填报说明 sheet, made of the words of the prompts and of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from xltools.form_sheet import GIVEN_FILL, HEI, OPEN_FILL, SONG, lines_needed
from xltools.messages.interface import FIELDS, GRADES, SEVERITIES, TIERS
from xltools.messages.prompts import INSTRUCTIONS, PROMPTS, SCORING, prompt
from xltools.model import HELPERS
from xltools.profiles import Profile
from xltools.quantities import plain

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xltools.sheet_checks.verdicts import Line

SHEET = HELPERS.instructions
_WIDTHS = (24, 76)
_HEAD = ("title", "project_name", "supervising_department", "implementing_unit")
_SHARED = (*_HEAD, "initial_budget", "annual_budget", "executed", "goal_expected", "goal_actual")


class Paragraph(NamedTuple):
    """label "" spans the page; kind: "title", "heading", "text", or the fill of a sample cell."""

    kind: str
    label: str
    text: str = ""


def paragraphs(profile: Profile, lines: Sequence[Line], columns: Sequence[str]) -> Iterable[Paragraph]:
    """What the sheet says.  columns: the indicator columns the form has."""
    from xltools.sheet_checks.inputs import NOTE_FILL, WRONG_FILL

    yield Paragraph("title", prompt(INSTRUCTIONS, "title"))
    yield Paragraph("heading", prompt(INSTRUCTIONS, "colours"))
    for fill, key in ((OPEN_FILL, "open"), (GIVEN_FILL, "given"), (WRONG_FILL, "fault"), (NOTE_FILL, "note")):
        yield Paragraph(fill, "", prompt(INSTRUCTIONS, key))
    yield Paragraph("text", "", prompt(INSTRUCTIONS, "locked"))
    yield Paragraph("text", "", prompt(INSTRUCTIONS, "rows"))
    yield Paragraph("heading", prompt(INSTRUCTIONS, "fields"))
    for field in (*_SHARED, *columns):
        yield Paragraph("text", FIELDS[field][0], prompt(PROMPTS, field))
    yield Paragraph("heading", prompt(INSTRUCTIONS, "scoring"))
    for text in scoring_words(profile):
        yield Paragraph("text", "", text)
    yield Paragraph("heading", prompt(INSTRUCTIONS, "checks"))
    for line in lines:
        label = f"{line.code}（{SEVERITIES[line.severity][0]}）"
        yield Paragraph("text", label, f"{line.title}：{line.hint}")


def scoring_words(profile: Profile) -> Iterable[str]:
    """How scores come about, with the numbers of the profile."""
    yield prompt(SCORING, "execution", weight=plain(profile.execution_weight))
    yield prompt(SCORING, "positive")
    for form in profile.reverse_forms:
        yield prompt(SCORING, form)
    for tier, (low, high) in profile.tiers.items():
        end = "" if tier == "achieved" else prompt(SCORING, "tier_end", high=plain(high))
        yield prompt(SCORING, "tier", tier=TIERS[tier][0], low=plain(low), high=plain(high), end=end)
    yield prompt(
        SCORING, "over", over=plain(profile.over_achievement), required=plain(profile.reason_required)
    )
    grades = [
        prompt(SCORING, "grade", low=plain(low), grade=GRADES[grade][0]) for grade, low in profile.grades[:-1]
    ]
    last = prompt(
        SCORING, "grade_last", low=plain(profile.grades[-2][1]), grade=GRADES[profile.grades[-1][0]][0]
    )
    yield prompt(SCORING, "grades", grades="，".join([*grades, last]))
    yield prompt(
        SCORING,
        "tolerance",
        row=plain(profile.row_tolerance),
        total=plain(profile.total_tolerance),
        rate=plain(profile.rate_tolerance),
        amount=plain(profile.amount_tolerance),
    )


def draw(
    book: Workbook, sheet: Worksheet, profile: Profile, lines: Sequence[Line], columns: Sequence[str]
) -> None:
    looks = {
        "title": book.add_format({"font_name": HEI, "font_size": 16, "align": "center", "valign": "vcenter"}),
        "heading": book.add_format({"font_name": HEI, "font_size": 11, "valign": "vcenter"}),
        "text": book.add_format({"font_name": SONG, "font_size": 10, "valign": "vcenter", "text_wrap": True}),
    }
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = -1
    for row, part in enumerate(paragraphs(profile, lines, columns)):
        _draw_paragraph(book, sheet, row, part, looks)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.65)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    sheet.print_area(0, 0, row, len(_WIDTHS) - 1)
    sheet.hide_gridlines(2)


def _draw_paragraph(
    book: Workbook, sheet: Worksheet, row: int, part: Paragraph, looks: dict[str, object]
) -> None:
    if part.kind in ("title", "heading"):
        sheet.merge_range(row, 0, row, 1, part.label, looks[part.kind])
        sheet.set_row(row, 34 if part.kind == "title" else 24)
        return
    text = looks["text"]
    if part.kind != "text":
        sheet.write_blank(row, 0, None, book.add_format({"bg_color": f"#{part.kind}", "border": 1}))
        sheet.write_string(row, 1, part.text, text)
    elif part.label:
        sheet.write_string(row, 0, part.label, text)
        sheet.write_string(row, 1, part.text, text)
    else:
        sheet.merge_range(row, 0, row, 1, part.text, text)
    width = _WIDTHS[1] if part.label or part.kind != "text" else sum(_WIDTHS)
    lines = max(lines_needed(part.text, width), lines_needed(part.label, _WIDTHS[0]))
    sheet.set_row(row, 5 + 13.5 * lines)
