"""``python -m xltools`` and the console script: starts with as little as the call needs."""

from __future__ import annotations

import gc
import sys

from xltools import __version__

_CONTAINERS_BETWEEN_COLLECTIONS = 100_000  # loading modules leaves hardly a cycle behind


def _command(words: list[str]) -> int:
    """Plain calls of what runs over thousands of files, and in scripts, start without typer."""
    from xltools import cli
    from xltools.declaring import Command, plain_call

    lean: dict[str, Command] = {"merge": cli.merge, "validate": cli.validate}
    command = lean.get(words[0]) if words else None
    call = plain_call(command, words[1:]) if command else None
    if call is not None:
        return call()
    from xltools.app import app

    app()  # takes the words from sys.argv, with what Windows leaves to programs, and exits
    return 0


def _reader_gone() -> int:
    """Who read standard output has left, as `head` does: that is no failure to talk about."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def run(words: list[str]) -> int:
    """Every failure ends in one sentence and exit code 2."""
    from xltools.console import asked_lang, explain, tame_streams, tell
    from xltools.messages.console import say

    tame_streams()
    try:
        return _command(words)
    except KeyboardInterrupt:
        tell(say("interrupted", asked_lang()))
    except BrokenPipeError:
        return _reader_gone()
    except Exception as failure:
        tell(explain(failure, asked_lang()))
    return 2


def main() -> None:
    words = sys.argv[1:]
    if words == ["--version"]:
        print(__version__)
        return
    gc.set_threshold(_CONTAINERS_BETWEEN_COLLECTIONS)
    try:
        sys.exit(run(words))
    finally:
        gc.freeze()  # the interpreter would search everything for cycles once more, and then end


if __name__ == "__main__":
    main()
