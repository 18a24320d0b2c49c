"""What a person sees: an Excel number format applied to a number.

Only what can stand in a cell of a form is understood: digits, thousands, percent, literal
text, sections, conditions, scientific, dates and times.  Anything else (fractions, Chinese
capital numerals, other calendars) shows as General does, so a text is never invented.

Rounding is half away from zero on the decimal, as Excel does on screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

_LONGEST = 255
"""Characters of a format code; Excel knows no longer one, and shows such a file as damaged."""
# A double has at most 309 digits before the point; room for those and for as many decimals as a code asks.
EXACT = Context(prec=309 + _LONGEST, rounding=ROUND_HALF_UP, Emax=999_999, Emin=-999_999)

# Ids Excel gives no code for in the file: what a Chinese Excel shows for each.
BUILTIN: dict[int, str] = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"\\-#,##0',
    6: '"¥"#,##0;[Red]"¥"\\-#,##0',
    7: '"¥"#,##0.00;"¥"\\-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"\\-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0;\\-#,##0",
    38: "#,##0;[Red]\\-#,##0",
    39: "#,##0.00;\\-#,##0.00",
    40: "#,##0.00;[Red]\\-#,##0.00",
    41: '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* \\-#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|\\(?P<escaped>.)|!(?P<banged>.)"
    r"|_(?P<pad>.)|\*(?P<fill>.)"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>General|G/通用格式)"
    r"|(?P<noon>AM/PM|A/P|上午/下午)"
    r"|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|a{3,4}|e+|b+|g+)"
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<slash>/)|(?P<text>@)"
    r"|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$")
_ELAPSED = re.compile(r"(h+|m+|s+)$", re.IGNORECASE)
_EVERYDAY = re.compile(r"(?:0|#,##0)(\.0+)?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONG_DATE = (("y", "yyyy"), ("literal", "年"), ("m", "m"), ("literal", "月"), ("d", "d"), ("literal", "日"))
_ZH_WEEKDAYS = "一二三四五六日"

Token = tuple[str, str]
SectionKind = Literal["general", "number", "scientific", "date", "text", "literal", "unknown"]


class Section(NamedTuple):
    """One of the parts a format code is divided into by semicolons."""

    kind: SectionKind
    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None
    percent: bool
    simple: Simple | None = None


@dataclass(frozen=True, slots=True)
class Simple:
    """A number section of the everyday shape (``0.00``, ``#,##0.00_ ``, ``0%``, ``0"个"``)."""

    before: str
    after: str
    spec: str
    step: Decimal
    hundredfold: bool


def general(value: Decimal) -> str:
    """The General format: at most 11 characters when there are decimals, never an exponent.

    Excel turns very large and very small numbers into 1.2E+17; a person comparing figures (or an
    identity number typed as a number) is better served by the digits.
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    point = text.find(".")
    if point < 0 or len(text) <= 11 + text.startswith("-") or value.adjusted() < -4:
        return text or "0"
    decimals = max(0, 10 - (point - text.startswith("-")))
    short = format(value.quantize(Decimal(1).scaleb(-decimals), context=EXACT), "f")
    return short.rstrip("0").rstrip(".") if "." in short else short


@lru_cache(maxsize=4096)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a format code, parsed; of one too long to be any, those of General."""
    if len(code) > _LONGEST:
        return sections("General")
    parts: list[list[Token]] = [[]]
    for kind, text in _tokens(code):
        if kind == "literal" and text == ";":
            parts.append([])
        else:
            parts[-1].append((kind, text))
    return tuple(_section(part) for part in parts)


@lru_cache(maxsize=1024)
def is_percent(code: str) -> bool:
    """Whether the code shows numbers with a percent sign."""
    return sections(code)[0].percent


@lru_cache(maxsize=1024)
def text_section(code: str) -> Section | None:
    """The section that changes how a *text* is shown, or None when texts stand as they are."""
    found = sections(code)
    chosen = found[3] if len(found) >= 4 else next((s for s in found if s.kind == "text"), None)
    if chosen is None:
        return None
    plain = [t for t in chosen.tokens if t[0] != "space"]
    return None if plain == [("text", "@")] else chosen


def shown_text(value: str, code: str) -> str:
    """What a person sees of a text cell: ``@"元"`` appends, ``;;;`` hides."""
    section = text_section(code)
    if section is None:
        return value
    out = [value if kind == "text" else text for kind, text in section.tokens if kind in ("text", "literal")]
    return "".join(out)


def shown(value: Decimal, code: str, date1904: bool = False) -> tuple[str, bool]:
    """The text a person sees for a number under a format code, and whether it is a date or time.

    A serial number no calendar has (negative, past the year 9999) is shown as a number.
    """
    found = sections(code)
    section, signed = (found[0], True) if len(found) == 1 else _choose(found, value)
    if section is None:
        return general(value), False
    if section.simple is not None:
        return simply(value, section.simple, signed), False
    if section.kind == "date":
        text = _date(value, section.tokens, date1904)
        return (general(value), False) if text is None else (text, True)
    if section.kind in ("text", "unknown"):
        return general(value), False
    magnitude = abs(value)
    sign = "-" if signed and value < 0 else ""
    if section.kind in ("general", "literal"):
        body = "".join(
            general(magnitude) if kind == "general" else _mark(kind, text) for kind, text in section.tokens
        )
        if not body.strip():  # an empty section hides the number, sign and all
            sign = ""
    elif section.kind == "scientific":
        body = _scientific(magnitude, section.tokens)
    else:
        body = _number(magnitude, section.tokens)
    return sign + body.strip(), False


def _tokens(code: str) -> Iterator[Token]:
    """Tokens with quoting resolved; ``literal`` semicolons divide sections, quoted ones do not."""
    for match in _TOKEN.finditer(code):
        kind = str(match.lastgroup)
        text = match[kind]
        if kind in ("quoted", "escaped", "banged"):
            yield "plain", text
        elif kind == "pad":
            yield "space", " "
        elif kind != "fill":
            yield kind, text


def _section(tokens: list[Token]) -> Section:
    condition = None
    kept: list[Token] = []
    known = True
    for kind, text in tokens:
        if kind == "bracket":
            if found := _CONDITION.match(text):
                condition = (found[1], Decimal(found[2]))
            elif _ELAPSED.match(text):
                kept.append(("elapsed", text.lower()))
            elif text.startswith("$"):
                kept.extend(_locale(text))
            elif text.upper().startswith("DBNUM"):
                known = False
        elif kind == "plain":
            kept.append(("literal", text))
        else:
            kept.append((kind, text))
    kind_ = _kind({kind for kind, _ in kept}, known)
    if kind_ == "date":
        kept = _date_tokens(kept)
    elif kind_ in ("number", "scientific"):
        kept = _scaled(kept)
    percent = kind_ in ("number", "scientific", "general") and any(kind == "percent" for kind, _ in kept)
    simple = _simple(kept) if kind_ == "number" else None
    return Section(kind_, tuple(kept), condition, percent, simple)


def _locale(text: str) -> list[Token]:
    """``[$¥-804]`` shows its currency sign; ``[$-F800]`` is the long date of the system."""
    sign, _, tag = text[1:].partition("-")
    if tag.upper() == "F800":
        return [("long date", "")]
    return [("literal", sign)] if sign else []


def _kind(kinds: set[str], known: bool) -> SectionKind:
    if kinds & {"date", "elapsed", "long date", "noon"}:
        return "date"
    if not known:
        return "unknown"
    if "general" in kinds:
        return "general"
    if "exponent" in kinds:
        return "scientific"
    if "text" in kinds:
        return "text"
    if "digit" in kinds:
        return "unknown" if "slash" in kinds else "number"
    return "literal"


def _choose(found: tuple[Section, ...], value: Decimal) -> tuple[Section | None, bool]:
    """The section for a number, and whether a minus sign has to be added."""
    numeric = found[:3]
    if any(s.condition for s in numeric):
        for section in numeric:
            if section.condition is None or _holds(section.condition, value):
                return section, not _writes_minus(section)
        return None, True
    if len(numeric) == 1:
        return numeric[0], True
    if value > 0 or (value == 0 and len(numeric) < 3):
        return numeric[0], False
    if value < 0:
        return numeric[1], False
    return numeric[2], False


def _writes_minus(section: Section) -> bool:
    """Whether the section itself begins with a minus sign, as ``[<0]-0.00`` does."""
    first = next((text for kind, text in section.tokens if kind != "space"), "")
    return first.startswith("-")


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    operator, bound = condition
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }[operator]


