"""`make run`: the whole of it on this machine, until Ctrl-C."""

import argparse
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from rich.console import Console
from rich.panel import Panel
from rich.pretty import Pretty

from infra.environments import LOCAL
from infra.local.demo import DemoSurveyError
from infra.local.deployment import DeploymentError
from infra.local.emulator import Emulator, EmulatorError
from infra.local.home import announced, running_stack
from infra.local.receiver import Alert
from infra.local.stack import FunctionFailedError, Stack
from infra.local.subscription import subscribed
from infra.local.tail import Tail
from infra.sam import SamError

_SECONDS_BETWEEN_LOOKS = 0.5


class _StopAsked(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal."""


def main() -> int:
    """Run until asked to stop (then 0), or until something fails (then 1)."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=4566)
    parser.add_argument("--home", type=Path, default=LOCAL, help="the folder that keeps its state")
    options = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, _stop)
    try:
        _run(options.home, options.port, console)
    except _StopAsked:
        console.print("stopped; the data is kept", style="dim")
        return 0
    except (EmulatorError, DeploymentError, DemoSurveyError, FunctionFailedError, SamError) as error:
        console.print(str(error), style="red", markup=False)
        return 1


def _run(home: Path, port: int, console: Console) -> NoReturn:
    started = time.monotonic()
    with (
        running_stack(home, port, lambda text: console.print(f"· {text}", style="dim")) as (stack, emulator),
        subscribed(stack, home, lambda alert: _show_alert(alert, console)) as receiver,
        announced(stack, home),
    ):
        console.print(f"ready after {time.monotonic() - started:.1f} seconds", style="green")
        _show_what_to_try(stack, console)
        console.print(f"alerts    go to a receiver on {receiver.url}, which verifies their signatures\n", markup=False)
        _follow(stack, emulator, console)


def _follow(stack: Stack, emulator: Emulator, console: Console) -> NoReturn:
    tail = Tail(stack, console)
    while emulator.is_running:
        tail.show_news()
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    raise EmulatorError(f"the local AWS ended by itself; it said last:\n{emulator.last_words()}")


def _show_alert(alert: Alert, console: Console) -> None:
    """What Customer Success would get, signature verified."""
    console.print(Panel(Pretty(alert.data), title=f"{alert.type}  {alert.message_id}", title_align="left", border_style="red"))


def _show_what_to_try(stack: Stack, console: Console) -> None:
    console.print(
        f"""
API       {stack.api_url}
form      {stack.api_url}/v1/surveys/{stack.survey_id}/form
page      {stack.survey_page_url}
widget    {stack.widget_url} (a sample shop)
console   {stack.console_url} (as {stack.console_user["email"]}, password {stack.console_user["password"]})
privacy   {stack.privacy_url} (its letters with codes: {stack.emulator_url}/_ministack/ses/messages)
AWS       {stack.emulator_url} (everything else: .local/stack.json)

Try `make demo-data` (a year of three surveys, with a release that hurt one plan) and `make sample`; or by hand:
  API='{stack.api_url}/v1/surveys/{stack.survey_id}' KEY='{stack.api_key}'
  curl -s "$API/form?locale=pt-BR"
  curl -s "$API/answers" -d '{{"score": 9, "touchpoint": "checkout", "segments": {{"plan": "pro"}}}}' | tee answer.json
  ID=$(grep -o '"answer_id":"[^"]*' answer.json | cut -d'"' -f4) TOKEN=$(grep -o '"edit_token":"[^"]*' answer.json | cut -d'"' -f4)
  curl -s -X PATCH "$API/answers/$ID" -H "Authorization: Bearer $TOKEN" -d '{{"comment": "Chegou quentinho!", "finished": true}}'
  curl -s "$API/nps" -H "Authorization: Bearer $KEY"

What happens shows below; Ctrl-C stops it all.
""",
        markup=False,
    )


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)  # one is enough: stopping takes a moment and must not be cut short
    raise _StopAsked


if __name__ == "__main__":
    sys.exit(main())
