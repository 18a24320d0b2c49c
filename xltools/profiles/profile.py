"""A scoring profile: the official numbers of one region, from a TOML that finance staff can read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from xltools.model import Grade, Level1, Tier

DEFAULT = "national"
_REVERSE = {"difference", "ratio"}
_HUNDRED = Decimal(100)


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


def _names(section: str, given: Mapping[str, object], known: tuple[str, ...], *, all_: bool) -> None:
    """Refuse a name that is none of the known, or one that is missing where all are needed."""
    for name in given:
        if name not in known:
            raise ValueError(f"{section} 中的 {name} 无法识别，只能是 {'、'.join(known)}")
    for name in known:
        if all_ and name not in given:
            raise ValueError(f"{section} 中缺少 {name}")


def _in_range(name: str, value: object, most: Decimal | None = None) -> None:
    number = Decimal(str(value))
    if not number.is_finite() or number < 0 or (most is not None and number > most):
        raise ValueError(
            f"{name} 不能是 {value}，应" + ("不小于 0" if most is None else f"在 0 到 {most} 之间")
        )


def _check_numbers(data: dict[str, Any]) -> None:
    _in_range("weights.total", data["weights"]["total"])
    _in_range("execution.weight", data["execution"]["weight"], Decimal(data["weights"]["total"]))
    _in_range("execution.reason_below", data["execution"]["reason_below"], _HUNDRED)
    for section in ("tolerance", "comparison"):
        for name, value in data.get(section, {}).items():
            _in_range(f"{section}.{name}", value)
    for name, value in data["indicators"].items():
        if name != "reverse":
            _in_range(f"indicators.{name}", value)


def _check_weights(data: dict[str, Any]) -> None:
    for usual in data["weights"]["usual"]:
        _names("weights.usual", usual, get_args(Level1), all_=False)
        for name, value in usual.items():
            _in_range(f"weights.usual.{name}", value, Decimal(data["weights"]["total"]))


def _check_grades(grades: Mapping[str, Any]) -> None:
    """The names and their order, best first; the lowest begins at 0, so that every score has a grade."""
    best_first = get_args(Grade)
    _names("grades", grades, best_first, all_=True)
    for name in best_first:
        _in_range(f"grades.{name}", grades[name])
    for better, worse in pairwise(best_first):
        if grades[better] <= grades[worse]:
            raise ValueError(f"grades.{better} 应大于 grades.{worse}")
    if grades[best_first[-1]] != 0:
        raise ValueError(f"grades.{best_first[-1]} 应为 0")


def _check_tiers(tiers: Mapping[str, Any]) -> None:
    best_first = get_args(Tier)
    _names("tiers", tiers, best_first, all_=True)
    for name in best_first:
        if not isinstance(tiers[name], list) or len(tiers[name]) != 2:
            raise ValueError(f"tiers.{name} 应写成 [下限, 上限]")
        low, high = tiers[name]
        _in_range(f"tiers.{name}", low, _HUNDRED)
        _in_range(f"tiers.{name}", high, _HUNDRED)
        if low >= high:
            raise ValueError(f"tiers.{name} 的下限应小于上限")
    for better, worse in pairwise(best_first):
        if tiers[better][0] < tiers[worse][1]:
            raise ValueError(f"tiers.{better} 的下限不能小于 tiers.{worse} 的上限")


def _check(data: dict[str, Any]) -> None:
    """A slip of the pen must not score a whole region wrongly."""
    _check_numbers(data)
    _check_weights(data)
    _check_grades(data["grades"])
    _check_tiers(data["tiers"])


def _build(data: dict[str, Any]) -> Profile:
    _check(data)
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
