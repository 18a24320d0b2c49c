"""A workbook open in Excel: the only room that knows xlwings.

Reading is one call: Excel writes a copy of the workbook as it stands, unsaved changes included, and
the copy is read like any file, so a button finds what the command line finds.  Where such a copy
cannot be read (password, encryption by office software) `LiveBook.grids` asks Excel range by range.
Writing is one call a range.  Nothing here knows finance.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from xltools.messages.buttons import say

if TYPE_CHECKING:
    from xltools.model import CellWrite
    from xltools.package import Mark
    from xltools.sheets.grid import Grid

TITLE = "xltools"
SHEET = "问题"
_SECOND_NAME = "问题（校验）"
HEADING = "绩效自评校验"
NOTE = "【绩效自评校验】"
_RULE = '=N("xltools")=0'  # always true; the text says whose conditional format it is
_EXPRESSION = 2  # xlExpression
_FOLDER_PICKER, _FILE_PICKER = 4, 3  # msoFileDialog…
_LONGEST_UNION = 240  # Range("A1,B2,…") takes 255 characters
_BUSY = {-2147418111, -2146777998}  # call rejected; Excel is in edit mode
_FRAMES = ("pandas", "numpy", "polars", "matplotlib", "PIL")

Rows = tuple[tuple[str, ...], ...]


class Hindrance(Exception):
    """Something the person can put right.  The text is the sentence to show."""


class Put(NamedTuple):
    """Formulas written into one range, and what is needed to take them back.

    before: contents to enter, texts with a leading apostrophe.  after: formulas as Excel shows them.
    text: the range was formatted as text.
    """

    sheet: str
    address: str
    before: Rows
    after: Rows
    text: bool = False


class FindingRow(NamedTuple):
    """A line of the sheet 问题.  ``cell``: where its link leads, "" for none."""

    sheet: str
    cell: str
    shown: str
    severity: str
    colour: str
    code: str
    message: str
    hint: str


# --- from Excel to Python -------------------------------------------------------------------------


def load_xlwings() -> Any:
    """xlwings without the data frames it would bring along: they cost a second at every click."""
    if "xlwings" not in sys.modules:
        kept_out = [name for name in _FRAMES if name not in sys.modules]
        sys.modules.update(dict.fromkeys(kept_out))  # type: ignore[arg-type]
        try:
            import xlwings
        finally:
            for name in kept_out:
                sys.modules.pop(name, None)
        return xlwings
    return sys.modules["xlwings"]


def caller() -> LiveBook:
    """The workbook whose button was pressed.  Raises Hindrance."""
    told = dict(arg.split("=", 1) for arg in sys.argv[1:] if arg.startswith("--") and "=" in arg)
    if "=" in told.get("--wb", ""):
        raise Hindrance(say("equals_sign", name=told["--wb"]))
    _refuse_wps(told.get("--app", ""))
    try:
        xlwings = load_xlwings()
    except ImportError as missing:
        raise Hindrance(say("no_xlwings")) from missing
    if "--wb" not in told and not hasattr(xlwings.Book, "_mock_caller"):
        raise Hindrance(say("not_from_excel"))
    book = LiveBook(xlwings.Book.caller())
    _refuse_wps(str(book.app.api.Path))
    return book


def _refuse_wps(program: str) -> None:
    """WPS registers itself as Excel.Application; xlwings does not work with it."""
    if re.search(r"wps|kingsoft|金山", program, re.IGNORECASE):
        raise Hindrance(say("wps"))


def show(text: str, book: LiveBook | None, *, bad: bool = False) -> None:
    """A message box in front of Excel; without Excel one of Windows, else standard error."""
    if book is not None:
        with suppress(Exception):
            book.app.alert(text, title=TITLE, mode="critical" if bad else "info")
            return
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, TITLE, 0x30 if bad else 0x40)
    else:
        print(text, file=sys.stderr)


def press(action: Callable[[LiveBook], str]) -> None:
    """Run what a button does and say what came of it.  Nothing ever escapes."""
    book = None
    try:
        book = caller()
        text = action(book)
    except Hindrance as hindrance:
        show(str(hindrance), book, bad=True)
    except Exception as failure:
        show(_explained(failure), book, bad=True)
    else:
        if text:
            show(text, book)


def _explained(failure: Exception) -> str:
    """What is wrong in one sentence; what nobody foresaw goes to the log, too."""
    from xltools.console import explain
    from xltools.excel import journal
    from xltools.package import Unpatchable
    from xltools.refusal import Refusal
    from xltools.report_text import UnreadableReport
    from xltools.sheets import Unreadable

    if type(failure).__name__ == "com_error" and failure.args and failure.args[0] in _BUSY:
        return say("busy")
    if isinstance(failure, UnreadableReport):
        return str(failure)
    if isinstance(failure, Unreadable | Unpatchable | Refusal | FileNotFoundError | FileExistsError):
        return explain(failure, "zh")
    return say("failed", why=explain(failure, "zh"), log=str(journal.record_failure(failure)))


# --- the workbook ---------------------------------------------------------------------------------


class LiveBook:
    """One workbook open in Excel."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.app: Any = book.app

    @property
    def key(self) -> str:
        """What tells this workbook from others between two clicks."""
        return str(self._book.fullname)

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """No flicker, no event macros, no questions; the sheet in front and all settings come back."""
        front = self._book.sheets.active
        with self.app.properties(screen_updating=False, enable_events=False, display_alerts=False):
            try:
                yield
            finally:
                with suppress(Exception):  # it may be the very sheet that was removed
                    front.activate()

    @contextmanager
    def snapshot(self) -> Iterator[Path]:
        """A copy of the workbook as it stands, under its own name in a folder that goes away."""
        with tempfile.TemporaryDirectory(prefix="xltools-") as folder:
            name = re.sub(r'[<>:"/\\|?*]', "_", str(self._book.name))
            copy = Path(folder, name if Path(name).suffix else f"{name}.xlsx")
            self._book.api.SaveCopyAs(str(copy))
            yield copy

    # -- formulas

    def put(self, writes: Iterable[CellWrite], texts: frozenset[tuple[str, str]]) -> list[Put]:
        """Write formulas, a call a range.  texts: the cells that hold typed text now.

        Raises Hindrance before anything is written when a sheet is protected with a password.
        """
        runs = list(_runs(writes))
        with self._open_to_change(run.sheet for run in runs):
            return [self._put(run, texts) for run in runs]

    @contextmanager
    def _open_to_change(self, sheets: Iterable[str]) -> Iterator[None]:
        with ExitStack() as stack:
            for name in dict.fromkeys(sheets):
                if not stack.enter_context(_unlocked(self._sheet(name))):
                    raise Hindrance(say("protected", sheet=name))
            yield

    def _put(self, run: _Run, texts: frozenset[tuple[str, str]]) -> Put:
        area = self._sheet(run.sheet).range(run.address)
        before = _as_rows(area.api.Formula)
        text = area.number_format == "@"
        if text:  # Excel would take the formula for text
            area.number_format = "General"
        area.api.Formula = run.formulas
        cells = _cells_of(run)
        kept = tuple(
            tuple(_to_enter(content, (run.sheet, cell) in texts) for content, cell in zip(*row, strict=True))
            for row in zip(before, cells, strict=True)
        )
        return Put(run.sheet, run.address, kept, _as_rows(area.api.Formula), text)

    def take_back(self, puts: Iterable[Put]) -> tuple[int, list[str]]:
        """Restore what stood there; cells changed since stay.  How many were restored, which were not."""
        puts = [put for put in puts if put.sheet in self._names()]
        restored, changed = 0, list[str]()
        with self._open_to_change(put.sheet for put in puts):
            for put in puts:
                if self._restore(put):
                    restored += sum(map(len, put.before))
                else:
                    changed.append(f"{put.sheet}!{put.address}")
        return restored, changed

    def _restore(self, put: Put) -> bool:
        area = self._sheet(put.sheet).range(put.address)
        if _as_rows(area.api.Formula) != put.after:
            return False
        area.api.Formula = put.before
        if put.text:
            area.number_format = "@"
        return True

    # -- marks

    def mark(self, marks: Sequence[Mark]) -> tuple[list[str], int]:
        """Colour cells by conditional formats of our own and put notes on them.

        A person's own fills and notes stay.  Returned: sheets protected with a password, and how many
        notes a conversation on the cell prevented.
        """
        protected, unnoted = list[str](), 0
        for name in dict.fromkeys(mark.sheet for mark in marks):
            sheet = self._sheet(name)
            with _unlocked(sheet) as free:
                if not free:
                    protected.append(name)
                    continue
                here = [mark for mark in marks if mark.sheet == name]
                for colour in dict.fromkeys(mark.colour for mark in here):
                    _paint(sheet, [mark.cell for mark in here if mark.colour == colour], colour)
                unnoted += sum(not done for done in _note(sheet, here))
        return protected, unnoted

    def unmark(self) -> bool:
        """Take away every mark `mark` made, whoever saved the workbook since.  Whether there was any."""
        found = False
        for sheet in self._book.sheets:
            rules, notes = _our_rules(sheet), _our_notes(sheet)
            if rules or notes:
                with _unlocked(sheet) as free:
                    if free:
                        found = True
                        _unpaint(sheet, rules)
                        _unnote(sheet, notes)
        return found

    # -- the sheet 问题

    def list_findings(self, verdict: str, headers: Sequence[str], rows: Sequence[FindingRow]) -> str:
        """Write the sheet 问题 anew; its name, "" where the workbook's structure is protected."""
        sheet = self._own_sheet()
        if sheet is None and self._book.api.ProtectStructure:
            return ""
        sheet = sheet or self._new_sheet()
        sheet.clear()
        table = [_linked(row) for row in rows]
        width = len(headers)
        first = [f"'{HEADING}：{verdict}", *[""] * (width - 1)]
        content = [first, [f"'{header}" for header in headers], *table]
        sheet.range((1, 1), (len(content), width)).api.Formula = tuple(map(tuple, content))
        self._dress(sheet, rows, width)
        return str(sheet.name)

    def _dress(self, sheet: Any, rows: Sequence[FindingRow], width: int) -> None:
        sheet.range((2, 1), (2, width)).color = "#D9E1F2"
        for columns, size in (("A:A", 16), ("B:C", 9), ("D:D", 14), ("E:F", 60)):
            sheet.range(columns).column_width = size
        sheet.range("A:F").api.VerticalAlignment = -4160  # top
        if rows:
            sheet.range((3, 5), (len(rows) + 2, 6)).api.WrapText = True
            links = sheet.range((3, 1), (len(rows) + 2, 1)).api.Font
            links.Color, links.Underline = 0xC16305, 2  # blue (BGR), xlUnderlineStyleSingle
        for colour in dict.fromkeys(row.colour for row in rows):
            cells = [f"B{number}" for number, row in enumerate(rows, 3) if row.colour == colour]
            for union in _unions(cells):
                sheet.range(union).color = f"#{colour}"

    def drop_findings(self) -> str | None:
        """Remove the sheet 问题; its name if there was one."""
        sheet = self._own_sheet()
        if sheet is None:
            return None
        name = str(sheet.name)
        sheet.delete()
        return name

    def _own_sheet(self) -> Any | None:
        names = self._names()
        for name in (SHEET, _SECOND_NAME):
            if name in names and str(self._sheet(name).range("A1").api.Formula).startswith(HEADING):
                return self._sheet(name)
        return None

    def _new_sheet(self) -> Any:
        names = self._names()
        name = SHEET if SHEET not in names else _SECOND_NAME
        return self._book.sheets.add(name, after=self._book.sheets[names[-1]])

    def _names(self) -> list[str]:
        return [str(sheet.name) for sheet in self._book.sheets]

    def _sheet(self, name: str) -> Any:
        return self._book.sheets[name]

    # -- range by range

    def grids(self) -> tuple[Grid, ...]:
        """Every worksheet as a grid, from Excel itself.  Formats are asked of whole blocks first."""
        from xltools.excel.ranges import grid

        return tuple(grid(sheet) for sheet in self._book.sheets)

    # -- asking and showing

    def ask_folder(self) -> str | None:
        dialog = self.app.api.FileDialog(_FOLDER_PICKER)
        dialog.Title = say("pick_folder")
        return str(dialog.SelectedItems(1)) if dialog.Show() == -1 else None

    def ask_report(self) -> str | None:
        dialog = self.app.api.FileDialog(_FILE_PICKER)
        dialog.Title = say("pick_report")
        dialog.AllowMultiSelect = False
        dialog.Filters.Clear()
        dialog.Filters.Add("Word, TXT", "*.docx;*.txt;*.md")
        return str(dialog.SelectedItems(1)) if dialog.Show() == -1 else None

    def ask_save(self, proposed: str) -> str | None:
        """Where to save a Word document; Excel does not ask about a file that stands there."""
        chosen = self.app.api.GetSaveAsFilename(proposed, "Word (*.docx),*.docx", 1, say("pick_save"))
        return str(chosen) if chosen else None

    @contextmanager
    def status(self) -> Iterator[Callable[[str], None]]:
        """Words in the status bar; what stood there comes back."""
        before = self.app.status_bar

        def tell(text: str) -> None:
            self.app.status_bar = text

        try:
            yield tell
        finally:
            self.app.status_bar = before

    def open(self, path: str | os.PathLike[str]) -> bool:
        """Show a workbook; False when Excel will not (one of the same name is open)."""
        try:
            self.app.books.open(os.fspath(path))
        except Exception:  # COM and xlwings each have their own
            return False
        return True

    def show_document(self, path: str | os.PathLike[str]) -> bool:
        """Open a file with the program it belongs to; False where that cannot be done."""
        if sys.platform != "win32":
            return False
        try:
            os.startfile(path)
        except OSError:  # no program for it
            return False
        return True


