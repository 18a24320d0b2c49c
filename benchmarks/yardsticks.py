"""What `xltools merge` is measured against, on the same files in the same run.

    python benchmarks/yardsticks.py floor FOLDER                 a bare parallel read by python-calamine
    python benchmarks/yardsticks.py colleague FOLDER -o OUT      a good colleague's openpyxl + pandas script
        [--read-only] [--procs N]                                what a very good colleague adds

The floor reads every file on all cores and throws the rows away.  The colleague reads fixed cells,
checks nothing, and writes two sheets.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any


def files(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.iterdir() if path.suffix == ".xlsx")


def bare_read(paths: list[str]) -> int:
    from python_calamine import CalamineWorkbook

    rows = 0
    for path in paths:
        try:
            book = CalamineWorkbook.from_path(path)
            rows += len(book.get_sheet_by_index(0).to_python(skip_empty_area=False))
        except Exception:  # a yardstick only counts
            rows += 1
    return rows


def floor(folder: Path) -> None:
    paths = files(folder)
    chunks = [paths[start : start + 64] for start in range(0, len(paths), 64)]
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        print(sum(pool.imap_unordered(bare_read, chunks)))


def read_fixed_cells(path: str, read_only: bool) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=True, read_only=read_only)
    rows = [list(row) for row in book.worksheets[0].iter_rows(max_col=12, values_only=True)]
    book.close()
    record = {
        "文件": os.path.basename(path),
        "项目名称": rows[1][2],
        "主管部门": rows[2][2],
        "实施单位": rows[2][8],
    }
    for at, source in enumerate(("年度资金总额", "财政拨款", "上年结转资金", "其他资金"), start=4):
        for name, column in (("年初", 2), ("全年", 3), ("执行", 5), ("执行率", 8)):
            record[f"{source}_{name}"] = rows[at][column]
    indicators, level1 = [], None
    for row in rows[11:]:
        if row[0] and "总分" in str(row[0]):
            record["总分"] = row[10]
            break
        level1 = row[1] or level1
        if row[3] is not None:
            indicators.append(
                {
                    "文件": record["文件"],
                    "一级指标": level1,
                    **dict(
                        zip(
                            [
                                "二级",
                                "三级",
                                "性质",
                                "方向",
                                "指标值",
                                "完成值",
                                "单位",
                                "分值",
                                "得分",
                                "偏差",
                            ],
                            row[2:],
                            strict=False,
                        )
                    ),
                }
            )
    return record, indicators


def colleague(folder: Path, output: Path, read_only: bool, procs: int) -> None:
    import pandas as pd

    work = partial(read_fixed_cells, read_only=read_only)
    if procs > 1:
        with ProcessPoolExecutor(procs) as pool:
            found = list(pool.map(work, files(folder), chunksize=16))
    else:
        found = [work(path) for path in files(folder)]
    with pd.ExcelWriter(output, engine="openpyxl") as writer:
        pd.DataFrame([record for record, _ in found]).to_excel(writer, sheet_name="汇总", index=False)
        rows = [row for _, indicators in found for row in indicators]
        pd.DataFrame(rows).to_excel(writer, sheet_name="指标明细", index=False)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("which", choices=["floor", "colleague"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("colleague.xlsx"))
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--procs", type=int, default=1)
    options = parser.parse_args()
    if options.which == "floor":
        floor(options.folder)
    else:
        colleague(options.folder, options.output, options.read_only, options.procs)


if __name__ == "__main__":
    main()
