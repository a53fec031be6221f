"""The word that a person was erased as it really goes out: signed, over HTTP on loopback, acknowledged or not."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from shared.alerts.message import Receipt
from shared.privacy.erasure import Asker, Erasure, Recipient, TellingStatus
from shared.privacy.telling import Telling
from tests.calls import OK
from tests.integration.test_delivering_to_receivers import Street
from tests.receivers import Behaviour, Receiver, hanging, message, pouring, says

ACKNOWLEDGED = b'{"acknowledged": true}'
SECRET = f"whsec_{b64encode(bytes(24)).decode()}"
MINUTE = timedelta(minutes=1)


def told(street: Street, receiver: Receiver) -> Recipient:
    """Tell a receiver, a minute ago, and look how far it is."""
    channel = street.leads_to(receiver, "crm")
    key = street.given()
    street.deliveries.receipts[channel.channel_id, key.answer_id] = Receipt(channel_id=channel.channel_id, answer_id=key.answer_id)
    erasure = Erasure(erasure_id="era_1", person_id="p", asker=Asker.SUBJECT, asked_at=street.now, marked_at=street.now)
    street.erasures.note(erasure, key)
    telling = Telling(street.channels, street.deliveries, street.outbox, lambda: street.now)
    recipient = telling.tell(
        erasure,
        Recipient(
            channel_id=channel.channel_id,
            name="CRM",
            kind="webhook",
            host="127.0.0.1",
            country="BR",
            fields=frozenset({"email"}),
            first_at=street.now,
            last_at=street.now,
            times=1,
        ),
        [key.answer_id],
    )
    street.run(MINUTE)
    return telling.look(recipient)


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        pytest.param(says(message(503), message(200, body=ACKNOWLEDGED)), TellingStatus.ACKNOWLEDGED, id="acknowledges at the second try"),
        pytest.param(says(message(204)), TellingStatus.TOLD, id="takes it"),
        pytest.param(says(message(503, body=ACKNOWLEDGED)), TellingStatus.WAITING, id="says so and fails"),
        pytest.param(pouring(ACKNOWLEDGED, 1_000, OK + b"\r\n"), TellingStatus.TOLD, id="says so too often"),
        pytest.param(hanging(OK + b"Content-Length: 90\r\n\r\n" + ACKNOWLEDGED), TellingStatus.ACKNOWLEDGED, id="says so and hangs"),
    ],
)
def test_what_a_receiver_answers_is_what_is_known_of_it(behaviour: Behaviour, status: TellingStatus) -> None:
    street = Street()
    street.now = datetime.now(UTC)  # the library that verifies has a clock of its own
    with Receiver(behaviour) as receiver:
        recipient = told(street, receiver)
    assert recipient.status is status
    assert receiver.requests
    for request in receiver.requests:
        said = Webhook(SECRET).verify(request.body, request.headers)
        assert (said["type"], request.headers["webhook-id"]) == ("subject.erased", recipient.message_id)
        assert len(said["data"]["answer_ids"]) == 1
