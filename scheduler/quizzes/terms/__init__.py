"""The vocabulary of quizzes."""
