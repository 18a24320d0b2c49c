"""A profile that was edited by hand is refused where it would score wrongly."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from xltools.profiles import ProfileError, available, load_profile

NATIONAL = files("xltools.profiles").joinpath("national.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("there", "instead", "told"),
    [
        ("excellent = 90\n", "", "excellent"),
        ("excellent = 90", "excelent = 90", "excelent"),
        ("good = 80", "good = 95", "grades.excellent"),
        ("poor = 0", "poor = 10", "grades.poor"),
        ("partial = [60, 80]\n", "", "partial"),
        ("missed = [0, 60]", "mised = [0, 60]", "mised"),
        ("partial = [60, 80]", "partial = [80, 60]", "tiers.partial"),
        ("achieved = [80, 100]", "achieved = [70, 100]", "tiers.achieved"),
        ("achieved = [80, 100]", "achieved = [80]", "tiers.achieved"),
        ("weight = 10 ", "weight = -10 ", "execution.weight"),
        ("reason_below = 90", "reason_below = 900", "execution.reason_below"),
        ("row = 0.01", "row = -0.01", "tolerance.row"),
        ("{ output = 50, benefit = 40 }", "{ outputs = 50, benefit = 40 }", "outputs"),
    ],
)
def test_a_slip_is_refused_by_its_name(tmp_path: Path, there: str, instead: str, told: str) -> None:
    assert there in NATIONAL
    path = tmp_path / "本地.toml"
    path.write_text(NATIONAL.replace(there, instead, 1), "utf-8")
    with pytest.raises(ProfileError, match=told):
        load_profile(str(path))


def test_what_ships_is_accepted() -> None:
    assert all(load_profile(name).name == name for name in available())
