"""How much of a stranger's file we are willing to read, and why.

A self-evaluation form is a few dozen rows and well under a megabyte.  The limits are three
orders of magnitude above that: generous to odd but honest files, and low enough that no file
can take the machine down with it.
"""

from __future__ import annotations

MAX_FILE = 256 << 20
"""Bytes of the file itself.  Scanned attachments pasted into a sheet reach 100 MB; more is no form."""

MAX_BIFF = 32 << 20
"""Bytes of an .xls: its reader holds the whole of it several times over in memory."""

MAX_STRINGS = 500_000
"""Shared strings of a workbook: more than there may be cells."""

MAX_STYLES = 66_000
"""Cell styles that are looked at; Excel itself stops at 64,000.  What is beyond shows as General."""

MAX_PART = 64 << 20
"""Inflated bytes of one package part.  A sheet of a million filled cells is about 50 MB."""

MAX_INFLATED = 256 << 20
"""Inflated bytes of all the parts that are read.  Pictures are never read and do not count."""

MAX_TREE = 8 << 20
"""Bytes of a document that is parsed as a whole (Word, web pages, XML of 2003): the tree takes ten
times as much."""

MAX_RATIO = 200
"""Declared inflated size over stored size.  Real sheet XML stays under 60; a bomb is above 1,000."""

RATIO_FREE = 1 << 20
"""Inflated bytes below which the ratio does not matter: a small part is harmless."""

MAX_ENTRIES = 5_000
"""Parts in a package.  A workbook of 250 sheets with drawings has about 1,500."""

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
"""Excel's own grid.  A cell outside it makes Excel refuse the file, and array readers allocate for it."""

MAX_CELLS = 200_000
"""Filled cells in all sheets, a thousand times a form.  They take some three seconds and 150 MB."""

MAX_SHIFTED = 2 << 20
"""Characters of the formulas that other cells of a workbook borrow, each counted as often as it is
borrowed: ten for each of the cells there may be.  They take some two seconds."""

MAX_MERGES = 10_000
"""Merged ranges of one sheet.  They are kept as ranges and never expanded to cells."""

MAX_SPIN = 1_000_000
"""Key-derivation rounds we try on an encrypted file.  Excel uses 100,000 (a tenth of a second)."""

MAX_DIRECTORY = 16 << 20
"""Bytes of the list of members of a zip archive of returns: some 100,000 files."""
