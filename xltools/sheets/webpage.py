"""Tables in a web page: what "save as web page", mail programs and many exports call .xls.

Also a page packed as MHTML.  Only text is read: a page says nothing of formulas.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator

from lxml import etree, html

from xltools.sheets.grid import Grid, Unreadable, Workbook
from xltools.sheets.laying import Table
from xltools.sheets.limits import MAX_CELLS, MAX_TREE

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_MOST_TABLES = 500
_UNSEEN = {"script", "style", "head", "title"}
_LINE = {"br", "p", "div", "li"}


def read(data: bytes) -> Workbook:
    """The tables of a page as a workbook.  Raises only Unreadable."""
    if len(data) > MAX_TREE:
        raise Unreadable("too_large", limit=f"{MAX_TREE >> 20} MB")
    page = _unpacked(data) if data.lstrip()[:200].lower().startswith((b"mime-version:", b"from:")) else data
    grids = list(_grids(_tree(page)))
    if not grids:
        raise Unreadable("html")
    return Workbook(tuple(grids), "html")


def _unpacked(data: bytes) -> bytes:
    """The first page inside an MHTML file that holds a table."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
        pages = [part.get_payload(decode=True) for part in parts]
    except Exception:
        # The parser of the standard library raises what a damaged header leads it to.
        raise Unreadable("damaged") from None
    whole = [page for page in pages if isinstance(page, bytes)]
    return next((page for page in whole if b"<table" in page.lower()), whole[0] if whole else b"")


def _tree(data: bytes) -> etree._Element:
    parser = html.HTMLParser(
        encoding=_encoding(data), no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError, LookupError):
        raise Unreadable("html") from None
    return root


def _encoding(data: bytes) -> str:
    """What decodes is right, whatever the page declares; a declared charset comes second."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for name in ("utf-8", "gb18030"):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    declared = _CHARSET.search(data[:4096])
    try:
        return str(b"".decode(declared[1].decode()) or declared[1].decode()) if declared else "gb18030"
    except LookupError:
        return "gb18030"


def _grids(root: etree._Element) -> Iterator[Grid]:
    left = MAX_CELLS
    for number, element in enumerate(root.iter("table"), 1):
        if number > _MOST_TABLES:
            raise Unreadable("too_large", tables=f">{_MOST_TABLES}")
        table = Table()
        for row in _rows(element):
            table.begin_row()
            for cell in row.iterchildren("td", "th"):
                table.put(_text(cell), _count(cell, "colspan"), _count(cell, "rowspan"))
        left -= len(table.cells)
        if left < 0:
            raise Unreadable("too_large", cells=f">{MAX_CELLS}")
        if table.cells:
            yield table.grid(f"表格{number}")


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        if child.tag == "tr":
            yield child
        else:
            yield from child.iterchildren("tr")


def _count(cell: etree._Element, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def _text(cell: etree._Element) -> str:
    """The text of a cell, white space as a browser shows it; nested tables are grids of their own."""
    out: list[str] = []
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if skipped is not None:
            if event == "end" and element is skipped:
                skipped = None
                out.append(_squeezed(element.tail))
            continue
        if event == "start":
            if element.tag in _UNSEEN or (element.tag == "table" and element is not cell):
                skipped = element
                continue
            if element.tag in _LINE and out:
                out.append("\n")
            out.append(_squeezed(element.text))
        elif element is not cell:
            out.append(_squeezed(element.tail))
    lines = (" ".join(line.split(" ")).strip() for line in "".join(out).split("\n"))
    return "\n".join(line for line in lines if line)


def _squeezed(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\xa0]+", " ", text) if text else ""
