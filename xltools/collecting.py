"""A folder or a zip archive → which files to read, and which are passed over and why."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

SPREADSHEETS = frozenset(
    {
        ".xlsx",
        ".xlsm",
        ".xltx",
        ".xltm",
        ".xls",
        ".xlt",
        ".et",
        ".ett",
        ".xlsb",
        ".ods",
        ".ots",
        ".fods",
        ".csv",
    }
)
_WORD = ".docx"  # many units send the form as a table in Word
_ARCHIVE = ".zip"
_OTHER_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz"})
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


def free_name(name: str, taken: set[str]) -> str:
    """The name, or with a number where another file of this run took it; it is taken then."""
    candidate, number = name, 2
    while candidate.lower() in taken:
        candidate = f"{Path(name).stem}（{number}）{Path(name).suffix}"
        number += 1
    taken.add(candidate.lower())
    return candidate


def _reason_to_skip(name: str, path: str, outputs: frozenset[str]) -> str | None:
    if name.startswith(("~$", ".~")):
        return "lock_file"
    if name.startswith("."):
        return "hidden_file"
    if os.path.realpath(path) in outputs:
        return "own_output"
    if _BACKUP.search(name):
        return "own_backup"
    ending = os.path.splitext(name)[1].lower()
    if ending in _OTHER_ARCHIVES:
        return "archive"
    return None if ending in SPREADSHEETS or ending == _WORD else "not_a_spreadsheet"


def is_word(path: str) -> bool:
    return path.lower().endswith(_WORD)


def collect(
    paths: Iterable[str | os.PathLike[str]],
    *,
    outputs: Iterable[str | os.PathLike[str]] = (),
    apart: str | os.PathLike[str] | None = None,
    recursive: bool = False,
    archives: bool = False,
) -> Collected:
    """Files named, and every file of folders named.

    A file that is named is always read; in a folder, lock files, hidden files, the ``outputs`` of
    this very run, backups that `fill` made and what is no spreadsheet are passed over and listed,
    and so are its folders unless ``recursive``.  apart: a folder that is passed over as a whole where it
    lies inside one that is named.  archives: the files in zip archives, too.
    Raises FileNotFoundError for a path that does not exist.
    """
    results = frozenset(os.path.realpath(path) for path in outputs)
    files: list[str] = []
    skipped: list[Skipped] = []
    for path in [os.fspath(each) for each in paths]:
        if os.path.isdir(path):
            own = _inside(path, apart)
            _collect_folder(path, results, own, recursive, archives, files, skipped)
        elif not os.path.exists(path):
            if not _is_packed(path):
                raise FileNotFoundError(path)
            files.append(path)
        elif archives and path.lower().endswith(_ARCHIVE):
            _collect_archive(path, files, skipped)
        else:
            files.append(path)
    return Collected(tuple(dict.fromkeys(files)), tuple(skipped))


def _collect_folder(
    folder: str,
    results: frozenset[str],
    own: str | None,
    recursive: bool,
    archives: bool,
    files: list[str],
    skipped: list[Skipped],
) -> None:
    for full in _entries(folder, recursive):
        if own and os.path.normpath(full).startswith(own + os.sep):
            continue
        name = os.path.basename(full)
        reason = _reason_to_skip(name, full, results)
        if archives and reason == "archive" and name.lower().endswith(_ARCHIVE):
            _collect_archive(full, files, skipped)
        elif reason:
            skipped.append(Skipped(full, reason))
        else:
            files.append(full)
    if own and os.path.isdir(own):
        skipped.append(Skipped(own, "own_folder"))
    if archives and not recursive:
        others = (path for path in _folders(folder) if os.path.normpath(path) != own)
        skipped += [Skipped(path, "subfolder") for path in others]


def _inside(folder: str, other: str | os.PathLike[str] | None) -> str | None:
    """The other folder as its files are named in this one; None when it does not lie in it."""
    if other is None:
        return None
    inside, outside = os.path.realpath(other), os.path.realpath(folder)
    if not inside.startswith(outside.rstrip(os.sep) + os.sep):
        return None
    return os.path.normpath(os.path.join(folder, os.path.relpath(inside, outside)))


def _collect_archive(archive: str, files: list[str], skipped: list[Skipped]) -> None:
    """The members of an archive by path; one that cannot be opened stays in the list, as unreadable."""
    from xltools.sheets import Unreadable, zipped

    try:
        members = sorted(zipped.members(archive))
    except Unreadable:
        files.append(archive)
        return
    for member in members:
        full, name = f"{archive}/{member.name}", member.name.rpartition("/")[2]
        reason = "unsafe" if not member.safe else _reason_to_skip(name, full, frozenset())
        if member.name.startswith("__MACOSX/"):
            reason = "hidden_file"
        if reason:
            skipped.append(Skipped(full, reason))
        else:
            files.append(full)


def _is_packed(path: str) -> bool:
    """Names a member of an archive."""
    from xltools.sheets import Unreadable, zipped

    packed = zipped.split(path)
    try:
        return packed is not None and any(each.name == packed[1] for each in zipped.members(packed[0]))
    except Unreadable:
        return False


def _folders(folder: str) -> list[str]:
    with os.scandir(folder) as items:
        return sorted(item.path for item in items if os.path.isdir(item) and not item.name.startswith("."))


def _entries(folder: str, recursive: bool) -> list[str]:
    """The files in a folder, by path, so that the order never depends on the disk."""
    if recursive:
        return sorted(_files_below(folder))
    with os.scandir(folder) as items:
        return sorted(item.path for item in items if _is_file(item))


def _files_below(folder: str) -> Iterator[str]:
    """The files of a folder and of those in it, but for hidden folders, as a waste bin is one."""
    for inside, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (path for name in names if _is_file(Path(path := os.path.join(inside, name))))


def _is_file(item: Path | os.DirEntry[str]) -> bool:
    """Also a link that leads nowhere, or in a circle: it is refused by name, not passed over silently."""
    try:
        return item.is_file() or (item.is_symlink() and not os.path.exists(item))
    except OSError:
        return True
