"""The console script as people run it: real processes, a folder with spaces and Chinese in its name."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xltools
from xltools.__main__ import run
from xltools.rulebook import catalogue

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples" / "2023"
SEED = "阿拉善高新区.xlsx"
GOOD = "示例二分中心自评表（定稿）.xlsx"
FAULTY = "示例三分中心自评表.xlsx"
LEDGER = "示例六分中心支出台账.xlsx"
BROKEN = "示例七分中心自评表（传输中断）.xlsx"

_SCRIPT = Path(sys.executable).with_name("xltools.exe" if os.name == "nt" else "xltools")
COMMAND = [str(_SCRIPT)] if _SCRIPT.exists() else [sys.executable, "-m", "xltools"]


def environment(encoding: str) -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": path, "COLUMNS": "100"}


class Run:
    """What one call did: exit code, data, messages."""

    def __init__(self, *arguments: object, encoding: str = "utf-8") -> None:
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            capture_output=True,
            timeout=300,
            env=environment(encoding),
            stdin=subprocess.DEVNULL,
        )
        self.code = done.returncode
        errors = "replace" if encoding == "ascii" else "strict"  # help is written as UTF-8 then
        self.out = done.stdout.decode(encoding, errors).replace("\r\n", "\n")
        self.err = done.stderr.decode(encoding, errors).replace("\r\n", "\n")
        assert "Traceback" not in self.err, self.err
        assert "意外错误" not in self.err, self.err

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLES, tmp_path / "报送 材料（2023 年）"))


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def sheet_rows(workbook: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a list, by the header row that holds 来源文件."""
    rows = list(openpyxl.load_workbook(workbook, data_only=True)[sheet].values)
    start = next(number for number, row in enumerate(rows) if "来源文件" in row)
    header = rows[start]
    return [dict(zip(header, row, strict=True)) for row in rows[start + 1 :] if any(row)]


# --- help and reference ---------------------------------------------------------------------------------------


def test_help_and_version() -> None:
    assert Run("--version").out == f"{xltools.__version__}\n"
    shown = Run("--help")
    assert shown.code == 0
    for name in ("new", "validate", "fill", "extract", "merge", "report", "rules"):
        assert re.search(rf"^ +{name} ", shown.out, re.M), name
        assert Run(name, "--help").code == 0


def test_a_wrong_call_is_2_and_prints_no_data() -> None:
    for wrong in (
        ("read",),
        ("new",),
        ("merge", "x"),
        ("validate", "x", "--format", "pdf"),
        ("new", "a.xlsx", "--year", "23"),
    ):
        run = Run(*wrong)
        assert (run.code, run.out) == (2, ""), wrong
        assert run.err


def test_a_layout_there_is_not_lists_those_there_are(tmp_path: Path) -> None:
    from typing import get_args

    from xltools.cli import Layout
    from xltools.form_sheet import FormLayout

    assert tuple(Layout) == get_args(FormLayout)
    run = Run("new", tmp_path / "a.xlsx", "--layout", "nmg")
    assert run.code == 2
    assert all(layout in run.err for layout in Layout)


