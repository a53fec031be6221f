"""A store that is busy for a moment: whoever asks is told to send the same again, and does."""

from typing import Never

import pytest

from functions.privacy.refusing import BUSY
from shared.api.privacy_routes import ERASURES, REQUEST_PAGE
from shared.store.privacy_requests import PrivacyRequests
from tests.integration.privacy_house import PrivacyHouse

MARIA = "maria@cliente.example"


def raising(error: type[Exception]) -> Never:
    raise error


@pytest.mark.parametrize("error", BUSY, ids=lambda error: error.__name__)
def test_the_controller_is_asked_to_wait_and_succeeds_then(
    house: PrivacyHouse, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    house.people.add("p-maria", email=MARIA)
    body = {"email": MARIA, "reason": "Protocolo 7"}
    with monkeypatch.context() as patch:
        patch.setattr(type(house.ledger), "open", lambda *_: raising(error))
        refused = house.control(f"POST {ERASURES}", body)
        assert (refused.status, refused.problem) == (503, "too-busy")
        assert MARIA not in refused.text
    assert house.control(f"POST {ERASURES}", body).status == 202


@pytest.mark.parametrize("error", BUSY, ids=lambda error: error.__name__)
def test_a_data_subject_is_asked_to_wait_by_the_api_and_by_the_page(
    house: PrivacyHouse, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    house.people.add("p-maria", email=MARIA)
    request_id = house.ask(MARIA, "deletion").body["request_id"]
    house.work()
    monkeypatch.setattr(PrivacyRequests, "try_code", lambda *_: raising(error))
    refused = house.confirm(request_id, house.code())
    assert (refused.status, refused.problem) == (503, "too-busy")
    page = house.browse(f"POST {REQUEST_PAGE}", {"code": house.code(), "lang": "pt-BR"}, request_id=request_id)
    assert page.status == 503
    assert "Tente de novo" in page.text
