"""`make replay`: after tables were restored from a copy, and before anybody reaches them, take out again who had been erased.

Works on the local deployment that `make run` keeps up or, with STAGE=, on a deployment in AWS with the caller's own credentials, by what
the deployed eraser works with. Ledger must be the one that was there before. Ends with 0, 2 where it could not look.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import boto3
from rich.console import Console

from functions.erase.composition import compose
from infra.environments import LOCAL
from infra.outputs import NO_DEPLOYMENT, outputs_of
from shared.privacy.replaying import replay
from shared.store.restored import RestoredTables

_NOT_OURS: Final = ("AWS_", "POWERTOOLS_")
"""Variables of the function that say where it runs, not what it works with."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay the ledger over the tables, and say what had come back."""
    parser = argparse.ArgumentParser(prog="make replay", description="Take out of restored tables who had been erased.")
    parser.add_argument("--stage", help="a deployment in AWS, instead of the local one")
    parser.add_argument("--home", type=Path, default=LOCAL, help="where the local deployment keeps its state")
    options = parser.parse_args(arguments)
    console = Console()
    try:
        outputs = outputs_of(options.stage, options.home)
    except FileNotFoundError:
        console.print(NO_DEPLOYMENT)
        return 2
    deployed = boto3.client("lambda").get_function_configuration(FunctionName=outputs["EraseFunction"])
    variables = deployed.get("Environment", {}).get("Variables", {})
    os.environ.update({name: value for name, value in variables.items() if not name.startswith(_NOT_OURS)})
    found = replay(RestoredTables(), compose().erasing)
    for name, count in sorted(found.items()):
        console.print(f"{name}: {count}")
    console.print("Nobody who was erased is in the tables." if found else "Nobody had come back.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
