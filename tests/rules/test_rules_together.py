"""Rules beside each other: what one says silences what follows from it; one fault is one finding."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import ABSENT, ROWS, UNCACHED, Fund, Row, codes, findings, form, with_fund, with_row
from rule_cases import UNUSED

from xltools.messages import address, hint, message, names
from xltools.model import Finding, SelfEvaluation
from xltools.rulebook import check_batch, position, same_forms
from xltools.rules.consolidation import not_sent

UNMET = {"target": 100, "actual": 40, "weight": 5, "score": 5}


def _many(count: int) -> tuple[Row, ...]:
    return tuple(Row(level3=f"任务{at}", **UNMET) for at in range(count))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (form(indicators=with_row(0, actual=None)), ["IND-03"]),
        (form(indicators=with_row(0, actual="完成")), ["IND-08"]),
        (form(indicators=with_row(0, actual="#N/A")), ["STR-13"]),
        (form(indicators=with_row(0, actual=UNCACHED)), ["STR-13"]),
        (form(indicators=with_row(0, target=None)), ["IND-02"]),
        (form(indicators=with_row(0, score=None)), ["SCO-10"]),
        (form(indicators=with_row(0, score=None), total_score=99), ["SCO-10"]),
        (form(indicators=with_row(0, score="十五"), total_score=99), ["STR-13"]),
        (form(indicators=with_row(0, weight=None), total_weight=100), ["WGT-05"]),
        (form(funds=with_fund(0, annual_budget="10万元")), ["STR-13"]),
        (form(funds=with_fund(0, executed="8万")), ["STR-13"]),
        (form(funds=with_fund(1, annual_budget="八万")), ["STR-13"]),
        (form(funds=with_fund(0, score="满"), total_score=99), ["STR-13"]),
        (form(funds=with_fund(0, executed=None), total_score=99), ["FUN-01"]),
        (form(total_score=None, total_weight=None), []),
        (form(bands=frozenset({"funds", "goals", "total"}), indicators=(), columns=frozenset()), ["STR-05"]),
    ],
)  # fmt: skip
def test_nothing_on_top(made: SelfEvaluation, said: list[str]) -> None:
    assert codes(findings(made)) == said


def test_a_form_as_handed_out_has_no_faulty_sums() -> None:
    nothing = Fund("total", 0, 0, 0, 10, "—", None)
    made = form(funds=(nothing,), indicators=UNUSED, goal_expected=None, goal_actual=None, total_weight=100)
    assert not {"STR-05", "WGT-01", "WGT-02", "SCO-07"} & set(codes(findings(made)))
    blank = Fund("total", None, None, None, 10, None, None)
    assert "FUN-08" not in codes(findings(replace(made, funds=form(funds=(blank,)).funds)))


def test_only_the_score_is_out_of_range() -> None:
    found = findings(form(indicators=with_row(0, score=16), total_score=100))
    assert codes(found) == ["SCO-01", "SCO-08"]


def test_unscored_form_has_no_score_findings() -> None:
    rows = tuple(each._replace(weight=ABSENT, score=ABSENT, actual=0, deviation=None) for each in ROWS)
    funds = (Fund("total", 10, 10, 10, ABSENT, 100, ABSENT),)
    columns = frozenset({"level1", "level2", "level3", "target", "actual", "deviation"})
    made = form(funds=funds, indicators=rows, columns=columns, total_score=ABSENT, total_weight=ABSENT)
    found = findings(made)
    assert not [each for each in found if each.code[:3] in ("WGT", "SCO", "DEV")]
    assert "IND-19" in codes(found)


def test_same_fault_is_one_finding() -> None:
    found = [each for each in findings(form(indicators=_many(7))) if each.code == "SCO-03"]
    assert len(found) == 1
    assert found[0].cells == tuple(f"K{row}" for row in range(12, 19))
    assert address(found[0]) == "自评表!K12:K18"
    assert message(found[0]).startswith("“任务0”、“任务1”、“任务2”、“任务3”、“任务4”等7项的指标值为100")
    assert "“任务4” and 2 more" in message(found[0], "en")


def test_names_follow_the_cells() -> None:
    made = form(indicators=with_row(0, score=None), funds=with_fund(0, score=None))
    (found,) = findings(made)
    assert (found.cells, found.names) == (("K5", "K12"), ("年度资金总额", "开展巡检次数"))


def test_different_numbers_are_different_faults() -> None:
    rows = (Row(**UNMET), Row(**{**UNMET, "actual": 50}))
    found = [each for each in findings(form(indicators=rows)) if each.code == "SCO-02"]
    assert [each.cells for each in found] == [("K12",), ("K13",)]


def test_order_is_severity_then_position() -> None:
    found = findings(form(indicators=_many(3), year=None, goal_actual=None))
    order = {"error": 0, "warning": 1, "undetermined": 2, "info": 3}
    ranks = [(order[each.severity], position(each.cells[0])) for each in found]
    assert ranks == sorted(ranks)
    assert ranks[0][0] == 0
    assert ranks[-1][0] == 1


def test_addresses() -> None:
    def at(*cells: str) -> str:
        return address(Finding("SCO-01", "error", "表", cells))

    assert at() == ""
    assert at("K12") == "表!K12"
    assert at("K12", "K13") == "表!K12、K13"
    assert at("K12", "K13", "K14", "K17") == "表!K12:K14、K17"
    assert at("E17", "F17") == "表!E17、F17"
    assert address(Finding("RPT-04", "warning", "", ())) == ""
    assert position("AB7") == (7, 28)
    assert names(("甲", "乙")) == "“甲”、“乙”"


def test_reading_is_offered_not_taken() -> None:
    (found,) = findings(form(funds=with_fund(0, annual_budget="2000万")))
    assert message(found) == "“年度资金总额”全年预算数应填数字，表中为“2000万”，是否为 2000 万元？"
    assert "确认前不计入任何合计" in hint(found)


def test_uncached_says_open_and_save() -> None:
    (found,) = findings(form(total_score=UNCACHED))
    assert hint(found) == "请用 Excel 或 WPS 打开文件，保存一次，再重新报送。"


def _said(made: SelfEvaluation, code: str) -> str:
    (found,) = [each for each in findings(made) if each.code == code]
    return message(found)


def test_only_qualitative_rows_are_taken_at_their_floor() -> None:
    """Not the row with two formulas (5 or 6.67 points), and a partial tier at its own floor."""
    rows = list(with_row(3, actual=750, score=10))
    rows[5] = rows[5]._replace(actual="部分达成年度指标并具有一定效果")
    said = _said(form(indicators=rows), "SCO-08")
    assert said.startswith("按规则复算的总分为92.66，")  # 99 - 3.33 - 3.01
    assert said.endswith("定性指标均按所填档次的最低分计算时（看不出档次的按“达成”），总分为89.67。")


def test_only_a_sign_that_turns_a_row_round_is_taken_at_its_word() -> None:
    equal = form(indicators=with_row(3, direction="等于", actual=750))
    assert "按字面方向" not in _said(equal, "SCO-08")
    rows = list(with_row(0, direction="小于等于", actual=6))
    rows[3] = rows[3]._replace(direction="大于等于", actual=750)
    assert "若按字面方向“小于等于、大于等于”计算，总分为" in _said(form(indicators=rows), "SCO-08")


def test_a_dash_beside_a_score_leaves_the_usual_weight() -> None:
    funds = (Fund("total", 10, 10, 5, "—", 50, 10),)
    assert "预算执行得分应为5分（执行率50.00%×分值10）" in _said(
        form(funds=funds, total_weight=100), "FUN-09"
    )


def test_a_share_is_not_rounded_up_to_a_bound_it_misses() -> None:
    made = form(indicators=with_row(0, target=1000, actual=1299))
    assert "的129.9%" in _said(made, "IND-21")
    assert "DEV-03" not in codes(findings(made))


def test_an_amount_is_shown_as_it_stands_in_its_cell() -> None:
    made = form(funds=(Fund("total", 10, 10, "10.1", 10, 101, 10),))
    assert _said(made, "FUN-05") == "“年度资金总额”全年执行数10.1万元大于全年预算数10万元。"
    line = made.funds[0]
    thousands = {
        field: entry._replace(raw=raw, note="money_converted")
        for (field, entry), raw in zip(line.amounts(), ("100", "100", "101千元"), strict=True)
    }
    made = replace(made, funds=(line._replace(**thousands),))
    assert _said(made, "FUN-05") == "“年度资金总额”全年执行数101千元大于全年预算数100千元。"


def test_a_cut_is_told_without_a_sign() -> None:
    (found,) = findings(form(funds=(Fund("total", 20, 10, 10, 10, 100, 10),)))
    assert message(found) == (
        "“年度资金总额”全年预算数10.00万元，比年初预算数20.00万元减少10.00万元，表内没有说明理由。变动幅度为年初预算数的50%。"
    )


def batch_findings(*forms: SelfEvaluation) -> tuple[tuple[int, Finding], ...]:
    return check_batch([each.identity for each in forms])


def test_sent_twice() -> None:
    forms = [
        form(source="甲.xlsx"),
        form(source="乙.xlsx", project_name="另一项目"),
        form(source="丙.xlsx", unit="某某市公共资源交易中心（部门）"),
    ]
    found = batch_findings(*forms)
    assert [(index, each.code, each.cells) for index, each in found] == [
        (0, "CON-01", ("C2",)),
        (2, "CON-01", ("C2",)),
    ]
    assert [list(same) for same in same_forms([each.identity for each in forms])] == [[0, 2]]
    said = message(found[0][1])
    assert "甲.xlsx" in said
    assert "丙.xlsx" in said
    assert "乙.xlsx" not in said


def test_a_form_without_a_year_is_of_the_year_of_the_batch() -> None:
    forms = [form(source="甲.xlsx", year=None), form(source="乙.xlsx"), form(source="丙.xlsx", year=2022)]
    others = [form(source=f"{n}.xlsx", project_name=f"其他{n}") for n in range(2)]
    found = [(index, each.code) for index, each in batch_findings(*forms, *others)]
    assert found == [(0, "CON-01"), (1, "CON-01"), (2, "CON-05")]
    asked = check_batch([each.identity for each in forms], 2022)
    assert [(index, each.code) for index, each in asked] == [(0, "CON-01"), (1, "CON-05"), (2, "CON-01")]


@pytest.mark.parametrize(
    "other", [{"year": 2022}, {"unit": "某某市公共资源交易中心（东区）"}, {"project_name": None}]
)
def test_not_sent_twice(other: dict[str, object]) -> None:
    assert "CON-01" not in [found.code for _, found in batch_findings(form(), form(**other))]


def test_years_mixed() -> None:
    forms = [form(project_name=f"项目{at}", year=2022 if at == 1 else 2023) for at in range(3)]
    ((index, found),) = batch_findings(*forms, form(project_name="无年度", year=None))
    assert (index, found.code, found.expected, found.actual) == (1, "CON-05", "2023", "2022")
    assert message(found) == "这张表的年度是2022年，同批其他2张表是2023年。"


def test_who_sent_nothing() -> None:
    (found,) = not_sent([("示例三分中心", "运行费用")])
    assert (found.code, found.severity) == ("CON-02", "error")
    assert message(found) == "名单上的“示例三分中心”没有报送自评表。项目：“运行费用”。"


def test_money_units_mixed() -> None:
    forms = [form(project_name=f"项目{at}", money_unit="元" if at == 1 else "万元") for at in range(3)]
    ((index, found),) = batch_findings(*forms)
    assert (index, found.code, found.cells, found.expected, found.actual) == (
        1,
        "CON-04",
        ("A4",),
        "万元",
        "元",
    )
    assert message(found) == "这张表的金额单位是“元”，同批其他2张表是“万元”。"
    assert check_batch([]) == ()
