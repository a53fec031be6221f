"""The week's scores by letter, to those users who want it."""
