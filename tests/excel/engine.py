"""An xlwings engine over a workbook file, for tests: Excel's side of the wire, lenient in nothing.

    with installed() as engine:
        book = xw.Book("自评表.xlsx")
        book.set_mock_caller()
        buttons.validate()

xlwings' own code runs unchanged on top of it.  What is not written here does not exist: an
attribute Excel has and this engine has not raises AttributeError or NotImplementedError.  Every
property and method asked for is counted in ``engine.calls``.

Like Excel: a cell is a scalar and a range a tuple of rows; whole numbers read as float; a text with
an apostrophe in front is entered as text; a formula entered into a cell formatted as text stays
text; the covered part of a merge takes nothing; results of formulas are those stored in the file
until something is written, then LibreOffice recalculates.
"""

# ruff: noqa: N802, N803, RUF012  (names are those of Excel)
from __future__ import annotations

import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from xlwings import base_classes

NAME = "file"
ERRORS = {"#NULL!": -2146826288, "#DIV/0!": -2146826281, "#VALUE!": -2146826273, "#REF!": -2146826265, "#NAME?": -2146826259, "#NUM!": -2146826252, "#N/A": -2146826246}  # fmt: skip
VISIBLE = {"visible": -1, "hidden": 0, "veryHidden": 2}


class ComError(Exception):
    """Stands for pywintypes.com_error."""


ComError.__name__ = "com_error"


class Counted:
    """Counts every public property and method that is asked of it, by class and name."""

    engine: Engine

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name in type(self).WIRE:
            object.__getattribute__(self, "engine").calls[f"{type(self).__name__}.{name}"] += 1
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in type(self).WIRE:
            self.engine.calls[f"{type(self).__name__}.{name}="] += 1
        elif not name.startswith("_") and name not in type(self).OWN:
            raise AttributeError(f"{type(self).__name__} has no property {name}")
        object.__setattr__(self, name, value)

    WIRE: frozenset[str] = frozenset()
    OWN: frozenset[str] = frozenset(["engine"])


class Engine:
    name, type = NAME, "desktop"

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.apps = Apps(self)
        self.app_path = "C:\\Program Files\\Microsoft Office\\root\\Office16"
        self.copies_unreadable = False
        self.dialog_answer: str | None = None
        self.proposed = ""  # the name offered for saving
        self.password = ""  # of a protected sheet, where it has one
        self.refuse: set[str] = set()  # addresses where a conversation stands

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any) -> Any:
        return "" if x is None else x

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: Any
    ) -> Any:
        return [[empty_as if v in (None, "") else v for v in row] for row in data]


class Apps(base_classes.Apps):
    def __init__(self, engine: Engine) -> None:
        self.engine, self._apps = engine, list[App]()

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> App:
        self._apps.insert(0, App(self))
        return self._apps[0]

    def keys(self) -> list[int]:
        return [app.pid for app in self._apps]

    def __iter__(self) -> Iterator[App]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self._apps if app.pid == pid)


class App(base_classes.App):
    _pids = itertools.count(1)
    version = "16.0"
    pid: Any = None
    books: Any = None
    selection: Any = None
    visible: Any = True

    def __init__(self, apps: Apps) -> None:
        self.apps, self.pid = apps, next(self._pids)
        self.books = Books(self)
        self.alerts: list[dict[str, Any]] = []
        self.settings: dict[str, Any] = {"screen_updating": True, "enable_events": True, "display_alerts": True, "calculation": "automatic", "status_bar": False}  # fmt: skip
        self.history: list[tuple[str, Any]] = []

    @property
    def engine(self) -> Engine:
        return self.apps.engine

    @property
    def api(self) -> Application:
        return Application(self)

    def alert(self, prompt: str, title: str, buttons: Any, mode: Any, callback: Any) -> str:
        self.alerts.append({"prompt": prompt, "title": title, "mode": mode})
        return "ok"

    def activate(self, steal_focus: bool = False) -> None:
        pass


def _setting(name: str) -> property:
    def read(app: App) -> Any:
        app.engine.calls[f"App.{name}"] += 1
        return app.settings[name]

    def write(app: App, value: Any) -> None:
        app.engine.calls[f"App.{name}="] += 1
        app.history.append((name, value))
        app.settings[name] = value

    return property(read, write)


for _name in ("screen_updating", "enable_events", "display_alerts", "calculation", "status_bar"):
    setattr(App, _name, _setting(_name))


