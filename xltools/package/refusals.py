"""Why a workbook cannot be changed."""

from __future__ import annotations

from xltools.messages.patching import UNPATCHABLE


class Unpatchable(Exception):
    """A change that cannot be made.

    ``code`` is a key of ``messages.patching.UNPATCHABLE``; the details name file or cell.
    """

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code, self.details = code, details

    def __str__(self) -> str:
        return UNPATCHABLE[self.code][0].format(**self.details)
