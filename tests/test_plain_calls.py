"""Calls read without typer: whatever is accepted arrives exactly as typer would deliver it."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from xltools import cli
from xltools.app import for_typer
from xltools.declaring import Argument, Command, Parameter, parameters, plain_call

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples" / "2023"
COMMANDS: dict[str, Command] = {"merge": cli.merge, "validate": cli.validate}
LEAST = {"merge": ["报送", "-o", "汇总.xlsx"], "validate": ["报送"]}
TEXTS = {
    "profile": "nmg",
    "scheduler": "tcp://127.0.0.1:8786",
    "unit_sheets": "7",
    "jobs": "3",
    "year": "2023",
}


class Recorder:
    """A command that only remembers what it was called with, read by typer and plainly."""

    def __init__(self, command: Command) -> None:
        @functools.wraps(command)
        def record(**given: Any) -> int:
            self.seen = given
            return 0

        self.record, self.seen = record, dict[str, Any]()
        self.defaults = {each.name: each.default for each in parameters(command)}
        app = typer.Typer(rich_markup_mode=None)
        app.command()(for_typer(record))
        self.typed = typer.main.get_command(app)

    def by_typer(self, words: list[str]) -> dict[str, Any] | None:
        try:
            code = self.typed.main(words, standalone_mode=False)
        except Exception as wrong:
            if not hasattr(wrong, "exit_code"):  # which an error of the call has
                raise
            return None
        return None if code else self.seen

    def plainly(self, words: list[str]) -> dict[str, Any] | None:
        call = plain_call(self.record, words)
        if call is None:
            return None
        assert call() == 0
        return {**self.defaults, **self.seen}


RECORDERS = {name: Recorder(command) for name, command in COMMANDS.items()}


def same(ours: dict[str, Any], theirs: dict[str, Any] | None) -> bool:
    return theirs is not None and {key: (type(value), value) for key, value in ours.items()} == {
        key: (type(value), value) for key, value in theirs.items()
    }


def spellings(option: Parameter) -> list[list[str]]:
    """Every plain way to give an option."""
    if option.kind is bool:
        return [[name] for name in option.names]
    text = TEXTS.get(option.name, "甲 乙.xlsx")
    if isinstance(option.kind, type) and issubclass(option.kind, str) and option.kind not in (str, Path):
        text = list(option.kind)[-1]
    long = [[f"{name}={text}"] for name in option.names if name.startswith("--")]
    return [[name, text] for name in option.names] + long


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_both_ways(name: str) -> None:
    recorder = RECORDERS[name]
    for option in parameters(COMMANDS[name]):
        if isinstance(option.info, Argument):
            continue
        for words in spellings(option):
            rest = LEAST[name] if option.name != "output" else LEAST[name][:1]
            for call in ([*rest, *words], [*words, *rest]):
                ours = recorder.plainly(call)
                assert ours is not None, call
                assert same(ours, recorder.by_typer(call)), call
                assert ours[option.name] != option.default, call


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("merge", []),
        ("merge", ["报送"]),
        ("merge", ["报送", "-o"]),
        ("merge", ["报送", "-o", ""]),
        ("merge", ["报送", "-o", "-x"]),
        ("merge", ["报送", "-ox"]),
        ("merge", ["报送", "多余", "-o", "x"]),
        ("merge", ["报送", "-o", "x", "-o", "y"]),
        ("merge", ["报送", "-o", "x", "--output", "y"]),
        ("merge", ["-o", "x", "--", "报送"]),
        ("merge", ["报送", "-o", "x", "--latest=1"]),
        ("merge", ["报送", "-o", "x", "--late"]),
        ("merge", ["报送", "-o", "x", "--year", "1999"]),
        ("merge", ["报送", "-o", "x", "--year", "２０２３"]),
        ("merge", ["报送", "-o", "x", "--year", "+2023"]),
        ("merge", ["报送", "-o", "x", "--jobs", "0"]),
        ("merge", ["报送", "-o", "x", "--unit-sheets", "many"]),
        ("merge", ["报送", "-o", "x", "--lang", "fr"]),
        ("merge", ["报送", "-o", "x\udcff"]),
        ("merge", ["--help"]),
        ("validate", []),
        ("validate", [""]),
        ("validate", ["-"]),
        ("validate", ["报送", "-h"]),
        ("validate", ["报送", "--format", "PDF"]),
    ],
)
def test_what_is_unclear_is_left_to_typer(name: str, words: list[str]) -> None:
    assert plain_call(COMMANDS[name], words) is None


def test_names_that_windows_expands_are_left_to_typer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plain_call(cli.validate, ["报送/*.xlsx"]) is not None, "the shell expands, so the name is meant"
    monkeypatch.setattr("xltools.declaring.os", type("Windows", (), {"name": "nt"}))
    for text in ("报送/*.xlsx", "~/报送", "%USERPROFILE%\\报送", "$HOME", "第[12]批"):
        assert plain_call(cli.validate, [text]) is None


WORDS = sorted(
    {name for command in COMMANDS.values() for each in parameters(command) for name in each.names}
    | {"报送", "a b", "x.xlsx", "-", "--", "-1", "0", "3", "2023", "nmg", "all", "none", "json", "xlsx", "en"}
    | {"--latest=1", "--year=2024", "--lang=en", "--output=o.xlsx", "--format=", "-o=1", "-ofoo", "--l", ""}
)


@given(st.sampled_from(sorted(COMMANDS)), st.lists(st.sampled_from(WORDS), max_size=7))
@settings(max_examples=400, deadline=None)
def test_any_call_that_is_read_plainly_is_read_the_same_by_typer(name: str, words: list[str]) -> None:
    for call in (words, [*LEAST[name], *words]):
        ours = RECORDERS[name].plainly(call)
        assert ours is None or same(ours, RECORDERS[name].by_typer(call)), call


# --- the same run ---------------------------------------------------------------------------------------------

TYPED = ["--"]  # ends the options: typer understands it, and nothing else does


def run(*words: object, encoding: str = "utf-8", **more: Any) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "xltools", *map(str, words)],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        timeout=120,
        **more,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_ways_end_the_same(tmp_path: Path, encoding: str, lang: str) -> None:
    gone, target = tmp_path / "没有 🙂", tmp_path / "汇总.xlsx"
    for words, names in (
        (["validate", "--lang", lang], [SAMPLES]),
        (["validate", "--lang", lang, "--format", "json"], [SAMPLES / "阿拉善高新区.xlsx"]),
        (["validate", "--lang", lang, "--format", "xlsx"], [SAMPLES]),
        (["validate", "--lang", lang], [gone]),
        (["validate", f"--lang={lang}", "--profile", "nope"], [SAMPLES]),
        (["merge", "--lang", lang, "-o", target, "--unit-sheets", "1"], [SAMPLES]),
        (["merge", "--lang", lang, "-o", target, "--strict"], [SAMPLES]),
        (["merge", "--lang", lang, "-o", gone / "x" / "y.xlsx", "--units", gone], [SAMPLES]),
    ):
        assert plain_call(COMMANDS[words[0]], [*map(str, words[1:]), *map(str, names)]) is not None
        plainly = run(*words, *names, encoding=encoding)
        assert plainly == run(*words, *TYPED, *names, encoding=encoding), words


@pytest.mark.skipif(os.name == "nt", reason="a terminal made by the test")
@pytest.mark.parametrize("typed", [[], TYPED])
def test_a_terminal_is_shown_the_progress(tmp_path: Path, typed: list[str]) -> None:
    import pty

    parent, child = pty.openpty()
    words = ["merge", "-o", str(tmp_path / "汇总.xlsx"), *typed, str(SAMPLES)]
    process = subprocess.Popen([sys.executable, "-m", "xltools", *words], cwd=ROOT, stderr=child)
    os.close(child)
    shown = b""
    try:
        while part := os.read(parent, 4096):
            shown += part
    except OSError:  # the terminal closes with its process
        pass
    os.close(parent)
    assert process.wait(60) == 1
    assert "正在读取" in shown.decode()
    assert f"{len(list(SAMPLES.iterdir()))}/" in shown.decode()


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise")
def test_a_reader_that_leaves_is_no_failure(tmp_path: Path) -> None:
    for typed in ([], TYPED):
        words = ["validate", "--format", "json", *typed, str(SAMPLES)]
        process = subprocess.Popen(
            [sys.executable, "-m", "xltools", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (1, b"")
        process.stderr.close()
