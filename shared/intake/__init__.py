"""Taking answers in: what a person gives becomes a pseudonymous answer in Answers and, where they typed something, an entry in People.

Write order: identity lookup, comment, then the answer. So a crash in between leaves nothing counted, and the client's retry of the same
POST completes it (docs/decisions/0013). Only a client that leaves the id to us cannot retry: what it began is nobody's, and expires.
"""