def test_a_form_has_a_name_excel_opens(tmp_path: Path) -> None:
    for name in ("a.xls", "foo"):
        run = Run("new", tmp_path / name)
        assert (run.code, ".xlsx" in run.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_result_replaces_no_form(folder: Path) -> None:
    before = hashes(folder)
    form = folder / GOOD
    for words in (
        ("validate", form, "--format", "xlsx", "-o", form),
        ("extract", folder, "-o", form),
        ("fill", folder / FAULTY, "-o", form),
        ("fill", form, "-o", folder / "副本.xlsx", "--in-place"),
    ):
        run = Run(*words)
        assert run.code == 2, words
        assert run.err
    assert hashes(folder) == before


def test_fill_names_what_it_passed_over(tmp_path: Path) -> None:
    assert "没有可读取的表格文件" in Run("fill", tmp_path, "-o", tmp_path / "out").err
    (tmp_path / "说明.txt").write_text("x")
    shutil.copy(SAMPLES / FAULTY, tmp_path)
    run = Run("fill", tmp_path, "-o", tmp_path / "out")
    assert (run.code, "说明.txt" in run.err) == (0, True)


def test_the_reference_is_current() -> None:
    spec = importlib.util.spec_from_file_location("generate_cli", ROOT / "docs" / "generate_cli.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == script.text(), "run: python docs/generate_cli.py"


def pages() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "samples").glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_every_link_and_picture_of_the_documentation_is_there() -> None:
    links = [
        (page, link)
        for page in pages()
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
        if not re.match(r"https?:|#", link)
    ]
    broken = [(page.name, link) for page, link in links if not (page.parent / link.split("#")[0]).exists()]
    assert broken == []
    for image in (ROOT / "docs" / "images").iterdir():
        assert image.stat().st_size < 300_000
        assert any(f"images/{image.name}" in page.read_text("utf-8") for page in pages()), image.name


def test_the_manual_can_be_followed(tmp_path: Path) -> None:
    """Every command it shows, in its order, does what it says."""
    shutil.copytree(SAMPLES, tmp_path / "报送")
    lines = (ROOT / "docs" / "使用手册.md").read_text("utf-8").splitlines()
    shown = [re.split(r" {2,}", line.strip())[0] for line in lines if line.startswith("    xltools ")]
    assert len(shown) >= 9
    for command in shown:
        arguments = shlex.split(command)[1:]
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=tmp_path, capture_output=True, env=environment("utf-8")
        )
        left_out = "未填公式" in done.stderr.decode()  # the samples hold files that are no forms
        assert done.returncode in ((2,) if left_out else (0, 1)), (command, done.stderr.decode())
    made = {"自评表.xlsx", "问题清单.xlsx", "退回", "已填公式.xlsx", "已填公式", "汇总.xlsx", "评价报告.docx"}
    assert made <= {path.name for path in tmp_path.iterdir()}


def test_the_library_example_of_the_readme_runs() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    example = example.replace('"汇总.xlsx"', "target")
    code = f"import tempfile; target = tempfile.mkdtemp() + '/x.xlsx'\n{example}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, env=environment("utf-8")
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().startswith("10 F5")


# --- new ----------------------------------------------------------------------------------------


def test_new_makes_a_form_and_never_replaces_one(tmp_path: Path) -> None:
    target = tmp_path / "空白 表.xlsx"
    run = Run(
        "new",
        target,
        "--year",
        2024,
        "--project",
        "示例项目",
        "--unit",
        "示例中心",
        "--department",
        "示例局",
        "--indicators",
        5,
    )
    assert (run.code, run.out) == (0, "")
    assert str(target) in run.err
    form = Run("extract", target).data["files"][0]["forms"][0]
    assert (form["layout"], form["year"], form["money_unit"]) == ("nmg-12", 2024, "万元")
    assert (form["project_name"], form["implementing_unit"]) == ("示例项目", "示例中心")
    assert form["supervising_department"] == "示例局"
    before = target.read_bytes()
    again = Run("new", target)
    assert (again.code, again.out) == (2, "")
    assert "已存在" in again.err
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


# --- extract, validate: the JSON other programs read --------------------------------------------

