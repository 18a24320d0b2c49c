"""What the template says of itself and what the rules say of it are the same, by a second engine."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from office import convert, every_grid
from random_forms import random_form

from xltools.form_sheet import FormContent
from xltools.model import Finding
from xltools.profiles import load_profile
from xltools.reading import read_file
from xltools.rulebook import check
from xltools.scoring import assess
from xltools.sheet_checks.pages import FIRST_LINE
from xltools.sheet_checks.verdicts import MISSING, OPEN, RIGHT, SHEET, WRONG
from xltools.template import PROFILES, save_checked


def said_by_sheet(path: Path) -> dict[str, tuple[str, int, str]]:
    """code -> (verdict, number of cells, first cell) as calculated."""
    grid = next(grid for grid in every_grid(path) if grid.name == SHEET)
    texts = {place: cell.text for place, cell in grid.cells.items()}
    codes = {row: text for (row, column), text in texts.items() if column == 1 and row >= FIRST_LINE}
    return {code: (texts[row, 4], int(texts[row, 5]), texts.get((row, 8), "")) for row, code in codes.items()}


def said_by_rules(path: Path, layout: str) -> list[Finding]:
    (form,) = read_file(str(path)).forms
    profile = load_profile(PROFILES[layout])
    return list(check(form, profile, assess(form, profile)))


UNSAID = {("GOA-03", "similar"), ("SCO-10", "total")}
"""What only `validate` says: similar goals, and a 总分 whose formula somebody deleted."""


def disagreements(path: Path, layout: str) -> list[tuple[str, str, object, object]]:
    found = said_by_rules(path, layout)
    wrong = []
    for code, (verdict, count, cell) in said_by_sheet(path).items():
        rules = [each for each in found if each.code == code and (code, each.variant) not in UNSAID]
        cells = {cell for each in rules for cell in each.cells}
        at_fault = verdict == (OPEN if code in MISSING else WRONG)
        if bool(count) != bool(rules) or (cell and cell not in cells) or (at_fault and not count):
            wrong.append((path.name, code, (verdict, count, cell), rules))
        if verdict == RIGHT and rules:
            wrong.append((path.name, code, (verdict, count, cell), rules))
    return wrong


def recalculated(folder: Path, forms: list[FormContent]) -> list[Path]:
    files = []
    for number, content in enumerate(forms):
        path = folder / f"form{number}.xlsx"
        save_checked(path, content)
        files.append(path)
    return convert(files, "xlsx", folder)


@pytest.mark.office
@pytest.mark.parametrize(("layout", "count"), [("nmg-12", 110), ("mof-std", 60)])
def test_sheet_and_rules_agree_on_forms_filled_at_random(tmp_path, layout, count):
    """Other seeds and thousands of forms: change the two numbers."""
    rng = random.Random(2023)
    forms = [random_form(rng, layout) for _ in range(count)]
    wrong, verdicts = [], set()
    for path in recalculated(tmp_path, forms):
        wrong += disagreements(path, layout)
        verdicts |= {(code, each[0]) for code, each in said_by_sheet(path).items()}
    assert wrong == []
    said = {code for code, _ in verdicts}
    assert {code for code, verdict in verdicts if verdict != RIGHT} == said  # every line was seen to object
