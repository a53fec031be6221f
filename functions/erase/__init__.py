"""Looks up who asks, and erases, a step at a time."""
