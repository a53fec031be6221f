"""Erasing under fire: a simulation of all that goes on while people are erased."""
