"""The rows of long lists into a finished package, rendered and deflated on all cores.

XlsxWriter makes the book with empty lists; the rows of each list are then put into its sheet part.
So nothing long is held or written twice.  Compression (a third of the work) runs beside the rendering,
and where processes can be forked the longest lists are rendered by others (see `elsewhere`).
"""

from __future__ import annotations

import os
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from itertools import chain
from typing import IO

from xltools.consolidated.blocks import LEVEL, Block, deflated
from xltools.consolidated.cells import escape_attribute
from xltools.consolidated.elsewhere import Elsewhere, rendered_elsewhere
from xltools.consolidated.listing import LINKS_HERE, Listing

_ROWS_END = b"</sheetData>"
_NO_ROWS = b"<sheetData/>"
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WHEN = (1980, 1, 1, 0, 0, 0)  # fixed, so that the same inputs give the same bytes
_END = b"\x03\x00"  # an empty last block: closes a deflate stream that was cut at a byte boundary
_POLYNOMIAL = 0xEDB88320
_WAITING = 8  # pieces under way, so that memory stays flat


def stitch(frame: IO[bytes], lists: Sequence[Listing], target: IO[bytes]) -> None:
    """Write the package ``frame`` to ``target``, each list with its rows and links.

    Raises OverflowError for a part beyond 4 GB.
    """
    with (
        rendered_elsewhere(lists) as away,  # before there are threads: a fork takes none along
        zipfile.ZipFile(frame) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as package,
        ThreadPoolExecutor(max(1, (os.cpu_count() or 2) - 1)) as crew,
    ):
        done = set()
        for sheet in sorted(lists, key=lambda sheet: sheet.rows):  # those given away come last
            part = f"xl/worksheets/sheet{sheet.index + 1}.xml"
            _put_list(package, part, source.read(part), away.get(sheet, sheet), crew)
            done.add(part)
        for info in source.infolist():
            if info.filename not in done:
                package.writestr(_entry(info.filename), source.read(info))


def _put_list(
    package: zipfile.ZipFile, part: str, empty: bytes, sheet: Listing | Elsewhere, crew: ThreadPoolExecutor
) -> None:
    head, tail = _around_rows(empty)
    before, mark, after = tail.partition(LINKS_HERE.encode())

    def end() -> Iterator[bytes]:
        """Asked for after the rows, when the links are known."""
        yield before + (sheet.links()[0].encode() if mark else b"") + after

    _put_pieces(package, part, chain([head], sheet.pieces(), end()), crew)
    files = sheet.links()[1]
    if files:
        folder, name = part.rsplit("/", 1)
        package.writestr(_entry(f"{folder}/_rels/{name}.rels"), _relations(files))


def _around_rows(empty: bytes) -> tuple[bytes, bytes]:
    """What stands before and behind the rows to be put in."""
    at = empty.find(_ROWS_END)
    if at >= 0:
        return empty[:at], empty[at:]
    head, _, tail = empty.partition(_NO_ROWS)
    return head + b"<sheetData>", _ROWS_END + tail


def _relations(files: Iterable[str]) -> bytes:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_HYPERLINK}" Target="{escape_attribute(file)}"'
        ' TargetMode="External"/>'
        for number, file in enumerate(files, start=1)
    )
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{declaration}<Relationships xmlns="{_RELATIONSHIPS}">{links}</Relationships>'.encode()


def _entry(part: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(part, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


# --- a part in pieces -----------------------------------------------------------------------------


def _blocks(pieces: Iterable[str | bytes | Block], crew: ThreadPoolExecutor) -> Iterator[Block]:
    """The pieces deflated, in order, a few of them at the same time."""
    waiting: deque[Future[Block]] = deque()
    for piece in pieces:
        waiting.append(crew.submit(_block, piece))
        if len(waiting) >= _WAITING:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _block(piece: str | bytes | Block) -> Block:
    return piece if isinstance(piece, Block) else deflated(piece)


def _put_pieces(
    package: zipfile.ZipFile, part: str, pieces: Iterable[str | bytes | Block], crew: ThreadPoolExecutor
) -> None:
    """Write a part piece by piece; its header is filled in once length and checksum are known."""
    stream = package.fp
    assert stream is not None
    entry = _entry(part)
    entry.header_offset, entry.CRC = stream.tell(), 0
    stream.write(entry.FileHeader(zip64=False))
    for block in _blocks(pieces, crew):
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


# --- the checksum of two texts from those of each -------------------------------------------------


def combined(first: int, second: int, length: int) -> int:
    """CRC-32 of a text followed by another one of ``length`` bytes, from their checksums.

    A checksum is a polynomial over GF(2); what follows multiplies it by x^(8·length).
    """
    return _times(_shift(length), first) ^ second


@lru_cache(maxsize=4096)
def _shift(length: int) -> int:
    """x^(8·length) modulo the CRC polynomial, by repeated squaring."""
    result, power = 1 << 31, 1 << 23  # 1 and x^8; bit 31 is the coefficient of x^0
    while length:
        if length & 1:
            result = _times(power, result)
        power = _times(power, power)
        length >>= 1
    return result


def _times(a: int, b: int) -> int:
    """The product of two polynomials modulo the CRC polynomial."""
    product, mask = 0, 1 << 31
    while mask:
        if a & mask:
            product ^= b
        b = (b >> 1) ^ _POLYNOMIAL if b & 1 else b >> 1
        mask >>= 1
    return product
