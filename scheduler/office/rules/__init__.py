"""Decisions of the training office, pure: reading a workbook, checking it, drawing the year."""
