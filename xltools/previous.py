"""Last year's figures: out of a consolidated workbook that this tool made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import NamedTuple

from lxml import etree

from xltools.comparing import Past
from xltools.messages.reasons import reason
from xltools.refusal import Refusal
from xltools.sheets import Unreadable, ooxml
from xltools.sheets.archive import Archive
from xltools.sheets.markup import PARSER_OPTIONS, refuse_dtd
from xltools.sheets.opening import file_bytes
from xltools.vocabulary import label_key

SUMMARY = "汇总"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FIELDS = {"annual": "全年预算数", "executed": "全年执行数", "stated": "自评总分", "total": "复算总分"}


class Summary(NamedTuple):
    """year: that of most forms, None when none is stated."""

    forms: tuple[Past, ...]
    year: int | None


def read_summary(path: str | os.PathLike[str]) -> Summary | None:
    """The forms of the sheet 汇总; None when the file has no such sheet, and so is another workbook.

    Only this sheet is read: the lists beside it may hold a million rows.
    Raises Refusal when the file cannot be read.
    """
    try:
        rows = _sheet(file_bytes(path))
    except Unreadable as refusal:
        why = reason(refusal.code, "zh", **refusal.details)
        raise Refusal("table_unreadable", path=os.fspath(path), why=why) from refusal
    heads = {label_key(text): column for column, text in next(rows, {}).items()}
    if not {"实施单位", "序号", *_FIELDS.values()} <= heads.keys():
        return None
    forms, years = [], []
    for cells in rows:
        if _number(cells.get(heads["序号"], "")) is not None:
            values = {name: _number(cells.get(heads[head], "")) for name, head in _FIELDS.items()}
            forms.append(Past(cells.get(heads["实施单位"], ""), **values))
            years.append(_number(cells.get(heads["年度"], "")) if "年度" in heads else None)
    known = [int(year) for year in years if year]
    return Summary(tuple(forms), max(known, key=known.count) if known else None)


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _sheet(data: bytes) -> Iterator[dict[str, str]]:
    """The rows of 汇总, column letters to texts; nothing when there is no such sheet."""
    if not data.startswith(b"PK"):
        return
    archive = Archive(data)
    root = ooxml.workbook_part(archive.read("_rels/.rels"))
    book = archive.read(root) if root else None
    if root is None or book is None:
        return
    related = ooxml.relations(archive.read(ooxml.relations_part(root)), root)
    sheets = {sheet.name: related.get(sheet.relation) for sheet in ooxml.workbook(book).sheets}
    relation = sheets.get(SUMMARY)
    part = archive.read(relation.target) if relation else None
    if part is None:
        return
    shared = [each.target for each in related.values() if each.kind == "sharedStrings"]
    strings = ooxml.strings(archive.read(shared[0])) if shared else []
    try:
        for _, element in etree.iterparse(BytesIO(part), tag=f"{_MAIN}row", **PARSER_OPTIONS):
            refuse_dtd(element, relation.target if relation else "")
            yield dict(_cells(element, strings))
            element.clear()
    except etree.XMLSyntaxError:
        raise Unreadable("damaged") from None


def _cells(row: etree._Element, strings: list[str]) -> Iterator[tuple[str, str]]:
    for cell in row:
        letters = (cell.get("r") or "").rstrip("0123456789")
        text = _text(cell, strings)
        if letters and text:
            yield letters, text


def _text(cell: etree._Element, strings: list[str]) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        return "".join(each.text or "" for each in cell.iter(f"{_MAIN}t"))
    value = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return strings[int(value)] if value.isdigit() and int(value) < len(strings) else ""
    return value
