"""Both engines inflate alike: sound streams, streams that lie about their size, and damaged ones."""

from __future__ import annotations

import random
import zlib
from types import ModuleType

import pytest

from xltools.sheets import inflating

isal_zlib = pytest.importorskip("isal.isal_zlib")
TEXTS = [b"", b"x", "项目支出绩效自评表".encode() * 300, random.Random(1).randbytes(5_000), bytes(200_000)]


def deflated(text: bytes, level: int = 6) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(text) + packer.flush()


def outcome(engine: ModuleType, stored: bytes, size: int, patch: pytest.MonkeyPatch) -> bytes | None:
    patch.setattr(inflating, "engine", engine)
    try:
        return inflating.inflated(stored, size)
    except inflating.ERRORS:
        return None


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_sound_streams(level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in TEXTS:
        stored = deflated(text, level)
        for engine in (zlib, isal_zlib):
            assert outcome(engine, stored, len(text), monkeypatch) == text
            assert engine.crc32(text) == zlib.crc32(text)


@pytest.mark.parametrize("engine", [zlib, isal_zlib])
def test_lies_and_cuts(engine: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in TEXTS[1:]:
        stored = deflated(text)
        assert outcome(engine, stored, len(text) - 1, monkeypatch) is None
        assert outcome(engine, stored + b"x", len(text), monkeypatch) is None
        assert outcome(engine, stored[:-1], len(text), monkeypatch) is None
        assert outcome(engine, stored[: len(stored) // 2], len(text), monkeypatch) is None
    assert outcome(engine, b"", 10, monkeypatch) is None


def test_a_bomb_makes_no_more_than_it_declares() -> None:
    made = isal_zlib.decompressobj(-15).decompress(deflated(bytes(50 << 20)), 1_001)
    assert len(made) <= 1_001


def test_damaged_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """What zlib reads, isal reads alike; it forgives a little more, and the checksum judges that."""
    rng = random.Random(5)
    for _ in range(2_000):
        text = rng.choice(TEXTS[1:4])
        stored = bytearray(deflated(text, rng.choice((1, 6, 9))))
        for _ in range(rng.randint(1, 3)):
            stored[rng.randrange(len(stored))] = rng.randrange(256)
        damaged = bytes(stored)
        expected = outcome(zlib, damaged, len(text), monkeypatch)
        assert expected is None or outcome(isal_zlib, damaged, len(text), monkeypatch) == expected