class Application(Counted):
    WIRE = frozenset(["Path", "FileDialog", "GetSaveAsFilename"])
    OWN = frozenset(["engine"])

    def __init__(self, app: App) -> None:
        self.engine, self._app = app.engine, app

    @property
    def Path(self) -> str:
        return self.engine.app_path

    def FileDialog(self, kind: int) -> FileDialog:
        return FileDialog(self.engine, kind)

    def GetSaveAsFilename(
        self, InitialFileName: str, FileFilter: str, FilterIndex: int, Title: str
    ) -> str | bool:
        """Excel answers False when a person cancels, and asks nothing about a file that stands there."""
        name, pattern = FileFilter.split(",")
        assert name
        assert pattern.startswith("*.")
        assert FilterIndex == 1
        assert Title
        self.engine.proposed = InitialFileName
        return self.engine.dialog_answer or False


class FileDialog(Counted):
    OWN = frozenset(["engine", "Title", "AllowMultiSelect", "Filters"])

    def __init__(self, engine: Engine, kind: int) -> None:
        assert kind in (3, 4)
        self.engine, self.Filters = engine, Filters()

    def Show(self) -> int:
        assert self.Title
        return -1 if self.engine.dialog_answer else 0

    def SelectedItems(self, number: int) -> str:
        assert number == 1
        assert self.engine.dialog_answer
        return self.engine.dialog_answer


class Filters:
    def Clear(self) -> None:
        pass

    def Add(self, words: str, patterns: str) -> None:
        assert words
        assert patterns.startswith("*.")


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app, self._books = app, list[Book]()

    @property
    def active(self) -> Book:
        return self._books[-1]

    def __call__(self, key: Any) -> Book:
        for book in self._books:
            if str(key).lower() in (book.name.lower(), book.fullname.lower()):
                return book
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._books)

    def __iter__(self) -> Iterator[Book]:
        return iter(list(self._books))

    def open(self, fullname: str, *args: Any, **kwargs: Any) -> Book:
        self._books.append(Book(self, Path(fullname)))
        return self._books[-1]


class Book(base_classes.Book):
    def __init__(self, books: Books, path: Path) -> None:
        keep = path.suffix.lower() == ".xlsm"
        self.books, self.path = books, path
        self.wb = openpyxl.load_workbook(path, keep_vba=keep)
        self.cached = openpyxl.load_workbook(path, data_only=True)
        self.touched = False  # contents differ from the file

    engine = property(lambda self: self.app.engine)
    app = property(lambda self: self.books.app)
    name = property(lambda self: self.path.name)
    fullname = property(lambda self: str(self.path))
    sheets = property(lambda self: Sheets(self))

    @property
    def api(self) -> Workbook:
        return Workbook(self)

    def activate(self) -> None:
        self.books._books.remove(self)
        self.books._books.append(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        self.wb.save(path or self.path)


class Workbook(Counted):
    WIRE = frozenset(["SaveCopyAs", "ProtectStructure"])

    def __init__(self, book: Book) -> None:
        self.engine, self._book = book.engine, book

    @property
    def ProtectStructure(self) -> bool:
        return bool(self._book.wb.security and self._book.wb.security.lockStructure)

    def SaveCopyAs(self, target: str) -> None:
        """The workbook as it stands, with results; through LibreOffice once contents have changed."""
        assert not Path(target).exists()
        if self.engine.copies_unreadable:
            Path(target).write_bytes(b"%TSD-Header" + bytes(100))
        elif not self._book.touched:
            shutil.copyfile(self._book.path, target)
        else:
            from office import convert

            with tempfile.TemporaryDirectory() as folder:
                saved = Path(folder, "saved.xlsx")
                self._book.wb.save(saved)
                (calculated,) = convert([saved], "xlsx", Path(folder, "office"))
                shutil.copyfile(calculated, target)


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.wb.active.title)

    def __call__(self, key: Any) -> Sheet:
        titles = self.book.wb.sheetnames
        if isinstance(key, int):
            return Sheet(self.book, titles[key - 1])
        for title in titles:
            if title.lower() == str(key).lower():
                return Sheet(self.book, title)
        raise xw.NoSuchObjectError(f"Sheet {key} doesn't exist.")

    def __contains__(self, key: str) -> bool:
        return any(title.lower() == key.lower() for title in self.book.wb.sheetnames)

    def __len__(self) -> int:
        return len(self.book.wb.sheetnames)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, title) for title in self.book.wb.sheetnames)

    def add(self, before: Any = None, after: Any = None, name: Any = None) -> Sheet:
        if self.book.wb.security and self.book.wb.security.lockStructure:
            raise ComError(-2146827284, "工作簿受保护，不能更改。")
        made = self.book.wb.create_sheet(name, after.index if after else None)
        self.book.wb.active = self.book.wb.index(made)  # Excel brings a new sheet to the front
        self.book.touched = True
        return Sheet(self.book, made.title)


