"""Reading quizzes."""
