"""Number formats of a workbook: from a cell's style index to its format code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import etree

from xltools.sheets.grid import Unreadable
from xltools.sheets.limits import MAX_STYLES
from xltools.sheets.markup import attribute, children, local, parsed
from xltools.sheets.numberformat import BUILTIN, text_section


@dataclass(frozen=True, eq=False, slots=True)
class Formats:
    """Format codes by style index.  Compared by identity, so it can key a cache cheaply.

    texts: the style indexes whose format changes how a text shows.
    """

    codes: tuple[str, ...]
    texts: frozenset[int] = frozenset()

    def code(self, style: int) -> str:
        """The format code; General for a style the workbook does not define (Excel repairs it so)."""
        return self.codes[style] if style < len(self.codes) else "General"


PLAIN = Formats(("General",))


@lru_cache(maxsize=256)
def formats(data: bytes) -> Formats:
    """The number formats in the bytes of a styles part.  Raises Unreadable."""
    root = parsed(data, "styles")
    custom: dict[int, str] = {}
    codes: list[str] = []
    for child in children(root):
        name = local(child)
        if name == "numFmts":
            for item in children(child):
                if local(item) == "numFmt" and len(custom) < MAX_STYLES:
                    custom[_number(item, "numFmtId")] = attribute(item, "formatCode")
        elif name == "cellXfs":
            listed = islice((item for item in children(child) if local(item) == "xf"), MAX_STYLES)
            ids = [_number(item, "numFmtId") for item in listed]
            codes = [custom.get(i) or BUILTIN.get(i, "General") for i in ids]
    odd = {code for code in set(codes) if text_section(code) is not None}
    texts = frozenset(i for i, code in enumerate(codes) if code in odd)
    return Formats(tuple(codes), texts)


def _number(element: etree._Element, name: str) -> int:
    try:
        return int(attribute(element, name) or 0)
    except ValueError:
        raise Unreadable("damaged", part="styles") from None
