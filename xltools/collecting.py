"""A folder → which files to read, and which are passed over and why."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

SPREADSHEETS = frozenset(
    {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".et", ".ett", ".xlsb", ".ods", ".csv"}
)
_BACKUP = re.compile(r"\.备份\d*\.\w+$")  # see `backup_names`


class Skipped(NamedTuple):
    """A file that was not opened.  ``reason_code`` is a key of ``messages.reasons.REASONS``."""

    path: str
    reason_code: str


class Collected(NamedTuple):
    """Files in the order they will be listed (by name), and what was passed over."""

    files: tuple[str, ...]
    skipped: tuple[Skipped, ...]


def backup_names(path: Path) -> Iterator[Path]:
    """Names for a copy of the original beside it: ``自评表.备份.xlsx``, ``自评表.备份2.xlsx`` …"""
    for number in itertools.count(1):
        yield path.with_name(f"{path.stem}.备份{number if number > 1 else ''}{path.suffix}")


def _reason_to_skip(name: str, path: str, outputs: frozenset[str]) -> str | None:
    if name.startswith(("~$", ".~")):
        return "lock_file"
    if name.startswith("."):
        return "hidden_file"
    if os.path.realpath(path) in outputs:
        return "own_output"
    if _BACKUP.search(name):
        return "own_backup"
    return None if os.path.splitext(name)[1].lower() in SPREADSHEETS else "not_a_spreadsheet"


def collect(
    paths: Iterable[str | os.PathLike[str]],
    *,
    outputs: Iterable[str | os.PathLike[str]] = (),
    recursive: bool = False,
) -> Collected:
    """Files named, and every file of folders named.

    A file that is named is always read; in a folder, lock files, hidden files, the ``outputs`` of
    this very run, backups that `fill` made and what is no spreadsheet are passed over and listed.
    Raises FileNotFoundError for a path that does not exist.
    """
    results = frozenset(os.path.realpath(path) for path in outputs)
    files: list[str] = []
    skipped: list[Skipped] = []
    for path in paths:
        if os.path.isdir(path):
            for name, full in _entries(os.fspath(path), recursive):
                reason = _reason_to_skip(name, full, results)
                if reason:
                    skipped.append(Skipped(full, reason))
                else:
                    files.append(full)
        elif os.path.exists(path):
            files.append(os.fspath(path))
        else:
            raise FileNotFoundError(os.fspath(path))
    return Collected(tuple(dict.fromkeys(files)), tuple(skipped))


def _entries(folder: str, recursive: bool) -> list[tuple[str, str]]:
    """(name, path) of the files in a folder, by path, so that the order never depends on the disk."""
    if recursive:
        found = [(item.name, str(item)) for item in Path(folder).rglob("*") if item.is_file()]
    else:
        with os.scandir(folder) as items:
            found = [(item.name, item.path) for item in items if item.is_file()]
    return sorted(found, key=lambda pair: pair[1])
