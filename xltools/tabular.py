"""Forms as flat rows, one an indicator, for those who go on in pandas or a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from xltools.interchange import form_record, fund_record
from xltools.model import FileReading

_FORM = (
    "sheet",
    "layout",
    "year",
    "money_unit",
    "project_name",
    "supervising_department",
    "implementing_unit",
)
_TOTAL = ("initial_budget", "annual_budget", "executed", "execution_rate")
_INDICATOR = (
    *("level1", "level2", "level3", "nature", "comparator", "target", "actual"),
    *("target_value", "actual_value", "unit", "weight", "score", "deviation", "row"),
)
_SIGNED = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?")
COLUMNS = ("path", *_FORM, *_TOTAL, *_INDICATOR)


def rows(readings: Iterable[FileReading]) -> Iterator[dict[str, str | None]]:
    """One row for each indicator somebody filled in; amounts are those of 年度资金总额."""
    for reading in readings:
        for form in reading.forms:
            record = form_record(form)
            total = fund_record(form.total_fund) if form.total_fund else {}
            filled = {row.row for row in form.indicators}
            for indicator in record["indicators"]:
                if indicator["row"] in filled:
                    values = {
                        **{k: record[k] for k in _FORM},
                        **{k: total.get(k) for k in _TOTAL},
                        **indicator,
                    }
                    yield {
                        "path": reading.path,
                        **{k: _text(values.get(k)) for k in (*_FORM, *_TOTAL, *_INDICATOR)},
                    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def inert(value: str | None) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe; numbers stay as they are."""
    if not value or value[0] not in "=+-@\t\r":
        return value or ""
    return value if _SIGNED.fullmatch(value) else "'" + value


def as_csv(readings: Iterable[FileReading]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: inert(value) for name, value in row.items()} for row in rows(readings))
    return stream.getvalue()


def write_parquet(readings: Iterable[FileReading], path: str) -> None:
    """Raises ImportError when pandas or pyarrow is not installed."""
    import pandas as pd

    pd.DataFrame(list(rows(readings)), columns=list(COLUMNS)).to_parquet(path, index=False)