def _mark(kind: str, text: str) -> str:
    """How a token shows that stands for itself."""
    return text if kind in ("literal", "space", "percent", "slash", "comma", "point") else ""


def _scaled(tokens: list[Token]) -> list[Token]:
    """Commas told apart: thousands separators become one ``grouped`` token, trailing ones ``scale``."""
    digits = [i for i, (kind, _) in enumerate(tokens) if kind == "digit"]
    point = next((i for i, (kind, _) in enumerate(tokens) if kind == "point"), len(tokens))
    whole = [i for i in digits if i < point]
    last = whole[-1] if whole else -1
    end = digits[-1] if digits else -1
    out: list[Token] = []
    for i, (kind, text) in enumerate(tokens):
        if kind != "comma":
            out.append((kind, text))
        elif whole and whole[0] < i < last:
            out.append(("grouped", ""))
        elif (last < i < point or i > end) and _adjoins(tokens, i):
            out.append(("scale", ""))
        else:
            out.append(("literal", ","))
    return out


def _adjoins(tokens: list[Token], at: int) -> bool:
    """A comma scales only when it directly follows a digit (or another such comma)."""
    while at > 0 and tokens[at - 1][0] == "comma":
        at -= 1
    return at > 0 and tokens[at - 1][0] == "digit"


