"""Quizzes: the item bank, papers, sittings, attempts that lose no answer, pass rates of units and retraining."""
