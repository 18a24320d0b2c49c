"""Formulas moved as filling down moves them, held against openpyxl's translator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from xltools.sheets.shifting import shifted


@pytest.mark.parametrize(
    ("formula", "rows", "columns", "moved"),
    [
        ("A1+$A1+A$1+$A$1", 1, 1, "B2+$A2+B$1+$A$1"),
        ("SUM(A1:B2)+LOG10(A1)", 2, 0, "SUM(A3:B4)+LOG10(A3)"),
        ("'A1 表'!A1&\"A1\"", 1, 0, "'A1 表'!A2&\"A1\""),
        ("Sheet1!A1:B2", 1, 0, "Sheet1!A2:B3"),
        ("SUM(A:A,$B:B,1:1,$2:3)", 1, 1, "SUM(B:B,$B:C,2:2,$2:4)"),
        ("A1", -1, 0, "#REF!"),
        ("XFD1", 0, 1, "#REF!"),
        ("Table1[[#This Row],[A1]]+A1", 1, 0, "Table1[[#This Row],[A1]]+A2"),
        ("项目A1+A1", 1, 0, "项目A1+A2"),
        ("[1]Sheet1!A1", 1, 0, "[1]Sheet1!A2"),
        ("1E5+E5", 1, 0, "1E5+E6"),
        ("XFE1*A1", 1, 0, "XFE1*A2"),
        ('IF(A1="a""A1",B1#,1)', 1, 0, 'IF(A2="a""A1",B2#,1)'),
    ],
)
def test_shifted(formula: str, rows: int, columns: int, moved: str) -> None:
    assert shifted(formula, rows, columns) == moved


REFERENCES = st.builds(
    lambda a, column, b, row: f"{a}{get_column_letter(column)}{b}{row}",
    st.sampled_from(["", "$"]),
    st.integers(1, 200),
    st.sampled_from(["", "$"]),
    st.integers(1, 5000),
)
FORMULAS = st.lists(
    st.one_of(
        REFERENCES,
        st.builds("{}:{}".format, REFERENCES, REFERENCES),
        st.sampled_from(["1.5", '"A1"', "PI()"]),
    ),
    min_size=1,
    max_size=5,
).map("+".join)


@given(FORMULAS, st.integers(0, 50), st.integers(0, 50))
def test_agrees_with_openpyxl(formula: str, rows: int, columns: int) -> None:
    expected = Translator("=" + formula, "A1").translate_formula(
        f"{get_column_letter(1 + columns)}{1 + rows}"
    )
    assert shifted(formula, rows, columns) == expected[1:]


@given(st.text(max_size=40), st.integers(-3, 3), st.integers(-3, 3))
def test_any_text_is_moved_without_fault(formula: str, rows: int, columns: int) -> None:
    assert shifted(shifted(formula, 0, 0), rows, columns) == shifted(formula, rows, columns)
