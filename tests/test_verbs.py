"""The verbs of the library: what they return, what they raise, and that inputs stay as they are."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xltools
from xltools import package, scoring
from xltools.model import SelfEvaluation
from xltools.profiles import Profile, ProfileError
from xltools.report_text import UnreadableReport
from xltools.sheets import Unreadable
from xltools.verbs import annotate, write_findings

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples" / "2023"
SEED = SAMPLES / "阿拉善高新区.xlsx"
FAULTY = SAMPLES / "示例三分中心自评表.xlsx"
GOOD = SAMPLES / "示例二分中心自评表（定稿）.xlsx"
LEDGER = SAMPLES / "示例六分中心支出台账.xlsx"
BROKEN = SAMPLES / "示例七分中心自评表（传输中断）.xlsx"


def test_read_keeps_every_value_with_its_cell() -> None:
    reading = xltools.read(SEED)
    (form,) = reading.forms
    assert form.total_fund is not None
    executed = form.total_fund.executed
    assert (executed.value, executed.cell) == (Decimal(10), "F5")
    assert form.indicators[0].score.cell == "K12"
    assert (reading.size, len(reading.sha256)) == (SEED.stat().st_size, 64)


@pytest.mark.parametrize(
    ("path", "status"), [(LEDGER, "not_a_form"), (BROKEN, "unreadable"), (ROOT / "no.xlsx", "unreadable")]
)
def test_read_never_raises_for_what_a_file_is(path: Path, status: str) -> None:
    reading = xltools.read(path)
    assert (reading.status, reading.forms) == (status, ())
    assert reading.reason_code


def test_a_form_nobody_foresaw_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_on_one(form: SelfEvaluation, profile: Profile) -> scoring.Assessment:
        if form.source == str(FAULTY):
            raise ZeroDivisionError
        return scoring.assess(form, profile)

    monkeypatch.setattr("xltools.examining.assess", fails_on_one)
    read = {
        Path(file.reading.path).name: file.reading for file in xltools.validate([SEED, FAULTY, GOOD]).files
    }
    assert [read[path.name].status for path in (SEED, FAULTY, GOOD)] == ["read", "unreadable", "read"]
    assert read[FAULTY.name].reason_code == "crashed"


def test_a_copy_nobody_could_mark_stops_no_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails_on_one(source: str, *rest: Any) -> object:
        if source == str(FAULTY):
            raise KeyError("legacyDrawing")
        return package.annotate(source, *rest)

    monkeypatch.setattr("xltools.returning.annotate", fails_on_one)
    copies = {Path(each.source).name: each for each in annotate(xltools.validate([SEED, FAULTY]), tmp_path)}
    assert copies[SEED.name].target is not None
    assert copies[FAULTY.name].target is None


def test_a_single_path_and_a_folder() -> None:
    assert len(xltools.extract([SAMPLES]).files) == 10
    assert [Path(file.path).name for file in xltools.extract([SEED, FAULTY]).files] == [
        SEED.name,
        FAULTY.name,
    ]
    assert len(xltools.extract([SEED, SEED]).files) == 1
    for verb in (xltools.extract, xltools.validate, xltools.fill):
        with pytest.raises(FileNotFoundError):
            verb([ROOT / "没有"])


def test_validate_says_whether_all_is_well() -> None:
    assert xltools.validate([GOOD]).clean
    assert not xltools.validate([SEED]).clean
    assert not xltools.validate([BROKEN]).clean, "a file that was not read is not known to be right"
    with pytest.raises(ProfileError, match="nmg"):
        xltools.validate([GOOD], profile="nope")


def test_findings_between_files() -> None:
    """A copy among the files is told with each of them."""
    found = xltools.validate([SAMPLES])
    twice = [
        Path(f.reading.path).name for f in found.files if any(each.code == "CON-01" for each in f.findings)
    ]
    assert len(twice) == 2
    assert all(name.startswith("示例一分中心") for name in twice)


def test_progress_is_told() -> None:
    seen: list[int] = []
    xltools.extract([SAMPLES], progress=lambda done, total: seen.append(done))
    assert sum(seen) == 10


def test_fill_into_a_copy_a_folder_or_the_file(tmp_path: Path) -> None:
    before = FAULTY.read_bytes()
    (one,) = xltools.fill(FAULTY, tmp_path / "一.xlsx")
    assert (one.source, one.target, one.problem) == (str(FAULTY), tmp_path / "一.xlsx", "")
    assert one.filled
    assert {write.cell for write in one.filled.writes} >= {"C5", "K18"}
    (two,) = xltools.fill([FAULTY], tmp_path / "夹")
    assert two.target == tmp_path / "夹" / FAULTY.name
    (planned,) = xltools.fill(FAULTY, tmp_path / "三.xlsx", dry_run=True)
    assert planned.filled
    assert not (tmp_path / "三.xlsx").exists()
    assert planned.filled.writes == one.filled.writes
    own = Path(shutil.copy(FAULTY, tmp_path / "自己.xlsx"))
    for number, name in enumerate(("自己.备份.xlsx", "自己.备份2.xlsx")):
        if number:
            own.write_bytes(before)
        (placed,) = xltools.fill(own, in_place=True)
        assert placed.backup == tmp_path / name
        assert placed.backup.read_bytes() == before
    assert own.read_bytes() == (tmp_path / "一.xlsx").read_bytes()
    (again,) = xltools.fill(own, in_place=True)
    assert again.backup is None, "nothing to write, nothing to save"
    assert FAULTY.read_bytes() == before


def test_fill_of_what_cannot_be_filled_says_why(tmp_path: Path) -> None:
    for path in (LEDGER, BROKEN):
        (done,) = xltools.fill(path, tmp_path / "x.xlsx")
        assert done.filled is None
        assert done.problem.endswith("。")
    assert list(tmp_path.iterdir()) == []


def test_merge_returns_what_it_wrote(tmp_path: Path) -> None:
    result = xltools.merge(SAMPLES, tmp_path / "汇总.xlsx")
    assert result.written
    assert result.errors > 0
    assert len(result.consolidation.forms) == 7
    assert len(result.left_out) == 3
    assert all(reason.endswith("。") for _, reason in result.left_out)
    refused = xltools.merge(SAMPLES, tmp_path / "无.xlsx", strict=True)
    assert not refused.written
    assert [path.name for path in tmp_path.iterdir()] == ["汇总.xlsx"]
    (tmp_path / "空").mkdir()
    with pytest.raises(FileNotFoundError):
        xltools.merge(tmp_path / "空", tmp_path / "无.xlsx")


def test_of_copies_the_shortest_name_counts(tmp_path: Path) -> None:
    result = xltools.merge(SAMPLES, tmp_path / "汇总.xlsx")
    (copy,) = [path for path, reason in result.left_out if "完全相同" in reason]
    assert copy.endswith("副本.xlsx")


def test_many_copies_are_counted_not_listed(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    for number in range(12):
        shutil.copy(GOOD, folder / f"{number:02}.xlsx")
    result = xltools.merge(folder, tmp_path / "汇总.xlsx")
    assert len(result.consolidation.forms) == 1
    assert [path[-7:] for path, _ in result.left_out] == [f"{number:02}.xlsx" for number in range(1, 12)]
    assert all("等11个文件" in reason for _, reason in result.left_out)


def test_unit_sheets_have_a_limit(tmp_path: Path) -> None:
    xltools.merge(SAMPLES, tmp_path / "多.xlsx")
    xltools.merge(SAMPLES, tmp_path / "少.xlsx", unit_sheets=0)
    more, fewer = (openpyxl.load_workbook(tmp_path / name).sheetnames for name in ("多.xlsx", "少.xlsx"))
    assert len([name for name in more if "示例" in name or "阿拉善" in name]) == 7
    assert [name for name in fewer if "示例" in name or "阿拉善" in name] == []


def test_new_for_both_layouts(tmp_path: Path) -> None:
    for layout in ("nmg-12", "mof-std"):
        path = xltools.new(tmp_path / f"{layout}.xlsx", year=2024, layout=layout, indicators=3)
        (form,) = xltools.read(path).forms
        assert form.layout == layout
        with pytest.raises(FileExistsError):
            xltools.new(path)


def test_report_tells_only_of_the_report(tmp_path: Path) -> None:
    text = tmp_path / "报告.txt"
    text.write_text("绩效评价报告\n一、结论\n自评得分为98分，等级为优。\n", "utf-8")
    found = xltools.report(SEED, check=text)
    assert {finding.code for finding in found if not finding.code.startswith("RPT")} == {"SCO-09"}
    with pytest.raises(FileNotFoundError):
        xltools.report(SEED, check=tmp_path / "无.docx")
    with pytest.raises(Unreadable):
        xltools.report(LEDGER, check=text)
    old = tmp_path / "报告.doc"
    old.write_bytes(b"x")
    with pytest.raises(UnreadableReport, match=r"\.docx"):
        xltools.report(SEED, check=old)


def test_what_was_validated_can_be_sent_back_and_listed(tmp_path: Path) -> None:
    found = xltools.validate([SAMPLES])
    copies = annotate(found, tmp_path / "退回")
    assert {copy.target.name for copy in copies if copy.target} >= {SEED.name, FAULTY.name}
    write_findings(found, tmp_path / "问题.xlsx")
    assert openpyxl.load_workbook(tmp_path / "问题.xlsx").sheetnames[0] == "问题清单"


def test_our_own_workbooks_are_no_returns(tmp_path: Path) -> None:
    shutil.copy(GOOD, tmp_path)
    xltools.merge(tmp_path, tmp_path / "汇总.xlsx")
    (tmp_path / "自评表.备份.xlsx").write_bytes(GOOD.read_bytes())
    for verb in (xltools.extract, xltools.validate):
        result = verb([tmp_path])
        assert len(result.files) == 1
        assert sorted((Path(item.path).name, item.reason_code) for item in result.skipped) == [
            ("汇总.xlsx", "own_output"),
            ("自评表.备份.xlsx", "own_backup"),
        ]
    assert len(xltools.extract([tmp_path / "自评表.备份.xlsx"]).files) == 1, "a file that is named is read"
