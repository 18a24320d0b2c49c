"""A run that cannot go on for a reason a person can remove."""

from __future__ import annotations

from xltools.messages.refusals import refusal


class Refusal(ValueError):
    """``code`` is a key of ``messages.refusals.REFUSALS``; as text it is the sentence in Chinese."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(refusal(code, "zh", **details))
        self.code = code
        self.details = details
