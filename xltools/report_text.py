"""An evaluation report as text: .docx (WordprocessingML), .txt and .md.

A .docx comes from strangers, so it is read with bounds: the document part only, at most
`MAX_BYTES` unpacked, no DTD, no network, no entity expansion.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from xltools.model import ReportText

if TYPE_CHECKING:
    from lxml import etree

MAX_BYTES = 40_000_000
_RATIO = 200  # unpacked : packed; real documents stay far below
_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"^\s*(?:#+\s*)?[一二三四五六七八九十]{1,3}、\S.{0,60}$")
_MARKDOWN = re.compile(r"^#{2,6}\s+\S")


class UnreadableReport(Exception):
    """A report that cannot be read.  The text is a Chinese sentence for the person who sent it."""


def read_report(path: str | Path) -> ReportText:
    """Read a report by its ending (.docx, .txt, .md).  Raises UnreadableReport."""
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".docx":
        lines = _docx_lines(path)
    elif suffix in (".txt", ".md"):
        lines = _plain_lines(path)
    else:
        raise UnreadableReport(f"报告应为 .docx、.txt 或 .md 文件；旧版 .doc 请另存为 .docx：{path.name}")
    return sections(path.name, lines)


def sections(source: str, lines: Iterable[str]) -> ReportText:
    """Split at headings such as ``三、综合评价情况``; the first line before any of them is the title."""
    title, heading, body = "", "", list[str]()
    parts: list[tuple[str, str]] = []
    for line in lines:
        text = line.strip(" \u3000\r\n")
        if not text.strip():
            continue
        if _is_heading(text):
            parts.append((heading, "\n".join(body)))
            heading, body = text.lstrip("# "), []
        elif not title and not parts and not body:
            title = text.lstrip("# ")
        else:
            body.append(text)
    parts.append((heading, "\n".join(body)))
    return ReportText(source, title, tuple(part for part in parts if part[0] or part[1]))


def _is_heading(text: str) -> bool:
    if _MARKDOWN.match(text):
        return True
    return bool(_HEADING.match(text)) and "\t" not in text and not text.endswith(("。", "；"))


def _plain_lines(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as wrong:
        raise UnreadableReport(f"报告打不开：{path.name}（{wrong.strerror}）") from wrong
    if len(data) > MAX_BYTES:
        raise UnreadableReport(f"报告过大，未读取：{path.name}")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    raise UnreadableReport(f"报告的文字编码无法识别，请另存为 UTF-8：{path.name}")


def _docx_lines(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as package:
            return _document_lines(package, path.name)
    except OSError as wrong:
        raise UnreadableReport(f"报告打不开：{path.name}（{wrong.strerror}）") from wrong
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError) as wrong:
        raise UnreadableReport(
            f"报告不是可读取的 .docx 文件，可能已加密或损坏；请用 Word 或 WPS 另存后再试：{path.name}"
        ) from wrong


def _document_lines(package: zipfile.ZipFile, name: str) -> list[str]:
    info = package.getinfo(_PART)
    if info.file_size > MAX_BYTES or info.file_size > _RATIO * max(info.compress_size, 10_000):
        raise UnreadableReport(f"报告内容过大，未读取：{name}")
    with package.open(info) as part:
        return list(_lines(_parse(part, name)))


def _parse(part: IO[bytes], name: str) -> etree._Element:
    import zlib

    from lxml import etree

    try:
        data = part.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UnreadableReport(f"报告内容过大，未读取：{name}")
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise UnreadableReport(f"报告含有不应出现的文档类型声明，未读取：{name}")
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, dtd_validation=False, huge_tree=False
        )
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, zlib.error) as wrong:
        raise UnreadableReport(f"报告内容已损坏，无法读取：{name}") from wrong
    if root.getroottree().docinfo.internalDTD is not None:  # declared in another encoding
        raise UnreadableReport(f"报告含有不应出现的文档类型声明，未读取：{name}")
    return root


def _lines(root: etree._Element) -> Iterator[str]:
    """Paragraphs as lines; a table row as one line with tabs, so that it is told from prose."""
    body = root.find(f"{_W}body")
    if body is None:
        return
    for block in body.iter(f"{_W}p", f"{_W}tr"):
        if block.tag == f"{_W}tr":
            yield "\t".join(_words(cell) for cell in block.iter(f"{_W}tc")) + "\t"
        elif next(block.iterancestors(f"{_W}tbl"), None) is None:
            yield from _words(block).split("\n")


def _words(element: etree._Element) -> str:
    """The text of a paragraph or cell; deleted text is stored under another name and so left out."""
    pieces = []
    for node in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"):
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        else:
            pieces.append(" " if node.tag == f"{_W}tab" else "\n")
    return "".join(pieces)
