"""Settles answers that have been pending for long."""
