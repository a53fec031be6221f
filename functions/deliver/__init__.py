"""Delivers messages to webhooks and chat tools, and tries again until they are there."""
