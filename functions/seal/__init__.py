"""Seals the days whose answers will soon begin to expire."""
