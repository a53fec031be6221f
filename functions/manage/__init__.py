"""Manages surveys, their signing secrets and API keys."""
