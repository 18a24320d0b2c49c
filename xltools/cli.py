"""The commands: call the verb, print, exit code.  No finance here.

Each says what it takes with `xltools.declaring`; `xltools.app` makes the typer application of them.
Exit codes: 0 done, nothing wrong · 1 done, but errors were found or files left out · 2 could not run.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from xltools import verbs
from xltools.console import confirmed, prints_everything, progress, tell
from xltools.declaring import Argument, Option
from xltools.messages.console import say
from xltools.messages.interface import Lang
from xltools.profiles import DEFAULT
from xltools.refusal import Refusal


class Language(StrEnum):
    zh = "zh"
    en = "en"


class FindingsFormat(StrEnum):
    text = "text"
    json = "json"
    xlsx = "xlsx"


class DataFormat(StrEnum):
    json = "json"
    csv = "csv"
    parquet = "parquet"


class Layout(StrEnum):
    nmg_12 = "nmg-12"
    mof_std = "mof-std"


Paths = Annotated[list[Path], Argument("自评表文件，或装有自评表的文件夹")]
ProfileOption = Annotated[str, Option("--profile", help="评分口径：national、nmg，或一个 .toml 文件")]
JobsOption = Annotated[int | None, Option("--jobs", min=1, help="同时使用的进程数，默认每个处理器一个")]
LangOption = Annotated[Language, Option("--lang", help="提示文字的语言")]


def _lang(language: Language) -> Lang:
    return "en" if language is Language.en else "zh"


def _stop(text: str) -> int:
    tell(text)
    return 2


def _emit(text: str, output: Path | None, lang: Lang) -> None:
    """Data to the file named, whole or not at all, else to standard output."""
    if output is None:
        print(text)
        return
    from xltools.writing import replacing

    with replacing(output) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8-sig" if output.suffix == ".csv" else "utf-8")
    tell(say("written", lang, path=str(output)))


def _as_json(data: dict[str, Any], output: Path | None) -> str:
    import json

    return json.dumps(data, ensure_ascii=output is None and not prints_everything(), indent=1)


def _skipped(skipped: tuple[Any, ...], lang: Lang) -> None:
    from xltools.messages.reasons import reason

    for item in skipped:
        tell(say("skipped", lang, path=item.path, reason=reason(item.reason_code, lang)))


def new(
    output: Annotated[Path | None, Argument("要生成的文件，如 自评表.xlsx")] = None,
    year: Annotated[int | None, Option(min=2000, max=2099, help="年度")] = None,
    project: Annotated[str, Option(help="项目名称")] = "",
    unit: Annotated[str, Option(help="实施单位")] = "",
    department: Annotated[str, Option(help="主管部门")] = "",
    indicators: Annotated[int, Option(min=3, max=40, help="指标行数")] = 10,
    layout: Annotated[
        Layout, Option(help="版式：nmg-12（内蒙古 12 列）或 mof-std（全国参考格式）")
    ] = Layout.nmg_12,
    macros: Annotated[bool, Option("--macros", help="生成带按钮的 .xlsm（Windows 版 Excel）")] = False,
    units: Annotated[
        Path | None, Option("--units", help="单位名单（.xlsx、.csv），为每一行生成一份预填的自评表")
    ] = None,
    folder: Annotated[Path | None, Option("-o", "--output", help="存放预填自评表的文件夹")] = None,
    lang: LangOption = Language.zh,
) -> int:
    """生成空白的项目支出绩效自评表；用 --units 按单位名单生成预填的自评表，已有的文件不覆盖。"""
    words = _lang(lang)
    with progress(say("writing", words)) as advance:
        made = verbs.new(
            output,
            year=year,
            project=project,
            unit=unit,
            department=department,
            indicators=indicators,
            layout=layout.value,
            macros=macros,
            units=units,
            folder=folder,
            progress=advance,
        )
    if isinstance(made, Path):
        tell(say("written", words, path=str(made)))
        return 0
    from xltools.console import issued_lines

    for line in issued_lines(made, words):
        tell(line)
    return 2 if made.existing or made.failed else 0


def validate(
    paths: Paths,
    format: Annotated[
        FindingsFormat, Option("--format", help="text 文字；json 数据；xlsx 问题清单工作簿")
    ] = FindingsFormat.text,
    output: Annotated[Path | None, Option("-o", "--output", help="写入文件，不指定则显示在屏幕上")] = None,
    annotate: Annotated[Path | None, Option(help="把标出问题的副本写入此文件夹，便于退回修改")] = None,
    profile: ProfileOption = DEFAULT,
    jobs: JobsOption = None,
    lang: LangOption = Language.zh,
) -> int:
    """校验自评表，列出问题、位置和改法。"""
    words = _lang(lang)
    if format is FindingsFormat.xlsx and output is None:
        return _stop(say("needs_output", words))
    verbs.check_output(output, paths)
    with progress(say("reading", words)) as advance:
        result = verbs.validate(paths, profile=profile, jobs=jobs, progress=advance)
    _skipped(result.skipped, words)
    if not result.files:
        return _stop(say("no_files", words, path="、".join(map(str, paths))))
    if format is FindingsFormat.xlsx and output is not None:
        verbs.write_findings(result, output, profile=profile)
        tell(say("written", words, path=str(output)))
    elif format is FindingsFormat.json:
        from xltools.interchange import validation

        _emit(_as_json(validation(result.files, words), output), output, words)
    else:
        from xltools.console import validation_lines

        _emit("\n".join(validation_lines(result.files, words)), output, words)
    if annotate is not None:
        _return(result, annotate, words)
    return 0 if result.clean else 1


def _return(result: verbs.Validation, folder: Path, lang: Lang) -> None:
    for copy in verbs.annotate(result, folder, lang=lang):
        if copy.target:
            tell(say("written", lang, path=str(copy.target)))
        else:
            tell(say("not_marked", lang, path=copy.source, reason=copy.problem))


def fill(
    paths: Paths,
    output: Annotated[Path | None, Option("-o", "--output", help="副本文件；多个文件时为文件夹")] = None,
    in_place: Annotated[bool, Option("--in-place", help="直接写入原文件（先自动备份）")] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="只列出将写入的公式，不写文件")] = False,
    overwrite: Annotated[bool, Option("--overwrite", help="替换与公式结果不同的录入值")] = False,
    profile: ProfileOption = DEFAULT,
    lang: LangOption = Language.zh,
) -> int:
    """填入执行率、预算执行得分、资金合计、总分的公式，其他内容不变。"""
    words = _lang(lang)
    if output is None and not in_place and not dry_run:
        return _stop(say("needs_output", words))
    done = verbs.fill(
        list(paths), output, in_place=in_place, dry_run=dry_run, overwrite=overwrite, profile=profile
    )
    from xltools.console import filled_lines

    _skipped(verbs.passed_over(paths), words)
    if not done:
        return _stop(say("no_files", words, path="、".join(map(str, paths))))
    for file in done:
        print_line = print if file.filled else tell
        for line in filled_lines(file, dry_run, words):
            print_line(line)
    return 0 if all(file.filled for file in done) else 2


def extract(
    paths: Paths,
    format: Annotated[DataFormat, Option("--format", help="json、csv 或 parquet")] = DataFormat.json,
    output: Annotated[Path | None, Option("-o", "--output", help="写入文件，不指定则显示在屏幕上")] = None,
    explain: Annotated[
        bool, Option("--explain", help="说明每个字段在哪里找到、依据是什么，以及未识别的表头")
    ] = False,
    jobs: JobsOption = None,
    lang: LangOption = Language.zh,
) -> int:
    """把读到的内容输出为数据。"""
    words = _lang(lang)
    verbs.check_output(output, paths)
    if explain:
        from xltools.explaining import explain_file

        _emit("\n".join(text for path in paths for text in explain_file(path, words)), output, words)
        return 0
    if format is DataFormat.parquet and output is None:
        return _stop(say("needs_output", words))
    with progress(say("reading", words)) as advance:
        result = verbs.extract(paths, jobs=jobs, progress=advance)
    _skipped(result.skipped, words)
    if format is DataFormat.json:
        from xltools.interchange import extraction

        _emit(_as_json(extraction(result.files, words), output), output, words)
    elif format is DataFormat.csv:
        from xltools.tabular import as_csv

        _emit(as_csv(result.files).rstrip("\n"), output, words)
    elif output is not None:
        from xltools.tabular import write_parquet

        write_parquet(result.files, str(output))
        tell(say("written", words, path=str(output)))
    return 0


def how_many(text: str | int) -> int | str:
    """``all``, ``none`` or a number."""
    if str(text) in ("all", "none"):
        return str(text)
    if not str(text).isdecimal():
        raise ValueError("应为 all、none 或一个数 / must be all, none or a number")
    return int(text)


def merge(
    folder: Annotated[Path, Argument("装有各单位自评表的文件夹，或 .zip 压缩包")],
    output: Annotated[Path, Option("-o", "--output", help="要生成的汇总工作簿")],
    units: Annotated[
        Path | None, Option(help="应报名单（.xlsx 或 .csv：实施单位、项目名称），列出未报送的单位")
    ] = None,
    returns: Annotated[Path | None, Option(help="把标出问题的副本写入此文件夹，便于退回修改")] = None,
    latest: Annotated[bool, Option("--latest", help="同一项目重复报送时采用最新的一份")] = False,
    strict: Annotated[bool, Option("--strict", help="有文件不能计入时不生成汇总")] = False,
    recursive: Annotated[bool, Option("--recursive", help="包括子文件夹")] = False,
    year: Annotated[
        int | None,
        Option(min=2000, max=2099, help="汇总的年度，默认为多数表的年度；其他年度不计入"),
    ] = None,
    mapping: Annotated[Path | None, Option(help="指标对应表：填好的“待对应”表（.xlsx 或 .csv）")] = None,
    previous: Annotated[
        Path | None, Option(help="上年的汇总工作簿，或装有上年自评表的文件夹，用于同比")
    ] = None,
    unit_sheets: Annotated[
        int | str,
        Option(parser=how_many, metavar="all|none|N", help="单位不超过此数时，每个单位附一张自评表"),
    ] = 200,
    csv: Annotated[Path | None, Option(help="另把各清单输出为 CSV，写入此文件夹")] = None,
    parquet: Annotated[Path | None, Option(help="另把各清单输出为 Parquet，写入此文件夹")] = None,
    scheduler: Annotated[
        str | None, Option(help="dask 调度器地址，用集群读取文件（需安装 xltools[cluster]）")
    ] = None,
    profile: ProfileOption = DEFAULT,
    jobs: JobsOption = None,
    lang: LangOption = Language.zh,
) -> int:
    """把一个文件夹的自评表合并成一个汇总工作簿。"""
    words = _lang(lang)
    with progress(say("reading", words)) as advance:
        result = verbs.merge(
            folder,
            output,
            units=units,
            profile=profile,
            latest=latest,
            strict=strict,
            recursive=recursive,
            year=year,
            mapping=mapping,
            previous=previous,
            unit_sheets=unit_sheets,
            csv=csv,
            parquet=parquet,
            returns=returns,
            jobs=jobs,
            scheduler=scheduler,
            progress=advance,
        )
    from xltools.console import merge_lines

    for line in merge_lines(result, words):
        tell(line)
    if returns is not None:
        _return(verbs.validate(result.sources, profile=profile, jobs=jobs), returns, words)
    wrong = result.errors or result.left_out or result.left_out_before
    return 2 if not result.written else 1 if wrong else 0


def report(
    workbook: Annotated[
        Path | None,
        Argument("自评表工作簿；核对时可省略，以报告中的自评表为准"),
    ] = None,
    output: Annotated[
        Path | None, Option("-o", "--output", help="要生成的评价报告（.docx），已有的不覆盖")
    ] = None,
    check: Annotated[Path | None, Option(help="要核对的评价报告（.docx 或 .txt）")] = None,
    profile: ProfileOption = DEFAULT,
    lang: LangOption = Language.zh,
) -> int:
    """由自评表生成评价报告（-o），或核对报告与自评表是否一致（--check）。"""
    words = _lang(lang)
    if check is not None and output is None:
        return _check_report(check, workbook, profile, words)
    if check is not None or workbook is None or output is None:
        raise Refusal("report_usage")
    if output.suffix.lower() != ".docx":
        raise Refusal("report_not_docx", path=str(output))
    from xltools.console import reported_lines

    made = verbs.report(workbook, output, profile=profile)
    for line in reported_lines(made, words):
        tell(line)
    return int(made.errors > 0)


def _check_report(check: Path, workbook: Path | None, profile: str, lang: Lang) -> int:
    from xltools.console import finding_lines

    findings = verbs.report(workbook, check=check, profile=profile)
    for finding in findings:
        print("\n".join(finding_lines(finding, lang)))
    if not findings:
        tell(say("report_ok", lang))
    return int(any(finding.severity == "error" for finding in findings))


def rules(
    code: Annotated[str | None, Argument("规则编号，如 SCO-03")] = None,
    lang: LangOption = Language.zh,
) -> int:
    """列出全部校验规则，或解释其中一条。"""
    from xltools.console import rule_lines

    words = _lang(lang)
    lines = list(rule_lines(code, words))
    if not lines:
        return _stop(say("unknown_rule", words, code=code or ""))
    print("\n".join(lines))
    return 0


ToOption = Annotated[Path | None, Option("-o", "--output", help="结果文件，默认在原文件旁，同名换后缀")]


def buttons_add(
    path: Annotated[Path, Argument("自评表 .xlsx")],
    output: ToOption = None,
    lang: LangOption = Language.zh,
) -> int:
    """在原文件旁生成带按钮的 .xlsm，原文件不变。"""
    tell(say("written", _lang(lang), path=str(verbs.add_buttons(path, output))))
    return 0


def buttons_strip(
    path: Annotated[Path, Argument("带按钮的 .xlsm")],
    output: ToOption = None,
    lang: LangOption = Language.zh,
) -> int:
    """去掉按钮和宏，在原文件旁生成可报送的 .xlsx。"""
    tell(say("written", _lang(lang), path=str(verbs.strip_buttons(path, output))))
    return 0


def excel_install(
    yes: Annotated[bool, Option("--yes", help="不再询问，直接安装")] = False,
    lang: LangOption = Language.zh,
) -> int:
    """记下 Python 的位置，放置加载项 xltools.xlam（先列出要做的事，再询问）。"""
    plan = verbs.installation()
    for line in plan.lines(_lang(lang)):
        print(line)
    if not plan.possible:
        return 0
    if not yes and not confirmed(plan.question(_lang(lang))):
        return 2
    for line in plan.carry_out(_lang(lang)):
        print(line)
    return 0


def excel_uninstall(lang: LangOption = Language.zh) -> int:
    """移除加载项和设置。"""
    for line in verbs.installation().undo(_lang(lang)):
        print(line)
    return 0


def doctor_run(
    paths: Annotated[list[Path] | None, Argument("同时检查这些工作簿是否带有网络来源标记")] = None,
    lang: LangOption = Language.zh,
) -> int:
    """检查 Python、设置、加载项、宏是否被拦、WPS 等，逐项说明怎么办。"""
    checks = verbs.doctor(paths or [])
    for check in checks:
        for line in check.lines(_lang(lang)):
            print(line)
    return 0 if all(check.state != "bad" for check in checks) else 1