def _simple(tokens: list[Token]) -> Simple | None:
    """The section as a Python format, if its digits stand together and none is optional but ``#,##0``."""
    kinds = [kind for kind, _ in tokens]
    places = [i for i, kind in enumerate(kinds) if kind in ("digit", "point", "grouped")]
    first, last = places[0], places[-1] + 1
    middle = "".join("," if kind == "grouped" else text for kind, text in tokens[first:last])
    match = _EVERYDAY.fullmatch(middle)
    if match is None or last - first != len(places) or "scale" in kinds or kinds.count("percent") > 1:
        return None
    before = "".join(_mark(*token) for token in tokens[:first]).lstrip()
    after = "".join(_mark(*token) for token in tokens[last:]).rstrip()
    decimals = len(match[1] or ".") - 1
    spec = ",f" if "," in middle else "f"
    return Simple(before, after, spec, Decimal(1).scaleb(-decimals), "percent" in kinds)


@lru_cache(maxsize=1024)
def everyday(code: str) -> Simple | None:
    """The whole code as one everyday section, or None when it is more than that."""
    found = sections(code)
    return found[0].simple if len(found) == 1 else None


def simply(value: Decimal, simple: Simple, signed: bool = True) -> str:
    """The number in an everyday format; ``signed`` adds the minus sign of a negative one."""
    if signed and not simple.before and not simple.hundredfold:
        return format(value.quantize(simple.step, None, EXACT), simple.spec) + simple.after
    magnitude = abs(value)
    if simple.hundredfold:
        magnitude = magnitude.scaleb(2, EXACT)
    text = simple.before + format(magnitude.quantize(simple.step, None, EXACT), simple.spec) + simple.after
    return "-" + text if signed and value < 0 else text


