"""Alerting under fire: the real notify, check, deliver and replay, many at once, interleaved at every call to a store, queue or receiver.

`simulation.run(seed, plan)` is one run; `auditor.py` holds what must be true of every call, and once all is quiet. The same seed gives the
same run.
"""
