"""Cells of a sheet as elements: found, made in their place, given a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xltools.model import column_letters
from xltools.package.addresses import Area, area_of, position
from xltools.package.markup import Element, child_of, make
from xltools.package.refusals import Unpatchable
from xltools.quantities import plain
from xltools.sheets.grid import Unreadable
from xltools.sheets.markup import children, local
from xltools.sheets.shifting import shifted


def rows(root: Element) -> Iterator[tuple[int, Element]]:
    data = child_of(root, "sheetData")
    number = 0
    for row in () if data is None else children(data):
        number = int(row.get("r") or number + 1)
        yield number, row


def cells(row: Element) -> Iterator[tuple[int, Element]]:
    column = 0
    for cell in children(row):
        name = cell.get("r")
        column = position(name)[1] if name else column + 1
        yield column, cell


def existing(root: Element, row: int, column: int) -> Element | None:
    found = next((element for number, element in rows(root) if number == row), None)
    if found is None:
        return None
    return next((cell for number, cell in cells(found) if number == column), None)


def cell_at(root: Element, row: int, column: int) -> Element:
    """The cell, made in its place where it is missing, with the format of its row or column."""
    line = row_at(root, row)
    after = None
    for number, cell in cells(line):
        if number == column:
            return cell
        if number > column:
            after = cell
            break
    made = make(line, "c", r=f"{column_letters(column)}{row}")
    if after is None:
        line.append(made)
    else:
        after.addprevious(made)
    style = inherited_style(root, line, column)
    if style:
        made.set("s", style)
    widen(root, line, row, column)
    return made


def row_at(root: Element, row: int) -> Element:
    after = None
    for number, element in rows(root):
        if number == row:
            return element
        if number > row:
            after = element
            break
    data = child_of(root, "sheetData")
    if data is None:
        raise Unreadable("damaged", part="sheetData")
    made = make(data, "row", r=str(row))
    if after is None:
        data.append(made)
    else:
        after.addprevious(made)
    return made


def inherited_style(root: Element, line: Element, column: int) -> str | None:
    if line.get("s") and line.get("customFormat") in ("1", "true"):
        return line.get("s")
    columns = child_of(root, "cols")
    for span in () if columns is None else children(columns):
        if int(span.get("min", "0")) <= column <= int(span.get("max", "0")):
            return span.get("style")
    return None


def widen(root: Element, line: Element, row: int, column: int) -> None:
    """The hints about the used range grow with a new cell."""
    spans = line.get("spans")
    if spans and re.fullmatch(r"\d+:\d+", spans):
        first, last = map(int, spans.split(":"))
        line.set("spans", f"{min(first, column)}:{max(last, column)}")
    dimension = child_of(root, "dimension")
    if dimension is not None and dimension.get("ref"):
        used = area_of(str(dimension.get("ref")))
        wider = Area(
            min(used.top, row), min(used.left, column), max(used.bottom, row), max(used.right, column)
        )
        dimension.set("ref", str(wider))


def merge_over(root: Element, row: int, column: int) -> Area | None:
    merges = child_of(root, "mergeCells")
    for merge in () if merges is None else children(merges):
        area = area_of(merge.get("ref", ""))
        if area.holds(row, column):
            return area
    return None


def refuse_covered(root: Element, cell: str) -> None:
    area = merge_over(root, *position(cell))
    if area and (area.top, area.left) != position(cell):
        raise Unpatchable("covered", cell=cell, range=str(area))


def refuse_array(root: Element, cell: str) -> None:
    for formula in root.iter("{*}f"):
        if formula.get("t") in ("array", "dataTable") and area_of(formula.get("ref", cell)).holds(
            *position(cell)
        ):
            raise Unpatchable("array", cell=cell, range=formula.get("ref", cell))


def release_shared(root: Element, cell: Element) -> None:
    """Cells that borrow the formula of this one get their own text before it goes."""
    master = child_of(cell, "f")
    if master is None or master.get("t") != "shared" or not master.text:
        return
    row, column = position(cell.get("r", ""))
    for formula in root.iter("{*}f"):
        if formula is master or formula.get("t") != "shared" or formula.get("si") != master.get("si"):
            continue
        parent = formula.getparent()
        if parent is None:
            continue
        there = position(parent.get("r", ""))
        formula.text = shifted(master.text, there[0] - row, there[1] - column)
        for name in ("t", "si", "ref"):
            formula.attrib.pop(name, "")


def result_text(value: Decimal | str) -> str:
    return value if isinstance(value, str) else plain(value)


def set_formula(cell: Element, formula: str, value: Decimal | str) -> None:
    for child in [child for child in children(cell) if local(child) in ("f", "v", "is")]:
        cell.remove(child)
    for name in ("t", "cm", "vm"):
        cell.attrib.pop(name, "")
    if isinstance(value, str):
        cell.set("t", "str")
    made, result = make(cell, "f"), make(cell, "v")
    made.text, result.text = formula, result_text(value)
    cell.insert(0, made)
    cell.insert(1, result)
