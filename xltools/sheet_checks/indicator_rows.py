"""The indicator rows: what a slot knows of its row, and the flags of the rules about single rows."""

from __future__ import annotations

from decimal import Decimal

from xltools import scoring
from xltools.profiles import Profile
from xltools.quantities import plain
from xltools.sheet_checks.anchors import Band
from xltools.sheet_checks.lists import key_of, mentions, name
from xltools.sheet_checks.slots import Flag, SlotColumn, cell_of, empty, position, tidied, worded
from xltools.vocabulary import vocabulary

FIELDS = ("level3", "nature", "direction", "target", "actual", "unit", "weight", "score", "deviation")
_ENTERED = ("level3", "target", "actual", "weight", "score", "deviation")
_ZERO = Decimal(0)


def columns(band: Band, profile: Profile) -> list[SlotColumn]:
    """What later formulas need, each from what stands before it."""
    return [
        position(band),
        *(_level(band, field) for field in ("level1", "level2")),
        *(_field(band, field) for field in FIELDS),
        _used(),
        *_meaning(),
        *_by_numbers(profile),
        *_by_tier(profile),
        *_verdict(),
    ]


def _field(band: Band, field: str) -> SlotColumn:
    if field not in band.columns:
        return SlotColumn(field, f"值·{field}", '""')
    return SlotColumn(field, f"值·{field}", f'IF([row]=0,"",{tidied(cell_of(band, field))})')


def _level(band: Band, field: str) -> SlotColumn:
    """A merged or blank level cell repeats what stands above it; level 2 only under the same level 1."""
    own, level1 = cell_of(band, field), cell_of(band, "level1")
    above = f"[^{field}]"
    if field == "level2":
        above = f'IF(LEN({level1})=0,{above},"")'
    return SlotColumn(field, f"值·{field}", f'IF([row]=0,"",IF(LEN(TRIM({own}))=0,{above},TRIM({own})))')


def _used() -> SlotColumn:
    none = ",".join(empty(field) for field in _ENTERED)
    return SlotColumn("used", "已填", f"IF([row]=0,0,IF(AND({none}),0,1))", _ZERO, _ZERO)


def _meaning() -> list[SlotColumn]:
    unhappy = 'OR(ISNUMBER(FIND("不满意",[level3])),ISNUMBER(FIND("投诉",[level3])))'
    happy = 'OR([group]="satisfaction",ISNUMBER(FIND("满意",[level3])),ISNUMBER(FIND("满意",[level2])))'
    by_sign = 'IF([sign]="","",IF([sign]="eq","equal",IF(OR([sign]="ge",[sign]="gt"),"higher","lower")))'
    stated = f'IF(OR([kind]="positive",[happy]=1),IF([sign]="eq","equal","higher"),{by_sign})'
    words = f'IF([kind]<>"",IF([kind]="qualitative",1,0),IF([sign]<>"",0,IF({worded("target")},1,0)))'
    return [
        SlotColumn("group", "一级类别", key_of("[level1]", "level1")),
        SlotColumn("kind", "性质", key_of("[nature]", "nature")),
        SlotColumn("sign", "方向", key_of("[direction]", "sign")),
        SlotColumn("happy", "满意度", f"IF({unhappy},0,IF({happy},1,0))", _ZERO, _ZERO),
        SlotColumn("words", "定性", words, _ZERO, _ZERO),
        SlotColumn("way", "方向判断", f'IF([kind]="negative","lower",{stated})'),
        SlotColumn("percent", "百分比", f"IF(ISNUMBER(MATCH([unit],{name('percent')},0)),1,0)", _ZERO, _ZERO),
        SlotColumn(
            "bounded",
            "比率",
            f"IF(AND({mentions('[level3]', 'bounded')},NOT({mentions('[level3]', 'unbounded')})),1,0)",
            _ZERO,
            _ZERO,
        ),
        SlotColumn("explained", "已说明", f"IF({empty('deviation')},0,1)", _ZERO, _ZERO),
        SlotColumn("money", "说明资金", f"IF({mentions('[deviation]', 'money_words')},1,0)", _ZERO, _ZERO),
        SlotColumn("scored", "可比", "IF(AND(ISNUMBER([weight]),ISNUMBER([score])),1,0)", _ZERO, _ZERO),
        SlotColumn(
            "held",
            "界内得分",
            'IF([scored]=1,MAX(0,MIN([score],[weight])),"")',
        ),
    ]


