"""Counts answers: the stream's records and the `again` queue's messages."""
