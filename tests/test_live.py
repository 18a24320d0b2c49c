"""The buttons on a live workbook: the same results as the command line, few calls, everything undone."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from random_live_forms import random_workbook

pytest.importorskip("xlwings")

from xltools.live import load_xlwings

xw = load_xlwings()

from excel.engine import ComError, Engine, installed  # noqa: E402

import xltools  # noqa: E402
from xltools import buttons, messages  # noqa: E402
from xltools.excel import actions, journal  # noqa: E402
from xltools.live import HEADING, NOTE, LiveBook  # noqa: E402
from xltools.sheets import open_workbook  # noqa: E402

SAMPLES = Path(__file__).parents[1] / "samples" / "2023"
FORMS = [path for path in sorted(SAMPLES.glob("*.xlsx")) if xltools.read(path).forms]
FAULTY = SAMPLES / "阿拉善高新区.xlsx"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setattr(Path, "home", lambda: folder)
    return folder


@pytest.fixture
def excel() -> Iterator[Engine]:
    with installed() as engine:
        yield engine


class Open:
    """A workbook open in the engine, as a person at Excel has it."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.path = Path(shutil.copy(source, folder / source.name))
        self.book = xw.Book(str(self.path))
        self.book.set_mock_caller()
        self.engine: Engine = self.book.app.impl.engine
        self.engine.calls.clear()

    def press(self, name: str) -> dict[str, Any]:
        before = len(self.alerts)
        getattr(buttons, name)()
        assert len(self.alerts) == before + 1
        return dict(self.alerts[-1])

    @property
    def alerts(self) -> list[dict[str, Any]]:
        return list(self.book.app.impl.alerts)

    @property
    def wb(self) -> Any:
        return self.book.impl.wb

    @property
    def calls(self) -> int:
        return sum(self.engine.calls.values())

    def contents(self) -> dict[str, dict[str, Any]]:
        """Every cell of every sheet: content, type, number format, fill, note; and the conditional formats."""
        return {
            sheet.title: {
                cell.coordinate: (
                    cell.value,
                    cell.data_type,
                    cell.number_format,
                    cell.fill.fgColor.rgb,
                    cell.comment and cell.comment.text,
                )
                for row in sheet.iter_rows()
                for cell in row
            }
            | {
                "rules": [
                    (str(where.sqref), rule.formula)
                    for where in sheet.conditional_formatting
                    for rule in where.rules
                ]
            }
            for sheet in self.wb.worksheets
        }


@pytest.fixture
def opened(excel: Engine, tmp_path: Path) -> Open:
    return Open(FAULTY, tmp_path)


# --- the same as the command line -----------------------------------------------------------------


def listed(book: Open) -> list[tuple[str, ...]]:
    """The sheet 问题 as written."""
    sheet = book.wb["问题"]
    rows = [tuple(str(cell.value or "") for cell in row) for row in sheet.iter_rows(min_row=3, max_col=6)]
    return [
        (row[0].rpartition('","')[2].rstrip('")') if row[0].startswith("=HYPERLINK") else row[0], *row[1:])
        for row in rows
    ]


def expected(path: Path) -> list[tuple[str, ...]]:
    from xltools.messages.interface import SEVERITIES, word

    (file,) = xltools.validate([path]).files
    return [
        (
            messages.address(finding).rpartition("!")[2],
            word(SEVERITIES, finding.severity),
            finding.code,
            finding.sheet,
            messages.message(finding),
            messages.hint(finding),
        )
        for finding in file.findings
    ]


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_validate_lists_what_the_command_line_lists(form: Path, excel: Engine, tmp_path: Path) -> None:
    book = Open(form, tmp_path)
    said = book.press("validate")
    assert said["mode"] == "info"
    found = expected(form)
    if found:
        assert listed(book) == found
        assert f"错误 {sum(row[1] == '错误' for row in found)}，" in said["prompt"]
    else:
        assert "问题" not in book.wb.sheetnames
        assert "未发现问题" in said["prompt"]


