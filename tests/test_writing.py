"""A file appears whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from xltools.writing import replacing


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_takes_its_name_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "汇总 结果.xlsx"
    with replacing(target) as temporary:
        temporary.write_bytes(b"whole")
        assert temporary.parent == target.parent
        assert temporary.suffix == ".xlsx"
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    assert listed(tmp_path) == ["汇总 结果.xlsx"]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, OSError])
def test_what_stood_there_stands_when_anything_fails(tmp_path: Path, failure: type[BaseException]) -> None:
    target = tmp_path / "汇总.xlsx"
    target.write_bytes(b"old")

    def fail() -> None:
        with replacing(target) as temporary:
            temporary.write_bytes(b"half")
            raise failure

    with pytest.raises(failure):
        fail()
    assert target.read_bytes() == b"old"
    assert listed(tmp_path) == ["汇总.xlsx"]


def test_nothing_written_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a.xlsx"):
        pass
    assert listed(tmp_path) == []


def test_folders_are_made(tmp_path: Path) -> None:
    with replacing(tmp_path / "一" / "二" / "a.xlsx") as temporary:
        temporary.write_bytes(b"x")
    assert (tmp_path / "一" / "二" / "a.xlsx").read_bytes() == b"x"


def test_a_name_as_long_as_a_disk_allows(tmp_path: Path) -> None:
    target = tmp_path / ("表" * 83 + ".xlsx")  # 254 bytes
    for overwrite in (False, True):
        with replacing(target, overwrite=overwrite) as temporary:
            temporary.write_bytes(b"x")
    assert listed(tmp_path) == [target.name]


def test_an_existing_file_is_refused_before_any_work(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(FileExistsError), replacing(target, overwrite=False):
        pytest.fail("the work was done in vain")
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_came_meanwhile_is_not_replaced(
    tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    target = tmp_path / "a.xlsx"

    def write() -> None:
        with replacing(target, overwrite=False) as temporary:
            temporary.write_bytes(b"ours")
            target.write_bytes(b"theirs")

    with pytest.raises(FileExistsError):
        write()
    assert target.read_bytes() == b"theirs"
    assert listed(tmp_path) == ["a.xlsx"]


def _no_links(source: object, target: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_drive_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _no_links)
    with replacing(tmp_path / "a.xlsx", overwrite=False) as temporary:
        temporary.write_bytes(b"ours")
    assert listed(tmp_path) == ["a.xlsx"]
    assert (tmp_path / "a.xlsx").read_bytes() == b"ours"


def test_a_file_held_open_elsewhere_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to replace a workbook that Excel holds open."""

    def locked(source: object, target: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(target))

    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(PermissionError), replacing(target) as temporary:
        temporary.write_bytes(b"new")
    assert target.read_bytes() == b"old"
    assert listed(tmp_path) == ["a.xlsx"]


def test_a_file_where_a_folder_should_be_is_no_existing_target(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"old")
    with pytest.raises(NotADirectoryError), replacing(tmp_path / "a.xlsx" / "b.xlsx"):
        pytest.fail("the work was done in vain")
