"""Reading a report: .docx within bounds, .txt in either encoding, headings told from text."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from xltools.report_text import UnreadableReport, read_report, sections

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINES = ["部门绩效评价报告", "一、基本情况", "（一）项目概况。投入5万元。", "二、有关建议", "无。"]


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _docx(path: Path, body: str, head: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        document = (
            f'<?xml version="1.0"?>{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
        package.writestr("word/document.xml", document)
    return path


def test_docx(tmp_path: Path) -> None:
    table = f"<w:tbl><w:tr><w:tc>{_paragraph('全年预算数')}</w:tc><w:tc>{_paragraph('10.00')}</w:tc></w:tr></w:tbl>"
    deleted = (
        "<w:p><w:del><w:r><w:delText>删去的话</w:delText></w:r></w:del><w:r><w:t>留下的话</w:t></w:r></w:p>"
    )
    read = read_report(_docx(tmp_path / "报告.docx", "".join(map(_paragraph, LINES)) + table + deleted))
    assert read.source == "报告.docx"
    assert read.title == "部门绩效评价报告"
    assert [heading for heading, _ in read.sections] == ["一、基本情况", "二、有关建议"]
    assert read.sections[0][1] == "（一）项目概况。投入5万元。"
    assert read.sections[1][1] == "无。\n全年预算数\t10.00\t\n留下的话"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_txt(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "报告.txt"
    path.write_text("\n\n".join(LINES), encoding)
    read = read_report(path)
    assert read.title == LINES[0]
    assert read.sections == (("一、基本情况", LINES[2]), ("二、有关建议", LINES[4]))


def test_markdown_and_text_before_the_first_heading() -> None:
    read = sections("a.md", ["# 报告", "前言", "## 一、基本情况", "正文", "三、这是一句话，不是标题。"])
    assert read.title == "报告"
    assert read.sections == (("", "前言"), ("一、基本情况", "正文\n三、这是一句话，不是标题。"))


def test_empty(tmp_path: Path) -> None:
    (tmp_path / "空.txt").write_bytes(b"")
    assert read_report(tmp_path / "空.txt").sections == ()


def _refused(path: Path) -> str:
    with pytest.raises(UnreadableReport) as refused:
        read_report(path)
    return str(refused.value)


def test_refused(tmp_path: Path) -> None:
    for name in ("旧.doc", "图.pdf"):
        assert "另存为 .docx" in _refused(tmp_path / name)
    assert "打不开" in _refused(tmp_path / "没有.docx")
    assert "打不开" in _refused(tmp_path / "没有.txt")
    (tmp_path / "坏.docx").write_bytes(b"not a zip")
    assert "另存后再试" in _refused(tmp_path / "坏.docx")
    with zipfile.ZipFile(tmp_path / "别的.docx", "w") as package:
        package.writestr("xl/workbook.xml", "<a/>")
    assert "另存后再试" in _refused(tmp_path / "别的.docx")
    assert "已损坏" in _refused(_docx(tmp_path / "断.docx", "<w:p>"))


def test_hostile(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert "文档类型声明" in _refused(_docx(tmp_path / "实体.docx", _paragraph("&b;"), bomb))
    assert "过大" in _refused(_docx(tmp_path / "炸弹.docx", _paragraph("a" * 41_000_000)))
    wide = f'<?xml version="1.0" encoding="UTF-16"?>{bomb}<w:document xmlns:w="{W}"/>'.encode("utf-16")
    with zipfile.ZipFile(tmp_path / "宽.docx", "w") as package:
        package.writestr("word/document.xml", wide)
    assert "文档类型声明" in _refused(tmp_path / "宽.docx")
