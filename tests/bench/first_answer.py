"""The process that is timed from its start to its first answer: `python first_answer.py MODULE EVENTS`.

It lies outside the package and imports no more than it must, since all that it does counts.
"""

import importlib
import json
import sys
import time
from pathlib import Path

event = json.loads(Path(sys.argv[2]).read_bytes())[0]
answer = importlib.import_module(sys.argv[1]).handle(event, None)
print(answer["statusCode"], time.process_time() * 1000, flush=True)