class Sheet(base_classes.Sheet):
    def __init__(self, book: Book, title: str) -> None:
        self._book, self._title = book, title

    engine = property(lambda self: self._book.engine)
    ws = property(lambda self: self._book.wb[self._title])
    book = property(lambda self: self._book)
    index = property(lambda self: self._book.wb.sheetnames.index(self._title) + 1)

    @property
    def name(self) -> str:
        self.engine.calls["Sheet.name"] += 1
        return self._title

    @name.setter
    def name(self, value: str) -> None:
        self.ws.title = self._title = value

    @property
    def api(self) -> Worksheet:
        return Worksheet(self)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        return Range.of(self, arg1, arg2)

    @property
    def cells(self) -> Range:
        return Range(self, [(1, 1, 1_048_576, 16_384)])

    def activate(self) -> None:
        self._book.wb.active = self.index - 1

    def clear(self) -> None:
        self.engine.calls["Sheet.clear"] += 1
        self.ws.delete_rows(1, self.ws.max_row)
        self._book.touched = True

    def delete(self) -> None:
        assert self._book.app.settings["display_alerts"] is False, "Excel would ask"
        del self._book.wb[self._title]
        self._book.touched = True


class Worksheet(Counted):
    WIRE = frozenset(["ProtectContents", "ProtectDrawingObjects", "ProtectScenarios", "Protection", "Protect", "Unprotect", "Comments", "UsedRange", "Visible"])  # fmt: skip

    def __init__(self, sheet: Sheet) -> None:
        self.engine, self._sheet = sheet.engine, sheet

    @property
    def ProtectContents(self) -> bool:
        return bool(self._sheet.ws.protection.sheet)

    @property
    def ProtectDrawingObjects(self) -> bool:
        return bool(self._sheet.ws.protection.objects)

    @property
    def ProtectScenarios(self) -> bool:
        return bool(self._sheet.ws.protection.scenarios)

    @property
    def Protection(self) -> Protection:
        return Protection(self._sheet)

    def Unprotect(self, password: str) -> None:
        protection = self._sheet.ws.protection
        if protection.password and password != self.engine.password:
            raise ComError(-2146827284, "您提供的密码不正确。")
        protection.sheet = False

    def Protect(self, Contents: bool, DrawingObjects: bool, Scenarios: bool, **rights: bool) -> None:
        protection = self._sheet.ws.protection
        protection.sheet, protection.objects, protection.scenarios = Contents, DrawingObjects, Scenarios
        assert set(rights) == set(RIGHTS)
        for name, granted in rights.items():
            setattr(protection, RIGHTS[name], not granted)

    @property
    def Visible(self) -> int:
        return VISIBLE[self._sheet.ws.sheet_state]

    @property
    def Comments(self) -> Comments:
        return Comments(self._sheet)

    @property
    def UsedRange(self) -> ComRange:
        ws = self._sheet.ws
        return ComRange(Range(self._sheet, [(ws.min_row, ws.min_column, ws.max_row, ws.max_column)]))


RIGHTS = {
    "AllowFormattingCells": "formatCells", "AllowFormattingColumns": "formatColumns", "AllowFormattingRows": "formatRows",
    "AllowInsertingColumns": "insertColumns", "AllowInsertingRows": "insertRows", "AllowInsertingHyperlinks": "insertHyperlinks",
    "AllowDeletingColumns": "deleteColumns", "AllowDeletingRows": "deleteRows", "AllowSorting": "sort",
    "AllowFiltering": "autoFilter", "AllowUsingPivotTables": "pivotTables",
}  # fmt: skip


class Protection(Counted):
    """In the file a flag forbids, in Excel it allows."""

    WIRE = frozenset(RIGHTS)

    def __init__(self, sheet: Sheet) -> None:
        self.engine, self._sheet = sheet.engine, sheet

    def __getattr__(self, name: str) -> bool:
        if name not in RIGHTS:
            raise AttributeError(name)
        return not getattr(self._sheet.ws.protection, RIGHTS[name])


def _changing(sheet: Sheet) -> None:
    """Excel refuses every change to a protected sheet."""
    if sheet.ws.protection.sheet:
        raise ComError(-2146827284, "您试图更改的单元格或图表位于受保护的工作表中。")


