"""Work on many files at once, in order, without losing the run to one of them."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from xltools.refusal import Refusal

R = TypeVar("R")

_CHUNK = 64
_WORTH_A_POOL = 40  # below this, starting processes costs more than it saves
_MOST_WORKERS = 61  # what Windows can wait for at once

Progress = Callable[[int, int], None]
"""Called with (files finished since the last call, files in all)."""


def no_progress(done: int, total: int) -> None:
    return None


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, initializer=_leave_interrupts_to_the_parent)


@contextmanager
def collection_paused() -> Iterator[None]:
    """Without the cycle collector: forms are tuples without cycles, and looking through thousands of
    them again and again costs a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _chunk(work: Callable[[str], R], paths: Sequence[str]) -> list[R]:
    with collection_paused():
        return [work(path) for path in paths]


def _chunks(paths: Sequence[str], workers: int) -> list[Sequence[str]]:
    """Chunks of at most 64 files, small enough that every worker gets several."""
    size = max(1, min(_CHUNK, len(paths) // (workers * 4) or 1))
    return [paths[start : start + size] for start in range(0, len(paths), size)]


def each_file(
    work: Callable[[str], R],
    paths: Sequence[str],
    *,
    lost: Callable[[str], R],
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress = no_progress,
) -> list[R]:
    """``[work(path) for path in paths]``, spread over processes.

    work: a picklable function.  lost: what stands in for a file that took its process down with it.
    jobs: processes, by default one a core.  executor: use this one instead and leave it running.
    """
    workers = min(jobs or os.cpu_count() or 1, _MOST_WORKERS)
    if executor is None and (workers == 1 or len(paths) < _WORTH_A_POOL):
        results = []
        for path in paths:
            results.append(work(path))
            progress(1, len(paths))
        return results
    if executor is not None:
        return _spread(executor, work, paths, workers, lost, progress)
    with _pool(workers) as own:
        try:
            return _spread(own, work, paths, workers, lost, progress)
        except BaseException:
            own.shutdown(wait=False, cancel_futures=True)
            raise


def _spread(
    executor: Executor,
    work: Callable[[str], R],
    paths: Sequence[str],
    workers: int,
    lost: Callable[[str], R],
    progress: Progress,
) -> list[R]:
    chunks = _chunks(paths, workers)
    futures: list[Future[list[R]] | None] = [_submit(executor, work, chunk) for chunk in chunks]
    results: list[R] = []
    for chunk, future in zip(chunks, futures, strict=True):
        try:
            found = future.result() if future else _again(work, chunk, lost)
        except Exception:  # the work raises nothing: its process died, or the cluster gave the task up
            found = _again(work, chunk, lost)
        results += found
        progress(len(chunk), len(paths))
    return results


def _submit(executor: Executor, work: Callable[[str], R], chunk: Sequence[str]) -> Future[list[R]] | None:
    try:
        return executor.submit(partial(_chunk, work, chunk))
    except BrokenProcessPool:
        return None


@contextmanager
def cluster(address: str | None) -> Iterator[Executor | None]:
    """The workers of a dask scheduler as an executor; None without an address.

    Raises Refusal when dask is not installed or nobody answers at the address.
    """
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise Refusal("needs_dask") from None
    try:
        client = Client(address, timeout="20s", set_as_default=False)
    except (OSError, ValueError):
        raise Refusal("no_cluster", address=address) from None
    with client:
        yield client.get_executor(retries=3, pure=False)


def _again(work: Callable[[str], R], paths: Sequence[str], lost: Callable[[str], R]) -> list[R]:
    """After a process died: the chunk in a process of its own, as another one may have been the cause."""
    with _pool(1) as single:
        try:
            return single.submit(_chunk, work, paths).result()
        except BrokenProcessPool:
            return [_alone(work, path, lost) for path in paths]


def _alone(work: Callable[[str], R], path: str, lost: Callable[[str], R]) -> R:
    """One file in a process of its own, so that only the culprit is lost."""
    with _pool(1) as single:
        try:
            return single.submit(work, path).result()
        except BrokenProcessPool:
            return lost(path)
