"""Manages the users of the console."""
