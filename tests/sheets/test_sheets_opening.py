"""Whatever arrives in a mail box ends as a workbook or as a reason, soon and in little memory."""

from __future__ import annotations

import io
import os
import pickle
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile
from packages import DECLARATION, book, cells, packed, parts, sheet, strings

from xltools.messages.reasons import REASONS, reason
from xltools.sheets import Unreadable, Workbook, open_bytes, open_workbook

GOOD = book(
    sheet(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><f>A1</f><v>5</v></c></row>',
        '<mergeCells count="1"><mergeCell ref="A2:B2"/></mergeCells>',
    ),
    shared=strings("<t>甲</t>"),
)
DTD = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
LAUGHS = DTD + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10)) + "]>"
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def with_prolog(text: str, prolog: str, reference: str) -> str:
    return text.replace(DECLARATION, DECLARATION + prolog).replace("甲", reference)


def encrypted(data: bytes) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt("秘密", out)
    return out.getvalue()


def repeated_part() -> bytes:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr("xl/worksheets/sheet1.xml", cells(""))
    return out.getvalue()


def extra(name: str, content: bytes | str) -> bytes:
    return packed({**parts(cells("")), name: content})  # type: ignore[dict-item]


def bomb(part: str) -> bytes:
    out = io.BytesIO(book(cells(""), shared=strings()))
    source = zipfile.ZipFile(out)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name in source.namelist():
            if name != part:
                package.writestr(name, source.read(name))
        with package.open(part, "w", force_zip64=True) as stream:
            for _ in range(200):
                stream.write(b" " * (1 << 20))
    return made.getvalue()


def lying_bomb() -> bytes:
    """A part that declares 100 bytes and inflates to 50 MB."""
    data = bytearray(book(cells("x" * (50 << 20))))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def masked() -> bytes:
    data = bytearray(GOOD)
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    return bytes(data)


