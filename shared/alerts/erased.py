"""The word that a person was erased, to whoever was given data of theirs: read from the ledger when it is sent, and naming nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from shared import answer_id as ids
from shared.alerts.call import Reply
from shared.alerts.channel import Channel, ChannelKind
from shared.alerts.compose.letter import PRODUCT
from shared.alerts.compose.messages import ErasedAnswer, SubjectErased
from shared.alerts.content import AlertKind
from shared.alerts.message import RECEIPTS_KEPT, Message
from shared.alerts.ports import Deliveries, Erasures, Surveys
from shared.answer import AnswerKey

_CLOCKS_DIFFER: Final = timedelta(days=2)
"""An id's time may be a day ahead of ours."""


class NoErasuresError(Exception):
    """The deliverer was composed without a ledger to read from; the message stays in the outbox."""


@dataclass(frozen=True, slots=True)
class ErasureNotes:
    """What is read from; `link` is a template with {survey_id} and {answer_id}, or empty."""

    erasures: Erasures | None
    surveys: Surveys
    deliveries: Deliveries
    link: str


def erased_of(message: Message, channel: Channel, notes: ErasureNotes, now: datetime) -> SubjectErased | None:
    """What to tell the channel; None where the ledger names no answer that it could know the person by. Raises `NoErasuresError`."""
    if notes.erasures is None:
        raise NoErasuresError
    erasure = notes.erasures.find(message.erasure_id) if message.erasure_id else None
    if erasure is None:
        return None
    answers = tuple(_known(erasure.erasure_id, channel, notes.erasures, notes, now))
    surveys = [notes.surveys.find(answer.survey_id) for answer in answers]
    companies = {survey.settings.company for survey in surveys if survey}
    told = SubjectErased(
        message_id=message.message_id,
        locale=channel.settings.locale,
        at=erasure.marked_at or erasure.asked_at,
        company=companies.pop() if len(companies) == 1 else PRODUCT,
        answers=answers,
    )
    return told if answers else None


def acknowledges(message: Message, channel: Channel, reply: Reply) -> bool:
    """Whether a program answers, in JSON, that its copies are gone; a chat tool's own words say nothing about the room."""
    if message.kind is not AlertKind.ERASED or channel.kind is not ChannelKind.WEBHOOK or not reply.accepted:
        return False
    try:
        return msgspec.json.decode(reply.body, type=_Acknowledgement).acknowledged
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False


class _Acknowledgement(msgspec.Struct, frozen=True):
    acknowledged: bool = False


def _known(erasure_id: str, channel: Channel, erasures: Erasures, notes: ErasureNotes, now: datetime) -> Iterator[ErasedAnswer]:
    """The answers that the channel was told of, or may have been: which others were the same person's is not its business."""
    for ours in erasures.answers(erasure_id):
        answered_at = ids.parse(ours.key.answer_id).instant
        told_long_ago = now - answered_at > RECEIPTS_KEPT - _CLOCKS_DIFFER
        if told_long_ago or notes.deliveries.receipt(channel.channel_id, ours.key.answer_id):
            yield _answer(ours.key, answered_at, notes)


def _answer(key: AnswerKey, answered_at: datetime, notes: ErasureNotes) -> ErasedAnswer:
    survey = notes.surveys.find(key.survey_id)
    return ErasedAnswer(
        survey_id=key.survey_id,
        survey_name=survey.settings.name if survey else "",
        answer_id=key.answer_id,
        answered_at=answered_at,
        time_zone=survey.settings.time_zone if survey else "America/Sao_Paulo",
        link=notes.link.format_map({"survey_id": key.survey_id, "answer_id": key.answer_id}) if notes.link else None,
    )
