"""A mapping file: which differently named indicators are one.  The sheet 待对应 filled in is one."""

from __future__ import annotations

import os
from collections.abc import Sequence

from xltools.merging.matching import Rename
from xltools.refusal import Refusal
from xltools.table_reading import TableRow, read_table
from xltools.vocabulary import label_key

HEADINGS = {
    "level1": ("一级指标",),
    "level2": ("二级指标",),
    "level3": ("三级指标",),
    "unit": ("计量单位",),
    "to": ("对应为",),
    "to_level2": ("对应二级指标",),
    "to_unit": ("对应计量单位",),
    "proposed": ("建议对应为",),
}
_YES = ("是", "同意", "√", "y", "yes", "1")
_NO = ("否", "不", "不同", "×", "n", "no", "0")


def read_mapping(path: str | os.PathLike[str]) -> tuple[Rename, ...]:
    """The lines with 对应为 filled in: a name, or 是 for the proposal beside it.

    Raises Refusal when the file cannot be read, lacks the columns, or contradicts itself.
    """
    table = read_table(path, HEADINGS, ("level3", "to"))
    if table is None:
        raise Refusal("mapping_headers", path=os.fspath(path))
    renames = [rename for each in table if (rename := _rename(each, os.fspath(path)))]
    _check(renames, os.fspath(path))
    return tuple(renames)


def _rename(row: TableRow, path: str) -> Rename | None:
    to, proposed = row["to"], row["proposed"]
    if not row["level3"] or not to or to.lower() in _NO:
        return None
    if to.lower() in _YES and not proposed:  # a yes to nothing is no name
        raise Refusal("mapping_no_proposal", path=path, name=row["level3"])
    accepted = to.lower() in _YES and bool(proposed)
    name = proposed if accepted else to
    takes = accepted or not proposed or label_key(to) == label_key(proposed)
    rename = Rename(
        row["level1"],
        row["level2"],
        row["level3"],
        row["unit"],
        name,
        row["to_level2"] if takes else "",
        row["to_unit"] if takes else "",
    )
    return None if _identical(rename) else rename


def _identical(rename: Rename) -> bool:
    return (
        label_key(rename.level3) == label_key(rename.to_level3)
        and rename.to_level2 in ("", rename.level2)
        and rename.to_unit in ("", rename.unit)
    )


def _check(renames: Sequence[Rename], path: str) -> None:
    seen: dict[tuple[str, ...], Rename] = {}
    for each in renames:
        source = tuple(map(label_key, each[:4]))
        first = seen.setdefault(source, each)
        if tuple(map(label_key, first[4:])) != tuple(map(label_key, each[4:])):
            raise Refusal(
                "mapping_contradicts",
                path=path,
                name=each.level3,
                first=first.to_level3,
                second=each.to_level3,
            )
    targets = {label_key(each.level3): label_key(each.to_level3) for each in renames}
    for start in targets:
        at, steps = targets[start], 0
        while at in targets and targets[at] != at and steps <= len(targets):
            at, steps = targets[at], steps + 1
            if at == start:
                raise Refusal("mapping_circle", path=path, name=start)
