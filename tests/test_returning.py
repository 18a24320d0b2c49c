"""Marked copies: the unit's own file with coloured cells and notes; nothing else changes, nothing is lost."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

import xltools
from xltools.returning import COLOURS, return_marked

SAMPLES = Path(__file__).parent.parent / "samples" / "2023"
SEED = SAMPLES / "阿拉善高新区.xlsx"
FAULTY = SAMPLES / "示例三分中心自评表.xlsx"
GOOD = SAMPLES / "示例二分中心自评表（定稿）.xlsx"


def test_every_cell_of_a_finding_is_coloured_and_says_why(tmp_path: Path) -> None:
    (file,) = xltools.validate([SEED]).files
    (copy,) = return_marked([file], tmp_path / "退回")
    assert copy.target == tmp_path / "退回" / SEED.name
    sheet = openpyxl.load_workbook(copy.target)["自评表"]
    worst: dict[str, str] = {}
    for finding in file.findings:
        for cell in finding.cells:
            worst.setdefault(cell, finding.severity)
            note = sheet[cell].comment
            assert note is not None, cell
            assert finding.code in note.text
    for cell, severity in worst.items():
        assert sheet[cell].fill.fgColor.rgb == "FF" + COLOURS[severity], cell  # type: ignore[index]
    marked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert marked == set(worst)


def test_values_and_formulas_stay(tmp_path: Path) -> None:
    (copy,) = return_marked(xltools.validate([FAULTY]).files, tmp_path)
    assert copy.target
    for data_only in (False, True):
        before, after = (openpyxl.load_workbook(path, data_only=data_only) for path in (FAULTY, copy.target))
        assert before.sheetnames == after.sheetnames
        for sheet in before:
            assert list(sheet.values) == list(after[sheet.title].values)
            assert sheet.merged_cells.ranges == after[sheet.title].merged_cells.ranges
    assert zipfile.ZipFile(copy.target).testzip() is None


def test_a_copy_sent_back_unchanged_is_read_like_the_original(tmp_path: Path) -> None:
    first = xltools.validate([SEED]).files[0]
    (copy,) = return_marked([first], tmp_path)
    assert copy.target
    second = xltools.validate([copy.target]).files[0]
    assert second.findings == first.findings
    (again,) = return_marked([second], tmp_path / "再次")
    assert again.target
    sheet = openpyxl.load_workbook(again.target)["自评表"]
    assert sheet["K18"].comment.text.count("SCO-08") == 1, "old notes of ours go"


def test_files_without_findings_make_no_copy(tmp_path: Path) -> None:
    assert return_marked(xltools.validate([GOOD]).files, tmp_path / "退回") == []


def test_two_files_of_one_name_both_get_a_copy(tmp_path: Path) -> None:
    for folder, source in (("甲", SEED), ("乙", FAULTY)):
        (tmp_path / folder).mkdir()
        shutil.copy(source, tmp_path / folder / "自评表.xlsx")
    found = xltools.validate([tmp_path / "甲", tmp_path / "乙"])
    copies = return_marked(found.files, tmp_path / "退回")
    assert sorted(path.name for path in (tmp_path / "退回").iterdir()) == ["自评表.xlsx", "自评表（2）.xlsx"]
    assert all(copy.target for copy in copies)


def test_an_original_is_never_overwritten(tmp_path: Path) -> None:
    own = Path(shutil.copy(SEED, tmp_path / "自评表.xlsx"))
    before = own.read_bytes()
    (copy,) = return_marked(xltools.validate([own]).files, tmp_path)
    assert copy.target is None
    assert copy.problem
    assert own.read_bytes() == before


def test_a_file_that_cannot_be_marked_does_not_stop_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    for source in (SEED, FAULTY):
        shutil.copy(source, folder)
    found = xltools.validate([folder])
    (folder / FAULTY.name).write_bytes(b"gone")
    copies = {Path(copy.source).name: copy for copy in return_marked(found.files, tmp_path / "退回")}
    assert copies[SEED.name].target
    assert copies[FAULTY.name].target is None
    assert copies[FAULTY.name].problem
    assert [path.name for path in (tmp_path / "退回").iterdir()] == [SEED.name]
