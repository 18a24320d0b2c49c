"""Rows that are known again: the same as the full reader says, whatever was read before."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from packages import STYLES, book, cells, sheet, strings

from xltools.sheets import ooxml, plain, plans, rows
from xltools.sheets.archive import Archive
from xltools.sheets.grid import Grid, SheetRow

OTHER_STYLES = STYLES.replace('numFmtId="10"', 'numFmtId="9"').replace("0.00_ ", "0.000")
TEXTS = ("项目名称", "甲&amp;乙", " 空 格 ", "_x0041_", "5", "第一行\n第二行", "很长的说明" * 80)
NUMBERS = ("0", "5", "151.41", "1E3", "-2.50", "0.1234567890123456", "45291")

Maker = Callable[[random.Random, str], str]


def _style(rng: random.Random) -> str:
    return rng.choice(("", ' s="1"', ' s="2"', ' s="3"', ' s="4"', ' s="5"', ' s="99"'))


def _shared_formula(rng: random.Random) -> str:
    group = rng.randrange(2)
    master = f'<f t="shared" ref="A1:A9" si="{group}">B1+$C$1*{group}</f>'
    return rng.choice((master, f'<f t="shared" si="{group}"/>', f'<f t="shared" si="{group}"></f>'))


CELLS: dict[str, Maker] = {
    "string": lambda rng, at: f'<c r="{at}"{_style(rng)} t="s"><v>{rng.randrange(len(TEXTS))}</v></c>',
    "number": lambda rng, at: f'<c r="{at}"{_style(rng)}><v>{rng.choice(NUMBERS)}</v></c>',
    "typed number": lambda rng, at: f'<c r="{at}" t="n"><v>{rng.choice(NUMBERS)}</v></c>',
    "formula": lambda rng, at: f'<c r="{at}"{_style(rng)}><f>A1*2</f><v>{rng.choice(NUMBERS)}</v></c>',
    "text result": lambda rng, at: (
        f'<c r="{at}"{_style(rng)} t="str"><f>A1</f><v>{rng.choice(TEXTS)}</v></c>'
    ),
    "error": lambda rng, at: f'<c r="{at}" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    "boolean": lambda rng, at: f'<c r="{at}" t="b"><v>{rng.randrange(2)}</v></c>',
    "shared formula": lambda rng, at: f'<c r="{at}">{_shared_formula(rng)}<v>{rng.choice(NUMBERS)}</v></c>',
    "shared, no value": lambda rng, at: f'<c r="{at}">{_shared_formula(rng)}</c>',
    "not calculated": lambda rng, at: f'<c r="{at}"{_style(rng)}><f>A1&amp;"x"</f></c>',
    "inline": lambda rng, at: (
        f'<c r="{at}"{_style(rng)} t="inlineStr"><is><t>{rng.choice(TEXTS)}</t></is></c>'
    ),
    "inline, kept": lambda rng, at: (
        f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{rng.choice(TEXTS)}</t></is></c>'
    ),
    "inline, rich": lambda rng, at: (
        f'<c r="{at}" t="inlineStr"><is><r><t>甲</t></r><r><t>{rng.choice(TEXTS)}</t></r></is></c>'
    ),
    "empty value": lambda rng, at: f'<c r="{at}"{rng.choice(("><v></v></c>", "><v/></c>", "><v /></c>"))}',
    "blank": lambda rng, at: f'<c r="{at}"{_style(rng)}{rng.choice(("/>", " />", "></c>"))}',
}


def row(rng: random.Random, number: int) -> str:
    tag = rng.choice((f'<row r="{number}">', f'<row r="{number}" spans="1:9" ht="{rng.choice((15, 27.5))}">'))
    kinds = rng.choices(list(CELLS), k=rng.randrange(7))
    markup = "".join(CELLS[kind](rng, f"{'ABCDEFG'[i]}{number}") for i, kind in enumerate(kinds))
    return rng.choice(("", "", f'<row r="{number}"/>')) + tag + markup + "</row>"


def altered(text: str, rng: random.Random) -> str:
    """The same row with another value, another attribute, or as it is."""
    old, new = rng.choice(
        [
            *(("<v>5</v>", "<v>151.41</v>"), ("<v>0</v>", "<v>1</v>"), (' s="1"', ' s="2"'), (' s="4"', "")),
            *(
                (' t="s"', ""),
                ('si="0"', 'si="1"'),
                (' t="n"', ""),
                ("A1*2", "A2*2"),
                ("项目", "单位"),
                ("", ""),
            ),
        ]
    )
    return text.replace(old, new, rng.choice((1, 9))) if old else text


def check(data: bytes) -> Grid | None:
    """The first sheet as the fast path reads it, if it does, compared with the full reader."""
    quick = plain.read(data)
    if quick is None:
        return None
    slow = ooxml.read(Archive(data))
    assert (quick.grids, quick.names) == (slow.grids, slow.names)
    grid = quick.grids[0]
    held = {place: cell for each in grid.rows for place, cell in each.cells.items()}
    assert not grid.rows or held == grid.cells
    assert all(place[0] == each.number for each in grid.rows for place in each.cells)
    numbers = [each.number for each in grid.rows]
    assert numbers == sorted(set(numbers))
    return grid


@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_read_before(seed: int) -> None:
    rng = random.Random(seed)
    known: list[str] = [row(rng, number) for number in range(1, 10)]
    read = 0
    for _ in range(60):
        chosen = sorted(rng.sample(range(9), rng.randint(1, 9)))
        for place in chosen:
            if rng.random() < 0.3:
                known[place] = row(rng, place + 1)
            elif rng.random() < 0.4:
                known[place] = altered(known[place], rng)
        texts = [f"<t>{text}</t>" for text in rng.sample(TEXTS, len(TEXTS))]
        data = book(
            sheet("".join(known[place] for place in chosen)),
            shared=strings(*texts),
            styles=rng.choice((STYLES, STYLES, OTHER_STYLES)),
        )
        if rng.random() < 0.05:
            plain.forget()
        read += check(data) is not None
    assert read > 30


EXTENSION = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"


def test_a_prefix_has_to_be_declared() -> None:
    text = sheet('<row r="1" x14ac:dyDescent="0.25"><c r="A1"><v>1</v></c></row>')
    declared = text.replace("<worksheet ", f'<worksheet xmlns:x14ac="{EXTENSION}" ')
    assert check(book(declared)) is not None
    assert plain.read(book(text)) is None
    assert check(book(declared.replace("x14ac:dy", "x15ac:dy"))) is None


@pytest.mark.parametrize("prefix", ["x14ac", "x15ac", "x14"])
def test_a_prefix_of_rows_dragged_far_down_has_to_be_declared(prefix: str) -> None:
    blank = [
        f'<row r="{number}" x14ac:dyDescent="0.25">{"".join(f"""<c r="{c}{number}" s="1"/>""" for c in "ABCDEFGH")}</row>'
        for number in range(2, 500)
    ]
    blank[300] = blank[300].replace("x14ac", prefix)
    text = sheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{"".join(blank)}')
    declared = text.replace("<worksheet ", f'<worksheet xmlns:x14ac="{EXTENSION}" ')
    assert (check(book(declared)) is not None) == (prefix == "x14ac")


@pytest.mark.parametrize(
    "tag",
    [
        '<row r="1" r="1">',
        '<row r="1" ht="5" ht="6">',
        '<row r="1" a:b:c="1">',
        '<row r="0">',
        '<row r="1"/><row>x',
    ],
)
def test_declines_rows_that_are_not_sound(tag: str) -> None:
    assert plain.read(book(sheet(f'{tag}<c r="A1"><v>1</v></c></row>'))) is None


def form(name: str, amount: str, height: str = "24") -> bytes:
    return book(
        sheet(
            f'<row r="1" ht="{height}"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
            '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"/><c r="C2"><v>10</v></c></row>'
            f'<row r="3"><c r="A3" s="1"><f t="shared" ref="A3:B3" si="0">C1</f><v>{amount}</v></c>'
            f'<c r="B3"><f t="shared" si="0"/><v>{amount}</v></c></row>'
        ),
        shared=strings("<t>项目名称</t>", f"<t>{name}</t>", "<t>得分</t>"),
    )


def rows_of(data: bytes) -> tuple[SheetRow, ...]:
    grid = check(data)
    assert grid is not None
    return grid.rows


def test_a_row_that_was_met_before_is_the_same_object() -> None:
    plain.forget()
    for _ in range(2):
        rows_of(form("甲", "5"))
    first, second, third = (rows_of(form(*facts)) for facts in (("甲", "5"), ("乙", "5"), ("甲", "6")))
    assert [a is b for a, b in zip(first, second, strict=True)] == [False, True, True]
    assert [a is b for a, b in zip(first, third, strict=True)] == [True, True, False]


def test_rows_that_differ_in_a_height_are_known_again() -> None:
    one, other, third = (rows_of(form("甲", "5", height)) for height in ("24", "27", "40.5"))
    assert one[0].cells == other[0].cells
    assert third[0] is other[0]


@pytest.mark.parametrize(
    "markup",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="A2"><v>2</v></c></row>',  # a cell of another row
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
    ],
)
def test_rows_out_of_order_are_no_rows(markup: str) -> None:
    assert rows_of(book(sheet(markup))) == ()


DECLINED = {
    "open cell": '<c r="A1">',
    "open formula": '<c r="A1"><f>1</f>',
    "value after the cell": '<c r="A1"><f>1</f></c><v>5</v></c>',
    "value after a blank cell": '<c r="A1"/><v>1</v></c>',
    "two values": '<c r="A1"><v>1</v></c><v>2</v></c>',
    "value ends as a text": '<c r="A1"><v>1</t></is></c>',
    "text ends as a value": '<c r="A1" t="inlineStr"><is><t>1</v></c>',
    "text where a value belongs": '<c r="A1"><is><t>1</t></is></c>',
    "value where a text belongs": '<c r="A1" t="inlineStr"><v>1</v></c>',
    "row inside a text": '<c r="A1" t="inlineStr"><is><t>1</t><row r="3"/></is></c>',
    "no such string": '<c r="A1" t="s"><v>9</v></c>',
    "no number": '<c r="A1"><v>x</v></c>',
    "one cell twice": '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>',
    "a control in a formula": '<c r="A1"><f>\x01</f><v>2</v></c>',
    "a tag behind": '<c r="A1"><f>1</f>/><c r="B1"><v>2</v></c>',
}


@pytest.mark.parametrize("name", DECLINED)
def test_declines(name: str) -> None:
    known = '<c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>1</t></is></c>'
    for data in (book(cells(known)), book(cells('<c r="A1"><v>1</v></c>'))):
        assert plain.read(data) is not None
    for _ in range(3):
        assert plain.read(book(cells(DECLINED[name]), shared=strings("<t>甲</t>"))) is None


def test_a_row_cut_at_its_values_is_not_taken_for_one_with_inline_texts() -> None:
    """Its stems are those of the known row; it is not well-formed."""
    known = '<c r="A1" t="inlineStr"><is><t>1</t></is></c>'
    for _ in range(3):
        assert plain.read(book(cells(known))) is not None
    front = '<c r="A1" t="inlineStr">'
    for begin, end in (("<is><t>", "</t></is>"), ("<v>", "</v>")):
        hostile = f"{front}<v>1</v></c>{begin}<v>2</v></c>{end}<v>3</v></c>"
        assert plain.read(book(cells(hostile))) is None


def test_what_is_remembered_has_bounds() -> None:
    plain.forget()
    for start in range(0, 9_000, 3_000):
        markup = "".join(
            f'<row r="{number}" ht="{number}"><c r="A{number}"><v>{number}</v></c></row>'
            for number in range(start + 1, start + 3_001)
        )
        for _ in range(2):
            assert plain.read(book(sheet(markup))) is not None
    assert len(rows._rows) <= rows._MAX_ROWS
    assert len(plans.known) <= plans._MAX_PLANS
    assert len(rows._met) <= rows._MAX_MET
