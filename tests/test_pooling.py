"""A batch comes to the same however it is cut: tallied in parts, joined, and worked out once."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Sequence
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pooled_at_once import pooled_at_once

from xltools.merging import (
    FormFacts,
    FundFacts,
    IndicatorFacts,
    Tally,
    joined,
    pooled,
    pooling,
    tally,
    weight_of,
)
from xltools.merging.facts import SEPARATOR
from xltools.profiles import load_profile
from xltools.vocabulary import label_key

PROFILE = load_profile("nmg")
NAMES = ("巡检次数", "故障修复率", "培训人次", "长效机制", "投诉率", "巡检 次数", "巡  检次数")
LONG = "已按计划完成全部建设内容，系统于年内通过验收并投入运行，各使用单位反映良好，"

numbers = st.one_of(
    st.sampled_from([0.0, 1.0, 5.0, 10.0, 12.5, 100.0]),
    st.integers(-(10**4), 10**8).map(lambda cents: cents / 100),
    st.sampled_from([123456789012345.0, 0.123456789012345, 98765.4321098765, 1e-7, 3e22, 7.7e-300]),
)
amounts = st.one_of(numbers, st.sampled_from([None, "约8万", "—", -5.0, 0.0]))
points = st.one_of(st.sampled_from([None, "10分", 0.0, 5.0, 10.0, 33.33]), numbers)
texts = st.sampled_from(
    [None, "", " 建立 ", "建立", "未填", 1.5, 1.0, "1", "机制健全并长期有效运行的", LONG * 2, LONG * 2 + "甲"]
)


MOST_HAVE = (
    ("output", "数量", "巡检次数", "higher", "次+"),
    ("output", "质量", "故障修复率", "higher", "%/"),
    ("cost", "质量", "投诉率", "lower", "%/"),
    ("benefit", "奇特", "长效机制", "words", ""),
)
keys = st.one_of(
    st.sampled_from(MOST_HAVE),
    st.sampled_from(MOST_HAVE),
    st.tuples(
        st.sampled_from(["output", "benefit", "cost", "自定"]),
        st.sampled_from(["数量", "质量", "奇特"]),
        st.sampled_from(NAMES),
        st.sampled_from(["higher", "lower", "equal", None]),
        st.sampled_from(["次+", "%/", "+"]),
    ),
)


@st.composite
def indicators(draw: st.DrawFn) -> IndicatorFacts:
    family, level2, name, way, measure = draw(keys)
    renamed = draw(st.booleans())
    judged = draw(st.booleans() | st.just(True))
    both = draw(st.booleans() | st.just(True))
    return IndicatorFacts(
        level1=draw(st.sampled_from(["产出指标", "自定义指标", ""])),
        level2=level2 + draw(st.sampled_from(["", "指标"])),
        level3=draw(st.sampled_from(NAMES)) if renamed else name,
        nature=draw(st.sampled_from(["正向", ""])),
        direction=draw(st.sampled_from(["大于等于", "≥"])),
        target=draw(texts),
        actual=draw(texts),
        unit=draw(st.sampled_from(["次", "", "％"])),
        weight=draw(points),
        score=None,
        recomputed=draw(numbers) if judged else None,
        deviation="",
        cell="",
        key=SEPARATOR.join((family, level2, label_key(name), way or "", measure)),
        family=family,
        way=way,  # type: ignore[arg-type]
        relative=measure.endswith("/"),
        target_number=draw(numbers) if both else None,
        actual_number=draw(numbers) if both else None,
        met=draw(st.sampled_from([True, False, None])),
        renamed=renamed,
    )


@st.composite
def forms(draw: st.DrawFn, funds: st.SearchStrategy[object] = amounts) -> FormFacts:
    kinds = draw(st.lists(st.sampled_from(["total", "fiscal", "carryover", "unknown"]), max_size=4))
    lines = tuple(FundFacts(kind, "", *(draw(amounts) for _ in range(3)), "") for kind in kinds)
    return form(
        *draw(st.lists(indicators(), max_size=6)),
        unit=draw(st.sampled_from(["", *"甲乙丙丁戊己庚辛"])),
        annual=draw(funds),
        execution_weight=draw(st.sampled_from([10.0, 20.0, 0.0])),
        scored=draw(st.booleans() | st.just(True)),
        funds=lines,
    )


def form(*rows: IndicatorFacts, **given: object) -> FormFacts:
    facts = FormFacts(
        sheet="自评表",
        layout="nmg-12",
        year=2023,
        project="项目",
        department="",
        unit="甲",
        initial=None,
        annual=10.0,
        executed=None,
        execution_weight=10.0,
        rate=None,
        execution_score=None,
        stated_execution=None,
        stated_total=None,
        stated_grade=None,
        total=None,
        grade=None,
        scored=True,
        funds=(),
        indicators=rows,
        findings=(),
        form=None,
    )
    return facts._replace(**given)


batches = st.one_of(
    st.lists(forms(), max_size=12),
    st.lists(forms(st.sampled_from([None, 0.0, "无", -3.0])), max_size=8),
)
cuts = st.lists(st.integers(0, 12), max_size=5)


def parts(batch: list[FormFacts], cuts: Sequence[int]) -> list[list[FormFacts]]:
    """Some may be empty."""
    edges = [0, *sorted(min(cut, len(batch)) for cut in cuts), len(batch)]
    return [batch[start:end] for start, end in itertools.pairwise(edges)]


def sent(batch: list[FormFacts], equal_weights: bool) -> Tally:
    """As it arrives from another process."""
    found: Tally = pickle.loads(pickle.dumps(tally(batch, equal_weights)))
    return found


@settings(max_examples=150, deadline=None)
@given(batches, cuts, st.sampled_from([1, 3, 8, 2000]))
def test_no_cut_of_a_batch_shows(batch: list[FormFacts], cuts: list[int], limit: int) -> None:
    equal_weights = not joined(sent(part, False) for part in parts(batch, cuts)).by_funds
    assert equal_weights is not tally(batch).by_funds
    tallies = [sent(part, equal_weights) for part in parts(batch, cuts)]
    with patch.object(pooling, "LISTED_ROWS", limit):
        expected = pooled_at_once(batch, PROFILE, limit)
        assert pooled(tally(batch, equal_weights), PROFILE) == expected
        in_parts = pooled(joined(tallies), PROFILE)
        assert in_parts == expected
        assert repr(in_parts) == repr(pooled(tally(batch, equal_weights), PROFILE))  # also zeros at the end


@settings(max_examples=100, deadline=None)
@given(batches, cuts)
def test_parts_can_be_joined_in_any_grouping_and_stay_as_they_are(
    batch: list[FormFacts], cuts: list[int]
) -> None:
    first, *others = tallies = [tally(part) for part in parts(batch, cuts)]
    before = [repr(pooled(each, PROFILE)) for each in tallies]
    from_behind = joined([])
    for each in reversed(others):
        from_behind = joined([each, from_behind])
    assert repr(pooled(joined([first, from_behind]), PROFILE)) == repr(pooled(joined(tallies), PROFILE))
    assert [repr(pooled(each, PROFILE)) for each in tallies] == before


@settings(max_examples=100, deadline=None)
@given(batches)
def test_the_fields_may_come_without_their_names(batch: list[FormFacts]) -> None:
    plain = [
        facts._replace(funds=tuple(map(tuple, facts.funds)), indicators=tuple(map(tuple, facts.indicators)))  # type: ignore[arg-type]
        for facts in batch
    ]
    assert pooled(tally(plain), PROFILE) == pooled(tally(batch), PROFILE)


def row(**given: object) -> IndicatorFacts:
    plain = IndicatorFacts(
        *("产出指标", "数量指标", "巡检次数", "正向", "大于等于", 1.0, 1.0, "次", 10.0, 10.0, 10.0, "", ""),
        key=SEPARATOR.join(("output", "数量", "巡检次数", "higher", "次+")),
        family="output",
        way="higher",
        relative=False,
        target_number=1.0,
        actual_number=1.0,
        met=True,
    )
    return plain._replace(**given)


def test_products_of_fifteen_digits_lose_none() -> None:
    funds, score = 123456789012345.0, 98765.4321098765
    rate = SEPARATOR.join(("output", "质量", "修复率", "higher", "%/"))
    small = form(row(weight=1e-7, key=rate, relative=True), unit="乙", annual=1e-7)
    batch = [form(row(weight=score, key=rate, relative=True), annual=funds), small]
    at_once = tally(batch)
    assert at_once.rows[rate].points == Decimal("12193263113702107135.95492539250001")
    assert at_once.rows[rate].points == joined(tally([each]) for each in reversed(batch)).rows[rate].points
    assert at_once.base == Decimal("123456789012345.0000001")


def test_the_caller_s_arithmetic_is_left_alone() -> None:
    """Forms may be made while they are tallied; what is divided there is divided as everywhere."""
    third = []

    def made() -> FormFacts:
        third.append(Decimal(1) / 3)
        return form(row())

    pooled(joined([tally(made() for _ in range(2))]), PROFILE)
    assert third == [Decimal("0.3333333333333333333333333333")] * 2


@pytest.mark.parametrize(
    ("annual", "scored", "by_funds"),
    [
        ([1.0, None], [True, True], True),
        ([1.0, 0.0], [False, True], False),  # only a form without scores has funds
        ([1.0, 0.0], [False, False], True),
        ([-1.0, "约8万"], [True, True], False),
        ([], [], False),
    ],
)
def test_funds_are_the_weights_if_a_scored_form_has_any(
    annual: list[object], scored: list[bool], by_funds: bool
) -> None:
    batch = [form(annual=each, scored=counts) for each, counts in zip(annual, scored, strict=True)]
    assert tally(batch).by_funds is by_funds
    assert joined(tally([each], equal_weights=True) for each in batch).by_funds is by_funds


def test_the_weight_of_a_form() -> None:
    assert weight_of(form(annual=12.34)) == Decimal("12.34")
    assert (
        weight_of(form(annual=-12.34)) == weight_of(form(annual="约8万")) == weight_of(form(annual=None)) == 0
    )
    assert weight_of(form(annual=12.34), equal_weights=True) == 1


def test_five_are_named_and_how_many_there_are_is_said() -> None:
    batch = [
        form(row(met=False, recomputed=None, level3=f"巡查{at}", renamed=at > 0), unit=f"单位{at % 7}")
        for at in range(9)
    ]
    batch.append(form(unit="旁观"))
    ((one,), _, _) = pooled(joined(tally([each]) for each in batch), PROFILE)
    units = "单位0、单位1、单位2、单位3、单位4等7家"
    assert one.level3 == "巡查0"
    assert one.note == (
        f"含对应指标：巡查1、巡查2、巡查3、巡查4、巡查5；9/10家填报；未完成：{units}；无法判定：{units}"
    )


def test_the_spelling_is_that_of_the_first_form_that_was_not_brought_by_a_mapping() -> None:
    spellings = (("巡查", True), ("巡检次数", False), ("巡检 次数", False), ("巡  查", True))
    batch = [form(row(level3=name, renamed=renamed)) for name, renamed in spellings]
    ((one,), _, _) = pooled(joined(tally([each]) for each in batch), PROFILE)
    assert (one.level3, one.note) == ("巡检次数", "含对应指标：巡  查")
    ((one,), _, _) = pooled(joined(tally([each]) for each in (batch[0], batch[3])), PROFILE)
    assert (one.level3, one.note) == ("巡检次数", "含对应指标：巡  查")


def test_a_form_without_scores_adds_its_numbers_and_words_but_no_points() -> None:
    words = SEPARATOR.join(("benefit", "奇特", "长效机制", "words", ""))
    rows = (row(weight=20.0), row(key=words, family="benefit", way="words", recomputed=8.0))
    batch = [form(*rows, annual=1.0), form(*rows, annual=3.0, scored=False)]
    (numbers, scores), _, pool = pooled(joined(tally([each]) for each in batch), PROFILE)
    assert (numbers.target, numbers.weight, numbers.score) == (2, 20, 20)
    assert (scores.units, scores.weight, scores.score) == (2, 10, 8)
    assert pool.base == 1


def test_texts_that_differ_behind_their_beginning_are_told_apart() -> None:
    key = SEPARATOR.join(("output", "数量", "巡检次数", "words", ""))
    same = [form(row(key=key, way="words", actual=LONG * 2)) for _ in "ab"]
    other = form(row(key=key, way="words", actual=LONG * 2 + "甲"))
    ((one,), _, _) = pooled(joined(map(tally, [same])), PROFILE)
    assert one.actual == LONG * 2
    ((two,), _, _) = pooled(joined(map(tally, [same, [other]])), PROFILE)
    assert two.actual == "已按计划完成全部建设内… 2家；已按计划完成全部建设内… 1家"


def test_a_tally_grows_by_little_with_each_form() -> None:
    few, many = (
        len(
            pickle.dumps(
                joined(
                    tally([form(row(met=False, recomputed=None), unit=f"单位{at % 9}")]) for at in range(n)
                )
            )
        )
        for n in (100, 1100)
    )
    assert (many - few) / 1000 < 16
