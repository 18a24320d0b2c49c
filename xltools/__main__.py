"""``python -m xltools`` and the console script: answers ``--version`` before anything is imported."""

from __future__ import annotations

import sys

from xltools import __version__


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        print(__version__)
        return
    from xltools.cli import main as run

    run()


if __name__ == "__main__":
    main()
