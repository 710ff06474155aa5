"""Reading people, units, accounts and who is signed in."""

from scheduler.people.queries.signed_in import actor_for, digest, find_signed_in
from scheduler.people.queries.visible import people_visible_to, units_visible_to

__all__ = ["actor_for", "digest", "find_signed_in", "people_visible_to", "units_visible_to"]
