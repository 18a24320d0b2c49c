"""What the modules of the fast path share: how they refuse, and what character data says.

They never guess: whatever is not written as strictly as they expect, they refuse.
"""

from __future__ import annotations

import re
from typing import NoReturn

from xltools.sheets import cells as make

_SPECIAL = re.compile("[&\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\\]\\]>")
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class NotPlain(Exception):
    """Something the fast path does not understand."""


def refuse() -> NoReturn:
    raise NotPlain


def decoded(raw: bytes) -> str:
    """Character data as an XML parser and then Excel would read it."""
    text = raw.decode()
    if _SPECIAL.search(text):
        bare = text.replace("\r\n", "\n").replace("\r", "\n")
        if _SPECIAL.search(bare.replace("&", "")) or bare.count("&") != len(_REFERENCE.findall(bare)):
            refuse()
        text = _REFERENCE.sub(_referred, bare)
    return make.unescape(text)


def checked(markup: bytes) -> None:
    """Refuse markup that is no UTF-8 or holds a character XML does not know."""
    if _NEVER.search(markup.decode()):
        refuse()


def _referred(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    if (code < 32 and code not in (9, 10, 13)) or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF):
        refuse()
    return chr(code)
