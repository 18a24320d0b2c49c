"""Files appear whole or not at all: written beside the target under another name, then renamed."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(target: str | os.PathLike[str], *, overwrite: bool = True) -> Iterator[Path]:
    """A temporary path in the target's folder; on success it takes the target's name.

    If anything fails, the temporary file goes and what stood there before stands.  Folders are made.
    overwrite=False: raises FileExistsError when the target exists, also when it came meanwhile.
    Raises OSError when the target cannot be written (open in Excel, disk full, no permission).
    """
    final = Path(target)
    if final.exists() and not overwrite:
        raise FileExistsError(final)
    _make_folder(final.parent)
    temporary = final.with_name(f".~{uuid.uuid4().hex[:12]}{final.suffix}")  # short: long names are common
    try:
        yield temporary
        _flush(temporary)
        if overwrite:
            os.replace(temporary, final)
        else:
            _claim(temporary, final)
    except OSError as failure:
        if failure.filename in (None, str(temporary)):  # a person knows the target only
            failure.filename = str(final)
        raise
    finally:
        temporary.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as wrong:  # not to be mistaken for an existing target
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from wrong


def _claim(temporary: Path, final: Path) -> None:
    """Give the file its name unless somebody took it meanwhile."""
    if os.name == "nt":
        os.rename(temporary, final)
        return
    try:
        os.link(temporary, final)
    except FileExistsError:
        raise
    except OSError:  # a memory stick or a network drive without links
        if final.exists():
            raise FileExistsError(final) from None
        os.rename(temporary, final)


def _flush(path: Path) -> None:
    """Onto the disk before the rename, so that a power cut cannot leave an empty file behind."""
    with open(path, "rb+") as stream:
        os.fsync(stream.fileno())
