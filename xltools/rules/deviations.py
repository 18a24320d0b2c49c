"""DEV: is a deviation explained.  A dash or 无 is no explanation."""

from __future__ import annotations

from collections.abc import Iterable

from xltools.model import Finding
from xltools.quantities import plain, round_half_up
from xltools.rules.case import JudgedRow, Setting
from xltools.rules.registry import row_rule
from xltools.scoring import HUNDRED


@row_rule("DEV-01", "short", severity="error", needs="scores")
def lost_points_unexplained(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """没有得满分，也没有填写偏差原因。

    为什么：扣分的指标应说明偏差原因和改进措施。填“—”“无”的，视为没有填写。
    例：分值10，得分9，偏差原因栏空白。
    依据：财预〔2020〕10号所附自评表格式。
    """
    if not item.unexplained or item.lost <= setting.profile.row_tolerance:
        return ()
    return [setting.finding("DEV-01", item.deviation_cell, name=item.name)]


@row_rule("DEV-02", "unmet", severity="error", needs="scores")
def unmet_unexplained(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """没有完成年度指标值，也没有填写偏差原因。

    为什么：不论得多少分，未完成的指标都应说明原因和改进措施。填“—”“无”的，视为没有填写。
    例：指标值1，完成值0，偏差原因栏空白。
    依据：财预〔2020〕10号。
    """
    return [setting.finding("DEV-02", item.deviation_cell, name=item.name)] if item.unexplained else ()


@row_rule("DEV-03", "quantitative", severity="warning", needs="scores")
def far_above_unexplained(item: JudgedRow, setting: Setting) -> Iterable[Finding]:
    """大幅超额完成，没有填写原因。

    为什么：超额较多的指标应说明原因，属于指标值偏低的应调减得分。界限见评分口径。
    例：指标值100，完成值150，偏差原因栏空白。
    依据：财预〔2020〕10号；界限为地方做法。
    """
    ratio = item.judged.ratio
    if ratio is None or not item.unexplained or ratio < setting.profile.reason_required:
        return ()
    percent = plain(round_half_up(ratio * HUNDRED))
    return [setting.finding("DEV-03", item.deviation_cell, name=item.name, percent=percent)]
