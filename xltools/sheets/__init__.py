"""Workbooks in: a file of any spreadsheet format becomes a :class:`Workbook` of grids."""

from xltools.sheets.grid import Cell, Grid, Merge, Unreadable, Workbook
from xltools.sheets.opening import open_bytes, open_workbook

__all__ = ["Cell", "Grid", "Merge", "Unreadable", "Workbook", "open_bytes", "open_workbook"]
