"""Pairings of mentors and mentees (导师帮带)."""
