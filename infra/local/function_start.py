"""Start processes of one function by forking one that has imported it: `python function_start.py SOCKET_FD`.

Each message on the socket is JSON with three descriptors beside it, which become the new process's standard streams; the first message
says what to import. What a process does from then on is the emulator's own worker script, in the environment and the folder it is given.
"""

import array
import importlib
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

_MOST_BYTES = 1 << 20
_STREAMS = 3


def _serve(orders: socket.socket) -> None:
    while order := orders.recvmsg(_MOST_BYTES, socket.CMSG_SPACE(_STREAMS * array.array("i").itemsize)):
        said, ancillary, *_ = order
        if not said:
            return
        told = json.loads(said)
        streams = array.array("i", b"".join(data for *_, data in ancillary))
        _import(told)
        _bury_the_dead()
        process = os.fork()
        if not process:
            orders.close()
            _become(told, streams)
        for stream in streams:
            os.close(stream)
        orders.send(str(process).encode())


def _import(told: dict[str, Any]) -> None:
    """The handler, from its own package alone; where that fails, each process says so itself."""
    if told["package"] in sys.path:
        return
    os.environ.clear()
    os.environ.update(told["environment"])
    sys.path[0] = told["package"]  # this file's folder is no function's
    sys.stdout = sys.stderr  # as the worker script has it, for loggers that take hold of it
    try:
        importlib.import_module(told["module"])
    except Exception:  # noqa: BLE001, S110 - the worker script meets and reports it
        pass
    finally:
        sys.stdout = sys.__stdout__


def _bury_the_dead() -> None:
    """Before the next is started, not sooner: until then its number is nobody else's, and whoever asked can look for it."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _become(told: dict[str, Any], streams: array.array[int]) -> NoReturn:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(told["environment"])
    os.chdir(told["folder"])
    Path("/proc/self/comm").write_text(told["module"].split(".")[1])  # for whoever looks for it among processes
    script = told["script"]
    sys.argv = [script]
    try:
        exec(compile(Path(script).read_text(), script, "exec"), {"__name__": "__main__", "__file__": script})  # noqa: S102 - the emulator's own
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - as an interpreter ends
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
