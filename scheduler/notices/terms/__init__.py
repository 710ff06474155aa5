"""The vocabulary of notices: what they are about, how they travel, whom they reach."""
