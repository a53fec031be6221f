"""Whatever somebody typed, every tool takes the message, and nothing in it mentions, links or formats but what we meant to."""

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given

from shared.alerts.channel import ChannelKind
from shared.alerts.compose import Digest, compose_told
from shared.alerts.compose.messages import Told
from shared.alerts.content import AlertContent
from tests.alert_contents import MARK, NOW, TYPICAL, every_corpus_alert, hostile, told, told_by_strangers
from tests.tool_limits import discord, google_chat, slack, teams, webhook

CHECKS: dict[ChannelKind, Callable[[bytes], None]] = {
    ChannelKind.SLACK: slack.check,
    ChannelKind.TEAMS: teams.check,
    ChannelKind.GOOGLE_CHAT: google_chat.check,
    ChannelKind.DISCORD: discord.check,
    ChannelKind.WEBHOOK: webhook.check,
}
tools = pytest.mark.parametrize("tool", CHECKS)


def digest_of(alerts: list[AlertContent]) -> Digest:
    return Digest(message_id="msg_digest", locale="pt-BR", at=NOW, alerts=alerts)


@tools
@hostile
@given(said=told)
def test_every_message_keeps_the_tools_limits(tool: ChannelKind, said: Told) -> None:
    CHECKS[tool](compose_told(tool, said).body)


@tools
@pytest.mark.parametrize("alert", every_corpus_alert(), ids=lambda alert: repr(alert.survey_name[:24]))
def test_every_hostile_text_keeps_the_tools_limits(tool: ChannelKind, alert: AlertContent) -> None:
    CHECKS[tool](compose_told(tool, alert).body)


@tools
@pytest.mark.parametrize("times", [1, 2, 20, 21, 1_000])
def test_every_digest_keeps_the_tools_limits(tool: ChannelKind, times: int) -> None:
    CHECKS[tool](compose_told(tool, digest_of([TYPICAL] * times)).body)
    CHECKS[tool](compose_told(tool, digest_of(every_corpus_alert() * times if times < 5 else every_corpus_alert())).body)


@tools
@hostile
@given(said=told)
def test_the_same_content_gives_the_same_bytes(tool: ChannelKind, said: Told) -> None:
    assert compose_told(tool, said) == compose_told(tool, said)


@hostile
@given(said=told_by_strangers)
def test_slack_reads_no_markup_in_what_a_stranger_typed(said: Told) -> None:
    body = compose_told(ChannelKind.SLACK, said).body
    message = json.loads(body)
    assert MARK not in message["text"]
    for block in message["blocks"]:
        if block["type"] != "rich_text":
            assert MARK not in json.dumps(block)
        for line in block["elements"] if block["type"] == "rich_text" else ():
            assert all(part["type"] == "text" for part in line["elements"] if MARK in json.dumps(part))
    assert not any(clickable(text) for text in slack.texts(body))


@hostile
@given(said=told_by_strangers)
def test_teams_reads_no_markdown_in_what_a_stranger_typed(said: Told) -> None:
    body = compose_told(ChannelKind.TEAMS, said).body
    for element in teams.elements(body):
        if MARK in str(element.get("text", "")) + str(element.get("title", "")):
            assert element["type"] == "TextRun"
        assert not clickable(element.get("text", ""))
        if element["type"] == "TextBlock":
            assert not re.search(r"[*_\[\]`<>\n]", element["text"])
    assert MARK not in json.loads(body)["attachments"][0]["content"]["fallbackText"]


@hostile
@given(said=told_by_strangers)
def test_google_chat_has_only_our_links(said: Told) -> None:
    body = compose_told(ChannelKind.GOOGLE_CHAT, said).body
    ours = {alert.link for alert in alerts_of(said)}
    for shown in google_chat.texts(body):
        assert all(href.rstrip("/") in str(ours) or "%" in href for href in shown.hrefs)
        assert not clickable(shown.text)
    message = json.loads(body)
    assert MARK not in message["fallbackText"] + json.dumps(message["cardsV2"][0]["card"]["header"])


@hostile
@given(said=told_by_strangers)
def test_discord_has_only_our_links_and_our_emphasis(said: Told) -> None:
    body = compose_told(ChannelKind.DISCORD, said).body
    for text in discord.markdown(body):
        theirs = re.sub(r"\[(Abrir a resposta|Open the answer|Abrir la respuesta)\]\(https?://[^\s()]+\)", "", text)
        without_ours = discord.live(theirs)
        assert not re.search(r"[`~|\[\]<@]", without_ours)
        assert not re.search(r"(?<!\\)_", without_ours)
        for line in without_ours.split("\n"):
            assert line.count("*") in {0, 2, 4}, line
            assert not re.match(r"\s*(?:- |\+ |##|-#|\d+[.)] )", line.removeprefix("> "))
        assert not clickable(theirs.replace("\\", ""))


def alerts_of(said: Told) -> list[AlertContent]:
    if isinstance(said, AlertContent):
        return [said]
    return list(said.alerts) if isinstance(said, Digest) else []


def clickable(text: str) -> bool:
    """Whether a client that makes links of addresses by itself would make one."""
    return re.search(r"(?i)[a-z]://|\bwww\.\w|(?<![\w@.])[\w-]+\.(?:com|net|org|br)/", text) is not None
