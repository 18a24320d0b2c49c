from __future__ import annotations

import random
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from office import convert, results, same

from xltools.filling import decide, fill, plan
from xltools.form_sheet import FormContent, Formula, FundRow, IndicatorRow
from xltools.model import Entry
from xltools.package import Book, Unpatchable
from xltools.profiles import load_profile
from xltools.template import as_form, new, save

PROFILE = load_profile("nmg")


def number(text: str):
    return Decimal(text) if text.replace(".", "").replace("-", "").isdigit() else text or None


def content(total="- - -", fiscal="5 6 5.5", other="0 1 1", scores=("50", "30", "10"), **total_row):
    def fund(label: str, amounts: str, **more):
        return FundRow(label, *(None if part == "-" else number(part) for part in amounts.split()), **more)

    names = ("产出指标", "效益指标", "满意度指标")
    rows = [
        IndicatorRow(n, "", n, weight=number(s), score=number(s)) for n, s in zip(names, scores, strict=True)
    ]
    line = {"weight": Decimal(10)} | total_row
    funds = (fund("年度资金总额", total, **line), fund("其中：财政拨款", fiscal), fund("其他资金", other))
    return FormContent("nmg-12", 2023, funds, tuple(rows))


def written(sheet: FormContent, **options) -> dict[str, tuple[str, Decimal | str]]:
    return {w.cell: (w.formula, w.value) for w in plan(as_form(sheet), PROFILE, **options)}


def kept(sheet: FormContent) -> list[tuple[str, str, str]]:
    return [(k.cell, k.reason, k.expected) for k in decide(as_form(sheet), PROFILE).kept]


def test_blank_cells_get_formulas_and_exact_results():
    cells = written(content())
    assert cells["D5"] == ("SUM(D6:D7)", Decimal(7))
    assert cells["F5"][1] == Decimal("6.5")
    assert cells["I5"] == ('IF(N(D5)=0,"—",ROUND(F5/D5*100,2))', Decimal("92.86"))
    assert cells["K5"] == ('IF(ISNUMBER(I5),ROUND(MAX(0,MIN(I5,100))/100*H5,2),"—")', Decimal("9.29"))
    assert cells["J14"] == ("SUM(H5,J11:J13)", Decimal(100))
    assert cells["K14"] == ("SUM(K5,K11:K13)", Decimal("99.29"))
    assert set(cells) == {"C5", "D5", "F5", "I5", "I6", "I7", "K5", "J14", "K14"}


def test_a_typed_total_that_differs_stays_and_what_depends_on_it_follows_the_typed_one():
    sheet = content(total="5 10 6.5")
    assert kept(sheet) == [("D5", "typed", "7")]
    assert written(sheet)["I5"][1] == Decimal("65.00")
    assert written(sheet, overwrite=True)["I5"][1] == Decimal("92.86")


def test_a_typed_number_equal_to_the_result_becomes_a_formula():
    assert written(content(total="5.00 7.0 6.5"))["D5"] == ("SUM(D6:D7)", Decimal(7))


@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [
        (content(total="0 0 0", fiscal="0 0 0", other="- - -"), "I5", "—"),
        (content(fiscal="- - -", other="- - -"), "K5", "—"),
        (content(fiscal="5 5 -"), "I6", Decimal("0.00")),
        (content(weight=None), "K5", Decimal("9.29")),
        (content(fiscal="5 6 8"), "I6", Decimal("133.33")),
        (content(fiscal="5 6 8"), "K5", Decimal("10.00")),
    ],
)
def test_zeros_blanks_and_more_than_hundred_percent(sheet, cell, value):
    assert written(sheet)[cell][1] == value


def test_a_blank_weight_takes_the_profile_number_into_the_formula():
    assert written(content(weight=None))["K5"][0].endswith('/100*10,2),"—")')


def test_words_in_an_input_leave_what_depends_on_them_alone():
    sheet = content(fiscal="5 2000万 5.5")
    cells = written(sheet)
    assert not {"D5", "I6", "I5", "K5", "K15"} & set(cells)  # the blank total stays blank
    assert ("D5", "input", "") in kept(sheet)


