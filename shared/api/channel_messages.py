"""Alert channels. Addresses and secrets go in; what is shown of them afterwards is the host, and a new signing secret once."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from msgspec import UNSET, Meta, UnsetType, defstruct
from msgspec.structs import asdict, fields, replace

from shared.alerts.call import CallError
from shared.alerts.channel import Address, Channel, ChannelKind, ChannelSettings, ChannelStatus, StatusReason
from shared.alerts.outcome import Outcome, Result
from shared.api.body import FieldRuleError
from shared.api.messages import RequestBody, ResponseBody
from shared.phrase import Phrase

Email = Annotated[str, Meta(max_length=254, pattern=r"^[^@\s]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$(?!\n)")]
Phone = Annotated[str, Meta(max_length=16, pattern=r"^\+[1-9][0-9]{7,14}$(?!\n)")]
Code = Annotated[str, Meta(min_length=6, max_length=6, pattern=r"^[0-9]{6}$(?!\n)")]


class NewChannel(ChannelSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A channel to make: `email` for sns_email, `phone` (as +5511999990000) for sns_sms, `url` for all others."""

    kind: ChannelKind
    url: Address | None = None
    email: Email | None = None
    phone: Phone | None = None

    def __post_init__(self) -> None:
        """The one address that the kind has."""
        wanted = address_field(self.kind)
        for name in ("url", "email", "phone"):
            given = getattr(self, name) is not None
            if given != (name == wanted):
                raise FieldRuleError(
                    f"/{name}", Phrase("a channel of this kind has no {name}", name=name) if given else "this field is required"
                )

    @property
    def address(self) -> str:
        """Where it leads."""
        return str(getattr(self, address_field(self.kind)))


class ChannelView(ChannelSettings, frozen=True, kw_only=True):
    """A channel as it is read. `host` is what may be shown of its address."""

    channel_id: str
    kind: ChannelKind
    host: str
    status: ChannelStatus
    status_reason: StatusReason | None
    created_at: datetime
    verified_at: datetime | None
    disabled_at: datetime | None
    revision: int


class Verification(ResponseBody, frozen=True, kw_only=True):
    """What came of asking for a proof of ownership; where a call was made, the HTTP status or why there was none.

    `verified`: nothing more is needed. `code_sent`: type the six digits back. `unconfirmed`: SNS waits for the address's owner to confirm.
    `not_echoed`: the answer has to hold the challenge. `not_taken`: the receiver answered no 2xx.
    """

    result: Result
    http_status: int | None
    error: CallError | None


class ChannelMade(ChannelView, frozen=True, kw_only=True):
    """A new channel, with what came of asking for a proof. `signing_secret`, of generic webhooks, is shown here only."""

    verification: Verification
    signing_secret: str | UnsetType = UNSET


class ChannelVerified(ChannelView, frozen=True, kw_only=True):
    """A channel as it is after asking for a proof, or after a change that needs another one."""

    verification: Verification | UnsetType = UNSET


class ChannelList(ResponseBody, frozen=True, kw_only=True):
    """All channels, the oldest first."""

    channels: tuple[ChannelView, ...]


class VerifyChannel(RequestBody, frozen=True, kw_only=True):
    """The code that was posted in the room; without one, another is posted, the webhook challenged, or SNS asked."""

    code: Code | UnsetType = UNSET


class TestSent(ResponseBody, frozen=True, kw_only=True):
    """A test is on its way; the channel's deliveries tell what came of it."""

    message_id: str


class RotatedSecret(ResponseBody, frozen=True, kw_only=True):
    """The key of the channel's signatures, shown here only. Until `previous_valid_until` each call is signed with the one before too."""

    channel_id: str
    signing_secret: str
    previous_valid_until: datetime


if TYPE_CHECKING:

    class ChannelChange(RequestBody, frozen=True, kw_only=True):
        """A change of some settings; the type below has every field of `ChannelSettings`, each of which may be left out."""

        revision: int | UnsetType = UNSET
        url: str | UnsetType = UNSET

else:
    ChannelChange = defstruct(
        "ChannelChange",
        [
            ("revision", Annotated[int, Meta(ge=1)] | UnsetType, UNSET),
            ("url", Address | UnsetType, UNSET),
            *((setting.name, setting.type | UnsetType, UNSET) for setting in fields(ChannelSettings)),
        ],
        bases=(RequestBody,),
        module=__name__,
        namespace={
            "__doc__": "A change: each top-level field that is there replaces the present one. Another `url` has to be verified anew. "
            "With `revision` (as read) it is refused if the channel has changed since."
        },
        frozen=True,
        forbid_unknown_fields=True,
        kw_only=True,
    )


def address_field(kind: ChannelKind) -> str:
    """Which field has the address of a channel of that kind."""
    return {ChannelKind.SNS_EMAIL: "email", ChannelKind.SNS_SMS: "phone"}.get(kind, "url")


def settings_of(new: ChannelSettings) -> ChannelSettings:
    """The settings alone of a message that carries more."""
    return ChannelSettings(**{name: getattr(new, name) for name in ChannelSettings.__struct_fields__})


def changed_settings(settings: ChannelSettings, change: ChannelChange) -> ChannelSettings:
    """The settings with what the change gives in place of what was there."""
    given = {name: getattr(change, name) for name in ChannelSettings.__struct_fields__}
    return replace(settings, **{name: value for name, value in given.items() if value is not UNSET})


def view_of[View: ChannelView](channel: Channel, kind: type[View], **more: object) -> View:
    """The channel as a response shows it."""
    own = {name: getattr(channel, name) for name in ChannelView.__struct_fields__ if name in Channel.__struct_fields__}
    return kind(**asdict(channel.settings), **own, **more)  # type: ignore[arg-type]  # names and types are those of the fields


def verification_of(outcome: Outcome) -> Verification:
    """What came of asking for a proof, as a response shows it."""
    return Verification(result=outcome.result, http_status=outcome.status, error=outcome.error)
