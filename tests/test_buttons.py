"""From the button in the file to the Python process it starts: arguments, start-up, isolation."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("xlwings")

from xltools.live import load_xlwings

xw = load_xlwings()

from excel.engine import installed  # noqa: E402
from excel.macros import arguments, bindings, command_line, command_of, modules  # noqa: E402

from xltools.excel import containers  # noqa: E402

ROOT = Path(__file__).parents[1]
FAULTY = ROOT / "samples" / "2023" / "阿拉善高新区.xlsx"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("caption", "beginning"), [("校验", "校验完成"), ("填公式", "写入"), ("撤销", "没有可以撤销")]
)
def test_from_the_caption_to_the_result(
    caption: str, beginning: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Caption → macro (from the file) → command line (from running the VBA) → argv → Book.caller() → result.

    Only the COM object at the end of the wire is replaced.
    """
    made = containers.add(FAULTY, tmp_path / "A 自评表(定稿).xlsm")
    code = modules(made)
    command = command_of(bindings(made)[caption], code["XltoolsButtons"])
    argv = arguments(command_line("C:\\p\\python.exe", command, made.name))
    assert argv[3] == "-c"
    with installed() as engine:
        app = xw.Book(str(made)).app.impl
        seen: list[int] = []
        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.setattr(sys, "argv", ["-c", *argv[5:]])
        fake = SimpleNamespace(App=lambda xl: seen.append(xl) or app, BOOK_CALLER=None)
        monkeypatch.setattr(xw, "_xlwindows", fake, raising=False)
        exec(argv[4], {})
        assert seen == [4711]
        (alert,) = app.alerts
        assert alert["mode"] == "info", alert
        assert alert["prompt"].startswith(beginning)
        assert engine.calls["Application.Path"] == 1


def test_an_equals_sign_in_the_name_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Book.caller() would look for a workbook of another name."""
    from xltools import buttons

    monkeypatch.setattr(sys, "argv", ["-c", "--wb=自评表=终稿.xlsm", "--from_xl=1", "--hwnd=1"])
    buttons.validate()
    assert "等号" in capsys.readouterr().err


def test_wps_is_recognised_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from xltools import buttons

    monkeypatch.setattr(
        sys, "argv", ["-c", "--wb=a.xlsm", "--from_xl=1", "--app=C:\\WPS Office\\office6\\WPS 表格"]
    )
    monkeypatch.setattr("xltools.live.load_xlwings", lambda: 1 / 0)
    buttons.fill()
    assert "WPS" in capsys.readouterr().err


def run(code: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-B", "-P", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        **more,
    )


def test_a_click_imports_no_frames_and_no_openpyxl() -> None:
    """The whole way of a click: xlwings, the actions, reading and checking a form."""
    code = f"""
import sys, json
import xltools.buttons
light = sorted(sys.modules)
from xltools.live import load_xlwings
load_xlwings()
from xltools import verbs
verbs.validate([{str(FAULTY)!r}])
verbs.fill({str(FAULTY)!r}, dry_run=True)
print(json.dumps([light, sorted(sys.modules)]))
"""
    done = run(code)
    light, whole = json.loads(done.stdout)
    heavy = {"pandas", "numpy", "openpyxl", "xlwings", "lxml", "typer", "xlsxwriter"}
    assert set(light) & heavy == set()
    assert set(whole) & {"pandas", "numpy", "openpyxl", "typer", "xlsxwriter", "matplotlib"} == set()


def test_other_code_still_gets_its_frames() -> None:
    pytest.importorskip("pandas")
    done = run("from xltools.live import load_xlwings; load_xlwings(); import pandas; print(pandas.__name__)")
    assert done.stdout.strip() == "pandas", done.stderr


def test_a_click_is_ready_within_a_second() -> None:
    """Processor time, so that a busy machine does not fail the test (measured: 0.3 s; with pandas 0.9 s)."""
    resource = pytest.importorskip("resource")
    code = """
import xltools.buttons
from xltools.live import load_xlwings
load_xlwings()
from xltools import examining, verbs
"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run(code).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.0


def test_a_stray_module_beside_the_workbook_is_never_run(tmp_path: Path) -> None:
    """A file xltools.py in the folder one happens to be in must not stand in for the package."""
    (tmp_path / "xltools.py").write_text("raise SystemExit('stray')", "utf-8")
    shutil.copy(FAULTY, tmp_path)
    done = run("import xltools.buttons; print('ours')", cwd=tmp_path)
    assert done.stdout.strip() == "ours", done.stderr
    line = command_line("C:\\p\\python.exe", "import xltools.buttons", "a.xlsm")
    assert "-P" in arguments(line)
    assert "PYTHONPATH" not in line


def test_only_one_room_knows_xlwings() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "xltools").rglob("*.py")
        if any(
            line.strip().startswith(("import xlwings", "from xlwings"))
            for line in path.read_text("utf-8").splitlines()
        )
    }
    assert users == {"xltools/live.py"}


def test_buttons_are_named_like_the_verbs() -> None:
    import xltools
    from xltools.app import app
    from xltools.excel.captions import BUTTONS

    names = {button.entry for button in BUTTONS} - {"undo", "write_report"}  # the other half of `report`
    assert names <= set(xltools.__all__)
    assert names <= {info.callback.__name__ for info in app.registered_commands if info.callback}


def test_the_command_line_gives_and_takes_buttons(tmp_path: Path) -> None:
    source = Path(shutil.copy(FAULTY, tmp_path / "表.xlsx"))

    def xltools(*words: str) -> subprocess.CompletedProcess[str]:
        return run(
            f"import sys; sys.argv = ['xltools', *{list(words)!r}]; from xltools.__main__ import main; main()"
        )

    assert xltools("buttons", "add", str(source)).returncode == 0
    assert (tmp_path / "表.xlsm").exists()
    assert xltools("buttons", "add", str(source)).returncode == 2, "never overwrites"
    assert xltools("buttons", "strip", str(tmp_path / "表.xlsm")).returncode == 2, "nor the form itself"
    assert (
        xltools("buttons", "strip", str(tmp_path / "表.xlsm"), "-o", str(tmp_path / "回.xlsx")).returncode
        == 0
    )
    assert xltools("new", str(tmp_path / "新.xlsm"), "--macros").returncode == 0
    assert bindings(tmp_path / "新.xlsm")


def test_a_name_that_ends_in_xlsx_takes_the_ending_of_buttons(tmp_path):
    from xltools.excel.containers import add
    from xltools.template import new

    made = add(new(tmp_path / "a.xlsx"), tmp_path / "c.xlsx")
    assert made.name == "c.xlsm"