# --- ranges ---------------------------------------------------------------------------------------


class _Run(NamedTuple):
    """Cells below each other that are written together."""

    sheet: str
    letters: str
    row: int
    formulas: Rows

    @property
    def address(self) -> str:
        last = self.row + len(self.formulas) - 1
        return f"{self.letters}{self.row}" + (f":{self.letters}{last}" if last > self.row else "")


def _runs(writes: Iterable[CellWrite]) -> Iterator[_Run]:
    """Neighbours of one column together; runs in the order of their first cell, so results follow inputs."""
    waiting = {(write.sheet, *_split(write.cell)): f"={write.formula.removeprefix('=')}" for write in writes}
    starts = [
        (sheet, letters, row) for sheet, letters, row in waiting if (sheet, letters, row - 1) not in waiting
    ]
    for sheet, letters, row in starts:
        formulas: list[tuple[str, ...]] = []
        while (sheet, letters, row + len(formulas)) in waiting:
            formulas.append((waiting[sheet, letters, row + len(formulas)],))
        yield _Run(sheet, letters, row, tuple(formulas))


def _split(cell: str) -> tuple[str, int]:
    letters = cell.rstrip("0123456789")
    return letters, int(cell[len(letters) :])


def _cells_of(run: _Run) -> list[list[str]]:
    return [[f"{run.letters}{run.row + number}"] for number in range(len(run.formulas))]


