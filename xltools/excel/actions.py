"""What each button does: the verb of the command line, on the workbook that is open in Excel."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xltools.messages.buttons import say

if TYPE_CHECKING:
    from xltools.examining import Examined
    from xltools.filling import Filled, Kept
    from xltools.live import FindingRow, LiveBook
    from xltools.model import Finding
    from xltools.sheets.grid import Grid

HEADERS = ("单元格", "级别", "规则", "工作表", "问题", "怎么改")
_LINES = 8
_UNREADABLE_COPY = ("password", "rights", "enterprise_encrypted", "no_access")


class _Read(NamedTuple):
    """The open workbook read and examined, with its grids for merges and texts."""

    examined: Examined
    grids: tuple[Grid, ...]


# --- 校验 -----------------------------------------------------------------------------------------


def validate(book: LiveBook) -> str:
    """Old marks off, findings of the workbook as it stands, new marks and the sheet 问题 on."""
    with book.quietly():
        book.unmark()
        read = _read(book)
        if not read.examined.findings:
            book.drop_findings()
            return say("verdict_clean")
        counts = counted(read.examined.findings)
        verdict = say("verdict", counts=counts, where=_show(book, read.examined.findings, read.grids, counts))
    _remember_marks(book)
    return verdict


def _remember_marks(book: LiveBook) -> None:
    from xltools.excel import journal

    if (journal.last(book.key) or {}).get("action") != "validate":
        journal.remember(book.key, {"action": "validate"})


def _show(book: LiveBook, findings: Sequence[Finding], grids: Iterable[Grid], counts: str) -> str:
    """Marks and list; says where the list is and what could not be marked."""
    from xltools.returning import cell_marks  # the very marks of the copies that are sent back

    merges = {grid.name: grid.merges for grid in grids}
    marks = [
        mark._replace(cell=_visible(mark.cell, merges.get(mark.sheet, ())))
        for mark in cell_marks(findings, "zh")
    ]
    protected, unnoted = book.mark(marks)
    sheet = book.list_findings(counts, HEADERS, [_row(finding) for finding in findings])
    said = [say("where", sheet=sheet) if sheet else say("unlisted")]
    if protected:
        said.append(say("unmarked", sheets="、".join(protected)))
    if unnoted:
        said.append(say("unnoted", count=str(unnoted)))
    return "".join(said)


def _visible(cell: str, merges: Iterable[tuple[int, int, int, int]]) -> str:
    """The cell that shows: the first of the merge that covers it."""
    from xltools.model import Place
    from xltools.rulebook import position

    row, column = position(cell)
    for top, left, bottom, right in merges:
        if top <= row <= bottom and left <= column <= right:
            return Place("", top, left).cell
    return cell


def _row(finding: Finding) -> FindingRow:
    from xltools import messages
    from xltools.live import FindingRow
    from xltools.messages.interface import SEVERITIES, word
    from xltools.returning import COLOURS

    return FindingRow(
        sheet=finding.sheet,
        cell=finding.cells[0] if finding.cells else "",
        shown=messages.address(finding).rpartition("!")[2],
        severity=word(SEVERITIES, finding.severity),
        colour=COLOURS[finding.severity],
        code=finding.code,
        message=messages.message(finding),
        hint=messages.hint(finding),
    )


def counted(findings: Iterable[Finding]) -> str:
    """``错误 2，警告 1，…``"""
    from xltools.messages.interface import SEVERITIES, word
    from xltools.model import WORST_FIRST

    counts = Counter(finding.severity for finding in findings)
    return "，".join(f"{word(SEVERITIES, severity)} {counts[severity]}" for severity in WORST_FIRST)


# --- reading --------------------------------------------------------------------------------------


def _read(book: LiveBook) -> _Read:
    """The verb `validate` on a copy of the workbook; through Excel where the copy cannot be read."""
    from xltools import verbs
    from xltools.sheets import Unreadable, open_workbook

    with book.snapshot() as copy:
        (examined,) = verbs.validate([copy]).files
        if examined.reading.status == "read":
            return _Read(examined, open_workbook(copy).grids)
    if examined.reading.reason_code in _UNREADABLE_COPY:
        return _read_through_excel(book)
    reading = examined.reading
    raise Unreadable(reading.reason_code or "not_a_form", **dict(reading.reason_details))


def _read_through_excel(book: LiveBook) -> _Read:
    from xltools import rulebook
    from xltools.examining import Examined, ExaminedForm, with_batch_findings
    from xltools.model import FileReading
    from xltools.profiles import load_profile
    from xltools.reading import read_grids
    from xltools.scoring import assess
    from xltools.sheets import Unreadable

    grids, rules = book.grids(), load_profile()
    forms = []
    for form in read_grids(grids, book.key):
        assessment = assess(form, rules)
        forms.append(ExaminedForm(form, assessment, rulebook.check(form, rules, assessment)))
    if not forms:
        raise Unreadable("not_a_form")
    reading = FileReading(book.key, "read", tuple(each.form for each in forms))
    (examined,) = with_batch_findings([Examined(reading, tuple(forms))])
    return _Read(examined, grids)


# --- 填公式 ---------------------------------------------------------------------------------------


def fill(book: LiveBook) -> str:
    """Write the plan of the verb `fill` into the open workbook, undo kept."""
    from xltools.excel import journal

    (writes, kept), texts = _plan(book)
    said = [say("filled" if writes else "nothing_to_fill", writes=str(len(writes)), kept=str(len(kept)))]
    if writes:
        with book.quietly():
            puts = book.put(writes, texts)
            try:
                journal.remember(book.key, {"action": "fill", "puts": [list(put) for put in puts]})
            except OSError:  # what cannot be undone is not done
                book.take_back(puts)
                raise
    return "\n".join([*said, *shortened(map(kept_line, kept))])


def _plan(book: LiveBook) -> tuple[Filled, frozenset[tuple[str, str]]]:
    """What `fill` would write, and the cells that hold typed text."""
    from xltools import verbs
    from xltools.live import Hindrance
    from xltools.sheets import open_workbook

    with book.snapshot() as copy:
        (planned,) = verbs.fill(copy, dry_run=True)
        if planned.filled is None:
            raise Hindrance(planned.problem)
        texts = frozenset(
            (grid.name, _cell(*place))
            for grid in open_workbook(copy).grids
            for place, cell in grid.cells.items()
            if cell.kind == "text" and cell.formula is None
        )
    return planned.filled, texts


def _cell(row: int, column: int) -> str:
    from xltools.model import Place

    return Place("", row, column).cell


def kept_line(record: Kept) -> str:
    """A cell that was left as it is, and why."""
    from xltools.messages.interface import FIELDS, word

    return say(
        f"kept_{record.reason}",
        sheet=record.sheet,
        cell=record.cell,
        field=word(FIELDS, record.field),
        previous=record.previous,
        value=record.expected,
        because=record.because,
    )


def shortened(lines: Iterable[str], most: int = _LINES) -> list[str]:
    """No more lines than a message box can hold."""
    every = list(lines)
    rest = len(every) - most
    return every if rest <= 0 else [*every[:most], say("more", count=str(rest))]


# --- 合并文件夹、核对报告 -------------------------------------------------------------------------


def merge(book: LiveBook) -> str:
    """Ask for a folder, merge it beside itself, open the result."""
    from xltools import verbs
    from xltools.console import merge_lines

    folder = book.ask_folder()
    if folder is None:
        return ""
    output = beside(Path(folder))
    done = 0
    with book.status() as tell:

        def progress(finished: int, total: int) -> None:
            nonlocal done
            done += finished
            text = say("merging", done=str(done), total=str(total))
            if done == total or done * 50 // total != (done - finished) * 50 // total:
                tell(text)

        result = verbs.merge(folder, output, progress=progress)
    lines = list(merge_lines(result, "zh"))[::-1]  # what was written first, then what was not
    if result.written and not book.open(output):
        lines.insert(1, say("not_opened"))
    return "\n".join(shortened(lines))


def beside(folder: Path) -> Path:
    """A free name next to the folder: ``报送-汇总.xlsx``, ``报送-汇总2.xlsx``."""
    name = folder.name or "合并"
    for number in itertools.count(1):
        path = folder.parent / f"{name}-汇总{number if number > 1 else ''}.xlsx"
        if not path.exists():
            return path
    raise AssertionError("unreachable")


def report(book: LiveBook) -> str:
    """Ask for an evaluation report and check it against the open workbook."""
    from xltools import verbs
    from xltools.sheets import open_workbook

    path = book.ask_report()
    if path is None:
        return ""
    with book.quietly():
        book.unmark()
        with book.snapshot() as copy:
            findings = verbs.report(copy, check=path)
            grids = open_workbook(copy).grids
        if not findings:
            book.drop_findings()
            return say("report_clean")
        where = _show(book, findings, grids, counted(findings))
    _remember_marks(book)
    return say("report_found", count=str(len(findings)), where=where)


# --- 生成报告 -------------------------------------------------------------------------------------


def write_report(book: LiveBook) -> str:
    """Ask where to save, write the report of the open form there, open it.  Nothing is overwritten."""
    from xltools import verbs
    from xltools.messages.console import say as told

    chosen = book.ask_save(report_name(book.key))
    if chosen is None:
        return ""
    with book.snapshot() as copy:
        made = verbs.report(copy, free(Path(chosen)))
    said = [told("written", path=str(path)) for path in made.written]
    if made.errors:
        said.append(told("report_errors", errors=str(made.errors)))
    said.append(told("report_open"))
    opened = [book.show_document(path) for path in made.written]
    if not all(opened):
        said.append(say("not_opened"))
    return "\n".join(shortened(said))


def report_name(workbook: str) -> str:
    """``自评表.xlsx`` → ``自评表-绩效自评报告.docx``, in the same folder."""
    path = Path(workbook)
    stem = (
        path.stem if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods") else path.name
    )
    return str(path.with_name(f"{stem}-绩效自评报告.docx"))


def free(path: Path) -> Path:
    """The name, or the next that nobody has: ``报告.docx``, ``报告2.docx``."""
    wanted = path if path.suffix.lower() == ".docx" else path.with_name(f"{path.name}.docx")
    for number in itertools.count(1):
        found = wanted.with_name(f"{wanted.stem}{number if number > 1 else ''}{wanted.suffix}")
        if not found.exists():
            return found
    raise AssertionError("unreachable")


# --- 撤销 -----------------------------------------------------------------------------------------


def undo(book: LiveBook) -> str:
    """Take back the last click on this workbook; marks go even when nobody remembers them."""
    from xltools.excel import journal
    from xltools.live import Put

    step = journal.last(book.key)
    with book.quietly():
        if step is None or step.get("action") != "fill":
            said = _without_marks(book)
        else:
            restored, changed = book.take_back(
                Put(s, a, _rows(b), _rows(c), t) for s, a, b, c, t in step["puts"]
            )
            said = say("undone_fill", count=str(restored))
            if changed:
                said += say("undo_changed", count=str(len(changed)), cells="、".join(shortened(changed)))
    if step is not None:
        journal.forget_last(book.key)
    return said


def _without_marks(book: LiveBook) -> str:
    marked = book.unmark()
    sheet = book.drop_findings()
    return say("undone_marks", sheet=sheet or "问题") if marked or sheet else say("nothing_to_undo")


def _rows(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows)
