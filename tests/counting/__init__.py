"""Counting under fire: the real settle, sweep, recount and seal, many at once, interleaved at every call to a store or the bus.

`simulation.run(seed, plan)` is one run; `auditor.py` holds what must be true at every instant and once all is quiet. The same seed gives
the same run. docs/counting.md says what this proves.
"""
