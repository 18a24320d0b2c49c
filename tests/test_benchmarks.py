"""The corpus of the benchmarks: ordinary workbooks, no two alike, that say what its truth says."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

import xltools
from xltools.interchange import validation

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from casting import mould, written
from contents import MESSES, form
from corpus import make, name_of

SEED, HALF_MESSY = 7, 0.5


def test_a_cast_workbook_is_what_its_writer_would_have_written() -> None:
    forms = [form(SEED, number, HALF_MESSY, unlike=number % 2 == 0) for number in range(1, 81)]
    assert {each.mess for each in forms} == {"", *MESSES}
    assert {each.shape.writer for each in forms} == {"xlsxwriter", "openpyxl", "resaved"}
    for each in forms:
        with zipfile.ZipFile(io.BytesIO(mould(each.shape).cast(each))) as package:
            assert package.testzip() is None
            parts = [(name, package.read(name)) for name in package.namelist()]
        assert parts == list(written(each).items()), each.shape


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_processes(tmp_path: Path) -> None:
    made = []
    for name, forms, jobs in (("one", 5, 1), ("two", 260, 2)):
        make(tmp_path / name, forms, HALF_MESSY, SEED, jobs)
        made.append([(tmp_path / name / name_of(number)).read_bytes() for number in range(1, 6)])
    assert made[0] == made[1]
    assert len(list((tmp_path / "two").iterdir())) == 260
    assert len(json.loads((tmp_path / "two.json").read_text("utf-8"))) == 260


@pytest.mark.parametrize("unlike", [False, True])
def test_the_truth_is_what_is_read_and_recomputed(tmp_path: Path, unlike: bool) -> None:
    make(tmp_path / "forms", 60, HALF_MESSY, SEED, 1, unlike)
    truth = json.loads((tmp_path / "forms.json").read_text("utf-8"))
    files = validation(xltools.validate([tmp_path / "forms"], jobs=1).files)["files"]
    assert len(files) == len(truth) == 60
    for file in files:
        known, (read,) = truth[Path(file["path"]).name], file["forms"]
        assert read["implementing_unit"] == known["unit"]
        assert read["layout"] == known["layout"]
        assert len(read["indicators"]) == known["indicators"]
        assert sum(Decimal(row["weight"]) for row in read["indicators"]) == 90
        assert Decimal(read["total_score"]) == Decimal(known["stated_total"])
        recomputed = read["recomputed"]["total_score"]
        assert (recomputed and Decimal(recomputed)) == (
            known["recomputed_total"] and Decimal(known["recomputed_total"])
        )
        errors = {finding["code"] for finding in file["findings"] if finding["severity"] == "error"}
        assert bool(errors) == (known["mess"] in ("text_amount", "wrong_total", "blank_actual")), known
        if known["mess"] != "text_amount":
            first = read["funds"][0]
            amounts = [first[key] for key in ("initial_budget", "annual_budget", "executed")]
            assert amounts == known["amounts"]
