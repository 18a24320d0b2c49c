"""The data other programs read: fixed keys, plain decimals, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper import nmg, save

import xltools
from xltools.interchange import extraction, form_record, validation
from xltools.reading import read_file
from xltools.tabular import COLUMNS, as_csv, inert, rows

CASES = Path(__file__).parent / "cases"
SAMPLES = Path(__file__).parent.parent / "samples" / "2023"
SEED = json.loads((CASES / "seed.json").read_text("utf-8"))


def record(tmp_path: Path, **changes: object) -> dict[str, object]:
    path = save(tmp_path / "x.xlsx", nmg({**SEED, **changes}))
    return form_record(read_file(str(path)).forms[0])


def test_amounts_have_two_places_and_the_unit_of_the_form(tmp_path: Path) -> None:
    funds = [{**SEED["funds"][0], "annual_budget": "1,234,567.5", "executed": "1e3"}, *SEED["funds"][1:]]
    form = record(tmp_path, funds=funds, funds_unit="元")
    assert form["money_unit"] == "元"
    total = form["funds"][0]
    assert total["annual_budget"] == "1234567.50"
    assert total["executed"] in ("1000.00", None), "never an exponent"


@pytest.mark.parametrize("typed", ["2000万", "五万", "约5", "5..0", "#DIV/0!", "待定"])
def test_text_where_an_amount_belongs_is_null_never_zero(tmp_path: Path, typed: str) -> None:
    funds = [{**SEED["funds"][0], "executed": typed}, *SEED["funds"][1:]]
    assert record(tmp_path, funds=funds)["funds"][0]["executed"] is None


def test_targets_stand_as_typed_beside_their_value(tmp_path: Path) -> None:
    indicators = [
        {**SEED["indicators"][0], "target": "≥１，０００", "actual": "98.5%"},
        *SEED["indicators"][1:],
    ]
    row = record(tmp_path, indicators=indicators)["indicators"][0]
    assert (row["target"], row["target_value"]) == ("≥１，０００", "1000")
    assert (row["actual"], row["actual_value"]) == ("98.5%", "98.5")


def test_every_string_number_is_a_plain_decimal() -> None:
    data = validation(xltools.validate([SAMPLES]).files)
    numbers = re.compile(r"-?\d+(\.\d+)?")
    for file in data["files"]:
        for form in file["forms"]:
            for key, value in form["recomputed"].items():
                if key != "grade" and value is not None:
                    assert re.fullmatch(r"-?\d+\.\d\d", value), (file["path"], key)
            for line in form["funds"]:
                for key in ("initial_budget", "annual_budget", "executed", "execution_rate"):
                    assert line[key] is None or re.fullmatch(r"-?\d+\.\d\d", line[key])
                for key in ("weight", "score"):
                    assert line[key] is None or numbers.fullmatch(line[key])


def test_the_data_survive_json() -> None:
    data = extraction(xltools.extract([SAMPLES]).files)
    assert json.loads(json.dumps(data, ensure_ascii=True)) == data


def test_a_file_that_was_not_read_has_a_reason_in_the_language_asked() -> None:
    (path,) = SAMPLES.glob("*传输中断*")
    for lang in ("zh", "en"):
        (file,) = extraction([read_file(str(path))], lang)["files"]  # type: ignore[arg-type]
        assert (file["status"], file["forms"]) == ("unreadable", [])
        assert file["reason"].isascii() == (lang == "en")


def test_flat_rows_agree_with_the_forms() -> None:
    readings = xltools.extract([SAMPLES]).files
    flat = list(rows(readings))
    assert len(flat) == sum(len(form.indicators) for reading in readings for form in reading.forms)
    read_back = list(csv.DictReader(io.StringIO(as_csv(readings))))
    assert tuple(read_back[0]) == COLUMNS
    assert [row["score"] for row in read_back] == [row["score"] or "" for row in flat]


@given(st.text())
def test_no_text_in_the_csv_runs_as_a_formula(text: str) -> None:
    shown = inert(text)
    assert shown.removeprefix("'") == text.removeprefix("'") or shown == text
    if shown[:1] in ("=", "+", "-", "@", "\t", "\r"):
        Decimal(shown)  # only numbers may begin so


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-5.25", "-5.25"),
        ("=1+1", "'=1+1"),
        ("-2+3", "'-2+3"),
        ("+86", "+86"),
        ("=0", "'=0"),
        ("-²", "'-²"),
        ("—", "—"),
        ("", ""),
        (None, ""),
    ],
)
def test_numbers_stay_numbers(text: str | None, shown: str) -> None:
    assert inert(text) == shown
