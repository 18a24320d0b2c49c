"""Installation on a computer with Excel: where Python is, and the add-in in the folder Excel starts from.

Everything is planned and shown before anything is done.  On other systems the plan is shown only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from xltools.excel import journal
from xltools.excel.addin import NAME
from xltools.messages.interface import Lang
from xltools.messages.setup import say

SETTINGS = "xltools.conf"
_SHORTENED = ("LOCALAPPDATA", "APPDATA", "USERPROFILE")


class Plan(NamedTuple):
    """interpreter: as it will be written.  possible: this is Windows."""

    interpreter: str
    settings: Path
    addin: str
    xlwings: bool
    possible: bool

    def lines(self, lang: Lang) -> Iterator[str]:
        yield say("plan", lang)
        yield say("plan_settings", lang, path=str(self.settings), interpreter=self.interpreter)
        yield say("plan_addin", lang, path=self.addin)
        if not self.xlwings:
            yield say("plan_no_xlwings", lang)
        if not self.possible:
            yield say("not_windows", lang)

    def question(self, lang: Lang) -> str:
        return say("go_ahead", lang)

    def carry_out(self, lang: Lang) -> Iterator[str]:
        """Do it, saying each step.  Raises OSError when something cannot be written."""
        from xltools.excel.addin import write

        self.settings.parent.mkdir(parents=True, exist_ok=True)
        self.settings.write_bytes(settings_text(self.interpreter).encode(_ansi()))
        yield say("done_settings", lang, path=str(self.settings))
        try:
            write(self.addin)
        except PermissionError:
            yield say("addin_open", lang, path=self.addin)
            return
        yield say("done_addin", lang, path=self.addin)
        yield say("next", lang)

    def undo(self, lang: Lang) -> Iterator[str]:
        """Take settings and add-in away again."""
        for path in (Path(self.addin), self.settings) if self.possible else (self.settings,):
            try:
                path.unlink()
            except FileNotFoundError:
                yield say("was_absent", lang, path=str(path))
            else:
                yield say("removed", lang, path=str(path))


def planned(environment: Mapping[str, str] | None = None, executable: str = "", platform: str = "") -> Plan:
    """What `xltools excel install` would do here."""
    values = os.environ if environment is None else environment
    windows = (platform or sys.platform) == "win32"
    return Plan(
        interpreter=_portable(_console(executable or sys.executable), values),
        settings=journal.folder() / SETTINGS,
        addin=str(start_folder(values) / NAME),
        xlwings=_has_xlwings(),
        possible=windows,
    )


def start_folder(values: Mapping[str, str]) -> PureWindowsPath:
    """XLSTART of this person: add-ins there open with Excel, and the folder is trusted."""
    return PureWindowsPath(values.get("APPDATA", "%APPDATA%"), "Microsoft", "Excel", "XLSTART")


def _console(executable: str) -> str:
    """python.exe beside pythonw.exe: the button waits for it and reads what it says."""
    path = PureWindowsPath(executable)
    return str(path.with_name("python.exe")) if path.name.lower() == "pythonw.exe" else executable


def _portable(path: str, values: Mapping[str, str]) -> str:
    """The path by environment variables, so that a Chinese user name never meets an encoding."""
    for name in _SHORTENED:
        folder = values.get(name, "").rstrip("\\")
        if folder and path.lower().startswith(folder.lower() + "\\"):
            return f"%{name}%{path[len(folder) :]}"
    return path


def _has_xlwings() -> bool:
    from importlib.util import find_spec

    return find_spec("xlwings") is not None


def settings_text(interpreter: str) -> str:
    """One quoted pair a line, as VBA's ``Input #`` reads them."""
    return f'"INTERPRETER_WIN","{interpreter}"\r\n'


def written_settings(path: Path) -> dict[str, str]:
    """The settings as the macros will read them; empty when there are none."""
    try:
        text = path.read_bytes().decode(_ansi(), "replace")
    except OSError:
        return {}
    pairs = (line.partition(",") for line in text.splitlines() if "," in line)
    return {name.strip().strip('"').upper(): value.strip().strip('"') for name, _, value in pairs}


def _ansi() -> str:
    return "mbcs" if sys.platform == "win32" else "gb18030"