def borrowed(formula: str, times: int) -> bytes:
    """A formula that as many cells of a sheet borrow."""
    first = f'<row r="1"><c r="A1"><f t="shared" si="0">{formula}</f><v>1</v></c></row>'
    others = (
        f'<row r="{at}"><c r="A{at}"><f t="shared" si="0"/><v>1</v></c></row>' for at in range(2, times + 2)
    )
    return book(sheet(first + "".join(others), ""))


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "zero bytes": (lambda: b"", "empty"),
    "zeros": (lambda: b"\0" * 5000, "damaged"),
    "half a zip": (lambda: GOOD[: len(GOOD) // 2], "damaged"),
    "cut tail": (lambda: GOOD[:-5], "damaged"),
    "password": (lambda: encrypted(GOOD), "password"),
    "zip password": (masked, "password"),
    "not decryptable OLE": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
    "bomb in a sheet": (lambda: bomb("xl/worksheets/sheet1.xml"), "bomb"),
    "bomb in the strings": (lambda: bomb("xl/sharedStrings.xml"), "bomb"),
    "bomb with a lying header": (lying_bomb, "damaged"),
    "DTD in a sheet": (lambda: book(with_prolog(cells(""), DTD + "]>", "")), "unsafe"),
    "billion laughs": (
        lambda: book(cells(""), shared=with_prolog(strings("<t>甲</t>"), LAUGHS, "&l9;")),
        "unsafe",
    ),
    "external entity": (
        lambda: book(with_prolog(cells('<c r="A1" t="str"><v>甲</v></c>'), XXE, "&a;")),
        "unsafe",
    ),
    "part twice": (repeated_part, "unsafe"),
    "climbing name": (lambda: extra("../../evil.txt", "x"), "unsafe"),
    "too many parts": (lambda: packed({f"x{n}": "" for n in range(5001)}), "too_large"),
    "too many merges": (
        lambda: book(sheet("", "<mergeCells>" + '<mergeCell ref="A1:B1"/>' * 10_001 + "</mergeCells>")),
        "too_large",
    ),
    "a long formula borrowed often": (lambda: borrowed("+".join(["A1"] * 2_000), 1_000), "too_large"),
    "no sheets": (lambda: book(), "no_sheets"),
    "empty ods": (
        lambda: packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
        "no_sheets",
    ),
    "odt": (
        lambda: packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
        "word",
    ),
    "docx without a table": (
        lambda: packed({"[Content_Types].xml": "", "word/document.xml": "<document><body/></document>"}),
        "word",
    ),
    "broken docx": (
        lambda: packed({"[Content_Types].xml": "", "_rels/.rels": "", "word/document.xml": ""}),
        "damaged",
    ),
    "empty xlsb": (lambda: packed({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "no_sheets"),
    "broken xlsb": (
        lambda: packed({"[Content_Types].xml": "", "xl/workbook.bin": b"\x9c\x01\x05"}),
        "damaged",
    ),
    "ofd": (lambda: packed({"OFD.xml": "", "Doc_0/Document.xml": ""}), "ofd"),
    "a zip of workbooks": (lambda: packed({"甲.xlsx": GOOD, "乙.xlsx": GOOD}), "archive"),
    "rar": (lambda: b"Rar!\x1a\x07\x00" + b"x" * 99, "archive"),
    "pdf": (lambda: b"%PDF-1.7\n", "pdf"),
    "png": (lambda: b"\x89PNG\r\n\x1a\n", "image"),
    "html": (lambda: "<html><p>项目名称</p></html>".encode("gbk"), "html"),
    "2003 XML": (
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "no_sheets",
    ),
    "prose": (lambda: "项目名称，得分\n甲，95\n".encode("gb18030"), "text"),
    "utf-16 text": (lambda: "项目名称\t得分".encode("utf-16"), "text"),
    "DLP": (lambda: b"%TSD-Header-###%" + os.urandom(500), "enterprise_encrypted"),
    "noise": (lambda: bytes(range(1, 256)) * 9, "unknown"),
}


def outcome(data: bytes, name: str = "自评表.xlsx") -> Workbook | str:
    """The workbook or the code; any other exception fails the test."""
    try:
        return open_bytes(data, name)
    except Unreadable as refusal:
        found = refusal
    assert reason(found.code, **found.details)
    return found.code


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_reason(name: str) -> None:
    make, code = REFUSED[name]
    data = make()
    started = time.process_time()
    assert outcome(data) == code
    assert time.process_time() - started < 5


def test_a_good_file_opens_whatever_its_name(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.xls", "a.et", "a.csv", "~$a.xlsx"):
        (tmp_path / name).write_bytes(GOOD)
        assert open_workbook(tmp_path / name).container == "xlsx"


def test_old_format_opens_whatever_its_name(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    made = xlwt.Workbook()
    one = made.add_sheet("表")
    one.write_merge(0, 0, 0, 2, "项目名称")
    one.write(1, 0, 0.95, xlwt.easyxf(num_format_str="0.00%"))
    one.write(1, 1, 45291, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    one.write(65535, 255, 1)
    made.save(str(tmp_path / "a.xlsx"))
    read = open_workbook(tmp_path / "a.xlsx")
    found = read.grids[0].cells
    assert read.container == "xls"
    assert found[1, 1].text == "项目名称"
    assert (found[2, 1].text, found[2, 1].percent) == ("95.00%", True)
    assert (found[2, 2].text, found[2, 2].kind) == ("2023-12-31", "date")
    assert found[65536, 256].text == "1"
    assert read.grids[0].merges == ((1, 1, 1, 3),)


def test_protected_without_a_password_opens() -> None:
    out = io.BytesIO()
    # The library writes encrypted packages under 4 KB so that it cannot read them back.
    data = extra("xl/media/image1.png", os.urandom(5000))
    OOXMLFile(io.BytesIO(data)).encrypt("VelvetSweatshop", out)
    assert isinstance(outcome(out.getvalue()), Workbook)


def test_pictures_are_never_inflated() -> None:
    assert isinstance(outcome(extra("xl/media/image1.png", b"\0" * (100 << 20))), Workbook)


def test_far_corners_cost_nothing() -> None:
    data = book(
        sheet(
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            '<mergeCells><mergeCell ref="A30:XFD1048576"/></mergeCells>',
        )
    )
    read = outcome(data)
    assert isinstance(read, Workbook)
    assert list(read.grids[0].cells) == [(1048576, 16384)]


def phantom(form: str) -> bytes:
    rows = "".join(
        f'<row r="{n}">' + "".join(form.format(ref=f"{column}{n}") for column in "ABCDEFGHIJKL") + "</row>"
        for n in range(1, 60_001)
    )
    return book(sheet(rows + '<row r="60001"><c r="A60001"><v>1</v></c></row>'))


@pytest.mark.parametrize("form", ['<c r="{ref}" s="1"/>', '<c  r="{ref}" s="1"/>'], ids=["usual", "unusual"])
def test_borders_dragged_far_down_are_cheap(form: str, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(phantom(form))
    probe = (
        "import resource, sys, time; from xltools.sheets import open_workbook\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; start = time.process_time()\n"
        "cells = open_workbook(sys.argv[1]).grids[0].cells\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(len(cells), time.process_time() - start, (after - before) / 1024)"
    )
    command = [sys.executable, "-c", probe, str(tmp_path / "a.xlsx")]
    count, seconds, megabytes = subprocess.check_output(command, text=True).split()
    assert count == "1"
    assert float(seconds) < 5
    assert float(megabytes) < 250


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "~$a.xlsx").write_bytes(b"\x04user" + b" " * 50 + b"\0" * 110)
    for path, code in (
        (tmp_path, "not_a_file"),
        (tmp_path / "none.xlsx", "missing"),
        (tmp_path / "~$a.xlsx", "lock_file"),
        (Path("a\0b"), "disk_error"),
    ):
        with pytest.raises(Unreadable) as caught:
            open_workbook(path)
        assert caught.value.code == code


def test_no_access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr("builtins.open", denied)
    with pytest.raises(Unreadable, match="no_access"):
        open_workbook(tmp_path / "a.xlsx")


def test_a_refusal_crosses_process_borders() -> None:
    again = pickle.loads(pickle.dumps(Unreadable("damaged", part="x")))
    assert (again.code, again.details) == ("damaged", {"part": "x"})


def test_every_reason_is_a_sentence_in_both_languages() -> None:
    for code, (chinese, english) in REASONS.items():
        assert chinese.endswith("。"), code
        assert english.endswith("."), code
        assert "\n" not in chinese + english
    assert reason("too_large", limit="64 MB").endswith("（64 MB）。")
    assert reason("empty", "en").startswith("The file is empty")


def test_cut_anywhere() -> None:
    for end in range(0, len(GOOD), 13):
        assert isinstance(outcome(GOOD[:end]), str)


@pytest.fixture(scope="session")
def old() -> bytes:
    """A small .xls."""
    xlwt = pytest.importorskip("xlwt")
    made = xlwt.Workbook()
    made.add_sheet("表").write(0, 0, "项目名称")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.fixture(scope="session")
def secret() -> bytes:
    """A workbook behind a password."""
    return encrypted(GOOD)


MUTATIONS = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=6)


def mutated(data: bytes, changes: list[tuple[int, int]]) -> bytes:
    changed = bytearray(data)
    for at, value in changes:
        changed[at % len(changed)] = value
    return bytes(changed)


@settings(max_examples=400, deadline=5000)
@given(MUTATIONS)
def test_random_damage_to_a_package(changes: list[tuple[int, int]]) -> None:
    outcome(mutated(GOOD, changes))


@settings(max_examples=200, deadline=5000)
@given(st.sampled_from(sorted(parts(cells("")))), MUTATIONS)
def test_random_damage_inside_a_part(name: str, changes: list[tuple[int, int]]) -> None:
    content = {part: text.encode() for part, text in parts(cells('<c r="A1"><v>1</v></c>')).items()}
    content[name] = mutated(content[name], changes)
    outcome(packed(content))


@settings(max_examples=200, deadline=5000)
@given(MUTATIONS)
def test_random_damage_to_an_old_file(old: bytes, changes: list[tuple[int, int]]) -> None:
    outcome(mutated(old, changes))


@settings(max_examples=50, deadline=5000)
@given(MUTATIONS)
def test_random_damage_to_an_encrypted_file(secret: bytes, changes: list[tuple[int, int]]) -> None:
    outcome(mutated(secret, [(at % 4096, value) for at, value in changes]))


@settings(max_examples=100, deadline=5000)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x09\x08\x10\x00"]),
)
def test_random_bytes(data: bytes, start: bytes) -> None:
    outcome(start + data)


def test_a_formula_filled_far_down_is_read() -> None:
    found = open_bytes(borrowed("SUM(B1:C1)", 5_000), "长表.xlsx").grids[0]
    assert found.cells[5_001, 1].formula == "SUM(B5001:C5001)"
