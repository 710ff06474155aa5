"""The training and mentorship scheduler: see docs/structure.md for the rooms of this house."""
