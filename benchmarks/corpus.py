"""Make a folder of workbooks with known truth: clean forms, or with a share of messy ones.

    python benchmarks/corpus.py FOLDER --forms 1000 [--messy 0.3] [--unlike] [--seed 1] [--jobs N]

No two forms say the same (`contents.py`); they come from one template or, ``--unlike``, from many.  Each is an ordinary workbook of one of three writers
(`casting.py`), and the same arguments give the same bytes on any number of processes.  A JSON file beside
the folder, of the same name, holds what each form says, for whoever checks a result.
Needs: pip install ".[benchmark]"
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from casting import mould
from contents import form, truth

_AT_ONCE = 250


def name_of(number: int) -> str:
    return f"{number:06d}_示例单位.xlsx"


def truth_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


def _some(numbers: Iterable[int], folder: Path, messy: float, seed: int, unlike: bool) -> dict[str, Any]:
    found = {}
    for number in numbers:
        made = form(seed, number, messy, unlike)
        (folder / name_of(number)).write_bytes(mould(made.shape).cast(made))
        found[name_of(number)] = truth(made)
    return found


def make(
    folder: Path,
    forms: int,
    messy: float = 0.0,
    seed: int = 1,
    jobs: int | None = None,
    unlike: bool = False,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ranges = [range(at, min(at + _AT_ONCE, forms + 1)) for at in range(1, forms + 1, _AT_ONCE)]
    work = partial(_some, folder=folder, messy=messy, seed=seed, unlike=unlike)
    known: dict[str, Any] = {}
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
        for found in pool.map(work, ranges):
            known |= found
    truth_of(folder).write_text(json.dumps(known, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--messy", type=float, default=0.0)
    parser.add_argument("--unlike", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int)
    options = parser.parse_args()
    make(options.folder, options.forms, options.messy, options.seed, options.jobs, options.unlike)
