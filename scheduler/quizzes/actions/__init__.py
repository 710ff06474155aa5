"""The verbs of quizzes."""
