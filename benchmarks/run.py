"""Measure `xltools merge` beside its yardsticks, alternating, and write a table.

    python benchmarks/run.py [--forms 1000 10000] [--rounds 3] [--keep FOLDER] [-o RESULTS.md]

Every round runs the project, the floor (a bare parallel read) and, on the first ``--few`` files, the
two colleagues (scaled linearly, start-up measured apart and not scaled).  Only ratios within a round
are quoted: machines differ, and a busy one is slow for all of them.
Needs: pip install ".[benchmark]"
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from corpus import make  # noqa: E402
from measuring import Run, run  # noqa: E402

YARDSTICKS = str(HERE / "yardsticks.py")


def project(folder: Path, output: Path) -> list[str]:
    return [sys.executable, "-m", "xltools", "merge", str(folder), "-o", str(output)]


def floor(folder: Path) -> list[str]:
    return [sys.executable, YARDSTICKS, "floor", str(folder)]


def colleague(folder: Path, output: Path, very_good: bool) -> list[str]:
    extra = ["--read-only", "--procs", str(os.cpu_count())] if very_good else []
    return [sys.executable, YARDSTICKS, "colleague", str(folder), "-o", str(output), *extra]


def few_of(folder: Path, number: int, where: Path) -> Path:
    where.mkdir()
    for path in sorted(folder.iterdir())[:number]:
        os.symlink(path.resolve(), where / path.name)
    return where


def scaled(one: Run, few: Run, number: int, forms: int) -> tuple[float, float]:
    """(wall, cpu) for ``forms`` files from a run on one and a run on ``number``."""
    share = (forms - 1) / max(1, number - 1)
    return one.wall + (few.wall - one.wall) * share, one.cpu + (few.cpu - one.cpu) * share


def middle(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def measure(corpus: Path, forms: int, rounds: int, few: int, where: Path) -> list[str]:
    """One row of the table, as cells."""
    few = min(few, forms)
    output = where / "out.xlsx"
    small, single = few_of(corpus, few, where / "few"), few_of(corpus, 1, where / "one")
    run(project(corpus, output))
    run(floor(corpus))
    wall, cpu, good, very = [], [], [], []
    ours: list[Run] = []
    for _ in range(rounds):
        mine, bare = run(project(corpus, output)), run(floor(corpus))
        ours.append(mine)
        wall.append(mine.wall / bare.wall)
        cpu.append(mine.cpu / bare.cpu)
        for found, best in ((good, False), (very, True)):
            one = run(colleague(single, where / "c.xlsx", best))
            many = run(colleague(small, where / "c.xlsx", best))
            found.append(scaled(one, many, few, forms)[0] / mine.wall)
    memory = run(project(corpus, output), memory=True).tree_mb
    seconds = statistics.median([each.wall for each in ours])
    return [
        f"{forms:,}",
        f"{seconds:.2f} s",
        middle(wall),
        middle(cpu),
        middle(good),
        middle(very),
        f"{memory:.0f} MB",
    ]


HEADER = (
    *("forms", "merge", "wall ÷ floor", "CPU ÷ floor", "good colleague ÷ merge"),
    *("very good colleague ÷ merge", "peak memory, whole tree"),
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--forms", type=int, nargs="+", default=[1000])
    parser.add_argument("--messy", type=float, default=0.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--few", type=int, default=100, help="files the colleagues are measured on")
    parser.add_argument("--keep", type=Path, help="keep the corpora here and reuse them")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    lines = ["| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
    with tempfile.TemporaryDirectory() as temporary:
        for forms in options.forms:
            name = f"corpus-{forms}-{options.messy}"
            corpus = (options.keep or Path(temporary)) / name
            if not corpus.exists():
                make(corpus, forms, options.messy)
            where = Path(temporary) / f"run-{forms}"
            where.mkdir()
            lines.append("| " + " | ".join(measure(corpus, forms, options.rounds, options.few, where)) + " |")
            print(lines[-1], file=sys.stderr, flush=True)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    text = "\n".join([*lines, "", f"{machine}; median (lowest–highest) of {options.rounds} rounds.", ""])
    print(text)
    if options.output:
        options.output.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
