"""Rows met before keep their scores, verdicts and facts: a batch reads the same, remembered or not."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import repeat
from typing import NamedTuple, get_args

import pytest
from builders import COLUMNS, findings, form
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rules_any_form import FUND, ROW

from xltools import remembering, rulebook, scoring
from xltools.examining import Examined, ExaminedForm
from xltools.merging import Digest, digest
from xltools.model import FileReading, Finding, Indicator, SelfEvaluation
from xltools.profiles import Profile, load_profile
from xltools.remembering import forget
from xltools.rules.case import JudgedRow, Setting, setting_of
from xltools.rules.registry import ROW_CHECKS, RULES, FormTrait, RowCheck, RowTrait
from xltools.rules.traits import FormTraits, RowTraits

NATIONAL, REGIONAL = load_profile("national"), load_profile("nmg")
UNSCORED = COLUMNS - {"weight", "score"}


class Met(NamedTuple):
    """One form of a batch, and by which profile it is judged."""

    form: SelfEvaluation
    profile: Profile


@st.composite
def batches(draw: st.DrawFn) -> list[Met]:
    """Forms whose rows are drawn from one pool, as the reader gives them: the same row is one object."""
    pool = form(indicators=draw(st.lists(ROW, min_size=1, max_size=8))).rows
    met = []
    for _ in range(draw(st.integers(1, 6))):
        made = replace(
            form(funds=draw(st.lists(FUND, max_size=2))),
            sheet=draw(st.sampled_from(["自评表", "Sheet1"])),
            columns=draw(st.sampled_from([COLUMNS, COLUMNS - {"score"}, COLUMNS - {"weight"}, UNSCORED])),
            rows=tuple(draw(st.lists(st.sampled_from(pool), max_size=8))),
        )
        met.append(Met(made, draw(st.sampled_from([NATIONAL, REGIONAL]))))
    return met


def _judged(met: Met) -> tuple[scoring.Assessment, tuple[Finding, ...], Digest]:
    made, profile = met
    assessment = scoring.assess(made, profile)
    found = rulebook.check(made, profile, assessment)
    examined = Examined(FileReading("甲.xlsx", "read", (made,)), (ExaminedForm(made, assessment, found),))
    return assessment, found, digest(examined, False)


def _anew(met: Met) -> tuple[scoring.Assessment, tuple[Finding, ...], Digest]:
    forget()
    return _judged(met)


@settings(max_examples=150, deadline=None)
@given(batches())
def test_a_batch_reads_the_same_remembered_or_not(batch: Sequence[Met]) -> None:
    alone = [_anew(met) for met in batch]
    forget()
    assert [_judged(met) for met in batch] == alone
    assert [_judged(met) for met in reversed(batch)] == alone[::-1]


def test_a_row_met_before_is_not_judged_again() -> None:
    made = form()
    held = list(made.rows)  # as the reader holds rows that came twice; of others nothing is remembered
    first, again = (_judged(Met(made, NATIONAL)) for _ in range(2))
    assert len(held) == len(first[0].rows)
    assert all(one is other for one, other in zip(first[0].rows, again[0].rows, strict=True))
    where, judged = setting_of(made, NATIONAL), first[0].rows[0]
    assert rulebook.verdict(made.rows[0], judged, where) is rulebook.verdict(made.rows[0], judged, where)


def test_the_same_setting_is_one_object() -> None:
    made = form()
    assert setting_of(made, NATIONAL) is setting_of(replace(made, sheet="".join(made.sheet)), NATIONAL)
    for other, profile in (
        (made, REGIONAL),
        (replace(made, sheet="Sheet1"), NATIONAL),
        (replace(made, columns=UNSCORED), NATIONAL),
        (replace(made, columns=COLUMNS - {"weight"}), NATIONAL),
        (replace(made, columns=COLUMNS - {"score"}), NATIONAL),
    ):
        assert setting_of(other, profile) is not setting_of(made, NATIONAL)


@pytest.mark.parametrize("each", ROW_CHECKS, ids=lambda each: each.check.__name__)
def test_a_rule_about_rows_sees_nothing_but_what_its_verdict_is_remembered_by(each: RowCheck) -> None:
    """It is given what is made of a row, its score and the setting, which are the key of the memory;
    it holds no variable of its own."""
    signature = inspect.signature(each.check, eval_str=True)
    assert [given.annotation for given in signature.parameters.values()] == [JudgedRow, Setting]
    assert each.check.__closure__ is None
    assert each.check.__defaults__ is None
    assert each.check.__kwdefaults__ is None


def test_the_key_of_a_verdict_never_changes() -> None:
    asked = inspect.signature(rulebook.verdict, eval_str=True).parameters.values()
    assert [given.annotation for given in asked] == [Indicator, scoring.RowScore, Setting]
    assert issubclass(Indicator, tuple)
    assert issubclass(scoring.RowScore, tuple)
    assert {field.name: field.type for field in fields(Setting)} == {
        "sheet": "str",
        "profile": "Profile",
        "weights": "bool",
        "scores": "bool",
    }
    with pytest.raises(AttributeError):
        setting_of(form(), NATIONAL).sheet = "Sheet1"  # type: ignore[misc]


def test_traits_are_those_of_the_registry() -> None:
    assert get_args(RowTrait) == RowTraits._fields
    assert get_args(FormTrait) == FormTraits._fields
    for each in RULES.values():
        assert each.traits <= set(RowTraits._fields if each.by_row else FormTraits._fields)


def test_the_memory_is_bounded() -> None:
    """A batch of which no two rows are alike is judged all the same, and nothing is kept for ever."""
    forget()
    made = form()
    for _ in range(scoring.ROWS_REMEMBERED // len(made.rows) + 2):
        copy = replace(made, rows=tuple(Indicator(*row) for row in made.rows))
        assert findings(copy) == ()
    assert max(map(len, remembering._ALL)) <= scoring.ROWS_REMEMBERED
    forget()


def test_what_comes_again_and_again_is_never_forgotten() -> None:
    asked: list[str] = []

    @remembering.remembered_rows(8)
    def shout(text: str) -> str:
        asked.append(text)
        return text.upper()

    usual = "usual"
    for at in range(100):
        assert shout.each((usual, f"once {at}")) == ["USUAL", f"ONCE {at}"]
        assert shout(usual) == "USUAL"
    assert asked.count(usual) == 1
    assert len(asked) == 101


def test_an_answer_that_is_nothing_is_remembered_too() -> None:
    asked: list[tuple[str, str]] = []

    @remembering.remembered_rows(8)
    def nothing(one: str, other: str) -> None:
        asked.append((one, other))

    for _ in range(3):
        assert nothing.each(("a", "b"), repeat("c")) == [None, None]
        assert nothing("a", "c") is None
    assert asked == [("a", "c"), ("b", "c")]
