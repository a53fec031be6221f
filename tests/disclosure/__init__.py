"""A search for what published figures tell of a few people, by somebody who may read scores only and knows the rules."""
