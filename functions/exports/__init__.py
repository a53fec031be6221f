"""Exports answers in the background: asks for them, tells how far they are, gives links to their files."""