def _by_numbers(profile: Profile) -> list[SlotColumn]:
    """Scores the formulas give, low and high; "x" where they give none."""
    cells = "[target]", "[actual]", "[weight]"
    numbers = "ISNUMBER([target]),ISNUMBER([actual]),ISNUMBER([weight])"
    comparable = f"IF(AND([used]=1,[words]=0,{numbers}),IF([weight]>=0,1,0),0)"
    higher = f'IF(AND([actual]<[target],[target]<=0),"x",{scoring.positive_score_formula(*cells)})'
    equal = f'IF(AND([actual]<[target],[target]<0),"x",{scoring.equal_score_formula(*cells)})'
    up = f'IF([way]="lower","",IF([way]="equal",{equal},{higher}))'
    downs = [
        SlotColumn(
            f"down{at}",
            f"反向得分{at}",
            f'IF([judge]=0,"",IF(OR([way]="lower",[way]=""),'
            f'IF(AND([actual]>[target],[target]<0),"x",{scoring.reverse_score_formula(*cells, form)}),""))',
        )
        for at, form in enumerate(profile.reverse_forms, start=1)
    ]
    scores = ",".join(["[up]", *(f"[{column.key}]" for column in downs)])
    unknown = ",".join(f'{cell}="x"' for cell in scores.split(","))
    return [
        SlotColumn("judge", "可计算", comparable, _ZERO, _ZERO),
        SlotColumn("up", "正向得分", f'IF([judge]=0,"",{up})'),
        *downs,
        SlotColumn("sure", "已计算", f"IF([judge]=0,0,IF(OR({unknown}),0,1))", _ZERO, _ZERO),
        SlotColumn(
            "ratio",
            "完成倍数",
            'IF([sure]=0,"",IF(AND([target]>0,[actual]>0,OR([way]="higher",[way]="equal")),'
            'ROUND([actual]/[target],10),""))',
        ),
        SlotColumn("met", "完成", _met()),
        SlotColumn("high", "应得最高", f'IF([sure]=0,"",MAX({scores}))'),
        SlotColumn("low", "应得最低", _low(scores, profile)),
    ]


def _met() -> str:
    by_way = (
        'IF([way]="",IF([actual]=[target],1,""),'
        'IF(OR([way]="lower",AND([way]="equal",[target]=0)),IF([actual]<=[target],1,0),'
        "IF([actual]>=[target],1,0)))"
    )
    by_tier = 'IF(ISNUMBER([tier_low]),IF([tier]="achieved",1,0),"")'
    return f'IF([words]=1,{by_tier},IF([judge]=1,{by_way},""))'


def _low(scores: str, profile: Profile) -> str:
    """A target far exceeded, or met with a reason given, admits less than the formula's score."""
    far = f"IF(ISNUMBER([ratio]),IF([ratio]>={plain(profile.over_achievement)},1,0),0)=1"
    admits = f"OR({far},AND([met]=1,[explained]=1))"
    lowered = f"IF(AND(ISNUMBER([score]),{admits}),MAX(0,MIN({scores},[score])),MIN({scores}))"
    return f'IF([sure]=0,"",{lowered})'


def _by_tier(profile: Profile) -> list[SlotColumn]:
    """The tier of a qualitative row, and the scores it admits."""
    text = 'SUBSTITUTE(SUBSTITUTE([actual],"。",""),"；","")'
    known = f'IF(AND([used]=1,[words]=1),{key_of(text, "tier")},"")'

    def bound(side: int) -> str:
        choice = '""'
        for tier, bounds in profile.tiers.items():
            value = f"ROUND({plain(bounds[side])}/100*[weight],2)"
            if side and tier != "achieved":
                low = f"ROUND({plain(bounds[0])}/100*[weight],2)"
                value = f"IF({value}>{low},{value}-0.01,{value})"
            choice = f'IF([tier]="{tier}",{value},{choice})'
        return f'IF(AND([tier]<>"",ISNUMBER([weight])),IF([weight]>=0,{choice},""),"")'

    return [
        SlotColumn("tier", "档次", known),
        SlotColumn("tier_low", "档次最低", bound(0)),
        SlotColumn("tier_high", "档次最高", bound(1)),
    ]


