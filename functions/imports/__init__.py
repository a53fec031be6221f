"""Imports of past answers: begun, checked, started, watched and cancelled here; the lines are worked off by `importer`."""
