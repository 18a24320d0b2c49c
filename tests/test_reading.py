"""The reader on both forms, as typists and office programs leave them."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paper import FUND_FIELDS, Paper, mof, nmg, save

from xltools.messages.interface import COMPARATORS, NATURES
from xltools.model import SelfEvaluation
from xltools.reading import read_file

CASES = Path(__file__).parent / "cases"
SEED = json.loads((CASES / "seed.json").read_text("utf-8"))
NATIONAL = json.loads((CASES / "national.json").read_text("utf-8"))
FORMS = {"nmg": (nmg, SEED), "mof": (mof, NATIONAL)}


def decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal((text or "").rstrip("%"))
    except InvalidOperation:
        return None


def squeezed(text: str | None) -> str | None:
    return "".join((text or "").split()) or None


def read_one(path: Path) -> SelfEvaluation:
    reading = read_file(path)
    assert (reading.status, len(reading.forms)) == ("read", 1), reading.reason_code
    return reading.forms[0]


def differences(form: SelfEvaluation, data: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Every field that was read otherwise than it was written."""
    pairs: list[tuple[Any, ...]] = [
        ("year", form.year.value, data["year"]),
        ("project_name", form.project_name.value, data["project_name"]),
        ("supervising_department", form.supervising_department.value, data["supervising_department"]),
        ("implementing_unit", form.implementing_unit.value, data["implementing_unit"]),
        ("goal_expected", form.goal_expected.value, data["goal_expected"]),
        ("goal_actual", form.goal_actual.value, data["goal_actual"]),
        ("total_weight", form.total_weight.value, decimal(data["total_weight"])),
        ("total_score", form.total_score.value, decimal(data["total_score"])),
        ("funds", len(form.funds), len(data["funds"])),
        ("rows", len(form.rows), len(data["indicators"])),
    ]
    for line, written in zip(form.funds, data["funds"], strict=False):
        pairs.append(("label", line.label.value, squeezed(written["label"])))
        pairs += [(name, getattr(line, name).value, decimal(written[name])) for name in FUND_FIELDS]
    for row, written in zip(form.rows, data["indicators"], strict=False):
        pairs += [
            (n, squeezed(getattr(row, n).value), squeezed(written[n])) for n in ("level1", "level2", "level3")
        ]
        pairs += [(n, getattr(row, n).value, decimal(written[n])) for n in ("weight", "score")]
        pairs += [("deviation", row.deviation.value, written["deviation"] or None)]
        for name in ("target", "actual"):
            raw, wanted = getattr(row, name).raw, written[name] or ""
            pairs.append(
                (name, raw, wanted) if decimal(wanted) is None else (name, decimal(raw), decimal(wanted))
            )
        if written["nature"]:
            pairs.append(("nature", row.nature.value and NATURES[row.nature.value][0], written["nature"]))
            pairs.append(
                (
                    "direction",
                    row.direction.value and COMPARATORS[row.direction.value][0],
                    written["direction"] or None,
                )
            )
            pairs.append(("unit", row.unit.value, written["unit"] or None))
    return [(name, got, wanted) for name, got, wanted in pairs if got != wanted]


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("as_text", [False, True])
def test_every_value_is_read(kind: str, as_text: bool, tmp_path: Path) -> None:
    draw, data = FORMS[kind]
    form = read_one(save(tmp_path / "x.xlsx", draw(data, as_text=as_text)))
    assert differences(form, data) == []
    assert form.layout == {"nmg": "nmg-12", "mof": "mof-std"}[kind]
    assert form.bands == {"funds", "goals", "indicators", "total"}


def test_the_comparison_can_fail(tmp_path: Path) -> None:
    form = read_one(save(tmp_path / "x.xlsx", nmg(SEED)))
    wrong = json.loads(json.dumps(SEED))
    wrong["funds"][1]["executed"] = "5.01"
    wrong["indicators"][3]["level3"] = "别的名称"
    assert [name for name, _, _ in differences(form, wrong)] == ["executed", "level3"]


