"""Every published family of the form, plain and as people and programs disfigure it."""

from __future__ import annotations

import json
import random
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
from families import FAMILIES, draw
from paper import Paper, save

from xltools.messages.interface import LAYOUTS, NOTES
from xltools.model import SelfEvaluation
from xltools.reading import read_file

FACTS = json.loads((Path(__file__).parent / "cases" / "families.json").read_text("utf-8"))
SIGNED = {"sichuan", "yunnan", "chongqing"}
LAYOUT = {
    "central": "mof-std",
    "lettered": "mof-std",
    "sichuan": "sc-0013zp",
    "rural": "rural-ab",
    "hubei": "hb-ab20",
    "yunnan": "yn-2line",
    "department": "whole-dept",
    "hunan_department": "whole-dept",
    "transfer": "transfer",
    "managed": "transfer",
    "chongqing": "cq-flat",
    "online": "mof-std",
}
FUNDS = {
    "rural": ("annual_budget", "executed", "weight", "execution_rate", "score"),
    "hubei": ("annual_budget", "executed", "execution_rate", "score"),
    "transfer": ("annual_budget", "executed", "execution_rate"),
    "managed": ("annual_budget", "executed", "execution_rate"),
}
ALL_FUNDS = ("initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score")
NO_SCORES = {"transfer", "managed"}
NO_GOALS = {"hubei"}


def facts_of(family: str) -> dict[str, Any]:
    facts = json.loads(json.dumps(FACTS["signed" if family in SIGNED else "plain"]))
    if family == "hunan_department":
        facts["funds"] = facts["funds"][:1]
    if family in ("hunan_department", "transfer", "managed"):
        facts["total_weight"] = facts["total_score"] = None
    return facts


def squeezed(text: Any) -> str | None:
    return "".join(str(text or "").split()) or None


def decimal(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text or "").rstrip("%"))
    except InvalidOperation:
        return None


def read_one(path: Path) -> SelfEvaluation:
    reading = read_file(path)
    assert (reading.status, len(reading.forms)) == ("read", 1), reading.reason_code
    return reading.forms[0]


def shown(raw: str, wanted: Any) -> tuple[Any, Any]:
    """A target or an actual as it stands, numbers compared as numbers."""
    if decimal(raw) is not None and decimal(wanted) is not None:
        return decimal(raw), decimal(wanted)
    return squeezed(raw), squeezed(wanted)


def wrong(form: SelfEvaluation, facts: dict[str, Any], family: str) -> list[tuple[Any, ...]]:
    pairs: list[tuple[Any, ...]] = [("year", form.year.value, int(facts["year"]))]
    names = (
        ["supervising_department"]
        if "department" in family
        else ["project_name", "supervising_department", "implementing_unit"]
    )
    pairs += [(name, getattr(form, name).value, facts[name]) for name in names]
    if family not in NO_GOALS:
        pairs += [(name, getattr(form, name).value, facts[name]) for name in ("goal_expected", "goal_actual")]
    pairs.append(("total_score", form.total_score.value, decimal(facts["total_score"])))
    pairs.append(("funds", len(form.funds), len(facts["funds"])))
    for line, written in zip(form.funds, facts["funds"], strict=False):
        pairs.append(("label", squeezed(line.label.value), squeezed(written["label"])))
        pairs += [(n, getattr(line, n).value, decimal(written[n])) for n in FUNDS.get(family, ALL_FUNDS)]
    indicators = [row for row in facts["indicators"] if row["level3"] or family != "chongqing"]
    pairs.append(("rows", len(form.rows), len(indicators)))
    for row, written in zip(form.rows, indicators, strict=False):
        levels = ("level3",) if family == "chongqing" else ("level1", "level2", "level3")
        pairs += [(n, squeezed(getattr(row, n).value), squeezed(written[n])) for n in levels]
        pairs += [(n, *shown(getattr(row, n).raw, written[n])) for n in ("target", "actual")]
        scores = () if family in NO_SCORES else ("score",) if family == "hubei" else ("weight", "score")
        pairs += [(n, getattr(row, n).value, decimal(written[n])) for n in scores]
        if family != "hubei":
            pairs.append(("deviation", row.deviation.value, written["deviation"]))
        if family in SIGNED:
            pairs.append(("unit", row.unit.value, written["unit"] or None))
    return [pair for pair in pairs if pair[1] != pair[2]]


def full_width(value: object) -> object:
    return (
        "".join(chr(ord(c) + 0xFEE0) if c in "():,;%0123456789" else c for c in value)
        if isinstance(value, str)
        else value
    )


