"""Marked copies to send back: the unit's own file, wrong cells coloured, each with a note."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from xltools import messages
from xltools.collecting import free_name
from xltools.examining import Examined
from xltools.messages.interface import SEVERITIES, Lang, word
from xltools.messages.reasons import reason
from xltools.model import Finding, Severity
from xltools.package import Mark, Unpatchable, annotate
from xltools.sheets import Unreadable, zipped

COLOURS: dict[Severity, str] = {
    "error": "F8CBAD",
    "warning": "FFE699",
    "undetermined": "DDEBF7",
    "info": "E2EFDA",
}


class Returned(NamedTuple):
    """A marked copy, or why there is none (``target`` None)."""

    source: str
    target: Path | None
    problem: str = ""


def cell_marks(findings: Iterable[Finding], lang: Lang) -> list[Mark]:
    """One mark a cell, in the colour of its worst finding, with the words of all of them."""
    texts: dict[tuple[str, str], list[str]] = {}
    worst: dict[tuple[str, str], Severity] = {}
    for finding in findings:
        words = f"[{word(SEVERITIES, finding.severity, lang)}] {messages.message(finding, lang)}"
        hint = messages.hint(finding, lang)
        for cell in finding.cells:
            place = (finding.sheet, cell)
            texts.setdefault(place, []).append(f"{words}{hint}（{finding.code}）")
            worst.setdefault(place, finding.severity)
    return [Mark(*place, "\n".join(lines), COLOURS[worst[place]]) for place, lines in texts.items()]


def return_marked(
    files: Iterable[Examined], folder: str | os.PathLike[str], lang: Lang = "zh"
) -> list[Returned]:
    """Write a marked copy of every file that has findings; the originals stay as they are.

    Copies keep their names; two files of one name from different folders get a number.
    """
    target_folder = Path(folder)
    target_folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    returned = []
    for file in files:
        if file.findings:
            target = target_folder / free_name(Path(file.reading.path).name, taken)
            returned.append(_return_one(file, target, lang))
    return returned


def _return_one(file: Examined, target: Path, lang: Lang) -> Returned:
    source = file.reading.path
    if target.exists() and not zipped.split(source) and os.path.samefile(source, target):
        return Returned(source, None, "退回文件夹不能是报送文件所在的文件夹")
    try:
        with _on_disk(source) as path:
            annotate(path, target, cell_marks(file.findings, lang))
    except Unpatchable as refusal:
        return Returned(source, None, str(refusal))
    except Unreadable as refusal:
        return Returned(source, None, reason(refusal.code, lang, **refusal.details))
    except Exception:  # whatever the file holds that nobody thought of, the other copies are made
        return Returned(source, None, reason("crashed", lang))
    return Returned(source, target)


@contextmanager
def _on_disk(source: str) -> Iterator[str]:
    """The path of the file; a file out of a zip archive is put into a temporary folder."""
    packed = zipped.split(source)
    if packed is None:
        yield source
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "packed.xlsx"
        path.write_bytes(zipped.contents(*packed)[1])
        yield str(path)