FILE_KEYS = ["path", "status", "reason", "forms"]
FORM_KEYS = [
    *("sheet", "layout", "year", "money_unit", "project_name", "supervising_department", "implementing_unit"),
    *("funds", "goal_expected", "goal_actual", "indicators", "total_weight", "total_score", "notes"),
]
FUND_KEYS = [
    "kind",
    "label",
    "initial_budget",
    "annual_budget",
    "executed",
    "weight",
    "execution_rate",
    "score",
    "row",
]
INDICATOR_KEYS = [
    *(
        "level1",
        "level2",
        "level3",
        "nature",
        "comparator",
        "target",
        "actual",
        "target_value",
        "actual_value",
    ),
    *("unit", "weight", "score", "deviation", "row"),
]
FINDING_KEYS = ["code", "severity", "sheet", "cells", "message", "hint", "expected", "actual"]
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def test_extract_gives_the_published_table(folder: Path) -> None:
    run = Run("extract", folder / SEED)
    assert (run.code, run.err) == (0, "")
    assert list(run.data) == ["version", "files"]
    assert run.data["version"] == 1
    (file,) = run.data["files"]
    assert list(file) == FILE_KEYS
    assert (file["path"], file["status"], file["reason"]) == (str(folder / SEED), "read", None)
    (form,) = file["forms"]
    assert list(form) == FORM_KEYS
    assert form["year"] == 2023
    assert [(line["kind"], line["row"]) for line in form["funds"]] == [
        ("total", 5),
        ("fiscal", 6),
        ("carryover", 7),
        ("other", 8),
    ]
    assert form["funds"][0] == {
        "kind": "total",
        "label": "年度资金总额",
        "initial_budget": "5.00",
        "annual_budget": "10.00",
        "executed": "10.00",
        "weight": "10",
        "execution_rate": "100.00",
        "score": "10",
        "row": 5,
    }
    assert form["funds"][1]["label"] == "其中：财政拨款"
    assert form["indicators"][0] == {
        "level1": "产出指标",
        "level2": "数量指标",
        "level3": "维护系统数量",
        "nature": "positive",
        "comparator": "eq",
        "target": "1",
        "actual": "0",
        "target_value": "1",
        "actual_value": "0",
        "unit": "个",
        "weight": "15",
        "score": "15",
        "deviation": None,
        "row": 12,
    }
    assert [row["row"] for row in form["indicators"]] == [12, 13, 14, 15, 16, 17]
    assert (form["indicators"][2]["nature"], form["indicators"][2]["comparator"]) == ("qualitative", None)
    assert (form["indicators"][5]["comparator"], form["indicators"][5]["target_value"]) == ("le", "100")
    assert (form["total_weight"], form["total_score"]) == ("100", "100")


def test_every_file_of_a_folder_has_the_same_shape(folder: Path) -> None:
    run = Run("extract", folder)
    assert run.code == 0
    files = {Path(file["path"]).name: file for file in run.data["files"]}
    assert files.keys() == {path.name for path in SAMPLES.iterdir()}
    assert list(files) == sorted(files)
    for name, file in files.items():
        assert list(file) == FILE_KEYS, name
        assert (file["status"] == "read") == bool(file["forms"]) == (file["reason"] is None)
        for form in file["forms"]:
            assert list(form) == FORM_KEYS
            for line in form["funds"]:
                assert list(line) == FUND_KEYS
                amounts = [line[key] for key in FUND_KEYS[2:-1] if line[key] is not None]
                assert [amount for amount in amounts if not NUMBER.fullmatch(amount)] == []
            for row in form["indicators"]:
                assert list(row) == INDICATOR_KEYS
                numbers = [
                    row[key] for key in ("target_value", "actual_value", "weight", "score") if row[key]
                ]
                assert [number for number in numbers if not NUMBER.fullmatch(number)] == []
    assert files[LEDGER]["status"] == "not_a_form"
    assert files[BROKEN]["status"] == "unreadable"
    assert files[BROKEN]["reason"].endswith("。")


def test_text_in_a_money_cell_is_no_amount(folder: Path) -> None:
    form = Run("extract", folder / "示例四分中心 自评表(1).xlsx").data["files"][0]["forms"][0]
    amounts = [line[key] for line in form["funds"] for key in ("initial_budget", "annual_budget", "executed")]
    assert None in amounts
    assert "2000.00" not in amounts


