"""Every rule: raised where it must be, at the right cells, and silent where it must be."""

from __future__ import annotations

from decimal import Decimal

import pytest
from builders import codes, findings, form, report
from rule_cases import FAILS, PASSES, RuleCase

from xltools.messages import address, hint, message, title
from xltools.messages.findings import MESSAGES
from xltools.rulebook import catalogue
from xltools.rules.registry import RULES

TWICE = ("moved",)  # from one source to the other
BATCH = {"CON-01", "CON-02", "CON-04", "CON-05"}
EVERYTHING_SAID = report(
    "公共资源交易系统运行维护项目绩效自评得分为99分，等级为优。全年预算数为10万元，执行数为10万元。"
)


def _id(case: RuleCase) -> str:
    return f"{case.code} {case.why}"


@pytest.mark.parametrize("case", FAILS, ids=_id)
def test_raised(case: RuleCase) -> None:
    found = [each for each in findings(case.made, case.text) if each.code == case.code]
    assert (case.cells, case.variant) in [(each.cells, each.variant) for each in found]
    assert len(found) == (2 if case.why in TWICE else 1)
    assert found[0].sheet == "自评表"


@pytest.mark.parametrize("case", PASSES, ids=_id)
def test_silent(case: RuleCase) -> None:
    assert case.code not in codes(findings(case.made, case.text))


@pytest.mark.parametrize("case", FAILS, ids=_id)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words(case: RuleCase, lang: str) -> None:
    """Every sentence is complete: no brace, no empty place, no key instead of a word."""
    for each in findings(case.made, case.text):
        for text in (message(each, lang), hint(each, lang), title(each.code, lang)):
            assert text
            assert text == text.strip()
            assert not set("{}_") & set(text)
            assert "None" not in text
            assert "“”" not in text
        assert lang == "en" or message(each).endswith(("。", "？"))
        assert not each.cells or address(each).startswith("自评表!")


def test_clean_form_is_clean() -> None:
    assert findings(form()) == ()
    assert findings(form(), EVERYTHING_SAID) == ()


def test_nothing_is_missing() -> None:
    """No code without function, message, failing case and silent case (the clean form is one)."""
    assert {key.partition("/")[0] for key in MESSAGES} == set(RULES)
    assert {case.code for case in FAILS} | BATCH == set(RULES)
    variants = {(case.code, case.variant) for case in FAILS} | {(code, "") for code in BATCH}
    wordings = {(key.partition("/")[0], key.partition("/")[2]) for key in MESSAGES}
    assert wordings - variants == {("FUN-14", "")}


def test_catalogue() -> None:
    infos = catalogue()
    assert len(infos) == 65
    assert infos[0].code == "STR-02"
    for info in infos:
        assert all((info.what, info.why, info.example, info.basis, info.since, *info.title))
        assert "第" not in info.basis, "name the document, not an article"
    assert RULES["IND-10"].severity == RULES["FUN-08"].severity == "undetermined"


def test_satisfaction_zero_is_worse_when_scored() -> None:
    scored, silent = ([each for each in FAILS if each.code == "IND-18"][at] for at in (0, 1))
    assert [f.severity for f in findings(scored.made) if f.code == "IND-18"] == ["error"]
    assert [f.severity for f in findings(silent.made) if f.code == "IND-18"] == ["warning"]


def test_numbers_are_plain_decimals() -> None:
    for case in FAILS:
        for each in findings(case.made, case.text):
            if each.code in ("FUN-01", "FUN-03", "FUN-09", "SCO-02", "SCO-07", "SCO-08", "RPT-01"):
                if each.variant == "blank":
                    continue
                assert each.expected is not None
                assert each.actual is not None
                assert Decimal(each.expected) != Decimal(each.actual)
                assert "E" not in each.expected + each.actual
