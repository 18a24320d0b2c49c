"""Whatever stands in the cells, checking ends with findings that point at cells of the form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from builders import ABSENT, COLUMNS, FUND_COLUMNS, UNCACHED, Fund, Row, findings, form, report
from hypothesis import given, settings
from hypothesis import strategies as st

from xltools.messages import address, hint, message
from xltools.model import Entry, Place, SelfEvaluation

ODD = st.sampled_from(
    [None, "—", "无", "#DIV/0!", UNCACHED, ABSENT, "2000万", "约5", "及时", "100%", "≥50个"]
)
NUMBERS = st.one_of(
    st.integers(-3, 130),
    st.decimals("-1e4", "1e6", places=3),
    st.sampled_from(["0", "1E+3", "9" * 40, "0.0001"]),
)
VALUES = st.one_of(NUMBERS, NUMBERS, ODD)
WORDS = st.one_of(
    ODD,
    st.sampled_from(
        [
            "达成年度指标",
            "部分达成",
            "完善机制",
            "满意度",
            "不满意率",
            "合格率",
            "因预算调整",
            "（100字以内）",
        ]
    ),
    st.text(st.characters(codec="gb18030"), max_size=30),
)
FUND = st.builds(
    Fund,
    st.sampled_from(["total", "fiscal", "carryover", "other", "unknown"]),
    VALUES, VALUES, VALUES, VALUES, VALUES, VALUES, WORDS, st.sampled_from([None, "其中：中央资金"]),
)  # fmt: skip
ROW = st.builds(
    Row,
    st.sampled_from(["产出指标", "效益指标", "满意度指标", "预算执行率", "别的", None, ABSENT]),
    st.sampled_from(["数量指标", "服务对象满意度指标", "成本指标", "别的", None, ABSENT]),
    WORDS,
    st.sampled_from(["正向", "反向", "定性", "≥", None, ABSENT]),
    st.sampled_from(["等于", "大于等于", "小于等于", "大于", "小于", "随便", None, ABSENT]),
    st.one_of(VALUES, WORDS),
    st.one_of(VALUES, WORDS),
    st.sampled_from(["%", "个", "万元", "元", None, ABSENT]),
    VALUES, VALUES, WORDS,
)  # fmt: skip
GRADE = st.sampled_from(
    [
        Entry(None),
        Entry("good", "良", "ok", Place("自评表", 40, 3)),
        Entry(None, "?", "text", Place("自评表", 40, 3)),
    ]
)
SENTENCES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "全年预算数为5万元",
                "投入维护经费3元",
                "自评得分为88分",
                "等级为良",
                "不存在问题",
                "某项目绩效自评得分",
            ]
        ),
        st.text(max_size=40),
    ),
    max_size=6,
)


def _columns(names: frozenset[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.one_of(st.just(names), st.frozensets(st.sampled_from(sorted(names))))


@st.composite
def forms(draw: Any) -> SelfEvaluation:
    made = form(
        funds=draw(st.lists(FUND, max_size=4)),
        indicators=draw(st.lists(ROW, max_size=6)),
        year=draw(st.sampled_from([2023, None, UNCACHED])),
        project_name=draw(WORDS),
        department=draw(WORDS),
        unit=draw(WORDS),
        goal_expected=draw(WORDS),
        goal_actual=draw(WORDS),
        total_weight=draw(VALUES),
        total_score=draw(VALUES),
    )
    return replace(
        made,
        stated_grade=draw(GRADE),
        columns=draw(_columns(COLUMNS)),
        fund_columns=draw(_columns(FUND_COLUMNS)),
        bands=draw(_columns(frozenset(("funds", "goals", "indicators", "total")))),
    )


def _places(value: object) -> set[str]:
    """Every cell of the form, found without knowing its fields."""
    if isinstance(value, Entry):
        return {value.cell} - {""}
    if isinstance(value, tuple):
        return set().union(*map(_places, value))
    return set()


@settings(max_examples=400, deadline=None)
@given(forms(), SENTENCES)
def test_check_never_raises(made: SelfEvaluation, sentences: list[str]) -> None:
    cells = set().union(*(_places(getattr(made, name)) for name in made.__slots__))
    for each in findings(made, report(*sentences)):
        assert set(each.cells) <= cells
        assert len(set(each.cells)) == len(each.cells)
        for lang in ("zh", "en"):
            assert message(each, lang)
            assert hint(each, lang)
        address(each)
