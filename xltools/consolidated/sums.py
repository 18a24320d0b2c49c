"""How 合并自评表 adds up: through the units' sheets where they are, else over the lists."""

from __future__ import annotations

from typing import Protocol

from xltools.consolidated import shares
from xltools.consolidated.context import Context
from xltools.consolidated.details import FUND_LETTERS, INDICATOR_LETTERS
from xltools.consolidated.sheets import SUMMARY, added, column, list_columns
from xltools.consolidated.summary import LETTERS
from xltools.merging import PooledRow
from xltools.messages.interface import FUND_KINDS

LIVE_ROWS = 300  # over lists each formula reads the whole of them
LIVE_CELLS = 30_000_000


class Sums(Protocol):
    """Formula texts.  key: the cell that holds the number of the row."""

    live_rows: int

    def fund(self, kind: str, field: str) -> str:
        """field: initial, annual, executed."""

    def pair(self, kind: str) -> tuple[str, str]:
        """Budget and execution of the lines that give both."""

    def base(self) -> str:
        """The funds of all forms with scores."""

    def execution(self) -> str:
        """Funds times the weight of execution."""

    def added(self, row: PooledRow, field: str, key: str) -> str: ...

    def averaged(self, row: PooledRow, field: str, key: str) -> str: ...

    def weighted(self, row: PooledRow, field: str, key: str) -> str:
        """Funds times weight or score."""


def sums(context: Context) -> Sums:
    return _Through() if context.units else _Over(context)


class _Through:
    """Sums through the sheets between the two marks."""

    live_rows = 1_000_000

    def fund(self, kind: str, field: str) -> str:
        return shares.through(shares.fund_cell(kind, field))

    def pair(self, kind: str) -> tuple[str, str]:
        return self.fund(kind, "pair_annual"), self.fund(kind, "pair_executed")

    def base(self) -> str:
        return shares.through(shares.SCORED_WEIGHT)

    def execution(self) -> str:
        return shares.through(shares.EXECUTION)

    def _row(self, row: PooledRow, field: str) -> str:
        return shares.through(shares.row_cell(field, row.number))

    def added(self, row: PooledRow, field: str, key: str) -> str:
        return self._row(row, field)

    def averaged(self, row: PooledRow, field: str, key: str) -> str:
        funds, plain, count = (self._row(row, each) for each in ("funds", f"plain_{field}", "count"))
        return f"ROUND(IF({funds}=0,{plain}/{count},{self._row(row, field)}/{funds}),4)"

    def weighted(self, row: PooledRow, field: str, key: str) -> str:
        return self._row(row, field)


class _Over:
    """Sums over 资金明细, 指标明细 and 汇总, on however many sheets these stand."""

    def __init__(self, context: Context) -> None:
        self._context = context
        letters = FUND_LETTERS | {"kind": FUND_LETTERS["资金类别"]}
        self._funds = {name: list_columns(context.funds, letter) for name, letter in letters.items()}
        self._rows = {
            name: list_columns(context.indicators, letter) for name, letter in INDICATOR_LETTERS.items()
        }
        cells = sum(part.rows for part in context.indicators)
        self.live_rows = min(LIVE_ROWS, LIVE_CELLS // max(1, cells))

    def fund(self, kind: str, field: str) -> str:
        amounts = self._funds[_AMOUNTS[field]]
        pairs = zip(amounts, self._funds["kind"], strict=True)
        return added(f'SUMIFS({amount},{kinds},"{FUND_KINDS[kind][0]}")' for amount, kinds in pairs)

    def pair(self, kind: str) -> tuple[str, str]:
        lists = list(
            zip(
                self._funds["kind"],
                self._funds[_AMOUNTS["annual"]],
                self._funds[_AMOUNTS["executed"]],
                strict=True,
            )
        )
        masks = [
            f'({kinds}="{FUND_KINDS[kind][0]}")*ISNUMBER({annual})*ISNUMBER({executed})'
            for kinds, annual, executed in lists
        ]
        budget, spent = (
            added(f"SUMPRODUCT({mask},{each[at]})" for mask, each in zip(masks, lists, strict=True))
            for at in (1, 2)
        )
        return (budget, spent) if len(lists) == 1 else (f"({budget})", f"({spent})")

    def base(self) -> str:
        return f"SUM({self._summary('权重资金（万元）')})"

    def execution(self) -> str:
        return f"SUMPRODUCT({self._summary('权重资金（万元）')},{self._summary('执行率分值')})"

    def _summary(self, header: str) -> str:
        return column(SUMMARY, LETTERS[header], self._context.last_form)

    def added(self, row: PooledRow, field: str, key: str) -> str:
        return self._sumifs(_NUMBERS[field], key)

    def _sumifs(self, header: str, key: str) -> str:
        pairs = zip(self._rows[header], self._rows["合并行号"], strict=True)
        return added(f"SUMIFS({numbers},{keys},{key})" for numbers, keys in pairs)

    def averaged(self, row: PooledRow, field: str, key: str) -> str:
        lists = list(
            zip(
                self._rows["合并行号"],
                self._rows[_NUMBERS[field]],
                self._rows["权重资金（万元）"],
                strict=True,
            )
        )
        funds = added(f"SUMPRODUCT(({k}={key})*ISNUMBER({n}),{f})" for k, n, f in lists)
        products = added(f"SUMPRODUCT(({k}={key})*{f},{n})" for k, n, f in lists)
        count = added(f"SUMPRODUCT(({k}={key})*ISNUMBER({n}))" for k, n, _ in lists)
        plain = self._sumifs(_NUMBERS[field], key)
        return f"ROUND(IF({funds}=0,({plain})/({count}),({products})/({funds})),4)"

    def weighted(self, row: PooledRow, field: str, key: str) -> str:
        header = {"weight": "分值", "score": "复算得分"}[field]
        lists = zip(self._rows["合并行号"], self._rows["权重资金（万元）"], self._rows[header], strict=True)
        text = added(f"SUMPRODUCT(({k}={key})*{funds},{points})" for k, funds, points in lists)
        return text if len(self._rows[header]) == 1 else f"({text})"


_AMOUNTS = {"initial": "年初预算数", "annual": "全年预算数", "executed": "全年执行数"}
_NUMBERS = {"target": "指标值（数值）", "actual": "完成值（数值）"}