def test_validate_finds_the_golden_faults(folder: Path) -> None:
    run = Run("validate", folder / SEED, "--format", "json")
    assert (run.code, run.err) == (1, "")
    (file,) = run.data["files"]
    assert list(file) == [*FILE_KEYS, "findings"]
    (form,) = file["forms"]
    assert list(form) == [*FORM_KEYS, "recomputed"]
    recomputed = form["recomputed"]
    assert {
        key: recomputed[key] for key in ("execution_score", "total_score", "grade", "total_score_low")
    } == {
        "execution_score": "10.00",
        "total_score": "60.00",
        "grade": "中",
        "total_score_low": "53.00",
    }
    cells: dict[str, set[str]] = {}
    for finding in file["findings"]:
        assert list(finding) == FINDING_KEYS
        assert finding["sheet"] == "自评表"
        assert finding["message"]
        assert finding["severity"] in ("error", "warning", "info", "undetermined")
        cells.setdefault(finding["code"], set()).update(finding["cells"])
    assert {"K12", "K13"} <= cells["SCO-02"]
    assert cells["SCO-03"] == {"K12", "K13", "K17"}
    assert cells["IND-04"] == {"E17", "F17"}
    assert {"F17", "G17"} <= cells["IND-16"]
    assert cells["IND-18"] == {"H17"}
    assert cells["DEV-02"] == {"L12", "L13", "L17"}
    assert cells["SCO-08"] == {"K18"}
    (total,) = [finding for finding in file["findings"] if finding["code"] == "SCO-08"]
    assert {"60.00", "70.00", "100.00", "53.00"} <= set(re.findall(r"\d+\.\d\d", total["message"]))
    assert "FUN-01" not in cells
    assert "WGT-01" not in cells


def test_validate_as_text(folder: Path) -> None:
    run = Run("validate", folder / SEED)
    assert (run.code, run.err) == (1, "")
    assert "复算总分 60.00（中）" in run.out
    assert "SCO-03  自评表!K12、K13" in run.out
    assert run.out.rstrip().splitlines()[-1].startswith("共 1 个文件")
    good = Run("validate", folder / GOOD)
    assert (good.code, good.err) == (0, "")
    assert "未发现问题" in good.out


def test_validate_into_files(folder: Path, tmp_path: Path) -> None:
    for kind, name in (("text", "问题.txt"), ("json", "问题.json"), ("xlsx", "问题.xlsx")):
        target = tmp_path / "结果" / name
        run = Run("validate", folder, "--format", kind, "-o", target)
        assert (run.code, run.out) == (1, "")
        assert str(target) in run.err
        assert target.stat().st_size > 1000
    listed = sheet_rows(tmp_path / "结果" / "问题.xlsx", "问题清单")
    data = json.loads((tmp_path / "结果" / "问题.json").read_text("utf-8"))
    assert sum(len(file["findings"]) for file in data["files"]) <= len(listed)
    needs = Run("validate", folder, "--format", "xlsx")
    assert (needs.code, needs.out) == (2, "")


def test_validate_marks_copies_and_leaves_the_files_alone(folder: Path, tmp_path: Path) -> None:
    before = hashes(folder)
    run = Run("validate", folder, "--annotate", tmp_path / "退回", "--format", "json")
    assert run.code == 1
    assert run.data["version"] == 1
    assert {SEED, FAULTY} <= {path.name for path in (tmp_path / "退回").iterdir()}
    assert GOOD not in {path.name for path in (tmp_path / "退回").iterdir()}
    assert hashes(folder) == before


