"""The rows of the two tables: funds, indicators, the total, and rows that slipped out of place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

from xltools.locate.headers import AMOUNTS
from xltools.locate.page import NO_ROLES, Header, Line, Merges, Picture, Sign, Span
from xltools.locate.places import FundRowPlace, Position
from xltools.locate.signs import FEWEST_ORDINALS
from xltools.remembering import OneOfEqual, remembered

_ENDS_FUNDS = ("goals", "indicators", "fund_management")
_MOST_VERDICTS = 2048
_MOST_BANDS = 256
_LEVELS = ("level1", "level2", "level3")
_VALUED = ("target", "actual", "weight", "score")
_FIGURES = ("target", "actual", "weight")
_FEWEST_VALUES = 2
"""Values beside a name that make an indicator of it, whatever else the name could be."""


Typed = list[tuple[Span, Callable[[Sign], bool]]]
"""Columns that hold one of a few words, and how to tell."""


# --- funds ------------------------------------------------------------------------------------


def fund_rows(page: Picture, header: Header, bottom: int) -> tuple[FundRowPlace, ...]:
    """The rows below the fund header, up to the next band."""
    first_amount = min(header.columns[name].left for name in AMOUNTS if name in header.columns)
    found: list[FundRowPlace] = []
    for row in page.between(header.bottom + 1, bottom):
        labels = page.labels(row)
        if any(what.goal_column or what.head or what.band in _ENDS_FUNDS for _, what in labels):
            break
        if _is_numbering(page, row, header) or _holds_labels(page, row, header):
            continue
        known = next(((c, w.fund_row) for c, w in labels if w.fund_row and c < first_amount), None)
        if known:
            found.append(FundRowPlace(row, *known))
        elif label := _unknown_fund_label(page, row, first_amount, header):
            found.append(FundRowPlace(row, *label))
    return tuple(found)


def _amounts(page: Picture, row: int, header: Header) -> list[Sign]:
    spans = (span for name, span in header.columns.items() if name in AMOUNTS)
    found = (page.sign(row, column) for span in spans for column in range(span.left, span.right + 1))
    return [sign for sign in found if sign is not None]


def _holds_labels(page: Picture, row: int, header: Header) -> bool:
    """A label stands where an amount belongs: the row is laid out otherwise than the header says."""
    return any(
        sign.kind == "text" and (sign.asks or sign.roles.fund_row) for sign in _amounts(page, row, header)
    )


def _unknown_fund_label(
    page: Picture, row: int, first_amount: int, header: Header
) -> tuple[int, str | None] | None:
    """The label column of a source this tool has no word for, if the row holds an amount; and its
    kind, if a part of the label tells it."""
    if not any(_is_amount(sign) for sign in _amounts(page, row, header)):
        return None
    labels = [
        (column, sign.fund_kind)
        for column, sign in page.texts(row)
        if column < first_amount
        and not (sign.roles.band or sign.blank or (sign.number and not sign.fund_kind))
    ]
    return labels[-1] if labels else None


def _is_amount(sign: Sign) -> bool:
    return sign.kind in ("number", "uncached", "error") or sign.number


# --- one row under a header --------------------------------------------------------------------


class Verdict(NamedTuple):
    """What one row is under an indicator header, whatever stands in other rows.  Equal verdicts are
    one object: most rows of a band differ in nothing but their numbers.

    ends: a conclusion, a signature or a remark begins here.
    indicator: holds anything in the columns of the band, and is no subtotal or the like.
    lone: holds one cell in them, which is no label.
    total: is the row of 总分 or 合计.
    valued: holds a name and values beside it, as every row of indicators that is filled in does.
    fit: how well the typed cells match their headers.
    texts: how many there are to match.
    better: the shift under which they match better; 0 if there is none.
    """

    row: int
    ends: bool
    indicator: bool
    lone: bool
    total: bool
    valued: bool
    fit: int
    texts: int
    better: int


_one_verdict = OneOfEqual[Verdict](_MOST_VERDICTS)


def _verdict(header: Header, line: Line, merges: Merges) -> Verdict:
    """What one row, seen alone, is under a header."""
    page, row = Picture(merges, line), line.number
    left = min(span.left for span in header.columns.values()) - 1
    right = max(span.right for span in header.columns.values())
    inside = [column for column in page.rows.get(row, ()) if left <= column <= right]
    typed = _typed(header)
    fit, texts = _fit(page, row, typed, 0)
    found = Verdict(
        row,
        ends=_ends_band(page, row, header),
        indicator=bool(inside) and not _is_no_indicator(page, row, inside, header),
        lone=len(inside) == 1 and page.roles_at(row, inside[0]) is NO_ROLES,
        total=_is_total(page, row, header),
        valued=_is_valued(page, row, header),
        fit=fit,
        texts=texts,
        better=_better(page, row, header, typed, fit) if fit < texts else 0,
    )
    return _one_verdict(found, found)


_known_verdict = remembered(_MOST_VERDICTS)(_verdict)


def _ends_band(page: Picture, row: int, header: Header) -> bool:
    """A conclusion, a signature or a remark begins here."""
    edge = header.columns["level3"].left
    for column, sign in page.texts(row):
        if column > edge:
            return False
        if sign.roles.band == "other" or sign.roles.head or sign.inline or sign.remark:
            return not (column == edge and _is_name(page, row, header, sign))
    return False


def _is_name(page: Picture, row: int, header: Header, sign: Sign) -> bool:
    """A label in the column of names, with values beside it and no other label, names an indicator."""
    name = header.columns["level3"]
    if sign.asks or sign.inline or page.right_of(row, name.left) > name.right:
        return False
    beside = [other for column, other in page.texts(row) if column > name.right]
    if any(other.asks or other.inline or other.roles.head or other.remark for other in beside):
        return False
    return _is_valued(page, row, header)


def _is_valued(page: Picture, row: int, header: Header) -> bool:
    values = sum(_is_filled(page, row, header, name) for name in _VALUED)
    return values >= _FEWEST_VALUES and _is_filled(page, row, header, "level3")


def _is_filled(page: Picture, row: int, header: Header, name: str) -> bool:
    span = header.columns.get(name)
    sign = page.sign(row, span.left) if span else None
    return sign is not None and not sign.blank


def _is_no_indicator(page: Picture, row: int, inside: list[int], header: Header) -> bool:
    """A subtotal, the numbers of the columns, or one text laid across the table."""
    if _is_numbering(page, row, header):
        return True
    edge = header.columns["level3"].right
    if any(what.subtotal and column <= edge for column, what in page.labels(row)):
        return True
    across = header.columns.get("target") or header.columns.get("actual")
    only = len(inside) == 1 and across is not None and inside[0] < across.left
    return only and across is not None and page.right_of(row, inside[0]) >= across.left


def _is_numbering(page: Picture, row: int, header: Header) -> bool:
    """``栏次 1 2 3 …``: the columns numbered, or lettered, one by one."""
    ordinals, columns = page.ordinals(row), header.columns.values()
    if not ordinals:
        return False
    filled = sorted(span.left for span in columns if page.sign(row, span.left) is not None)
    if len(filled) < max(FEWEST_ORDINALS, len(columns) - 2) or not ordinals.keys() >= set(filled):
        return False
    return all(ordinals[after] - ordinals[before] == 1 for before, after in pairwise(filled))


def _is_total(page: Picture, row: int, header: Header) -> bool:
    edge = _total_edge(header)
    return any(
        what.total and column <= edge and not _is_indicator_name(page, row, header, column)
        for column, what in page.labels(row)
    )


def _total_edge(header: Header) -> int:
    """The last column in which the label of the total may stand: before the sums themselves."""
    sums = [header.columns[name].left for name in ("weight", "score") if name in header.columns]
    return max([header.columns["level3"].right, *(min(sums) - 1 for _ in sums[:1])])


def _is_indicator_name(page: Picture, row: int, header: Header, label_column: int) -> bool:
    """A 总分/合计 that is itself the name of an indicator: other level cells stand beside it."""
    levels = [header.columns[name].left for name in _LEVELS if name in header.columns]
    beside = [page.sign(row, column) for column in levels if column != label_column]
    return any(sign is not None and not sign.roles.total for sign in beside)


# --- rows that slipped ------------------------------------------------------------------------


def _better(page: Picture, row: int, header: Header, typed: Typed, here: int) -> int:
    """The shift under which the row fits its headers better than where it stands; 0 if none does."""
    fits = {s: _fit(page, row, typed, s)[0] for s in (-1, 1) if _plausible(page, row, header, s)}
    best = max(fits, key=lambda s: fits[s], default=0)
    return best if fits.get(best, 0) > max(here, 0) else 0


def _leaves_the_score_behind(page: Picture, row: int, header: Header, shift: int) -> bool:
    """Read so, the last column of figures lies behind the score, where only words belong."""
    score = header.columns.get("score")
    if shift > 0 or score is None:
        return False
    follows = any(
        name in header.columns and header.columns[name].left == score.right + 1 for name in _FIGURES
    )
    sign = page.sign(row, score.left)
    return not follows and sign is not None and (sign.kind == "number" or sign.number)


def _plausible(page: Picture, row: int, header: Header, shift: int) -> bool:
    """Read so, weight and score hold no words; and a row that moved right left its first column free."""
    for name in ("weight", "score"):
        span = header.columns.get(name)
        sign = page.sign(row, span.left + shift) if span else None
        if sign is not None and sign.kind == "text" and not sign.mark:
            return False
    if _leaves_the_score_behind(page, row, header, shift):
        return False
    first = min(span.left for span in header.columns.values())
    return shift < 0 or page.sign(row, first) is None or bool(page.roles_at(row, first).band)


def _typed(header: Header) -> Typed:
    return [(header.columns[name], belongs) for name, belongs in _TYPED.items() if name in header.columns]


def _fit(page: Picture, row: int, typed: Typed, shift: int) -> tuple[int, int]:
    """How well a row's typed cells match their headers when read ``shift`` columns over, and how
    many texts there are to match."""
    fit = texts = 0
    for span, belongs in typed:
        sign = page.sign(row, span.left + shift)
        if sign is not None and sign.kind == "text":
            texts += 1
            fit += 1 if belongs(sign) else -1
    return fit, texts


_TYPED: dict[str, Callable[[Sign], bool]] = {
    "level1": lambda sign: sign.roles.level1 is not None,
    "level2": lambda sign: sign.roles.level2,
    "nature": lambda sign: sign.nature,
    "direction": lambda sign: sign.nature,
}


# --- the rows of the indicator band -----------------------------------------------------------


class BandPlaces(NamedTuple):
    """What stands below the indicator headers; see `FormPlaces`."""

    bottom: int
    indicator_rows: tuple[int, ...]
    total_row: int | None
    shifts: Mapping[int, int]
    anchors: Mapping[Position, int]


Judge = Callable[[Header, int], Verdict]
"""Tells what a row is under a header."""


def band(page: Picture, headers: tuple[Header, ...], bottom: int) -> BandPlaces:
    """The rows of indicators below one header and its repetitions, and the total."""
    first, merges, lines = headers[0], page.merges, page.lines
    rows = page.between(first.bottom + 1, bottom)
    if len(headers) == 1 and page.may_come_again:
        verdicts = [_known_verdict(first, lines[row], merges) for row in rows]
        return _known_band(headers, bottom, merges, *verdicts)
    judge = _known_verdict if page.may_come_again else _verdict
    return _band(headers, bottom, rows, merges, lambda header, row: judge(header, lines[row], merges))


@remembered(_MOST_BANDS)
def _known_band(headers: tuple[Header, ...], bottom: int, merges: Merges, *verdicts: Verdict) -> BandPlaces:
    """The band below one header.  Forms that differ in what is filled in still have the same verdicts."""
    judged = {each.row: each for each in verdicts}
    return _band(headers, bottom, list(judged), merges, lambda _, row: judged[row])


def _band(
    headers: tuple[Header, ...], bottom: int, rows: list[int], merges: Merges, judge: Judge
) -> BandPlaces:
    last = headers[-1]
    total = _total_row([row for row in rows if row > last.bottom], last, judge)
    found = _indicator_rows(headers, rows, total, judge)
    shifts = _slips(headers, found, judge)
    return BandPlaces(bottom, found, total, shifts, _level_anchors(headers, found, merges, shifts))


def _total_row(rows: list[int], header: Header, judge: Judge) -> int | None:
    """The first sum below which no indicators follow that have a sum of their own: 合计 below each level
    is none of the whole."""
    found, between = None, False
    for row in rows:
        what = judge(header, row)
        if what.total:
            if found is None or between:
                found, between = row, False
        elif found is not None:
            if what.ends:
                break
            between = between or (what.indicator and what.valued)
    return found


def _indicator_rows(
    headers: tuple[Header, ...], rows: list[int], total: int | None, judge: Judge
) -> tuple[int, ...]:
    """Rows that hold anything in the columns of the band.

    Where a total row follows, whatever stands before it belongs to the band; without one, a lonely cell
    below a gap does not.
    """
    found: list[int] = []
    header_rows = {row for header in headers for row in range(header.row, header.bottom + 1)}
    for row in rows:
        if row == total:
            break
        if row in header_rows:
            continue
        what = judge(headers[0], row)
        if what.total and total is not None and row > headers[-1].bottom:
            continue
        if what.ends:
            break
        stray = total is None and what.lone and found and row > found[-1] + 1
        if what.indicator and not stray:
            found.append(row)
    return tuple(found)


def _slips(headers: tuple[Header, ...], rows: tuple[int, ...], judge: Judge) -> dict[int, int]:
    """Rows whose cells stand one column beside their headers, as a page break leaves them."""
    found: dict[int, int] = {}
    shift = at = 0
    for row in rows:
        if at + 1 < len(headers) and headers[at + 1].bottom < row:
            at, shift = at + 1, 0
        what = judge(headers[at], row)
        going_on = shift if what.fit < 0 else 0
        shift = (what.better or going_on) if what.fit < what.texts else 0
        if shift:
            found[row] = shift
    return found


def _level_anchors(
    headers: tuple[Header, ...], rows: tuple[int, ...], merges: Merges, shifts: Mapping[int, int]
) -> dict[Position, int]:
    """The level cells that lie under vertical merges, with the first rows of these."""
    columns = {h.columns[name].left for h in headers for name in ("level1", "level2") if name in h.columns}
    found: dict[Position, int] = {}
    for row in rows:
        for column in columns:
            at = row, max(1, column + shifts.get(row, 0))
            anchor = merges.anchors.get(at, row)
            if anchor != row:
                found[at] = anchor
    return found
