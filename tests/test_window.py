"""The window for those without Excel: what its buttons do, and once on a real display where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import xltools
from xltools import window
from xltools.parallel import no_progress
from xltools.window import Session

SAMPLES = Path(__file__).parents[1] / "samples" / "2023"
FAULTY = "阿拉善高新区.xlsx"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLES, tmp_path / "报送"))


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_nothing_chosen() -> None:
    session = Session()
    assert session.chosen == "尚未选择文件。"
    assert session.run("validate", no_progress).headline == "尚未选择文件。"


def test_what_was_chosen_is_shown_short() -> None:
    assert Session(["a.xlsx", "b.xlsx"]).chosen == "已选：a.xlsx、b.xlsx"
    assert "另有 2 条" in Session([f"{n}.xlsx" for n in range(5)]).chosen


def test_validate_counts_and_marks_copies(folder: Path) -> None:
    before = _bytes(folder)
    seen: list[int] = []
    outcome = Session([str(folder)]).run("validate", lambda done, total: seen.append(total))
    assert outcome.headline.startswith("共 10 个文件")
    assert set(seen) == {10}
    assert outcome.result is not None
    assert outcome.result.name == "问题清单.xlsx"
    assert (outcome.result.parent / "退回修改" / FAULTY).exists()
    assert _bytes(folder) == before
    again = Session([str(folder)]).run("validate", no_progress)
    assert again.result is not None
    assert again.result.parent.name == "校验结果2"


def test_a_clean_form_makes_no_files(folder: Path) -> None:
    clean = next(
        path
        for path in sorted(folder.iterdir())
        if xltools.validate([path]).clean and not xltools.validate([path]).files[0].findings
    )
    outcome = Session([str(clean)]).run("validate", no_progress)
    assert outcome.result is None
    assert "错误 0" in outcome.headline
    assert not (folder / "校验结果").exists()


def test_fill_writes_the_copy_the_command_line_writes(folder: Path, tmp_path: Path) -> None:
    before = _bytes(folder)
    outcome = Session([str(folder / FAULTY)]).run("fill", no_progress)
    xltools.fill(folder / FAULTY, tmp_path / "命令行.xlsx")
    assert outcome.result is not None
    assert outcome.result.read_bytes() == (tmp_path / "命令行.xlsx").read_bytes()
    assert not any("--" in line for line in outcome.lines), "no options of the command line in the window"
    assert {name: data for name, data in _bytes_of_files(folder).items() if name in before} == before


def _bytes_of_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_fill_a_folder(folder: Path) -> None:
    outcome = Session([str(folder)]).run("fill", no_progress)
    assert outcome.result is not None
    assert outcome.result.is_dir()
    assert (outcome.result / FAULTY).exists()
    assert any("未处理" in line for line in outcome.lines), "what was left out is said"


def test_merge(folder: Path) -> None:
    outcome = Session([str(folder)]).run("merge", no_progress)
    assert outcome.result == folder.parent / "报送-汇总.xlsx"
    assert "已生成" in outcome.headline
    assert "文件夹" in Session([str(folder / FAULTY)]).run("merge", no_progress).headline


def test_report_needs_both_and_lists_findings(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "报告.txt"
    report.write_text(
        "报告\n一、基本情况\n年初预算99万元，全年执行1万元，自评得分12分，等级为优。\n", "utf-8"
    )
    assert "同时选中" in Session([str(report)]).run("report", no_progress).headline
    outcome = Session([str(folder / FAULTY), str(report)]).run("report", no_progress)
    findings = xltools.report(folder / FAULTY, check=report)
    assert f"有 {len(findings)} 处" in outcome.headline


def test_a_failure_is_words_and_a_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xltools.verbs, "merge", lambda *_, **__: 1 / 0)
    outcome = Session([str(folder)]).run("merge", no_progress)
    assert "ZeroDivisionError" in outcome.headline
    assert Path(outcome.lines[0]).exists()
    assert "找不到" in Session([str(folder / "没有.xlsx")]).run("validate", no_progress).headline


def test_a_report_is_written_beside_the_form(folder: Path) -> None:
    assert "只选一个" in Session([str(folder)]).run("write_report", no_progress).headline
    outcome = Session([str(folder / FAULTY)]).run("write_report", no_progress)
    assert outcome.headline.startswith("已生成")
    assert outcome.result is not None
    assert outcome.result.parent == folder
    assert any("错误 9 处" in line for line in outcome.lines)
    again = Session([str(folder / FAULTY)]).run("write_report", no_progress)
    assert again.result != outcome.result


def test_importing_the_window_costs_no_widgets() -> None:
    code = "import sys, xltools.window; print('tkinter' in sys.modules, 'lxml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_without_tkinter_the_command_line_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tkinter", None)
    window.main([])
    assert "xltools validate" in capsys.readouterr().err


# --- on a display ---------------------------------------------------------------------------------


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The display there is, or a virtual one for the time of the test."""
    pytest.importorskip("tkinter")
    if os.environ.get("DISPLAY") or sys.platform == "win32":
        yield
        return
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("no display and no Xvfb")
    with subprocess.Popen(
        [server, "-displayfd", "1", "-screen", "0", "900x640x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        monkeypatch.setenv("DISPLAY", ":" + process.stdout.readline().decode().strip())
        yield
        process.terminate()


def test_the_window_works_and_opens_the_result(
    display: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(window, "show_file", opened.append)
    shown = window.Window(Session([str(folder)]))
    assert [button.cget("text") for button in shown.buttons] == [
        "选择文件…",
        "选择文件夹…",
        "校验",
        "填公式",
        "合并文件夹",
        "核对报告",
        "生成报告",
    ]
    assert str(shown.open["state"]) == "disabled"
    shown.buttons[4].invoke()  # type: ignore[attr-defined]
    assert str(shown.buttons[4]["state"]) == "disabled", "no second click while it works"
    end = time.monotonic() + 60
    while str(shown.open["state"]) == "disabled" and time.monotonic() < end:
        shown.root.update()
        time.sleep(0.02)
    assert shown.said.get().startswith("已生成")
    shown.open.invoke()
    assert opened == [folder.parent / "报送-汇总.xlsx"]
    assert all(str(button["state"]) == "normal" for button in shown.buttons)
    shown.root.destroy()
