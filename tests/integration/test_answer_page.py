"""The page `/s/{survey_id}` without scripts: what it shows, what its form keeps, and that reading it keeps nothing."""

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import pytest
from msgspec import structs

from functions.pages.composition import compose
from functions.pages.rendering import texts
from infra.local.demo import SURVEY as DEMO
from shared import answer_id as ids
from shared.api.messages import LONGEST_COMMENT
from shared.api.page_routes import ANSWER_PAGE
from shared.scoring import NpsClass
from shared.survey import Encarregado, LegalBasis, Locale, Survey, SurveyStatus, Theme
from shared.texts import standard, ui_of
from tests.integration.asking import items, keep, survey_of, unsealed
from tests.integration.page_visits import OpenPage, fetch, post

pytestmark = pytest.mark.usefixtures("aws", "survey")
INVITATION: Final = "Aa0_-Bb1Cc2Dd3Ee4Ff5Gg"
HOSTILE: Final = '"><script>alert(1)</script>'
CONSENT: Final = LegalBasis(kind="consent", consent_version="v 1", consent_text={"pt-BR": "Autorizo <b>guardar</b>."})


def with_settings(survey_id: str = "demo", **settings: Any) -> Survey:  # noqa: ANN401 - any setting
    survey = survey_of(survey_id)
    given = {"locales": ("pt-BR", "en", "es"), "encarregado": Encarregado(name="Helena", email="dados@loja.example")}
    return keep(structs.replace(survey, settings=structs.replace(survey.settings, **given | settings)))


@pytest.fixture
def survey(aws: None) -> Survey:  # noqa: ARG001 - what it is kept in
    return with_settings()


def comments() -> list[str]:
    return [unsealed(item)["text"] for item in items("people_table") if "text" in item]


def test_without_scripts_a_score_a_comment_and_the_thanks_are_one_answer() -> None:
    asked = OpenPage.at(touchpoint="checkout")
    more = asked.send("score", score="4")
    assert ui_of(survey_of(), "pt-BR")["saved"].replace("{n}", "4") in more.reply.text
    assert standard("pt-BR").follow_up[NpsClass.DETRACTOR] in more.reply.text
    thanks = more.send("finish", comment="Demorou\r\nmuito")
    assert standard("pt-BR").thanks in thanks.reply.text
    assert "<form" not in thanks.reply.text
    [answer] = items("answers_table")
    assert answer["score"] == {"N": "4"}
    assert "finished" in answer
    dimensions = {name: value["S"] for name, value in answer["dimensions"]["M"].items()}
    assert dimensions == {"touchpoint": "checkout", "channel": "page", "locale": "pt-BR", "identity": "anonymous"}
    assert comments() == ["Demorou\nmuito"]


def test_every_step_may_be_sent_again_and_changes_the_one_answer() -> None:
    asked = OpenPage.at()
    asked.send("score", score="9")
    more = asked.send("score", score="3")  # the browser's way back, and another score
    more.send("finish", comment="Um")
    more.send("finish", comment="Dois", score="5")
    more.send("finish", comment="", score="5")
    [answer] = items("answers_table")
    assert answer["score"] == {"N": "5"}
    assert comments() == []


@pytest.mark.parametrize("locale", ["pt-BR", "en", "es"])
@pytest.mark.parametrize("asked_by", ["parameter", "browser"])
def test_each_language_is_whole(locale: Locale, asked_by: str) -> None:
    page = OpenPage.at(locale=locale) if asked_by == "parameter" else OpenPage.at(language=f"fr, {locale};q=0.9, pt;q=0.1")
    text = page.reply.text
    assert f'<html lang="{locale}">' in text
    assert standard(locale).question.replace("{company}", "Loja") in text
    assert texts(locale)["send_score"] in text
    assert texts(locale)["finish"] in text
    words = ui_of(survey_of(), locale)
    assert words["purpose"] in text
    assert words["notice"] in text
    assert f'href="../privacidade?lang={locale}"' in text
    assert 'href="mailto:dados@loja.example"' in text
    assert texts(locale).keys() == texts("pt-BR").keys()
    assert texts(locale)["problems"].keys() == texts("pt-BR")["problems"].keys()
    assert texts(locale)["none"].keys() == texts("pt-BR")["none"].keys()


def test_a_language_that_the_survey_does_not_speak_gives_its_own() -> None:
    with_settings(locales=("en",), default_locale="en")
    assert '<html lang="en">' in OpenPage.at(locale="es", language="pt").reply.text


def test_the_notice_is_the_surveys_own_where_it_has_one() -> None:
    with_settings(notice_url="https://loja.example/aviso")
    assert 'href="https://loja.example/aviso"' in OpenPage.at().reply.text


