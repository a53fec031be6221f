"""The benchmarks: `make bench`, or `python -m tests.bench`. How to read them is in docs/benchmarks.md."""

import os

os.environ["LOG_LEVEL"] = "WARNING"  # of the functions that run in this process; those that are timed run in others and log as they do live
