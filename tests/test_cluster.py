"""Merging on a real dask cluster of several processes, one of which is killed in the middle."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

import xltools
from xltools.refusal import Refusal
from xltools.template import new

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("报送")
    first = new(folder / "000.xlsx", year=2024, project="运行经费", unit="示例单位000", department="示例部门")
    data = first.read_bytes()
    for number in range(1, 120):
        (folder / f"{number:03d}.xlsx").write_bytes(data)
    return folder


def test_a_killed_worker_costs_nothing_but_time(returns: Path, tmp_path: Path) -> None:
    alone, spread = tmp_path / "alone.xlsx", tmp_path / "spread.xlsx"
    xltools.merge(returns, alone, jobs=1)
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        victim = next(iter(cluster.workers.values())).pid

        def kill() -> None:
            time.sleep(0.3)
            os.kill(victim, getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows knows the latter

        killer = threading.Thread(target=kill)
        killer.start()
        result = xltools.merge(returns, spread, scheduler=cluster.scheduler_address)
        killer.join()
    assert result.written
    assert spread.read_bytes() == alone.read_bytes()


def test_nobody_at_the_address_is_said_in_words(returns: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="调度器"):
        xltools.merge(returns, tmp_path / "x.xlsx", scheduler="tcp://127.0.0.1:9")
