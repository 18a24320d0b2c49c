"""Word documents in a folder of returns.

Some units send the form as a table in Word; others send a workbook and a report that repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xltools.collecting import is_word
from xltools.model import Identity
from xltools.rulebook import form_key, usual_year


class Met(NamedTuple):
    """A file that was opened, and the forms in it.  empty: it could be read and holds none."""

    path: str
    empty: bool
    forms: Sequence[Identity]


def word_copies(files: Sequence[Met], named: Iterable[str] = (), year: int | None = None) -> dict[str, str]:
    """Word documents to pass over -> the reason, a key of ``messages.reasons.REASONS``.

    Those without a form, and those all of whose forms came as workbooks, too.  A file that was
    ``named`` itself is never passed over.  year: what the batch is about, unless it is that of most forms.
    """
    spared = set(named)
    year = year or usual_year(form for file in files for form in file.forms)
    keys = {form_key(form, year) for file in files if not is_word(file.path) for form in file.forms} - {None}
    found = {}
    for file in files:
        if is_word(file.path) and file.path not in spared:
            if file.empty:
                found[file.path] = "word_without_form"
            elif file.forms and all(form_key(form, year) in keys for form in file.forms):
                found[file.path] = "word_copy"
    return found
