"""What was found on one form is found on every form that looks the same, and on no other."""

from __future__ import annotations

import ast
import inspect
import json
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest
from families import FAMILIES, draw
from paper import Paper, mof, nmg

from xltools import locate as locating
from xltools import remembering
from xltools.locate import bands, head, headers, locate, signs
from xltools.locate.page import Page, Picture
from xltools.sheets import cells as make
from xltools.sheets.grid import Cell, Grid, Merge, SheetRow
from xltools.vocabulary import label_key

CASES = Path(__file__).parent / "cases"
FACTS = json.loads((CASES / "families.json").read_text("utf-8"))
SEED = json.loads((CASES / "seed.json").read_text("utf-8"))
SIGNED = {"sichuan", "yunnan", "chongqing"}
WORDS: tuple[str | Decimal | None, ...] = (
    *("1", "2", "3", "（4）", "A", "B", "栏次", "注：其他资金", "注", "合计", "小计", "总分", "产出指标"),
    *("项目名称", "项目名称：", "项目名称：某项目", "主管部门", "三级指标", "得分", "分值", "全年执行数"),
    *(
        "其他资金",
        "中央补助（其他）",
        "某基金拨款",
        "—",
        "  ",
        "≥",
        "定性",
        "10",
        "5.5",
        "12万元",
        "某自评表",
    ),
    *("数量指标", "质量指标", "上年结转资金：", "年度总体目标", "实际完成情况", "预期目标", "评价结论", ":"),
    *(Decimal(1), Decimal(2), Decimal(3), Decimal(4), Decimal("151.4"), None, None, None),
)


def cell(value: object, rng: random.Random) -> Cell:
    if isinstance(value, str):
        return make.text_cell(value)
    if rng.random() < 0.02:
        return Cell(None, "uncached", "", formula="A1")
    code = '"合计"' if rng.random() < 0.02 else rng.choice(("General", "0.00", "0%"))
    return make.number_cell(str(value), code)


def papers(rng: random.Random) -> list[Paper]:
    """One to three forms of the same or of different families."""
    drawn = []
    family = rng.choice(sorted(FAMILIES))
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if rng.random() < 0.3:
            drawn.append(rng.choice((nmg, mof))(SEED, title=rng.random() < 0.8))
        else:
            facts = json.loads(json.dumps(FACTS["signed" if family in SIGNED else "plain"]))
            drawn.append(draw(family, facts, rng.random() < 0.3))
        if rng.random() < 0.3:
            family = rng.choice(sorted(FAMILIES))
    return drawn


def joined(drawn: list[Paper], beside: bool) -> Paper:
    paper = drawn[0]
    for other in drawn[1:]:
        gap = 1 + max((column if beside else row) for row, column in paper.cells)
        if beside:
            other.insert_columns(1, gap)
        else:
            other.insert_rows(1, gap)
        paper.cells.update(other.cells)
        paper.merges.extend(other.merges)
    return paper


def disturbed(paper: Paper, rng: random.Random) -> None:
    """What clerks and programs do: words elsewhere, rows and columns in between, merges, holes."""
    for _ in range(rng.choice((0, 0, 1, 2, 5))):
        places = list(paper.cells)
        place = rng.choice(places)
        match rng.randrange(6):
            case 0 | 1:
                paper.cells[place] = rng.choice(WORDS)  # type: ignore[assignment]
            case 2:
                paper.cells[place] = paper.cells[rng.choice(places)]
            case 3:
                paper.merges.append([*place, place[0] + rng.randrange(3), place[1] + rng.randrange(4)])
            case 4:
                rng.choice((paper.insert_rows, paper.insert_columns))(rng.randint(1, 15))
            case _:
                values = rng.choice((WORDS[:4], WORDS[-8:-4]))
                paper.cells.update(
                    {(place[0], column + 1): values[column % 4] for column in range(rng.randint(2, 9))}  # type: ignore[misc]
                )


def filled_otherwise(paper: Paper, rng: random.Random) -> None:
    """Other words and figures where somebody's words and figures stood."""
    for place, value in paper.cells.items():
        if isinstance(value, int | float) and rng.random() < 0.5:
            paper.cells[place] = rng.choice((1, 2, 3, 7, 10, 12.5, 151.41))
        elif isinstance(value, str) and rng.random() < 0.5 and signs.roles(value) is signs.NO_ROLES:
            paper.cells[place] = rng.choice(("全年巡检13次。", "某项目", "某局", value + "。", "按期完成"))


def grid(paper: Paper, rng: random.Random) -> Grid:
    held = {place: cell(value, rng) for place, value in paper.cells.items() if value is not None}
    merges = tuple(Merge(*merge) for merge in paper.merges)
    if rng.random() < 0.5:
        return Grid("表", "visible", held, merges)
    rows: dict[int, dict[tuple[int, int], Cell]] = {}
    for place in sorted(held):
        rows.setdefault(place[0], {})[place] = held[place]
    return Grid("表", "visible", held, merges, tuple(SheetRow(row, rows[row]) for row in rows))


