"""The process whose own CPU time an answer is measured: `python many_answers.py MODULE EVENTS`. Prints microseconds an answer."""

import importlib
import json
import sys
import time
from pathlib import Path

WARM_UP = 60

events = json.loads(Path(sys.argv[2]).read_bytes())
handle = importlib.import_module(sys.argv[1]).handle
for event in events[:WARM_UP]:
    handle(event, None)
began = time.process_time()
statuses = {handle(event, None)["statusCode"] for event in events[WARM_UP:]}
took = time.process_time() - began
print(*statuses, round(took * 1_000_000 / (len(events) - WARM_UP)), flush=True)
