"""Work on many files at once, in order, without losing the run to one of them."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from xltools.refusal import Refusal

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")
B = TypeVar("B")

_CHUNK = 64
_GROUP = 8  # items that are worked at together
_CHUNKS = 12  # a small batch is cut into so many pieces, so that every worker gets several
_WORTH_A_POOL = 40  # files; below this, starting processes costs more than it saves
_MOST_WORKERS = 61  # what Windows can wait for at once
_WAITING = 3  # pieces a worker has ahead of it: enough to keep it busy, few enough to keep memory flat
_WAITING_AWAY = 256  # pieces sent to an executor whose size nobody knows

Progress = Callable[[int, int], None]
"""Called with (files finished since the last call, files in all)."""


def no_progress(done: int, total: int) -> None:
    return None


def chunks(items: Sequence[T]) -> list[Sequence[T]]:
    """Pieces of at most 64.  They depend on the number of items alone: whatever is made of them piece by
    piece comes out the same on every machine."""
    size = max(1, min(_CHUNK, len(items) // _CHUNKS))
    return [items[start : start + size] for start in range(0, len(items), size)]


def _cores() -> int:
    """Those this process may use: a container or a batch system may grant fewer than there are."""
    granted = getattr(os, "sched_getaffinity", None)
    return len(granted(0)) if granted else os.cpu_count() or 1


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _pool(workers: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor  # takes its time, and few files need none

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


class Work(Generic[T, R, B]):
    """What is done with items, and what is made of the results of a piece.

    done: a picklable function of some items, to one result for each.  lost: what stands in for an item
    that took its process down with it.  gathered: a picklable function of the results of a piece.
    """

    def __init__(
        self, done: Callable[[Sequence[T]], list[R]], lost: Callable[[T], R], gathered: Callable[[list[R]], B]
    ) -> None:
        self.done, self.lost, self.gathered = done, lost, gathered


def _piece(done: Callable[[Sequence[T]], list[R]], gathered: Callable[[list[R]], B], items: Sequence[T]) -> B:
    with collection_paused():
        groups = [items[start : start + _GROUP] for start in range(0, len(items), _GROUP)]
        return gathered([result for group in groups for result in done(group)])


def _one_by_one(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    return [work(item) for item in items]


class Crew:
    """Processes that stay for several rounds of work on one batch, so that what they know stays, too.

    None are started for few files or ``jobs=1``.  executor: use this one instead and leave it running.
    """

    def __init__(self, files: int, jobs: int | None = None, executor: Executor | None = None) -> None:
        self._workers = min(jobs or _cores(), _MOST_WORKERS)
        self._own: ProcessPoolExecutor | None = None
        if executor is None and self._workers > 1 and files >= _WORTH_A_POOL:
            self._own = _pool(self._workers)
        self._executor = executor or self._own
        self._ahead = self._workers * _WAITING if executor is None else _WAITING_AWAY

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._own is not None:
            self._own.shutdown(wait=kind is None, cancel_futures=True)

    @property
    def alone(self) -> bool:
        """There is nobody to share the work with."""
        return self._executor is None

    def pieces(self, work: Work[T, R, B], pieces: Sequence[Sequence[T]]) -> Iterator[B]:
        """What is made of each piece, in order."""
        return self.each(partial(_piece, work.done, work.gathered), pieces, rescued=partial(_rescued, work))

    def each(
        self, do: Callable[[T], R], tasks: Iterable[T], rescued: Callable[[T], R] | None = None
    ) -> Iterator[R]:
        """``do(task)`` for each, in order; the crew begins at once.  do: picklable.

        rescued: does a task whose process died; without it the task is done here.
        """
        if self._executor is None:
            return map(do, tasks)
        rest = iter(tasks)
        waiting = deque((task, self._submit(do, task)) for task in islice(rest, self._ahead))
        return self._results(do, waiting, rest, rescued or do)

    def _results(
        self,
        do: Callable[[T], R],
        waiting: deque[tuple[T, Future[R] | None]],
        rest: Iterator[T],
        rescued: Callable[[T], R],
    ) -> Iterator[R]:
        while waiting:
            found = _result(*waiting.popleft(), rescued)
            waiting.extend((task, self._submit(do, task)) for task in islice(rest, 1))
            yield found

    def _submit(self, do: Callable[[T], R], task: T) -> Future[R] | None:
        assert self._executor is not None
        try:
            return self._executor.submit(do, task)
        except BrokenExecutor:
            return None


def _result(task: T, future: Future[R] | None, rescued: Callable[[T], R]) -> R:
    try:
        return future.result() if future else rescued(task)
    except Exception:  # the work raises nothing: its process died, or the cluster gave the task up
        return rescued(task)


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
    results: list[R] = []
    with Crew(len(paths), jobs, executor) as crew:
        pieces = [[path] for path in paths] if crew.alone else chunks(paths)
        for found in crew.pieces(Work(partial(_one_by_one, work), lost, list), pieces):
            results += found
            progress(len(found), len(paths))
    return results


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


def _rescued(work: Work[T, R, B], items: Sequence[T]) -> B:
    """After a process died: the piece in a process of its own, as another one may have been the cause."""
    with _pool(1) as single:
        try:
            return single.submit(_piece, work.done, work.gathered, items).result()
        except BrokenExecutor:
            return work.gathered([_alone(work, item) for item in items])


def _alone(work: Work[T, R, Any], item: T) -> R:
    """One file in a process of its own, so that only the culprit is lost."""
    with _pool(1) as single:
        try:
            return single.submit(work.done, [item]).result()[0]
        except BrokenExecutor:
            return work.lost(item)
