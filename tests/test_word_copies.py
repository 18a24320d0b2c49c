"""Forms that come as a table in Word: read like any other, but not counted beside their workbook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from paper import Paper, nmg, save

import xltools

docx = pytest.importorskip("docx")
SEED = json.loads((Path(__file__).parent / "cases" / "seed.json").read_text("utf-8"))


def word(path: Path, paper: Paper | None) -> Path:
    """The paper as a table in a Word document; without one, a letter."""
    document = docx.Document()
    document.add_paragraph("现将有关情况报告如下。")
    if paper:
        rows, columns = max(row for row, _ in paper.cells), max(column for _, column in paper.cells)
        table = document.add_table(rows, columns)
        for top, left, bottom, right in paper.merges:
            table.cell(top - 1, left - 1).merge(table.cell(bottom - 1, right - 1))
        for (row, column), value in paper.cells.items():
            table.cell(row - 1, column - 1).text = str(value)
    document.save(str(path))
    return path


@pytest.fixture
def returns(tmp_path: Path) -> Path:
    folder = tmp_path / "报送"
    folder.mkdir()
    word(folder / "来函.docx", None)
    save(folder / "甲.xlsx", nmg({**SEED, "implementing_unit": "甲中心"}))
    word(folder / "甲的报告.docx", nmg({**SEED, "implementing_unit": "甲中心"}))
    word(folder / "乙.docx", nmg({**SEED, "implementing_unit": "乙中心"}))
    return folder


def test_a_form_in_word_counts_unless_its_workbook_came_too(returns: Path, tmp_path: Path) -> None:
    result = xltools.merge(returns, tmp_path / "汇总.xlsx")
    assert [form.facts.unit for form in result.consolidation.forms] == ["乙中心", "甲中心"]
    assert result.left_out == ()
    assert result.errors == sum(
        f.severity == "error" for form in result.consolidation.forms for f in form.findings
    )
    skipped = {line.path: line.status for line in result.consolidation.files if line.status != "read"}
    assert {Path(path).name for path in skipped} == {"来函.docx", "甲的报告.docx"}


def test_validate_and_extract_pass_over_the_same(returns: Path) -> None:
    for result in (xltools.validate([returns]), xltools.extract([returns])):
        codes = {Path(item.path).name: item.reason_code for item in result.skipped}
        assert codes == {"来函.docx": "word_without_form", "甲的报告.docx": "word_copy"}
    findings = [f.code for file in xltools.validate([returns]).files for f in file.findings]
    assert "CON-01" not in findings


def test_a_document_that_is_named_is_read(returns: Path) -> None:
    named = xltools.validate([returns / "来函.docx"]).files
    assert [file.reading.reason_code for file in named] == ["word"]
