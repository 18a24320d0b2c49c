"""Grid + places → SelfEvaluation: every cell read once, with its place and what had to be
normalised to understand it.  A value that is not understood stays text; nothing becomes 0.

What follows from the places alone is planned once for all forms of a template (`forms`); what then
depends on the cells is read band by band (`head`, `funds`, `indicators`, `totals`), each cell by one of
the functions of `cells`.
"""

from xltools.reading.files import Taken, crashed, read_file, read_grids, read_taken, take
from xltools.reading.forms import read_form

__all__ = ["Taken", "crashed", "read_file", "read_form", "read_grids", "read_taken", "take"]