class Range(base_classes.Range):
    """A range of one or several areas: (top, left, bottom, right) each."""

    options: dict[str, Any] = {}

    def __init__(self, sheet: Sheet, areas: list[tuple[int, int, int, int]]) -> None:
        self.sheet, self.areas = sheet, areas

    @classmethod
    def of(cls, sheet: Sheet, arg1: Any, arg2: Any = None) -> Range:
        if isinstance(arg1, str):
            assert len(arg1) <= 255, "Range takes 255 characters"
            areas = []
            for part in arg1.replace("$", "").split(","):
                left, top, right, bottom = range_boundaries(part)
                areas.append((top or 1, left or 1, bottom or 1_048_576, right or 16_384))
            return cls(sheet, areas)
        if isinstance(arg1, tuple) and len(arg1) == 4:
            row, column, rows, columns = arg1
            return cls(sheet, [(row, column, row + rows - 1, column + columns - 1)])
        first = arg1.areas[0] if isinstance(arg1, Range) else (*arg1, *arg1)
        last = first if arg2 is None else arg2.areas[0] if isinstance(arg2, Range) else (*arg2, *arg2)
        return cls(sheet, [(first[0], first[1], last[2], last[3])])

    engine = property(lambda self: self.sheet.engine)
    row = property(lambda self: self.areas[0][0])
    column = property(lambda self: self.areas[0][1])
    coords = property(lambda self: (self.sheet._title, self.row, self.column, *self.shape))
    has_array = False

    @property
    def shape(self) -> tuple[int, int]:
        top, left, bottom, right = self.areas[0]
        return bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        return sum((b - t + 1) * (r - le + 1) for t, le, b, r in self.areas)

    @property
    def api(self) -> ComRange:
        return ComRange(self)

    @property
    def address(self) -> str:
        return ",".join(_address(area) for area in self.areas)

    def __call__(self, row: int, column: int | None = None) -> Range:
        assert column is not None
        cell = (self.row + row - 1, self.column + column - 1)
        return Range(self.sheet, [(*cell, *cell)])

    def cells(self) -> Iterator[Any]:
        for top, left, bottom, right in self.areas:
            for line in self.sheet.ws.iter_rows(top, bottom, left, right):
                yield from line

    @property
    def number_format(self) -> str | None:
        self.engine.calls["Range.number_format"] += 1
        return self.api.NumberFormat

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.engine.calls["Range.number_format="] += 1
        _changing(self.sheet)
        for cell in self.cells():
            cell.number_format = code

    @property
    def color(self) -> Any:
        raise NotImplementedError

    @color.setter
    def color(self, value: Any) -> None:
        self.engine.calls["Range.color="] += 1
        code = value.lstrip("#") if isinstance(value, str) else "".join(f"{part:02X}" for part in value)
        for cell in self.cells():
            cell.fill = PatternFill("solid", fgColor=code)

    @property
    def column_width(self) -> float:
        raise NotImplementedError

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.engine.calls["Range.column_width="] += 1
        for number in range(self.areas[0][1], self.areas[0][3] + 1):
            self.sheet.ws.column_dimensions[get_column_letter(number)].width = value


def _address(area: tuple[int, int, int, int]) -> str:
    top, left, bottom, right = area
    first = f"${get_column_letter(left)}${top}"
    return first if (top, left) == (bottom, right) else f"{first}:${get_column_letter(right)}${bottom}"


def _enter(cell: Any, value: str) -> None:
    """What typing does."""
    assert isinstance(value, str)
    if isinstance(cell, MergedCell):
        return
    cell.quotePrefix = False
    if value.startswith("'"):
        cell.value = value[1:] or None
        cell.data_type = "s"
    elif cell.number_format == "@" or value.startswith("="):
        cell.value = value or None
        cell.data_type = "f" if value.startswith("=") and cell.number_format != "@" else "s"
    else:
        try:
            cell.value = float(value)
        except ValueError:
            cell.value = value or None


