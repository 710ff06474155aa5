"""What decides about quizzes, without a database or a clock."""
