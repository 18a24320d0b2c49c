"""Fonts, colours and number formats of the consolidated workbook.  One accent, the rest is grey."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

SONG, HEI = "宋体", "黑体"
ACCENT = "#1F4E79"
SOFT = "#DDE7F1"
PALE = "#F4F7FA"
GREY = "#7F7F7F"
LINE = "#C9CFD6"
RED, AMBER = "#B3261E", "#9C6500"
RED_FILL, AMBER_FILL, BLUE_FILL = "#FBE3E1", "#FFF1CC", "#E3EEF9"

MONEY, RATE, COUNT = "#,##0.00", "0.00", "0"

_KINDS: dict[str, dict[str, Any]] = {
    "text": {"align": "left"},
    "centred": {"align": "center"},
    "money": {"align": "right", "num_format": MONEY},
    "rate": {"align": "right", "num_format": RATE},
    "points": {"align": "right", "num_format": RATE},
    "plain": {"align": "right"},
    "count": {"align": "center", "num_format": COUNT},
    "size": {"align": "right", "num_format": "#,##0"},
    "time": {"align": "center", "num_format": "yyyy-mm-dd hh:mm"},
    "helper": {"align": "right", "font_color": GREY},
    "helper_money": {"align": "right", "font_color": GREY, "num_format": MONEY},
    "marked": {"align": "left", "bg_color": AMBER_FILL, "font_color": AMBER},
    "input": {"align": "left", "bg_color": "#FFFBE6"},
    "link": {"align": "left", "font_color": "#0563C1", "underline": 1},
}


class Look:
    """The formats of a book, made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[str, Format] = {}
        base = {"font_name": SONG, "font_size": 10, "valign": "vcenter", "text_wrap": True}
        lined = base | {"border": 1, "border_color": LINE}
        for name, extra in _KINDS.items():
            self._formats[name] = book.add_format(lined | extra)
            self._formats[f"{name}_total"] = book.add_format(
                lined | extra | {"bold": True, "bg_color": SOFT, "top": 2, "top_color": ACCENT}
            )
        head = lined | {"bold": True, "align": "center"}
        self.head = book.add_format(head | {"bg_color": ACCENT, "font_color": "#FFFFFF"})
        self.helper_head = book.add_format(head | {"bg_color": "#EDEDED", "font_color": GREY, "bold": False})
        self.red = book.add_format({"bg_color": RED_FILL, "font_color": RED})
        self.amber = book.add_format({"bg_color": AMBER_FILL, "font_color": AMBER})
        self.blue = book.add_format({"bg_color": BLUE_FILL, "font_color": ACCENT})
        self._base = base

    def __getitem__(self, name: str) -> Format:
        return self._formats[name]

    def number_of(self, name: str) -> int:
        """The style number a cell carries in the file."""
        return int(self._formats[name]._get_xf_index())

    def words_style(self, name: str, total: bool) -> str:
        """For words in a column of numbers: the same cell, centred."""
        numbers = ("money", "rate", "points", "plain", "count", "size", "time")
        return ("centred" if name in numbers else name) + ("_total" if total else "")

    def free(self, **extra: Any) -> Format:
        """A format for a single place, without borders."""
        return self._book.add_format(self._base | extra)
