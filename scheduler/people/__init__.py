"""Units as a tree, persons, accounts, roles and lecturers."""
