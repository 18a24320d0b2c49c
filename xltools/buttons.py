"""What the buttons in Excel call, one line a button: ``RunPython "import xltools.buttons; …"``."""

from __future__ import annotations

from xltools.excel import actions
from xltools.live import press


def validate() -> None:
    press(actions.validate)


def fill() -> None:
    press(actions.fill)


def merge() -> None:
    press(actions.merge)


def report() -> None:
    press(actions.report)


def write_report() -> None:
    press(actions.write_report)


def undo() -> None:
    press(actions.undo)
