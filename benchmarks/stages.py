"""Where the time of `merge` goes: CPU microseconds a form for each step, in one process.

    python benchmarks/stages.py FOLDER [--forms 3000]

Every form goes through all steps before the next group does, as in a worker; the first third warms up
and does not count.  The floor is python-calamine on the same files in the same run.
"""

from __future__ import annotations

import argparse
import gc
import pickle
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from xltools import merging, rulebook
from xltools.consolidated import lists
from xltools.consolidated.columns import Out
from xltools.consolidated.paths import Paths
from xltools.consolidated.placing import placed
from xltools.consolidated.summary import grade_formula
from xltools.examining import Examined, ExaminedForm
from xltools.locate import locate
from xltools.model import FileReading, SelfEvaluation, column_letters
from xltools.profiles import load_profile
from xltools.reading import Taken, read_form, take
from xltools.scoring import assess
from xltools.sheets.opening import open_bytes

GROUP, PIECE = 8, 64
T = TypeVar("T")


class Clock:
    """CPU seconds by step."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    def of(self, step: str, work: Callable[..., T], *about: Any) -> T:
        start = time.process_time()
        found = work(*about)
        self.spent[step] += time.process_time() - start
        return found


def forms_of(files: list[Taken], clock: Clock) -> list[SelfEvaluation]:
    """The books go before the forms are scored, as in a worker: what nobody holds is not remembered."""
    books = clock.of("open", lambda: [open_bytes(file.data, file.path) for file in files])
    pages = clock.of(
        "locate", lambda: [[form for grid in book.grids for form in locate(grid)] for book in books]
    )
    return clock.of(
        "read",
        lambda: [read_form(*found[0], file.path) for file, found in zip(files, pages, strict=True)],
    )


def examined(files: list[Taken], clock: Clock) -> list[Examined]:
    profile = load_profile("national")
    forms = forms_of(files, clock)
    scores = clock.of("recompute", lambda: [assess(form, profile) for form in forms])
    findings = clock.of(
        "check",
        lambda: [rulebook.check(form, profile, score) for form, score in zip(forms, scores, strict=True)],
    )
    return [
        Examined(
            FileReading(file.path, "read", (form,), size=len(file.data), sha256=file.sha256),
            (ExaminedForm(form, score, found),),
        )
        for file, form, score, found in zip(files, forms, scores, findings, strict=True)
    ]


def condensed(files: list[Examined]) -> list[merging.Digest]:
    return [merging.digest(each, False) for each in files]


def bundle(paths: list[str], clock: Clock) -> merging.Bundle:
    digests = []
    for at in range(0, len(paths), GROUP):
        files = clock.of("take from the disk, hash", list, map(take, paths[at : at + GROUP]))
        digests += clock.of("condense", condensed, examined(files, clock))
    made = clock.of("add up and pack", lambda: merging.bundle(digests, sealed=True))
    return clock.of("to the parent and back", lambda: pickle.loads(pickle.dumps(made)))


def scene(folder: Path) -> lists.Scene:
    outs = {
        name: tuple(
            Out(column_letters(at), 1, 2, 3, 4, each.width if each.wraps else 0, each.formula)
            for at, each in enumerate(columns, start=1)
        )
        for name, columns in lists.COLUMNS.items()
    }
    return lists.Scene(Paths(folder / "汇总.xlsx", folder), outs, grade_formula(load_profile("national")))


def measure(folder: Path, count: int) -> dict[str, float]:
    """Step -> microseconds a form."""
    clock, files = Clock(), sorted(map(str, folder.glob("*.xlsx")))[:count]
    bundles = []
    pieces = [files[at : at + PIECE] for at in range(0, len(files), PIECE)]
    warm = len(pieces) // 3
    for at, piece in enumerate(pieces):
        if at == warm:
            clock.spent.clear()
        bundles.append(bundle(piece, clock))
    counted = len(files) - warm * PIECE
    whole = clock.of("decide", lambda: merging.consolidate_bundles(bundles, load_profile("national")))
    clock.spent["decide"] *= counted / len(files)  # of all forms
    where = placed(whole).where
    drawn = scene(folder)
    for each, decided, place in zip(whole.bundles[warm:], whole.decided[warm:], where[warm:], strict=True):
        task = lists.Task(each.digests.sealed(), decided, place, "r_")
        clock.of("write and deflate the rows", lists.with_units, drawn, task, {})
    clock.of("floor", lambda: [bare(path) for path in files[-counted:]])
    return {step: spent / counted * 1e6 for step, spent in clock.spent.items()}


def bare(path: str) -> Any:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--forms", type=int, default=3000)
    options = parser.parse_args()
    gc.disable()
    found = measure(options.folder, options.forms)
    floor = found.pop("floor")
    print("| step | µs a form |\n|---|---|")
    for step, spent in found.items():
        print(f"| {step} | {spent:.0f} |")
    print(f"| together | {sum(found.values()):.0f} = {sum(found.values()) / floor:.1f} floors |")
    print(f"| the floor: python-calamine reads the file | {floor:.0f} |")


if __name__ == "__main__":
    main()
