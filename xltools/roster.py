"""A roster: which units are to report which projects, from .xlsx or .csv, as offices keep them."""

from __future__ import annotations

import os
from typing import NamedTuple

from xltools.quantities import parse_number
from xltools.refusal import Refusal
from xltools.table_reading import TableRow, read_table

HEADINGS = {
    "unit": ("实施单位", "单位名称", "单位", "项目单位", "预算单位", "填报单位"),
    "project": ("项目名称", "项目"),
    "department": ("主管部门", "主管部门（单位）", "上级部门"),
    "year": ("年度", "评价年度", "预算年度"),
    "initial_budget": ("年初预算数", "年初预算", "年初预算数（万元）"),
    "annual_budget": ("全年预算数", "全年预算", "全年预算数（万元）"),
    "contact": ("联系人",),
    "phone": ("联系电话", "电话"),
}
_TOTALS = ("合计", "总计", "小计")


class RosterRow(NamedTuple):
    """number: the row in the file, 1-based.  year None and amounts "" where the roster has none;
    an amount is the text of a number."""

    number: int
    unit: str
    project: str = ""
    department: str = ""
    year: int | None = None
    initial_budget: str = ""
    annual_budget: str = ""
    contact: str = ""
    phone: str = ""


def read_roster(path: str | os.PathLike[str]) -> tuple[RosterRow, ...]:
    """The rows that name a unit.  A blank unit below a named one is the same unit: merged cells.

    Raises Refusal when the file cannot be read, has no column 实施单位 or names nobody.
    """
    table = read_table(path, HEADINGS, ("unit",))
    if table is None:
        raise Refusal("roster_headers", path=os.fspath(path))
    rows, unit, department = [], "", ""
    for each in table:
        unit, department = each["unit"] or unit, each["department"] or ("" if each["unit"] else department)
        if unit and not unit.startswith(_TOTALS) and (each["unit"] or each["project"]):
            rows.append(_row(each, unit, department))
    if not rows:
        raise Refusal("roster_empty", path=os.fspath(path))
    return tuple(rows)


def _row(each: TableRow, unit: str, department: str) -> RosterRow:
    year = parse_number(each["year"].removesuffix("年度").removesuffix("年")) if each["year"] else None
    return RosterRow(
        each.number,
        unit,
        each["project"],
        department,
        int(year.value) if year and 2000 <= year.value <= 2099 else None,
        each["initial_budget"],
        each["annual_budget"],
        each["contact"],
        each["phone"],
    )
