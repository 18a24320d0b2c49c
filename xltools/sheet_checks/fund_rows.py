"""The fund rows: what a slot knows of its row, and the flags of the rules about money.

The first slot is 年度资金总额; every other row is one of its sources.
"""

from __future__ import annotations

from decimal import Decimal

from xltools import scoring
from xltools.profiles import Profile
from xltools.quantities import plain
from xltools.sheet_checks.anchors import Band
from xltools.sheet_checks.lists import key_of
from xltools.sheet_checks.slots import Flag, SlotColumn, cell_of, empty, position, tidied, worded

AMOUNTS = ("initial_budget", "annual_budget", "executed")
FIELDS = ("label", *AMOUNTS, "weight", "execution_rate", "score")
_ZERO = Decimal(0)
_SPENT = "AND(ISNUMBER([annual_budget]),ISNUMBER([executed]))"


def columns(band: Band, profile: Profile, explained: str) -> list[SlotColumn]:
    """explained: a formula, 1 when somebody wrote why the money went as it did."""
    rate = scoring.execution_rate_formula("[annual_budget]", "[executed]")
    return [
        position(band),
        SlotColumn("label", "值·label", f'IF([row]=0,"",{_label(cell_of(band, "label"))})'),
        *(SlotColumn(f, f"值·{f}", f'IF([row]=0,"",{tidied(cell_of(band, f))})') for f in FIELDS[1:]),
        SlotColumn("used", "已填", 'IF([row]=0,0,IF([label]="",0,1))', _ZERO, _ZERO),
        SlotColumn("kind", "来源", key_of("[label]", "fund")),
        SlotColumn("total", "是总额", "IF({slot}=1,1,0)", _ZERO, _ZERO),
        SlotColumn("rate", "复算执行率", f'IF({_SPENT},IF([annual_budget]=0,"",{rate}),"")'),
        SlotColumn("full", "分值", _full(profile), "", profile.execution_weight),
        SlotColumn("again", "复算得分", _score()),
        SlotColumn("changed", "预算调整", _changed(profile), _ZERO, _ZERO),
        SlotColumn("explained", "已说明", explained, _ZERO, _ZERO),
    ]


def _label(cell: str) -> str:
    """Labels are compared without blanks, with a half-width colon."""
    return f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell},"：",":")," ",""),"　","")'


def _full(profile: Profile) -> str:
    usual = plain(profile.execution_weight)
    unstated = 'OR([weight]="",AND([weight]="—",ISNUMBER([score])))'
    return f'IF({unstated},{usual},IF(ISNUMBER([weight]),[weight],""))'


def _score() -> str:
    score = scoring.execution_score_formula("[rate]", "[full]")
    return f'IF(AND([total]=1,ISNUMBER([rate]),ISNUMBER([full])),{score},"")'


def _changed(profile: Profile) -> str:
    apart = f"ROUND(ABS([annual_budget]-[initial_budget]),8)>{plain(profile.amount_tolerance)}"
    return f"IF(AND(ISNUMBER([initial_budget]),ISNUMBER([annual_budget])),IF({apart},1,0),0)"


