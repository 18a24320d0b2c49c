"""Pieces of a part, deflated apart, are one part to every reader."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from xltools.consolidated.blocks import deflated
from xltools.deflate import combined, combined_here


@given(st.binary(max_size=2000), st.binary(max_size=2000))
def test_the_checksum_of_two_texts_follows_from_those_of_each(first: bytes, second: bytes) -> None:
    for engine in (combined, combined_here):
        assert engine(zlib.crc32(first), zlib.crc32(second), len(second)) == zlib.crc32(first + second)


@given(st.lists(st.text(max_size=300), max_size=6))
def test_blocks_follow_each_other_in_one_stream(texts: list[str]) -> None:
    stream = b"".join(deflated(text).data for text in texts) + b"\x03\x00"
    reader = zlib.decompressobj(-15)
    assert reader.decompress(stream) == "".join(texts).encode()
    assert reader.eof
