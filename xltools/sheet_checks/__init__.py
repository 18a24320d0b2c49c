"""The template's own checks: what `validate` says of a form, said by the sheet while it is typed.

A rule is judged in three steps, each plain Excel: a slot a row takes the cells apart
(`indicator_rows`, `fund_rows`), a flag a rule marks the slots at fault, and a line a rule on 校验
counts the flags (`verdicts`).  Slots find their row by position between two label rows, so a row
that is inserted is checked like any other.  Thresholds come from the profile, score formulas from
`scoring`, words from `messages`; tests hold every verdict equal to `rulebook.check`.
"""

from xltools.sheet_checks.attach import attach

__all__ = ["attach"]