def grids(seed: int, count: int) -> Iterator[Grid]:
    """Forms in a mixed sequence; most look like one that came before."""
    rng = random.Random(seed)
    for _ in range(count):
        paper = joined(papers(rng), beside=rng.random() < 0.2)
        disturbed(paper, rng)
        for _ in range(rng.randint(1, 3)):
            yield grid(paper, rng)
            filled_otherwise(paper, rng)


def forget() -> None:
    signs.forget()
    remembering.forget()


def fresh(grid: Grid) -> Grid:
    return Grid(grid.name, grid.state, grid.cells, grid.merges)


@pytest.mark.parametrize("seed", range(4))
def test_a_memory_changes_nothing(seed: int) -> None:
    forget()
    sequence = list(grids(seed, 150))
    remembered = [locate(grid) for grid in sequence]
    again = [locate(grid) for grid in reversed(sequence)][::-1]
    for found, second, grid in zip(remembered, again, sequence, strict=True):
        forget()
        expected = locate(fresh(grid))
        assert [places for _, places in found] == [places for _, places in expected]
        assert [places for _, places in second] == [places for _, places in expected]
        for (page, _), (other, _) in zip(found, expected, strict=True):
            assert (page.cells, page.rows, page.order) == (other.cells, other.rows, other.order)
            assert all(page.labels(row) == other.labels(row) for row in page.order)


def test_forms_that_look_the_same_have_the_same_places() -> None:
    forget()
    first, second = nmg(SEED), nmg(SEED)
    words = {place: value for place, value in second.cells.items() if value == SEED["project_name"]}
    assert words
    second.cells.update(dict.fromkeys(words, "另一个项目"))
    one, two = (grid(paper, random.Random(1)) for paper in (first, second))
    assert locate(one)[0][1] is locate(two)[0][1]
    assert Page(one).picture is Page(two).picture


def numbered(*ordinals: object) -> Grid:
    """A form whose first row under the header says these things."""
    paper = nmg(SEED)
    top = next(row for row, column in paper.cells if paper.cells[row, column] == "三级指标")
    columns = sorted(column for row, column in paper.cells if row == top)
    for column in range(1, 20):
        paper.cells.pop((top + 1, column), None)
    for column, value in zip(columns, ordinals, strict=False):
        paper.cells[top + 1, column] = value  # type: ignore[assignment]
    return grid(paper, random.Random(3))


def test_a_row_of_ordinals_is_told_from_a_row_of_figures() -> None:
    forget()
    figures, ordinals = ["10"] * 12, [str(number) for number in range(1, 13)]
    rows = [locate(numbered(*values))[0][1].indicator_rows for values in (figures, ordinals, figures)]
    assert len(rows[0]) == len(rows[1]) + 1
    assert rows[0] == rows[2]


@pytest.mark.parametrize("module", [bands, head, headers])
def test_the_rules_see_signs_and_no_texts(module: ModuleType) -> None:
    """What a rule asks must be in the key of the memory; only a text it is handed may it read."""
    tree = ast.parse(inspect.getsource(module))
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not asked & {"cells", "cell", "text", "value", "formula", "grid"}


# --- what is remembered by itself is found by itself ------------------------------------------------


def forms_with_headers() -> Iterator[tuple[Picture, locating.FormPlaces]]:
    for drawn in grids(11, 150):
        for page, places in locate(drawn):
            if places.headers:
                yield page.picture, places


def test_above_the_indicators_nothing_depends_on_what_stands_below() -> None:
    for picture, places in forms_with_headers():
        header = places.headers[0].row
        lines = [picture.lines[row] for row in picture.between(places.top, header)]
        asked = places.headers, places.top, header - 1
        alone = Picture(picture.merges, *lines)
        assert locating._above(alone, *asked) == locating._above(picture, *asked)


def test_a_band_is_the_same_judged_row_by_row() -> None:
    """The verdicts of rows seen alone say the same whether they are remembered or not."""
    for picture, places in forms_with_headers():
        forget()
        found = bands.band(picture, places.headers, places.bottom)
        assert bands.band(picture, places.headers, places.bottom) == found
        picture.may_come_again = False
        assert bands.band(picture, places.headers, places.bottom) == found


def test_forms_that_differ_in_one_row_share_what_is_found_in_the_others() -> None:
    forget()
    paper = nmg(SEED)
    one = grid(paper, random.Random(1))
    below = next(row for row, column in paper.cells if paper.cells[row, column] == "三级指标") + 2
    paper.cells = {place: value for place, value in paper.cells.items() if place[0] != below}
    two = grid(paper, random.Random(1))
    first, second = locate(one)[0][1], locate(two)[0][1]
    assert first.indicator_rows != second.indicator_rows
    assert first.headers is second.headers
    assert first.head is second.head