def _verdict() -> list[SlotColumn]:
    """The recomputed score: the stated one where the rules admit it; "x" where none can be said."""
    stated = "IF(ISNUMBER([score]),MAX([low],MIN([score],[high])),[high])"
    tiered = "IF(ISNUMBER([score]),MAX([tier_low],MIN([score],[tier_high])),[tier_high])"
    own = 'IF(AND([scored]=1,[actual]<>""),MAX(0,MIN([score],[weight])),"x")'
    worded_ = f'IF(ISNUMBER([weight]),IF([weight]<0,"x",IF(ISNUMBER([tier_low]),{tiered},{own})),"x")'
    numbers = f'IF([sure]=1,{stated},"x")'
    band = '[tier_low]&"～"&[tier_high]'
    suggested = f'IF([words]=1,IF(ISNUMBER([tier_low]),{band},""),IF([sure]=1,[high],""))'
    return [
        SlotColumn("suggested", "建议得分", suggested),
        SlotColumn("again", "复算得分", f"IF([used]=0,0,IF([words]=1,{worded_},{numbers}))", _ZERO, _ZERO),
    ]


# --- the rules about single rows ------------------------------------------------------------------


def flags(band: Band, profile: Profile) -> list[Flag]:
    """One flag a rule and cell; those whose columns the layout lacks are left out."""
    there = set(band.columns)
    found = [*_indicator_flags(profile), *_weight_flags(), *_score_flags(profile), *_reason_flags(profile)]
    return [flag for flag in found if flag.field in there and _NEEDS.get(flag.code, set()) <= there]


_NEEDS = {
    "IND-07": {"nature"},
    "IND-10": {"nature"},
    "IND-12": {"unit"},
    "IND-15": {"unit"},
    "IND-16": {"unit", "direction"},
    "SCO-02": {"direction"},
    "SCO-05": {"nature"},
    "SCO-06": {"direction"},
}
_STATED = '(OR([kind]="positive",[kind]="negative",AND([kind]="",[sign]<>"")))'


def _indicator_flags(profile: Profile) -> list[Flag]:
    wanted = f"AND([words]=0,OR({_STATED},ISNUMBER([target])))"
    up, down = 'OR([sign]="ge",[sign]="gt")', 'OR([sign]="le",[sign]="lt")'
    against = f'OR(AND([kind]="positive",{down}),AND([kind]="negative",{up}))'
    outside = "IF(ISNUMBER([{0}]),AND([percent]=1,[bounded]=1,OR([{0}]<0,[{0}]>100)),FALSE)"
    idle = f"AND([percent]=1,[bounded]=1,IF({up},[target]<=0,[target]>=100))"
    units = (*vocabulary().money_units, *vocabulary().relative_units, *vocabulary().time_units)
    other = ",".join(f'[unit]="{unit}"' for unit in sorted(set(units)))
    counted = (
        f"AND([percent]=0,NOT({empty('unit')}),NOT({mentions('[level3]', 'unbounded')}),NOT(OR({other})))"
    )
    idle = f'OR({idle},AND([sign]="ge",[target]<=0,{counted}))'
    never = f"IF(AND([happy]=1,{down}),TRUE,IF(ISNUMBER([target]),{idle},FALSE))"
    zero = "IF(AND(ISNUMBER([actual]),[words]=0),[actual]=0,FALSE)"
    nothing = f"{empty('nature')},{empty('direction')}"
    neither = f'AND([way]="",[words]=0,ISNUMBER([target]),ISNUMBER([actual]),{nothing})'
    positive = "IF(ISNUMBER([target]),[target]>0,{0})"
    return [
        Flag("STR-11", "level2", _misplaced()),
        Flag("STR-14", "level3", mentions("[level3]", "hints")),
        Flag("STR-14", "deviation", mentions("[deviation]", "hints")),
        Flag("IND-02", "target", f'OR([target]="",AND([target]="—",{wanted}))'),
        Flag("IND-03", "actual", f'OR([actual]="",AND([actual]="—",{wanted}))'),
        Flag("IND-04", "direction", against),
        Flag("IND-06", "direction", f'AND([sign]="",OR([kind]="positive",[kind]="negative",{neither}))'),
        Flag("IND-07", "target", f"AND([words]=0,{worded('target')})"),
        Flag("IND-08", "actual", f"AND({wanted},{worded('actual')})"),
        Flag("IND-09", "actual", "AND([words]=1,ISNUMBER([actual]))"),
        Flag(
            "IND-10", "actual", f'AND([words]=1,[actual]<>"",[actual]<>"#",{key_of("[actual]", "tier")}="")'
        ),
        Flag("IND-12", "unit", f"AND([words]=0,ISNUMBER([target]),{empty('unit')})"),
        Flag("IND-15", "target", outside.format("target")),
        Flag("IND-15", "actual", outside.format("actual")),
        Flag("IND-16", "direction", f'IF(OR([sign]="",[sign]="eq",[words]=1),FALSE,{never})'),
        Flag("IND-18", "actual", f"AND({zero},[happy]=1,{positive.format('TRUE')})"),
        Flag("IND-19", "actual", f'AND({zero},[way]<>"lower",{positive.format("FALSE")})'),
        Flag("IND-21", "actual", f"IF(ISNUMBER([ratio]),[ratio]>={plain(profile.over_achievement)},FALSE)"),
    ]


