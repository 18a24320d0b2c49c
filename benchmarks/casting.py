"""Workbooks by the hundred thousand: written once for each shape, then cast with other contents.

`written` draws a form with a real writer.  A `Mould` is such a workbook whose cells, strings and row
heights are exchanged for those of another form; every part comes out byte for byte as the writer would
have written it (``tests/test_benchmarks.py`` compares), in a fraction of the time.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from xml.sax.saxutils import escape

import xlsxwriter
from contents import Form, Shape, levels, rows_of
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, Side

from xltools.form_sheet import Content, FormContent, Formula, FundRow, IndicatorRow, Styles, draw, placement
from xltools.scoring import execution_rate_formula, execution_score_formula, sum_formula

SHEET = "自评表"
_SAVED = "2024-01-15T08:00:00Z"
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_INPUTS = FundRow._fields[1:]  # of a row of money; its label never changes

Key = tuple[str, int]
Parts = dict[str, bytes]

# --- written by a real writer ---------------------------------------------------------------------


def written(form: Form) -> Parts:
    """The parts of the workbook as its writer makes them, saved at one fixed moment."""
    data = _drawn(form)
    if form.shape.writer == "openpyxl":
        data = _drawn_again(data)
    elif form.shape.writer == "resaved":
        data = _resaved(data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["docProps/core.xml"] = _MOMENT.sub(_SAVED.encode(), parts["docProps/core.xml"])
    return parts


def _drawn(form: Form) -> bytes:
    shape, target = form.shape, io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    styles = Styles(book)
    if shape.mess == "extra_sheet":
        book.add_worksheet("填报说明").write_string(0, 0, "请按要求逐项填写。")
    sheet = book.add_worksheet(SHEET)
    top = 1 + shape.above
    draw(book, sheet, formulated(form.content, top), styles, top)
    for row, height in enumerate(form.heights, start=shape.above):
        sheet.set_row(row, height)
    end = shape.above + len(form.heights)
    if shape.remark:
        sheet.write_string(end, 0, form.remark)
        sheet.set_row(end, 24)
    if shape.above:
        sheet.write_string(0, 0, "附件2")
    if shape.mess == "extra_columns":
        sheet.write_string(5, 14, "审核：已阅")
    style = book.add_format({"border": 1})
    for row in range(60, 60 + shape.phantoms):
        for column in range(12):
            sheet.write_blank(row, column, None, style)
    book.close()
    return target.getvalue()


def formulated(content: FormContent, top: int) -> FormContent:
    """The computed cells with the formulas of a filled-in template."""
    at = placement(content, top)
    total, *sources = content.funds
    rate, score = total.execution_rate, total.score
    assert isinstance(rate, Formula)
    assert isinstance(score, Formula)
    rate = rate._replace(text=execution_rate_formula(at.cell("fund.annual_budget"), at.cell("fund.executed")))
    score = score._replace(
        text=execution_score_formula(at.cell("fund.execution_rate"), at.cell("fund.weight"))
    )
    stated = content.total_score
    if isinstance(stated, Formula):
        cells = [at.cell("indicator.score", n) for n in range(len(content.indicators))]
        stated = stated._replace(text=f"{at.cell('fund.score')}+{sum_formula(cells)}")
    return replace(
        content, funds=(total._replace(execution_rate=rate, score=score), *sources), total_score=stated
    )


def _resaved(data: bytes) -> bytes:
    """Opened and saved by openpyxl, values only: what scripts that stamp or sort returns leave behind."""
    target = io.BytesIO()
    load_workbook(io.BytesIO(data), data_only=True).save(target)
    return target.getvalue()


def _drawn_again(data: bytes) -> bytes:
    """The same form drawn by openpyxl with a look of its own, as a script that fills forms in does."""
    target, new = io.BytesIO(), Workbook()
    new.remove(new.worksheets[0])
    edge = Side(style="thin")
    border, font = Border(edge, edge, edge, edge), Font(name="仿宋", size=11)
    place = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for sheet in load_workbook(io.BytesIO(data), data_only=True).worksheets:
        copy = new.create_sheet(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None or cell.has_style:
                    made = copy.cell(cell.row, cell.column, cell.value)
                    made.border, made.font, made.alignment = border, font, place
        for merged in sheet.merged_cells.ranges:
            copy.merge_cells(str(merged))
        for number, row_size in sheet.row_dimensions.items():
            copy.row_dimensions[number].height = row_size.height
    new.save(target)
    return target.getvalue()


# --- cast -----------------------------------------------------------------------------------------


def contents_of(content: FormContent) -> Iterator[tuple[Key, Content]]:
    """Everything that differs from form to form, by the names that `placement` uses."""
    for field in (
        "project_name",
        "supervising_department",
        "implementing_unit",
        "goal_expected",
        "goal_actual",
    ):
        yield (field, 0), getattr(content, field)
    for at, line in enumerate(content.funds):
        for field in _INPUTS:
            yield (f"fund.{field}", at), getattr(line, field)
    for at, row in enumerate(content.indicators):
        for field, value in zip(IndicatorRow._fields, row, strict=True):
            yield (f"indicator.{field}", at), value
    yield ("total_weight", 0), content.total_weight
    yield ("total_score", 0), content.total_score


def _probe(shape: Shape) -> Form:
    """A form of that shape with a text of its own in every cell, so that each is found again."""

    def text(*where: object) -> str:
        return f"«{' '.join(map(str, where))}»"

    rows = []
    for at, (level1, level2) in enumerate(levels(shape.indicators)):
        fields = [text(field, at) for field in IndicatorRow._fields[2:]]
        rows.append(IndicatorRow(text(level1), text(level2), *fields))
    computed = {"execution_rate": Formula("", Decimal(1)), "score": Formula("", Decimal(1))}
    funds = [
        FundRow(
            label, **{field: text(field, "fund", at) for field in _INPUTS} | (computed if at == 0 else {})
        )
        for at, label in enumerate(("年度资金总额", "其中：财政拨款", "上年结转资金", "其他资金"))
    ]
    names = ("project_name", "supervising_department", "implementing_unit", "goal_expected", "goal_actual")
    content = FormContent(
        shape.layout,
        2023,
        tuple(funds),
        tuple(rows),
        **{name: text(name) for name in names},
        total_weight=text("total_weight"),
        total_score=Formula("", Decimal(1)),
    )
    return Form(shape, content, (24,) * rows_of(content), text("remark") if shape.remark else "", "", None)


class _Slot(NamedTuple):
    """A cell to fill: its tag up to the style, its formula where it has one, whose value it takes."""

    start: str
    formula: str
    key: Key


class _Label(NamedTuple):
    """A cell that stays, and the place of its text in the table of the probe."""

    start: str
    string: int


class _Height(NamedTuple):
    """A row tag around its height; row: of the form, from 0."""

    start: str
    row: int
    end: str


_PIECE = re.compile(
    r'(<row r="(?P<row>\d+)"[^>]* ht=")[^"]*("[^>]*>)'
    r'|(?P<start><c r="(?P<cell>[A-Z]+\d+)"(?: s="\d+")?)[^>]*?(?:/>|>(?P<inside>.*?)</c>)'
)
_FORMULA = re.compile(r"<f>.*?</f>")
_REMARK: Key = ("remark", 0)


def _values(form: Form) -> dict[Key, Content]:
    return {**dict(contents_of(form.content)), _REMARK: form.remark}


class _SharedStrings:
    """Cells as XlsxWriter writes them, their texts in a part of their own in the order of writing."""

    PART = "xl/sharedStrings.xml"
    _TABLE = re.compile(r"(.*?<sst[^>]*>)(.*)(</sst>)", re.DOTALL)
    _STRING = re.compile(r"<si>.*?</si>", re.DOTALL)
    _COUNTS = re.compile(r' count="(\d+)" uniqueCount="\d+"')

    def __init__(self, parts: Parts, values: dict[Key, Content], slots: list[_Slot]) -> None:
        table = self._TABLE.fullmatch(parts[self.PART].decode())
        assert table is not None
        self._head, entries, self._tail = table.groups()
        keys = {self._entry(value): key for key, value in values.items() if isinstance(value, str)}
        self._order = [(keys.get(entry), entry) for entry in self._STRING.findall(entries)]
        counts = self._COUNTS.search(self._head)
        assert counts is not None
        self._labels = int(counts[1]) - sum(not slot.formula for slot in slots)
        self._index: dict[str, int] = {}
        self._used = 0

    @staticmethod
    def _entry(text: str) -> str:
        return f"<si><t>{escape(text)}</t></si>"

    def begin(self, values: dict[Key, Content]) -> None:
        """The table of a new form: its texts where the probe had its own, each once, as they come first."""
        self._index, self._used = {}, 0
        for key, entry in self._order:
            value = values[key] if key else None
            if key is None:
                self._index.setdefault(entry, len(self._index))
            elif isinstance(value, str) and value:
                self._index.setdefault(self._entry(value), len(self._index))

    def cell(self, slot: _Slot, content: Content) -> str:
        if content is None or content == "":
            return f"{slot.start}/>"
        if isinstance(content, str):
            self._used += 1
            return f'{slot.start} t="s"><v>{self._index[self._entry(content)]}</v></c>'
        if isinstance(content, Formula):
            return f"{slot.start}>{slot.formula}<v>{content.value}</v></c>"
        return f"{slot.start}><v>{content:.16G}</v></c>"

    def label(self, label: _Label) -> str:
        return f'{label.start} t="s"><v>{self._index[self._order[label.string][1]]}</v></c>'

    def parts(self) -> Parts:
        """Once the cells are written."""
        counts = f' count="{self._labels + self._used}" uniqueCount="{len(self._index)}"'
        return {
            self.PART: f"{self._COUNTS.sub(counts, self._head)}{''.join(self._index)}{self._tail}".encode()
        }


class _InlineStrings:
    """Cells as openpyxl writes them, each with its text."""

    def __init__(self, sheet: str) -> None:
        self._blank = ' t="n"></c>' if ' t="n"></c>' in sheet else "/>"
        self._ascii = sheet.isascii()

    def begin(self, values: dict[Key, Content]) -> None:
        return None

    def cell(self, slot: _Slot, content: Content) -> str:
        value = content.value if isinstance(content, Formula) else content
        if value is None or value == "":
            return slot.start + self._blank
        if not isinstance(value, str):
            return f'{slot.start} t="n"><v>{float(value):.16g}</v></c>'
        text = escape(value)
        text = text.encode("ascii", "xmlcharrefreplace").decode() if self._ascii else text
        return f'{slot.start} t="inlineStr"><is><t>{text}</t></is></c>'

    def label(self, label: _Label) -> str:
        raise AssertionError("no table, no labels in it")

    def parts(self) -> Parts:
        return {}


class Mould:
    """A workbook of one shape that takes the contents of any form of that shape."""

    def __init__(self, shape: Shape) -> None:
        probe = _probe(shape)
        parts = written(probe)
        self._sheet = f"xl/worksheets/sheet{2 if shape.mess == 'extra_sheet' else 1}.xml"
        self._pieces = list(_cut(parts[self._sheet].decode(), probe))
        self._fixed = {name: _packed(name, data) for name, data in parts.items()}
        slots = [piece for piece in self._pieces if isinstance(piece, _Slot)]
        self._writer: _SharedStrings | _InlineStrings
        if shape.writer == "xlsxwriter":
            self._writer = _SharedStrings(parts, _values(probe), slots)
        else:
            self._writer = _InlineStrings(parts[self._sheet].decode())

    def parts(self, form: Form) -> Parts:
        """The parts that differ, as the writer would have written them."""
        values = _values(form)
        self._writer.begin(values)
        out = []
        for piece in self._pieces:
            if isinstance(piece, str):
                out.append(piece)
            elif isinstance(piece, _Height):
                out.append(f"{piece.start}{form.heights[piece.row]}{piece.end}")
            elif isinstance(piece, _Label):
                out.append(self._writer.label(piece))
            else:
                out.append(self._writer.cell(piece, values[piece.key]))
        return {self._sheet: "".join(out).encode(), **self._writer.parts()}

    def cast(self, form: Form) -> bytes:
        """The whole workbook."""
        new = {name: _packed(name, data) for name, data in self.parts(form).items()}
        return _package([new.get(name, part) for name, part in self._fixed.items()])


def _cut(sheet: str, probe: Form) -> Iterator[str | _Slot | _Label | _Height]:
    """The sheet in pieces: what stays, the cells to fill, the labels whose texts are numbered, the heights."""
    above, done = probe.shape.above, 0
    cells = placement(probe.content, 1 + above).cells
    keys: dict[str, Key] = {f"A{above + len(probe.heights) + 1}": _REMARK} if probe.shape.remark else {}
    for key, _ in contents_of(probe.content):
        if key in cells:
            keys.setdefault(cells[key], key)
    for found in _PIECE.finditer(sheet):
        piece: _Slot | _Label | _Height
        if found["cell"] in keys:
            formula = _FORMULA.search(found["inside"] or "")
            piece = _Slot(found["start"], formula[0] if formula else "", keys[found["cell"]])
        elif found["cell"] and ' t="s"' in found[0]:
            piece = _Label(found["start"], int(found["inside"][3:-4]))
        elif found["row"] and 0 <= int(found["row"]) - above - 1 < len(probe.heights):
            piece = _Height(found[1], int(found["row"]) - above - 1, found[3])
        else:
            continue
        yield sheet[done : found.start()]
        yield piece
        done = found.end()
    yield sheet[done:]


@cache
def mould(shape: Shape) -> Mould:
    return Mould(shape)


# --- the package ----------------------------------------------------------------------------------

_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_DAY = 33  # 1 January 1980, as writers put where no time matters


class _Part(NamedTuple):
    """A part as it lies in the package."""

    name: bytes
    packed: bytes
    size: int
    crc: int

    @property
    def sizes(self) -> tuple[int, int, int]:
        return self.crc, len(self.packed), self.size


def _packed(name: str, data: bytes) -> _Part:
    press = zlib.compressobj(6, zlib.DEFLATED, -15)
    return _Part(name.encode("ascii"), press.compress(data) + press.flush(), len(data), zlib.crc32(data))


def package(parts: Parts) -> bytes:
    """The workbook of these parts."""
    return _package([_packed(name, data) for name, data in parts.items()])


def _package(parts: list[_Part]) -> bytes:
    """A zip archive of parts that are packed already."""
    out, directory, at = [], [], 0
    for part in parts:
        local = _LOCAL.pack(b"PK\3\4", 20, 0, 8, 0, _DAY, *part.sizes, len(part.name), 0)
        out += [local, part.name, part.packed]
        entry = _CENTRAL.pack(
            b"PK\1\2", 20, 20, 0, 8, 0, _DAY, *part.sizes, len(part.name), 0, 0, 0, 0, 0o600 << 16, at
        )
        directory += [entry, part.name]
        at += len(local) + len(part.name) + len(part.packed)
    index = b"".join(directory)
    end = _END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), len(index), at, 0)
    return b"".join([*out, index, end])
