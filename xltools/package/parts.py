"""The parts of a package: read with limits, changed, and saved with the rest as it is compressed."""

from __future__ import annotations

import copy
import io
import os
import posixpath
import struct
import zipfile
from typing import IO

from lxml import etree

from xltools.package.markup import Element, parsed
from xltools.package.refusals import Unpatchable
from xltools.package.splicing import spliced
from xltools.sheets.archive import Archive
from xltools.sheets.grid import Unreadable
from xltools.sheets.opening import file_bytes


class Parts:
    """The parts of a package: read with limits, changed as trees, saved with the rest untouched."""

    def __init__(self, source: str | os.PathLike[str]) -> None:
        self._data = file_bytes(source)
        if not self._data.startswith(b"PK"):
            raise Unpatchable("not_a_package")
        self._archive = Archive(self._data)
        self._infos = zipfile.ZipFile(io.BytesIO(self._data)).infolist()
        self._names = {key_of(info.filename): info.filename for info in self._infos}
        self._trees: dict[str, Element] = {}
        self._changed: dict[str, bytes | None] = {}  # None: the tree is to be written
        self._dropped: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return key_of(name) in self._names or key_of(name) in self._changed

    def names(self) -> list[str]:
        return list(self._names)

    def raw(self, name: str) -> bytes | None:
        return self._changed.get(key_of(name)) or self._archive.read(name)

    def tree(self, name: str) -> Element | None:
        key = key_of(name)
        if key not in self._trees:
            data = self.raw(name)
            if data is None:
                return None
            self._trees[key] = parsed(data, name)
        return self._trees[key]

    def required(self, name: str) -> Element:
        tree = self.tree(name)
        if tree is None:
            raise Unreadable("damaged", part=name[:80])
        return tree

    def touch(self, name: str) -> Element:
        """The tree of a part that is going to be changed."""
        tree = self.required(name)
        self._changed[key_of(name)] = None
        return tree

    def put(self, name: str, content: bytes) -> None:
        """A new part, or a part given anew."""
        self._names.setdefault(key_of(name), name)
        self._changed[key_of(name)] = content

    def drop(self, name: str) -> None:
        self._dropped.add(key_of(name))

    def free(self, pattern: str) -> str:
        number = 1
        while pattern % number in self:
            number += 1
        return pattern % number

    def save(self, stream: IO[bytes]) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
            for info in self._infos:
                key = key_of(info.filename)
                if key in self._changed:
                    target.writestr(entry(info.filename, info.date_time), self._bytes(key))
                elif key not in self._dropped:
                    self._copy(info, target)
            known = {key_of(info.filename) for info in self._infos}
            for key in self._changed:
                if key not in known:
                    target.writestr(entry(self._names[key], (1980, 1, 1, 0, 0, 0)), self._bytes(key))

    def _bytes(self, key: str) -> bytes:
        data = self._changed[key]
        if data is not None:
            return data
        original = self._archive.read(self._names[key])
        if original is not None and (text := spliced(original, self._trees[key], key)) is not None:
            return text
        declaration = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        return declaration + etree.tostring(self._trees[key].getroottree(), encoding="UTF-8")

    def _copy(self, info: zipfile.ZipInfo, target: zipfile.ZipFile) -> None:
        """The entry with its compressed bytes as they are; only its header is written anew."""
        start = info.header_offset
        name, extra = struct.unpack("<HH", self._data[start + 26 : start + 30])
        start += 30 + name + extra
        packed = self._data[start : start + info.compress_size]
        stream = target.fp
        if stream is None or len(packed) != info.compress_size:
            raise Unreadable("damaged", part=info.filename[:80])
        entry = copy.copy(info)
        entry.flag_bits &= ~0x08  # sizes stand in the header, no descriptor follows
        entry.header_offset = stream.tell()
        stream.write(entry.FileHeader(zip64=None) + packed)
        target.filelist.append(entry)
        target.NameToInfo[entry.filename] = entry
        target.start_dir = stream.tell()


def key_of(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()


def entry(name: str, when: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, when)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolved(part: str, target: str) -> str:
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return posixpath.normpath(target.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