def test_headers_let_nothing_in_and_nothing_out() -> None:
    reply = fetch(query={"score": "9", "t": INVITATION})
    policy = dict(part.split(" ", 1) for part in reply.headers["content-security-policy"].split("; "))
    inline = re.findall(r"<style>(.*?)</style>", reply.text, re.DOTALL)
    [script] = re.findall(r"<script>(.*?)</script>", reply.text, re.DOTALL)
    hashes = [f"'sha256-{b64encode(sha256(each.encode()).digest()).decode()}'" for each in (*inline, script)]
    assert policy == {
        **dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'"),
        **dict.fromkeys(("form-action", "connect-src"), "'self'"),
        "img-src": "data:",
        "style-src": " ".join(hashes[:-1]),
        "script-src": f"'self' {hashes[-1]}",
    }
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["x-robots-tag"] == "noindex, nofollow"
    assert {"permissions-policy", "strict-transport-security", "cross-origin-opener-policy"} <= reply.headers.keys()
    assert "style=" not in reply.text
    assert not re.search(r'(src|href|action)="(https?:)?//', reply.text.replace("http://www.w3.org/2000/svg", ""))


def test_it_says_what_it_is_to_whoever_shows_the_link() -> None:
    text = OpenPage.at().reply.text
    assert f'<meta property="og:title" content="{standard("pt-BR").question.replace("{company}", "Loja")}">' in text
    assert '<meta property="og:site_name" content="Loja">' in text
    assert '<meta property="og:locale" content="pt_BR">' in text


@pytest.mark.parametrize("route", [f"GET {ANSWER_PAGE}", f"HEAD {ANSWER_PAGE}"])
def test_reading_a_score_link_keeps_nothing(route: str) -> None:
    before = {table: items(table) for table in ("answers_table", "people_table", "registry_table")}
    for score in range(11):
        assert fetch(route, query={"score": str(score), "t": INVITATION}).status == 200
    assert {table: items(table) for table in before} == before


def test_the_head_of_a_page_has_no_body() -> None:
    assert fetch(f"HEAD {ANSWER_PAGE}").text == ""


def test_a_score_link_shows_its_score_and_asks_to_confirm_it() -> None:
    asked = OpenPage.at(score="9", t=INVITATION)
    assert texts("pt-BR")["confirm"].replace("{n}", "9") in asked.reply.text
    assert asked.fields["score"] == "9"
    asked.send("score")
    [answer] = items("answers_table")
    assert answer["score"] == {"N": "9"}
    assert answer["dimensions"]["M"]["channel"] == {"S": "email"}


@pytest.mark.parametrize("score", ["11", "-1", "9.0", "٩", "", "9 ", HOSTILE])
def test_a_score_that_is_none_chooses_nothing(score: str) -> None:
    page = OpenPage.at(score=score, touchpoint=HOSTILE, channel=HOSTILE)
    assert "score" not in page.fields
    assert "alert(1)</script>" not in page.reply.text
    refused = page.send("score", comment="Fica")
    assert refused.reply.status == 422
    assert texts("pt-BR")["problems"]["no_score"] in refused.reply.text
    assert items("answers_table") == []


def test_what_was_typed_is_kept_where_it_is_too_long() -> None:
    more = OpenPage.at().send("score", score="9")
    long = "ã" * (LONGEST_COMMENT + 1)
    refused = more.send("finish", comment=long)
    assert refused.reply.status == 422
    assert refused.fields["comment"] == long
    assert refused.send("finish", comment="\U0001f35e" * LONGEST_COMMENT).reply.status == 200
    assert comments() == ["\U0001f35e" * LONGEST_COMMENT]


def test_hostile_words_come_back_as_words() -> None:
    more = OpenPage.at().send("score", score="9")
    refused = more.send("finish", comment="</textarea>" + HOSTILE + "x" * LONGEST_COMMENT)
    assert "<script>alert" not in refused.reply.text


def test_a_page_left_open_for_a_season_still_takes_the_answer() -> None:
    old = ids.mint(datetime.now(UTC) - timedelta(days=90), 1)
    more = OpenPage.at().send("score", score="8", answer_id=old)
    assert more.reply.status == 200
    assert more.fields["answer_id"] != old
    more.send("finish")
    [answer] = items("answers_table")
    assert answer["sk"]["S"] == more.fields["answer_id"]


def test_a_ticket_that_is_anothers_takes_nothing_and_a_new_one_is_given() -> None:
    taken = OpenPage.at().send("score", score="9").fields["answer_id"]
    refused = OpenPage.at().send("score", score="1", answer_id=taken)
    assert refused.reply.status == 409
    assert (refused.fields["score"], texts("pt-BR")["problems"]["again"] in refused.reply.text) == ("1", True)
    refused.send("score")
    assert sorted(answer["score"]["N"] for answer in items("answers_table")) == ["1", "9"]


