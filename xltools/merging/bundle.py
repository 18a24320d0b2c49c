"""Some files of a batch as a worker hands them over: what the batch needs to decide who counts, and the
rest, packed, that is unpacked again once it has decided."""

from __future__ import annotations

import pickle
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

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


def _put_aside(packed: Packed[T], spool: Spool) -> Packed[T]:
    return Waiting(spool, spool.put(packed.data)) if isinstance(packed, Sealed) else packed


@lru_cache(maxsize=1024)
def _once(value: T) -> T:
    """The first of equal values."""
    return value


class Bundle(NamedTuple):
    """Some files, one after the other.

    identities, sizes: of their forms, in order; a size is (fund lines, indicators).
    counts: the findings in the forms by severity.  odd: the files that were not read.
    keys: of the indicators, see `IndicatorFacts`.  tally: the forms added up, as if all of them counted.
    """

    files: int
    identities: tuple[Identity, ...]
    sizes: tuple[tuple[int, int], ...]
    counts: dict[Severity, int]
    odd: tuple[FileLine, ...]
    keys: tuple[str, ...]
    tally: Packed[Tally]
    digests: Packed[Sequence[Digest]]

    def put_aside(self, spool: Spool, paths: Iterable[str]) -> Bundle:
        """What was sealed goes to the disk; of what stays equal texts are held once.

        paths: the files as the caller holds them.
        """
        held = {path: path for path in paths}
        return self._replace(
            identities=tuple(
                form._replace(
                    source=held.get(form.source, form.source),
                    sheet=sys.intern(form.sheet),
                    project=sys.intern(form.project),
                    department=sys.intern(form.department),
                    year=_once(form.year),
                )
                for form in self.identities
            ),
            sizes=tuple(map(_once, self.sizes)),
            keys=tuple(map(sys.intern, self.keys)),
            tally=_put_aside(self.tally, spool),
            digests=_put_aside(self.digests, spool),
        )


def bundle(
    digests: Sequence[Digest], identities: Sequence[Identity] | None = None, *, sealed: bool = False
) -> Bundle:
    """identities: of the forms in order; without them what the digests know.
    sealed: pack what is not needed at once, for a batch that is to be larger than memory."""
    forms = [form for each in digests for form in each.forms]
    added = tally(map(FormFacts._make, forms))
    lines = [FileLine._make(each.file) for each in digests]
    return Bundle(
        files=len(digests),
        identities=tuple(_known(digests) if identities is None else identities),
        sizes=tuple((len(form[_FUNDS]), len(form[_INDICATORS])) for form in forms),
        counts=dict(Counter(finding[0] for form in forms for finding in form[_FINDINGS])),
        odd=tuple(line for line in lines if line.status != "read"),
        keys=tuple(added.rows),
        tally=_seal(added) if sealed else Loose(added),
        digests=_seal(list(digests)) if sealed else Loose(digests),
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
