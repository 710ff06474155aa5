"""What is owed in each period, how it stands, and who is reminded of it."""
