"""LibreOffice made to do what a person does in a sheet: insert rows, type, recalculate, save."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Typing"/>
</library:library>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Typing" script:language="StarBasic">
Sub Run
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
  sheet = book.Sheets.getByIndex(0)
  sheet.unprotect("")
{steps}
  book.calculateAll()
  Dim format(0) As New com.sun.star.beans.PropertyValue
  format(0).Name = "FilterName" : format(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL("{target}", format())
  book.close(True)
End Sub
</script:module>
"""


def insert_rows(before: int, count: int = 1) -> str:
    """Insert rows before a row, 1-based."""
    return f"  sheet.Rows.insertByIndex({before - 1}, {count})"


def remove_rows(first: int, count: int = 1) -> str:
    return f"  sheet.Rows.removeByIndex({first - 1}, {count})"


def enter(cell: str, value: str | float) -> str:
    """Type a number or a text into a cell."""
    if isinstance(value, str):
        return f'  sheet.getCellRangeByName("{cell}").String = "{value}"'
    return f'  sheet.getCellRangeByName("{cell}").Value = {value}'


def formula(cell: str, text: str) -> str:
    """Enter a formula, in English, with ; between the arguments."""
    return f'  sheet.getCellRangeByName("{cell}").Formula = "{text.replace(chr(34), chr(34) * 2)}"'


def after_typing(source: Path, steps: Sequence[str], folder: Path) -> Path:
    """The workbook as LibreOffice saves it after the steps."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not on this machine")
    profile, target = folder / "typing", folder / f"typed-{source.stem}.xlsx"
    basic = profile / "user" / "basic" / "Standard"
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    if not basic.exists():  # the first start makes the library and overwrites what stands there
        subprocess.run([*command, "--terminate_after_init"], check=True, capture_output=True, timeout=120)
    basic.mkdir(parents=True, exist_ok=True)
    (basic / "script.xlb").write_text(_LIBRARY, "utf-8")
    module = _MODULE.replace("{source}", source.as_uri()).replace("{target}", target.as_uri())
    text = "\n".join(steps).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    (basic / "Typing.xba").write_text(module.replace("{steps}", text), "utf-8")
    subprocess.run([*command, "macro:///Standard.Typing.Run()"], check=True, capture_output=True, timeout=120)
    assert target.exists(), "the macro did not run"
    return target