# --- equal places, and the quick way to a sign ------------------------------------------------------


def test_equal_places_of_different_pictures_are_one_object() -> None:
    forget()
    paper = nmg(SEED)
    one = grid(paper, random.Random(1))
    top = next(row for row, column in paper.cells if paper.cells[row, column] == "三级指标")
    column = next(c for r, c in paper.cells if r == top and "偏差" in str(paper.cells[r, c]))
    paper.cells[top + 1, column] = "已顺延至下年。" if (top + 1, column) not in paper.cells else None
    two = grid(paper, random.Random(1))
    assert Page(one).picture is not Page(two).picture
    assert locate(one)[0][1] is locate(two)[0][1]


def test_the_content_of_places_tells_all_of_them() -> None:
    forget()
    places = locate(grid(nmg(SEED), random.Random(1)))[0][1]
    changed: dict[str, object] = {
        "top": 99,
        "bottom": 99,
        "title": (99, 9),
        "head": {},
        "fund_header": None,
        "fund_rows": (),
        "goals": {},
        "headers": (),
        "indicator_rows": (),
        "total_row": 99,
        "shifts": {99: 1},
        "anchors": {(99, 9): 98},
        "money_label": (99, 9),
    }
    assert changed.keys() == {each.name for each in fields(places)}
    for name, value in changed.items():
        other = replace(places, **{name: value})  # type: ignore[arg-type]
        assert other.content != places.content, name
    assert replace(places).content == places.content


TEXTS = (
    *("", " ", "　", "10", "⑩", "(3)", "A", "—", "无", "不涉及", "正向", "≥", "项目名称：", "项目名称：修路"),
    *(
        "注：其他资金",
        "其他",
        "其中：财政拨款（万元）",
        "（一）财政拨款",
        "完成任务，得到好评。",
        "-5",
        "−5%",
    ),
    *(
        "产出指标（50分）",
        "★项目名称",
        "项目支出绩效自评表",
        "说明",
        "100个",
        "定性（正向）",
        "x" * 400,
        "财" * 90,
    ),
)


def test_a_row_has_the_signs_of_its_cells() -> None:
    forget()
    kinds = ("text", "number", "date", "boolean", "error", "uncached")
    cells = {(1, at): Cell(text, kind, text) for at, (kind, text) in enumerate(product(kinds, TEXTS), 1)}
    backwards = dict(reversed(cells.items()))
    found = signs.line(SheetRow(1, backwards))
    assert found.columns == sorted(found.columns)
    assert list(found.signs.values()) == [signs.sign(cell) for cell in cells.values()]
    for (_, column), cell in cells.items():
        assert found.signs[column].blank == (not cell.text.strip())
        assert found.signs[column].roles == signs.roles(cell.text)


def test_equal_rows_have_one_line_however_their_cells_are_ordered() -> None:
    forget()
    cells = {
        (3, at): Cell(text, "text", text) for at, text in enumerate(("三级指标", "得分", "得分", "某"), 1)
    }
    backwards = dict(reversed(cells.items()))
    lines = [signs.line(SheetRow(3, each)) for each in (cells, backwards, dict(cells))]
    assert lines[0] is lines[1] is lines[2]
    assert lines[0].twins == {3: 2}
    other = {**cells, (3, 3): Cell("分值", "text", "分值")}
    assert signs.line(SheetRow(3, other)).twins == {}


def test_the_quick_way_to_a_key_is_the_same_key() -> None:
    def key(text: str) -> str:
        return "".join(unicodedata.normalize("NFKC", text).split()).rstrip(":")

    rng = random.Random(5)
    letters = [chr(code) for code in range(0x30000)]
    assert all(label_key.__wrapped__(letter) == key(letter) for letter in letters)
    usual = "，。、%年度任务完成ABCxyz0123456789：（） "
    for _ in range(3_000):
        text = "".join(rng.choices(usual, k=rng.randint(0, 12)))
        assert label_key.__wrapped__(text) == key(text)


def test_ordinals_are_known_however_they_are_written() -> None:
    ordinals = ("1", "（2）", "(3)", "④", "⑸", "６", "7 ", " 8", "(9)", "10", "11:")
    others = ("153", "7.9", "1.", "12个", "100%", "—", "", "A1", "1-2")
    cells = {(1, at): Cell(text, "text", text) for at, text in enumerate((*ordinals, *others), 1)}
    found = signs.line(SheetRow(1, cells)).ordinals
    assert found == {at: at for at in range(1, len(ordinals) + 1)}
