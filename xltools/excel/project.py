"""``vbaProject.bin`` from the sources in ``vba/``: a development step, the result is data.

    python -m xltools.excel.project          writes vbaProject.bin and templates/xltools.xlam

The sources are ASCII text.  The result holds their text compressed, and no compiled code: Excel
compiles it when the workbook is opened.  The same sources give the same bytes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = HERE / "vba"
BINARY = HERE / "vbaProject.bin"
STANDARD = ("xlwings", "XltoolsButtons")
DOCUMENTS = ("ThisWorkbook", "Sheet1")


def source(name: str) -> str:
    """A source with the line ends of the VBA editor.  Raises UnicodeDecodeError unless it is ASCII."""
    suffix = "bas" if name in STANDARD else "cls"
    return "\r\n".join((SOURCES / f"{name}.{suffix}").read_text("ascii").splitlines()) + "\r\n"


def build() -> bytes:
    """The macro project.  Needs pyOpenVBA."""
    from pyopenvba import ExcelFile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "project.xlsm")
        with ExcelFile.create_new(path) as book:
            project = book.vba_project()
            project.delete_module("Module1")
            for name in DOCUMENTS:
                module = project.get_module(name)
                module.source += source(name)
                module.dirty = True
            for name in STANDARD:
                project.add_module(name, source(name))
            book.save()
        with ExcelFile(path) as book:
            problems = book.vba_project().validate()
            if problems:
                raise ValueError("; ".join(problems))
            return bytes(book.vba_project_bytes())


if __name__ == "__main__":
    from xltools.excel.addin import write

    BINARY.write_bytes(build())
    print(BINARY)
    print(write(HERE.parents[1] / "templates" / "xltools.xlam"))
