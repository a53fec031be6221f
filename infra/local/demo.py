"""The survey `demo` that a local deployment starts with, made over the public API as any customer would make it."""

from http import HTTPStatus
from typing import Any, Final

from infra.local.stack import Response, Stack

SURVEY: Final[dict[str, Any]] = {
    "survey_id": "demo",
    "name": "Clientes da Padaria Aurora",
    "company": "Padaria Aurora",
    "locales": ["pt-BR", "en", "es"],
    "touchpoints": [
        {"key": "website", "label": "Site", "journey_stage": "discovery"},
        {"key": "checkout", "label": "Compra", "journey_stage": "purchase"},
        {"key": "delivery", "label": "Entrega", "journey_stage": "delivery"},
        {"key": "support", "label": "Atendimento", "journey_stage": "support"},
        {"key": "renewal", "label": "Renovação", "journey_stage": "loyalty"},
    ],
    "channels": ["widget", "page", "email", "chat"],
    "segments": [
        {"key": "plan", "values": ["free", "pro", "enterprise"]},
        {"key": "region", "values": ["norte", "nordeste", "centro-oeste", "sudeste", "sul"]},
    ],
    "origins": ["http://localhost:8000", "http://127.0.0.1:8000"],
    "legal_basis": {"kind": "legitimate_interest", "assessment": "LIA-2026-01"},
    "notice_url": "https://padaria-aurora.example/privacidade",
    "encarregado": {"name": "Helena Prado", "email": "encarregada@padaria-aurora.example"},
    "retention_days": 365,
    "most_per_network": None,  # on a developer's machine everybody answers from the same network
}


class DemoSurveyError(Exception):
    """The API refused the demo survey; the message has its answer."""


def make_demo_survey(stack: Stack) -> bool:
    """Make and open the survey unless it is there and open already; return whether there was anything to do."""
    path = f"/v1/surveys/{SURVEY['survey_id']}"
    found = stack.request("GET", path, key=stack.api_key)
    if found.status == HTTPStatus.OK and found.json()["status"] == "open":
        return False
    if found.status == HTTPStatus.NOT_FOUND:
        _expect(HTTPStatus.CREATED, stack.request("POST", "/v1/surveys", SURVEY, key=stack.api_key))
    _expect(HTTPStatus.OK, stack.request("POST", f"{path}/open", key=stack.api_key))
    return True


def _expect(status: HTTPStatus, answer: Response) -> None:
    if answer.status != status:
        raise DemoSurveyError(f"the demo survey was refused: {answer.status} {answer.body.decode()}")
