"""Number formats as Excel shows them.  (LibreOffice agreed on all but dates before March 1900.)"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltools.sheets.numberformat import BUILTIN, general, is_percent, shown, shown_text

ACCOUNTING = BUILTIN[43]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("1234.5", "General", "1234.5"),
        ("0.333333333333333", "General", "0.333333333"),
        ("123456789012345", "General", "123456789012345"),
        ("0.00001234", "General", "0.00001234"),
        ("2.345", "0.00", "2.35"),
        ("-2.345", "0.00", "-2.35"),
        ("1.005", "0.00", "1.01"),
        ("1234567.895", "#,##0.00", "1,234,567.90"),
        ("12", "0,000", "0,012"),
        ("0.95", "0%", "95%"),
        ("0.98765", "0.00%", "98.77%"),
        ("95", '0"%"', "95%"),
        ("1234.5", ACCOUNTING, "1,234.50"),
        ("-1234.5", ACCOUNTING, "-1,234.50"),
        ("0", ACCOUNTING, "-"),
        ("1234.5", BUILTIN[44], "¥1,234.50"),
        ("1.5", "[$¥-804]#,##0.00", "¥1.50"),
        ("5", '0"个"', "5个"),
        ("3", '"第"0"名"', "第3名"),
        ("-5", "0.0_);(0.0)", "(5.0)"),
        ("-5", "[Red]0.00", "-5.00"),
        ("0", "0.00;-0.00;", ""),
        ("0", "0;-0;;@", ""),
        ("100", '[>=100]"高"0;[<60]"低"0;0', "高100"),
        ("70", '[>=100]"高"0;[<60]"低"0;0', "70"),
        ("12345", "0\\.0,", "1.2"),
        ("1234567", "#,##0,", "1,235"),
        ("12345", "0.00E+00", "1.23E+04"),
        ("0.000123", "0.00E+00", "1.23E-04"),
        ("99999", "0.0E+00", "1.0E+05"),
        ("12345", "##0.0E+0", "12.3E+3"),
        ("13812345678", "000-0000-0000", "138-1234-5678"),
        ("5", "@", "5"),
        ("0.5", "# ?/?", "0.5"),
        ("5", 'General"元"', "5元"),
        ("12.5", "0.0#", "12.5"),
        ("5", "00.0", "05.0"),
        ("12345", "[DBNum1]General", "12345"),
    ],
)
def test_number(value: str, code: str, text: str) -> None:
    assert shown(Decimal(value), code) == (text, False)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("45291", "yyyy-mm-dd", "2023-12-31"),
        ("45291", 'yyyy"年"m"月"d"日"', "2023年12月31日"),
        ("45291", "[$-F800]dddd, mmmm dd, yyyy", "2023年12月31日"),
        ("45291", '[DBNum1][$-804]yyyy"年"m"月"d"日"', "2023年12月31日"),
        ("45291", "yyyy.m", "2023.12"),
        ("45291", "mmm-yy", "Dec-23"),
        ("45291", "aaaa", "星期日"),
        ("45291.75", "yyyy/m/d h:mm", "2023/12/31 18:00"),
        ("45291.75", '上午/下午h"时"mm"分"', "下午6时00分"),
        ("0.5", "h:mm AM/PM", "12:00 PM"),
        ("1.25", "[h]:mm:ss", "30:00:00"),
        ("0.0001", "mm:ss.0", "00:08.6"),
        ("45291.999999", "yyyy-mm-dd hh:mm:ss", "2024-01-01 00:00:00"),
        ("60", "yyyy-mm-dd", "1900-02-29"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
    ],
)
def test_date(value: str, code: str, text: str) -> None:
    assert shown(Decimal(value), code) == (text, True)


def test_date_counted_from_1904() -> None:
    assert shown(Decimal("43829"), "yyyy-mm-dd", True) == ("2023-12-31", True)


@pytest.mark.parametrize("value", ["-1", "2958466", "1E300"])
def test_no_calendar_has_this_date(value: str) -> None:
    text, is_date = shown(Decimal(value), "yyyy-mm-dd")
    assert not is_date
    assert Decimal(text) == Decimal(value)


def test_percent_and_texts() -> None:
    assert is_percent("0.00%_ ")
    assert not is_percent('0"%"')
    assert not is_percent("yyyy-mm-dd")
    assert shown_text("甲", '@"元"') == "甲元"
    assert shown_text("甲", ";;;") == ""
    assert shown_text("甲", ACCOUNTING) == "甲"
    assert shown_text("甲", "0.00") == "甲"


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18, places=6)


@given(NUMBERS)
def test_two_decimals_round_half_away_from_zero(value: Decimal) -> None:
    text, _ = shown(value, "#,##0.00")
    assert abs(Decimal(text.replace(",", "")) - value) <= Decimal("0.005")


@given(NUMBERS)
def test_general_reads_back(value: Decimal) -> None:
    text = general(value)
    assert "E" not in text
    assert abs(Decimal(text) - value) <= max(Decimal(1), abs(value)) * Decimal("1E-9")


PIECES = [
    "0",
    "#",
    "?",
    ".",
    ",",
    "%",
    ";",
    "E+",
    "yyyy",
    "m",
    "dd",
    "h",
    "ss",
    "@",
    '"',
    "\\",
    "_",
    "*",
    "/",
]
CODES = st.lists(
    st.sampled_from([*PIECES, "[h]", "[Red]", "[<5]", "[$¥-804]", "General", "年", " ", "AM/PM", "aaa"])
)


@given(NUMBERS, CODES.map("".join), st.booleans())
def test_any_code_shows_something(value: Decimal, code: str, date1904: bool) -> None:
    assert isinstance(shown(value, code, date1904)[0], str)
    assert isinstance(shown_text("甲", code), str)


@pytest.mark.parametrize("code", ["0." + "0" * 400, "[" * 5_000, "#," * 5_000, "0." + "0" * 250])
def test_codes_nobody_can_have_written_end_soon(code: str) -> None:
    assert shown(Decimal("1E300"), code)[0].startswith("1")