def half_width(value: object) -> object:
    table = str.maketrans("（）：，；％", "():,;%")
    return value.translate(table) if isinstance(value, str) else value


def spaced(value: object) -> object:
    """A space in each short label, as typists justify them."""
    return (
        " ".join(value) if isinstance(value, str) and 2 <= len(value) <= 6 and not value.isascii() else value
    )


def shift(paper: Paper, rows: int, columns: int) -> None:
    paper.insert_rows(1, rows)
    paper.insert_columns(1, columns)


def cover(paper: Paper) -> None:
    """Cells under a merge that repeat its first one."""
    for top, left, bottom, right in paper.merges:
        value = paper.cells.get((top, left))
        if value is not None and (bottom - top + 1) * (right - left + 1) <= 40:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    paper.cells[row, column] = value


def unmerge(paper: Paper) -> None:
    paper.merges = [merge for merge in paper.merges if merge[2] > merge[0]]


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_plain(family: str, as_text: bool, tmp_path: Path) -> None:
    facts = facts_of(family)
    form = read_one(save(tmp_path / "x.xlsx", draw(family, facts, as_text)))
    assert wrong(form, facts, family) == []
    assert form.layout == LAYOUT[family]
    assert form.layout in LAYOUTS
    assert form.scored is (family not in NO_SCORES)


@pytest.mark.parametrize("family", FAMILIES)
def test_disfigured(family: str, tmp_path: Path) -> None:
    facts = facts_of(family)
    for name, disfigure in {
        "shifted": lambda p: shift(p, 3, 2),
        "covered": cover,
        "merges across lost": unmerge,
        "noted": lambda p: p.cells.update({(4, 15): "请核对", (9, 16): 12345, (14, 15): "100"}),
    }.items():
        paper = draw(family, facts)
        disfigure(paper)
        if name == "covered":
            path = covered_file(tmp_path / "x.xlsx", paper)
        else:
            path = save(tmp_path / "x.xlsx", paper)
        assert (name, wrong(read_one(path), facts, family)) == (name, [])


