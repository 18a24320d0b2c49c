"""Lists rendered by other processes give the bytes they give when rendered here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import xltools
from xltools.consolidated import elsewhere

SAMPLES = Path(__file__).parents[2] / "samples" / "2023"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")


def merged(target: Path) -> bytes:
    xltools.merge(SAMPLES, target, unit_sheets=0)
    return target.read_bytes()


@pytest.fixture
def here(tmp_path: Path) -> bytes:
    return merged(tmp_path / "here.xlsx")


def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the lists that were given away, however short they are."""
    names: list[str] = []
    begin = elsewhere.Elsewhere.__init__

    def note(self: elsewhere.Elsewhere, sheet: object) -> None:
        names.append(sheet.name)  # type: ignore[attr-defined]
        begin(self, sheet)  # type: ignore[arg-type]

    monkeypatch.setattr(elsewhere, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(elsewhere.Elsewhere, "__init__", note)
    monkeypatch.setattr(elsewhere.threading, "active_count", lambda: 1)
    monkeypatch.setattr(elsewhere.os, "cpu_count", lambda: 3)
    return names


def test_the_longest_lists_are_rendered_elsewhere(
    here: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = started(monkeypatch)
    assert merged(tmp_path / "there.xlsx") == here
    assert names == ["指标明细", "问题清单"]


def test_a_process_that_dies_is_made_up_for(
    here: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = started(monkeypatch)
    monkeypatch.setattr(elsewhere, "_render", lambda *_: os._exit(9))
    assert merged(tmp_path / "there.xlsx") == here
    assert len(names) == 2
