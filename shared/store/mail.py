"""Letters by Amazon SES. Implements `privacy.door_ports.Mail`. Nothing of a letter is logged here: not to whom, nor what."""

from typing import Any

from shared.privacy.letter import Letter


class SesMail:
    """Sends as one address, of which SES knows that it is ours."""

    def __init__(self, ses: Any, sender: str) -> None:  # noqa: ANN401 - botocore's client of `sesv2`
        """Send as `sender`, an address with or without a name."""
        self._ses = ses
        self._sender = sender

    def send(self, to: str, letter: Letter) -> None:
        """Hand a letter to SES."""
        self._ses.send_email(
            FromEmailAddress=self._sender,
            Destination={"ToAddresses": [to]},
            Content={
                "Simple": {
                    "Subject": _part(letter.subject),
                    "Body": {"Text": _part(letter.text), "Html": _part(letter.html)},
                    **({"Headers": [{"Name": name, "Value": value} for name, value in letter.headers.items()]} if letter.headers else {}),
                }
            },
        )


def _part(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
