"""Registers alert channels, and shows and replays what was sent to them."""
