"""Reading quizzes. Nothing here changes anything, and no statement runs once for each row."""
