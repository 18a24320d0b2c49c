"""The samples are what their README says, and a second engine agrees with every stored result."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pytest
from office import convert, results, same

from xltools.filling import fill
from xltools.profiles import load_profile
from xltools.reading import read_file
from xltools.template import new

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples" / "2023"
sys.path.insert(0, str(ROOT / "samples"))

ALASHAN = """\
项目支出绩效自评表 （2023年度）
项目名称|公共资源交易工作运行费用
主管部门|阿拉善高新技术产业开发区（乌斯太镇）行政审批和政务服务局（部门）|实施单位|阿拉善高新技术产业开发区（乌斯太镇）行政审批和政务服务局
项目资金（万元）|年初预算数|全年预算数|全年执行数|分值|执行率（%）|得分
年度资金总额|5.00|10.00|10.00|10|100.00|10
其中：财政拨款|5.00|5.00|5.00|—|100.00|—
上年结转资金|0.00|5.00|5.00|—|100.00|—
其他资金|0.00|0|0.00|—|0|—
年度总体目标|预期目标|实际完成情况
保障高新区公共资源电子交易系统高效平稳运行，提升系统维护服务质量。|保障高新区公共资源电子交易系统高效平稳运行，提升系统维护服务质量。
绩效指标|一级指标|二级指标|三级指标|指标性质|指标方向|年度指标值|实际完成值|计量单位|分值|得分|偏差原因分析及改进措施
产出指标|数量指标|维护系统数量|正向|等于|1|0|个|15|15
质量指标|达标率|正向|大于等于|100|0|%|15|15
时效指标|按时完成率|定性|及时|100%|20|20
效益指标|社会效益|提供服务能力有所提升|正向|大于等于|80|80|%|15|15
可持续影响|长期维护机制健全性|定性|健全|完善机制|15|15
满意度指标|服务对象满意度|专家满意度|正向|小于等于|100|0|%|10|10
总分|100|100"""


def shown(cell) -> str:
    value = cell.value
    if isinstance(value, int | float):
        return f"{value:.2f}" if cell.number_format == "0.00" else f"{value:g}"
    return str(value or "").replace("\n", " ")


def test_the_published_table_is_there_cell_for_cell():
    sheet = openpyxl.load_workbook(SAMPLES / "阿拉善高新区.xlsx")["自评表"]
    lines = ["|".join(filter(None, map(shown, row))) for row in sheet.iter_rows()]
    assert "\n".join(lines) == ALASHAN


def test_the_samples_are_not_stale(tmp_path):
    import make_samples

    made = make_samples.make(tmp_path / "2023")
    assert [path.name for path in made] == [path.name for path in sorted(SAMPLES.iterdir())]
    for path in made:
        assert path.read_bytes() == (SAMPLES / path.name).read_bytes(), "python samples/make_samples.py"


def test_the_readme_names_every_file():
    text = (ROOT / "samples" / "README.md").read_text("utf-8")
    assert [path.name for path in SAMPLES.iterdir() if path.name not in text] == []


def test_every_made_up_unit_says_so():
    for path in SAMPLES.iterdir():
        for form in read_file(str(path)).forms:
            if path.name != "阿拉善高新区.xlsx":
                assert "示例" in path.name
                assert "示例" in form.implementing_unit.raw


def test_eight_forms_can_be_read_and_two_files_cannot_be_used():
    found = {path.name: read_file(str(path)).status for path in SAMPLES.iterdir()}
    assert sorted(found.values()) == ["not_a_form", *["read"] * 8, "unreadable"]


@pytest.mark.office
def test_libreoffice_computes_what_we_stored(tmp_path):
    """Templates, samples as they are, and samples filled; the converter is made to recalculate."""
    files = [*sorted((ROOT / "templates").glob("*.xlsx")), new(tmp_path / "40.xlsx", indicators=40)]
    for number, path in enumerate(sorted(SAMPLES.iterdir())):
        if read_file(str(path)).forms:
            files.append(path)
            for overwrite in (False, True):
                target = tmp_path / f"filled{number}{overwrite}.xlsx"
                fill(path, target, profile=load_profile("nmg"), overwrite=overwrite)
                files.append(target)
    wrong = []
    count = 0
    for ours, theirs in zip(files, convert(files, "xlsx", tmp_path), strict=True):
        stored, computed = results(ours), results(theirs)
        count += len(stored)
        assert stored.keys() == computed.keys()
        wrong += [
            (ours.name, cell, stored[cell], computed[cell])
            for cell in stored
            if not same(stored[cell], computed[cell])
        ]
    assert wrong == []
    assert count > 150


@pytest.mark.office
def test_the_recalculation_is_a_real_one(tmp_path):
    """A wrong stored result does not survive it, so agreement above means something."""
    import zipfile

    path, spoilt = SAMPLES / "示例二分中心自评表（定稿）.xlsx", tmp_path / "spoilt.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(spoilt, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"<v>92.86</v>", b"<v>12.34</v>"))
    assert results(spoilt)["I5"] == 12.34
    assert results(convert([spoilt], "xlsx", tmp_path)[0])["I5"] == 92.86