def flags(band: Band, profile: Profile) -> list[Flag]:
    return [
        *(Flag("STR-13", field, f'OR([{field}]="#",{worded(field)})') for field in FIELDS[1:]),
        *(Flag("FUN-01", field, _not_the_sum(field, profile)) for field in AMOUNTS),
        *(Flag("FUN-02", field, f"IF(ISNUMBER([{field}]),[{field}]<0,FALSE)") for field in AMOUNTS),
        Flag("FUN-03", "execution_rate", _wrong_rate(profile)),
        Flag("FUN-05", "executed", f"IF({_SPENT},AND([executed]>[annual_budget],[annual_budget]>0),FALSE)"),
        Flag("FUN-06", "executed", f"IF({_SPENT},AND([annual_budget]=0,[executed]>0),FALSE)"),
        Flag(
            "FUN-07",
            "execution_rate",
            f"IF(AND([total]=0,ISNUMBER([execution_rate]),{_SPENT}),AND([annual_budget]=0,[executed]=0),FALSE)",
        ),
        Flag(
            "FUN-08",
            "annual_budget",
            "IF(AND([total]=1,ISNUMBER([annual_budget])),"
            "AND([annual_budget]=0,IF(ISNUMBER([executed]),[executed]<=0,TRUE)),"
            f"{_untold('annual_budget')})",
        ),
        Flag(
            "FUN-08",
            "executed",
            f"IF(ISNUMBER([annual_budget]),IF([annual_budget]=0,FALSE,{_untold('executed')}),"
            f"{_untold('executed')})",
        ),
        Flag("FUN-09", "score", _wrong_score(profile)),
        Flag(
            "FUN-10",
            "score",
            "IF(AND([total]=1,ISNUMBER([score]),ISNUMBER([full])),OR([score]<0,[score]>[full]),FALSE)",
        ),
        Flag("FUN-13", "execution_rate", _low_rate(profile)),
        Flag(
            "FUN-14",
            "annual_budget",
            "AND([explained]=0,[changed]=1,OR([total]=1,INDEX([:changed],1)=0))",
        ),
        Flag("SCO-10", "score", f"AND([total]=1,ISNUMBER([weight]),{_unscored()})"),
    ]


def _not_the_sum(field: str, profile: Profile) -> str:
    """Neither the sum of the sources, nor that sum where the first fiscal row holds the other fiscal ones."""
    tolerance = plain(profile.amount_tolerance)
    every = f"SUM([:{field}])-[{field}]"
    others = f'SUMIF([:kind],"fiscal",[:{field}])-N(INDEX([:{field}],MATCH("fiscal",[:kind],0)))'
    words = _words_among(field)
    off = f"ROUND(ABS([{field}]-({every})),8)>{tolerance}"
    nested = f"ROUND(ABS([{field}]-({every}-({others}))),8)>{tolerance}"
    several = f'IF(COUNTIF([:kind],"fiscal")>1,{nested},TRUE)'
    added = f"IF({words}=0,AND({off},{several}),FALSE)"
    blank = f"AND({empty(field)},{words}=0,ROUND(SUM([:{field}]),8)<>0)"
    return f"IF(AND([total]=1,SUM([:used])>1),IF(ISNUMBER([{field}]),{added},{blank}),FALSE)"


def _unscored() -> str:
    """A dash is right where there is no budget."""
    nothing = "IF(ISNUMBER([annual_budget]),[annual_budget]=0,FALSE)"
    return f'OR([score]="",AND([score]="—",NOT({nothing})))'


def _words_among(field: str) -> str:
    """How many amounts cannot be read."""
    return f'SUMPRODUCT((ISNUMBER([:{field}])=FALSE)*([:{field}]<>"")*([:{field}]<>"—"))'


def _untold(field: str) -> str:
    """The total is blank, and the sources do not tell it."""
    silent = f"OR({_words_among(field)}>0,ROUND(SUM([:{field}]),8)=0)"
    return f"AND([total]=1,{empty(field)},{silent})"


def _wrong_rate(profile: Profile) -> str:
    known = "AND(ISNUMBER([execution_rate]),ISNUMBER([rate]))"
    off = f"ROUND(ABS([execution_rate]-[rate]),8)>{plain(profile.rate_tolerance)}"
    return f"IF({known},AND([annual_budget]>0,[executed]>=0,{off}),FALSE)"


def _wrong_score(profile: Profile) -> str:
    off = f"ROUND(ABS(MAX(0,MIN([score],[full]))-[again]),8)>{plain(profile.row_tolerance)}"
    return f"IF(AND([total]=1,ISNUMBER([again]),ISNUMBER([score])),AND([executed]>=0,{off}),FALSE)"


def _low_rate(profile: Profile) -> str:
    low = f"AND([rate]>=0,[rate]<{plain(profile.reason_below)})"
    return f"IF(AND([total]=1,[explained]=0,ISNUMBER([rate])),{low},FALSE)"
