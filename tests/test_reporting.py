"""The report made from a form: what the table knows, what it does not, and that the two agree."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import builders
import docx
import pytest
from clerk_forms import WRONG, filled
from docx.document import Document
from families import FAMILIES, draw
from lxml import etree
from office import convert
from paper import save as save_paper
from random_forms import random_form

import xltools
from xltools import rulebook, template
from xltools.model import ReportText, SelfEvaluation
from xltools.profiles import load_profile
from xltools.refusal import Refusal
from xltools.report_text import read_report
from xltools.reporting import write_report
from xltools.reporting.outline import HEADINGS, tidy
from xltools.scoring import assess
from xltools.sheets import Unreadable

SAMPLES = Path(__file__).parent.parent / "samples" / "2023"
FORMS = [path for path in sorted(SAMPLES.glob("*.xlsx")) if xltools.read(path).forms]
SEED = SAMPLES / "阿拉善高新区.xlsx"
LEDGER = SAMPLES / "示例六分中心支出台账.xlsx"
FACTS = json.loads((Path(__file__).parent / "cases" / "families.json").read_text("utf-8"))
ASK = re.compile(r"【请补充：[^】]+】")


def written(form: SelfEvaluation, folder: Path) -> Path:
    """The report of a form, and the proof that it does not contradict its table."""
    profile = load_profile()
    assessment = assess(form, profile)
    target = folder / "报告.docx"
    target.unlink(missing_ok=True)
    write_report(form, assessment, rulebook.check(form, profile, assessment), target, profile)
    found = rulebook.check(form, profile, assessment, read_report(target))
    assert [each for each in found if each.code.startswith("RPT")] == []
    return target


def section(report: ReportText, number: int) -> str:
    return dict(report.sections)[HEADINGS[number - 1]]


def headings(report: ReportText) -> list[str]:
    return [heading for heading, _ in report.sections if heading]


# --- what stands in it ----------------------------------------------------------------------------


def test_the_seed_is_told_as_it_is_and_doubted(tmp_path: Path) -> None:
    made = xltools.report(SEED, tmp_path / "报告.docx")
    assert made.errors == 9
    report = read_report(made.written[0])
    assert report.title == "项目支出绩效自评报告"
    assert headings(report) == list(HEADINGS)
    for said in (
        "年初预算数5.00万元",
        "全年预算数10.00万元",
        "全年执行数10.00万元",
        "预算执行率100.00%",
        "2023年",
    ):
        assert said in section(report, 1)
    (conclusion,) = [line for line in section(report, 3).splitlines() if "等级为优" in line]
    assert "自评总分100分，按规则复算60.00分（“中”）" in conclusion
    assert "请先核实更正" in conclusion
    assert "错误9处" in conclusion
    assert (
        "“维护系统数量”（数量指标）：年度指标值等于1个，实际完成值0个，未达到指标值，分值15分，得15分"
        in section(report, 4)
    )
    for name in ("维护系统数量", "达标率", "专家满意度"):
        assert f"“{name}”未达到指标值" in section(report, 5)
    assert "没有问题" not in report.body
    assert len(re.findall("优", report.body)) == report.body.count("为优")


def test_a_good_form_is_not_doubted(tmp_path: Path) -> None:
    form = builders.form()
    report = read_report(written(form, tmp_path))
    assert "请先核实更正" not in report.body
    for row in form.indicators:
        assert f"“{row.name}”" in section(report, 4)
    for row in form.indicators:
        if row.deviation.value:
            assert row.deviation.value.rstrip("。") in section(report, 4)
    assert all(ASK.search(section(report, number)) for number in range(1, 8)), "people have to add something"


def test_low_execution_is_a_problem(tmp_path: Path) -> None:
    form = builders.form(funds=builders.with_fund(0, executed=3, execution_rate=30, score=3))
    said = section(read_report(written(form, tmp_path)), 5)
    assert "预算执行率偏低" in said


def test_what_is_not_known_is_asked_for(tmp_path: Path) -> None:
    """A blank form: no number, no name is made up."""
    blank = template.new(tmp_path / "空白.xlsx")
    (form,) = xltools.read(blank).forms
    report = read_report(written(form, tmp_path))
    assert headings(report) == list(HEADINGS)
    for what in ("项目名称", "实施单位", "主管部门", "全年预算数", "全年执行数", "年度总体目标"):
        assert f"【请补充：{what}】" in report.body
    assert "None" not in report.body
    assert "达到指标值。" not in section(report, 5)


def test_money_stays_in_the_unit_of_the_form(tmp_path: Path) -> None:
    form = builders.form(money_unit="元")
    said = section(read_report(written(form, tmp_path)), 1)
    assert "万元" not in said
    assert re.search(r"全年预算数[\d.]+元", said)


def test_requests_and_doubts_are_coloured(tmp_path: Path) -> None:
    path = xltools.report(SEED, tmp_path / "报告.docx").written[0]
    runs = [run for line in docx.Document(str(path)).paragraphs for run in line.runs]
    marked = [run for run in runs if "【" in run.text]
    assert len(marked) > 10
    assert all(run.font.color.rgb is not None for run in marked)
    assert all(run.font.color.rgb is None for run in runs if "【" not in run.text)


# --- the table ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_the_table_in_the_report_is_the_form(path: Path, tmp_path: Path) -> None:
    """Read back from the report, it holds what the workbook holds."""
    (form,) = xltools.read(path).forms
    report = written(form, tmp_path)
    (again,) = xltools.read(report).forms
    _same(form, again)
    differing = [each for each in xltools.report(check=report) if each.code.startswith("RPT")]
    assert differing == [], "the report is checked against its own table"
    of_table = xltools.report(path, check=report)
    assert not [each for each in of_table if each.code.startswith("RPT")]


def _same(form: SelfEvaluation, again: SelfEvaluation) -> None:
    assert [_values(row) for row in again.indicators] == [_values(row) for row in form.indicators]
    assert [_values(line) for line in again.funds] == [_values(line) for line in form.funds]
    for (field, one), (_, other) in zip(form.texts(), again.texts(), strict=True):
        assert tidy(one.raw) == tidy(other.raw), field
    assert (again.total_weight.value, again.total_score.value) == (
        form.total_weight.value,
        form.total_score.value,
    )
    assert (again.year.value, again.unit) == (form.year.value, form.unit)


def _values(line: Any) -> list[Any]:
    return [tidy(entry.raw) for entry in line if hasattr(entry, "raw")]


@pytest.mark.parametrize("facts", sorted(FACTS))
@pytest.mark.parametrize("family", FAMILIES)
def test_forms_of_every_family(family: str, facts: str, tmp_path: Path) -> None:
    for form in xltools.read(save_paper(tmp_path / "表.xlsx", draw(family, FACTS[facts]))).forms:
        report = written(form, tmp_path)
        assert headings(read_report(report)) == list(HEADINGS)
        (again,) = xltools.read(report).forms
        assert [row.name for row in again.indicators] == [row.name for row in form.indicators]
        assert ("部门整体" in read_report(report).title) == (form.layout == "whole-dept")


@pytest.mark.parametrize("what", WRONG)
def test_faulty_forms(what: str, tmp_path: Path) -> None:
    template.save(tmp_path / "表.xlsx", {"自评表": WRONG[what][2]})
    (form,) = xltools.read(tmp_path / "表.xlsx").forms
    _same(form, xltools.read(written(form, tmp_path)).forms[0])


def test_forms_filled_at_random(tmp_path: Path) -> None:
    rng = random.Random(2023)
    for number in range(40):
        layout = "mof-std" if number % 3 == 0 else "nmg-12"
        template.save(tmp_path / "表.xlsx", {"自评表": random_form(rng, layout)})
        for form in xltools.read(tmp_path / "表.xlsx").forms:
            written(form, tmp_path)


# --- texts that are no ordinary texts -------------------------------------------------------------

HOSTILE = "<w:p>&amp;</w:t> ]]> {{x}} %s \x00\x0b\x1f \ud800 \ufffe \u202e一、假的标题\n二、另一行\t\"'"


def test_texts_are_texts(tmp_path: Path) -> None:
    form = builders.form(
        project_name=HOSTILE,
        unit=HOSTILE,
        goal_expected=HOSTILE,
        goal_actual=HOSTILE,
        indicators=builders.with_row(0, level3=HOSTILE, deviation=HOSTILE),
    )
    path = written(form, tmp_path)
    report = read_report(path)
    assert headings(report) == list(HEADINGS), "a line of a cell is no heading of the report"
    assert "<w:p>&amp;</w:t> ]]> {{x}} %s" in report.body
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202e\ufffe]", report.body)
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))


def test_long_texts_and_many_rows(tmp_path: Path) -> None:
    long = "系统平稳运行。" * 4000
    rows = tuple(builders.ROWS[0]._replace(level3=f"指标{number}") for number in range(200))
    form = builders.form(goal_expected=long, goal_actual=long, indicators=rows)
    start = time.process_time()
    report = written(form, tmp_path)
    assert time.process_time() - start < 30
    assert long in read_report(report).body


# --- the document ---------------------------------------------------------------------------------


def _document(tmp_path: Path) -> Document:
    return docx.Document(str(xltools.report(SEED, tmp_path / "报告.docx").written[0]))


def test_the_look_of_official_documents(tmp_path: Path) -> None:
    made = _document(tmp_path)
    page = made.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert "PAGE" in page.footer._element.xml
    first = {line.text: line for line in made.paragraphs}
    assert 'w:eastAsia="黑体"' in first[HEADINGS[0]]._p.xml
    assert 'w:eastAsia="方正小标宋简体"' in made.paragraphs[0]._p.xml
    body = next(line for line in made.paragraphs if line.text.startswith("年度总体目标"))
    assert 'w:firstLineChars="200"' in body._p.xml
    assert 'w:eastAsia="仿宋"' in body._p.xml
    assert made.core_properties.author == ""


def test_the_table_fits_the_page_and_repeats_its_header(tmp_path: Path) -> None:
    made = _document(tmp_path)
    page = made.sections[0]
    room = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    for table in made.tables:
        assert sum(column.width or 0 for column in table.columns) <= room + 12_700
    assert "w:tblHeader" in made.tables[-1].rows[0]._tr.xml
    assert "w:vMerge" in made.tables[-1]._tbl.xml


def test_the_parts_stand_in_the_order_word_prescribes(tmp_path: Path) -> None:
    """Word calls a document damaged whose cell properties are out of order; LibreOffice does not mind."""
    order = ("tcW", "gridSpan", "vMerge", "shd", "vAlign")
    for table in _document(tmp_path).tables:
        for properties in table._tbl.iter("{*}tcPr"):
            names = [etree.QName(child).localname for child in properties]
            assert names == sorted(names, key=order.index)
            assert len(names) == len(set(names))


def test_the_same_form_gives_the_same_bytes(tmp_path: Path) -> None:
    one = xltools.report(SEED, tmp_path / "1.docx").written[0]
    time.sleep(2.1)  # the clock of a zip archive counts by twos
    two = xltools.report(SEED, tmp_path / "2.docx").written[0]
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.office
def test_an_office_opens_it(tmp_path: Path) -> None:
    made = xltools.report(SEED, tmp_path / "报告.docx").written[0]
    (shown,) = convert([made], "txt", tmp_path / "office")
    text = shown.read_text("utf-8-sig")
    for heading in HEADINGS:
        assert heading in text


# --- the verb -------------------------------------------------------------------------------------


def test_a_report_that_stands_there_is_kept(tmp_path: Path) -> None:
    mine = tmp_path / "报告.docx"
    mine.write_text("补充过的报告")
    with pytest.raises(FileExistsError):
        xltools.report(SEED, mine)
    assert mine.read_text() == "补充过的报告"
    assert list(tmp_path.iterdir()) == [mine]


def test_what_is_no_form_gives_no_report(tmp_path: Path) -> None:
    for path in (LEDGER, SAMPLES / "示例七分中心自评表（传输中断）.xlsx"):
        with pytest.raises(Unreadable):
            xltools.report(path, tmp_path / "报告.docx")
    with pytest.raises(FileNotFoundError):
        xltools.report(tmp_path / "没有.xlsx", tmp_path / "报告.docx")
    with pytest.raises(Refusal, match=r"\.docx"):
        xltools.report(SEED, tmp_path / "报告.doc")
    with pytest.raises(Refusal, match="用法"):
        xltools.report(SEED)  # type: ignore[call-overload]
    with pytest.raises(Refusal, match="用法"):
        xltools.report(SEED, tmp_path / "报告.docx", check=SEED)  # type: ignore[call-overload]
    assert list(tmp_path.iterdir()) == []


def test_several_forms_give_a_report_each(tmp_path: Path) -> None:
    book = tmp_path / "两张.xlsx"
    template.save(book, {"甲 项目": filled(project_name="甲"), "乙(二)": filled(project_name="乙")})
    made = xltools.report(book, tmp_path / "报告.docx")
    assert [path.name for path in made.written] == ["报告-甲_项目.docx", "报告-乙(二).docx"]
    for path, name in zip(made.written, "甲乙", strict=True):
        assert f"项目名称：{name}" in read_report(path).body
    made.written[0].unlink()
    with pytest.raises(FileExistsError):
        xltools.report(book, tmp_path / "报告.docx")
    assert not made.written[0].exists(), "all or none"


def test_without_a_table_the_workbook_is_asked_for(tmp_path: Path) -> None:
    text = tmp_path / "报告.txt"
    text.write_text("绩效评价报告\n一、结论\n自评得分为98分，等级为优。\n", "utf-8")
    with pytest.raises(Refusal, match="请同时给出自评表"):
        xltools.report(check=text)
    assert {each.code for each in xltools.report(SEED, check=text)} == {"RPT-03", "SCO-09"}
    assert xltools.report(text, SEED) == xltools.report(SEED, check=text), "the earlier order"


def test_the_grade_of_a_report_is_checked_but_nothing_else_of_the_form(tmp_path: Path) -> None:
    text = tmp_path / "报告.txt"
    text.write_text("绩效评价报告\n三、结论\n评价等级为优。\n", "utf-8")
    (found,) = xltools.report(SEED, check=text)
    assert (found.code, found.severity, found.variant) == ("SCO-09", "error", "report")


def test_a_report_that_was_changed_is_found_out(tmp_path: Path) -> None:
    path = xltools.report(SEED, tmp_path / "报告.docx").written[0]
    made = docx.Document(str(path))
    for line in made.paragraphs:
        for run in line.runs:
            run.text = run.text.replace("10.00万元", "5.00万元")
    made.save(str(path))
    assert {each.code for each in xltools.report(SEED, check=path)} == {"RPT-01", "SCO-09"}


def test_the_command_line(tmp_path: Path) -> None:
    def run(*words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xltools", "report", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")

    target = tmp_path / "报告.docx"
    first = run(SEED, "-o", target)
    assert (first.returncode, first.stdout) == (1, ""), "written, but the form has errors"
    assert "错误 9 处" in first.stderr
    assert run(SEED, "-o", target).returncode == 2, "never overwrites"
    assert run("--check", target).returncode == 1, "the draft states the grade of the form, which is wrong"
    assert run("--check", target, SEED).returncode == 1
    assert run(SEED, "-o", tmp_path / "报告.xlsx").returncode == 2
    good = tmp_path / "好.xlsx"
    template.save(good, {"自评表": filled()})
    assert run(good, "-o", tmp_path / "好.docx").returncode == 0
    assert run("--check", tmp_path / "好.docx", good).returncode == 0
    assert run(LEDGER, "-o", tmp_path / "台账.docx").returncode == 2
    assert not (tmp_path / "台账.docx").exists()


def test_reading_costs_no_word() -> None:
    """python-docx is imported where a report is written, nowhere else."""
    code = "import sys, xltools; xltools.read(sys.argv[1]); from xltools import reporting; print('docx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(SEED)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
