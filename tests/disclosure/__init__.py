"""A search for what published figures tell of a few people: it knows every figure that a key without answers:read can get, and the rules."""
