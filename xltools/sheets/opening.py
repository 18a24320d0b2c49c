"""A path or bytes → :class:`Workbook`.  What a file is, its first bytes say; its name is not asked."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from importlib import import_module
from io import FileIO
from pathlib import PurePath
from typing import cast

from xltools.sheets import ooxml, plain
from xltools.sheets.archive import Archive
from xltools.sheets.grid import Unreadable, Workbook
from xltools.sheets.limits import MAX_FILE

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_BIFF = tuple(
    bytes([9, version, length, 0]) for version, length in ((0, 4), (2, 6), (4, 6), (8, 16), (8, 8))
)

# First bytes of what else arrives in a mail box.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"RIFF", "image"),
    (b"{\\rtf", "word"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"%TSD-Header", "enterprise_encrypted"),
    (b"\x00" * 64, "damaged"),
)
# Readers of what is seldom sent, imported when it is: code -> (module, function).
_SELDOM_PACKAGES = {"ods": "ods", "xlsb": "xlsb", "word": "word"}
_SELDOM_BYTES = {
    "xml_2003": ("xml2003", "read"),
    "html": ("webpage", "read"),
    "flat_ods": ("ods", "read_content"),
    "text": ("delimited", "read"),
}
_MARKUP: tuple[tuple[str, str], ...] = (
    ("urn:schemas-microsoft-com:office:spreadsheet", "xml_2003"),
    ('<?mso-application progid="excel', "xml_2003"),
    ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", "flat_ods"),
    ("<uof:", "other_spreadsheet"),
    ("urn:schemas-microsoft-com:office:excel", "html"),
    ("<html", "html"),
    ("<!doctype html", "html"),
    ("<table", "html"),
    ("mime-version:", "html"),
    ("<svg", "image"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def open_workbook(path: str | os.PathLike[str]) -> Workbook:
    """Read the workbook at ``path``.  Raises only Unreadable."""
    return open_bytes(file_bytes(path), PurePath(os.fspath(path)).name)


def file_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file, at most 256 MB, read once.  Raises only Unreadable."""
    try:
        with open(path, "rb", buffering=0) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable("not_a_file")
            if status.st_size > MAX_FILE:
                raise Unreadable("too_large", limit=f"{MAX_FILE >> 20} MB")
            data = stream.read(status.st_size + 1)
            if len(data) != status.st_size:  # a drive that answers piece by piece, or a file being written
                data += _rest(stream, MAX_FILE + 1 - len(data))
    except FileNotFoundError:
        raise Unreadable("missing") from None
    except IsADirectoryError:
        raise Unreadable("not_a_file") from None
    except PermissionError:
        # Windows answers so for a directory, too.
        raise Unreadable("not_a_file" if os.path.isdir(path) else "no_access") from None
    except (OSError, ValueError):  # ValueError: a NUL in the path
        raise Unreadable("disk_error") from None
    if len(data) > MAX_FILE:
        raise Unreadable("too_large", limit=f"{MAX_FILE >> 20} MB")
    return data


def _rest(stream: FileIO, most: int) -> bytes:
    pieces: list[bytes] = []
    while most > 0 and (piece := stream.read(min(most, 1 << 20))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def open_bytes(data: bytes, name: str) -> Workbook:
    """Read a workbook from the bytes of a file.

    ``name`` serves only to call a stray lock file (``~$自评表.xlsx``) what it is.
    Raises only Unreadable.
    """
    try:
        return _opened(data)
    except Unreadable as refusal:
        if name.startswith(("~$", ".~")) and refusal.code in ("empty", "text", "unknown", "damaged"):
            raise Unreadable("lock_file") from None
        raise
    except RecursionError:
        raise Unreadable("damaged") from None
    except MemoryError:
        raise Unreadable("too_large") from None


def _opened(data: bytes, wrapped: bool = False) -> Workbook:
    if len(data) > MAX_FILE:
        raise Unreadable("too_large", limit=f"{MAX_FILE >> 20} MB")
    if data.startswith(b"PK"):
        return plain.read(data) or _package(data)
    if data.startswith(_OLE):
        return _container(data, wrapped)
    if data.startswith(_BARE_BIFF):
        from xltools.sheets import biff

        return biff.read(data)
    code = _refusal(data)
    if code in _SELDOM_BYTES:
        module, function = _SELDOM_BYTES[code]
        return cast("Callable[[bytes], Workbook]", _seldom(module, function))(data)
    raise Unreadable(code)


def _seldom(module: str, function: str = "read") -> object:
    return getattr(import_module(f"xltools.sheets.{module}"), function)


def _package(data: bytes) -> Workbook:
    archive = Archive(data)
    code = _package_kind(archive)
    if code in _SELDOM_PACKAGES:
        return cast("Callable[[Archive], Workbook]", _seldom(_SELDOM_PACKAGES[code]))(archive)
    if code:
        raise Unreadable(code)
    return ooxml.read(archive)


def _package_kind(archive: Archive) -> str | None:
    """The code of a package that is no OOXML workbook; None if it looks like one."""
    names = archive.names()
    if "mimetype" in names and "content.xml" in names:
        kind = (archive.read("mimetype") or b"")[:100]
        return "ods" if b"spreadsheet" in kind else "word" if b"text" in kind else "other_document"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "ofd.xml" in names:
        return "ofd"
    folders = {name.partition("/")[0] for name in names}
    if "xl" in folders or ("_rels/.rels" in names and not folders & {"word", "ppt", "visio"}):
        return None
    if "word" in folders:
        return "word"
    if "ppt" in folders:
        return "presentation"
    return "other_spreadsheet" if "index" in folders and any(n.endswith(".iwa") for n in names) else "archive"


def _container(data: bytes, wrapped: bool) -> Workbook:
    from xltools.sheets import ole

    found = ole.read(data)
    if isinstance(found, Workbook):
        return found
    if wrapped or found.startswith(_OLE):  # encrypted inside encrypted: nobody's form
        raise Unreadable("password")
    return _opened(found, wrapped=True)


def _refusal(data: bytes) -> str:
    """The code for bytes that are no workbook."""
    if not data:
        return "empty"
    for signature, code in _SIGNATURES:
        if data.startswith(signature):
            return code
    if not data.strip(b"\x00"):
        return "damaged"
    text = _text(data[:65536])
    if text is None:
        return "unknown"
    beginning = text[:8192].lower()
    return next((code for mark, code in _MARKUP if mark in beginning), "text" if text.strip() else "empty")


def _text(data: bytes) -> str | None:
    """The beginning of a text file in the encodings that occur here; None for anything else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[: len(data) & ~1].decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):  # the sample may end inside a character
            try:
                text = data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return None if _CONTROLS.search(text) else text
    return None
