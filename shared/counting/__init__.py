"""Counting exactly once: settle, sweep, recount, repair and seal, against the ports of `ports.py`.

Lambda delivers at least once, in any batch shape: an event is only a hint that an answer changed. The answer itself says what it has been
counted as, so counting again changes nothing. The rules and the simulation behind them are in docs/counting.md.
"""