def test_a_number_stored_as_text_is_not_summed():
    form = as_form(content())
    line = form.funds[1]._replace(annual_budget=form.funds[1].annual_budget._replace(note="text"))
    form = replace(form, funds=(form.funds[0], line, *form.funds[2:]))
    assert "D5" not in {write.cell for write in plan(form, PROFILE)}


def test_a_result_that_stands_there_as_text_becomes_a_formula():
    form = as_form(content(execution_rate=Decimal("92.86")))
    line = form.funds[0]
    rate = line.execution_rate._replace(note="text")
    form = replace(form, funds=(line._replace(execution_rate=rate), *form.funds[1:]))
    assert "I5" in {write.cell for write in plan(form, PROFILE)}


def test_parts_of_a_source_are_not_added_to_it():
    sheet = content(fiscal="8 8 7", other="2 2 2")
    total, fiscal, other = sheet.funds
    parts = (
        FundRow("其中：中央资金", Decimal(5), Decimal(5), Decimal(4)),
        FundRow("省级财政资金", *[Decimal(3)] * 3),
    )
    nested = replace(sheet, funds=(total, fiscal, *parts, other))
    found = decide(as_form(nested), PROFILE)
    assert not {"C5", "D5", "F5", "I5", "K5"} & {write.cell for write in found.writes}
    assert [(each.cell, each.reason) for each in found.kept][:4] == [
        ("C5", "nested"), ("D5", "nested"), ("F5", "nested"), ("I5", "input"),
    ]  # fmt: skip


def test_an_execution_row_among_the_indicators_counts_once():
    sheet = content(weight=None)
    first = sheet.indicators[0]._replace(level1="预算执行率")
    cells = written(replace(sheet, indicators=(first, *sheet.indicators[1:])))
    assert cells["K14"] == ("SUM(K11:K13)", Decimal(90))
    assert "K5" not in cells


def test_indicators_that_hold_the_whole_weight_leave_nothing_for_the_execution():
    sheet = content(scores=("60", "30", "10"), weight=None)
    cells = written(sheet)
    assert "K5" not in cells
    assert [cells[cell][1] for cell in sorted(cells) if cell[0] in "JK"] == [100, 100]


def test_a_sum_that_reaches_over_spare_rows_is_left_as_it_is():
    sheet = content()
    total = Formula("SUM(H5,J11:J20)", Decimal(100))
    assert "J14" not in written(replace(sheet, total_weight=total))


def test_a_formula_of_the_persons_with_another_result_stays_unless_told_otherwise():
    own, sums = Formula("8+2.5", Decimal("10.5")), Formula("90+6", Decimal(96))
    sheet = replace(content(), total_score=sums)
    sheet = replace(sheet, funds=(sheet.funds[0]._replace(initial_budget=own), *sheet.funds[1:]))
    assert {("C5", "formula", "5"), ("K14", "formula", "99.29")} <= set(kept(sheet))
    assert not {"C5", "K14"} & set(written(sheet))
    assert {"C5", "K14"} <= set(written(sheet, overwrite=True))
    short = Formula("SUM(H5,J11:J12)", Decimal(90))
    assert ("J14", "formula", "100") in kept(replace(content(), total_weight=short))


def test_a_formula_with_the_same_result_stays_and_what_follows_from_it_counts_its_own():
    rate = Formula("F5/D5*100", Decimal("92.8571428571429"))
    cells = written(content(execution_rate=rate))
    assert "I5" not in cells
    assert cells["K5"][1] == Decimal("9.29")


def test_a_formula_of_ours_with_an_old_result_and_one_that_shows_an_error_are_written_anew():
    ours = Formula('IF(N(D5)=0,"—",ROUND(F5/D5*100,2))', Decimal(50))
    assert written(content(execution_rate=ours))["I5"][1] == Decimal("92.86")
    form = as_form(content())
    line = form.funds[0]
    wrong = Entry(None, "#DIV/0!", "error", line.execution_rate.place, "F5/D5")
    form = replace(form, funds=(line._replace(execution_rate=wrong), *form.funds[1:]))
    assert "I5" in {write.cell for write in plan(form, PROFILE)}