def _misplaced() -> str:
    """Level 2 is known, level 1 is known, and the one is not among those of the other."""
    parents = key_of("[level2]", "level2")
    return (
        f'IF(OR([group]="",[group]="execution",{parents}=""),FALSE,'
        f'NOT(ISNUMBER(FIND("|"&[group]&"|","|"&{parents}&"|"))))'
    )


def _weight_flags() -> list[Flag]:
    return [
        Flag("STR-13", "weight", f'OR([weight]="#",{worded("weight")})'),
        Flag("STR-13", "score", f'OR([score]="#",{worded("score")})'),
        Flag("WGT-05", "weight", f"IF(ISNUMBER([weight]),[weight]<=0,{empty('weight')})"),
    ]


def _score_flags(profile: Profile) -> list[Flag]:
    tolerance = plain(profile.row_tolerance)
    off = f"OR(ROUND([low]-[held],8)>{tolerance},ROUND([held]-[high],8)>{tolerance})"
    short = f"ROUND([weight]-[score],8)>{tolerance}"
    full = "AND([scored]=1,[score]=[weight])"
    return [
        Flag("SCO-01", "score", "IF([scored]=1,AND([weight]>=0,OR([score]<0,[score]>[weight])),FALSE)"),
        Flag("SCO-02", "score", f"IF(AND([sure]=1,[scored]=1),{off},FALSE)"),
        Flag("SCO-03", "score", f"AND({full},ISNUMBER([met]),[met]=0)"),
        Flag(
            "SCO-04",
            "score",
            "IF(AND([scored]=1,ISNUMBER([tier_low])),"
            "OR(ROUND([tier_low]-[held],8)>0,ROUND([held]-[tier_high],8)>0),FALSE)",
        ),
        Flag(
            "SCO-05",
            "score",
            f'AND([words]=1,[explained]=0,{full},[tier]="",[actual]<>"",[actual]<>"#",[weight]>0)',
        ),
        Flag("SCO-06", "score", f"IF(AND([sure]=1,[met]=1,[scored]=1,[explained]=0),{short},FALSE)"),
        Flag("SCO-10", "score", f"AND(ISNUMBER([weight]),{empty('score')})"),
    ]


def _reason_flags(profile: Profile) -> list[Flag]:
    short = f"ROUND([weight]-[score],8)>{plain(profile.row_tolerance)}"
    far = f"IF(ISNUMBER([ratio]),[ratio]>={plain(profile.reason_required)},FALSE)"
    return [
        Flag("DEV-01", "deviation", f"IF(AND([scored]=1,[explained]=0),{short},FALSE)"),
        Flag("DEV-02", "deviation", "AND([explained]=0,ISNUMBER([met]),[met]=0)"),
        Flag("DEV-03", "deviation", f"AND([explained]=0,{far})"),
    ]
