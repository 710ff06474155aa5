"""Decisions of quizzes, pure."""
