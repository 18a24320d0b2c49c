"""Measure `xltools merge` beside its yardsticks, alternating, and write tables and a picture.

    python benchmarks/run.py [--large] [--forms 100 1000 10000] [--rounds 3] [--keep FOLDER] [-o FOLDER]

Every round runs the project on clean forms of one batch, on the same number of which 30 % are messy, on
forms that share no template, the floor (a bare parallel read) and, on the first ``--few`` files, the two colleagues (scaled linearly, start-up
measured apart and not scaled).  Only ratios within a round are quoted: machines differ, and a busy one is
slow for all of them.  Then what a single file costs, and `--version`.

``-o`` (default: benchmarks/) receives results.md, results.json and growth.png; ``--large`` adds 100,000
forms, once.  Needs Linux and: pip install ".[benchmark]"
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from corpus import make, truth_of  # noqa: E402
from growth import Point, draw  # noqa: E402
from measuring import Run, least, middle, run  # noqa: E402

YARDSTICKS = str(HERE / "yardsticks.py")
SCRIPT = Path(sys.executable).with_name("xltools")
XLTOOLS = [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-m", "xltools"]
SIZES, LARGE = [100, 1_000, 10_000], 100_000
MESSY = 0.3
REPEATED = 20  # of what takes a fraction of a second


def project(folder: Path, output: Path) -> list[str]:
    """Without the sheet a unit, which only batches of up to 200 units get unless more are asked for: the
    sizes would not compare."""
    return [*XLTOOLS, "merge", str(folder), "-o", str(output), "--unit-sheets", "none"]


def floor(folder: Path) -> list[str]:
    return [sys.executable, YARDSTICKS, "floor", str(folder)]


def colleague(folder: Path, output: Path, very_good: bool) -> list[str]:
    extra = ["--read-only", "--procs", str(os.cpu_count())] if very_good else []
    return [sys.executable, YARDSTICKS, "colleague", str(folder), "-o", str(output), *extra]


# --- the files ------------------------------------------------------------------------------------


def first_of(folder: Path, number: int, target: Path) -> Path:
    """The first files of a folder in one of their own: hard links, or copies where there are none."""
    target.mkdir(parents=True)
    for path in sorted(folder.iterdir())[:number]:
        try:
            os.link(path, target / path.name)
        except OSError:
            shutil.copyfile(path, target / path.name)
    return target


def corpora(where: Path, sizes: list[int], messy: float = 0.0, unlike: bool = False) -> dict[int, Path]:
    """A folder of each size; the smaller ones are the beginning of the largest."""
    if not sizes:
        return {}
    largest = max(sizes)
    whole = where / f"{largest}-forms-{messy:.0%}-messy{'-unlike' if unlike else ''}"
    if not truth_of(whole).exists():  # written last
        print(f"making {whole.name} …", file=sys.stderr, flush=True)
        make(whole, largest, messy, unlike=unlike)
    found = {largest: whole}
    for size in set(sizes) - {largest}:
        found[size] = where / f"{whole.name}-first-{size}"
        if not found[size].exists():
            first_of(whole, size, found[size])
    return found


# --- rounds ---------------------------------------------------------------------------------------


class Size:
    """What was measured on one number of forms: name of a runner -> its runs, one a round."""

    def __init__(self, forms: int) -> None:
        self.forms = forms
        self.runs: dict[str, list[Run]] = defaultdict(list)
        self.memory = 0.0

    def wall(self, name: str) -> float:
        return statistics.median(each.wall for each in self.runs[name])

    def ratio(self, name: str, other: str, which: str = "wall") -> str:
        """One runner's time divided by another's, round by round."""
        if not self.runs[name]:
            return "–"
        pairs = zip(self.runs[name], self.runs[other], strict=True)
        return middle([getattr(one, which) / getattr(two, which) for one, two in pairs])

    def point(self) -> Point:
        names = ("merge", "floor", "very good colleague", "good colleague")
        return Point(self.forms, {name: self.wall(name) for name in names}, self.memory)


def scaled(one: Run, few: Run, number: int, forms: int) -> Run:
    """What ``forms`` files would take, from a run on one and a run on ``number``."""
    share = (forms - 1) / max(1, number - 1)
    return Run(one.wall + (few.wall - one.wall) * share, one.cpu + (few.cpu - one.cpu) * share)


class Folders(NamedTuple):
    """Of one size: a batch from one template; the same with messes, and forms that share no template,
    where these are measured."""

    clean: Path
    messy: Path | None
    unlike: Path | None


def measure(folders: Folders, forms: int, rounds: int, few: int) -> Size:
    clean, messy, unlike = folders
    size, few = Size(forms), min(few, forms)
    with tempfile.TemporaryDirectory() as temporary:
        where = Path(temporary)
        output, theirs = where / "out.xlsx", where / "colleague.xlsx"
        some, single = first_of(clean, few, where / "few"), first_of(clean, 1, where / "one")
        run(floor(clean))  # from now on the files are in memory for all of them
        for number in range(rounds):
            print(f"{forms:,} forms, round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            size.runs["merge"].append(run(project(clean, output)))
            size.runs["floor"].append(run(floor(clean)))
            if messy:
                size.runs["messy"].append(run(project(messy, output)))
            if unlike:
                size.runs["unlike"].append(run(project(unlike, output)))
                size.runs["unlike floor"].append(run(floor(unlike)))
            for name, best in (("very good colleague", True), ("good colleague", False)):
                one, many = run(colleague(single, theirs, best)), run(colleague(some, theirs, best))
                size.runs[name].append(scaled(one, many, few, forms))
        size.memory = run(project(clean, output), memory=True).tree_mb
    return size


# --- tables ---------------------------------------------------------------------------------------

COLUMNS: tuple[tuple[str, Callable[[Size], str]], ...] = (
    ("forms", lambda size: f"{size.forms:,}"),
    ("merge", lambda size: f"{size.wall('merge'):.2f} s"),
    ("wall ÷ floor", lambda size: size.ratio("merge", "floor")),
    ("CPU ÷ floor", lambda size: size.ratio("merge", "floor", "cpu")),
    ("very good colleague ÷ merge", lambda size: size.ratio("very good colleague", "merge")),
    ("the same, CPU", lambda size: size.ratio("very good colleague", "merge", "cpu")),
    ("good colleague ÷ merge", lambda size: size.ratio("good colleague", "merge")),
    ("the same, CPU", lambda size: size.ratio("good colleague", "merge", "cpu")),
    ("30 % messy ÷ clean", lambda size: size.ratio("messy", "merge")),
    ("the same, CPU", lambda size: size.ratio("messy", "merge", "cpu")),
    ("forms of no one template: wall ÷ floor", lambda size: size.ratio("unlike", "unlike floor")),
    ("the same, CPU", lambda size: size.ratio("unlike", "unlike floor", "cpu")),
    ("peak memory, whole tree", lambda size: f"{size.memory:.0f} MB"),
)


def cells(size: Size) -> list[str]:
    return [cell(size) for _, cell in COLUMNS]


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    return [
        "| " + " | ".join(header) + " |",
        "|" + "---|" * len(header),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def growth_rows(sizes: list[Size]) -> list[list[str]]:
    """How much longer ten times as many forms take, of merge and of the floor; and the memory."""
    return [
        [
            f"{small.forms:,} → {large.forms:,}",
            f"{large.wall('merge') / small.wall('merge'):.2f}",
            f"{large.wall('floor') / small.wall('floor'):.2f}",
            f"{large.memory / small.memory:.2f}",
        ]
        for small, large in pairwise(sizes)
    ]


def start_rows(file: Path) -> list[list[str]]:
    """Milliseconds of whole processes at their best, and what is above bare Python."""
    found = least(
        {
            "bare Python": [sys.executable, "-c", "pass"],
            "`xltools --version`": [*XLTOOLS, "--version"],
            "`xltools validate` one file": [*XLTOOLS, "validate", str(file)],
        },
        REPEATED,
    )
    bare = found["bare Python"]
    return [
        [name, f"{each.cpu * 1e3:.0f}", f"{(each.cpu - bare.cpu) * 1e3:.0f}", f"{each.wall * 1e3:.0f}"]
        for name, each in found.items()
    ]


def report(sizes: list[Size], starts: list[list[str]], rounds: int) -> str:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return "\n".join(
        [
            *table([name for name, _ in COLUMNS], [cells(size) for size in sizes]),
            "",
            f"{machine}; median (lowest–highest) of {rounds} rounds, one of {LARGE:,} forms or more.",
            "",
            *table(["forms", "merge takes × as long", "floor", "merge memory"], growth_rows(sizes)),
            "",
            *table(["process", "CPU ms", "above bare Python", "wall ms"], starts),
            "",
            f"The least of {REPEATED} runs that took turns.",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--forms", type=int, nargs="+", default=SIZES)
    parser.add_argument("--large", action="store_true", help=f"also {LARGE:,} forms (2 GB, many minutes)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--few", type=int, default=100, help="files the colleagues are measured on")
    parser.add_argument("--keep", type=Path, help="keep the corpora here and reuse them")
    parser.add_argument("-o", "--output", type=Path, default=HERE)
    options = parser.parse_args()
    counts = sorted({*options.forms, *([LARGE] if options.large else [])})
    with tempfile.TemporaryDirectory() as temporary:
        where = (options.keep or Path(temporary)).resolve()
        usual = [count for count in counts if count < LARGE]
        clean, messy = corpora(where, counts), corpora(where, usual, MESSY)
        unlike = corpora(where, usual, unlike=True)
        starts = start_rows(min(clean[counts[0]].iterdir()))
        sizes = []
        for forms in counts:
            rounds = 1 if forms >= LARGE else options.rounds
            folders = Folders(clean[forms], messy.get(forms), unlike.get(forms))
            sizes.append(measure(folders, forms, rounds, options.few))
            print(" | ".join(cells(sizes[-1])), file=sys.stderr, flush=True)
    text, points = report(sizes, starts, options.rounds), [size.point() for size in sizes]
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "results.md").write_text(text, "utf-8")
    known = [point._asdict() for point in points]
    (options.output / "results.json").write_text(json.dumps(known, indent=1), "utf-8")
    draw(points, options.output / "growth.png")
    print(text)


if __name__ == "__main__":
    main()
