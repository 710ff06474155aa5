"""Lecture series of the evening school (干部夜校)."""