def _as_rows(content: Any) -> Rows:
    """What Excel answers for a range: one value, or rows of values."""
    if not isinstance(content, list | tuple):
        return ((str(content),),)
    return tuple(tuple(str(value) for value in row) for row in content)


def _to_enter(content: str, text: bool) -> str:
    return f"'{content}" if text and content else content


def _unions(cells: Sequence[str]) -> Iterator[str]:
    union = ""
    for cell in cells:
        if union and len(union) + len(cell) + 1 > _LONGEST_UNION:
            yield union
            union = ""
        union = f"{union},{cell}" if union else cell
    if union:
        yield union


def _linked(row: FindingRow) -> list[str]:
    """A line of 问题 as Excel is to enter it; texts carry an apostrophe so that none becomes a formula."""
    shown = row.shown[:200]
    if row.cell:
        target = f"#'{row.sheet.replace(chr(39), chr(39) * 2)}'!{row.cell}".replace('"', '""')
        link = f'=HYPERLINK("{target}","{shown.replace(chr(34), chr(34) * 2)}")'
    else:
        link = f"'{shown}"
    texts = (row.severity, row.code, row.sheet, row.message, row.hint)
    return [link, *(f"'{text[:2000]}" for text in texts)]


def _paint(sheet: Any, cells: Sequence[str], colour: str) -> None:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    for union in _unions(cells):
        rule = sheet.range(union).api.FormatConditions.Add(Type=_EXPRESSION, Formula1=_RULE)
        rule.Interior.Color = red + (green << 8) + (blue << 16)
        rule.StopIfTrue = False
        rule.SetFirstPriority()


