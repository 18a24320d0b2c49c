"""Help and version answer at once: nothing heavy is imported before it is used."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

HEAVY = (
    "pandas",
    "numpy",
    "openpyxl",
    "xlsxwriter",
    "lxml",
    "xlrd",
    "msoffcrypto",
    "xlwings",
    "docx",
    "rich",
)


def imported(*arguments: str) -> set[str]:
    """The modules loaded by ``xltools ARGUMENTS``, from the interpreter's own list."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "xltools", *arguments],
        capture_output=True,
        timeout=120,
        cwd=ROOT,
    )
    assert run.returncode in (0, 1)
    lines = run.stderr.decode("utf-8", "replace").splitlines()
    return {match[1] for line in lines if (match := re.match(r"import time:.*\|\s+([\w.]+)$", line))}


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("merge", "--help"), ("rules", "SCO-03")])
def test_nothing_heavy_is_loaded(arguments: tuple[str, ...]) -> None:
    modules = imported(*arguments)
    assert "xltools" in modules
    assert {name for name in modules if name.split(".")[0] in HEAVY} == set()


def test_the_version_needs_not_even_typer() -> None:
    assert {"typer", "xltools.cli"} & imported("--version") == set()


# What only other commands, other kinds of files or a terminal need.
ELSEWHERE = {
    "typer",
    "click",
    "pydantic",
    "rich",
    "docx",
    "distributed",
    "msoffcrypto",
    "xlrd",
    "pandas",
    "numpy",
}


def test_a_plain_merge_and_validate_load_what_they_need_and_no_typer(tmp_path: Path) -> None:
    merged = imported("merge", "samples/2023", "-o", str(tmp_path / "汇总.xlsx"))
    checked = imported("validate", "samples/2023/阿拉善高新区.xlsx")
    assert {"xltools.batch", "xlsxwriter"} <= merged
    assert "xltools.examining" in checked
    assert {name.split(".")[0] for name in merged | checked} & ELSEWHERE == set()
    assert "xltools.app" not in merged | checked
    assert {"xlsxwriter", "xltools.consolidated", "xltools.batch"} & checked == set()


def test_importing_the_library_costs_nothing() -> None:
    probe = "import sys, xltools; print(sorted(n for n in sys.modules if n.startswith('xltools')))"
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, check=True, text=True, cwd=ROOT)
    assert run.stdout.strip() == "['xltools']"


def test_reading_needs_no_writer_and_no_frames() -> None:
    probe = (
        "import sys, xltools, pathlib;"
        "path = next(pathlib.Path(sys.argv[1]).glob('*高新区.xlsx'));"
        "assert xltools.read(path).forms;"
        "print(sorted({n.split('.')[0] for n in sys.modules} & {'pandas', 'openpyxl', 'xlsxwriter', 'typer'}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", probe, "samples/2023"], capture_output=True, check=True, text=True, cwd=ROOT
    )
    assert run.stdout.strip() == "[]"
