"""A small batch with everything in it that goes wrong in a real one, and its digests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from builders import FUNDS, ROWS, Fund, Row, form

from xltools import merging
from xltools.examining import Examined, ExaminedForm
from xltools.merging import Consolidation, Digest
from xltools.model import FileReading, Finding, SelfEvaluation, Severity
from xltools.profiles import load_profile
from xltools.scoring import assess

PROFILE = load_profile("nmg")
Check = Callable[[SelfEvaluation], Sequence[Finding]]


def words(finding: Finding) -> tuple[str, str, str]:
    names = "、".join(finding.names)
    return (
        f"规则 {finding.code}",
        f"“{names}”的得分与规则不符，请核对。",
        "改为按完成比例计算的得分，并填写偏差原因。",
    )


def finding(code: str, severity: Severity, *cells: str, name: str = "开展巡检次数") -> Finding:
    return Finding(code, severity, "自评表", cells, (name,))


def examined(made: SelfEvaluation, findings: Sequence[Finding] = ()) -> Examined:
    reading = FileReading(
        made.source, "read", (made,), size=12_345, modified=1_700_000_000.0, sha256="ab" * 32
    )
    return Examined(reading, (ExaminedForm(made, assess(made, PROFILE), tuple(findings)),))


def digest(made: SelfEvaluation, findings: Sequence[Finding] = (), keep: bool = True) -> Digest:
    return merging.digest(examined(made, findings), keep, words)


def unusable(path: str, code: str, status: str = "unreadable") -> Digest:
    reading = FileReading(path, status, reason_code=code)  # type: ignore[arg-type]
    return merging.digest(Examined(reading, ()), True, words)


def money(
    initial: object, annual: object, executed: object, rate: object = 100, score: object = 10
) -> tuple[Fund, ...]:
    return (
        Fund("total", initial, annual, executed, 10, rate, score),
        Fund("fiscal", initial, annual, executed, execution_rate=rate),
        Fund("carryover", 0, 0, 0, execution_rate="—"),
        Fund("other", "—", "—", "—", execution_rate="—"),
    )


def clean() -> SelfEvaluation:
    return form(unit="甲中心", source="甲中心.xlsx", funds=FUNDS)


def in_yuan() -> SelfEvaluation:
    """元; 300,000 of which 240,000 were spent; 6 instead of 12 inspections."""
    rows = (ROWS[0]._replace(actual=6), *ROWS[1:])
    return form(
        unit="乙中心",
        source="分中心/乙 中心#2 100%.xlsx",
        money_unit="元",
        funds=money(300000, 300000, 240000, 80, 8),
        indicators=rows,
        project_name="=cmd|' /C calc'!A0",
    )


def text_amount() -> SelfEvaluation:
    """An amount in words, an actual in words, an indicator nobody else has."""
    rows = (
        *ROWS[:-1],
        Row(
            "满意度指标",
            "服务对象满意度指标",
            "使用单位满意度",
            actual="较满意",
            target=90,
            unit="%",
            weight=5,
            score=5,
        ),
        Row("效益指标", "社会效益指标", "媒体报道数量", target=4, actual=5, unit="篇", weight=5, score=5),
    )
    return form(unit="丙中心[一]:*?", source="丙中心.xlsx", funds=money(8, 8, "约8万"), indicators=rows)


def forms() -> list[SelfEvaluation]:
    again = form(unit="甲中心", source="甲中心（重报）.xlsx")
    return [clean(), in_yuan(), text_amount(), again]


def digests(keep: bool = True) -> list[Digest]:
    found = {
        1: (finding("SCO-03", "error", "K12"), finding("DEV-01", "error", "K12", "L12")),
        2: (
            finding("FUN-02", "error", "F5"),
            finding("IND-08", "undetermined", "H18"),
            finding("WGT-03", "warning", "J18"),
        ),
        3: (finding("CON-01", "error"),),
    }
    read = [digest(made, found.get(at, ()), keep) for at, made in enumerate(forms())]
    return [*read, unusable("损坏.xlsx", "damaged"), unusable("名单.xlsx", "unknown", "not_a_form")]


def batch(keep: bool = True) -> Consolidation:
    duplicate = {3: "与“甲中心.xlsx”重复报送（同一项目、单位和年度）"}
    missing = merging.finding_line(finding("CON-02", "error", name="丁中心"), words=words)
    return merging.consolidate(digests(keep), PROFILE, [missing], duplicate, when="2024年3月1日")


def folder(root: Path) -> Path:
    """Empty stand-ins, so that the links lead somewhere."""
    for each in digests():
        path = root / each.file[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return root
