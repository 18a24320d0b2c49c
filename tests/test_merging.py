"""Adding up a batch, checked against arithmetic done by hand."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest
from builders import ABSENT, FUNDS, ROWS, Fund, Row, form
from consolidated.batches import PROFILE, batch, digest, digests, finding, money, unusable, words
from hypothesis import given, settings
from hypothesis import strategies as st

from xltools import merging
from xltools.merging import PooledRow, consolidate, pooling
from xltools.model import Identity, SelfEvaluation


def pooled(*forms: SelfEvaluation) -> dict[str, PooledRow]:
    return {row.level3: row for row in consolidate([digest(each) for each in forms], PROFILE).pool.rows}


def weighted(annual: object, *rows: Row, unit: str = "甲") -> SelfEvaluation:
    return form(unit=unit, funds=money(annual, annual, annual), indicators=rows)


# --- what crosses the process border --------------------------------------------------------------


def test_a_digest_is_plain_and_small() -> None:
    packed = pickle.dumps(digest(form(), (finding("SCO-03", "error", "K12"),), keep=False))
    assert len(packed) < 3000
    assert b"Decimal" not in packed
    assert b"IndicatorFacts" not in packed
    assert pickle.loads(packed) == digest(form(), (finding("SCO-03", "error", "K12"),), keep=False)


def test_the_form_is_carried_only_when_asked_for() -> None:
    (kept,) = merging.forms_of([digest(form())])
    (left,) = merging.forms_of([digest(form(), keep=False)])
    assert kept[1].form == form()
    assert left[1].form is None


def test_money_is_in_wan() -> None:
    ((_, facts),) = merging.forms_of([digest(form(money_unit="元", funds=money(123456.78, 20000, 1)))])
    assert (facts.initial, facts.annual, facts.executed) == (12.345678, 2.0, 0.0001)


def test_numbers_stay_numbers_and_words_stay_words() -> None:
    rows = (Row(target="≥50个", actual="60", unit="个"), Row(target="100%", actual="95%", unit=None))
    ((_, facts),) = merging.forms_of([digest(form(indicators=rows))])
    assert [(row.target, row.actual) for row in facts.indicators] == [("≥50个", 60.0), ("100%", "95%")]
    assert [(row.target_number, row.actual_number) for row in facts.indicators] == [
        (50.0, 60.0),
        (100.0, 95.0),
    ]


# --- the batch ------------------------------------------------------------------------------------


def test_money_is_added_and_an_amount_in_words_is_not_zero() -> None:
    c = batch()
    total, fiscal, *_ = c.pool.funds
    assert (total.initial, total.annual, total.executed) == (
        48,
        48,
        34,
    )  # 10+30+8; 10+24, "约8万" is left out
    assert total.rate == Decimal("85.00")  # 34 of the 40 whose execution is known
    assert not total.complete
    assert (fiscal.annual, fiscal.executed) == (46, 32)
    assert [bool(each.remarks) for each in c.forms] == [False, False, True]
    assert c.forms[2].remarks == "全年执行数“约8万”不是数值，未计入合计"


def test_a_form_left_out_is_listed_and_counts_nowhere() -> None:
    c = batch()
    assert [each.facts.unit for each in c.forms] == ["甲中心", "乙中心", "丙中心[一]:*?"]
    assert [line.status for line in c.files] == [
        "read",
        "read",
        "read",
        "left_out",
        "unreadable",
        "not_a_form",
    ]
    assert "重复报送" in c.files[3].reason
    assert [line.source for line in c.findings if line.facts.code == "CON-01"] == ["甲中心（重报）.xlsx"]
    assert all(row.units <= 3 for row in c.pool.rows)


def test_findings_are_sorted_and_belong_to_their_form() -> None:
    c = batch()
    severities = [line.facts.severity for line in c.findings]
    assert severities == ["error"] * 5 + ["warning", "undetermined"]
    assert [each.code for each in c.forms[1].findings] == ["SCO-03", "DEV-01"]


def test_a_finding_of_the_batch_about_a_form_counts_with_it() -> None:
    line = merging.finding_line(finding("CON-04", "error", "A4"), "乙.xlsx", "乙中心", form=1, words=words)
    gone = merging.finding_line(finding("CON-04", "error", "A4"), form=0, words=words)
    c = consolidate([digest(form()), digest(form(unit="乙中心"))], PROFILE, [line, gone], {0: "重复"})
    assert [each.code for each in c.forms[0].findings] == ["CON-04"]
    assert [each.form for each in c.findings] == [0, None]


def test_files_without_forms_carry_their_reason() -> None:
    c = consolidate([unusable("a.xlsx", "damaged"), merging.passed_over("b.txt", "unknown")], PROFILE)
    assert [line.status for line in c.files] == ["unreadable", "skipped"]
    assert c.files[0].reason.startswith("文件已损坏")
    assert c.pool.total is None


# --- indicators -----------------------------------------------------------------------------------


def test_absolute_numbers_are_added_then_scored() -> None:
    row = pooled(weighted(10, Row(target=12, actual=12)), weighted(30, Row(target=12, actual=6), unit="乙"))[
        "开展巡检次数"
    ]
    assert (row.method, row.target, row.actual) == ("added", 24, 18)
    assert row.score == Decimal("0.75") * 15
    assert row.note == "未完成：乙"


@pytest.mark.parametrize(
    ("name", "unit", "level2", "method"),
    [
        ("高标准农田建设面积", "亩", "数量指标", "added"),
        ("制定行业标准", "项", "数量指标", "added"),
        ("率先完成改革事项", "项", "数量指标", "added"),
        ("购置设备数量", "台/套", "数量指标", "added"),
        ("培训人数", "人/次", "数量指标", "added"),
        ("培训时长", "小时", "数量指标", "added"),
        ("救助标准", "元", "成本指标", "averaged"),
        ("救助水平", "元/人", "成本指标", "averaged"),
        ("巡检频次", "次/年", "数量指标", "averaged"),
        ("设备完好率（抽查）", "", "质量指标", "averaged"),
        ("事故下降", "百分点", "社会效益指标", "averaged"),
        ("设备使用寿命", "年", "可持续影响指标", "averaged"),
    ],
)
def test_what_is_counted_is_added_and_what_measures_is_averaged(
    name: str, unit: str, level2: str, method: str
) -> None:
    one = Row(level2=level2, level3=name, target=10, actual=10, unit=unit)
    row = pooled(weighted(10, one), weighted(30, one, unit="乙"))[name]
    assert (row.method, row.actual) == (method, 20 if method == "added" else 10)


def test_an_execution_rate_among_the_indicators_is_not_counted_twice() -> None:
    rate = Row("预算执行率", None, "预算执行率", None, None, 100, 90, "%", 10, 9)
    rows = [Row(weight=90), rate]
    funds = (Fund("total", 10, 10, 9, weight=None, score=None),)
    ((_, facts),) = merging.forms_of([digest(form(indicators=rows, funds=funds))])
    assert (facts.execution_weight, facts.execution_score) == (0, 0)
    pool = consolidate([digest(form(indicators=rows, funds=funds))], PROFILE).pool
    assert (pool.total_weight, pool.total) == (100, 99)


def test_an_unreadable_actual_on_a_form_without_scores_leaves_the_row_open() -> None:
    open_ = Row(actual="基本完成", weight=ABSENT, score=ABSENT)
    unscored = form(unit="乙", indicators=[open_])
    row = pooled(weighted(10, Row()), unscored)["开展巡检次数"]
    assert (row.score, row.note) == (None, "无法判定：乙")


def test_relative_numbers_are_averaged_by_funds() -> None:
    rates = Row(level3="完成率", target=90, unit="%")
    row = pooled(
        weighted(10, rates._replace(actual=80)),
        weighted(30, rates._replace(target=100, actual=96), unit="乙"),
    )["完成率"]
    assert (row.method, row.target, row.actual) == ("averaged", Decimal("97.5"), 92)  # (10·90+30·100)/40
    assert row.score == Decimal("94.36") / 100 * 15  # 92/97.5


def test_equal_weights_where_nobody_has_funds() -> None:
    rates = Row(level3="完成率", target=90, unit="%")
    row = pooled(weighted(0, rates._replace(actual=80)), weighted(0, rates._replace(actual=90), unit="乙"))[
        "完成率"
    ]
    assert row.actual == 85


def test_words_are_represented_by_their_scores() -> None:
    words_row = Row(
        "效益指标", "可持续影响指标", "长效机制", "定性", None, "建立", "达成年度指标", None, 20, 20
    )
    row = pooled(
        weighted(10, words_row),
        weighted(30, words_row._replace(actual="部分达成年度指标并具有一定效果", score=14), unit="乙"),
    )["长效机制"]
    assert (row.method, row.target, row.score) == ("scored", "建立", Decimal("15.5"))  # (10·20+30·14)/40
    assert "达成年度指标 1家" in str(row.actual)


def test_a_row_of_one_unit_keeps_its_share_and_names_it() -> None:
    rows = pooled(
        weighted(10, Row(weight=90)),
        weighted(30, Row(weight=50), Row(level3="培训人次", weight=40, unit="人"), unit="乙"),
    )
    assert rows["开展巡检次数"].weight == 60  # (10·90+30·50)/40
    assert rows["培训人次"].weight == 30  # 30·40/40
    assert rows["培训人次"].note == "仅“乙”填报"


def test_what_cannot_be_judged_leaves_the_total_open() -> None:
    c = batch()
    row = next(row for row in c.pool.rows if row.level3 == "使用单位满意度")
    assert row.score is None
    assert "无法判定：丙中心" in row.note
    assert c.pool.total is None
    assert c.pool.total_weight == 100


def test_spelling_of_labels_does_not_split_a_row() -> None:
    rows = pooled(
        weighted(1, Row(level2="数量指标", level3="开展 巡检次数", unit="％", target=90, actual=95)),
        weighted(
            1,
            Row(level1="产出", level2="数量", level3="开展巡检次数", unit="%", target=90, actual=95),
            unit="乙",
        ),
    )
    assert [row.units for row in rows.values()] == [2]


def test_units_nature_and_direction_do_split_it() -> None:
    rows = consolidate(
        [
            digest(weighted(1, Row(unit="次"), Row(unit="场"), Row(nature="反向", direction="小于等于"))),
            digest(
                weighted(1, Row(nature="定性", direction=None, target="多", actual="达成年度指标", unit=None))
            ),
        ],
        PROFILE,
    ).pool.rows
    assert [row.units for row in rows] == [1, 1, 1, 1]


def test_a_missed_target_of_nothing_is_undetermined() -> None:
    row = pooled(weighted(1, Row(target=0, actual=-1)))["开展巡检次数"]
    assert row.score is None


def test_a_reverse_indicator_that_is_missed() -> None:
    cost = Row(
        level3="违规次数", nature="反向", direction="小于等于", target=10, actual=15, weight=10, score=5
    )
    assert pooled(weighted(1, cost))["违规次数"].score == 5  # 1-(15-10)/10


def test_more_rows_than_a_form_lists_are_added_up(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(pooling, "LISTED_ROWS", 3)
    forms = [
        weighted(1, *(Row(level3=f"{unit}{n}", weight=15) for n in range(6)), unit=unit) for unit in "甲乙"
    ]
    c = consolidate([digest(each) for each in forms], PROFILE)
    assert [row.level3 for row in c.pool.rows] == ["甲0", "甲1", "甲2", "其余 9 项指标"]
    assert c.pool.total_weight == 100
    assert c.pool.total == 100
    assert all(1 <= number <= 4 for each in c.forms for number in each.rows)


def test_no_scores_no_judgement() -> None:
    plain = form(indicators=tuple(row._replace(weight=None, score=None) for row in ROWS), columns=frozenset())
    c = consolidate([digest(plain), digest(form(unit="乙"))], PROFILE)
    assert c.pool.rows[0].target == 24
    assert c.pool.total_weight == 100
    assert c.pool.total is not None


amount = st.decimals(0, 10**6, places=2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(amount, amount, st.booleans()), min_size=1, max_size=6))
def test_sums_are_exact_and_weights_add_up(amounts: list[tuple[Decimal, Decimal, bool]]) -> None:
    extra = (
        *ROWS[:-1],
        Row(
            "满意度指标",
            "服务对象满意度指标",
            "群众满意度",
            target=90,
            actual=91,
            unit="%",
            weight=10,
            score=10,
        ),
    )
    made = [
        form(unit=f"单位{at}", funds=money(annual, annual, executed), indicators=extra if other else ROWS)
        for at, (annual, executed, other) in enumerate(amounts)
    ]
    pool = consolidate([digest(each, keep=False) for each in made], PROFILE).pool
    assert pool.funds[0].annual == sum(annual for annual, _, _ in amounts)
    assert pool.funds[0].executed == sum(executed for _, executed, _ in amounts)
    assert pool.total_weight == 100
    assert pool.total is None or 0 <= pool.total <= 100


def test_the_default_words_are_those_of_the_messages() -> None:
    ((_, facts),) = merging.forms_of([merging.digest(_examined_with_a_real_finding(), False)])
    assert facts.findings[0].title
    assert facts.findings[0].message
    assert facts.findings[0].hint


def _examined_with_a_real_finding():  # type: ignore[no-untyped-def]
    from builders import findings
    from consolidated.batches import examined

    bad = form(funds=FUNDS[:1] + FUNDS[2:], indicators=(ROWS[0]._replace(actual=6), *ROWS[1:]))
    found = findings(bad)
    assert found
    return examined(bad, found)


def test_digests_of_a_batch_survive_the_border() -> None:
    sent = consolidate(pickle.loads(pickle.dumps(digests())), PROFILE)
    here = consolidate(digests(), PROFILE)
    for what in ("pool", "forms", "files", "findings"):
        assert getattr(sent, what) == getattr(here, what)
    assert [*sent.everyone] == [*here.everyone]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=6), st.booleans())
def test_everyone_is_the_forms_of_all_bundles_in_order(sizes: list[int], sealed: bool) -> None:
    forms = [
        Identity(f"{n}.xlsx", "自评表", f"项目{n}", "示例单位", "", 2023, "万元") for n in range(sum(sizes))
    ]
    rest, bundles = iter(forms), []
    for size in sizes:
        own = [next(rest) for _ in range(size)]
        facts = [digest(form()) for _ in own]
        bundles.append(merging.bundle(facts, own, sealed=sealed))
    everyone = merging.Everyone(bundles)
    assert [*everyone] == forms
    assert len(everyone) == len(forms)
    assert [everyone[at] for at in range(-len(forms), len(forms))] == forms * 2
    assert list(everyone[::-2]) == forms[::-2]
    with pytest.raises(IndexError):
        everyone[len(forms)]
