"""Invites people: personal links, and the e-mail that carries the question."""