def _our_rules(sheet: Any) -> list[int]:
    rules = sheet.cells.api.FormatConditions
    ours = []
    for number in range(1, rules.Count + 1):
        rule = rules.Item(number)
        if rule.Type == _EXPRESSION and '"xltools"' in str(rule.Formula1):
            ours.append(number)
    return ours


def _unpaint(sheet: Any, ours: Sequence[int]) -> None:
    rules = sheet.cells.api.FormatConditions
    for number in reversed(ours):
        rules.Item(number).Delete()


def _note(sheet: Any, marks: Iterable[Mark]) -> Iterator[bool]:
    """Put the notes; for each whether it could be put."""
    for mark in marks:
        cell = sheet.range(mark.cell).api
        words = f"{NOTE}\n{mark.text}"
        try:
            there = cell.Comment
            if there is None:
                cell.AddComment(words).Shape.TextFrame.AutoSize = True
            elif _conversation(cell):
                yield False
                continue
            else:
                there.Text(f"{there.Text()}\n{words}")
        except Exception:  # COM names no class for "there is a conversation here"
            yield False
        else:
            yield True


def _conversation(cell: Any) -> bool:
    with suppress(Exception):  # Excel before 365 does not know the property
        return cell.CommentThreaded is not None
    return False


def _our_notes(sheet: Any) -> list[int]:
    notes = sheet.api.Comments
    return [number for number in range(1, notes.Count + 1) if NOTE in str(notes.Item(number).Text())]


