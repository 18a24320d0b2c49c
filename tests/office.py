"""LibreOffice as a second engine: convert files, and recalculate every formula on the way."""

from __future__ import annotations

import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from unittest import mock

import openpyxl
import pytest

from xltools.sheets import Grid, ooxml
from xltools.sheets.archive import Archive

_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def convert(files: list[Path], kind: str, folder: Path) -> list[Path]:
    """Convert files to ``pdf`` or ``xlsx``, formulas recalculated; one run for all of them."""
    program = shutil.which("libreoffice") or shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not on this machine")
    profile, out = folder / "profile", folder / "converted"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_RECALCULATE, "utf-8")
    named = []
    for number, file in enumerate(files):
        copy = folder / f"{number}{file.suffix}"
        copy.write_bytes(file.read_bytes())
        named.append(copy)
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run(
        [*command, "--outdir", str(out), *map(str, named)], check=True, capture_output=True, timeout=300
    )
    return [out / f"{copy.stem}.{kind}" for copy in named]


def results(path: Path) -> dict[str, object]:
    """Stored results of the formulas of the first sheet."""
    formulas = openpyxl.load_workbook(path).worksheets[0]
    values = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    return {
        cell.coordinate: values[cell.coordinate].value
        for row in formulas.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def same(ours: object, theirs: object) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return Decimal(f"{ours:.12g}") == Decimal(f"{theirs:.12g}")
    return ours == theirs


def every_grid(path: Path) -> tuple[Grid, ...]:
    """All sheets of a workbook, also those of our template that the reader passes over."""
    with mock.patch.object(ooxml, "HELPERS", ()):
        return ooxml.read(Archive(path.read_bytes())).grids
