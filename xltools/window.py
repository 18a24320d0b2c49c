"""``xltools-gui``: the buttons without Excel.  Choose files or drop them on the icon, press, open the result.

What a button does stands in `Session` and knows no window; `Window` only shows it.  Originals stay as
they are: results go into new files and folders beside them.
"""

from __future__ import annotations

import itertools
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xltools.messages.buttons import say

if TYPE_CHECKING:
    import tkinter

    from xltools.file_filling import FilledFile

Progress = Callable[[int, int], None]

_LINES = 400
_POLL = 80  # milliseconds
REPORTS = (".docx", ".txt", ".md")
FILE_KINDS = ("*.xlsx", "*.xlsm", "*.xls", "*.et", "*.ods", "*.docx")


class Outcome(NamedTuple):
    """What was done: the headline, the details, and what there is to open."""

    headline: str
    lines: tuple[str, ...] = ()
    result: Path | None = None


class Session:
    """What was chosen, and what the buttons do with it."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self.paths: tuple[Path, ...] = ()
        self.choose(paths)

    def choose(self, paths: Iterable[str]) -> None:
        self.paths = tuple(Path(path).absolute() for path in paths if path)

    @property
    def chosen(self) -> str:
        if not self.paths:
            return say("window_none")
        names = "、".join(path.name or str(path) for path in self.paths[:3])
        more = "" if len(self.paths) <= 3 else "，" + say("more", count=str(len(self.paths) - 3)).strip("…")
        return say("window_chosen", names=names + more)

    def run(self, action: str, progress: Progress) -> Outcome:
        """One of the actions below.  Never raises: a failure is an outcome in words."""
        if not self.paths:
            return Outcome(say("window_none"))
        actions = {
            "validate": self._validate,
            "fill": self._fill,
            "merge": self._merge,
            "report": self._report,
            "write_report": self._write_report,
        }
        try:
            return actions[action](progress)
        except Exception as failure:
            from xltools.console import explain
            from xltools.excel import journal

            log = journal.record_failure(failure)
            return Outcome(explain(failure, "zh"), (str(log),))

    def _validate(self, progress: Progress) -> Outcome:
        from xltools import verbs
        from xltools.console import validation_lines

        validation = verbs.validate(self.paths, progress=progress)
        *details, headline = validation_lines(validation.files, "zh")
        if all(not file.findings and file.reading.status == "read" for file in validation.files):
            return Outcome(headline, _limited(details))
        folder = _free(self._beside(), "校验结果")
        listing = folder / "问题清单.xlsx"
        folder.mkdir()
        verbs.write_findings(validation, listing)
        verbs.annotate(validation, folder / "退回修改")
        return Outcome(headline, _limited([*details, say("window_marked", path=str(folder))]), listing)

    def _fill(self, progress: Progress) -> Outcome:
        from xltools import verbs

        folder = _free(self._beside(), "已填公式")
        done = verbs.fill(list(self.paths), folder)
        lines = [line for file in done for line in _filled_lines(file)]
        written = [file.target for file in done if file.filled]
        if not written:
            return Outcome(say("window_no_result"), _limited(lines))
        result = written[0] if len(written) == 1 else folder
        return Outcome(say("window_copies", path=str(folder)), _limited(lines), result)

    def _merge(self, progress: Progress) -> Outcome:
        from xltools import verbs
        from xltools.console import merge_lines
        from xltools.excel.actions import beside

        if len(self.paths) != 1 or not self.paths[0].is_dir():
            return Outcome(say("window_needs_folder"))
        result = verbs.merge(self.paths[0], beside(self.paths[0]), progress=progress)
        *details, headline = merge_lines(result, "zh")
        return Outcome(headline, _limited(details), Path(result.output) if result.written else None)

    def _report(self, progress: Progress) -> Outcome:
        from xltools import verbs
        from xltools.console import finding_lines

        reports = [path for path in self.paths if path.suffix.lower() in REPORTS]
        tables = [path for path in self.paths if path not in reports]
        if len(reports) != 1 or len(tables) != 1:
            return Outcome(say("window_needs_report"))
        findings = verbs.report(tables[0], check=reports[0])
        if not findings:
            return Outcome(say("report_clean"))
        lines = [line for finding in findings for line in finding_lines(finding, "zh")]
        return Outcome(say("report_found", count=str(len(findings)), where=""), _limited(lines))

    def _write_report(self, progress: Progress) -> Outcome:
        from xltools import verbs
        from xltools.console import reported_lines
        from xltools.excel.actions import free, report_name

        if not self._single():
            return Outcome(say("window_needs_form"))
        made = verbs.report(self.paths[0], free(Path(report_name(str(self.paths[0])))))
        headline, *details = reported_lines(made, "zh")
        return Outcome(headline, _limited(details), made.written[0])

    def _single(self) -> bool:
        return len(self.paths) == 1 and self.paths[0].is_file()

    def _beside(self) -> Path:
        return self.paths[0].parent


def _filled_lines(file: FilledFile) -> Iterator[str]:
    from xltools.excel.actions import kept_line

    name = Path(file.source).name
    if file.filled is None:
        yield say("window_left_out", name=name, why=file.problem)
        return
    writes, kept = file.filled
    yield say("window_filled", name=name, writes=str(len(writes)), kept=str(len(kept)))
    yield from (f"  {kept_line(record)}" for record in kept)


def _limited(lines: Sequence[str]) -> tuple[str, ...]:
    rest = len(lines) - _LINES
    return tuple(lines) if rest <= 0 else (*lines[:_LINES], say("more", count=str(rest)))


def _free(folder: Path, name: str) -> Path:
    """A folder that is not there yet: ``校验结果``, ``校验结果2``."""
    for number in itertools.count(1):
        path = folder / (name if number == 1 else f"{name}{number}")
        if not path.exists():
            return path
    raise AssertionError("unreachable")


def show_file(path: Path) -> None:
    """Open a file or folder with the program it belongs to."""
    if sys.platform == "win32":
        os.startfile(path)
    else:
        subprocess.Popen(["open" if sys.platform == "darwin" else "xdg-open", os.fspath(path)])


class Window:
    """The widgets around a `Session`.  Work goes on in a thread, so that the window answers."""

    def __init__(self, session: Session) -> None:
        import tkinter
        from tkinter import scrolledtext, ttk

        self.session = session
        self.result: Path | None = None
        self._news: queue.Queue[tuple[int, int] | Outcome] = queue.Queue()
        self.root = tkinter.Tk()
        self.root.title("xltools 绩效自评表工具")
        self.root.minsize(640, 420)
        self.chosen, self.said = tkinter.StringVar(), tkinter.StringVar(value=say("window_hint"))
        top = ttk.Frame(self.root, padding=12)
        top.pack(fill="both", expand=True)
        ttk.Label(top, textvariable=self.chosen, wraplength=600).pack(anchor="w")
        self.buttons = self._row(top, self._choosing()) + self._row(top, self._doing())
        ttk.Label(top, textvariable=self.said, wraplength=600).pack(anchor="w", pady=6)
        self.details = scrolledtext.ScrolledText(top, height=12, state="disabled", wrap="word")
        self.details.pack(fill="both", expand=True)
        self.open = ttk.Button(top, text=say("window_open"), command=self._open, state="disabled")
        self.open.pack(anchor="e", pady=(8, 0))
        self.chosen.set(session.chosen)

    def _choosing(self) -> list[tuple[str, Callable[[], None]]]:
        return [(say("window_files"), self._files), (say("window_folder"), self._folder)]

    def _doing(self) -> list[tuple[str, Callable[[], None]]]:
        from xltools.excel.captions import BUTTONS

        offered = [
            button
            for button in BUTTONS
            if button.entry in ("validate", "fill", "merge", "report", "write_report")
        ]
        return [(button.caption, self._starter(button.entry)) for button in offered]

    def _row(
        self, parent: tkinter.Misc, buttons: list[tuple[str, Callable[[], None]]]
    ) -> list[tkinter.Widget]:
        from tkinter import ttk

        row = ttk.Frame(parent)
        row.pack(anchor="w", pady=(8, 0))
        made: list[tkinter.Widget] = []
        for caption, command in buttons:
            button = ttk.Button(row, text=caption, command=command)
            button.pack(side="left", padx=(0, 8))
            made.append(button)
        return made

    def _files(self) -> None:
        from tkinter import filedialog

        self._choose(filedialog.askopenfilenames(filetypes=[("Excel、WPS", " ".join(FILE_KINDS))]) or ())

    def _folder(self) -> None:
        from tkinter import filedialog

        folder = filedialog.askdirectory(mustexist=True)
        self._choose([folder] if folder else ())

    def _choose(self, paths: Iterable[str]) -> None:
        if paths:
            self.session.choose(paths)
            self.chosen.set(self.session.chosen)

    def _starter(self, action: str) -> Callable[[], None]:
        return lambda: self.start(action)

    def start(self, action: str) -> None:
        """Begin the work; its news are fetched by the window's own clock."""
        for button in (*self.buttons, self.open):
            button.configure(state="disabled")  # type: ignore[call-arg]
        self._done = 0
        threading.Thread(target=self._work, args=(action,), daemon=True).start()
        self.root.after(_POLL, self._listen)

    def _work(self, action: str) -> None:
        self._news.put(self.session.run(action, lambda done, total: self._news.put((done, total))))

    def _listen(self) -> None:
        while not self._news.empty():
            news = self._news.get()
            if isinstance(news, Outcome):
                self._finish(news)
                return
            self._done += news[0]
            self.said.set(say("window_working", done=str(self._done), total=str(news[1])))
        self.root.after(_POLL, self._listen)

    def _finish(self, outcome: Outcome) -> None:
        self.result = outcome.result
        self.said.set(outcome.headline)
        self.details.configure(state="normal")
        self.details.delete("1.0", "end")
        self.details.insert("end", "\n".join(outcome.lines))
        self.details.configure(state="disabled")
        for button in self.buttons:
            button.configure(state="normal")  # type: ignore[call-arg]
        self.open.configure(state="normal" if outcome.result else "disabled")

    def _open(self) -> None:
        if self.result is not None:
            show_file(self.result)


def main(paths: Sequence[str] | None = None) -> None:
    """Open the window; files dropped on the program's icon come as arguments."""
    try:
        window = Window(Session(sys.argv[1:] if paths is None else paths))
    except ImportError as missing:
        if missing.name not in ("tkinter", "_tkinter"):
            raise
        from xltools.live import show

        show(say("no_tkinter"), None, bad=True)
        return
    window.root.mainloop()


if __name__ == "__main__":
    main()
