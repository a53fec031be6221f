"""Sends the week's scores to those users who want them."""
