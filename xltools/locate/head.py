"""Single cells of a form: its title, the names at its head, the two goal texts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xltools.locate.page import NO_ROLES, Picture, Roles, roles
from xltools.locate.places import HeadPlace, Position

_NEXT_LABEL = re.compile(r"\s+([^\s:：]{2,12})[:：]")


def title(page: Picture, top: int, bottom: int) -> Position | None:
    for row in page.between(top, bottom):
        for column, what in page.labels(row):
            if what.title:
                return row, column
    return None


def head(page: Picture, rows: Iterable[int], right: int | None) -> dict[str, HeadPlace]:
    """项目名称, 主管部门, 实施单位 … as label and value, beside each other or in one cell.

    right: the last column of the table; a value beyond it is somebody's note.
    """
    found: dict[str, HeadPlace] = {}
    inline: dict[str, HeadPlace] = {}
    for row in rows:
        for column, sign in page.texts(row):
            name = sign.roles.head
            if name and name not in found:
                found[name] = HeadPlace((row, column), (row, _value_column(page, row, column, right)))
            elif not name and sign.inline and sign.inline not in inline:
                inline[sign.inline] = HeadPlace((row, column), (row, column))
    return {**inline, **found}


def money_label(page: Picture, top: int, bottom: int) -> Position | None:
    """``项目资金（万元）`` or ``单位：元``, from the first row to the last one of the funds.

    What the label of the funds says holds, whatever stands above the form.
    """
    first: Position | None = None
    for row in page.between(top, bottom):
        for column, sign in page.texts(row):
            if sign.money_unit and sign.roles.band == "funds":
                return row, column
            if sign.money_unit and first is None:
                first = row, column
    return first


def inline_value(text: str) -> str:
    """What stands behind the colon, up to a next label in the same cell."""
    value = text.replace("：", ":").partition(":")[2].strip()
    for found in _NEXT_LABEL.finditer(value):
        what = roles(found[1])
        if what.head or what.band:
            return value[: found.start()].strip()
    return value


def _value_column(page: Picture, row: int, label: int, right: int | None) -> int:
    """The first filled cell right of a label, before the next label; else the cell next to it."""
    beside = page.right_of(row, label) + 1
    for column in page.rows.get(row, ()):
        if column < beside or (column == beside and page.says_again(row, column, label)):
            continue
        if right is not None and column > right:
            return beside
        what = page.roles_at(row, column)
        if what.head or what.goal_column or (column > beside and _is_answered_label(page, row, column)):
            return beside
        return column
    return beside


def _is_answered_label(page: Picture, row: int, column: int) -> bool:
    """Words beyond a gap that ask for something themselves: ``负责人`` with a name right behind it."""
    sign = page.sign(row, column)
    if sign is None or sign.kind != "text" or sign.number:
        return False
    after = page.right_of(row, column) + 1
    answer = page.sign(row, after)
    return sign.asks or (answer is not None and not answer.blank and page.roles_at(row, after) is NO_ROLES)


# --- goals ------------------------------------------------------------------------------------


def goals(page: Picture, rows: list[int], bottom: int, right: int | None) -> dict[str, HeadPlace]:
    """The two goal texts: below their headers when these share a row, else right of their labels."""
    for row in rows:
        labels = _goal_labels(page, row)
        if "goal_expected" in labels and "goal_actual" in labels and not _answered_beside(page, row, labels):
            if "goal_adjusted" in labels and _filled_below(page, row, labels["goal_adjusted"]):
                labels["goal_expected"] = labels["goal_adjusted"]
            labels.pop("goal_adjusted", None)
            below = _row_with_text(page, row, bottom, tuple(labels.values()))
            return {name: HeadPlace((row, column), (below, column)) for name, column in labels.items()}
    found: dict[str, HeadPlace] = {}
    for row in rows:
        for name, column in _goal_labels(page, row).items():
            if name not in found and name != "goal_adjusted":
                found[name] = HeadPlace((row, column), (row, _value_column(page, row, column, right)))
    return found or _goal_beside_band(page, rows, right)


def _goal_labels(page: Picture, row: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, what in page.labels(row):
        if what.goal_column and what.goal_column not in found:
            found[what.goal_column] = column
    return found


def _answered_beside(page: Picture, row: int, labels: dict[str, int]) -> bool:
    """The first text stands between the two labels, on their own row."""
    first, last = sorted((labels["goal_expected"], labels["goal_actual"]))
    return any(
        page.right_of(row, first) < column < last and page.roles_at(row, column) is NO_ROLES
        for column in page.rows[row]
    )


def _filled_below(page: Picture, row: int, column: int) -> bool:
    sign = page.sign(row + 1, column)
    return sign is not None and not sign.blank


def _row_with_text(page: Picture, header: int, bottom: int, columns: tuple[int, ...]) -> int:
    for row in page.between(header + 1, bottom):
        if any(_belongs_elsewhere(what) for _, what in page.labels(row)):
            break
        if any(page.sign(row, column) for column in columns):
            return row
    return header + 1


def _belongs_elsewhere(what: Roles) -> bool:
    elsewhere = what.band in ("funds", "indicators", "other")
    return bool(elsewhere or what.head or what.fund_column or what.fund_row)


def _goal_beside_band(page: Picture, rows: list[int], right: int | None) -> dict[str, HeadPlace]:
    """``年度总体目标`` with its text right beside it, on a form that asks for no more."""
    for row in rows:
        for column, what in page.labels(row):
            if what.band == "goals" and not what.indicator_column:
                beside = _value_column(page, row, column, right)
                if page.sign(row, beside) is not None and page.roles_at(row, beside) is NO_ROLES:
                    return {"goal_expected": HeadPlace((row, column), (row, beside))}
    return {}
