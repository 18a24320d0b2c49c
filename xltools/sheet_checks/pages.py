"""The sheets beside the form, drawn: 校验 and 填报说明, and what stands right of the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from xltools import scoring
from xltools.form_sheet import HEI, SONG, Formula, lines_needed, write
from xltools.messages.interface import GRADES, SEVERITIES
from xltools.messages.prompts import HEADS, SHEET, prompt
from xltools.model import column_letters
from xltools.profiles import Profile
from xltools.sheet_checks.anchors import Anchors
from xltools.sheet_checks.inputs import NOTE_FILL, WRONG_FILL, fault_name
from xltools.sheet_checks.lists import name
from xltools.sheet_checks.verdicts import OPEN, RIGHT, WRONG, Line
from xltools.sheet_checks.verdicts import SHEET as VERDICTS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FIRST_LINE = 4  # 1-based row of the first line of 校验
_WIDTHS = (9, 9, 34, 8, 6, 9, 58)
_RIGHT_FILL, _RIGHT_FONT, _WRONG_FONT, _OPEN_FONT = "E2F0D9", "375623", "9C0006", "7F6000"


def _cells(book: Workbook, **more: object) -> Format:
    look = {"font_name": SONG, "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
    return book.add_format(look | {"align": "center"} | more)


def draw_verdicts(
    book: Workbook,
    sheet: Worksheet,
    lines: list[Line],
    blank: Mapping[str, str],
    form: str,
    stored: Iterable[tuple[str, int, str]],
) -> None:
    """stored: for each line its verdict, the number of faults and the first cell."""
    last = FIRST_LINE + len(lines) - 1
    _draw_verdict_heads(book, sheet, form)
    centred, text = _cells(book), _cells(book, align="left", indent=1)
    link = _cells(book, font_color="#0563C1", underline=1)
    for row, (line, (verdict, count, cell)) in enumerate(zip(lines, stored, strict=True), start=FIRST_LINE):
        at = row - 1
        write(sheet, at, 0, line.code, centred)
        write(sheet, at, 1, SEVERITIES[line.severity][0], centred)
        write(sheet, at, 2, line.title, text)
        write(sheet, at, 3, Formula(line.verdict(f"$E{row}", blank), verdict), centred)
        write(sheet, at, 4, Formula(line.faults, Decimal(count)), centred)
        jump = f'IF($H{row}="","",HYPERLINK("#"&"{form}!"&$H{row},$H{row}))'
        write(sheet, at, 5, Formula(jump, cell), link)
        write(sheet, at, 6, line.hint, text)
        write(sheet, at, 7, Formula(f'IF($E{row}=0,"",{line.where})', cell), text)
        sheet.set_row(
            at, 6 + 13.5 * max(lines_needed(line.hint, _WIDTHS[6] - 2), lines_needed(line.title, 32))
        )
        book.define_name(fault_name(line.code), f"={VERDICTS}!$E${row}")
    _colour_verdicts(book, sheet, last)
    sheet.set_column(7, 7, None, None, {"hidden": True})
    sheet.freeze_panes(FIRST_LINE - 1, 0)
    _print_on_a4(sheet, len(_WIDTHS) - 1, last)
    sheet.repeat_rows(FIRST_LINE - 2)


def _draw_verdict_heads(book: Workbook, sheet: Worksheet, form: str) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    title = book.add_format({"font_name": HEI, "font_size": 14, "align": "center", "valign": "vcenter"})
    note = book.add_format({"font_name": SONG, "font_size": 9, "text_wrap": True, "valign": "vcenter"})
    head = _cells(book, bold=True, bg_color="#F2F2F2")
    sheet.merge_range(0, 0, 0, len(_WIDTHS) - 1, prompt(SHEET, "form_title"), title)
    sheet.merge_range(1, 0, 1, len(_WIDTHS) - 1, prompt(SHEET, "verdict_note"), note)
    sheet.set_row(0, 30)
    sheet.set_row(1, 30)
    for column, words in enumerate(HEADS):
        sheet.write_string(FIRST_LINE - 2, column, words[0], head)


def _colour_verdicts(book: Workbook, sheet: Worksheet, last: int) -> None:
    cells = f"D{FIRST_LINE}:D{last}"
    looks = (
        (RIGHT, _RIGHT_FONT, _RIGHT_FILL),
        (WRONG, _WRONG_FONT, WRONG_FILL),
        (OPEN, _OPEN_FONT, NOTE_FILL),
    )
    for verdict, font, fill in looks:
        look = book.add_format({"font_color": f"#{font}", "bg_color": f"#{fill}"})
        test = {"type": "formula", "criteria": f'=$D{FIRST_LINE}="{verdict}"', "format": look}
        sheet.conditional_format(cells, test)


def _print_on_a4(sheet: Worksheet, last_column: int, last_row: int) -> None:
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.65)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    sheet.print_area(0, 0, last_row - 1, last_column)
    sheet.hide_gridlines(2)


# --- beside the form ------------------------------------------------------------------------------


def draw_beside(
    book: Workbook,
    sheet: Worksheet,
    at: Anchors,
    profile: Profile,
    count: int,
    stored: tuple[int, int],
    columns: int,
) -> None:
    """完整 or 未完成 at the top, the suggested scores and the grade: right of what is printed.

    count: lines on 校验.  stored: errors and other lines that are open.  columns: of the official table.
    """
    left = columns + 1
    letters = column_letters(left + 1)
    sheet.set_column(columns, columns, 1.5)
    sheet.set_column(left, left, 11)
    sheet.set_column(left + 1, left + 1, 30)
    _draw_overall(book, sheet, left, count, stored)
    look = {"font_name": SONG, "font_size": 10, "align": "center", "valign": "vcenter"}
    grey = book.add_format(look | {"font_color": "#595959"})
    header = at.indicators.header
    write(sheet, header - 1, left, prompt(SHEET, "suggested"), grey)
    for row in range(header + 1, at.indicators.after):
        formula = f"INDEX({name('suggested')},ROW()-ROW({letters}${header}))"
        write(sheet, row - 1, left, Formula(formula, ""), grey)
    total = at.placed.cell("total_score")
    grades = {key: words[0] for key, words in GRADES.items()}
    grade = scoring.grade_formula(total, profile, grades)  # type: ignore[arg-type]
    shown = f'IF(SUM({name("used")})=0,"","{prompt(SHEET, "grade")}"&{grade})'
    write(sheet, at.placed.last_row - 1, left, Formula(shown, ""), grey)


def _still(errors: str, others: str) -> str:
    still, still_end, notes, notes_end, see, ready = (
        f'"{SHEET[key][0]}"' for key in ("still", "still_end", "notes", "notes_end", "see", "ready")
    )
    to_do = f'IF({errors}=0,"",{still}&{errors}&{still_end})'
    noted = f"IF({others}=0,IF({errors}=0,{ready},{see}),{notes}&{others}&{notes_end})"
    return f"{to_do}&{noted}"


def _still_stored(errors: int, others: int) -> str:
    """The result of `_still`."""
    words = {key: SHEET[key][0] for key in SHEET}
    to_do = f"{words['still']}{errors}{words['still_end']}" if errors else ""
    if others:
        return f"{to_do}{words['notes']}{others}{words['notes_end']}"
    return to_do + (words["see"] if errors else words["ready"])


def _draw_overall(book: Workbook, sheet: Worksheet, left: int, count: int, stored: tuple[int, int]) -> None:
    big = book.add_format({"font_name": HEI, "font_size": 14, "align": "center", "valign": "vcenter"})
    small = book.add_format({"font_name": SONG, "font_size": 9, "text_wrap": True, "valign": "vcenter"})
    last = FIRST_LINE + count - 1
    levels, results = f"{VERDICTS}!$B${FIRST_LINE}:$B${last}", f"{VERDICTS}!$D${FIRST_LINE}:$D${last}"
    error = SEVERITIES["error"][0]
    errors = f'SUMPRODUCT(({levels}="{error}")*({results}<>"{RIGHT}"))'
    others = f'SUMPRODUCT(({levels}<>"{error}")*({results}="{WRONG}"))'
    done, undone = prompt(SHEET, "complete"), prompt(SHEET, "incomplete")
    overall = Formula(f'IF({errors}=0,"{done}","{undone}")', undone if stored[0] else done)
    write(sheet, 0, left, overall, big)
    write(sheet, 0, left + 1, Formula(_still(errors, others), _still_stored(*stored)), small)
    cell = f"{column_letters(left + 1)}1"
    for word, font, fill in ((done, _RIGHT_FONT, _RIGHT_FILL), (undone, _WRONG_FONT, WRONG_FILL)):
        look = book.add_format({"font_color": f"#{font}", "bg_color": f"#{fill}"})
        sheet.conditional_format(
            cell, {"type": "formula", "criteria": f'=${cell[:-1]}$1="{word}"', "format": look}
        )
