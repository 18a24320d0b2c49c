"""Which texts are numbers and quantities, and which only begin like one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltools.locate import money_unit_in
from xltools.quantities import in_money_unit, parse_number, parse_quantity
from xltools.vocabulary import vocabulary

UNITS = ["个", "人次", "平方公里", "元/人·次", "立方米/秒", "个工作日", "mg/L", "万平方米", "公里"]
numbers = st.integers(0, 10**6)


@pytest.mark.parametrize(
    "text", ["2.上年结转资金", "1.完成系统建设", "1.软件", "1、完成", "1、", "1+X证书", "12345热线畅通"]
)
def test_numbering_and_words_are_no_quantity(text: str) -> None:
    assert parse_number(text) is None
    assert parse_quantity(text) is None


@given(numbers, st.sampled_from(UNITS), st.sampled_from(["", " "]))
def test_a_number_with_its_unit_is_a_quantity(number: int, unit: str, blank: str) -> None:
    found = parse_quantity(f"{number}{blank}{unit}")
    assert found is not None
    assert (found.number, found.unit) == (Decimal(number), unit)


@given(numbers, st.sampled_from([" ", "\n", "\r\n", "\u3000", "\t"]), numbers, st.sampled_from(["", "个"]))
def test_parted_digits_are_two_numbers(first: int, gap: str, second: int, unit: str) -> None:
    assert parse_quantity(f"{first}{gap}{second}{unit}") is None


def test_every_unit_of_money_can_be_converted() -> None:
    for unit in vocabulary().money_units:
        whole = in_money_unit(Decimal(1), unit, "元")
        assert whole is not None
        assert in_money_unit(whole, "元", unit) == 1
        assert money_unit_in(f"项目资金（{unit}）") == unit


def test_more_digits_than_a_number_has_are_words() -> None:
    assert parse_number("9" * 15) is not None
    assert parse_number("9" * 1_000_000) is None
