"""What is done with pairings and guidance records. Each refuses, changes, audits; none commits or reads the clock."""

from scheduler.mentoring.actions.imports import PairingFacts, import_pairings, revise_pairings
from scheduler.mentoring.actions.programmes import ensure_programmes

__all__ = ["PairingFacts", "ensure_programmes", "import_pairings", "revise_pairings"]
