"""What is done with quizzes. Each refuses, changes, audits; none commits or reads the clock."""
