"""Sheets that differ from an earlier one only in values: the same as the full reader says, and only those."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from packages import STYLES, book, sheet, strings
from test_sheets_rows import EXTENSION, NUMBERS, OTHER_STYLES, TEXTS, check, row

from xltools.remembering import Met
from xltools.sheets import plain, rows, skeletons

Open = Callable[..., int]
"""Reads a workbook, compares it with the full reader's, and returns how many sheets were taken apart."""

MERGES = '<mergeCells><mergeCell ref="D1:E1"/></mergeCells>'
ROWS = (
    '<row r="1" ht="24"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1"/><c r="C1" s="1"><v>5</v></c></row>'
    '<row r="2"><c r="A2" s="4" t="s"><v>1</v></c><c r="B2" t="str"><f>TEXT(C1,"0%")</f><v>5%</v></c></row>'
    '<row r="3"><c r="A3"><f t="shared" ref="A3:B3" si="0">C1*2</f><v>1</v></c>'
    '<c r="B3"><f t="shared" si="0"/><v>2</v></c></row>'
    '<row r="4"/>'
)


@pytest.fixture
def taken_apart(monkeypatch: pytest.MonkeyPatch) -> Open:
    plain.forget()
    read, calls = rows.read, [0]

    def counted(*given: object) -> object:
        calls[0] += 1
        return read(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "read", counted)

    def opened(markup: str, *texts: str, styles: str = STYLES, after: str = MERGES) -> int:
        before = calls[0]
        texts = texts or ("甲", "乙")
        markup = markup if markup.startswith("<?xml") else sheet(markup, after)
        check(book(markup, shared=strings(*(f"<t>{text}</t>" for text in texts)), styles=styles))
        return calls[0] - before

    return opened


def test_the_third_sheet_of_its_kind_is_known(taken_apart: Open) -> None:
    assert [taken_apart(ROWS) for _ in range(4)] == [1, 1, 0, 0]
    assert taken_apart(ROWS, "丙", "丁") == 0
    assert taken_apart(ROWS.replace("<v>5</v>", "<v>1E3</v>").replace("5%", "—&amp;%s")) == 0
    assert taken_apart(ROWS.replace("<v>0</v>", "<v>1</v>").replace("<v>2</v>", "<v></v>")) == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('s="1" t="s"', 's="2" t="s"'),
        ('<c r="C1" s="1"><v>5</v></c>', '<c r="D1" s="1"><v>5</v></c>'),
        ('<c r="B1" s="1"/><c r="C1" s="1"><v>5</v></c>', '<c r="B1" s="1"><v>5</v></c><c r="C1" s="1"/>'),
        ("C1*2", "C1*3"),
        ('TEXT(C1,"0%")', 'TEXT(C1,"0b")'),
        ('<f t="shared" si="0"/>', '<f t="shared" si="1"/>'),
        ('ht="24"', 'ht="27"'),
        ('<row r="4"/>', '<row r="5"/>'),
        ('<row r="2">', '<row r="2" r="2">'),
        ("<v>2</v>", "<v/>"),
        ('<c r="B2" t="str"', '<c r="B2" t="n"'),
        ('<c r="B1" s="1"/>', '<c r="B1" t="inlineStr"><is><t>丙</t></is></c>'),
        ("D1:E1", "D1:F1"),
        ("<dimension", "<!-- c --><dimension"),
        ("<v>5</v></c>", "<v>5</v></c><v>6</v></c>"),
        ("<v>5</v>", "<v>&#1;</v>"),
        ('<dimension ref="A1"/>', '<dimension ref="A1"/><v>1</v></c>'),
    ],
)
def test_any_other_difference_is_seen(taken_apart: Open, old: str, new: str) -> None:
    known = sheet(ROWS, MERGES)
    assert old in known
    for _ in range(4):
        taken_apart(known)
    for _ in range(4):
        taken_apart(known.replace(old, new, 1))
        assert taken_apart(known) == 0


def test_other_styles_are_another_sheet(taken_apart: Open) -> None:
    for _ in range(3):
        taken_apart(ROWS)
    assert taken_apart(ROWS, styles=OTHER_STYLES) == 1


def test_a_prefix_stays_undeclared(taken_apart: Open) -> None:
    text = sheet('<row r="1" x14ac:dyDescent="0.25"><c r="A1"><v>1</v></c></row>')
    declared = text.replace("<worksheet ", f'<worksheet xmlns:x14ac="{EXTENSION}" ')
    assert [taken_apart(declared) for _ in range(3)] == [1, 1, 0]
    assert plain.read(book(text, shared=strings())) is None


def test_rows_out_of_order_are_taken_apart(taken_apart: Open) -> None:
    markup = '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'
    assert [taken_apart(markup) for _ in range(4)] == [1] * 4


def cut(rng: random.Random, number: int) -> str:
    """A row all of whose values the cut sees."""
    while "<is>" in (made := row(rng, number)) or "<v/>" in made or "<v />" in made:
        pass
    return made


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_values(taken_apart: Open, seed: int) -> None:
    rng = random.Random(seed)
    sheets = ["".join(cut(rng, number) for number in range(1, 5)) for _ in range(4)]
    apart = 0
    for _ in range(80):
        markup = rng.choice(sheets)
        for number in NUMBERS:
            markup = markup.replace(f"<v>{number}</v>", f"<v>{rng.choice(NUMBERS)}</v>", rng.randrange(3))
        texts = rng.sample(TEXTS, len(TEXTS))
        apart += taken_apart(markup, *texts, styles=rng.choice((STYLES, STYLES, OTHER_STYLES)))
    assert apart < 60


def test_what_is_remembered_has_bounds(taken_apart: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skeletons, "_MAX_KNOWN", 10)
    monkeypatch.setattr(skeletons, "_met", Met(20))
    most = 0
    for number in range(1, 60):
        for height in (1, 2, 1, 2, 3):
            taken_apart(ROWS.replace('ht="24"', f'ht="{height}"') + f'<row r="{number + 4}"/>' * number)
        most = max(most, len(skeletons._known))
        assert len(skeletons._met) <= 20
    assert most == 10
    plain.forget()
    assert not skeletons._known
