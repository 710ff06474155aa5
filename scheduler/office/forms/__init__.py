"""What the office's pages ask."""
