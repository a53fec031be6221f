"""Alerts for tests: a typical one, and hostile ones of every kind."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from shared.alerts.compose import ChannelChallenge, ChannelDisabled, ChannelTest, Digest, SubjectErased
from shared.alerts.compose.messages import ErasedAnswer, Told
from shared.alerts.content import AlertContent, AlertKind, Person, Touched
from shared.scoring import NpsClass
from shared.survey import Locale

LOCALES: Final[Sequence[Locale]] = ("pt-BR", "en", "es")
NOW: Final = datetime(2026, 3, 14, 19, 0, tzinfo=UTC)
MARK: Final = "zq9"
"""Stands in everything that a stranger typed, to see where it ends up."""

TYPICAL: Final = AlertContent(
    kind=AlertKind.DETRACTOR,
    message_id="msg_4uyxbqk6d3s2lqk5c2m7vt5rka",
    survey_id="pos-compra",
    survey_name="Pós-compra",
    company="Padaria do Zé & Filhos",
    locale="pt-BR",
    time_zone="America/Sao_Paulo",
    answer_id="0195960f-3f80-7c3a-9d2e-6f1f4b9a7c11",
    revision=2,
    score=3,
    nps_class=NpsClass.DETRACTOR,
    answered_at=datetime(2026, 3, 14, 18, 4, 9, tzinfo=UTC),
    touchpoint=Touched(key="delivery", label="Entrega", journey_stage="uso"),
    segments={"plano": "pro", "regiao": "sul"},
    link="https://console.example.com/answers/pos-compra/0195960f-3f80-7c3a-9d2e-6f1f4b9a7c11",
    person=Person(
        comment="A entrega atrasou duas semanas e ninguém avisou.\nQuero falar com alguém: [TELEFONE].",
        first_name="Ana",
        email="ana@example.com",
        customer_id="C-1042",
    ),
)
WITHOUT_PERSON: Final = dataclasses.replace(TYPICAL, person=Person())

hostile = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
"""For tests over hostile texts: they are long, and a busy machine is no failure."""

CORPUS: Final = (
    "*bold* _italic_ ~strike~ `code` ```block``` ||spoiler|| **strong** __under__ > quote\n# heading\n- item\n1. one\n-# small",
    "@channel @here @everyone <!channel> <!here|here> <!subteam^S123> <@U123ABC> <#C123ABC|general> <users/all> <users/123>",
    "<at>General</at> {{DATE(2026-03-14T18:04:09Z, SHORT)}} ${user.name} @{triggerBody()} {0}%s{who}{survey}",
    "[click here](https://evil.example.com/login) <https://evil.example.com|bank> https://e.com www.evil.com evil.com/x bit.ly/x",
    "http://user:pass@10.0.0.1:8080/a?b=c#d javascript:alert(1) data:text/html,x mailto:a@b.c tel:+5511987654321 HtTpS://EVIL.COM",
    "<script>alert(1)</script><img src=x onerror=alert(1)><a href='https://evil.com'>x</a><b>b</b></b><br>&lt;i&gt; &amp; &#60; &",
    "\x00\x01\x07\x08\x1b[31mred\x1b[0m\x7f\x85\x9f tab\tvertical\x0bform\x0c",
    "\u202egnp.exe\u202c \u2066isolate\u2069 \u200f\u200e\u061c \u05d0\u05d1\u05d2 \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "zero\u200bwidth\u200cjoin\u2060ers\ufeff soft\xadhyphen \u3164\u115f\u2800 \U000e0041\U000e0042\U000e007f \ue000 \ufffe",
    "\ud83d lone \udc00 \ud83d\ude00 pair",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f44d\U0001f3fd \U0001f1e7\U0001f1f7 \u2764\ufe0f 1\ufe0f\u20e3 " * 40,
    "Z" + "\u0301\u0302\u0303\u0304" * 200 + " e\u0301",
    "Subject: x\r\nBcc: everybody@example.com\r\n\r\nbody\u2028line\u2029paragraph",
    "linha\n" * 800,
    "&<>\"'" * 1_000,
    "\\" * 2_500 + "*" * 2_500,
    "\U0001f600" * 5_000,
    "\u4e16\u754c" * 2_500,
    "a" * 5_000,
    "a " * 2_500,
    "[[[((( ]](https://x.com) " * 200,
    '"}]}],"channel":"#general","text":"<!channel>',
    "' OR 1=1; -- \" \\u0000 \\n",
    "\n\n \t \u00a0",
    "",
)

_UNSEEN: Final = "\u200b\u202e\u200d\ufe0f\u0301\ud83d\ude00\U0001f3fb\U0001f1e7"
_odd = st.text(
    st.one_of(st.characters(), st.sampled_from("*_~`|[]()<>@#-+.&\\/:'\"\n\r \x00"), st.sampled_from(_UNSEEN)),
    max_size=300,
)
_texts = st.one_of(st.sampled_from(CORPUS), _odd, st.builds(lambda text, times: text * times, _odd, st.integers(1, 40)))
marked = _texts.map(lambda text: MARK + text)
"""What a stranger typed."""
_named = st.one_of(_texts.map(lambda text: text[:300]), st.just("Pós-compra"))
_keys = st.from_regex(r"\A[a-z][a-z0-9_-]{0,39}\Z")
_values = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,39}\Z")
_links = st.one_of(st.none(), st.just(TYPICAL.link), st.just("https://c.example.com/" + "a" * 950), st.sampled_from(CORPUS))
_instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
_touched = st.builds(Touched, key=_keys, label=_named, journey_stage=st.none() | _keys)
_people = st.builds(
    Person, comment=st.none() | marked, first_name=st.none() | marked, email=st.none() | marked, customer_id=st.none() | marked
)
_scored = st.one_of(
    st.tuples(st.integers(0, 6), st.just(NpsClass.DETRACTOR), st.sampled_from([AlertKind.DETRACTOR, AlertKind.COMMENT_ADDED])),
    st.tuples(st.integers(7, 8), st.just(NpsClass.PASSIVE), st.just(AlertKind.WITHDRAWN)),
    st.tuples(st.none(), st.none(), st.just(AlertKind.WITHDRAWN)),
)


@st.composite
def alerts(draw: st.DrawFn, /, **given: Any) -> AlertContent:  # noqa: ANN401 - whatever an alert has
    """One alert about one answer, with hostile texts wherever somebody may have typed one."""
    score, nps_class, kind = draw(_scored)
    drawn = AlertContent(
        kind=kind,
        message_id=TYPICAL.message_id,
        survey_id=draw(st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,39}\Z")),
        survey_name=draw(_named),
        company=draw(_named),
        locale=draw(st.sampled_from(LOCALES)),
        time_zone=draw(st.sampled_from(["America/Sao_Paulo", "Asia/Kolkata", "UTC", "Pacific/Chatham"])),
        answer_id=TYPICAL.answer_id,
        revision=draw(st.integers(1, 1_000_000)),
        score=score,
        nps_class=nps_class,
        answered_at=draw(_instants),
        touchpoint=draw(st.none() | _touched),
        segments=draw(st.dictionaries(_keys, _values, max_size=20)),
        link=draw(_links),
        person=draw(_people),
    )
    return dataclasses.replace(drawn, **given)


digests = st.builds(
    Digest,
    message_id=st.just("msg_digest"),
    locale=st.sampled_from(LOCALES),
    at=_instants,
    alerts=st.one_of(
        st.lists(alerts(), min_size=1, max_size=5),
        st.builds(lambda alert, times: [alert] * times, alerts(), st.integers(1, 300)),
    ),
)
_by_strangers = alerts(survey_name="Pós-compra", company="Padaria", touchpoint=None)
told_by_strangers: st.SearchStrategy[Told] = st.one_of(
    _by_strangers,
    st.builds(
        Digest,
        message_id=st.just("msg_digest"),
        locale=st.sampled_from(LOCALES),
        at=_instants,
        alerts=st.lists(_by_strangers, min_size=1, max_size=5),
    ),
)
"""Where only what strangers typed is hostile: managers may well call a company by its address."""
_channel = {
    "message_id": st.just("msg_notice"),
    "locale": st.sampled_from(LOCALES),
    "at": _instants,
    "company": _named,
    "channel_id": st.just("ch_abcdefghijklmnop"),
    "channel_name": _named,
}
disabled = st.builds(ChannelDisabled, **_channel, reason=st.sampled_from(["gone", "failing"]), failing_since=st.none() | _instants)
notices = st.one_of(
    st.builds(ChannelTest, **_channel),
    st.builds(ChannelChallenge, **_channel, code=st.from_regex(r"\A[0-9]{6}\Z")),
    disabled,
)
_erased_answers = st.builds(
    ErasedAnswer,
    survey_id=st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,39}\Z"),
    survey_name=_named,
    answer_id=st.just(TYPICAL.answer_id),
    answered_at=_instants,
    time_zone=st.sampled_from(["America/Sao_Paulo", "Asia/Kolkata"]),
    link=_links,
)
erasures = st.builds(
    SubjectErased,
    message_id=st.just("msg_erased"),
    locale=st.sampled_from(LOCALES),
    at=_instants,
    company=_named,
    answers=st.one_of(
        st.lists(_erased_answers, min_size=1, max_size=5),
        st.builds(lambda answer, times: [answer] * times, _erased_answers, st.integers(1, 600)),
    ),
)
told: st.SearchStrategy[Told] = st.one_of(alerts(), alerts(), digests, notices, erasures)


def every_corpus_alert() -> list[AlertContent]:
    """Each text of the corpus in every place at once, and 20 long segments."""
    return [
        dataclasses.replace(
            TYPICAL,
            survey_name=text,
            company=text,
            touchpoint=Touched(key="delivery", label=text, journey_stage="uso"),
            segments={f"k{number}" + "x" * 38: "v" * 40 for number in range(20)},
            person=Person(comment=MARK + text, first_name=MARK + text, email=MARK + text, customer_id=MARK + text),
        )
        for text in CORPUS
    ]
