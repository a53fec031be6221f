"""On which hosts each tool has its incoming webhooks. A name that begins with a dot stands for every name under it."""

from collections.abc import Mapping
from typing import Final

from shared.alerts.channel import ChannelKind
from shared.phrase import Phrase

_HOSTS: Final[Mapping[ChannelKind, tuple[str, ...]]] = {
    ChannelKind.SLACK: ("hooks.slack.com",),
    ChannelKind.TEAMS: (".environment.api.powerplatform.com", ".logic.azure.com"),
    ChannelKind.GOOGLE_CHAT: ("chat.googleapis.com",),
    ChannelKind.DISCORD: ("discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"),
}
_ADVICE: Final[Mapping[ChannelKind, str]] = {
    ChannelKind.SLACK: Phrase("copy the Incoming Webhook's URL from the Slack app's settings; it begins with https://hooks.slack.com/"),
    ChannelKind.TEAMS: Phrase(
        "make a workflow with Teams' Workflows app (When a Teams webhook request is received) and copy its URL, whose host ends in "
        ".environment.api.powerplatform.com or .logic.azure.com; Microsoft has retired the connectors at webhook.office.com"
    ),
    ChannelKind.GOOGLE_CHAT: Phrase(
        "copy it from the space's Apps and integrations, Webhooks; it begins with https://chat.googleapis.com/"
    ),
    ChannelKind.DISCORD: Phrase("copy it from the channel's Integrations, Webhooks; it begins with https://discord.com/api/webhooks/"),
}


def is_at_home(kind: ChannelKind, host: str) -> bool:
    """Whether the tool has webhooks on that host; a generic webhook has them anywhere."""
    hosts = _HOSTS.get(kind)
    return hosts is None or any(host.endswith(home) if home.startswith(".") else host == home for home in hosts)


def advice_on(kind: ChannelKind) -> str:
    """Where to find the right URL."""
    return _ADVICE[kind]