class ComRange(Counted):
    WIRE = frozenset(["Row", "Column", "CountLarge", "Value2", "Formula", "NumberFormat", "MergeCells", "MergeArea", "Address", "FormatConditions", "Comment", "CommentThreaded", "AddComment", "VerticalAlignment", "WrapText", "Font"])  # fmt: skip

    def __init__(self, area: Range) -> None:
        self.engine, self._area = area.engine, area

    Row = property(lambda self: self._area.row)
    Column = property(lambda self: self._area.column)
    CountLarge = property(lambda self: len(self._area))
    Address = property(lambda self: self._area.address)

    def _table(self, one: Any) -> Any:
        top, left, bottom, right = self._area.areas[0]
        rows = tuple(
            tuple(one(cell) for cell in line)
            for line in self._area.sheet.ws.iter_rows(top, bottom, left, right)
        )
        return rows[0][0] if len(self._area) == 1 else rows

    @property
    def Formula(self) -> Any:
        return self._table(lambda cell: "" if cell.value is None else _plain(cell.value))

    @Formula.setter
    def Formula(self, content: Any) -> None:
        sheet = self._area.sheet
        assert len(self._area.areas) == 1
        _changing(sheet)
        top, left, bottom, right = self._area.areas[0]
        rows = content if isinstance(content, tuple) else ((content,),)
        assert (len(rows), len(rows[0])) == self._area.shape
        for line, values in zip(sheet.ws.iter_rows(top, bottom, left, right), rows, strict=True):
            for cell, value in zip(line, values, strict=True):
                _enter(cell, value)
        sheet.book.touched = True

    @property
    def Value2(self) -> Any:
        return self._table(self._value)

    def _value(self, cell: Any) -> Any:
        value = cell.value
        if cell.data_type == "f":
            assert not self._area.sheet.book.touched, "results are stale"
            value = self._area.sheet.book.cached[self._area.sheet.ws.title][cell.coordinate].value
        if isinstance(value, str) and value in ERRORS:
            return ERRORS[value]
        if hasattr(value, "year"):
            return float(openpyxl.utils.datetime.to_excel(value))
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @property
    def NumberFormat(self) -> str | None:
        codes = {cell.number_format for cell in self._area.cells()}
        return codes.pop() if len(codes) == 1 else None

    @property
    def MergeCells(self) -> bool | None:
        merged = {self._merge(cell) is not None for cell in self._area.cells()}
        return merged.pop() if len(merged) == 1 else None

    def _merge(self, cell: Any) -> Any:
        ranges = self._area.sheet.ws.merged_cells.ranges
        return next((merge for merge in ranges if cell.coordinate in merge), None)

    @property
    def MergeArea(self) -> ComRange:
        (cell,) = self._area.cells()
        merge = self._merge(cell)
        where = (merge.min_row, merge.min_col, merge.max_row, merge.max_col) if merge else self._area.areas[0]
        return ComRange(Range(self._area.sheet, [where]))

    @property
    def FormatConditions(self) -> FormatConditions:
        return FormatConditions(self._area)

    @property
    def Comment(self) -> Any:
        (cell,) = self._area.cells()
        return Note(self.engine, cell) if cell.comment else None

    @property
    def CommentThreaded(self) -> Any:
        (cell,) = self._area.cells()
        return object() if cell.coordinate in self.engine.refuse else None

    def AddComment(self, text: str) -> Note:
        _changing(self._area.sheet)
        (cell,) = self._area.cells()
        if cell.comment is not None or cell.coordinate in self.engine.refuse or isinstance(cell, MergedCell):
            raise ComError(-2147352567, "发生意外。")
        cell.comment = Comment(text, "某人")
        return Note(self.engine, cell)

    def _look(self, **alignment: Any) -> None:
        ws = self._area.sheet.ws
        top, left, bottom, right = self._area.areas[0]
        for line in ws.iter_rows(top, min(bottom, ws.max_row), left, right):
            for cell in line:
                cell.alignment = Alignment(
                    **{"vertical": cell.alignment.vertical, "wrap_text": cell.alignment.wrap_text} | alignment
                )

    @property
    def Font(self) -> ComFont:
        return ComFont(self._area)

    VerticalAlignment = property(None, lambda self, value: self._look(vertical={-4160: "top"}[value]))
    WrapText = property(None, lambda self, value: self._look(wrap_text=value))


class ComFont(Counted):
    WIRE = frozenset(["Color", "Underline"])

    def __init__(self, area: Range) -> None:
        self.engine, self._area = area.engine, area

    def _set(self, **look: Any) -> None:
        for cell in self._area.cells():
            cell.font = Font(
                color=look.get("color", cell.font.color), underline=look.get("underline", cell.font.underline)
            )

    Color = property(
        None, lambda self, bgr: self._set(color=f"{bgr & 255:02X}{bgr >> 8 & 255:02X}{bgr >> 16:02X}")
    )
    Underline = property(None, lambda self, kind: self._set(underline={2: "single"}[kind]))


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


