"""From what is to be told to the letter that tells it."""

from collections.abc import Mapping
from typing import Final, assert_never

from shared.alerts.compose.letter import BETWEEN, PRODUCT, About, Entry, Fact, Letter, Tone
from shared.alerts.compose.messages import ChannelChallenge, ChannelDisabled, ChannelTest, Digest, Notice, SubjectErased, Told
from shared.alerts.compose.moments import moment, short_moment
from shared.alerts.content import AlertContent, AlertKind
from shared.alerts.neutral import clean, cut, flat, safe_link, unlinked
from shared.scoring import NpsClass
from shared.survey import Locale
from shared.texts.alerts import AnswerTexts, NoticeTexts, alert_texts

LONGEST_NAME: Final = 120
LONGEST_PERSON: Final = 60
LONGEST_FACT: Final = 254
LONGEST_SEGMENTS: Final = 900
LONGEST_EXCERPT: Final = 200


def letter_of(told: Told) -> Letter:
    """The letter that says it."""
    match told:
        case AlertContent():
            return _about_answer(told)
        case Digest():
            return _digest(told)
        case ChannelTest():
            return _notice(told, "🔔", _filled(alert_texts(told.locale).test, company=_company(told)))
        case ChannelChallenge():
            return _notice(told, "🔑", _filled(alert_texts(told.locale).challenge, company=_company(told)), flat(told.code))
        case ChannelDisabled():
            return _notice(told, "⚠️", _disabled(told))
        case SubjectErased():
            return _erased(told)
        case _:
            assert_never(told)


def wording_of(content: AlertContent) -> AnswerTexts:
    """The words for one alert: a withdrawn one tells whether a better score, a newer answer or nothing took its place."""
    texts = alert_texts(content.locale)
    if content.kind is AlertKind.WITHDRAWN:
        if content.score is not None:
            return texts.improved
        return texts.replaced if content.replaced else texts.withdrawn
    return texts.comment_added if content.kind is AlertKind.COMMENT_ADDED else texts.detractor


def survey_of(content: AlertContent) -> str:
    """The survey's name, or its id where nothing of the name can be shown."""
    return cut(flat(content.survey_name), LONGEST_NAME) or content.survey_id


def filling_of(content: AlertContent) -> dict[str, str]:
    """What an alert's texts are filled in with."""
    texts = alert_texts(content.locale)
    return {
        "score": "" if content.score is None else str(content.score),
        "class": texts.classes[content.nps_class] if content.nps_class else "",
        "who": _stranger(content.person.first_name, LONGEST_PERSON) or texts.somebody,
        "company": cut(flat(content.company), LONGEST_NAME) or survey_of(content),
    }


_LOOKS: Final[Mapping[AlertKind, tuple[Tone, str]]] = {
    AlertKind.DETRACTOR: (Tone.ALARM, "🔴"),
    AlertKind.COMMENT_ADDED: (Tone.WORD, "💬"),
}


def _about_answer(content: AlertContent) -> Letter:
    wording, filling = wording_of(content), filling_of(content)
    better = content.nps_class not in {None, NpsClass.DETRACTOR}
    tone, emoji = _LOOKS.get(content.kind, (Tone.CALM, "🟢" if better else "⚪"))
    quote = content.person.comment
    return Letter(
        locale=content.locale,
        tone=tone,
        emoji=emoji,
        title=wording.title.format(**filling),
        lead=wording.lead.format(**filling),
        at=content.answered_at,
        footer=_footer(content.company),
        next_step=wording.next_step,
        facts=_facts(content),
        quote=(unlinked(clean(quote)) or None) if quote else None,
        link=safe_link(content.link),
    )


def _facts(content: AlertContent) -> tuple[Fact, ...]:
    values = {
        About.SURVEY: survey_of(content),
        About.TOUCHPOINT: _touchpoint(content),
        About.ANSWERED_AT: moment(content.answered_at, content.time_zone, content.locale),
        About.FIRST_NAME: _stranger(content.person.first_name, LONGEST_NAME),
        About.EMAIL: _stranger(content.person.email, LONGEST_FACT),
        About.CUSTOMER_ID: _stranger(content.person.customer_id, LONGEST_NAME),
        About.SEGMENTS: _segments(content.segments),
    }
    labels = alert_texts(content.locale).labels
    return tuple(Fact(about, getattr(labels, about), value) for about, value in values.items() if value)