@pytest.mark.parametrize("seed", range(25))
def test_validate_and_fill_agree_on_generated_workbooks(seed: int, excel: Engine, tmp_path: Path) -> None:
    form = random_workbook(tmp_path / f"生成{seed}.xlsx", seed)
    book = Open(form, _folder(tmp_path, "校验"))
    book.press("validate")
    assert (listed(book) if "问题" in book.wb.sheetnames else []) == expected(form)
    book.book.impl.books._books.clear()
    assert_filled_alike(Open(form, _folder(tmp_path, "填公式")), form, tmp_path)


def _folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_fill_writes_what_the_command_line_writes(form: Path, excel: Engine, tmp_path: Path) -> None:
    assert_filled_alike(Open(form, tmp_path), form, tmp_path)


def assert_filled_alike(book: Open, form: Path, folder: Path) -> None:
    (done,) = xltools.fill(form, folder / "命令行.xlsx")
    said = book.press("fill")
    assert done.filled is not None
    assert f"写入 {len(done.filled.writes)} 处" in said["prompt"] or not done.filled.writes
    assert f"保留 {len(done.filled.kept)} 处" in said["prompt"]
    theirs = openpyxl.load_workbook(done.target)
    for sheet in theirs.worksheets:
        ours = book.wb[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                assert _same(ours[cell.coordinate].value, cell.value), cell.coordinate


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return Decimal(str(ours)) == Decimal(str(theirs))
    return bool(ours == theirs)


def test_merge_gives_the_bytes_of_the_command_line(opened: Open, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLES, tmp_path / "报送"))
    xltools.merge(folder, tmp_path / "命令行.xlsx")
    xltools.merge(folder, tmp_path / "命令行.xlsx")
    opened.engine.dialog_answer = str(folder)
    said = opened.press("merge")
    result = tmp_path / "报送-汇总.xlsx"
    assert result.read_bytes() == (tmp_path / "命令行.xlsx").read_bytes()
    assert opened.book.app.books.active.name == "报送-汇总.xlsx"
    assert said["prompt"].startswith("已生成")
    shown = [value for name, value in opened.book.app.impl.history if name == "status_bar"]
    assert shown[0].startswith("正在合并：")
    assert shown[-2].endswith("10/10")
    assert shown[-1] is False


def test_merge_never_overwrites_and_can_be_cancelled(opened: Open, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAMPLES, tmp_path / "报送"))
    (tmp_path / "报送-汇总.xlsx").write_text("别人的")
    opened.engine.dialog_answer = str(folder)
    opened.press("merge")
    assert (tmp_path / "报送-汇总.xlsx").read_text() == "别人的"
    assert (tmp_path / "报送-汇总2.xlsx").exists()
    opened.engine.dialog_answer = None
    count = len(opened.alerts)
    buttons.merge()
    buttons.report()
    assert len(opened.alerts) == count


def test_report_lists_what_the_command_line_lists(opened: Open, tmp_path: Path) -> None:
    report = tmp_path / "报告.txt"
    report.write_text(
        "关于某项目的报告\n一、基本情况\n项目年初预算99万元，全年执行1万元，自评得分12分，等级为优。\n",
        "utf-8",
    )
    findings = xltools.report(opened.path, check=report)
    opened.engine.dialog_answer = str(report)
    said = opened.press("report")
    assert len(findings) > 0
    assert f"有 {len(findings)} 处" in said["prompt"]
    assert [row[2] for row in listed(opened)] == [finding.code for finding in findings]


