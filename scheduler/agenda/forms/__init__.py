"""What pages of the agenda ask for."""
