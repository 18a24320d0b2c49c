"""Run a command as a whole process tree: wall time, CPU time, peak memory.  Linux only."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from typing import NamedTuple


class Run(NamedTuple):
    """wall, cpu in seconds (cpu: user + system of the whole tree); tree_mb: peak memory of the tree,
    shared pages counted once; code: exit code."""

    wall: float
    cpu: float
    tree_mb: float
    code: int


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


def run(command: list[str], *, memory: bool = False) -> Run:
    """memory: sample the tree every 50 ms (costs a little; time and memory are measured apart)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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
    return Run(wall, usage.ru_utime + usage.ru_stime, peak, process.returncode)
