from __future__ import annotations

import zipfile

import openpyxl
import pytest
from clerk_forms import filled
from office import convert, results, same

import xltools
from xltools.form_sheet import Formula
from xltools.reading import read_file
from xltools.refusal import Refusal
from xltools.template import save


@pytest.fixture
def typed(tmp_path):
    """A form with typed totals and no formulas, as strangers send it."""

    def bare(content):
        return content.value if isinstance(content, Formula) else content

    form = filled()
    funds = tuple(type(line)(*map(bare, line)) for line in form.funds)
    from dataclasses import replace

    form = replace(form, funds=funds, total_weight=bare(form.total_weight), total_score=None)
    path = tmp_path / "表.xlsx"
    save(path, {"自评表": form})
    return path


def signed(path):
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    return path


def test_a_signed_workbook_is_only_copied(typed, tmp_path):
    before = signed(typed).read_bytes()
    (copy,) = xltools.fill(typed, tmp_path / "副本.xlsx")
    assert copy.notices == ("signed",)
    (here,) = xltools.fill(typed, in_place=True)
    assert (here.filled, "签名" in here.problem) == (None, True)
    assert typed.read_bytes() == before


def test_a_protected_sheet_is_filled_and_said_so(typed, tmp_path):
    book = openpyxl.load_workbook(typed)
    book["自评表"].protection.enable()
    book.save(typed)
    (done,) = xltools.fill(typed, tmp_path / "副本.xlsx")
    assert done.notices == ("protected",)
    assert openpyxl.load_workbook(done.target)["自评表"].protection.sheet


def test_in_place_makes_a_backup_and_a_second_run_does_nothing(typed):
    before = typed.read_bytes()
    (done,) = xltools.fill(typed, in_place=True)
    assert done.backup is not None
    assert done.backup.read_bytes() == before != typed.read_bytes()
    after = typed.read_bytes()
    (again,) = xltools.fill(typed, in_place=True)
    assert (again.backup, again.filled.writes, typed.read_bytes()) == (None, (), after)


def test_naming_the_file_itself_as_the_copy_makes_a_backup_too(typed):
    before = typed.read_bytes()
    (done,) = xltools.fill(typed, typed)
    assert done.backup is not None
    assert done.backup.read_bytes() == before


def test_a_dry_run_writes_nothing_and_lists_all(typed, tmp_path):
    before = sorted(path.name for path in tmp_path.iterdir())
    (done,) = xltools.fill(typed, dry_run=True)
    assert {"D5", "I5", "K5", "K19"} <= {write.cell for write in done.filled.writes}
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_overwrite_lists_old_and_new(typed, tmp_path):
    book = openpyxl.load_workbook(typed)
    book["自评表"]["I5"] = 88
    book.save(typed)
    (kept,) = xltools.fill(typed, tmp_path / "a.xlsx")
    assert ("I5", "88.00", "99.5") in [(each.cell, each.previous, each.expected) for each in kept.filled.kept]
    (done,) = xltools.fill(typed, tmp_path / "b.xlsx", overwrite=True)
    assert [(w.previous, float(w.value)) for w in done.filled.writes if w.cell == "I5"] == [("88.00", 99.5)]


def test_where_to_write_must_be_said(typed):
    before = typed.read_bytes()
    with pytest.raises(Refusal, match="写到哪里"):
        xltools.fill(typed)
    assert typed.read_bytes() == before


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_another_format_becomes_a_new_workbook(typed, tmp_path, kind):
    (old,) = convert([typed], kind, tmp_path)
    before = old.read_bytes()
    (done,) = xltools.fill(old, tmp_path / "new")
    assert (done.notices, done.target.suffix, old.read_bytes()) == (("converted",), ".xlsx", before)
    (form,), (source,) = read_file(done.target).forms, read_file(old).forms
    assert [row.level3.value for row in form.indicators] == [row.level3.value for row in source.indicators]
    assert form.total_score.formula == "SUM(K5,K12:K18)"
    stored, computed = results(done.target), results(convert([done.target], "xlsx", tmp_path / "again")[0])
    assert len(stored) >= 9
    assert [cell for cell in stored if not same(stored[cell], computed[cell])] == []
    (refused,) = xltools.fill(old, in_place=True)
    assert refused.filled is None


def other(path, typed):
    book = openpyxl.load_workbook(typed)
    sheet = book["自评表"]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == "示例市公共资源交易中心")
    cell.value = "另一单位"
    book.save(path)
    return path


def test_files_of_one_name_get_a_number(typed, tmp_path):
    sources = []
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        sources.append(other(tmp_path / name / "自评表.xlsx", typed))
    done = xltools.fill(sources, tmp_path / "out")
    assert [each.target.name for each in done] == ["自评表.xlsx", "自评表（2）.xlsx"]
    assert all(each.target.exists() for each in done)


def test_a_form_of_another_unit_is_not_replaced_but_an_earlier_copy_is(typed, tmp_path):
    theirs = other(tmp_path / "另一单位.xlsx", typed)
    before = theirs.read_bytes()
    (done,) = xltools.fill(typed, theirs)
    assert (done.filled, "自评表，未覆盖" in done.problem) == (None, True)
    assert theirs.read_bytes() == before
    for _ in range(2):
        (again,) = xltools.fill(typed, tmp_path / "副本.xlsx")
        assert again.filled


def test_a_copy_and_in_place_exclude_each_other(typed, tmp_path):
    with pytest.raises(Refusal, match="--in-place"):
        xltools.fill(typed, tmp_path / "副本.xlsx", in_place=True)


def test_the_ending_is_kept(typed, tmp_path):
    (done,) = xltools.fill(typed, tmp_path / "副本.xlsm")
    assert ".xlsx 结尾" in done.problem
    with pytest.raises(Refusal, match=r"副本\.xls"):
        xltools.fill(typed, tmp_path / "副本.xls")
    assert list(tmp_path.glob("副本*")) == []


def test_one_file_that_cannot_be_written_does_not_stop_the_rest(typed, tmp_path, monkeypatch):
    second = other(tmp_path / "乙.xlsx", typed)
    (tmp_path / "out" / typed.name).mkdir(parents=True)
    first, rest = xltools.fill([typed, second], tmp_path / "out")
    assert first.filled is None
    assert rest.filled