def test_spare_rows_between_the_indicators_are_inside_the_sum(tmp_path):
    form = as_form(content())
    form = replace(form, rows=form.rows[::2])
    cells = {write.cell: write.formula for write in plan(form, PROFILE)}
    assert cells["J14"] == "SUM(H5,J11:J13)"


def test_the_national_form_keeps_its_fund_rows_out_of_the_total():
    cells = written(replace(content(), layout="mof-std"))
    assert cells["G14"] == ("SUM(G5,G11:G13)", Decimal(100))
    assert cells["H14"][0] == "SUM(I5,H11:H13)"


def test_a_filled_template_needs_nothing(tmp_path):
    for layout in ("nmg-12", "mof-std"):
        path = new(tmp_path / f"{layout}.xlsx", layout=layout, indicators=23)
        assert fill(path, path, profile=PROFILE).writes == ()


@pytest.mark.office
def test_libreoffice_agrees_on_forms_filled_at_random(tmp_path):
    rng = random.Random(5)
    files = []
    for number in range(25):
        source, target = tmp_path / f"s{number}.xlsx", tmp_path / f"f{number}.xlsx"
        save(source, {"自评表": random_form(rng)})
        fill(source, target, profile=PROFILE, overwrite=rng.random() < 0.5)
        files.append(target)
    wrong, count = [], 0
    for ours, theirs in zip(files, convert(files, "xlsx", tmp_path), strict=True):
        stored, computed = results(ours), results(theirs)
        count += len(stored)
        wrong += [
            (ours.name, cell, stored[cell]) for cell in stored if not same(stored[cell], computed[cell])
        ]
    assert wrong == []
    assert count > 100


def random_form(rng: random.Random) -> FormContent:
    def amount():
        if rng.random() < 0.05:
            return "2000万"
        return rng.choice([None, "—", Decimal(0), Decimal(rng.randrange(10**5)) / 100, Decimal(rng.randrange(10**7)) / 10**4])  # fmt: skip

    def points():
        return rng.choice([None, "—", Decimal(rng.randrange(2000)) / 100, Decimal(rng.randrange(20))])

    stated = [amount() if rng.random() < 0.2 else None for _ in range(3)]
    total = FundRow("年度资金总额", *stated, weight=rng.choice([Decimal(10), Decimal(20), None, "—"]))
    labels = ("其中：财政拨款", "上年结转资金", "其他资金")[: rng.randrange(1, 4)]
    sources = [FundRow(label, amount(), amount(), amount(), "—", None, "—") for label in labels]
    rows = [
        IndicatorRow("产出指标", "数量指标", f"指标{i}", target=Decimal(1), weight=points(), score=points())
        for i in range(rng.randrange(3, 9))
    ]
    layout = rng.choice(["nmg-12", "mof-std"])
    return FormContent(
        layout, 2023, (total, *sources), tuple(rows), project_name="项目", goal_expected="目标"
    )


def test_a_cell_that_shows_percent_is_left():
    form = as_form(content(execution_rate=Decimal("92.86")))
    line = form.funds[0]
    rate = Entry(Decimal("92.86"), "92.86%", "ok", line.execution_rate.place, note="ratio")
    form = replace(form, funds=(line._replace(execution_rate=rate), *form.funds[1:]))
    decided = decide(form, PROFILE)
    assert ("I5", "percent") in [(k.cell, k.reason) for k in decided.kept]
    assert "K5" not in {write.cell for write in decided.writes}


def test_indicator_scores_targets_and_actuals_are_never_written():
    assert not any(
        cell[0] in "GHK" and 11 <= int(cell[1:]) <= 13 for cell in written(content(), overwrite=True)
    )


def test_fill_changes_the_sheet_and_nothing_else_and_is_done_after_one_run(tmp_path):
    source, target, again = (tmp_path / name for name in ("甲.xlsx", "乙.xlsx", "丙.xlsx"))
    save(source, {"自评表": content(total="5 10 6.5")})
    before = source.read_bytes()
    planned = fill(source, target, profile=PROFILE, dry_run=True)
    assert not target.exists()
    assert fill(source, target, profile=PROFILE) == planned
    assert source.read_bytes() == before
    assert openpyxl.load_workbook(target, data_only=True)["自评表"]["K14"].value == 96.5
    old, new = zipfile.ZipFile(source), zipfile.ZipFile(target)
    changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert changed == ["xl/worksheets/sheet1.xml"]
    assert fill(target, again, profile=PROFILE).writes == ()
    assert again.read_bytes() == target.read_bytes()


