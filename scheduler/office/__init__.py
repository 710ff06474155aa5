"""The training office: the year, imports, exports."""