class Comments(Counted):
    WIRE = frozenset(["Count", "Item"])

    def __init__(self, sheet: Sheet) -> None:
        self.engine, self._sheet = sheet.engine, sheet

    def _cells(self) -> list[Any]:
        return [cell for line in self._sheet.ws.iter_rows() for cell in line if cell.comment]

    @property
    def Count(self) -> int:
        return len(self._cells())

    def Item(self, number: int) -> Note:
        return Note(self.engine, self._cells()[number - 1])


class Note(Counted):
    WIRE = frozenset(["Text", "Delete", "Shape"])
    OWN = frozenset(["engine"])

    def __init__(self, engine: Engine, cell: Any) -> None:
        self.engine, self._cell = engine, cell

    def Text(self, text: str | None = None) -> str:
        if text is not None:
            self._cell.comment = Comment(text, self._cell.comment.author)
        return str(self._cell.comment.text)

    def Delete(self) -> None:
        self._cell.comment = None

    @property
    def Shape(self) -> Any:
        return type("Shape", (), {"TextFrame": type("TextFrame", (), {"AutoSize": False})()})()


class FormatConditions(Counted):
    WIRE = frozenset(["Add", "Count", "Item"])

    def __init__(self, area: Range) -> None:
        self.engine, self._area = area.engine, area

    def _all(self) -> list[tuple[Any, Any]]:
        table = self._area.sheet.ws.conditional_formatting
        return [(where, rule) for where in table for rule in where.rules]

    def Add(self, Type: int, Formula1: str) -> FormatCondition:
        assert Type == 2
        _changing(self._area.sheet)
        assert Formula1.startswith("=")
        rule = FormulaRule(formula=[Formula1[1:]], fill=PatternFill("solid"), stopIfTrue=True)
        self._area.sheet.ws.conditional_formatting.add(
            self._area.address.replace("$", "").replace(",", " "), rule
        )
        return FormatCondition(self._area, rule)

    @property
    def Count(self) -> int:
        assert self._area.address == "$A$1:$XFD$1048576"
        return len(self._all())

    def Item(self, number: int) -> FormatCondition:
        return FormatCondition(self._area, self._all()[number - 1][1])


class FormatCondition(Counted):
    WIRE = frozenset(["Type", "Formula1", "Delete", "Interior", "StopIfTrue", "SetFirstPriority"])

    def __init__(self, area: Range, rule: Any) -> None:
        self.engine, self._area, self._rule = area.engine, area, rule

    @property
    def Type(self) -> int:
        return {"expression": 2, "cellIs": 1, "colorScale": 3}[self._rule.type]

    @property
    def Formula1(self) -> str:
        if self._rule.type not in ("expression", "cellIs"):
            raise ComError(-2147352567)
        return "=" + str(self._rule.formula[0])

    @property
    def StopIfTrue(self) -> bool:
        return bool(self._rule.stopIfTrue)

    @StopIfTrue.setter
    def StopIfTrue(self, value: bool) -> None:
        self._rule.stopIfTrue = value

    @property
    def Interior(self) -> Interior:
        return Interior(self._rule)

    def SetFirstPriority(self) -> None:
        for _, rule in FormatConditions(self._area)._all():
            rule.priority += 1
        self._rule.priority = 1

    def Delete(self) -> None:
        _changing(self._area.sheet)
        table = self._area.sheet.ws.conditional_formatting
        kept = [
            (where, rule) for where, rule in FormatConditions(self._area)._all() if rule is not self._rule
        ]
        table._cf_rules.clear()
        for where, rule in kept:
            table.add(str(where.sqref), rule)


class Interior:
    def __init__(self, rule: Any) -> None:
        object.__setattr__(self, "_rule", rule)

    def __setattr__(self, name: str, value: int) -> None:
        assert name == "Color"
        code = f"FF{value & 255:02X}{value >> 8 & 255:02X}{value >> 16:02X}"
        self._rule.dxf.fill = PatternFill("solid", bgColor=code, fgColor=code)


@contextmanager
def installed() -> Iterator[Engine]:
    """Make this xlwings' active engine for the time of a ``with``."""
    engine = Engine()
    wrapper = xw.Engine(impl=engine)
    before = xw.engines.active
    xw.engines.add(wrapper)
    wrapper.activate()
    try:
        yield engine
    finally:
        xw.engines.engines.remove(wrapper)
        xw.engines.engines_by_name.pop(NAME, None)
        xw.engines.active = before
        if hasattr(xw.Book, "_mock_caller"):
            del xw.Book._mock_caller
