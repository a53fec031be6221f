"""In-memory implementations of the ports of `shared.counting`, as strict as DynamoDB where counting leans on it.

They pass the same contract suite as the implementations on AWS (tests/contract). Every call stops at `Memory.turn` before and after its
effect, where a test may let another worker run or crash this one.
"""
