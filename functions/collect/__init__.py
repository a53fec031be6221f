"""Takes answers in."""
