"""What a signed-in person sees first: the own week and schedule."""
