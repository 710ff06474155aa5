"""Pages of the agenda: an activity, venues, the work calendar."""

from scheduler.agenda.views import activities, changes, lecturers, venues, workdays
from scheduler.agenda.views.blueprint import blueprint

__all__ = ["activities", "blueprint", "changes", "lecturers", "venues", "workdays"]
