"""A form gets buttons and loses them again; nothing else in the file changes."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from excel.macros import bindings, modules, parts
from office import convert
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

import xltools
from xltools.excel import containers
from xltools.excel.captions import BUTTONS
from xltools.excel.project import STANDARD
from xltools.package import Unpatchable
from xltools.sheets import Unreadable

SAMPLES = Path(__file__).parents[2] / "samples" / "2023"
FORMS = [path for path in sorted(SAMPLES.glob("*.xlsx")) if xltools.read(path).forms]
TOUCHED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """A form that has a drawing, notes, several sheets and names already."""
    path = tmp_path / "丰富.xlsx"
    book = openpyxl.load_workbook(SAMPLES / "阿拉善高新区.xlsx")
    sheet = book.worksheets[0]
    sheet["A3"].comment = Comment("人写的", "王")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=10, min_row=12, max_row=14))
    sheet.add_chart(chart, "A40")
    book.create_sheet("台账")["A1"] = "别的内容"
    book.save(path)
    return path


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_add_binds_every_button_and_keeps_the_rest(form: Path, tmp_path: Path) -> None:
    made = containers.add(form, tmp_path / "表.xlsm")
    assert bindings(made) == {button.caption: button.macro for button in BUTTONS}
    _consistent(made)
    before, after = parts(form), parts(made)
    assert set(before) <= set(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed - TOUCHED <= {
        name for name in changed if re.fullmatch(r"xl/worksheets/(_rels/)?sheet\d+\.xml(\.rels)?", name)
    }
    assert xltools.read(made).forms[0].rows == xltools.read(form).forms[0].rows


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_strip_gives_the_form_back(form: Path, tmp_path: Path) -> None:
    back = containers.strip(containers.add(form, tmp_path / "表.xlsm"), tmp_path / "回.xlsx")
    _consistent(back)
    assert _canonical(parts(back)) == _canonical(parts(form))


def test_a_rich_workbook_goes_there_and_back(rich: Path, tmp_path: Path) -> None:
    made = containers.add(rich)
    assert made == rich.with_suffix(".xlsm")
    assert len([name for name in parts(made) if name.startswith("xl/drawings/drawing")]) == 1
    assert (
        b"<c:chart" in parts(made)["xl/charts/chart1.xml"]
        or b"chart" in parts(made)["xl/drawings/drawing1.xml"]
    )
    _consistent(made)
    back = containers.strip(made, tmp_path / "回.xlsx")
    assert _canonical(parts(back)) == _canonical(parts(rich))


def _canonical(found: dict[str, bytes]) -> dict[str, str]:
    """Parts compared as XML; a relations part that became empty counts as absent."""
    shown = {}
    for name, data in found.items():
        if name.endswith((".xml", ".rels")):
            root = ElementTree.fromstring(data)
            if name.endswith(".rels") and not len(root):
                continue
            if name == "[Content_Types].xml" or name.endswith(".rels"):
                root[:] = sorted(root, key=lambda item: sorted(item.attrib.items()))
            shown[name] = ElementTree.canonicalize(ElementTree.tostring(root, encoding="unicode"))
        else:
            shown[name] = data.hex()
    return shown


def _consistent(path: Path) -> None:
    """Well-formed parts, relations that lead somewhere, content types for all, unique shape ids."""
    found = parts(path)
    types = ElementTree.fromstring(found["[Content_Types].xml"])
    defaults = {item.get("Extension", "").lower() for item in types if item.tag.endswith("Default")}
    overrides = [item.get("PartName", "").lstrip("/") for item in types if item.tag.endswith("Override")]
    assert len(overrides) == len(set(overrides))
    assert set(overrides) <= set(found)
    for name, data in found.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(data)
        if name != "[Content_Types].xml":
            assert name in overrides or name.rpartition(".")[2].lower() in defaults, name
        if name.endswith(".rels"):
            folder = name.replace("_rels/", "").rpartition("/")[0]
            for item in ElementTree.fromstring(data):
                if item.get("TargetMode") != "External":
                    target = item.get("Target", "")
                    full = target.lstrip("/") if target.startswith("/") else _join(folder, target)
                    assert full in found, (name, target)
    macros = "xl/vbaProject.bin" in found
    assert macros == path.name.endswith(".xlsm") == (b"macroEnabled" in found["[Content_Types].xml"])
    for name in [each for each in found if each.startswith("xl/drawings/drawing")]:
        ids = re.findall(rb'cNvPr id="(\d+)"', found[name])
        assert len(ids) == len(set(ids))


def _join(folder: str, target: str) -> str:
    import posixpath

    return posixpath.normpath(posixpath.join(folder, target))


def test_macros_are_those_of_the_project(tmp_path: Path) -> None:
    made = xltools.new(tmp_path / "表.xlsm", macros=True, year=2024)
    assert set(modules(made)) >= set(STANDARD)
    _consistent(made)
    blank = xltools.new(tmp_path / "表.xlsx", year=2024)
    back = containers.strip(made, tmp_path / "回.xlsx")
    assert _canonical(parts(back)) == _canonical(parts(blank))


def test_the_same_form_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "1.xlsm", tmp_path / "2.xlsm"
    assert containers.add(FORMS[0], one).read_bytes() == containers.add(FORMS[0], two).read_bytes()


def test_what_cannot_carry_buttons_is_refused_in_words(tmp_path: Path) -> None:
    made = containers.add(FORMS[0], tmp_path / "表.xlsm")
    with pytest.raises(Unpatchable, match="已含有宏"):
        containers.add(made, tmp_path / "再.xlsm")
    with pytest.raises(FileExistsError):
        containers.add(FORMS[0], made)
    with pytest.raises(Unpatchable, match="没有宏"):
        containers.strip(FORMS[0], tmp_path / "回.xlsx")
    with pytest.raises(Unpatchable, match=r"\.xlsm"):
        xltools.new(tmp_path / "表.xlsx", macros=True)
    plain = tmp_path / "不是.xlsx"
    openpyxl.Workbook().save(plain)
    with pytest.raises(Unreadable):
        containers.add(plain)


def test_foreign_macros_are_not_thrown_away(tmp_path: Path) -> None:
    openvba = pytest.importorskip("pyopenvba")
    made = containers.add(FORMS[0], tmp_path / "表.xlsm")
    with openvba.ExcelFile(made) as book:
        book.vba_project().add_module("Own", "Public Sub mine()\r\nEnd Sub\r\n")
        book.save()
    with pytest.raises(Unpatchable, match="不是 xltools 的宏"):
        containers.strip(made, tmp_path / "回.xlsx")
    assert not (tmp_path / "回.xlsx").exists()


@pytest.mark.office
def test_libreoffice_binds_the_buttons_and_loses_nothing(rich: Path, tmp_path: Path) -> None:
    made = containers.add(rich, tmp_path / "表.xlsm")
    broken = tmp_path / "坏.xlsm"
    broken.write_bytes(made.read_bytes())
    _rename_macro(broken)
    shown = [path.read_text("utf-8") for path in convert([made, broken], "fods", tmp_path / "office")]
    events = [re.findall(r"vnd\.sun\.star\.script:VBAProject\.(\w+\.\w+)\?", text) for text in shown]
    assert events[0] == [f"XltoolsButtons.{button.macro}" for button in BUTTONS]
    assert len(events[1]) == len(BUTTONS) - 1, "a button for a Sub that does not exist must not bind"
    assert "别的内容" in shown[0]
    assert "人写的" in shown[0]


def _rename_macro(path: Path) -> None:
    import zipfile

    found = parts(path)
    with zipfile.ZipFile(path, "w") as package:
        for name, data in found.items():
            package.writestr(name, data.replace(b"!xltools_fill", b"!xltools_nosuch"))
