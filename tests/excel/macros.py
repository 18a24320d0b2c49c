"""Reading and running the macros on this machine: oletools reads them back, pyOpenVBA's interpreter runs them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from xltools.excel.project import source


def modules(path: Path) -> dict[str, str]:
    """Module name → source as an independent reader finds it in the file."""
    olevba = pytest.importorskip("oletools.olevba")
    parser = olevba.VBA_Parser(str(path))
    found = {name.rsplit(".", 1)[0]: code for *_, name, code in parser.extract_macros()}
    parser.close()
    return {name: code.replace("\r\n", "\n").strip("\n") for name, code in found.items()}


def body(text: str) -> str:
    """A source without its attribute lines, as the interpreter takes it."""
    return "\r\n".join(line for line in text.splitlines() if not line.startswith("Attribute"))


def interpreter(**more: str) -> Any:
    """Excel as far as pyOpenVBA has it, with the modules given."""
    excel = pytest.importorskip("pyopenvba.apps.excel")
    app = excel.ExcelApplication()
    app.add_workbook()
    for name, code in more.items():
        app.add_module(body(code), name=name)
    return app


def command_of(sub: str, buttons: str) -> str:
    """What a Sub hands to RunPython, found by running it."""
    launcher = """
Public Function RunPython(ByVal c As String) As String
    Range("A1").Value = c
End Function
Public Function Interpreter() As String
    Interpreter = "C:\\py\\python.exe"
End Function
"""
    app = interpreter(xlwings=launcher, XltoolsButtons=buttons)
    app.run(sub)
    return str(app.sheet(1).value("A1"))


def command_line(python: str, command: str, book: str, log: str = "C:\\T\\x.log") -> str:
    """The command line the launcher builds, found by running it."""
    quoted = [
        text.replace('"', '""')
        for text in (python, command, book, "C:\\Office\\Microsoft Excel", "4711", log)
    ]
    call = "CommandLine(" + ", ".join(f'"{text}"' for text in quoted) + ")"
    app = interpreter(
        xlwings=source("xlwings"), Caller=f'Public Sub ask()\nRange("A1").Value = {call}\nEnd Sub'
    )
    app.run("ask")
    return str(app.sheet(1).value("A1"))


def arguments(line: str) -> list[str]:
    """What Python finds in sys.argv: the part after the last ``&``, split as Windows does (no \\" occurs)."""
    last = line.rsplit(" & ", 1)[-1].partition(" 2> ")[0]
    return [part.replace('"', "") for part in re.findall(r'(?:[^\s"]|"[^"]*")+', last)]


def bindings(path: Path) -> dict[str, str]:
    """Caption → macro of every shape on the sheets."""
    found = {}
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
                text = package.read(name).decode()
                for macro, rest in re.findall(r'macro="(?:\[0\]!)?(\w+)"(.*?)</xdr:sp>', text, re.DOTALL):
                    captions = re.findall(r"<a:t>([^<]*)</a:t>", rest)
                    found["".join(captions)] = macro
    return found


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}