def _number(magnitude: Decimal, tokens: tuple[Token, ...]) -> str:
    kinds = [kind for kind, _ in tokens]
    shift = 2 * kinds.count("percent") - 3 * kinds.count("scale")
    point = kinds.index("point") if "point" in kinds else len(tokens)
    places = kinds[point:].count("digit")
    scaled = magnitude.scaleb(shift, context=EXACT).quantize(Decimal(1).scaleb(-places), context=EXACT)
    whole, _, fraction = format(scaled, "f").partition(".")
    left = _whole(whole.lstrip("0"), tokens[:point], "grouped" in kinds)
    return left + _fraction(fraction, tokens[point:])


def _whole(digits: str, tokens: tuple[Token, ...], grouped: bool) -> str:
    """Digits laid into the placeholders from the right; the leftmost one takes all that remain."""
    first = next((i for i, (kind, _) in enumerate(tokens) if kind == "digit"), None)
    out: list[str] = []
    taken = 0
    for i in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[i]
        if kind != "digit":
            out.append(_mark(kind, text))
            continue
        while digits or text != "#":
            if grouped and taken and taken % 3 == 0:
                out.append(",")
            out.append(digits[-1] if digits else "0" if text == "0" else " ")
            digits, taken = digits[:-1], taken + 1
            if i != first or not digits:
                break
    if first is None and digits:
        out.append(digits[::-1])
    return "".join(reversed(out))


def _fraction(digits: str, tokens: tuple[Token, ...]) -> str:
    wanted = [text for kind, text in tokens if kind == "digit"]
    keep = len(digits)
    while keep and digits[keep - 1] == "0" and wanted[keep - 1] != "0":
        keep -= 1
    out: list[str] = []
    position = 0
    for kind, text in tokens:
        if kind == "point":
            out.append(".")
        elif kind == "digit":
            if position < keep:
                out.append(digits[position])
            elif text == "?":
                out.append(" ")
            position += 1
        else:
            out.append(_mark(kind, text))
    return "".join(out)


def _scientific(magnitude: Decimal, tokens: tuple[Token, ...]) -> str:
    at = next(i for i, (kind, _) in enumerate(tokens) if kind == "exponent")
    mantissa, rest = tokens[:at], tokens[at + 1 :]
    kinds = [kind for kind, _ in mantissa]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    width = max(1, kinds[:point].count("digit"))
    power = magnitude.adjusted() // width * width if magnitude else 0
    places = kinds[point:].count("digit")
    scaled = magnitude.scaleb(-power, context=EXACT).quantize(Decimal(1).scaleb(-places), context=EXACT)
    if scaled and scaled.adjusted() >= width:  # 9.999 rounded up to 10.00
        power += width
        scaled = magnitude.scaleb(-power, context=EXACT).quantize(Decimal(1).scaleb(-places), context=EXACT)
    digits = sum(kind == "digit" for kind, _ in rest)
    tail = "".join(_mark(kind, text) for kind, text in rest)
    sign = "-" if power < 0 else "+" if tokens[at][1].endswith("+") else ""
    return f"{_number(scaled, mantissa)}E{sign}{abs(power):0{max(1, digits)}d}{tail}"


def _date_tokens(tokens: list[Token]) -> list[Token]:
    """Date tokens in lower case; an ``m`` beside hours or seconds means minutes."""
    out: list[Token] = []
    for kind, text in tokens:
        if kind == "long date":
            return list(_LONG_DATE)
        if kind == "date":
            out.append((text[0].lower(), text.lower()))
        elif kind in ("point", "comma", "percent", "slash"):
            out.append(("literal" if kind != "point" else "point", text))
        elif kind in ("elapsed", "digit", "noon", "literal", "space"):
            out.append((kind, text))
    clock = [i for i, (kind, _) in enumerate(out) if kind in ("y", "m", "d", "h", "s", "elapsed", "a", "e")]
    for order, at in enumerate(clock):
        kind, text = out[clock[order - 1]] if order else ("", "")
        after_hours = kind == "h" or (kind == "elapsed" and text[0] == "h")
        before_seconds = out[clock[order + 1]][0] == "s" if order + 1 < len(clock) else False
        if out[at][0] == "m" and (after_hours or before_seconds):
            out[at] = ("minute", out[at][1])
    return out


