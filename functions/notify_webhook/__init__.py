"""Decides which channels hear of a detractor, and when."""
