"""Which files are read, and what is said of the others."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from consolidated.files import write_form

from xltools.collecting import collect
from xltools.reading import read_file
from xltools.sheets import Unreadable, zipped


def packed(path: Path, *names: str, gbk: bool = False, data: bytes | None = None) -> Path:
    """An archive with a form under each name; gbk as Chinese programs write names."""
    content = data or write_form(path.with_name("form.xlsx")).read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    path.with_name("form.xlsx").unlink(missing_ok=True)
    if gbk:
        raw = path.read_bytes()
        for name in names:
            marked = name.encode("utf-8")
            wanted = name.encode("gbk")
            assert len(marked) >= len(wanted)
            raw = raw.replace(marked, b"x" * (len(marked) - len(wanted)) + wanted)
        path.write_bytes(_without_utf8_flag(raw))
    return path


def _without_utf8_flag(raw: bytes) -> bytes:
    data = bytearray(raw)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset + 1] &= ~0x08
            at = data.find(signature, at + 4)
    return bytes(data)


def test_members_of_archives_are_files(tmp_path: Path) -> None:
    packed(
        tmp_path / "各县.zip",
        "甲县/自评表.xlsx",
        "乙县/自评表.xlsx",
        "__MACOSX/._x.xlsx",
        "说明.pdf",
        "里.zip",
    )
    found = collect([tmp_path], archives=True)
    assert [Path(path).relative_to(tmp_path).as_posix() for path in found.files] == [
        "各县.zip/乙县/自评表.xlsx",
        "各县.zip/甲县/自评表.xlsx",
    ]
    assert {Path(item.path).name: item.reason_code for item in found.skipped} == {
        "._x.xlsx": "hidden_file",
        "说明.pdf": "not_a_spreadsheet",
        "里.zip": "archive",
    }
    assert collect([tmp_path / "各县.zip"], archives=True).files == found.files
    assert collect([tmp_path]).files == ()
    reading = read_file(found.files[0])
    assert (reading.status, len(reading.forms), reading.path) == ("read", 1, found.files[0])
    assert reading.modified > 0


def test_names_in_gbk(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", "自评表甲.xlsx", gbk=True)
    (path,) = collect([tmp_path], archives=True).files
    assert "自评表甲.xlsx" in path
    assert read_file(path).status == "read"


def test_names_that_lead_outside_are_passed_over(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", "../外.xlsx", "/绝对.xlsx", "c:/盘.xlsx", "好.xlsx")
    found = collect([tmp_path], archives=True)
    assert [Path(path).name for path in found.files] == ["好.xlsx"]
    assert [item.reason_code for item in found.skipped] == ["unsafe"] * 3


def test_a_damaged_archive_is_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "坏.zip").write_bytes(b"PK\x03\x04 and no more")
    found = collect([tmp_path], archives=True)
    assert found.files == (str(tmp_path / "坏.zip"),)
    assert read_file(found.files[0]).status == "unreadable"


def test_a_bomb_is_refused_before_it_is_inflated(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", "弹.xlsx", data=b"\0" * (8 << 20))
    (path,) = collect([tmp_path], archives=True).files
    assert read_file(path).reason_code == "bomb"


def test_an_archive_with_an_endless_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_DIRECTORY", 100)
    packed(tmp_path / "a.zip", *(f"{n}.xlsx" for n in range(10)))
    with pytest.raises(Unreadable, match="too_large"):
        zipped.members(str(tmp_path / "a.zip"))


def test_a_folder_named_like_an_archive(tmp_path: Path) -> None:
    (tmp_path / "甲.zip").mkdir()
    write_form(tmp_path / "甲.zip" / "表.xlsx")
    (path,) = collect([tmp_path], archives=True, recursive=True).files
    assert read_file(path).status == "read"


def test_folders_are_named_when_they_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "县").mkdir()
    write_form(tmp_path / "县" / "表.xlsx")
    found = collect([tmp_path], archives=True)
    assert [(Path(item.path).name, item.reason_code) for item in found.skipped] == [("县", "subfolder")]
    assert len(collect([tmp_path], archives=True, recursive=True).files) == 1


def test_what_was_thrown_away_and_links_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / ".trash").mkdir()
    (tmp_path / ".trash" / "自评表.xlsx").write_bytes(b"PK")
    (tmp_path / "圈.xlsx").symlink_to("圈.xlsx")
    for recursive in (False, True):
        found = collect([tmp_path], archives=True, recursive=recursive)
        assert [Path(path).name for path in found.files] == ["圈.xlsx"]
