"""Run the emulator in its own environment until whoever started it is gone: `python emulator_main.py < pipe`.

The starter keeps the other end of the pipe. When it ends, even by SIGKILL, the pipe closes and the emulator stops the
clean way, which is also what saves its state.
"""

import os
import signal
import threading

from ministack.app import main

_STDIN = 0


def _stop_with_the_starter() -> None:
    while os.read(_STDIN, 1024):  # not through sys.stdin, whose lock would be in the way when the interpreter ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=_stop_with_the_starter, daemon=True).start()
main()
