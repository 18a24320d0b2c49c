"""Bytes changed at random in files of every format: each is read, is no form, or is refused with a reason.

XLTOOLS_FUZZ=20000 pytest tests/test_hostile_fuzz.py    for a long run
"""

from __future__ import annotations

import io
import json
import os
import random
import sys
import time
import zipfile
from pathlib import Path

import pytest
from paper import nmg, save

sys.path.insert(0, str(Path(__file__).parent / "sheets"))

from test_sheets_other_formats import ODF, PAGE, docx, ods, tc, xlsb

from xltools.messages.reasons import REASONS
from xltools.reading import read_file

ROUNDS = int(os.environ.get("XLTOOLS_FUZZ", "60"))
SEED = json.loads((Path(__file__).parent / "cases" / "seed.json").read_text("utf-8"))
SECONDS = 5


def originals(folder: Path) -> dict[str, bytes]:
    xlwt = pytest.importorskip("xlwt")
    old = xlwt.Workbook()
    sheet = old.add_sheet("表")
    for (row, column), value in nmg(SEED).cells.items():
        sheet.write(row, column, value)
    binary = io.BytesIO()
    old.save(binary)
    body = "<w:tbl>" + f"<w:tr>{tc('三级指标')}{tc('5')}</w:tr>" * 9 + "</w:tbl>"
    row = '<table:table-row><table:table-cell office:value-type="float" office:value="5"/></table:table-row>'
    return {
        "xlsx": save(folder / "a.xlsx", nmg(SEED)).read_bytes(),
        "xls": binary.getvalue(),
        "docx": docx(body),
        "ods": ods(f'<table:table table:name="a">{row * 9}</table:table>'),
        "fods": ODF.format(f'<table:table table:name="a">{row * 9}</table:table>').encode(),
        "xlsb": xlsb(b"\0\x11" + bytes(17) + b"\x02\x0c" + bytes(12)),
        "html": PAGE.encode(),
    }


def disturbed(data: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, dropped, repeated or cut off."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(out))
        match rng.randrange(5):
            case 0:
                out[at] = rng.randrange(256)
            case 1:
                del out[at : at + rng.randint(1, 40)]
            case 2:
                out[at:at] = out[at : at + rng.randint(1, 200)]
            case 3:
                out[at : at + 4] = rng.choice((b"\xff" * 4, bytes(4), b"9999", b"</>&"))
            case _:
                if rng.random() < 0.2:
                    del out[at:]
        if not out:
            return b""
    return bytes(out)


def inside(data: bytes, rng: random.Random) -> bytes:
    """The same done to one part of a package, which is then packed soundly again."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        chosen = rng.choice(source.namelist())
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, disturbed(part, rng) if name == chosen and part else part)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "xls", "docx", "ods", "fods", "xlsb", "html"])
def test_whatever_the_bytes(kind: str, tmp_path: Path) -> None:
    data, rng = originals(tmp_path)[kind], random.Random(kind)
    path = tmp_path / f"a.{kind}"
    for _ in range(ROUNDS):
        packed = data.startswith(b"PK") and rng.random() < 0.7
        path.write_bytes(inside(data, rng) if packed else disturbed(data, rng))
        started = time.process_time()
        reading = read_file(path)
        assert reading.status in ("read", "not_a_form", "unreadable")
        assert reading.reason_code is None or reading.reason_code in REASONS
        assert time.process_time() - started < SECONDS