def test_fill_in_place(tmp_path):
    path = tmp_path / "甲.xlsx"
    save(path, {"自评表": content()})
    assert fill(path, path, profile=PROFILE).writes
    assert [p.name for p in tmp_path.iterdir()] == ["甲.xlsx"]


def test_a_blank_percent_cell_is_seen_by_its_format(tmp_path):
    path = tmp_path / "甲.xlsx"
    save(path, {"自评表": content()})
    book = openpyxl.load_workbook(path)
    book["自评表"]["I6"].number_format = "0.00%"
    book.save(path)
    filled = fill(path, tmp_path / "乙.xlsx", profile=PROFILE)
    assert [(k.cell, k.reason, k.expected) for k in filled.kept] == [("I6", "percent", "91.67")]
    assert "I6" not in {write.cell for write in filled.writes}


@pytest.fixture
def sheet_of(tmp_path):
    """The form in a workbook, changed cell by cell, then filled; the file and what was decided."""

    def made(changes, sheet=None, **options):
        source, target = tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"
        save(source, {"自评表": sheet or content()})
        book = openpyxl.load_workbook(source)
        for cell, (value, code) in changes.items():
            book["自评表"][cell] = value
            book["自评表"][cell].number_format = code
        book.save(source)
        return target, fill(source, target, profile=PROFILE, **options)

    return made


@pytest.mark.parametrize("rate", [1, None, "=F5/D5"])
def test_what_refers_to_a_percent_cell_is_left(sheet_of, rate):
    target, done = sheet_of({"I5": (rate, "0.00%"), "K5": (10, "0.00")})
    assert not {"I5", "K5"} & {write.cell for write in done.writes}
    reasons = {k.cell: (k.reason, k.because) for k in done.kept}
    assert reasons["I5"] == ("percent", "")
    assert reasons["K5"] == ("input", "I5")
    assert openpyxl.load_workbook(target)["自评表"]["K5"].value == 10


def test_weights_formatted_as_percent_are_not_added_to_points(sheet_of):
    changes = {f"J{row}": (share, "0%") for row, share in ((11, 0.5), (12, 0.3), (13, 0.1))}
    _, done = sheet_of(changes | {"J10": ("权重（%）", "General")})
    assert ("J14", "input", "J11") in [(k.cell, k.reason, k.because) for k in done.kept]


@pytest.mark.office
def test_libreoffice_agrees_where_cells_are_formatted_as_percent(sheet_of, tmp_path):
    target, _ = sheet_of({"I5": (1, "0.00%"), "I6": ("=F6/D6", "0.00%"), "K5": (10, "0.00")})
    stored, computed = results(target), results(convert([target], "xlsx", tmp_path / "again")[0])
    assert [c for c in stored if stored[c] is not None and not same(stored[c], computed[c])] == []


@pytest.mark.parametrize("label", ["小计", "注：以上为产出", None])
def test_only_a_row_where_nothing_stands_is_inside_the_sum(tmp_path, label):
    source, form = tmp_path / "甲.xlsx", as_form(content())
    save(source, {"自评表": content()})
    book = openpyxl.load_workbook(source)
    book["自评表"].delete_rows(12)
    book["自评表"].insert_rows(12)
    book["自评表"]["A12"] = label
    book.save(source)
    decided = decide(replace(form, rows=form.rows[::2]), PROFILE, paper=Book(source))
    sums = {write.cell: write.formula for write in decided.writes}
    assert sums["J14"] == ("SUM(H5,J11,J13)" if label else "SUM(H5,J11:J13)")


def test_only_packages_can_be_filled():
    assert "xlsx" in str(Unpatchable("not_a_package"))


def test_planning_loads_no_excel_library():
    code = "import sys, xltools.filling; print([m for m in ('lxml', 'xlsxwriter', 'openpyxl', 'zipfile') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "lxml" not in found
    assert "xlsxwriter" not in found
