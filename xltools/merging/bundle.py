"""Some files of a batch as a worker hands them over: what the batch needs to decide who counts, and the
digests, packed, that are unpacked again once it has decided."""

from __future__ import annotations

import pickle
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from xltools.merging.facts import Digest, FileLine, FindingFacts, FormFacts, FundFacts, IndicatorFacts
from xltools.merging.tally import Tally, tally
from xltools.model import Identity, Severity
from xltools.spool import Spool, Spooled

_FAST = 1  # deflate level: the bytes are read once more and thrown away


class Packed(Protocol):
    """The digests of a bundle, wherever they are."""

    def digests(self) -> Sequence[Digest]: ...

    def sealed(self) -> Packed:
        """In a shape that can be sent to another process."""


class Loose(NamedTuple):
    """As they are."""

    held: tuple[Digest, ...]

    def digests(self) -> Sequence[Digest]:
        return self.held

    def sealed(self) -> Packed:
        return self


class Sealed(NamedTuple):
    """As bytes: a fifth of their size."""

    data: bytes

    @classmethod
    def of(cls, digests: Iterable[Digest]) -> Sealed:
        plain = [tuple(each) for each in digests]
        return cls(zlib.compress(pickle.dumps(plain, pickle.HIGHEST_PROTOCOL), _FAST))

    def digests(self) -> Sequence[Digest]:
        return [Digest._make(each) for each in pickle.loads(zlib.decompress(self.data))]

    def sealed(self) -> Packed:
        return self


class Waiting(NamedTuple):
    """On the disk."""

    spool: Spool
    kept: Spooled

    def sealed(self) -> Packed:
        return Sealed(self.spool.get(self.kept))

    def digests(self) -> Sequence[Digest]:
        return self.sealed().digests()


def waiting(packed: Packed, spool: Spool) -> Packed:
    """Bytes put onto the disk; what is held as it is stays."""
    return Waiting(spool, spool.put(packed.data)) if isinstance(packed, Sealed) else packed


class Bundle(NamedTuple):
    """Some files, one after the other.

    identities, sizes: of their forms, in order; a size is (fund lines, indicators).
    counts: the findings in the forms by severity.
    odd: the files that were not read.  tally: the forms added up, as if all of them counted.
    """

    files: int
    identities: tuple[Identity, ...]
    sizes: tuple[tuple[int, int], ...]
    counts: dict[Severity, int]
    odd: tuple[FileLine, ...]
    tally: Tally
    packed: Packed


def bundle(
    digests: Sequence[Digest], identities: Sequence[Identity] | None = None, *, sealed: bool = False
) -> Bundle:
    """identities: of the forms in order; without them what the digests know.
    sealed: pack the digests to bytes, for a batch that is to be larger than memory."""
    forms = [form for each in digests for form in forms_in(each)]
    lines = [FileLine._make(each.file) for each in digests]
    return Bundle(
        files=len(digests),
        identities=tuple(_known(digests) if identities is None else identities),
        sizes=tuple((len(facts.funds), len(facts.indicators)) for facts in forms),
        counts=dict(Counter(finding.severity for facts in forms for finding in facts.findings)),
        odd=tuple(line for line in lines if line.status != "read"),
        tally=tally(forms),
        packed=Sealed.of(digests) if sealed else Loose(tuple(digests)),
    )


def _known(digests: Iterable[Digest]) -> Iterator[Identity]:
    for each in digests:
        for facts in forms_in(each):
            yield Identity(
                each.file[0], facts.sheet, facts.project, facts.unit, facts.department, facts.year, "万元"
            )


def forms_in(digest: Digest) -> list[FormFacts]:
    return [_named(form) for form in digest.forms]


def _named(form: tuple[Any, ...]) -> FormFacts:
    *plain, funds, indicators, findings, kept = form
    return FormFacts(
        *plain,
        tuple(map(FundFacts._make, funds)),
        tuple(map(IndicatorFacts._make, indicators)),
        tuple(map(FindingFacts._make, findings)),
        kept,
    )
