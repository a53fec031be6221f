"""Amazon SNS: Publish, and what its protocols deliver."""

import json
import re
from collections.abc import Mapping

LARGEST = 262_144  # docs.aws.amazon.com/sns/latest/api/API_Publish.html: body and attributes together, unless the topic says more
LONGEST_SUBJECT = 99  # the same page: "less than 100 characters long", no line breaks or control characters
MOST_ATTRIBUTES = 10  # docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html: more, and raw delivery to SQS discards it
SEPTETS = 160  # docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-character.html
DISPLAY_NAME = "RECOMENDA> "  # docs.aws.amazon.com/sns/latest/dg/sms_publish-to-topic.html: put before the text
GSM = (  # 3GPP TS 23.038, 6.2.1: rows of the default alphabet
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def check(subject: str, message: str, attributes: Mapping[str, Mapping[str, object]]) -> None:
    assert 0 < len(subject) <= LONGEST_SUBJECT
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", subject)
    texts = json.loads(message)
    assert texts.keys() == {"default", "email", "sms"}
    assert all(isinstance(text, str) and text for text in texts.values())
    assert isinstance(json.loads(texts["default"]), dict)
    check_sms(texts["sms"])
    of_attributes = sum(len((name + "".join(map(str, value.values()))).encode()) for name, value in attributes.items())
    assert len(message.encode()) + of_attributes <= LARGEST
    check_attributes(attributes)


def check_sms(text: str) -> None:
    assert set(text) <= set(GSM), set(text) - set(GSM)
    assert "\n" not in text
    assert 0 < len(DISPLAY_NAME + text) <= SEPTETS


def check_attributes(attributes: Mapping[str, Mapping[str, object]]) -> None:
    assert len(attributes) <= MOST_ATTRIBUTES
    for name, value in attributes.items():
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", name)
        assert value["StringValue"]
        assert value["DataType"] in {"String", "Number", "String.Array"}
        if value["DataType"] == "Number":
            assert 0 <= int(str(value["StringValue"])) <= 10
        if value["DataType"] == "String.Array":
            assert all(isinstance(part, str) for part in json.loads(str(value["StringValue"])))
