"""Writes exports into files."""
