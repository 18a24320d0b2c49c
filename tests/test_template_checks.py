"""The template in a second engine: right and wrong fillings, inserted rows, drop-downs, names."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from clerk_forms import WRONG, filled
from office import convert, every_grid
from office_macro import after_typing, enter, formula, insert_rows, remove_rows
from openpyxl.utils import range_boundaries
from test_template_agreement import disagreements, recalculated, said_by_sheet

from xltools.messages.findings import MESSAGES
from xltools.messages.interface import FIELDS
from xltools.messages.prompts import PROMPTS, REFUSALS
from xltools.reading import read_file
from xltools.sheet_checks.verdicts import OPEN, RIGHT
from xltools.sheet_checks.verdicts import WRONG as CROSS
from xltools.template import FILES, new, save_checked

LATER = re.compile(r"_xlfn|_xlws|x14|XLOOKUP|TEXTJOIN|CONCAT\(|IFS\(|SWITCH|LET\(|FILTER\(|INDIRECT|OFFSET|NOW\(|TODAY|TEXT\(")  # fmt: skip


def overall(path: Path) -> str:
    return openpyxl.load_workbook(path, data_only=True).worksheets[0]["N1"].value


@pytest.mark.office
def test_a_careful_form_is_complete_and_a_blank_one_is_not(tmp_path):
    right, blank = recalculated(tmp_path, [filled()])[0], new(tmp_path / "blank.xlsx")
    assert overall(right) == "完整"
    assert {verdict for verdict, _, _ in said_by_sheet(right).values()} == {RIGHT}
    assert overall(blank) == "未完成"
    assert OPEN in {verdict for verdict, _, _ in said_by_sheet(blank).values()}
    assert CROSS not in {verdict for verdict, _, _ in said_by_sheet(blank).values()}


@pytest.mark.office
def test_twenty_wrong_forms_show_their_crosses(tmp_path):
    files = recalculated(tmp_path, [form for _, _, form in WRONG.values()])
    wrong = []
    for (name, (code, cell, _)), path in zip(WRONG.items(), files, strict=True):
        verdict, count, place = said_by_sheet(path)[code]
        if (verdict, place) != (CROSS, cell):
            wrong.append((name, code, verdict, count, place))
        wrong += disagreements(path, "nmg-12")
    assert wrong == []
    assert len(WRONG) >= 20


ROW = {"D": "新增培训场次", "E": "正向", "F": "大于等于", "G": 4.0, "H": 2.0, "I": "次", "J": 5.0, "K": 5.0}


@pytest.mark.office
def test_inserted_rows_are_summed_checked_and_offered_lists(tmp_path):
    """Two rows among the indicators of one level, one of them left blank, and a fund row."""
    source = tmp_path / "form.xlsx"
    save_checked(source, filled())
    steps = [insert_rows(14, 2), *(enter(f"{column}15", value) for column, value in ROW.items())]
    steps += [enter("J12", 10.0), enter("K12", 10.0)]
    steps += [insert_rows(7), enter("B7", "单位资金"), enter("C7", 1.0), enter("D7", 1.0), enter("F7", 1.0)]
    path = after_typing(source, steps, tmp_path)
    (form,) = read_file(str(path)).forms
    assert form.indicators[2].level3.value == "新增培训场次"
    assert (len(form.funds), len(form.indicators)) == (5, 8)
    assert (form.total_weight.value, form.total_score.value) == (100, Decimal("98.96"))
    assert form.total_fund.annual_budget.value == 11
    said = said_by_sheet(path)
    assert said["SCO-03"] == (CROSS, 1, "K16")
    assert said["DEV-02"] == (CROSS, 1, "L16")
    assert said["WGT-01"][0] == RIGHT
    assert disagreements(path, "nmg-12") == []
    assert overall(path) == "未完成"


@pytest.mark.office
def test_rows_at_the_edges_and_removed_rows_keep_the_checks_right(tmp_path):
    source = tmp_path / "form.xlsx"
    save_checked(source, filled())
    steps = [insert_rows(19), *(enter(f"{column}19", value) for column, value in ROW.items())]
    steps += [remove_rows(15), insert_rows(12)]
    path = after_typing(source, steps, tmp_path)
    said = said_by_sheet(path)
    assert said["SCO-03"] == (CROSS, 1, "K19")
    assert disagreements(path, "nmg-12") == []


@pytest.mark.office
def test_lists_limits_colours_and_names_follow_inserted_rows(tmp_path):
    source = tmp_path / "form.xlsx"
    save_checked(source, filled())
    path = after_typing(source, [insert_rows(14, 2)], tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    ruled = {cell for each in sheet.data_validations.dataValidation for cell in _cells(str(each.sqref))}
    assert {f"{column}{row}" for column in "BCDEFGHIJKL" for row in (14, 15)} <= ruled
    coloured = {cell for each in sheet.conditional_formatting for cell in _cells(str(each.sqref))}
    assert {f"{column}14" for column in "CDFGHIJKL"} <= coloured
    names = {
        name: each.attr_text.replace("'", "").replace("$", "") for name, each in book.defined_names.items()
    }
    assert names["xltools_indicator_weight"] == "自评表!J12:J20"
    assert names["xltools_total_score"] == "自评表!K21"
    assert names["xltools_fund_total_executed"] == "自评表!F5"
    assert sheet["J21"].value == "=SUM(H5,J12:J20)"
    assert names["xltools_form"].strip('"') == "nmg-12"


def _cells(ranges: str) -> set[str]:
    found = set()
    for each in ranges.split():
        left, top, right, bottom = range_boundaries(each)
        found |= {
            f"{openpyxl.utils.get_column_letter(column)}{row}"
            for column in range(left, right + 1)
            for row in range(top, bottom + 1)
        }
    return found


@pytest.mark.office
def test_the_second_level_list_fits_the_first_level(tmp_path):
    """The formula of the drop-down, asked which names it offers in a row below a merged level 1."""
    source = tmp_path / "form.xlsx"
    save_checked(source, filled())
    sheet = openpyxl.load_workbook(source).worksheets[0]
    rule = next(each for each in sheet.data_validations.dataValidation if "C12" in str(each.sqref))
    asked = {14: "质量指标", 17: "社会效益", 18: "服务对象满意度"}
    steps = []
    for row, word in asked.items():
        offered = rule.formula1.replace("$B12", f"$B{row}").replace(",", ";")
        steps.append(formula(f"Q{row}", f'=SUMPRODUCT(({offered}="{word}")*1)'))
        steps.append(formula(f"R{row}", f'=SUMPRODUCT(({offered}="数量指标")*1)'))
    path = after_typing(source, steps, tmp_path)
    values = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    assert [values[f"Q{row}"].value for row in asked] == [1, 1, 1]
    assert [values[f"R{row}"].value for row in asked] == [1, 0, 0]


@pytest.mark.office
def test_stored_results_are_what_a_second_engine_computes(tmp_path):
    files = [new(tmp_path / name, layout=layout) for layout, name in FILES.items()]
    for ours, theirs in zip(files, convert(files, "xlsx", tmp_path), strict=True):
        computed = {grid.name: grid.cells for grid in every_grid(theirs)}
        wrong = [
            (grid.name, place, cell.value, other)
            for grid in every_grid(ours)
            for place, cell in grid.cells.items()
            if cell.formula is not None
            and cell.value != ((other := computed[grid.name].get(place)) and other.value)
            and not (cell.value == "" and (other is None or other.value == ""))
        ]
        assert wrong == []


@pytest.mark.parametrize("layout", list(FILES))
def test_the_template_needs_nothing_newer_than_excel_2010(tmp_path, layout):
    path = new(tmp_path / "a.xlsx", layout=layout)
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower()]
        for name in archive.namelist():
            found = LATER.search(archive.read(name).decode("utf-8"))
            assert not found, (name, found)


def test_labels_and_formulas_are_locked_inputs_open_and_no_password(tmp_path):
    path = new(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    locked = {
        cell: sheet[cell].protection.locked for cell in ("A2", "C5", "I6", "K5", "J22", "A11", "H5", "N12")
    }
    assert set(locked.values()) == {True}
    opened = (
        "A1",
        "C2",
        "C3",
        "I3",
        "C6",
        "D7",
        "F8",
        "C10",
        "H10",
        "B12",
        "C12",
        "D12",
        "G12",
        "K21",
        "L21",
    )
    assert {cell for cell in opened if sheet[cell].protection.locked} == set()
    assert {sheet[cell].fill.fgColor.rgb for cell in opened} == {"FFFFFBE6"}
    assert sheet.print_area == "'自评表'!$A$1:$L$22"
    assert sheet.print_title_rows == "$11:$11"


def test_every_open_cell_says_in_chinese_what_belongs_there(tmp_path):
    sheet = openpyxl.load_workbook(new(tmp_path / "a.xlsx")).worksheets[0]
    rules = sheet.data_validations.dataValidation
    told = {cell: rule.prompt for rule in rules for cell in _cells(str(rule.sqref))}
    for row in sheet.iter_rows(max_col=12, max_row=22):
        for cell in row:
            if not cell.protection.locked and not isinstance(cell, openpyxl.cell.cell.MergedCell):
                assert told.get(cell.coordinate), cell.coordinate
    assert max(len(words[0]) for words in (*PROMPTS.values(), *REFUSALS.values())) <= 255
    assert set(PROMPTS) <= set(FIELDS)


def test_the_instructions_are_the_words_of_the_messages(tmp_path):
    sheet = openpyxl.load_workbook(new(tmp_path / "a.xlsx"))["填报说明"]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for code in said_by_sheet(tmp_path / "a.xlsx"):
        assert MESSAGES[code].hint[0] in text
    for words in PROMPTS.values():
        assert words[0] in text


def test_the_template_is_still_one_form(tmp_path):
    for layout in FILES:
        reading = read_file(str(new(tmp_path / f"{layout}.xlsx", layout=layout, year=2024, project="甲")))
        (form,) = reading.forms
        assert (form.layout, form.year.value, form.project_name.value) == (layout, 2024, "甲")
        assert form.stated_grade.value is None
        assert form.shifted == ()
