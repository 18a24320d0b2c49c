"""Long lists rendered by processes of their own, where they can be forked.

A forked process finds everything in memory as it is here: nothing is sent to it, and it sends back
finished blocks.  Where that is not possible (Windows, a program with threads) or such a process dies,
the list is rendered here, to the same bytes.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import IO

from xltools.consolidated.blocks import Block, deflated
from xltools.consolidated.listing import Links, Listing

_WORTH_A_PROCESS = 3_000  # rows; below, starting one costs more than it saves


class Elsewhere:
    """A list whose rows another process renders, beginning now; `pieces` waits for it."""

    def __init__(self, sheet: Listing) -> None:
        self._sheet = sheet
        self._links: Links | None = None
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (open until `stop`)
        context = multiprocessing.get_context("fork")
        self._answer, there = context.Pipe(duplex=False)
        self._process = context.Process(target=_render, args=(sheet, self._file, there), daemon=True)
        self._process.start()
        there.close()

    def pieces(self) -> Iterator[str | Block]:
        try:
            blocks, self._links = self._answer.recv()
        except EOFError:  # it died: nothing of it was used yet
            yield from self._sheet.pieces()
            return
        self._file.seek(0)
        for length, checksum, size in blocks:
            yield Block(self._file.read(length), checksum, size)

    def links(self) -> Links:
        return self._sheet.links() if self._links is None else self._links

    def stop(self) -> None:
        self._process.terminate()
        self._process.join()
        self._answer.close()
        self._file.close()


def _render(sheet: Listing, file: IO[bytes], answer: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and stops this process
    blocks = []
    for piece in sheet.pieces():
        block = deflated(piece)
        file.write(block.data)
        blocks.append((len(block.data), block.checksum, block.size))
    file.flush()
    answer.send((blocks, sheet.links()))
    answer.close()


@contextmanager
def rendered_elsewhere(lists: Sequence[Listing]) -> Iterator[dict[Listing, Elsewhere]]:
    """The longest lists, one a further core, each with the process that renders it."""
    away: dict[Listing, Elsewhere] = {}
    try:
        if sys.platform == "linux" and threading.active_count() == 1:
            longest = sorted(lists, key=lambda sheet: -sheet.rows)[: (os.cpu_count() or 1) - 1]
            away.update((sheet, Elsewhere(sheet)) for sheet in longest if sheet.rows >= _WORTH_A_PROCESS)
        yield away
    finally:
        for each in away.values():
            each.stop()
