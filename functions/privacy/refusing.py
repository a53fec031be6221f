"""What the stores refuse for a moment, as the API says it."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Final

from shared.api.http import Handler, Request, Response
from shared.api.problem import TooBusy
from shared.intake.ports import PeopleBusyError
from shared.store.deliveries import DeliveriesBusyError
from shared.store.erasing import AnswerBusyError
from shared.store.ledger import LedgerBusyError
from shared.store.registry import BusyError

BUSY: Final = (AnswerBusyError, BusyError, DeliveriesBusyError, LedgerBusyError, PeopleBusyError)


def asking_to_wait(routes: Mapping[str, Callable[[Request], Response]]) -> dict[str, Handler]:
    """The same routes; where a store is busy, whoever asks is told to send the same again."""
    return {key: _patient(handler) for key, handler in routes.items()}


def _patient(handler: Callable[[Request], Response]) -> Handler:
    @wraps(handler)
    def patient(request: Request) -> Response:
        try:
            return handler(request)
        except BUSY:
            raise TooBusy from None

    return patient
