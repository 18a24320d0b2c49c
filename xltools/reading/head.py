"""Title, year, names, money unit and goals: what stands above the bands, and between them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast

from xltools.locate import FormPlaces, HeadPlace, Page, money_unit_in
from xltools.locate.head import inline_value
from xltools.locate.places import Position
from xltools.model import Entry, MoneyUnit, Place, entry_of
from xltools.reading.cells import answer
from xltools.reading.meanings import as_answer
from xltools.reading.spots import NOWHERE, Cells, Spot, spot_at

_LONGEST_STATEMENT = 80
"""Characters of a text that may state the year."""
_LABELLED, _FISCAL, _NAMED = range(3)
_YEAR_LABEL = re.compile(r"[^\d,。;:]{0,4}年度:?")
_YEAR_BEHIND_LABEL = re.compile(r"[^\d,。;:]{0,4}年度:(20\d{2})(?:年度?)?")
_FISCAL_YEAR = re.compile(r"(?<!\d)(20\d{2})年度")
_YEAR_ALONE = re.compile(r"\(?(20\d{2})(?:年度?)?\)?")
_YEAR_IN_TITLE = re.compile(r"(?<!\d)(?<![〔\[【])(20\d{2})(?!\d|年\d|[-./]\d)")
_SENTENCE = re.compile(r"[,。;!]")
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
    entry = answer(cells, field.spot)
    if not field.inline or entry.state != "ok":
        return entry
    value, state = as_answer(inline_value(entry.raw))
    return entry._replace(value=value, state=state)


# --- the year ---------------------------------------------------------------------------------


def stated_year(page: Page, plan: HeadPlan) -> Entry[int]:
    """The year a form states above its first label: behind 年度, else as 20xx年度, else in its title.

    A date, a document number or a sentence that mentions a year states none.
    """
    best: tuple[int, Position, int] | None = None
    for row, column in _year_candidates(page, plan):
        rank, year = _year_at(page, row, column, (row, column) == plan.title.at)
        if year and (best is None or rank < best[0]):
            best = rank, (row, column), year
    if best is None:
        return plan.title.blank
    _, at, year = best
    return Entry(year, page.cells[at].text, "ok", Place(page.grid.name, *at))


def _year_candidates(page: Page, plan: HeadPlan) -> list[Position]:
    """The title first, then the rows above the first label."""
    above = [(row, column) for row in page.between(plan.top, plan.above_labels) for column in page.rows[row]]
    return above if plan.title is NOWHERE else [plan.title.at, *above]


def _year_at(page: Page, row: int, column: int, is_title: bool) -> tuple[int, int | None]:
    _, kind, text, _, _ = page.cells[row, column]
    if kind != "text" or len(text) > _LONGEST_STATEMENT:
        return 0, None
    if _YEAR_LABEL.fullmatch(_folded(text)):
        after = page.cells.get((row, page.right_of(row, column) + 1))
        found = _YEAR_ALONE.fullmatch(_folded(after.text)) if after else None
        return _LABELLED, int(found[1]) if found else None
    return _year_in(text, is_title)


def _folded(text: str) -> str:
    """Without blanks, and with a year in Chinese digits as a number."""
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return _CHINESE_YEAR.sub(lambda found: f"20{found[1].translate(_CHINESE_DIGITS)}年", folded)


@lru_cache(maxsize=1024)
def _year_in(text: str, is_title: bool) -> tuple[int, int | None]:
    """How plainly a text states a year, the plainest first, and the year."""
    folded = _folded(text)
    if found := _YEAR_BEHIND_LABEL.fullmatch(folded):
        return _LABELLED, int(found[1])
    if _SENTENCE.search(folded):
        return 0, None
    if found := _FISCAL_YEAR.search(folded):
        return _FISCAL, int(found[1])
    found = _YEAR_IN_TITLE.search(folded) if is_title else _YEAR_ALONE.fullmatch(folded)
    return _NAMED, int(found[1]) if found else None


# --- the money unit ---------------------------------------------------------------------------


def stated_money_unit(cells: Cells, plan: HeadPlan) -> tuple[Entry[MoneyUnit], str | None]:
    """The unit the amounts are read in, and the one the form states.

    They differ for all but 万元 and 元: the others are converted.
    """
    if plan.money_label is NOWHERE:
        return Entry(None), None
    text, place = cells[plan.money_label.at].text, plan.money_label.place
    stated = money_unit_in(text)
    unit = cast("MoneyUnit", stated if stated in ("万元", "元") else "万元")
    note = None if stated == unit else "money_converted"
    return entry_of((unit, text, "ok", place, None, note)), stated
