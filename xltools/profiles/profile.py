"""A scoring profile: the official numbers of one region, from a TOML that finance staff can read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from xltools.model import Grade, Level1, Tier

DEFAULT = "national"
_REVERSE = {"difference", "ratio"}


class ProfileError(ValueError):
    """A profile that does not exist or does not hold what a profile must."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Scores and weights in points, rates and tier bounds in percent, money in the form's unit.

    usual_weights: level-1 splits that need no explanation.  grades: lower bound, best first.
    tiers: (lower, upper) share of the weight in percent; upper exclusive but for the first.
    reverse_forms: accepted formulas for a reverse indicator that missed its target:
        "difference" 1-(A-T)/T, "ratio" T/A.
    budget_change (percent), rate_change, score_change (points): beyond it last year's figures differ much.
    """

    name: str
    title: str
    basis: str
    execution_weight: Decimal
    reason_below: Decimal
    row_tolerance: Decimal
    total_tolerance: Decimal
    rate_tolerance: Decimal
    amount_tolerance: Decimal
    weight_tolerance: Decimal
    total_weight: Decimal
    usual_weights: tuple[Mapping[Level1, Decimal], ...]
    grades: tuple[tuple[Grade, Decimal], ...]
    tiers: Mapping[Tier, tuple[Decimal, Decimal]]
    over_achievement: Decimal
    reason_required: Decimal
    copied_share: Decimal
    copied_rows: int
    copied_goal: Decimal
    reverse_forms: tuple[str, ...]
    budget_change: Decimal
    rate_change: Decimal
    score_change: Decimal


def available() -> tuple[str, ...]:
    """The names of the profiles that ship with the package."""
    folder = files("xltools.profiles")
    return tuple(sorted(item.name[:-5] for item in folder.iterdir() if item.name.endswith(".toml")))


@cache
def load_profile(name: str = DEFAULT) -> Profile:
    """A shipped profile by name, or any TOML file by path.

    Raises ProfileError with a sentence that names what is missing.
    """
    path = Path(name)
    if name in available():
        text = files("xltools.profiles").joinpath(f"{name}.toml").read_text("utf-8")
    elif path.suffix == ".toml" and path.is_file():
        text = path.read_text("utf-8-sig")
    else:
        raise ProfileError(f"没有名为“{name}”的评分口径；可用：{'、'.join(available())}，或一个 .toml 文件")
    try:
        return _build(tomllib.loads(text, parse_float=Decimal))
    except KeyError as missing:
        raise ProfileError(f"评分口径“{name}”缺少 {missing.args[0]}") from missing
    except (tomllib.TOMLDecodeError, ValueError, TypeError, ArithmeticError) as wrong:
        raise ProfileError(f"评分口径“{name}”无法读取：{wrong}") from wrong


def _build(data: dict[str, Any]) -> Profile:
    execution, tolerance, indicators = data["execution"], data["tolerance"], data["indicators"]
    reverse = tuple(indicators["reverse"])
    change = data.get("comparison", {})
    if not reverse or not set(reverse) <= _REVERSE:
        raise ValueError(f"reverse 只能取 {sorted(_REVERSE)}")
    return Profile(
        name=str(data["name"]),
        title=str(data["title"]),
        basis=str(data["basis"]),
        execution_weight=Decimal(execution["weight"]),
        reason_below=Decimal(execution["reason_below"]),
        row_tolerance=Decimal(tolerance["row"]),
        total_tolerance=Decimal(tolerance["total"]),
        rate_tolerance=Decimal(tolerance["rate"]),
        amount_tolerance=Decimal(tolerance["amount"]),
        weight_tolerance=Decimal(tolerance["weight"]),
        total_weight=Decimal(data["weights"]["total"]),
        usual_weights=tuple({k: Decimal(v) for k, v in usual.items()} for usual in data["weights"]["usual"]),
        grades=tuple(
            sorted(((g, Decimal(low)) for g, low in data["grades"].items()), key=lambda pair: -pair[1])
        ),
        tiers={tier: (Decimal(low), Decimal(high)) for tier, (low, high) in data["tiers"].items()},
        over_achievement=Decimal(indicators["over_achievement"]),
        reason_required=Decimal(indicators["reason_required"]),
        copied_share=Decimal(indicators["copied_share"]),
        copied_rows=int(indicators["copied_rows"]),
        copied_goal=Decimal(indicators["copied_goal"]),
        reverse_forms=reverse,
        budget_change=Decimal(change.get("budget", 20)),
        rate_change=Decimal(change.get("rate", 10)),
        score_change=Decimal(change.get("score", 5)),
    )
