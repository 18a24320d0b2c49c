"""The lines of the 校验 sheet, a line a rule: is it ✔, ✘ or 未填, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltools.messages.findings import MESSAGES
from xltools.model import HELPERS, Level1, Severity
from xltools.profiles import Profile
from xltools.quantities import plain
from xltools.rulebook import FAMILIES
from xltools.rules.registry import RULES
from xltools.sheet_checks.anchors import Anchors, absolute
from xltools.sheet_checks.lists import mentions, name
from xltools.sheet_checks.slots import Slots, blank_text, mark

SHEET = HELPERS.verdicts
NOWHERE = frozenset({"WGT-03", "IND-20"})
"""Rules that are about many cells together."""
RIGHT, WRONG, OPEN = "✔", "✘", "未填"
MISSING = frozenset({"STR-02", "STR-03", "STR-04", "GOA-01", "GOA-02", "IND-02", "IND-03", "SCO-10"})
"""Rules whose fault is that something is still to be filled in."""


class Line(NamedTuple):
    """One rule on 校验.

    faults: a formula, how many cells are at fault.  where: the address of the first.
    waits: what the rule looks at ("rows", "money", "goals"); 未填 while nothing of it is filled in.
    """

    code: str
    faults: str
    where: str
    waits: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return MESSAGES[self.code].title[0]

    @property
    def hint(self) -> str:
        return MESSAGES[self.code].hint[0]

    @property
    def severity(self) -> Severity:
        return RULES[self.code].severity

    def verdict(self, faults: str, blank: Mapping[str, str]) -> str:
        wrong = OPEN if self.code in MISSING else WRONG
        judged = f'IF({faults}=0,"{RIGHT}","{wrong}")'
        if not self.waits:
            return judged
        return f'IF(AND({",".join(blank[kind] for kind in self.waits)}),"{OPEN}",{judged})'

    def stored(self, faults: int, blank: Mapping[str, bool]) -> str:
        """The verdict as `verdict` computes it."""
        if self.waits and all(blank[kind] for kind in self.waits):
            return OPEN
        return RIGHT if not faults else OPEN if self.code in MISSING else WRONG


class _Book(NamedTuple):
    """What the lines are made from."""

    at: Anchors
    rows: Slots
    funds: Slots
    profile: Profile

    def address(self, field: str, index: int = 0) -> str:
        """The address of a single cell, as it stands after rows were inserted."""
        cell = self.at.cell(field, index)
        return f"ADDRESS(ROW({cell}),COLUMN({cell}),4)"


def lines(at: Anchors, rows: Slots, funds: Slots, profile: Profile) -> list[Line]:
    """Every rule the sheet can judge, in the order of the catalogue."""
    book = _Book(at, rows, funds, profile)
    found = [*_flagged(book), *_head(book), *_goals(book), *_sums(book)]
    families = list(FAMILIES)
    return sorted(found, key=lambda line: (families.index(line.code[:3]), line.code))


# --- rules about rows -----------------------------------------------------------------------------


def _flagged(book: _Book) -> Iterable[Line]:
    both = (book.funds, book.rows)
    for code in dict.fromkeys(flag.code for slots in both for flag in slots.flags):
        there = [slots for slots in both if any(flag.code == code for flag in slots.flags)]
        extra = _texts_with_hints(book) if code == "STR-14" else ""
        waits = tuple("money" if slots is book.funds else "rows" for slots in there)
        counts = "+".join(slots.count(code) for slots in there)
        yield Line(code, f"{counts}{extra}", _first(code, there), waits)


def _texts_with_hints(book: _Book) -> str:
    fields = ("project_name", "supervising_department", "implementing_unit", "goal_expected", "goal_actual")
    return "".join(f"+IF({mentions(book.at.cell(field), 'hints')},1,0)" for field in fields)


def _first(code: str, there: Sequence[Slots]) -> str:
    """The address of the first cell at fault."""
    text = '""'
    for slots in reversed(there):
        for field in reversed([flag.field for flag in slots.flags if flag.code == code]):
            found = f'MATCH("*{code}*",{slots.span(mark(field))},0)'
            column = f"COLUMN({slots.band.span(field)})"
            cell = f"ADDRESS(INDEX({slots.span('row')},{found}),{column},4)"
            text = f"IF(ISNUMBER({found}),{cell},{text})"
    return text


def begun(at: Anchors, rows: Slots) -> dict[str, str]:
    """Formulas: how many indicator rows, how many amounts are filled in.

    Amounts are those of the sources; the totals are formulas and always show a number.
    """
    last = len(at.content.funds) - 1
    sources = [
        f"{at.cell(f'fund.{field}', 1)}:{absolute(at.placed.cell(f'fund.{field}', last))}"
        for field in ("initial_budget", "annual_budget", "executed")
    ]
    return {"rows": f"SUM({rows.span('used')})", "money": f"COUNT({','.join(sources)})"}


def blanks(at: Anchors, rows: Slots) -> dict[str, str]:
    """Formulas for `Line.waits`: nothing of that kind is filled in."""
    goals = [_blank(at.cell(field)) for field in ("goal_expected", "goal_actual")]
    nothing = {kind: f"{count}=0" for kind, count in begun(at, rows).items()}
    return nothing | {"goals": f"OR({','.join(goals)})"}


# --- heads and goals ------------------------------------------------------------------------------


def _blank(cell: str) -> str:
    """Nothing stands in the cell, or a dash: of a name or a goal that says no more."""
    text = blank_text(cell)
    return f"OR(LEN({text})=0,ISNUMBER(MATCH({text},{name('dash')},0)))"


def _head(book: _Book) -> Iterable[Line]:
    if book.at.has("title"):
        title = book.at.cell("title")
        year = f'MID({title},FIND("年度",{title})-4,4)'
        stated = f'IF(ISNUMBER({year}*1),LEFT({year},2)="20",FALSE)'
        yield Line("STR-02", f"IF({stated},0,1)", book.address("title"))
    project = book.at.cell("project_name")
    yield Line("STR-03", f"IF({_blank(project)},1,0)", book.address("project_name"))
    fields = ("supervising_department", "implementing_unit")
    missing = [f"IF({_blank(book.at.cell(field))},1,0)" for field in fields]
    first = f"IF({_blank(book.at.cell(fields[0]))},{book.address(fields[0])},{book.address(fields[1])})"
    yield Line("STR-04", f"SUM({','.join(missing)})", first)


def _goals(book: _Book) -> Iterable[Line]:
    expected, actual = book.at.cell("goal_expected"), book.at.cell("goal_actual")
    yield Line("GOA-01", f"IF({_blank(expected)},1,0)", book.address("goal_expected"))
    yield Line("GOA-02", f"IF({_blank(actual)},1,0)", book.address("goal_actual"))
    same = f"EXACT({_bare(expected)},{_bare(actual)})"
    copied = f"IF(OR({_blank(expected)},{_blank(actual)}),0,IF({same},1,0))"
    yield Line("GOA-03", copied, book.address("goal_actual"), ("goals",))


def _bare(cell: str) -> str:
    """A text without blanks and line breaks, as texts are compared."""
    return f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell}," ",""),"　",""),CHAR(10),"")'


# --- sums, weights, totals ------------------------------------------------------------------------


def _off(value: str, wanted: str, within: Decimal) -> str:
    return f"ROUND(ABS({value}-{wanted}),8)>{plain(within)}"


def _sums(book: _Book) -> Iterable[Line]:
    weight, score, profile = book.at.cell("total_weight"), book.at.cell("total_score"), book.profile

    def line(code: str, fault: str, field: str) -> Line:
        where = book.address(field) if field else '""'
        return Line(code, f"IF({fault},1,0)", where, ("rows",))

    usual = plain(profile.execution_weight)
    tolerance = profile.weight_tolerance
    not_100 = _off_by_all(book, "weight", usual, plain(profile.total_weight), tolerance)
    printed = _off_by_all(book, "weight", usual, weight, tolerance)
    rows, hundred = f"SUM({book.rows.span('weight')})", plain(profile.total_weight)
    left_out = (
        f"AND({_added_up(book, 'weight')},ISNUMBER({weight}),NOT(ISNUMBER({book.funds.first('weight')})))"
    )
    meant = [
        f"AND({_off(weight, hundred, tolerance)},NOT({_off(each, weight, tolerance)}))"
        for each in (rows, f"({rows}+{usual})")
    ]
    otherwise = f"IF({left_out},OR({','.join(meant)}),FALSE)"
    yield line("WGT-01", f"OR({not_100},{otherwise})", "total_weight")
    yield line("WGT-02", f"IF(ISNUMBER({weight}),{printed},FALSE)", "total_weight")
    yield line("WGT-03", _unusual(book), "")
    again = book.funds.first("again")
    added = _off_by_all(book, "score", again, score, profile.total_tolerance)
    yield line("SCO-07", f"IF(ISNUMBER({score}),{added},FALSE)", "total_score")
    yield line("SCO-08", _recomputed(book, score), "total_score")
    yield line("SCO-11", _everything_full(book), "total_score")
    yield line("IND-20", _copied(book), "")


def _all_numbers(book: _Book, key: str) -> str:
    """Every row that is filled in has a number here."""
    used, cells = book.rows.span("used"), book.rows.span(key)
    return f"AND(SUM({used})>0,SUMPRODUCT({used}*ISNUMBER({cells}))=SUM({used}))"


def _added_up(book: _Book, key: str) -> str:
    """The rows can be added, and it is known what the fund band adds to them."""
    own, weight = book.funds.first(key), book.funds.first("weight")
    left_out = f'IF(ISNUMBER({weight}),FALSE,{own}="")'
    return f'AND({_all_numbers(book, key)},OR(ISNUMBER({own}),{own}="—",{left_out}))'


def _off_by_all(book: _Book, key: str, usual: str, wanted: str, within: Decimal) -> str:
    """No reading of the sum is the wanted one.  Where the fund band states nothing of its own, the
    rows may hold everything, or the usual part of the execution rate is to be added."""
    own, rows = book.funds.first(key), f"SUM({book.rows.span(key)})"
    stated = _off(f"({rows}+{own})", wanted, within)
    alone, with_usual = _off(rows, wanted, within), _off(f"({rows}+{usual})", wanted, within)
    neither = f"AND({alone},IF(ISNUMBER({usual}),{with_usual},TRUE))"
    return f"IF({_added_up(book, key)},IF(ISNUMBER({own}),{stated},{neither}),FALSE)"


def _unusual(book: _Book) -> str:
    """The sums of the families fit none of the usual splits."""
    used, group, weight = (book.rows.span(key) for key in ("used", "group", "weight"))
    families: tuple[Level1, ...] = ("output", "benefit", "satisfaction", "cost")

    def fits(usual: Mapping[Level1, Decimal]) -> str:
        within = plain(book.profile.weight_tolerance)
        wanted = {family: plain(usual.get(family, Decimal(0))) for family in families}
        return ",".join(
            f'ROUND(ABS(SUMIF({group},"{family}",{weight})-{wanted[family]}),8)<={within}'
            for family in families
        )

    choices = ",".join(f"AND({fits(usual)})" for usual in book.profile.usual_weights)
    grouped = f'SUMPRODUCT({used}*({group}=""))=0,SUMPRODUCT({used}*({group}<>"execution"))>0'
    return f"IF(AND({_all_numbers(book, 'weight')},{grouped}),NOT(OR({choices})),FALSE)"


def _recomputed(book: _Book, score: str) -> str:
    again, execution = book.rows.span("again"), book.funds.first("again")
    total = f"ROUND(SUM({again})+N({execution}),2)"
    known = f'ISNUMBER({score}),ISNUMBER({execution}),COUNTIF({again},"x")=0'
    off = _off(score, total, book.profile.total_tolerance)
    return f"IF(AND({_added_up(book, 'score')},{known}),{off},FALSE)"


def _everything_full(book: _Book) -> str:
    used, scored, weight, score = (book.rows.span(key) for key in ("used", "scored", "weight", "score"))
    full = f"SUMPRODUCT({used}*{scored}*({score}={weight})*({score}>0))=SUM({used})"
    own, whole = book.funds.first("score"), book.funds.first("weight")
    return f"AND(SUM({used})>1,{full},IF(ISNUMBER({own}),{own}={whole},TRUE))"


def _copied(book: _Book) -> str:
    used, words, target, actual = (book.rows.span(key) for key in ("used", "words", "target", "actual"))
    both = f"{used}*({words}=0)*ISNUMBER({target})*ISNUMBER({actual})"
    count, same = f"SUMPRODUCT({both})", f"SUMPRODUCT({both}*({target}={actual}))"
    share = plain(book.profile.copied_share)
    return f"AND({count}>={book.profile.copied_rows},{same}>0,ROUND({same}-{share}*{count},8)>=0)"
