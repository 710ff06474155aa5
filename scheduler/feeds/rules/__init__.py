"""How facts become calendar text, as pure functions."""
