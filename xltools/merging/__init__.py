"""Many forms into one consolidation: what a worker hands over, and how the batch is added up.

`digest` runs where a file was examined; `consolidate` puts the digests together and does the
arithmetic.  All sums are made of the decimals a person typed.
"""

from xltools.merging.consolidation import (
    Consolidation,
    consolidate,
    finding_line,
    forms_of,
    passed_over,
)
from xltools.merging.digest import Words, default_words, digest
from xltools.merging.facts import (
    UNDETERMINED,
    Digest,
    FileLine,
    FindingFacts,
    FormFacts,
    FundFacts,
    IndicatorFacts,
    Method,
    Value,
    Way,
    exact,
    numeric,
)
from xltools.merging.pooling import FindingLine, FundTotal, MergedForm, Pool, PooledRow, pooled
from xltools.merging.tally import Tally, joined, tally, weight_of

__all__ = [
    "UNDETERMINED",
    "Consolidation",
    "Digest",
    "FileLine",
    "FindingFacts",
    "FindingLine",
    "FormFacts",
    "FundFacts",
    "FundTotal",
    "IndicatorFacts",
    "MergedForm",
    "Method",
    "Pool",
    "PooledRow",
    "Tally",
    "Value",
    "Way",
    "Words",
    "consolidate",
    "default_words",
    "digest",
    "exact",
    "finding_line",
    "forms_of",
    "joined",
    "numeric",
    "passed_over",
    "pooled",
    "tally",
    "weight_of",
]