@pytest.mark.parametrize("body", ["score=%FF", "score=9&comment=%00", "&".join(f"a{n}=1" for n in range(21))])
def test_what_is_no_form_of_ours_is_refused_in_a_page(body: str) -> None:
    refused = post(body)
    assert (refused.status, texts("en")["none"]["unreadable"]["title"] in refused.text or "Não entendemos" in refused.text) == (400, True)


@pytest.mark.parametrize("headers", [{"content-type": "text/plain"}, {"content-type": "multipart/form-data; boundary=x"}])
def test_another_kind_of_body_is_refused_in_a_page(headers: dict[str, str]) -> None:
    assert post("score=9", headers).status == 400


def test_an_unknown_survey_a_draft_and_a_closed_one_have_kind_pages() -> None:
    keep(survey_of("rascunho", status=SurveyStatus.DRAFT))
    keep(survey_of("fim", status=SurveyStatus.CLOSED))
    for survey_id, status, kind in (("nada", 404, "unknown"), ("rascunho", 404, "unknown"), ("fim", 410, "closed")):
        page = OpenPage.at(survey_id)
        assert (page.reply.status, texts("pt-BR")["none"][kind]["title"] in page.reply.text) == (status, True)
        assert "<form" not in page.reply.text


def test_a_survey_that_closed_meanwhile_says_so() -> None:
    asked = OpenPage.at()
    keep(survey_of(status=SurveyStatus.CLOSED))
    compose.cache_clear()  # as after what it remembers of surveys has aged
    page = asked.send("score", score="9")
    assert (page.reply.status, texts("pt-BR")["none"]["closed"]["title"] in page.reply.text) == (409, True)


def test_before_consent_the_form_holds_the_invitation_in_the_box_alone() -> None:
    with_settings(legal_basis=CONSENT)
    page = OpenPage.at(score="9", t=INVITATION)
    assert "t" not in page.fields
    assert "consent" not in page.fields
    assert INVITATION not in " ".join(page.fields.values())
    assert f'name="consent" value="{INVITATION} v 1"' in page.reply.text
    assert "Autorizo &lt;b&gt;guardar&lt;/b&gt;." in page.reply.text
    again = page.send("score", consent=f"{INVITATION} v 1")
    assert again.fields["consent"] == f"{INVITATION} v 1"


def test_a_kiosk_starts_again_by_itself_and_knows_no_invitation() -> None:
    page = OpenPage.at(kiosk="1", t=INVITATION, touchpoint="checkout")
    assert INVITATION not in page.reply.text
    thanks = page.send("score", score="9").send("finish")
    assert re.search(r'http-equiv="refresh" content="8; url=demo\?[^"]*kiosk=1', thanks.reply.text)
    [answer] = items("answers_table")
    assert answer["dimensions"]["M"]["channel"] == {"S": "page"}  # the survey declares no channel of kiosks


def test_the_address_of_the_qr_code_is_the_pages() -> None:
    reply = fetch("GET /s/{survey_id}/qr.svg", query={"touchpoint": "checkout", "t": INVITATION, "score": "9"})
    assert reply.headers["content-type"] == "image/svg+xml"
    assert "<title>https://nps.example/s/demo?touchpoint=checkout</title>" in reply.text
    assert fetch("GET /s/{survey_id}/qr.svg", survey_id="nada").status == 404


@pytest.mark.parametrize("colour", ["#ffd500", "#000000", "#ffffff", "#0b5fff"])
@pytest.mark.parametrize("dark", ["auto", "always", "never"])
def test_colours_come_as_the_theme_says(colour: str, dark: Any) -> None:  # noqa: ANN401 - a literal
    with_settings(theme=Theme(colour=colour, dark=dark))
    text = OpenPage.at().reply.text
    assert ("color-scheme:dark" in text) == (dark != "never")
    assert ("color-scheme:light" in text) == (dark != "always")


def test_nothing_personal_is_logged(logged: Callable[[], str]) -> None:
    OpenPage.at(score="9", t=INVITATION).send("score").send("finish", comment="Maria gostou")
    assert INVITATION not in logged()
    assert "Maria" not in logged()


def test_links_that_are_only_fetched_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    fetch(query={"score": "9"})
    fetch(query={"score": "9"}, headers={"sec-purpose": "prefetch;prerender"})
    fetch(f"HEAD {ANSWER_PAGE}", query={"score": "9"})
    fetch()
    said = capsys.readouterr().out
    assert (said.count('"ScoreLinksFetched":[1.0]'), said.count('"ScoreLinksSuspect":[1.0]')) == (3, 2)


def test_the_demo_survey_can_be_answered_on_its_page() -> None:
    assert "page" in DEMO["channels"]
