"""Run a command as a whole process tree: wall time, CPU time, peak memory.  Linux only."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import NamedTuple


class Run(NamedTuple):
    """wall, cpu in seconds (cpu: user + system of the whole tree); tree_mb: peak memory of the tree,
    shared pages counted once."""

    wall: float
    cpu: float
    tree_mb: float = 0.0


class Failed(RuntimeError):
    """A command that was measured could not run: its time means nothing."""


def _tree(root: int) -> list[int]:
    found, todo = [], [root]
    while todo:
        process = todo.pop()
        found.append(process)
        try:
            for task in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{task}/children") as children:
                    todo += map(int, children.read().split())
        except OSError:
            continue
    return found


def _proportional_mb(process: int) -> float:
    try:
        with open(f"/proc/{process}/smaps_rollup") as lines:
            return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
    except OSError:
        return 0.0


def run(command: Sequence[str], *, memory: bool = False) -> Run:
    """memory: sample the tree every 50 ms (costs a little; time and memory are measured apart).

    Runs in a neutral folder, so that the installed package is measured and no checkout.
    Raises Failed unless the exit code is 0, or 1 as when errors were found in the forms.
    """
    start = time.perf_counter()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=told, cwd=tempfile.gettempdir())
        peak, done = 0.0, threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.05):
                peak = max(peak, sum(map(_proportional_mb, _tree(process.pid))))

        watcher = threading.Thread(target=watch, daemon=True)
        if memory:
            watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        if memory:
            watcher.join()
        if process.returncode not in (0, 1):
            told.seek(0)
            raise Failed(f"{' '.join(command)}\n{told.read().decode(errors='replace')[-2000:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, peak)


def least(commands: dict[str, list[str]], times: int) -> dict[str, Run]:
    """The shortest wall and CPU times of many runs that take turns: what start-up costs at best."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            found[name].append(run(command))
    return {
        name: Run(min(each.wall for each in runs), min(each.cpu for each in runs))
        for name, runs in found.items()
    }


def middle(values: Sequence[float]) -> str:
    """``1.85 (1.80–1.92)``: the median, the lowest and the highest."""
    text = f"{statistics.median(values):.2f}"
    return text if len(values) == 1 else f"{text} ({min(values):.2f}–{max(values):.2f})"