def test_write_report_gives_the_bytes_of_the_command_line(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(LiveBook, "show_document", lambda self, path: shown.append(path) or True)
    xltools.report(opened.path, tmp_path / "命令行.docx")
    before, opened.engine.dialog_answer = opened.contents(), str(tmp_path / "报告.docx")
    said = opened.press("write_report")
    assert opened.engine.proposed == str(opened.path.with_name("阿拉善高新区-绩效自评报告.docx"))
    assert (tmp_path / "报告.docx").read_bytes() == (tmp_path / "命令行.docx").read_bytes()
    assert shown == [tmp_path / "报告.docx"]
    assert "错误 9 处" in said["prompt"]
    assert opened.contents() == before, "the form stays as it is"
    assert opened.calls < 10


def test_write_report_never_overwrites_and_can_be_cancelled(opened: Open, tmp_path: Path) -> None:
    taken = tmp_path / "报告.docx"
    taken.write_text("补充过的报告")
    opened.engine.dialog_answer = str(taken)
    said = opened.press("write_report")
    assert taken.read_text() == "补充过的报告"
    assert "报告2.docx" in said["prompt"]
    assert (tmp_path / "报告2.docx").exists()
    opened.engine.dialog_answer = None
    count, files = len(opened.alerts), sorted(tmp_path.iterdir())
    buttons.write_report()
    assert len(opened.alerts) == count
    assert sorted(tmp_path.iterdir()) == files


# --- few calls ------------------------------------------------------------------------------------


def test_a_click_costs_few_calls(opened: Open) -> None:
    """Measured: reading is one call, marks two a note and four a colour, formulas five a range."""
    opened.press("validate")
    assert opened.engine.calls["Workbook.SaveCopyAs"] == 1
    assert not any(name.startswith("ComRange.Value") for name in opened.engine.calls)
    notes = opened.engine.calls["ComRange.AddComment"]
    assert notes > 5
    assert opened.calls <= 70 + 3 * notes
    opened.engine.calls.clear()
    (planned,) = xltools.fill(opened.path, dry_run=True)
    assert planned.filled is not None
    opened.press("fill")
    assert opened.engine.calls["Workbook.SaveCopyAs"] == 1
    ranges = opened.engine.calls["ComRange.Formula="]
    assert ranges < len(planned.filled.writes)
    assert opened.calls <= 30 + 6 * ranges


def test_the_calls_do_not_grow_with_the_form(excel: Engine, tmp_path: Path) -> None:
    """Reading forty indicators takes no more calls than reading three."""
    counts = []
    for indicators in (3, 40):
        folder = tmp_path / str(indicators)
        folder.mkdir()
        book = Open(xltools.new(tmp_path / f"{indicators}.xlsx", indicators=indicators), folder)
        with LiveBook(book.book).snapshot() as copy:
            assert xltools.read(copy).forms
        counts.append(book.calls)
    assert counts == [1, 1]


# --- marks ----------------------------------------------------------------------------------------


def test_marks_are_colours_and_notes_on_the_cells_of_the_findings(opened: Open) -> None:
    before = opened.contents()["自评表"]
    opened.press("validate")
    sheet = opened.wb["自评表"]
    (file,) = xltools.validate([opened.path]).files
    cells = {cell for finding in file.findings for cell in finding.cells}
    painted = {
        cell for where in sheet.conditional_formatting for part in str(where.sqref).split() for cell in [part]
    }
    noted = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert painted == noted
    assert cells == noted
    assert all(
        cell.comment.text.startswith(NOTE) for row in sheet.iter_rows() for cell in row if cell.comment
    )
    after = opened.contents()["自评表"]
    assert [value[:4] for name, value in after.items() if name != "rules"] == [
        value[:4] for name, value in before.items() if name != "rules"
    ], "neither contents nor own fills change"


def test_links_lead_to_the_cells(opened: Open) -> None:
    opened.press("validate")
    sheet = opened.wb["问题"]
    assert str(sheet["A1"].value).startswith(HEADING)
    assert [cell.value for cell in sheet[2]] == list(actions.HEADERS)
    links = [str(cell.value) for cell in sheet["A"][2:] if cell.value and str(cell.value).startswith("=")]
    assert links
    assert all(link.startswith("=HYPERLINK(\"#'自评表'!") for link in links)


def test_pressing_again_clears_the_old_marks_first(opened: Open) -> None:
    opened.press("validate")
    once = opened.contents()
    opened.press("validate")
    assert opened.contents() == once
    assert opened.wb.sheetnames == ["自评表", "问题"]


def test_undo_takes_the_marks_away(opened: Open) -> None:
    before = opened.contents()
    opened.press("validate")
    assert opened.contents() != before
    said = opened.press("undo")
    assert "已清除" in said["prompt"]
    assert opened.contents() == before
    assert "没有可以撤销" in opened.press("undo")["prompt"]


def test_marks_go_even_when_nobody_remembers_them(opened: Open, home: Path) -> None:
    before = opened.contents()
    opened.press("validate")
    shutil.rmtree(home)
    assert "已清除" in opened.press("undo")["prompt"]
    assert opened.contents() == before


def test_notes_and_formats_of_a_person_stay(opened: Open) -> None:
    from openpyxl.comments import Comment
    from openpyxl.formatting.rule import CellIsRule, ColorScaleRule

    sheet = opened.wb["自评表"]
    (file,) = xltools.validate([opened.path]).files
    cell = next(finding.cells[0] for finding in file.findings if finding.cells)
    sheet[cell].comment = Comment("领导批示", "王")
    sheet["A2"].comment = Comment("别处的批注", "王")
    sheet.conditional_formatting.add("K12:K17", CellIsRule(operator="lessThan", formula=["10"]))
    sheet.conditional_formatting.add("J12:J17", ColorScaleRule(start_type="min", end_type="max"))
    before = opened.contents()
    opened.press("validate")
    assert sheet[cell].comment.text.startswith("领导批示\n" + NOTE)
    opened.press("undo")
    assert opened.contents() == before


def test_a_conversation_is_left_alone(opened: Open) -> None:
    (file,) = xltools.validate([opened.path]).files
    cell = next(finding.cells[0] for finding in file.findings if finding.cells)
    opened.engine.refuse = {cell}
    said = opened.press("validate")
    assert "1 处已有会话批注" in said["prompt"]
    assert opened.wb["自评表"][cell].comment is None


def test_a_sheet_of_the_persons_own_named_so_is_kept(opened: Open) -> None:
    opened.wb.create_sheet("问题")["A1"] = "我的记录"
    said = opened.press("validate")
    assert "问题（校验）" in said["prompt"]
    opened.press("undo")
    assert opened.wb.sheetnames == ["自评表", "问题"]
    assert opened.wb["问题"]["A1"].value == "我的记录"


def test_a_corrected_form_loses_its_list(excel: Engine, tmp_path: Path) -> None:
    book = Open(FORMS[0], tmp_path)
    LiveBook(book.book)
    with LiveBook(book.book).quietly():
        LiveBook(book.book).list_findings("旧的", actions.HEADERS, [])
    assert "问题" in book.wb.sheetnames
    book.book.impl.touched = False
    book.press("validate")
    assert "问题" not in book.wb.sheetnames


@pytest.mark.office
def test_the_list_and_the_marks_do_not_change_what_is_found(opened: Open) -> None:
    """The second look is at a copy with marks, list and recalculated results in it."""
    opened.press("validate")
    first = listed(opened)
    opened.book.impl.touched = True
    opened.press("validate")
    assert listed(opened) == first


# --- undoing formulas -----------------------------------------------------------------------------


def test_undo_restores_what_fill_replaced(opened: Open) -> None:
    before = opened.contents()
    opened.press("fill")
    assert opened.contents() != before
    said = opened.press("undo")
    assert "已恢复" in said["prompt"]
    assert {cell: value[0] for cell, value in opened.contents()["自评表"].items() if cell != "rules"} == {
        cell: value[0] for cell, value in before["自评表"].items() if cell != "rules"
    }


def test_undo_leaves_what_was_changed_since(opened: Open) -> None:
    (planned,) = xltools.fill(opened.path, dry_run=True)
    assert planned.filled is not None
    opened.press("fill")
    cell = planned.filled.writes[-1].cell
    opened.wb["自评表"][cell].value = "=1+1"
    said = opened.press("undo")
    assert cell in said["prompt"]
    assert "未恢复" in said["prompt"]
    assert opened.wb["自评表"][cell].value == "=1+1"


def test_texts_come_back_as_texts(excel: Engine, tmp_path: Path) -> None:
    """A total typed as text, and a cell formatted as text, which Excel would fill with the words of the formula."""
    source = tmp_path / "文本.xlsx"
    wb = openpyxl.load_workbook(FAULTY)
    sheet = wb["自评表"]
    (planned,) = xltools.fill(FAULTY, dry_run=True)
    assert planned.filled is not None
    first, last = planned.filled.writes[0], planned.filled.writes[-1]
    sheet[first.cell].value, sheet[first.cell].data_type = str(first.value), "s"
    sheet[last.cell].number_format = "@"
    wb.save(source)
    folder = tmp_path / "打开"
    folder.mkdir()
    book = Open(source, folder)
    before = book.contents()["自评表"]
    book.press("fill")
    for write in (first, last):
        assert book.wb["自评表"][write.cell].data_type == "f", write.cell
    book.press("undo")
    after = book.contents()["自评表"]
    for write in (first, last):
        assert after[write.cell][:3] == before[write.cell][:3]


def test_what_cannot_be_undone_is_not_done(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {cell: value[0] for cell, value in opened.contents()["自评表"].items() if cell != "rules"}

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "remember", full)
    assert opened.press("fill")["mode"] == "critical"
    assert {
        cell: value[0] for cell, value in opened.contents()["自评表"].items() if cell != "rules"
    } == before


# --- left as found --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["validate", "fill", "undo"])
def test_settings_and_the_sheet_in_front_come_back(name: str, opened: Open) -> None:
    other = opened.wb.create_sheet("台账", 0)
    opened.wb.active = other
    settings = dict(opened.book.app.impl.settings)
    opened.press(name)
    assert opened.wb.active.title == "台账"
    assert opened.book.app.impl.settings == settings
    assert all(setting != "calculation" for setting, _ in opened.book.app.impl.history)


def test_they_come_back_after_a_failure(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = dict(opened.book.app.impl.settings)
    monkeypatch.setattr(LiveBook, "list_findings", lambda *_: 1 / 0)
    assert opened.press("validate")["mode"] == "critical"
    assert opened.book.app.impl.settings == settings
    assert opened.wb.active.title == "自评表"


# --- where the copy cannot be read ----------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_an_encrypted_copy_is_read_through_excel(form: Path, excel: Engine, tmp_path: Path) -> None:
    book = Open(form, tmp_path)
    excel.copies_unreadable = True
    book.press("validate")
    assert (listed(book) if "问题" in book.wb.sheetnames else []) == expected(form)
    ranges = sum(count for name, count in excel.calls.items() if name.startswith("ComRange"))
    assert ranges < 700, "blocks are asked, not cells"


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_grids_from_excel_are_those_from_the_file(form: Path, excel: Engine, tmp_path: Path) -> None:
    book = Open(form, tmp_path)
    ours = LiveBook(book.book).grids()
    theirs = open_workbook(form).grids
    for live, file in zip(ours, theirs, strict=True):
        assert (live.name, live.state, sorted(live.merges)) == (file.name, file.state, sorted(file.merges))
        assert {at: cell for at, cell in live.cells.items() if cell.text or cell.formula} == {
            at: cell for at, cell in file.cells.items() if cell.text or cell.formula
        }


# --- what goes wrong ------------------------------------------------------------------------------


def test_a_sheet_protected_with_a_password(opened: Open) -> None:
    opened.wb["自评表"].protection.set_password("密码")
    opened.wb["自评表"].protection.sheet = True
    opened.engine.password = "密码"
    before = opened.contents()["自评表"]
    said = opened.press("fill")
    assert said["mode"] == "critical"
    assert "设有保护密码" in said["prompt"]
    said = opened.press("validate")
    assert "设有保护密码" in said["prompt"]
    assert listed(opened) == expected(opened.path)
    assert opened.contents()["自评表"] == before
    assert opened.wb["自评表"].protection.sheet


def test_a_protection_without_password_is_lifted_and_put_back(opened: Open) -> None:
    protection = opened.wb["自评表"].protection
    protection.sheet, protection.formatRows, protection.sort, protection.objects = True, False, True, True
    before, rights = opened.contents(), dict(protection.__iter__())
    assert "写入" in opened.press("fill")["prompt"]
    assert dict(opened.wb["自评表"].protection.__iter__()) == rights
    opened.press("validate")
    opened.press("undo")
    opened.press("undo")
    assert dict(opened.wb["自评表"].protection.__iter__()) == rights
    assert {cell: value[0] for cell, value in opened.contents()["自评表"].items() if cell != "rules"} == {
        cell: value[0] for cell, value in before["自评表"].items() if cell != "rules"
    }


def test_a_workbook_whose_structure_is_protected(opened: Open) -> None:
    from openpyxl.workbook.protection import WorkbookProtection

    opened.wb.security = WorkbookProtection(lockStructure=True)
    said = opened.press("validate")
    assert "结构受保护" in said["prompt"]
    assert opened.wb.sheetnames == ["自评表"]
    assert any(cell.comment for row in opened.wb["自评表"].iter_rows() for cell in row)


def test_not_a_form_is_a_sentence(excel: Engine, tmp_path: Path) -> None:
    source = tmp_path / "x.xlsx"
    openpyxl.Workbook().save(source)
    folder = tmp_path / "打开"
    folder.mkdir()
    book = Open(source, folder)
    for name in ("validate", "fill"):
        said = book.press(name)
        assert said["mode"] == "critical"
        assert "没有找到自评表" in said["prompt"]
    assert not (journal.folder() / "xltools.log").exists()


def test_a_bug_is_a_sentence_and_goes_to_the_log(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LiveBook, "snapshot", lambda _: 1 / 0)
    said = opened.press("validate")
    assert said["mode"] == "critical"
    assert "ZeroDivisionError" in said["prompt"]
    log = journal.folder() / "xltools.log"
    assert str(log) in said["prompt"]
    assert "Traceback" in log.read_text("utf-8")


def test_a_busy_excel(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: Any) -> None:
        raise ComError(-2147418111, "被呼叫方拒绝接收呼叫。")

    monkeypatch.setattr(LiveBook, "snapshot", busy)
    assert "结束单元格编辑" in opened.press("fill")["prompt"]


def test_wps_is_told_apart(opened: Open, capsys: pytest.CaptureFixture[str]) -> None:
    opened.engine.app_path = "C:\\Users\\x\\AppData\\Local\\Kingsoft\\WPS Office\\12.1\\office6"
    before = opened.contents()
    buttons.validate()
    assert "WPS" in capsys.readouterr().err
    assert opened.contents() == before


def test_the_failure_shows_even_without_a_book(capsys: pytest.CaptureFixture[str]) -> None:
    buttons.validate()
    assert "由 Excel 中的按钮启动" in capsys.readouterr().err


def test_xlwings_missing_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "xlwings", None)
    monkeypatch.setattr("xltools.live.load_xlwings", lambda: __import__("xlwings"))
    buttons.fill()
    assert "杀毒软件" in capsys.readouterr().err


def test_names_windows_forbids_do_not_stop_a_copy(excel: Engine, tmp_path: Path) -> None:
    book = SimpleNamespace(
        name="工作簿1", app=None, api=SimpleNamespace(SaveCopyAs=lambda path: Path(path).touch())
    )
    with LiveBook(book).snapshot() as copy:
        assert copy.name == "工作簿1.xlsx"
        assert copy.exists()
    assert not copy.exists()
