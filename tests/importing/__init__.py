"""Importing past answers: the pure parts, and the whole against stores in memory."""
