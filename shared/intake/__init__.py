"""Taking answers in: what a person gives becomes a pseudonymous answer in Answers and, where they typed something, an entry in People.

Write order: identity lookup, comment, then the answer. So a crash in between leaves nothing counted and nothing unreachable, and the
client's retry of the same POST completes it.
"""