def _unnote(sheet: Any, ours: Sequence[int]) -> None:
    """Remove our notes, and what we added to notes of others."""
    notes = sheet.api.Comments
    for number in reversed(ours):
        note = notes.Item(number)
        own = str(note.Text()).partition(NOTE)[0].rstrip("\n")
        if own.strip():
            note.Text(own)
        else:
            note.Delete()


# --- protection -----------------------------------------------------------------------------------

_RIGHTS = (
    *("AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns"),
    *("AllowInsertingRows", "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows"),
    *("AllowSorting", "AllowFiltering", "AllowUsingPivotTables"),
)


@contextmanager
def _unlocked(sheet: Any) -> Iterator[bool]:
    """Lift a protection without password for the time of a change; whether the sheet can be changed.

    The official form protects its formulas without a password, against slips only.
    """
    api = sheet.api
    if not api.ProtectContents:
        yield True
        return
    rights = {name: getattr(api.Protection, name) for name in _RIGHTS}
    rights |= {"DrawingObjects": api.ProtectDrawingObjects, "Scenarios": api.ProtectScenarios}
    with suppress(Exception):  # Excel refuses an empty password where there is one
        api.Unprotect("")
    if api.ProtectContents:
        yield False
        return
    try:
        yield True
    finally:
        api.Protect(Contents=True, **rights)
