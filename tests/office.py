"""LibreOffice as a second engine: convert files, and recalculate every formula on the way."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

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
