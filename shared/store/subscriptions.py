"""E-mail and SMS subscriptions of the topic. Implements `alerts.register.Subscriptions`."""

import json
from functools import cached_property
from typing import Any, Final

from botocore.exceptions import ClientError

from shared.alerts.channel import ChannelKind
from shared.alerts.channel_rules import NOTHING, FilterPolicy
from shared.alerts.register import AlreadySubscribedError, SubscriptionRefusedError
from shared.store.session import client

_PROTOCOLS: Final = {ChannelKind.SNS_EMAIL: "email", ChannelKind.SNS_SMS: "sms"}


class TopicSubscriptions:
    """Subscriptions that we make; those that somebody made in SNS itself stay as they are."""

    def __init__(self, topic: str) -> None:
        """Take the topic's ARN."""
        self._topic = topic

    def subscribe(self, kind: ChannelKind, address: str, policy: FilterPolicy) -> str:
        """Subscribe an address; the same once more gives the same ARN. Raises `SubscriptionRefusedError`."""
        attributes = {"FilterPolicyScope": "MessageAttributes", "FilterPolicy": json.dumps(policy)} if policy else {}
        try:
            made = self._sns.subscribe(
                TopicArn=self._topic, Protocol=_PROTOCOLS[kind], Endpoint=address, Attributes=attributes, ReturnSubscriptionArn=True
            )
        except ClientError as error:
            if _code_of(error) not in {"InvalidParameter", "InvalidParameterException"}:
                raise
            # SNS has one error for both; its message, which may hold the address, goes no further.
            exists = "already exists" in error.response["Error"].get("Message", "")
            raise (AlreadySubscribedError if exists else SubscriptionRefusedError) from None
        return str(made["SubscriptionArn"])

    def is_confirmed(self, subscription: str) -> bool | None:
        """Whether it was confirmed; None where there is none any more."""
        try:
            found = self._sns.get_subscription_attributes(SubscriptionArn=subscription)
        except ClientError as error:
            if _is_gone(error):
                return None
            raise
        return bool(found["Attributes"].get("PendingConfirmation", "false") == "false")

    def set_policy(self, subscription: str, policy: FilterPolicy) -> None:
        """Change what it hears of; without a policy, of everything."""
        try:
            self._sns.set_subscription_attributes(
                SubscriptionArn=subscription, AttributeName="FilterPolicy", AttributeValue=json.dumps(policy)
            )
        except ClientError as error:
            if not _is_gone(error):
                raise

    def unsubscribe(self, subscription: str) -> None:
        """End it. SNS ends none that waits for its confirmation, so such a one is first made to hear of nothing: it ends by itself."""
        self.set_policy(subscription, NOTHING)
        try:
            self._sns.unsubscribe(SubscriptionArn=subscription)
        except ClientError as error:
            if not _is_gone(error) and self.is_confirmed(subscription) is not False:
                raise

    @cached_property
    def _sns(self) -> Any:  # noqa: ANN401 - botocore makes clients by name
        return client("sns")


def _code_of(error: ClientError) -> str:
    return error.response["Error"].get("Code", "")


def _is_gone(error: ClientError) -> bool:
    return _code_of(error) in {"NotFound", "NotFoundException"}