def covered_file(path: Path, paper: Paper) -> Path:
    """openpyxl empties covered cells when it merges; put them back behind its back."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.cell_range import CellRange

    book = Workbook()
    sheet = book.active
    for (row, column), value in paper.cells.items():
        sheet.cell(row, column, value).number_format = paper.formats.get((row, column), "General")
    for top, left, bottom, right in paper.merges:
        sheet.merged_cells.ranges.add(
            CellRange(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")
        )
    book.save(path)
    return path


@pytest.mark.parametrize("write", [full_width, half_width, spaced])
@pytest.mark.parametrize("family", FAMILIES)
def test_punctuation_and_spaces(family: str, write: Any, tmp_path: Path) -> None:
    facts = facts_of(family)
    paper = draw(family, facts, as_text=True)
    values = {str(v) for line in (*facts["funds"], *facts["indicators"]) for v in line.values() if v}
    names = {
        facts[n]
        for n in (
            "project_name",
            "supervising_department",
            "implementing_unit",
            "goal_expected",
            "goal_actual",
        )
    }
    paper.cells = {
        place: value if value in names or (write is not full_width and value in values) else write(value)
        for place, value in paper.cells.items()
    }
    form = read_one(save(tmp_path / "x.xlsx", paper))
    left = [
        pair
        for pair in wrong(form, facts, family)
        if half_width(full_width(pair[1])) != half_width(full_width(pair[2]))
    ]
    assert left == [] or {pair[0] for pair in left} <= {
        "target",
        "actual",
        "level3",
        "deviation",
        "label",
        "level1",
        "unit",
        "level2",
    }
    numbers = {
        "weight",
        "score",
        "executed",
        "annual_budget",
        "initial_budget",
        "execution_rate",
        "total_score",
        "rows",
        "funds",
    }
    assert [pair for pair in left if pair[0] in numbers] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_rows_and_columns_inserted_anywhere(family: str, tmp_path: Path) -> None:
    facts = facts_of(family)
    rng = random.Random(family)
    for _ in range(12):
        paper = draw(family, facts, as_text=rng.random() < 0.5)
        for _ in range(rng.randint(1, 4)):
            if rng.random() < 0.5:
                paper.insert_rows(rng.randint(1, 24), rng.randint(1, 2))
            else:
                paper.insert_columns(rng.randint(1, 12), rng.randint(1, 2))
        assert wrong(read_one(save(tmp_path / "x.xlsx", paper)), facts, family) == []


@pytest.mark.parametrize("family", ["central", "sichuan", "rural", "yunnan", "hubei"])
def test_a_header_that_comes_again_on_the_next_page(family: str, tmp_path: Path) -> None:
    facts = facts_of(family)
    paper = draw(family, facts)
    header = max(row for (row, _), value in paper.cells.items() if value == "三级指标")
    paper.insert_rows(header + 4)
    for column in range(1, 13):
        if (header, column) in paper.cells:
            paper.cells[header + 4, column] = paper.cells[header, column]
        if family == "yunnan" and (header - 1, column) in paper.cells and column > 6:
            paper.cells[header + 4, column] = paper.cells[header - 1, column]
    form = read_one(save(tmp_path / "x.xlsx", paper))
    names = [row.level3.value for row in form.rows]
    assert names == [row["level3"] for row in facts["indicators"]]
    assert [row.score.value for row in form.rows] == [decimal(row["score"]) for row in facts["indicators"]]


def test_two_forms_side_by_side(tmp_path: Path) -> None:
    left, right = facts_of("central"), {**facts_of("central"), "project_name": "示例另一项目"}
    paper, other = draw("central", left), draw("central", right)
    other.insert_columns(1, 12)
    paper.cells.update(other.cells)
    paper.merges += other.merges
    forms = read_file(save(tmp_path / "x.xlsx", paper)).forms
    assert [form.project_name.value for form in forms] == [left["project_name"], "示例另一项目"]
    assert [wrong(f, d, "central") for f, d in zip(forms, (left, right), strict=True)] == [[], []]


def test_several_families_below_each_other(tmp_path: Path) -> None:
    families = ["central", "sichuan", "hubei", "yunnan"]
    paper = Paper("Sheet1")
    for family in families:
        below = max((row for row, _ in paper.cells), default=0) + 2
        part = draw(family, facts_of(family))
        part.insert_rows(1, below)
        paper.cells.update(part.cells)
        paper.merges += part.merges
    forms = read_file(save(tmp_path / "x.xlsx", paper)).forms
    assert [wrong(form, facts_of(f), f) for form, f in zip(forms, families, strict=True)] == [[]] * 4


def test_a_hidden_sheet_is_read_and_said_to_be_hidden(tmp_path: Path) -> None:
    import openpyxl

    path = save(tmp_path / "x.xlsx", Paper("封面"), draw("central", facts_of("central")))
    book = openpyxl.load_workbook(path)
    book["Sheet1"].sheet_state = "hidden"
    book["封面"]["A1"] = "封面"
    book.save(path)
    assert read_one(path).hidden is True


# --- cells ------------------------------------------------------------------------------------


def with_indicator(tmp_path: Path, **changes: Any) -> Any:
    facts = facts_of("central")
    facts["indicators"][-1].update(changes)
    return read_one(save(tmp_path / "x.xlsx", draw("central", facts, as_text=True))).rows[-1]


@pytest.mark.parametrize("text", ["290%", "工90%", "^90%", "5=50%", "290$", "295％"])
def test_a_destroyed_sign_is_reported_and_not_guessed(text: str, tmp_path: Path) -> None:
    row = with_indicator(tmp_path, target=text)
    assert (row.target.value, row.target.state) == (None, "text")
    assert row.target.raw == text
    assert row.target.note == "misread_sign"
    assert row.target.note in NOTES


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("产值增长率", "290%", 290),
        ("学员满意度", "200%", 200),
        ("学员满意度", "≥90%", 90),
        ("参训人数", "290", 290),
    ],
)
def test_what_may_be_right_is_read(name: str, text: str, value: int, tmp_path: Path) -> None:
    row = with_indicator(tmp_path, level3=name, target=text)
    assert row.target.value is not None
    assert row.target.value.number == value


@pytest.mark.parametrize(
    "text",
    [
        "9月前",
        "2021年12月31日",
        "2021年底",
        "12月底之前",
        "2021.1.1-12.31",
        "18—54周岁",
        "10日前",
        "5-8次",
        "每亩300",
        "3季度",
    ],
)
def test_dates_and_ranges_stay_text(text: str, tmp_path: Path) -> None:
    row = with_indicator(tmp_path, target=text)
    assert (row.target.value, row.target.state, row.target.raw) == (None, "text", text)


@pytest.mark.parametrize(
    ("text", "unit", "value", "note"),
    [
        ("58000元", "万元", "5.8", "money_converted"),
        ("1.2亿元", "万元", "12000", "money_converted"),
        ("5.8万元", "元", "58000", "money_converted"),
        ("5.8万元", "万元", "5.8", "unit_in_cell"),
        ("5.8万", "万元", None, None),
        ("5.8", "亿元", "58000", "money_converted"),
        ("５８，０００．５０", "元", "58000.50", "text"),
        ("约5万元", "万元", None, None),
    ],
)
def test_money_in_other_units(
    text: str, unit: str, value: str | None, note: str | None, tmp_path: Path
) -> None:
    facts = {**facts_of("central"), "funds_unit": unit}
    facts["funds"][1]["executed"] = text
    form = read_one(save(tmp_path / "x.xlsx", draw("central", facts, as_text=True)))
    entry = form.funds[1].executed
    assert entry.value == (None if value is None else Decimal(value))
    assert entry.note == note
    assert entry.raw == text
    assert form.unit == ("元" if unit == "元" else "万元")


def test_a_format_that_shows_another_amount_decides_nothing(tmp_path: Path) -> None:
    paper = draw("central", facts_of("central"))
    place = next(p for p, v in paper.cells.items() if v == 83.5)
    paper.put(*place, 58000, format='0!.0,"万"')
    entry = read_one(save(tmp_path / "x.xlsx", paper)).funds[1].executed
    assert (entry.value, entry.state, entry.note) == (None, "text", "shown_otherwise")


def test_a_stale_value_under_a_merge_is_not_read(tmp_path: Path) -> None:
    paper = draw("central", facts_of("central"))
    row = next(r for (r, _), v in paper.cells.items() if v == "其他资金")
    paper.cells[row, 5] = 999
    form = read_one(covered_file(tmp_path / "x.xlsx", paper))
    assert form.funds[3].initial_budget.state == "blank"


def test_left_over_names_are_unused_rows(tmp_path: Path) -> None:
    for text in ("指标2：", "……", "指标3:", "…"):
        row = with_indicator(tmp_path, level3=text, target=None, actual=None, weight=None, score=None)
        assert row.unused
        assert row.level3.raw == text


def test_the_points_printed_on_the_form_weigh_the_execution(tmp_path: Path) -> None:
    line = read_one(save(tmp_path / "x.xlsx", draw("hubei", facts_of("hubei")))).funds[0]
    assert (line.weight.value, line.weight.note) == (20, "printed")


def test_lists_of_targets_or_of_a_reviewer_are_no_forms(tmp_path: Path) -> None:
    for labels in (
        ("一级指标", "二级指标", "三级指标", "指标值", "说明"),
        ("一级指标", "二级指标", "三级指标", "分值", "评价标准", "得分"),
    ):
        paper = Paper()
        for column, label in enumerate(labels, 1):
            paper.put(1, column, label)
            paper.put(2, column, "5")
        assert read_file(save(tmp_path / "x.xlsx", paper)).status == "not_a_form"


# --- explaining -------------------------------------------------------------------------------


def test_explain_says_where_and_why_and_what_to_add(tmp_path: Path) -> None:
    from xltools.explaining import explain_file

    paper = draw("central", facts_of("central"))
    place = next(p for p, v in paper.cells.items() if v == "实际完成值")
    paper.cells[place] = "实际完成数值"
    lines = explain_file(save(tmp_path / "x.xlsx", paper))
    text = "\n".join(lines)
    assert "项目名称：D3" in text
    assert "标签“项目名称”（A3）" in text
    assert 'actual = ["实际完成数值"]' in text
    assert "XLTOOLS_VOCABULARY" in text
    assert explain_file(tmp_path / "没有.xlsx")[1].startswith("  找不到文件")


def test_a_vocabulary_of_ones_own_teaches_a_label(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    paper = draw("central", facts_of("central"))
    place = next(p for p, v in paper.cells.items() if v == "实际完成值")
    paper.cells[place] = "本年真实结果"
    path = save(tmp_path / "x.xlsx", paper)
    own = tmp_path / "本地词汇.toml"
    own.write_text('[indicator_column]\nactual = ["本年真实结果"]\n', "utf-8")
    code = "import sys; from xltools.reading import read_file; print(read_file(sys.argv[1]).forms[0].rows[0].actual.raw)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    without = subprocess.run(
        [sys.executable, "-c", code, str(path)], env=environment, capture_output=True, text=True, check=True
    )
    taught = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env={**environment, "XLTOOLS_VOCABULARY": str(own)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (without.stdout.strip(), taught.stdout.strip()) == ("", "42")


def test_the_json_says_what_was_normalised(tmp_path: Path) -> None:
    from xltools.interchange import form_record

    form = read_one(save(tmp_path / "x.xlsx", draw("central", facts_of("central"))))
    assert {"cell": form.rows[-1].actual.cell, "text": "290%", "note": "misread_sign"} in form_record(form)[
        "notes"
    ]
