"""Everything that has a time: activities, venues, audiences, attendance, clashes, the work calendar."""
