"""The macro project: nothing but its sources, each button bound to a Sub, each Sub to a function."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from excel.macros import arguments, command_line, command_of, interpreter, modules, parts

from xltools.excel import addin, project
from xltools.excel.captions import BUTTONS, TEXTS

ADDIN = Path(__file__).parents[2] / "templates" / "xltools.xlam"


def test_sources_are_ascii() -> None:
    for name in (*project.STANDARD, *project.DOCUMENTS):
        assert project.source(name).isascii()


def test_the_project_is_rebuilt_byte_for_byte() -> None:
    pytest.importorskip("pyopenvba")
    assert project.build() == project.build() == project.BINARY.read_bytes(), (
        "run: python -m xltools.excel.project"
    )


def test_the_addin_is_rebuilt_byte_for_byte() -> None:
    assert addin.build() == addin.build() == ADDIN.read_bytes(), "run: python -m xltools.excel.project"


def test_the_project_holds_the_sources_and_nothing_else() -> None:
    found = modules(ADDIN)
    assert set(found) == {*project.STANDARD, *project.DOCUMENTS}
    for name in project.STANDARD:
        ours = project.source(name).replace("\r\n", "\n").strip("\n")
        assert _without_attributes(found[name]) == _without_attributes(ours)
    for name in project.DOCUMENTS:
        assert _without_attributes(found[name]) == project.source(name).strip()


def _without_attributes(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines() if not line.startswith("Attribute")).strip()


def test_no_compiled_code_stands_beside_the_sources() -> None:
    """Each module stream is its source from the first byte on, and the cache of the project is empty."""
    olevba = pytest.importorskip("oletools.olevba")
    import olefile

    with olefile.OleFileIO(io.BytesIO(project.BINARY.read_bytes())) as file:
        assert sorted(path[-1] for path in file.listdir()) == sorted(
            ["PROJECT", "PROJECTwm", "dir", "_VBA_PROJECT", *project.STANDARD, *project.DOCUMENTS]
        )
        cache = file.openstream("VBA/_VBA_PROJECT").read()
        assert set(cache[4:]) <= {0}
        for name in (*project.STANDARD, *project.DOCUMENTS):
            stream = bytearray(file.openstream(f"VBA/{name}").read())
            text = bytes(olevba.decompress_stream(stream)).decode("ascii")
            assert text.endswith(project.source(name)), name
            head = text.removesuffix(project.source(name))
            assert all(line.startswith("Attribute VB_") for line in head.splitlines()), name


def test_the_notice_of_xlwings_ships_with_its_code() -> None:
    """In the module itself, in the package and in the documentation."""
    source = project.source("xlwings")
    end = "POSSIBILITY OF SUCH DAMAGE."
    licence = _words(
        source[source.index("'xlwings is distributed") : source.index(end) + len(end)].replace("'", " ")
    )
    assert licence in _words(modules(ADDIN)["xlwings"].replace("'", " "))
    assert licence in _words((project.HERE / "NOTICE").read_text("ascii"))
    page = Path(__file__).parents[2] / "docs" / "excel" / "许可声明.md"
    assert licence in _words(page.read_text("utf-8").replace(">", " "))


def _words(text: str) -> str:
    return " ".join(text.split())


def test_the_launcher_takes_settings_from_the_person_and_from_nowhere_else() -> None:
    """A workbook that came by mail must not choose what is run."""
    code = modules(ADDIN)["xlwings"]
    statements = "\n".join(line for line in code.splitlines() if not line.strip().startswith("'"))
    assert re.findall(r'Environ\("(\w+)"\)', statements) == ["Temp", "USERPROFILE"]
    for word in ("ThisWorkbook", "Worksheets", ".Sheets", "FullName", "PYTHONPATH", "Declare", "Lib "):
        assert word not in statements
    assert statements.count("ActiveWorkbook") == 1  # its name, for Book.caller()
    assert "ActiveWorkbook.Name" in statements


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.entry)
def test_every_sub_calls_its_function(button) -> None:  # type: ignore[no-untyped-def]
    from xltools import buttons

    command = command_of(button.macro, modules(ADDIN)["XltoolsButtons"])
    assert command == f"import xltools.buttons; xltools.buttons.{button.entry}()"
    assert callable(getattr(buttons, button.entry))


def test_every_function_has_a_button() -> None:
    import inspect

    from xltools import buttons

    own = {
        name
        for name, each in inspect.getmembers(buttons, inspect.isfunction)
        if each.__module__ == buttons.__name__
    }
    assert own == {button.entry for button in BUTTONS}


def test_without_python_the_macros_say_what_to_do() -> None:
    launcher = 'Public Function RunPython(ByVal c As String) As String\nRange("A1").Value = c\nEnd Function\nPublic Function Interpreter() As String\nInterpreter = ""\nEnd Function'
    app = interpreter(xlwings=launcher, XltoolsButtons=project.source("XltoolsButtons"))
    app.run("xltools_validate")
    assert app.sheet(1).value("A1") is None
    assert any("xltools excel install" in str(dialog) for dialog in app.dialogs)


def test_what_python_could_not_say_itself_is_shown() -> None:
    launcher = 'Public Function RunPython(ByVal c As String) As String\nRunPython = "No module named xltools"\nEnd Function\nPublic Function Interpreter() As String\nInterpreter = "C:\\p\\python.exe"\nEnd Function'
    app = interpreter(xlwings=launcher, XltoolsButtons=project.source("XltoolsButtons"))
    app.run("xltools_fill")
    assert any("No module named xltools" in str(dialog) for dialog in app.dialogs)


def test_the_command_line_is_what_book_caller_reads() -> None:
    line = command_line(
        "C:\\Users\\王 小明\\xltools\\python.exe", "import a; a.b()", "A 自评表 & 附件(1).xlsm"
    )
    assert line.startswith(
        'cmd.exe /C C: & cd "C:\\Users\\王 小明\\xltools" & "C:\\Users\\王 小明\\xltools\\python.exe" '
    )
    assert line.endswith(' 2> "C:\\T\\x.log"')
    line = command_line("C:\\p\\python.exe", "import a; a.b()", "A 自评表.xlsm")
    assert arguments(line)[1:] == [
        "-B", "-P", "-c", "import a; a.b()",
        "--wb=A 自评表.xlsm", "--from_xl=1", "--app=C:\\Office\\Microsoft Excel", "--hwnd=4711",
    ]  # fmt: skip


def test_an_interpreter_on_the_network_is_reached_by_pushd() -> None:
    assert command_line("\\\\srv\\py\\python.exe", "x", "a.xlsm").startswith(
        'cmd.exe /C pushd "\\\\srv\\py" & '
    )


def test_sentences_fit_a_hidden_name() -> None:
    for name, text in TEXTS.items():
        assert len(text) <= 255
        assert '"' not in text
        assert f'"{name}"' in project.source("XltoolsButtons")


# --- the add-in as a package ----------------------------------------------------------------------


def test_the_addin_is_an_addin_with_a_ribbon() -> None:
    found = parts(ADDIN)
    types = found["[Content_Types].xml"].decode()
    assert (
        'PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.addin.macroEnabled.main+xml"'
        in types
    )
    assert "application/vnd.ms-office.vbaProject" in types
    assert "2007/relationships/ui/extensibility" in found["_rels/.rels"].decode()
    assert 'codeName="ThisWorkbook"' in found["xl/workbook.xml"].decode()
    assert 'codeName="Sheet1"' in found["xl/worksheets/sheet1.xml"].decode()
    for name, data in found.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(data)


def test_the_ribbon_offers_every_button_once() -> None:
    namespace = "{http://schemas.microsoft.com/office/2009/07/customui}"
    root = ElementTree.fromstring(addin.ribbon())
    controls = list(root.iter(f"{namespace}button"))
    assert {each.get("tag") for each in controls} == {button.entry for button in BUTTONS}
    assert {each.get("label") for each in controls} == {button.caption for button in BUTTONS}
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    module, callback = str({each.get("onAction") for each in controls}.pop()).split(".")
    assert f"Public Sub {callback}(control As IRibbonControl)" in modules(ADDIN)[module]
    assert all(len(str(each.get("supertip"))) <= 1024 for each in controls)


def test_the_addin_carries_no_name_of_a_person() -> None:
    core = parts(ADDIN)["docProps/core.xml"].decode()
    assert re.findall(r"<dc:creator>([^<]*)", core) in ([], [""])