def test_profiles(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "口径.toml"
    shutil.copy(ROOT / "xltools" / "profiles" / "nmg.toml", own)
    for profile in ("national", "nmg", own):
        assert Run("validate", folder / GOOD, "--profile", profile).code == 0
    wrong = Run("validate", folder / GOOD, "--profile", "nope")
    assert (wrong.code, wrong.out) == (2, "")
    assert "national" in wrong.err


def test_extract_as_csv(folder: Path, tmp_path: Path) -> None:
    run = Run("extract", folder, "--format", "csv")
    assert run.code == 0
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert len(rows) > 30
    assert {"path", "project_name", "level3", "target", "score"} <= rows[0].keys()
    target = tmp_path / "数据.csv"
    assert Run("extract", folder, "--format", "csv", "-o", target).out == ""
    assert target.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read Chinese"
    assert list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig")))) == rows


# --- fill ---------------------------------------------------------------------------------------


def test_fill_copy_plan_and_place(folder: Path, tmp_path: Path) -> None:
    before = hashes(folder)
    needs = Run("fill", folder / FAULTY)
    assert (needs.code, needs.out) == (2, "")
    plan = Run("fill", folder / FAULTY, "--dry-run")
    assert plan.code == 0
    assert "=SUM(C6:C8)" in plan.out
    copy = tmp_path / "副本" / "填好.xlsx"
    assert Run("fill", folder / FAULTY, "-o", copy).code == 0
    assert openpyxl.load_workbook(copy)["自评表"]["C5"].value == "=SUM(C6:C8)"
    assert hashes(folder) == before
    several = Run("fill", folder / FAULTY, folder / GOOD, "-o", tmp_path / "多份")
    assert several.code == 0
    assert {path.name for path in (tmp_path / "多份").iterdir()} == {FAULTY, GOOD}
    assert hashes(folder) == before
    placed = Run("fill", folder / FAULTY, "--in-place")
    assert placed.code == 0
    backup = folder / "示例三分中心自评表.备份.xlsx"
    assert hashlib.sha256(backup.read_bytes()).hexdigest() == before[FAULTY]
    assert "备份" in Run("merge", folder, "-o", tmp_path / "汇总.xlsx").err
    counted = [row["来源文件"] for row in sheet_rows(tmp_path / "汇总.xlsx", "汇总")]
    assert FAULTY in counted, "a backup beside the file is no second return"


def test_fill_of_what_is_no_form(folder: Path, tmp_path: Path) -> None:
    run = Run("fill", folder / LEDGER, "-o", tmp_path / "x.xlsx")
    assert (run.code, run.out) == (2, "")
    assert "未填公式" in run.err
    assert not (tmp_path / "x.xlsx").exists()


# --- merge --------------------------------------------------------------------------------------


def test_merge_writes_the_workbook_and_touches_nothing_else(folder: Path, tmp_path: Path) -> None:
    before = hashes(folder)
    target = tmp_path / "结 果" / "汇总.xlsx"
    run = Run("merge", folder, "-o", target)
    assert (run.code, run.out) == (1, "")
    for name in (LEDGER, BROKEN, "副本"):
        assert name in run.err
    assert hashes(folder) == before
    assert [path.name for path in target.parent.iterdir()] == ["汇总.xlsx"]
    sheets = openpyxl.load_workbook(target).sheetnames
    assert sheets[0] == "总览"
    assert {"汇总", "资金明细", "指标明细", "合并自评表", "问题清单", "来源清单"} <= set(sheets)
    rows = {row["来源文件"]: row for row in sheet_rows(target, "汇总")}
    assert (rows[SEED]["自评总分"], rows[SEED]["复算总分"], rows[SEED]["复算等级"]) == (100, 60, "中")


def test_merge_of_good_files_is_0(folder: Path, tmp_path: Path) -> None:
    good = tmp_path / "好"
    good.mkdir()
    shutil.copy(folder / GOOD, good)
    run = Run("merge", good, "-o", tmp_path / "汇总.xlsx")
    assert (run.code, run.out) == (0, "")


def test_same_inputs_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in ("一.xlsx", "二.xlsx"):
        Run("merge", folder, "-o", tmp_path / name)
    assert (tmp_path / "一.xlsx").read_bytes() == (tmp_path / "二.xlsx").read_bytes()


def test_output_among_the_inputs(folder: Path) -> None:
    target = folder / "汇总.xlsx"
    first = Run("merge", folder, "-o", target)
    made = target.read_bytes()
    second = Run("merge", folder, "-o", target)
    assert (first.code, second.code) == (1, 1)
    assert target.read_bytes() == made
    assert f"已跳过 {target}" in second.err
    third = Run("merge", folder, "-o", folder / "汇总（新）.xlsx")
    assert f"已跳过 {target}" in third.err
    assert len(sheet_rows(folder / "汇总（新）.xlsx", "汇总")) == len(sheet_rows(target, "汇总"))
    checked = Run("validate", folder, "--format", "json")
    assert "汇总" not in "".join(Path(file["path"]).name for file in checked.data["files"])


def test_what_lies_in_a_folder_and_is_no_return(folder: Path, tmp_path: Path) -> None:
    (folder / f"~${GOOD}").write_bytes(b"\x00" * 165)
    (folder / ".隐藏.xlsx").write_bytes((folder / GOOD).read_bytes())
    (folder / "通知.pdf").write_bytes(b"PK")
    (folder / "说明.txt").write_text("请按时报送", "utf-8")
    (folder / "子文件夹").mkdir()
    run = Run("merge", folder, "-o", tmp_path / "汇总.xlsx")
    assert run.code == 1
    for name in (f"~${GOOD}", ".隐藏.xlsx", "通知.pdf", "说明.txt"):
        assert re.search(rf"已跳过 .*{re.escape(name)}", run.err), name
    listed = {row["来源文件"]: row["状态"] for row in sheet_rows(tmp_path / "汇总.xlsx", "来源清单")}
    assert listed[".隐藏.xlsx"] == listed["说明.txt"] == "已跳过"
    assert listed[GOOD] != "已跳过"


def test_strict_writes_nothing(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "汇总.xlsx"
    target.write_bytes(b"old")
    run = Run("merge", folder, "-o", target, "--strict")
    assert (run.code, run.out) == (2, "")
    assert target.read_bytes() == b"old"
    for name in (LEDGER, BROKEN):
        (folder / name).unlink()
    (folder / "示例一分中心-公共资源交易工作运行费用自评表 - 副本.xlsx").unlink()
    assert Run("merge", folder, "-o", target, "--strict").code == 1


def test_the_latest_of_two_counts_and_the_other_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    old, new = folder / "a 先报.xlsx", folder / "b 后报.xlsx"
    shutil.copy(SAMPLES / FAULTY, old)
    assert Run("fill", old, "-o", new).code == 0
    now = time.time()
    os.utime(old, (now - 3600, now - 3600))
    os.utime(new, (now, now))
    neither = Run("merge", folder, "-o", tmp_path / "无.xlsx")
    assert neither.code == 1
    assert [name in neither.err for name in (old.name, new.name)] == [True, True]
    assert sum(row["序号"] == 1 for row in sheet_rows(tmp_path / "无.xlsx", "汇总")) == 0
    for number in range(2):  # and the other way round
        kept, left = (new, old) if number == 0 else (old, new)
        run = Run("merge", folder, "-o", tmp_path / "新.xlsx", "--latest")
        assert run.code == 1
        assert f"未计入 {left}" in run.err
        assert f"未计入 {kept}" not in run.err
        assert [row["来源文件"] for row in sheet_rows(tmp_path / "新.xlsx", "汇总") if row["序号"] == 1] == [
            kept.name
        ]
        states = {row["来源文件"]: row["原因"] for row in sheet_rows(tmp_path / "新.xlsx", "来源清单")}
        assert kept.name in states[left.name]
        os.utime(old, (now + 60, now + 60))


def test_returns(folder: Path, tmp_path: Path) -> None:
    run = Run("merge", folder, "-o", tmp_path / "汇总.xlsx", "--returns", tmp_path / "退回")
    assert run.code == 1
    assert {SEED, FAULTY} <= {path.name for path in (tmp_path / "退回").iterdir()}


def test_subfolders_on_request(folder: Path, tmp_path: Path) -> None:
    below = folder / "二级"
    below.mkdir()
    (folder / GOOD).rename(below / GOOD)
    Run("merge", folder, "-o", tmp_path / "一.xlsx")
    Run("merge", folder, "-o", tmp_path / "二.xlsx", "--recursive")
    one, two = (
        {row["来源文件"] for row in sheet_rows(tmp_path / name, "汇总")} for name in ("一.xlsx", "二.xlsx")
    )
    assert {Path(name).name for name in two - one if name} == {GOOD}


def test_many_files_give_the_same_workbook_on_any_number_of_processes(tmp_path: Path) -> None:
    folder = tmp_path / "许多"
    folder.mkdir()
    kinds = [SAMPLES / name for name in (SEED, GOOD, FAULTY, LEDGER, BROKEN)]
    for number in range(300):
        shutil.copy(kinds[number % 5], folder / f"{number:03}.xlsx")
    made = []
    for jobs in ("1", "3"):
        target = tmp_path / f"{jobs}.xlsx"
        assert Run("merge", folder, "-o", target, "--jobs", jobs).code == 1
        made.append(target.read_bytes())
    assert made[0] == made[1]


def _hears_interrupts() -> None:
    """A shell starts what runs in the background deaf to Ctrl-C, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="signals to a group of processes")
@pytest.mark.parametrize("delay", [0.3, 1.0])
def test_an_interrupt_leaves_nothing_half_written(tmp_path: Path, delay: float) -> None:
    folder, out = tmp_path / "许多", tmp_path / "结果"
    folder.mkdir()
    out.mkdir()
    (out / "汇总.xlsx").write_bytes(b"old")
    first = Path(shutil.copy(SAMPLES / FAULTY, folder / "0000.xlsx"))
    for number in range(1, 8000):  # several seconds of work
        os.link(first, folder / f"{number:04}.xlsx")
    process = subprocess.Popen(
        [*COMMAND, "merge", str(folder), "-o", str(out / "汇总.xlsx")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment("utf-8"),
        start_new_session=True,
        preexec_fn=_hears_interrupts,
    )
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGINT)
    shown, told = process.communicate(timeout=120)
    assert process.returncode != 0
    assert shown == b""
    if process.returncode == 2:
        assert told.decode().strip() == "已中断，未留下不完整的文件。"
    assert [path.name for path in out.iterdir()] == ["汇总.xlsx"]
    assert (out / "汇总.xlsx").read_bytes() == b"old"


# --- what cannot run ----------------------------------------------------------------------------


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    gone = tmp_path / "没有 这个"
    for call in (
        ("validate", gone),
        ("extract", gone),
        ("fill", gone, "-o", tmp_path / "x.xlsx"),
        ("merge", gone, "-o", tmp_path / "x.xlsx"),
        ("report", "--check", gone, SAMPLES / SEED),
    ):
        run = Run(*call)
        assert (run.code, run.out) == (2, ""), call
        assert "找不到" in run.err, call
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder(tmp_path: Path) -> None:
    empty = tmp_path / "空 的"
    empty.mkdir()
    for call in (("validate", empty), ("merge", empty, "-o", tmp_path / "x.xlsx")):
        run = Run(*call)
        assert (run.code, run.out) == (2, ""), call
        assert "没有可读取的表格文件" in run.err
        assert str(empty) in run.err
    assert Run("extract", empty).data == {"version": 1, "files": []}


def test_output_that_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    before = hashes(folder)
    (tmp_path / "已有文件夹").mkdir()
    for target in (folder / SEED / "汇总.xlsx", tmp_path / "已有文件夹"):
        run = Run("merge", folder, "-o", target)
        assert run.code == 2, target
        assert "无法写入" in run.err
    assert hashes(folder) == before
    assert list((tmp_path / "已有文件夹").iterdir()) == []


@pytest.mark.skipif(
    os.name == "nt" or getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write anywhere"
)
def test_a_folder_without_permission(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "只读").mkdir(mode=0o500)
    run = Run("merge", folder, "-o", tmp_path / "只读" / "汇总.xlsx")
    assert run.code == 2
    assert "无法写入" in run.err


def test_a_workbook_that_excel_holds_open(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "汇总.xlsx"
    target.write_bytes(b"old")

    def locked(source: object, target: object) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(os, "replace", locked)
    assert run(["merge", str(folder / ""), "-o", str(target)]) == 2
    told = capsys.readouterr().err
    assert str(target) in told
    assert "请先关闭" in told
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["汇总.xlsx"]


# --- consoles and languages ---------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["gbk", "cp936", "ascii"])
def test_any_console(folder: Path, tmp_path: Path, encoding: str) -> None:
    (folder / SEED).rename(folder / "阿拉善㊣ é 高新区🙂.xlsx")
    plain = Run("validate", folder, "--format", "json")
    assert Run("validate", folder, "--format", "json", encoding=encoding).data == plain.data
    assert Run("extract", folder, encoding=encoding).data["version"] == 1
    for call in (
        ("--help",),
        ("merge", "--help"),
        ("rules",),
        ("rules", "SCO-03"),
        ("validate", folder),
        ("validate", folder, "--lang", "en"),
        ("extract", folder, "--format", "csv"),
        ("fill", folder, "-o", tmp_path / "填"),
        ("merge", folder, "-o", tmp_path / "汇总.xlsx"),
        ("merge", tmp_path / "没有🙂", "-o", tmp_path / "x.xlsx"),
    ):
        here, there = Run(*call), Run(*call, encoding=encoding)
        assert here.code == there.code, call


def test_english_words(folder: Path, tmp_path: Path) -> None:
    run = Run("validate", folder / SEED, "--lang", "en")
    assert run.code == 1
    assert "recomputed total 60.00 (fair)" in run.out
    data = Run("validate", folder / SEED, "--format", "json", "--lang", "en").data
    chinese = Run("validate", folder / SEED, "--format", "json").data
    ours, theirs = data["files"][0], chinese["files"][0]
    assert ours["forms"] == theirs["forms"], "only words change"
    assert [f["code"] for f in ours["findings"]] == [f["code"] for f in theirs["findings"]]
    assert all(f["message"].isascii() or "“" in f["message"] or '"' in f["message"] for f in ours["findings"])
    assert Run("merge", tmp_path / "no", "-o", tmp_path / "x.xlsx", "--lang", "en").err.endswith(
        "cannot be found; check the path.\n"
    )
    assert Run("merge", tmp_path / "no", "-o", tmp_path / "x.xlsx", "--lang=en").err.endswith(
        "cannot be found; check the path.\n"
    )


# --- report, rules ------------------------------------------------------------------------------


def test_report_is_checked_against_its_table(folder: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "报告.txt"
    wrong.write_text(
        "绩效评价报告\n一、基本情况\n全年预算数为80万元。\n二、结论\n自评得分为98分，等级为优。\n", "utf-8"
    )
    run = Run("report", "--check", wrong, folder / SEED)
    assert run.code == 1
    assert "RPT-" in run.out
    assert {code for code in re.findall(r"[A-Z]{3}-\d\d", run.out) if not code.startswith("RPT")} == {
        "SCO-09"
    }
    for incomplete in (("report",), ("report", folder / SEED), ("report", "--check", wrong)):
        stopped = Run(*incomplete)
        assert (stopped.code, stopped.out) == (2, "")
    unread = Run("report", "--check", wrong, folder / BROKEN)
    assert (unread.code, unread.out) == (2, "")


def test_rules() -> None:
    listed = Run("rules")
    assert (listed.code, listed.err) == (0, "")
    codes = re.findall(r"^[A-Z]{3}-\d\d", listed.out, re.M)
    assert codes == [rule.code for rule in catalogue()]
    one = Run("rules", "sco-03")
    assert one.code == 0
    assert one.out.startswith("SCO-03")
    none = Run("rules", "XXX-99")
    assert (none.code, none.out) == (2, "")


@pytest.mark.skipif(os.name != "posix", reason="Windows closes no stream this way")
def test_a_program_without_a_console_prints_to_nobody(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "汇总.xlsx"
    call = [sys.executable, "-m", "xltools", "merge", str(folder), "-o", str(out)]
    done = subprocess.run(["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *call], check=False, timeout=120)
    assert done.returncode in (0, 1)
    assert out.exists()