def _touchpoint(content: AlertContent) -> str:
    touched = content.touchpoint
    if touched is None:
        return ""
    label = cut(flat(touched.label), LONGEST_NAME) or touched.key
    stage = cut(flat(touched.journey_stage or ""), LONGEST_NAME)
    return f"{label} ({stage})" if stage else label


def _segments(segments: Mapping[str, str]) -> str:
    pairs = (f"{cut(flat(key), LONGEST_NAME)}: {cut(flat(value), LONGEST_NAME)}" for key, value in segments.items())
    return cut(BETWEEN.join(pairs), LONGEST_SEGMENTS)


def _stranger(text: str | None, longest: int) -> str:
    return cut(unlinked(flat(text)), longest) if text else ""


def _footer(company: str) -> str:
    named = cut(flat(company), LONGEST_NAME)
    return f"{named}{BETWEEN}{PRODUCT}" if named else PRODUCT


def _digest(digest: Digest) -> Letter:
    texts = alert_texts(digest.locale).digest
    count = len(digest.alerts)
    surveys = {alert.survey_id for alert in digest.alerts}
    companies = {alert.company for alert in digest.alerts}
    return Letter(
        locale=digest.locale,
        tone=Tone.ALARM,
        emoji="📋",
        title=texts.title_one if count == 1 else texts.title_many.format(count=count),
        lead=survey_of(digest.alerts[0]) if len(surveys) == 1 else "",
        at=digest.at,
        footer=_footer(digest.alerts[0].company if len(companies) == 1 else ""),
        next_step=texts.next_step,
        entries=tuple(_entry(alert, digest.locale, named=len(surveys) > 1) for alert in digest.alerts),
    )


def _entry(content: AlertContent, locale: Locale, *, named: bool) -> Entry:
    texts = alert_texts(locale).digest
    title = texts.entry_withdrawn if content.score is None else texts.entry.format(score=content.score)
    where = (title, survey_of(content) if named else "", _touchpoint(content))
    detail = (short_moment(content.answered_at, content.time_zone, locale), _stranger(content.person.first_name, LONGEST_PERSON))
    quote = flat(content.person.comment) if content.person.comment else ""
    return Entry(
        title=BETWEEN.join(filter(None, where)),
        detail=BETWEEN.join(filter(None, detail)),
        quote=cut(unlinked(quote), LONGEST_EXCERPT) or None,
        link=safe_link(content.link),
    )


def _erased(told: SubjectErased) -> Letter:
    texts = alert_texts(told.locale).erased
    return Letter(
        locale=told.locale,
        tone=Tone.WORD,
        emoji="🧹",
        title=texts.title,
        lead=texts.lead,
        at=told.at,
        footer=_footer(told.company),
        next_step=texts.next_step,
        entries=tuple(
            Entry(
                title=cut(flat(answer.survey_name), LONGEST_NAME) or answer.survey_id,
                detail=short_moment(answer.answered_at, answer.time_zone, told.locale),
                quote=None,
                link=safe_link(answer.link),
            )
            for answer in told.answers
        ),
    )


def _notice(notice: Notice, emoji: str, texts: NoticeTexts, code: str | None = None) -> Letter:
    return Letter(
        locale=notice.locale,
        tone=Tone.PLAIN,
        emoji=emoji,
        title=texts.title,
        lead=texts.lead,
        at=notice.at,
        footer=_footer(notice.company),
        next_step=texts.next_step,
        facts=_channel(notice),
        code=code,
    )


def _filled(texts: NoticeTexts, **filling: str) -> NoticeTexts:
    return NoticeTexts(title=texts.title, lead=texts.lead.format(**filling), next_step=texts.next_step)


def _disabled(notice: ChannelDisabled) -> NoticeTexts:
    texts = alert_texts(notice.locale).disabled
    since = moment(notice.failing_since or notice.at, notice.time_zone, notice.locale)
    lead = texts.lead_gone if notice.reason == "gone" else texts.lead_failing.format(since=since)
    return NoticeTexts(title=texts.title, lead=lead, next_step=texts.next_step)


def _company(notice: Notice) -> str:
    return cut(flat(notice.company), LONGEST_NAME) or PRODUCT


def _channel(notice: Notice) -> tuple[Fact, ...]:
    name = cut(flat(notice.channel_name), LONGEST_NAME) or notice.channel_id
    return (Fact(About.CHANNEL, alert_texts(notice.locale).labels.channel, name),)