inserts = st.lists(
    st.tuples(st.sampled_from(["rows", "columns"]), st.integers(1, 22), st.integers(1, 3)),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("kind", FORMS)
@given(inserts=inserts, as_text=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_inserted_rows_and_columns_move_nothing(
    kind: str, inserts: list[tuple[str, int, int]], as_text: bool, tmp_path: Path
) -> None:
    draw, data = FORMS[kind]
    paper = draw(data, as_text=as_text)
    for what, at, count in inserts:
        getattr(paper, f"insert_{what}")(at, count)
    form = read_one(save(tmp_path / "x.xlsx", paper))
    assert differences(form, data) == []
    assert form.shifted == ()


def full_width(value: object) -> object:
    if not isinstance(value, str):
        return value
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)


def test_full_width_digits_and_signs(tmp_path: Path) -> None:
    paper = mof(NATIONAL, as_text=True)
    paper.cells = {place: full_width(value) for place, value in paper.cells.items()}  # type: ignore[misc]
    form = read_one(save(tmp_path / "x.xlsx", paper))
    assert [line.annual_budget.value for line in form.funds] == [8, 8, None, None]
    target = form.indicators[0].target.value
    assert target is not None
    assert (target.number, target.comparator, target.unit) == (40, "ge", "个")
    assert form.year.value == 2023


def test_a_missing_fund_row_and_other_title_rows(tmp_path: Path) -> None:
    data = {**SEED, "funds": [SEED["funds"][0], SEED["funds"][1], SEED["funds"][3]]}
    paper = nmg(data)
    paper.insert_rows(1, 3)
    paper.put(1, 1, "附件2")
    paper.put(2, 1, "阿拉善盟2023年度部门决算公开")
    form = read_one(save(tmp_path / "x.xlsx", paper))
    assert differences(form, data) == []
    assert [line.kind for line in form.funds] == ["total", "fiscal", "other"]


def test_the_form_stands_on_another_sheet(tmp_path: Path) -> None:
    notes, list_sheet = Paper("填报说明"), Paper("名单")
    notes.put(1, 1, "填报说明：请按一级指标、二级指标、三级指标逐项填写年度指标值。")
    list_sheet.put(1, 1, "项目名称")
    list_sheet.put(2, 1, "某项目")
    form = read_one(save(tmp_path / "x.xlsx", notes, list_sheet, nmg(SEED)))
    assert form.sheet == "自评表"
    assert differences(form, SEED) == []


def test_a_form_on_each_of_two_sheets(tmp_path: Path) -> None:
    reading = read_file(save(tmp_path / "x.xlsx", nmg(SEED), mof(NATIONAL)))
    assert [form.layout for form in reading.forms] == ["nmg-12", "mof-std"]
    assert [differences(f, d) for f, d in zip(reading.forms, (SEED, NATIONAL), strict=True)] == [[], []]


def test_two_forms_below_each_other(tmp_path: Path) -> None:
    upper, lower = nmg(SEED), nmg({**SEED, "project_name": "另一项目"})
    below = max(row for row, _ in upper.cells) + 2
    lower.insert_rows(1, below)
    upper.cells.update(lower.cells)
    upper.merges += lower.merges
    reading = read_file(save(tmp_path / "x.xlsx", upper))
    assert [form.project_name.value for form in reading.forms] == [SEED["project_name"], "另一项目"]
    assert [len(form.indicators) for form in reading.forms] == [6, 6]


def test_a_fragment_behind_a_page_break_lost_its_first_column(tmp_path: Path) -> None:
    """The seed's own table: four rows come back without column A, shifted by one."""
    paper = nmg(SEED)
    paper.merges = [merge for merge in paper.merges if merge[2] < 12]
    for row in range(15, 19):
        moved = {(r, c - 1): v for (r, c), v in paper.cells.items() if r == row and c > 1}
        first = {(row, 1): v for (r, c), v in paper.cells.items() if r == row and c == 1}
        paper.cells = {**{k: v for k, v in paper.cells.items() if k[0] != row}, **first, **moved}
    form = read_one(save(tmp_path / "x.xlsx", paper))
    assert differences(form, SEED) == []
    assert [place.row for place in form.shifted] == [15, 16, 17]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("2000万", "text"),
        ("约5", "text"),
        ("1,23,4", "text"),
        ("#DIV/0!", "error"),
        ("—", "dash"),
        ("　", "blank"),
    ],
)
def test_text_in_a_money_cell_is_never_a_number(text: str, state: str, tmp_path: Path) -> None:
    paper = nmg(SEED)
    paper.cells[6, 4] = text
    entry = read_one(save(tmp_path / "x.xlsx", paper)).funds[1].annual_budget
    assert (entry.value, entry.raw.strip("　"), entry.state) == (None, text.strip("　"), state)
    assert entry.cell == "D6"


