"""What the domain refuses, as the API says it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from shared.alerts.channel_rules import ChannelRuleError
from shared.alerts.outcome import Outcome, Result
from shared.alerts.proof import TooSoonError
from shared.alerts.register import AlreadySubscribedError, SubscriptionRefusedError
from shared.alerts.registration import AddressError, NotSignedError, PassedRevisionError, TooManyChannelsError, UnknownChannelError
from shared.alerts.verification import CodeRefusedError, DisabledError, UnverifiedError, UnwellError
from shared.api import channel_problem as c
from shared.api.problem import Refused, RevisionPassed, TooBusy, invalid
from shared.phrase import Phrase
from shared.store.channels import NoAddressError
from shared.store.deliveries import DeliveriesBusyError
from shared.store.registry import BusyError

_PROBLEMS: Final[dict[type[Exception], type[Refused]]] = {
    UnknownChannelError: c.NoSuchChannel,
    NoAddressError: c.NoSuchChannel,
    TooManyChannelsError: c.TooManyChannels,
    PassedRevisionError: RevisionPassed,
    UnverifiedError: c.ChannelUnverified,
    DisabledError: c.ChannelNotActive,
    NotSignedError: c.NotForThisKind,
    CodeRefusedError: c.CodeRefused,
    TooSoonError: c.CodeTooSoon,
    BusyError: TooBusy,
    DeliveriesBusyError: TooBusy,
}


@contextmanager
def refusing(address_field: str = "url") -> Iterator[None]:
    """Have the domain's refusals raised as problems; what is wrong with an address points at its field."""
    try:
        yield
    except AddressError as error:
        raise invalid(f"/{address_field}", error.advice) from None
    except ChannelRuleError as error:
        raise invalid(error.pointer, error.rule) from None
    except UnwellError as error:
        raise c.ChannelUnwell(_said_of(error.outcome)) from None
    except SubscriptionRefusedError as error:
        if isinstance(error, AlreadySubscribedError):
            raise c.AddressSubscribed from None
        raise invalid(f"/{address_field}", "SNS does not take this address; check it") from None
    except tuple(_PROBLEMS) as error:
        raise _PROBLEMS[type(error)] from None


def _said_of(outcome: Outcome) -> str:
    if outcome.result is Result.NOT_ECHOED:
        return Phrase("It answered without the challenge it was sent. Have it echo data.challenge in the body of its answer, then resume.")
    if outcome.status is not None:
        return Phrase("It answered {status}. Put the receiver right, or change the channel's URL; then resume.", status=outcome.status)
    uncalled = "It could not be called ({error}). Put the receiver right, or change the channel's URL; then resume."
    return Phrase(uncalled, error=str(outcome.error))
