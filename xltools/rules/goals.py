"""GOA: the expected goal and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from xltools.model import Entry, Finding
from xltools.rules.case import Case
from xltools.rules.registry import rule
from xltools.vocabulary import label_key

_COMPARED = 2000  # characters; comparing is quadratic, and a copy shows long before that


def _not_filled(entry: Entry[str]) -> bool:
    return entry.state == "blank" or entry.state == "dash"


@rule("GOA-01", "unfilled", severity="error")
def expected_goal_missing(case: Case) -> Iterable[Finding]:
    """预期目标没有填写。

    为什么：自评是对照年初批复的目标进行的，没有目标就没有依据。
    例：“预期目标”下为空白。
    依据：财预〔2020〕10号所附自评表格式。
    """
    if _not_filled(case.form.goal_expected):
        yield case.finding("GOA-01", case.form.goal_expected)


@rule("GOA-02", "unfilled", severity="error")
def actual_outcome_missing(case: Case) -> Iterable[Finding]:
    """实际完成情况没有填写。

    为什么：总体目标的完成情况是自评结果的组成部分。
    例：“实际完成情况”下为空白。
    依据：财预〔2020〕10号所附自评表格式。
    """
    if _not_filled(case.form.goal_actual):
        yield case.finding("GOA-02", case.form.goal_actual)


@rule("GOA-03", severity="warning")
def outcome_copied(case: Case) -> Iterable[Finding]:
    """实际完成情况照抄了预期目标。

    为什么：实际完成情况应写做成了什么、做了多少；与目标一字不差，说明没有反映执行结果。
    例：两处都写“保障系统平稳运行，提升服务质量”。
    依据：自评审核中的常见问题；相似度界限见评分口径。
    """
    expected, actual = case.form.goal_expected.value, case.form.goal_actual.value
    if not expected or not actual:
        return
    left, right = label_key(expected)[:_COMPARED], label_key(actual)[:_COMPARED]
    if left == right:
        yield case.finding("GOA-03", case.form.goal_actual)
    elif _similar(left, right, case.profile.copied_goal):
        yield case.finding("GOA-03", case.form.goal_actual, variant="similar")


def _similar(left: str, right: str, share: Decimal) -> bool:
    """At least ``share`` of the characters agree.  Lengths that rule it out are not compared."""
    length = len(left) + len(right)
    if not length or Decimal(2 * min(len(left), len(right))) < share * length:
        return False
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, left, right, autojunk=False)
    bound = float(share)
    return matcher.quick_ratio() >= bound and matcher.ratio() >= bound
