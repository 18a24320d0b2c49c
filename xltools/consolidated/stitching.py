"""The rows of long lists into a finished package.

XlsxWriter makes the book with empty lists; the rows of each list, deflated piece by piece where they were
made, are then put into its sheet part.  So nothing long is held or written twice.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO

from xltools.consolidated.blocks import Block, deflated
from xltools.consolidated.listing import LINKS_HERE, Listing
from xltools.deflate import FASTEST, combined

_ROWS_END = b"</sheetData>"
_NO_ROWS = b"<sheetData/>"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WHEN = (1980, 1, 1, 0, 0, 0)  # fixed, so that the same inputs give the same bytes
_END = b"\x03\x00"  # an empty last block: closes a deflate stream that was cut at a byte boundary


def stitch(frame: IO[bytes], lists: Sequence[Listing], target: IO[bytes]) -> None:
    """Write the package ``frame`` to ``target``, each list with its rows and links.

    Raises OverflowError for a part beyond 4 GB.
    """
    sheets = {f"xl/worksheets/sheet{sheet.index + 1}.xml": sheet for sheet in lists}
    with (
        zipfile.ZipFile(frame) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST) as package,
    ):
        for info in source.infolist():
            name, data = info.filename, source.read(info)
            if name in sheets:
                _put_list(package, name, data, sheets[name])
            else:
                package.writestr(_entry(name), data)


def _put_list(package: zipfile.ZipFile, part: str, empty: bytes, sheet: Listing) -> None:
    """The rows go past; links and relations are small enough to wait for their turn."""
    head, tail = _around_rows(empty)
    before, _, after = tail.partition(LINKS_HERE.encode())
    links: list[Block] = []
    relations: list[Block] = []

    def rows() -> Iterator[Block]:
        for piece in sheet.pieces:
            yield piece.rows
            links.extend([piece.links] if piece.links.size else ())
            relations.extend([piece.relations] if piece.relations.size else ())

    def end() -> Iterator[Block]:
        """Asked for after the rows, when the links are known."""
        yield deflated(before + (b"<hyperlinks>" if links else b""))
        yield from links
        yield deflated((b"</hyperlinks>" if links else b"") + after)

    _put_blocks(package, part, chain([deflated(head)], rows(), end()))
    if relations:
        folder, name = part.rsplit("/", 1)
        opening = deflated(f'{_DECLARATION}<Relationships xmlns="{_RELATIONSHIPS}">')
        closing = deflated("</Relationships>")
        _put_blocks(package, f"{folder}/_rels/{name}.rels", [opening, *relations, closing])


def _around_rows(empty: bytes) -> tuple[bytes, bytes]:
    """What stands before and behind the rows to be put in."""
    at = empty.find(_ROWS_END)
    if at >= 0:
        return empty[:at], empty[at:]
    head, _, tail = empty.partition(_NO_ROWS)
    return head + b"<sheetData>", _ROWS_END + tail


def _entry(part: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(part, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


# --- a part in blocks -----------------------------------------------------------------------------


def _put_blocks(package: zipfile.ZipFile, part: str, blocks: Iterable[Block]) -> None:
    """Write a part block by block; its header is filled in once length and checksum are known."""
    stream = package.fp
    assert stream is not None
    entry = _entry(part)
    entry.header_offset, entry.CRC = stream.tell(), 0
    stream.write(entry.FileHeader(zip64=False))
    for block in blocks:
        stream.write(block.data)
        entry.CRC = combined(entry.CRC, block.checksum, block.size)
        entry.compress_size += len(block.data)
        entry.file_size += block.size
    stream.write(_END)
    entry.compress_size += len(_END)
    end = stream.tell()
    if max(end, entry.file_size) > zipfile.ZIP64_LIMIT:
        raise OverflowError(part)
    stream.seek(entry.header_offset)
    stream.write(entry.FileHeader(zip64=False))
    stream.seek(end)
    package.filelist.append(entry)
    package.NameToInfo[part] = entry
    package.start_dir = end
