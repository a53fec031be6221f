"""Signatures against the specification's vector, and read by the public library as a receiver."""

import json
import time
from base64 import b64encode
from collections.abc import Callable
from secrets import token_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from shared.alerts.signature import InvalidMessageIdError, InvalidSecretError, SignatureError, new_secret, sign, signed_headers

# Published with the specification's libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = 1_614_265_330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

secrets = st.binary(min_size=24, max_size=64).map(lambda key: f"whsec_{b64encode(key).decode()}")
message_ids = st.text(alphabet="abcdefABCDEF0123456789_-#", min_size=1, max_size=64)
bodies = st.dictionaries(st.text(), st.text() | st.integers() | st.none()).map(lambda content: json.dumps(content).encode())


def test_the_published_vector_is_reproduced() -> None:
    assert sign(MESSAGE_ID, TIMESTAMP, BODY, [SECRET]) == SIGNATURE


def test_the_headers_are_the_specification_s() -> None:
    assert signed_headers(MESSAGE_ID, TIMESTAMP, BODY, [SECRET]) == {
        "webhook-id": MESSAGE_ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }


@given(message_id=message_ids, body=bodies, secret=secrets)
def test_the_public_library_verifies_what_we_sign(message_id: str, body: bytes, secret: str) -> None:
    headers = signed_headers(message_id, int(time.time()), body, [secret])

    assert Webhook(secret).verify(body, headers) == json.loads(body)


def test_while_a_secret_rotates_both_verify() -> None:
    old, new, other = (new_secret(token_bytes) for _ in range(3))
    headers = signed_headers(MESSAGE_ID, int(time.time()), BODY, [new, old])

    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        Webhook(secret).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, headers)


@pytest.mark.parametrize(
    ("header", "change"),
    [
        ("webhook-id", lambda value: f"{value}x"),
        ("webhook-timestamp", lambda value: str(int(value) - 1)),
        ("webhook-signature", lambda value: value.swapcase()),
    ],
)
def test_what_is_changed_on_the_way_does_not_verify(header: str, change: Callable[[str], str]) -> None:
    headers = signed_headers(MESSAGE_ID, int(time.time()), BODY, [SECRET])
    headers[header] = change(headers[header])

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers)


def test_a_changed_body_does_not_verify() -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY + b" ", signed_headers(MESSAGE_ID, int(time.time()), BODY, [SECRET]))


def test_a_new_secret_is_32_random_bytes_in_base64() -> None:
    assert new_secret(bytes) == f"whsec_{b64encode(bytes(32)).decode()}"
    assert new_secret(token_bytes) != new_secret(token_bytes)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        SECRET.removeprefix("whsec_"),
        SECRET.upper(),
        SECRET + "!",
        SECRET[:-1],
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        f"whsec_{b64encode(bytes(23)).decode()}",
        f"whsec_{b64encode(bytes(65)).decode()}",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaç",
        "whsec_MfKQ9r8GKYqrTwjUPD8I\nLPZIo2LaLaSw",
    ],
)
def test_a_secret_of_another_form_is_refused_without_repeating_it(secret: str) -> None:
    with pytest.raises(InvalidSecretError) as refused:
        sign(MESSAGE_ID, TIMESTAMP, BODY, [SECRET, secret])

    assert not str(refused.value)
    assert refused.value.__cause__ is None


def test_nothing_is_sent_unsigned() -> None:
    with pytest.raises(InvalidSecretError):
        sign(MESSAGE_ID, TIMESTAMP, BODY, [])


@pytest.mark.parametrize("message_id", ["", "msg.1", "msg 1", "msg\r\nx: y", "mensagem_ç", "m" * 129])
def test_an_id_that_could_be_read_in_two_ways_is_refused(message_id: str) -> None:
    with pytest.raises(InvalidMessageIdError):
        sign(message_id, TIMESTAMP, BODY, [SECRET])


@given(message_id=st.text(max_size=20), secret=st.text(max_size=50).map(lambda rest: f"whsec_{rest}"))
def test_nothing_is_raised_but_the_two_refusals(message_id: str, secret: str) -> None:
    try:
        header = sign(message_id, TIMESTAMP, BODY, [secret])
    except SignatureError:
        return
    assert header.startswith("v1,")
