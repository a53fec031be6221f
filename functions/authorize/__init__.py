"""Tells the gateway whose API key a request carries."""