@pytest.mark.parametrize(
    ("text", "value"),
    [("1，234.50", "1234.50"), ("５．００", "5"), (" 5 ", "5"), ("5.00万元", "5"), ("-5", "-5")],
)
def test_numbers_in_text_are_understood_and_noted(text: str, value: str, tmp_path: Path) -> None:
    paper = nmg(SEED)
    paper.cells[6, 4] = text
    entry = read_one(save(tmp_path / "x.xlsx", paper)).funds[1].annual_budget
    assert entry.value == Decimal(value)
    assert entry.note in ("text", "unit_in_cell")


@pytest.mark.parametrize(
    ("value", "number_format", "rate"),
    [
        (1, "0%", "100"),
        (0.8618, "0.00%", "86.18"),
        (86.18, "0.00", "86.18"),
        ("86.18%", "@", "86.18"),
        (1, "0", "1"),
    ],
)
def test_percent_in_the_format_or_in_the_header(
    value: Any, number_format: str, rate: str, tmp_path: Path
) -> None:
    paper = nmg(SEED)
    paper.put(5, 9, value, format=number_format)
    assert read_one(save(tmp_path / "x.xlsx", paper)).funds[0].execution_rate.value == Decimal(rate)


def test_a_ratio_under_a_header_without_percent(tmp_path: Path) -> None:
    """``0.8`` for 80 % is taken as such only because the amounts say the same."""
    paper = mof(NATIONAL)
    paper.put(6, 9, 0.8)
    line = read_one(save(tmp_path / "x.xlsx", paper)).funds[0]
    assert (line.execution_rate.value, line.execution_rate.note) == (80, "ratio")
    paper.put(6, 9, 0.7)
    assert read_one(save(tmp_path / "x.xlsx", paper)).funds[0].execution_rate.value == Decimal("0.7")


def test_error_values_and_money_in_yuan(tmp_path: Path) -> None:
    paper = nmg({**SEED, "funds_unit": "元"})
    paper.cells[5, 9] = "=1/0"
    form = read_one(save(tmp_path / "x.xlsx", paper))
    assert form.unit == "元"
    assert form.funds[0].execution_rate.state == "uncached"


def test_what_is_no_form(tmp_path: Path) -> None:
    target_table = Paper("绩效目标申报表")
    for column, label in enumerate(("一级指标", "二级指标", "三级指标", "指标值"), 1):
        target_table.put(3, column, label)
    ledger = Paper("台账")
    for column, label in enumerate(("项目名称", "全年预算数", "全年执行数"), 1):
        ledger.put(1, column, label)
    ledger.put(2, 2, 5)
    reading = read_file(save(tmp_path / "x.xlsx", target_table, ledger))
    assert (reading.status, reading.reason_code) == ("not_a_form", "not_a_form")
    assert reading.sha256


def test_a_form_without_its_indicator_band_is_still_a_form(tmp_path: Path) -> None:
    paper = nmg(SEED)
    paper.cells = {place: value for place, value in paper.cells.items() if place[0] < 11}
    form = read_one(save(tmp_path / "x.xlsx", paper))
    assert form.bands == {"funds", "goals"}
    assert form.funds[0].executed.value == 10


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    (tmp_path / "空.xlsx").write_bytes(b"")
    whole = save(tmp_path / "x.xlsx", nmg(SEED)).read_bytes()
    (tmp_path / "半截 文件.xlsx").write_bytes(whole[: len(whole) // 2])
    codes = {p.name: read_file(p).reason_code for p in sorted(tmp_path.glob("*.xlsx"))}
    assert codes == {"x.xlsx": None, "半截 文件.xlsx": "damaged", "空.xlsx": "empty"}
    missing = read_file(tmp_path / "没有.xlsx")
    assert (missing.status, missing.reason_code) == ("unreadable", "missing")
