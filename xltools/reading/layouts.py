"""The family of forms that one belongs to, by the columns it has: a key of ``LAYOUTS``."""

from __future__ import annotations

from collections.abc import Mapping

from xltools.locate import FormPlaces, Span
from xltools.model import Indicator

_WHOLE = {"department_name", "unit_name"}

BY_SIGNS = ""
"""Not yet known: whether signs stand in the nature column decides (`layout_by_signs`)."""


def layout_of(places: FormPlaces, columns: frozenset[str]) -> str:
    """columns: the indicator columns of all headers."""
    funds = places.fund_header.columns if places.fund_header else {}
    if not columns & {"weight", "score"}:
        return "unscored" if "initial_budget" in funds else "transfer"
    if not columns & {"level1", "level2"}:
        return "cq-flat"
    if "weight" not in columns:
        return "hb-ab20"
    if {"nature", "direction", "unit"} <= columns:
        return "nmg-12"
    if {"nature", "unit"} <= columns:
        return _layout_without_direction(places, funds)
    if columns & {"nature", "direction", "unit"}:
        return "other"
    if places.headers and _stands_before(places.headers[0].columns, "weight", "target"):
        return "rural-ab"
    if "project_name" not in places.head and places.head.keys() & _WHOLE:
        return "whole-dept"
    return "mof-std"


def _layout_without_direction(places: FormPlaces, funds: Mapping[str, Span]) -> str:
    """Forms with 指标性质 and 度量单位 but no 指标方向."""
    header = places.headers[0]
    if header.bottom > header.row:
        return "yn-2line"
    return "sc-0013zp" if _stands_before(funds, "execution_rate", "weight") else BY_SIGNS


def layout_by_signs(rows: tuple[Indicator, ...]) -> str:
    signed = any(row.direction.note == "sign_in_nature" for row in rows)
    return "sign-in-nature" if signed else "other"


def _stands_before(columns: Mapping[str, Span], first: str, second: str) -> bool:
    return first in columns and second in columns and columns[first].left < columns[second].left
