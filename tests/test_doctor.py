"""Installation and check-up: planned before it is done, and every hindrance has a remedy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from xltools.excel import addin, doctor, install
from xltools.messages.setup import SENTENCES

WINDOWS = {
    "LOCALAPPDATA": "C:\\Users\\王小明\\AppData\\Local",
    "APPDATA": "C:\\Users\\王小明\\AppData\\Roaming",
    "USERPROFILE": "C:\\Users\\王小明",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    return tmp_path / "home"


def registry(**values: str | int) -> doctor.Registry:
    """A registry with the values named by the end of their path."""

    def read(root: str, path: str, name: str) -> str | int | None:
        full = f"{root}\\{path}\\{name}"
        return next((value for key, value in values.items() if key.replace("__", "\\") in full), None)

    return read


# --- installation ---------------------------------------------------------------------------------


def test_the_interpreter_is_written_without_the_persons_name() -> None:
    plan = install.planned(WINDOWS, WINDOWS["LOCALAPPDATA"] + "\\xltools\\Scripts\\python.exe", "win32")
    assert plan.interpreter == "%LOCALAPPDATA%\\xltools\\Scripts\\python.exe"
    assert plan.interpreter.isascii()
    assert plan.addin == WINDOWS["APPDATA"] + "\\Microsoft\\Excel\\XLSTART\\xltools.xlam"
    assert plan.possible


def test_pythonw_becomes_python_and_other_places_stay() -> None:
    assert (
        install.planned(WINDOWS, "D:\\Python\\pythonw.exe", "win32").interpreter == "D:\\Python\\python.exe"
    )


def test_the_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "xltools.conf"
    path.write_bytes(install.settings_text("D:\\工具, 新\\python.exe").encode("gb18030"))
    assert install.written_settings(path) == {"INTERPRETER_WIN": "D:\\工具, 新\\python.exe"}
    assert install.written_settings(tmp_path / "没有.conf") == {}


def test_elsewhere_nothing_is_done(home: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("this is Windows")
    plan = install.planned()
    assert not plan.possible
    lines = list(plan.lines("zh"))
    assert any("没有改动任何文件" in line for line in lines)
    assert any("xltools.xlam" in line for line in lines)
    assert not home.exists()


def test_carrying_out_writes_two_files_and_undoing_removes_them(tmp_path: Path) -> None:
    plan = install.planned(WINDOWS, "D:\\p\\python.exe", "win32")._replace(
        addin=str(tmp_path / "XLSTART" / "xltools.xlam")
    )
    said = list(plan.carry_out("zh"))
    assert len(said) == 3
    assert Path(plan.addin).read_bytes() == addin.build()
    assert install.written_settings(plan.settings)["INTERPRETER_WIN"] == "D:\\p\\python.exe"
    assert all("已移除" in line for line in plan.undo("zh"))
    assert all("本来就不在" in line for line in plan.undo("zh"))


def test_an_addin_in_use_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_: Any) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(addin, "write", locked)
    plan = install.planned(WINDOWS, "D:\\p\\python.exe", "win32")
    assert "关闭所有 Excel 窗口" in list(plan.carry_out("zh"))[-1]


# --- check-up -------------------------------------------------------------------------------------


def test_each_hindrance_is_found_and_has_a_remedy(tmp_path: Path) -> None:
    missing = tmp_path / "xltools.conf"
    broken = tmp_path / "坏.conf"
    broken.write_bytes(install.settings_text("D:\\没有\\python.exe").encode("gb18030"))
    old = tmp_path / "xltools.xlam"
    old.write_bytes(b"PK old")
    checks = [
        doctor.python((3, 9)),
        doctor.xlwings(None),
        doctor.settings(missing, {}),
        doctor.settings(broken, {}),
        doctor.excel(registry()),
        doctor.excel(
            registry(
                Application__CLSID="{1}",
                LocalServer32="C:\\Kingsoft\\WPS Office\\office6\\et.exe /automation",
            )
        ),
        *doctor.macros(registry(VBAWarnings=4)),
        doctor.command(("/nonexistent/cmd",)),
        doctor.command((sys.executable, "-c", "raise SystemExit(1)")),
    ]
    assert all(check.state == "bad" and check.remedy for check in checks), checks
    notes = [
        doctor.addin(old),
        doctor.addin(tmp_path / "无.xlam"),
        doctor.xlwings("0.99.0"),
        doctor.system("linux"),
    ]
    assert all(check.state == "note" and check.remedy for check in notes)
    for check in [*checks, *notes]:
        found, remedy = check.lines("zh")
        assert "：" in found
        assert remedy.strip().startswith("→")
        assert list(check.lines("en"))


def test_what_is_well_is_said_in_one_line(tmp_path: Path) -> None:
    conf = tmp_path / "xltools.conf"
    conf.write_bytes(install.settings_text(f"%PLACE%{sys.executable}").encode("gb18030"))
    place = addin.write(tmp_path / "xltools.xlam")
    checks = [
        doctor.system("win32"),
        doctor.python((3, 12)),
        doctor.xlwings("0.37.8"),
        doctor.settings(conf, {"PLACE": ""}),
        doctor.addin(place),
        doctor.excel(registry(Application__CLSID="{1}", LocalServer32="C:\\Office16\\EXCEL.EXE /automation")),
        *doctor.macros(registry(VBAWarnings=2)),
        doctor.command((sys.executable, "-c", "")),
        doctor.log(),
    ]
    assert all(check.state == "ok" for check in checks), checks
    assert all(len(list(check.lines("zh"))) == 1 for check in checks)


def test_another_python_than_this_one_is_a_note(tmp_path: Path) -> None:
    other = tmp_path / "别处" / "python.exe"
    other.parent.mkdir()
    other.touch()
    conf = tmp_path / "xltools.conf"
    conf.write_bytes(install.settings_text(str(other)).encode("gb18030"))
    assert doctor.settings(conf, {}).state == "note"


def test_a_policy_goes_before_the_persons_own_setting() -> None:
    def read(root: str, path: str, name: str) -> str | int | None:
        if name != "VBAWarnings" or "16.0" not in path:
            return None
        return 4 if "Policies" in path else 1

    (check,) = doctor.macros(read)
    assert check.state == "bad"


def test_every_excel_on_the_computer_is_checked() -> None:
    def read(root: str, path: str, name: str) -> str | int | None:
        return "C:\\Office" if name == "Path" and ("15.0" in path or "16.0" in path) else None

    assert [check.values["version"] for check in doctor.macros(read)] == ["16.0", "15.0"]


def test_the_mark_of_the_web(tmp_path: Path) -> None:
    book = tmp_path / "表.xlsm"
    book.touch()
    assert doctor.marked(book).state == "ok"
    Path(f"{book}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n", "ascii")
    check = doctor.marked(book)
    assert check.state == "bad"
    assert "解除锁定" in list(check.lines("zh"))[1]


def test_the_whole_check_up_runs_here() -> None:
    checks = doctor.examine()
    assert {check.subject for check in checks} >= {"system", "python", "xlwings", "log"}
    for check in checks:
        assert list(check.lines("zh"))


def test_every_sentence_is_used() -> None:
    root = Path(doctor.__file__).parent
    code = "".join((root / name).read_text("utf-8") for name in ("doctor.py", "install.py"))
    for key in SENTENCES:
        assert f'"{key}"' in code or key in ("ok", "note", "bad") or key.startswith("macros_"), key
