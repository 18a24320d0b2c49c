"""Some files of a batch as a worker hands them over: what the batch needs to decide who counts, and the
rest, packed, that is unpacked again once it has decided."""

from __future__ import annotations

import pickle
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, overload

from xltools.deflate import FASTEST, engine
from xltools.merging.facts import Digest, FileLine, FindingFacts, FormFacts, FundFacts, IndicatorFacts
from xltools.merging.tally import Tally, tally
from xltools.model import Identity, Severity
from xltools.spool import Spool, Spooled

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Packed(Protocol[T_co]):
    """A value, wherever it is."""

    def opened(self) -> T_co: ...

    def sealed(self) -> Packed[T_co]:
        """In a shape that can be sent to another process."""


class Loose(NamedTuple, Generic[T]):
    """As it is."""

    value: T

    def opened(self) -> T:
        return self.value

    def sealed(self) -> Packed[T]:
        return self


class Sealed(NamedTuple, Generic[T]):
    """As bytes: a fifth of the size."""

    data: bytes

    def opened(self) -> T:
        value: T = pickle.loads(engine.decompress(self.data))
        return value

    def sealed(self) -> Packed[T]:
        return self


class Waiting(NamedTuple, Generic[T]):
    """On the disk."""

    spool: Spool
    kept: Spooled

    def opened(self) -> T:
        return self.sealed().opened()

    def sealed(self) -> Packed[T]:
        return Sealed(self.spool.get(self.kept))


def _seal(value: T) -> Packed[T]:
    return Sealed(engine.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), FASTEST))


def _loose(value: T) -> Packed[T]:
    return Loose(value)


def _put_aside(packed: Packed[T], spool: Spool) -> Packed[T]:
    return Waiting(spool, spool.put(packed.data)) if isinstance(packed, Sealed) else packed


@lru_cache(maxsize=1024)
def _once(value: T) -> T:
    """The first of equal values."""
    return value


class Bundle(NamedTuple):
    """Some files, one after the other.

    sizes, identities: of their forms, in order; a size is (fund lines, indicators).
    counts: the findings in the forms by severity.  odd: the files that were not read.
    keys: of the indicators, see `IndicatorFacts`.  tally: the forms added up, as if all of them counted.
    """

    files: int
    sizes: tuple[tuple[int, int], ...]
    counts: dict[Severity, int]
    odd: tuple[FileLine, ...]
    keys: tuple[str, ...]
    identities: Packed[tuple[Identity, ...]]
    tally: Packed[Tally]
    digests: Packed[Sequence[Digest]]

    @property
    def forms(self) -> int:
        return len(self.sizes)

    def put_aside(self, spool: Spool) -> Bundle:
        """What was sealed goes to the disk; of what stays equal texts are held once."""
        return self._replace(
            sizes=tuple(map(_once, self.sizes)),
            keys=tuple(map(sys.intern, self.keys)),
            identities=_put_aside(self.identities, spool),
            tally=_put_aside(self.tally, spool),
            digests=_put_aside(self.digests, spool),
        )


class Everyone(Sequence[Identity]):
    """The forms of a batch, in order, taken from the bundles as they are asked for: a hundred thousand
    of them would fill as much memory as everything else.  To be gone through, not to be picked from here
    and there, which opens a bundle each time."""

    def __init__(self, bundles: Iterable[Bundle]) -> None:
        self._bundles = tuple(bundles)
        self._ends = list(accumulate(each.forms for each in self._bundles))
        self._open: tuple[int, tuple[Identity, ...]] = (-1, ())

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Identity]:
        for each in self._bundles:
            yield from each.identities.opened()

    @overload
    def __getitem__(self, at: int) -> Identity: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Identity, ...]: ...

    def __getitem__(self, at: int | slice) -> Identity | tuple[Identity, ...]:
        if isinstance(at, slice):
            return tuple(self[each] for each in range(*at.indices(len(self))))
        place = range(len(self))[at]
        number = bisect_right(self._ends, place)
        if self._open[0] != number:
            self._open = number, self._bundles[number].identities.opened()
        return self._open[1][place - self._ends[number]]


def bundle(
    digests: Sequence[Digest], identities: Sequence[Identity] | None = None, *, sealed: bool = False
) -> Bundle:
    """identities: of the forms in order; without them what the digests know.
    sealed: pack what is not needed at once, for a batch that is to be larger than memory."""
    forms = [form for each in digests for form in each.forms]
    added = tally(map(FormFacts._make, forms))
    lines = [FileLine._make(each.file) for each in digests]
    pack = _seal if sealed else _loose
    return Bundle(
        files=len(digests),
        sizes=tuple((len(form[_FUNDS]), len(form[_INDICATORS])) for form in forms),
        counts=dict(Counter(finding[0] for form in forms for finding in form[_FINDINGS])),
        odd=tuple(line for line in lines if line.status != "read"),
        keys=tuple(added.rows),
        identities=pack(tuple(_known(digests) if identities is None else identities)),
        tally=pack(added),
        digests=pack(list(digests)),
    )


_FUNDS, _INDICATORS, _FINDINGS = map(FormFacts._fields.index, ("funds", "indicators", "findings"))


def _known(digests: Iterable[Digest]) -> Iterator[Identity]:
    for each in digests:
        for form in map(FormFacts._make, each.forms):
            yield Identity(
                each.file[0], form.sheet, form.project, form.unit, form.department, form.year, "万元"
            )


def forms_in(digest: Digest) -> list[FormFacts]:
    """The forms of a file, every field by its name."""
    return [_named(form) for form in digest.forms]


def _named(form: tuple[Any, ...]) -> FormFacts:
    *plain, funds, indicators, findings, kept = form
    lists = map(_rows, (FundFacts, IndicatorFacts, FindingFacts), (funds, indicators, findings))
    return FormFacts._make((*plain, *lists, kept))


def _rows(kind: Any, rows: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    """As ``kind._make`` for each, which goes through a function of Python for every row."""
    return tuple(map(partial(tuple.__new__, kind), rows))
