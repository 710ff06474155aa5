"""Pages of what is owed."""

from scheduler.obligations.views import boards, settling, waivers
from scheduler.obligations.views.blueprint import blueprint

__all__ = ["blueprint", "boards", "settling", "waivers"]
