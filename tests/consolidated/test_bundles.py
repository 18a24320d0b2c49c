"""A batch of several bundles, with everything that makes the parts of it depend on each other."""

from __future__ import annotations

import os
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from consolidated.files import ROWS, write_form
from openpyxl import load_workbook

import xltools
from xltools import parallel
from xltools.batch import Merged
from xltools.consolidated import lists

COUNT = 90


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """90 files: one unit twice, one file twice, another year, words for an amount, a file that is none,
    a lock file, rows of their own; and forms that miss their targets, so that there are findings."""
    folder = tmp_path_factory.mktemp("报送")
    for number in range(COUNT - 6):
        missed = ROWS[0]._replace(actual=Decimal(number % 14), score=Decimal(50))
        own = ROWS[1]._replace(level3=f"单位{number}自设指标")
        rows = (missed if number % 3 == 0 else ROWS[0], own if number % 20 == 7 else ROWS[1], ROWS[2])
        write_form(folder / f"{number:03d}.xlsx", f"示例单位{number:03d}", budget=10 + number, rows=rows)
    write_form(folder / "040（改）.xlsx", "示例单位040", budget=55)
    shutil.copy(folder / "041.xlsx", folder / "041 - 副本.xlsx")
    write_form(folder / "去年.xlsx", "示例去年单位", year=2022)
    write_form(folder / "元.xlsx", "示例元单位", budget=70000, executed=70000, money_unit="元")
    (folder / "坏.xlsx").write_bytes(b"PK\3\4 no workbook")
    (folder / "~$010.xlsx").write_bytes(b"lock")
    return folder


def merged(folder: Path, target: Path, **options: Any) -> Merged:
    return xltools.merge(folder, target, unit_sheets="none", **options)


def values(path: Path) -> dict[str, list[list[Any]]]:
    book = load_workbook(path)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def links(path: Path) -> dict[str, dict[str, tuple[str | None, str | None]]]:
    return {
        sheet.title: {
            cell.coordinate: (cell.hyperlink.target, cell.hyperlink.location)
            for row in sheet.iter_rows()
            for cell in row
            if cell.hyperlink
        }
        for sheet in load_workbook(path)
    }


def test_the_number_of_processes_does_not_show(returns: Path, tmp_path: Path) -> None:
    books = []
    for jobs in (1, 2, 3):
        merged(returns, tmp_path / f"{jobs}" / "汇总.xlsx", jobs=jobs)
        books.append((tmp_path / f"{jobs}" / "汇总.xlsx").read_bytes())
    assert books[0] == books[1] == books[2]


def test_the_size_of_the_bundles_does_not_show(
    returns: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every value and every link is that of a batch that is one bundle."""
    merged(returns, tmp_path / "a" / "汇总.xlsx", jobs=1)
    monkeypatch.setattr(parallel, "_CHUNK", 1000)
    monkeypatch.setattr(parallel, "_CHUNKS", 1)
    merged(returns, tmp_path / "b" / "汇总.xlsx", jobs=1)
    first, second = tmp_path / "a" / "汇总.xlsx", tmp_path / "b" / "汇总.xlsx"
    assert values(first) == values(second)
    assert links(first) == links(second)


def test_everything_is_where_it_belongs(returns: Path, tmp_path: Path) -> None:
    result = merged(returns, tmp_path / "汇总.xlsx", jobs=2)
    found = values(tmp_path / "汇总.xlsx")
    files = found["来源清单"][1:]
    assert [row[0] for row in files] == sorted(os.listdir(returns))
    assert {row[1] for row in files} == {"已读取", "未计入合计", "无法打开", "已跳过"}
    forms = found["汇总"][1:-1]
    assert len(forms) == COUNT - 6 + 3 - 3  # 040 twice, the copy of 041, last year are out; 元 is in
    assert [row[0] for row in forms] == list(range(1, len(forms) + 1))
    assert len(found["指标明细"]) - 1 == 3 * len(forms)
    assert len(found["资金明细"]) - 1 == 4 * len(forms)
    assert len(found["问题清单"]) - 1 == result.consolidation.counts.total()
    order = [row[0] for row in found["问题清单"][1:]]
    assert order == sorted(order, key=["错误", "警告", "无法判定", "提示"].index)
    assert [row[0] for row in forms if row[1] == "示例元单位"] == [len(forms)]


def test_what_a_worker_dies_of_while_writing_is_written_here(
    returns: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged(returns, tmp_path / "a" / "汇总.xlsx")
    here, write = os.getpid(), lists.written

    def dies_elsewhere(scene: lists.Scene, task: lists.Task) -> lists.Written:
        if os.getpid() != here and task.decided.first == 0:
            (tmp_path / "died").touch()
            os._exit(9)
        return write(scene, task)

    monkeypatch.setattr(lists, "written", dies_elsewhere)
    monkeypatch.setattr(dies_elsewhere, "__qualname__", "written", raising=False)
    monkeypatch.setattr(dies_elsewhere, "__module__", lists.__name__, raising=False)
    merged(returns, tmp_path / "b" / "汇总.xlsx", jobs=2)
    assert (tmp_path / "died").exists()
    assert (tmp_path / "a" / "汇总.xlsx").read_bytes() == (tmp_path / "b" / "汇总.xlsx").read_bytes()
