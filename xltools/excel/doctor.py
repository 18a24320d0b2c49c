"""What can be in the way of the buttons, checked one by one, each with what to do about it."""

from __future__ import annotations

import os
import platform
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from xltools.excel import journal
from xltools.excel.install import SETTINGS, start_folder, written_settings
from xltools.messages.interface import Lang
from xltools.messages.setup import say

TRIED = ((0, 33), (0, 38))  # from, below
_VERSIONS = ("16.0", "15.0", "14.0")
_EXCEL = r"Excel.Application\CLSID"

State = Literal["ok", "note", "bad"]


class Registry(Protocol):
    """A string or number of the Windows registry; None where there is none."""

    def __call__(self, root: str, path: str, name: str) -> str | int | None: ...


class Check(NamedTuple):
    """One thing checked.  found and remedy are keys of ``messages.setup`` with their values."""

    subject: str
    state: State
    found: str
    values: Mapping[str, str] = {}
    remedy: str = ""

    def lines(self, lang: Lang) -> Iterator[str]:
        found = say(self.found, lang, **self.values)
        yield f"[{say(self.state, lang)}] {say(self.subject, lang)}：{found}"
        if self.remedy:
            yield f"      → {say(self.remedy, lang)}"


def examine(paths: Iterable[str | os.PathLike[str]] = ()) -> list[Check]:
    """Everything that can be checked on this computer."""
    windows = sys.platform == "win32"
    checks = [system(), python(), xlwings()]
    if not windows:
        return [*checks, log()]
    checks.append(settings(journal.folder() / SETTINGS, os.environ))
    checks.append(addin(Path(start_folder(os.environ) / "xltools.xlam")))
    checks += [excel(registry), *macros(registry), command()]
    return [*checks, *map(marked, paths), log()]


def system(name: str = "") -> Check:
    if (name or sys.platform) == "win32":
        bits = str(struct.calcsize("P") * 8)
        return Check("system", "ok", "system_windows", {"name": platform.platform(), "bits": bits})
    return Check("system", "note", "system_other", {"name": platform.system()}, "do_system_other")


def python(version: tuple[int, int] | None = None) -> Check:
    number = version or sys.version_info[:2]
    shown = ".".join(map(str, number))
    if number < (3, 11):
        return Check("python", "bad", "python_old", {"version": shown}, "do_python_old")
    return Check("python", "ok", "python_is", {"version": shown, "path": sys.executable})


def xlwings(version: str | None = "") -> Check:
    """version: None for not installed."""
    if version == "":
        version = _installed("xlwings")
    if version is None:
        return Check("xlwings", "bad", "xlwings_missing", {}, "do_xlwings_missing")
    number = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if TRIED[0] <= number < TRIED[1]:
        return Check("xlwings", "ok", "xlwings_is", {"version": version})
    return Check("xlwings", "note", "xlwings_old", {"version": version}, "do_xlwings_old")


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def settings(path: Path, environment: Mapping[str, str], executable: str = "") -> Check:
    """The interpreter the macros will start is there, and is this one."""
    written = written_settings(path).get("INTERPRETER_WIN", "")
    if not written:
        return Check("settings", "bad", "settings_missing", {"path": str(path)}, "do_settings")
    interpreter = written
    for name, value in environment.items():
        interpreter = interpreter.replace(f"%{name}%", value)
    values = {"path": str(path), "interpreter": interpreter}
    if not Path(interpreter).is_file():
        return Check("settings", "bad", "settings_broken", values, "do_settings")
    own = Path(executable or sys.executable)
    if Path(interpreter).parent != own.parent:
        return Check("settings", "note", "settings_other", values, "do_settings")
    return Check("settings", "ok", "settings_is", values)


def addin(path: Path) -> Check:
    from xltools.excel.addin import build

    if not path.exists():
        return Check("addin", "note", "addin_missing", {"path": str(path)}, "do_addin")
    if path.read_bytes() != build():
        return Check("addin", "note", "addin_old", {"path": str(path)}, "do_addin")
    return Check("addin", "ok", "addin_is", {"path": str(path)})


def excel(read: Registry) -> Check:
    """Which program answers to Excel.Application, as the registry says; nothing is started."""
    identity = read("HKCR", _EXCEL, "")
    program = None
    if identity:
        program = read("HKCR", rf"CLSID\{identity}\LocalServer32", "") or read(
            "HKCR", rf"WOW6432Node\CLSID\{identity}\LocalServer32", ""
        )
    if not program:
        return Check("excel", "bad", "excel_missing", {}, "do_excel_missing")
    values = {"program": str(program)}
    if any(word in str(program).lower() for word in ("wps", "kingsoft", "\\et.exe")):
        return Check("excel", "bad", "excel_wps", values, "do_excel_wps")
    return Check("excel", "ok", "excel_is", values)


def macros(read: Registry) -> Iterator[Check]:
    """The macro setting of every Excel on the computer; one made by policy goes first."""
    found = False
    for version in _VERSIONS:
        base = rf"Software\Microsoft\Office\{version}\Excel\Security"
        policy = rf"Software\Policies\Microsoft\Office\{version}\Excel\Security"
        setting = read("HKCU", policy, "VBAWarnings") or read("HKCU", base, "VBAWarnings")
        present = read("HKLM", rf"Software\Microsoft\Office\{version}\Excel\InstallRoot", "Path")
        if setting is None and present is None:
            continue
        found = True
        yield _macro_check(version, setting)
    if not found:
        yield Check("macros", "note", "macros_none")


def _macro_check(version: str, setting: str | int | None) -> Check:
    if setting not in (1, 2, 3, 4):
        return Check("macros", "ok", "macros_unknown", {"version": version})
    values = {"version": version, "meaning": say(f"macros_{setting}")}
    if setting in (3, 4):
        return Check("macros", "bad", "macros_is", values, "do_macros")
    return Check("macros", "ok", "macros_is", values)


def marked(path: str | os.PathLike[str]) -> Check:
    """Windows keeps the mark of the web in a second stream of the file."""
    values = {"path": os.fspath(path)}
    try:
        stream = Path(f"{os.fspath(path)}:Zone.Identifier").read_text("ascii", "replace")
    except OSError:
        return Check("marked", "ok", "marked_none", values)
    if any(f"ZoneId={zone}" in stream for zone in (3, 4)):
        return Check("marked", "bad", "marked_is", values, "do_marked")
    return Check("marked", "ok", "marked_none", values)


def command(line: Sequence[str] = ("cmd.exe", "/C", "exit 0")) -> Check:
    """The macros start Python through cmd.exe, which some offices forbid."""
    try:
        done = subprocess.run(line, capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError):
        return Check("command", "bad", "command_blocked", {}, "do_command")
    if done.returncode:
        return Check("command", "bad", "command_blocked", {}, "do_command")
    return Check("command", "ok", "command_ok")


def log() -> Check:
    path = journal.folder() / "xltools.log"
    if path.exists():
        return Check("log", "note", "log_is", {"path": str(path)})
    return Check("log", "ok", "log_none")


def registry(root: str, path: str, name: str) -> str | int | None:
    """Read the Windows registry."""
    if sys.platform != "win32":
        return None
    import winreg

    roots = {
        "HKCR": winreg.HKEY_CLASSES_ROOT,
        "HKCU": winreg.HKEY_CURRENT_USER,
        "HKLM": winreg.HKEY_LOCAL_MACHINE,
    }
    try:
        with winreg.OpenKey(roots[root], path) as key:
            value = winreg.QueryValueEx(key, name)[0]
    except OSError:
        return None
    return value if isinstance(value, str | int) else None
