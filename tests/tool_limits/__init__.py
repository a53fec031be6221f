"""What each tool publishes of the messages that it takes, checked without looking at how ours are made.

Each `check` raises AssertionError. Sources stand beside the limits; where practice is stricter than what is published, both are checked.
"""
