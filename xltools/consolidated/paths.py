"""Where things are, seen from the consolidated workbook: the files that were merged, the cells in them."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import PurePath
from typing import NamedTuple

from xltools.consolidated.cells import Link, escape_attribute
from xltools.sheets import zipped

LONGEST_URL = 2_079
_MOST = 200  # files that are remembered: those of a bundle and some more
LONGEST_CELL = 10  # XFD1048576
_UNDECODED = re.compile("[\ud800-\udfff]")
_IN_URL = str.maketrans({c: f"%{ord(c):02x}" for c in '%#"<>[]^`{} '})


class Whereabouts(NamedTuple):
    """shown: the path as it is listed, relative to the folder that was merged.
    url: "" where there is nothing Excel could open.  packed: in an archive, whose cells cannot be reached."""

    shown: str
    url: str
    packed: bool


class Target(NamedTuple):
    """A file to link to.  anchor: what stands before a cell of the sheet meant, "" for the file itself."""

    url: str
    anchor: str

    def links(self, column: int, cell: str) -> tuple[Link, ...]:
        return (Link(column, self.url, f"{self.anchor}{cell}" if self.anchor else ""),)


class Paths:
    """target: the workbook to be written.  root: the folder that was merged."""

    def __init__(self, target: str | os.PathLike[str], root: str | os.PathLike[str]) -> None:
        self._root = os.path.abspath(root)
        self._named_root = os.fspath(root)
        self._beside = os.path.abspath(os.path.dirname(os.fspath(target)))
        self._folders: dict[str, Whereabouts] = {}
        self._files: dict[str, Whereabouts] = {"": Whereabouts("", "", False)}

    def of(self, source: str) -> Whereabouts:
        """Every list asks for the files of a bundle; its folders are worked out once."""
        found = self._files.get(source)
        if found is None:
            if len(self._files) >= _MOST:
                self._files = {"": self._files[""]}
            found = self._files[source] = self._file(source)
        return found

    def _file(self, source: str) -> Whereabouts:
        folder, name = os.path.split(source)
        found = self._folders.get(folder)
        if found is None:
            found = self._folders[folder] = self._inside(folder)
        url = found.url if found.packed else found.url + _in_url(name)
        return Whereabouts(found.shown + name, url if len(url) <= LONGEST_URL else "", found.packed)

    def shown(self, source: str) -> str:
        return self.of(source).shown

    def to(self, source: str, sheet: str = "") -> Target | None:
        """What the cells of a sheet are linked by; None where Excel could not hold the link."""
        _, url, packed = self.of(source)
        anchor = _in_sheet(sheet) if sheet and not packed else ""
        return Target(url, anchor) if url and len(anchor) < LONGEST_URL - LONGEST_CELL else None

    def link(self, column: int, source: str, sheet: str = "", cell: str = "") -> tuple[Link, ...]:
        """From a column to a file or to a cell of it, where Excel can hold the link."""
        target = self.to(source, sheet if cell else "")
        return target.links(column, cell) if target else ()

    def _inside(self, folder: str) -> Whereabouts:
        """What stands before the name of a file in this folder.

        A relative path counts from here if that is inside the root.  A file in an archive cannot be
        opened from outside: the link leads to the archive.
        """
        given = os.path.join(folder, "x")
        path = os.path.abspath(given)
        if not os.path.isabs(given) and os.path.commonpath((self._root, path)) != self._root:
            path = os.path.join(self._named_root, given)
        packed = zipped.split(path)
        opened = packed[0] if packed else path
        try:
            listed = os.path.relpath(path, self._root)
            url = _url(os.path.relpath(opened, self._beside))
        except ValueError:  # another drive
            listed, url = given, "file:///" + _url(opened)
        shown = PurePath(path if listed.startswith("..") else listed).as_posix()
        return Whereabouts(shown[:-1], url if packed else url[:-1], packed is not None)


def _url(path: str) -> str:
    return _in_url(PurePath(path).as_posix())


def _in_url(name: str) -> str:
    """Bytes of a name that are no UTF-8 are escaped one by one."""
    text = name.translate(_IN_URL)
    return _UNDECODED.sub(lambda found: f"%{ord(found[0]) & 0xFF:02x}", text)


@lru_cache(maxsize=1024)
def quoted(sheet: str) -> str:
    """A sheet name as formulas and links write it."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"


@lru_cache(maxsize=1024)
def _in_sheet(sheet: str) -> str:
    """What stands before a cell in the anchor of a link, escaped."""
    return escape_attribute(f"{quoted(sheet)}!")


def jump(column: int, sheet: str, cell: str) -> Link:
    """From a column to a cell of this book."""
    return Link(column, "", f"{_in_sheet(sheet)}{cell}")