def _date(value: Decimal, tokens: tuple[Token, ...], date1904: bool) -> str | None:
    """A serial number as its format shows it; None when no calendar has it."""
    if value < 0 or value >= 2_958_466:
        return None
    kinds = [kind for kind, _ in tokens]
    moment = _moment(value, _precision(tokens), date1904)
    if moment is None or "b" in kinds or "g" in kinds:
        return None
    when, day, seconds = moment
    noon = "noon" in kinds
    fraction = seconds - int(seconds)
    out: list[str] = []
    for i, (kind, text) in enumerate(tokens):
        if kind == "digit":
            before = kinds[i - 1] if i else ""
            if before not in ("point", "digit"):
                return None
            place = sum(1 for k in kinds[:i] if k == "digit")
            out.append(format(fraction, f".{place + 1}f")[-1])
        elif kind == "elapsed":
            out.append(_elapsed(text, value, seconds))
        elif kind == "point":
            out.append(".")
        else:
            out.append(_date_piece(kind, text, when, day, int(seconds), noon))
    return "".join(out).strip()


def _precision(tokens: tuple[Token, ...]) -> int | None:
    """Decimals of a second that are shown; None when seconds are not shown at all."""
    kinds = [kind for kind, _ in tokens]
    if "s" not in kinds and ("elapsed", "s") not in tokens and ("elapsed", "ss") not in tokens:
        return None
    return kinds.count("digit")


def _moment(value: Decimal, precision: int | None, date1904: bool) -> tuple[datetime, int, Decimal] | None:
    """The calendar day, the day's number as shown (1900-02-29 exists in Excel) and seconds into it."""
    days = int(value)
    exact = (value - days) * 86400
    if precision is None:
        seconds = exact.quantize(Decimal("0.001"), context=EXACT).to_integral_value(ROUND_FLOOR)
    else:
        seconds = exact.quantize(Decimal(1).scaleb(-precision), context=EXACT)
    if seconds >= 86400:
        days, seconds = days + 1, seconds - 86400
    try:
        if date1904:
            when = datetime(1904, 1, 1) + timedelta(days=days)
        else:
            when = datetime(1899, 12, 31) + timedelta(days=days - (days > 59))
    except OverflowError:
        return None
    day = when.day
    if not date1904 and days == 60:  # the leap day Excel inherited from Lotus
        day = 29
    elif not date1904 and days == 0:  # a bare time: Excel shows 1900-01-00
        when, day = datetime(1900, 1, 1), 0
    return when, day, seconds


def _elapsed(text: str, value: Decimal, seconds: Decimal) -> str:
    total = int(value) * 86400 + int(seconds)
    amount = total // {"h": 3600, "m": 60, "s": 1}[text[0]]
    return f"{amount:0{len(text)}d}"


def _date_piece(kind: str, text: str, when: datetime, day: int, second: int, noon: bool) -> str:
    width = len(text)
    hour = second // 3600
    if kind == "y" or kind == "e":
        return f"{when.year % 100:02d}" if kind == "y" and width <= 2 else f"{when.year:04d}"
    if kind == "m":
        name = _MONTHS[when.month - 1]
        if width <= 2:
            return f"{when.month:0{width}d}"
        return name[:3] if width == 3 else name[0] if width == 5 else name
    if kind == "d":
        name = _WEEKDAYS[when.weekday()]
        return f"{day:0{width}d}" if width <= 2 else name[:3] if width == 3 else name
    if kind == "a":
        name = _ZH_WEEKDAYS[when.weekday()]
        return name if width == 3 else "星期" + name
    if kind == "h":
        return f"{(hour % 12 or 12) if noon else hour:0{min(width, 2)}d}"
    if kind == "minute":
        return f"{second // 60 % 60:0{min(width, 2)}d}"
    if kind == "s":
        return f"{second % 60:0{min(width, 2)}d}"
    if kind == "noon":
        morning, evening = text.split("/")
        return morning if hour < 12 else evening
    return text
