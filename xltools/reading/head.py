"""Title, year, names, money unit and goals: what stands above the bands, and between them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast

from xltools.locate import FormPlaces, HeadPlace, Page, money_unit_in
from xltools.locate.head import inline_value
from xltools.model import Entry, MoneyUnit, Place, entry_of
from xltools.reading.cells import words
from xltools.reading.spots import NOWHERE, Cells, Spot, spot_at

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)\s*年?")
_CHINESE_YEAR = re.compile(r"二[〇零○]([〇零○一二三四五六七八九]{2})年")
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


class Field(NamedTuple):
    """A head field.  inline: its value stands behind its label in the same cell."""

    spot: Spot = NOWHERE
    inline: bool = False


_NO_FIELD = Field()


@dataclass(slots=True, eq=False)
class HeadPlan:
    """Rows from ``top`` to ``above_labels`` may state the year."""

    top: int
    above_labels: int
    money_label: Spot
    title: Spot
    project: Field
    department: Field
    unit: Field
    goal_expected: Spot
    goal_actual: Spot


def plan_head(places: FormPlaces, sheet: str) -> HeadPlan:
    labels = [place.label[0] for place in places.head.values() if not place.inline]
    project = _field(places, sheet, "project_name")
    stated = {"supervising_department", "implementing_unit"} & places.head.keys()
    if project is _NO_FIELD and not stated:  # a whole department's form names only itself
        department = _field(places, sheet, "department_name", "unit_name")
    else:
        department = _field(places, sheet, "supervising_department", "central_department", "department_name")
    return HeadPlan(
        top=places.top,
        above_labels=min(labels, default=places.top) - 1,
        money_label=spot_at(sheet, places.money_label),
        title=spot_at(sheet, places.title),
        project=project,
        department=department,
        unit=_field(places, sheet, "implementing_unit", "unit_name"),
        goal_expected=_goal(places, sheet, "goal_expected"),
        goal_actual=_goal(places, sheet, "goal_actual"),
    )


def _field(places: FormPlaces, sheet: str, *names: str) -> Field:
    """The first of several head fields that the form has."""
    found = next((places.head[name] for name in names if name in places.head), None)
    return head_field(found, sheet)


def head_field(place: HeadPlace | None, sheet: str) -> Field:
    return Field(spot_at(sheet, place.value), place.inline) if place else _NO_FIELD


def _goal(places: FormPlaces, sheet: str, name: str) -> Spot:
    place = places.goals.get(name)
    return spot_at(sheet, place.value) if place else NOWHERE


def head_value(cells: Cells, field: Field) -> Entry[str]:
    entry = words(cells, field.spot)
    return entry._replace(value=inline_value(entry.raw)) if field.inline else entry


# --- the year ---------------------------------------------------------------------------------


def stated_year(page: Page, plan: HeadPlan) -> Entry[int]:
    """The year that the title, or a row above the form's first label, states."""
    candidates = [] if plan.title is NOWHERE else [plan.title.at]
    candidates += [
        (row, column) for row in page.between(plan.top, plan.above_labels) for column in page.rows[row]
    ]
    for row, column in candidates:
        _, kind, text, _, _ = page.cells[row, column]
        year = _year_in(text) if kind == "text" else None
        if year:
            return Entry(year, text, "ok", Place(page.grid.name, row, column))
    return plan.title.blank


@lru_cache(maxsize=1024)
def _year_in(text: str) -> int | None:
    folded = unicodedata.normalize("NFKC", text)
    if found := _YEAR.search(folded):
        return int(found[1])
    if found := _CHINESE_YEAR.search(folded):
        return int("20" + found[1].translate(_CHINESE_DIGITS))
    return None


# --- the money unit ---------------------------------------------------------------------------


def stated_money_unit(cells: Cells, plan: HeadPlan) -> tuple[Entry[MoneyUnit], str | None]:
    """The unit the amounts are read in, and the one the form states.

    They differ only for 亿元 and 千元, which are converted.
    """
    if plan.money_label is NOWHERE:
        return Entry(None), None
    text, place = cells[plan.money_label.at].text, plan.money_label.place
    stated = money_unit_in(text)
    unit = cast("MoneyUnit", stated if stated in ("万元", "元") else "万元")
    note = None if stated == unit else "money_converted"
    return entry_of((unit, text, "ok", place, None, note)), stated
