"""Many forms into one consolidation: what a worker hands over, and how the batch is added up.

`digest` runs where a file was examined; `consolidate` puts the digests together and does the
arithmetic.  All sums are made of the decimals a person typed.
"""

from xltools.merging.bundle import Bundle, Everyone, Packed, bundle
from xltools.merging.consolidation import (
    Consolidation,
    Decided,
    Lines,
    consolidate,
    consolidate_bundles,
    finding_line,
    forms_of,
    lines,
    passed_over,
    without,
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
from xltools.merging.figures import Figures, Mean, Worst, figures_of
from xltools.merging.pooling import FindingLine, FundTotal, MergedForm, Pool, PooledRow, pooled
from xltools.merging.tally import Tally, joined, tally, weight_of

__all__ = [
    "UNDETERMINED",
    "Bundle",
    "Consolidation",
    "Decided",
    "Digest",
    "Everyone",
    "Figures",
    "FileLine",
    "FindingFacts",
    "FindingLine",
    "FormFacts",
    "FundFacts",
    "FundTotal",
    "IndicatorFacts",
    "Lines",
    "Mean",
    "MergedForm",
    "Method",
    "Packed",
    "Pool",
    "PooledRow",
    "Tally",
    "Value",
    "Way",
    "Words",
    "Worst",
    "bundle",
    "consolidate",
    "consolidate_bundles",
    "default_words",
    "digest",
    "exact",
    "figures_of",
    "finding_line",
    "forms_of",
    "joined",
    "lines",
    "numeric",
    "passed_over",
    "pooled",
    "tally",
    "weight_of",
    "without",
]
