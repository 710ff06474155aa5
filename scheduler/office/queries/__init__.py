"""Reading for the training office."""
