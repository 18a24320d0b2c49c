"""What share of a folder's workbooks the fast path reads, and what a file costs on either path.

    python benchmarks/fastpath.py FOLDER [--repeat 5]
    python benchmarks/fastpath.py FOLDER --draw 20

Any folder of anybody's workbooks; every folder below it is a row of the table.  ``--draw`` first draws so
many forms there in each of two dozen ways (`strangers.py`; needs ".[benchmark]").  Nothing but times
differs between the paths: what the fast path does not understand, the full reader reads.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from xltools.collecting import SPREADSHEETS
from xltools.model import FileReading
from xltools.reading import read_file


def microseconds(paths: list[str], repeat: int) -> str:
    """CPU time a file, of the quickest of some passes over all of them."""
    if not paths:
        return ""
    passes = []
    for _ in range(repeat):
        start = time.process_time()
        for path in paths:
            read_file(path)
        passes.append(time.process_time() - start)
    return f"{min(passes) / len(paths) * 1e6:,.0f}"


class Group(NamedTuple):
    """Workbooks of one folder: those the fast path read, the others, how many hold a form."""

    name: str
    quick: list[str]
    slow: list[str]
    forms: int

    @property
    def share(self) -> float:
        return len(self.quick) / (len(self.quick) + len(self.slow))

    def row(self, repeat: int) -> str:
        times = [microseconds(paths, repeat) for paths in (self.quick, self.slow)]
        files = len(self.quick) + len(self.slow)
        return f"| {self.name} | {files:,} | {self.forms:,} | {self.share:.0%} | {times[0]} | {times[1]} |"


def groups(folder: Path) -> list[Group]:
    """Every folder with workbooks below this one, those the fast path reads best first."""
    found: dict[str, list[FileReading]] = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in SPREADSHEETS:
            found[str(path.parent.relative_to(folder))].append(read_file(path))
    made = [
        Group(
            "here" if name == "." else name,
            [reading.path for reading in readings if reading.fast],
            [reading.path for reading in readings if not reading.fast],
            sum(reading.status == "read" for reading in readings),
        )
        for name, readings in found.items()
    ]
    return sorted(made, key=lambda group: (-group.share, group.name))


def table(folder: Path, repeat: int) -> list[str]:
    return [
        "| workbooks | files | with a form | fast path | µs a file there | µs a file elsewhere |",
        "|---|---|---|---|---|---|",
        *(group.row(repeat) for group in groups(folder)),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--draw", type=int, metavar="N", help="draw N workbooks of each kind there first")
    options = parser.parse_args()
    if options.draw:
        from strangers import draw_all

        draw_all(options.folder, options.draw)
    gc.disable()  # as `merge` does
    print("\n".join(table(options.folder, options.repeat)))
