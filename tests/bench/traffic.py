"""Answers as they come: six dimensions, and values as unevenly spread as in life."""

import json
import random
from ipaddress import IPv4Address
from itertools import count
from typing import Any, Final

from shared import dimension as dim
from shared.survey import Encarregado, LegalBasis, Segment, SurveySettings, Touchpoint

_FIRST_ADDRESS: Final = IPv4Address("10.0.0.0")
_addresses = count()
SCORES: Final = {0: 2, 1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 5, 7: 10, 8: 18, 9: 20, 10: 35}
PLAIN: Final[dict[str, dict[str, float]]] = {
    "touchpoint": {"checkout": 40, "delivery": 25, "support": 20, "website": 10, "renewal": 5},
    "channel": {"widget": 60, "email": 25, "page": 10, "chat": 5},
    "variant": {"a": 50, "b": 50},
    "locale": {"pt-BR": 90, "en": 6, "es": 4},
}
SEGMENTS: Final[dict[str, dict[str, float]]] = {
    "plan": {"free": 60, "pro": 30, "enterprise": 10},
    "region": {"sudeste": 42, "nordeste": 27, "sul": 14, "norte": 9, "centro-oeste": 8},
}
IDENTITY: Final[dict[str, float]] = {dim.IDENTIFIED: 40, dim.ANONYMOUS: 60}
DIMENSIONS: Final = PLAIN | {dim.SEGMENT + key: values for key, values in SEGMENTS.items()} | {dim.IDENTITY: IDENTITY}
"""Every dimension's values and their shares."""
SETTINGS: Final = SurveySettings(
    name="Clientes",
    company="Padaria Aurora",
    locales=("pt-BR", "en", "es"),
    touchpoints=tuple(Touchpoint(key=key, label=key.title()) for key in PLAIN["touchpoint"]),
    channels=tuple(PLAIN["channel"]),
    variants=tuple(PLAIN["variant"]),
    segments=tuple(Segment(key=key, values=tuple(values)) for key, values in SEGMENTS.items()),
    legal_basis=LegalBasis(kind="legitimate_interest", assessment="LIA-1"),
    encarregado=Encarregado(name="Helena Prado", email="encarregada@padaria-aurora.example"),
    retention_days=365,
)


def bodies(number: int, seed: int) -> list[dict[str, Any]]:
    """Bodies of anonymous answers; each seed gives always the same ones."""
    chance = random.Random(seed)
    return [
        {
            "score": _one_of(SCORES, chance),
            **{name: _one_of(shares, chance) for name, shares in PLAIN.items()},
            "segments": {name: _one_of(shares, chance) for name, shares in SEGMENTS.items()},
        }
        for _ in range(number)
    ]


def commented(plain: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same answers, each with a comment of a usual length, none like another."""
    text = "A entrega atrasou dois dias, mas o atendimento resolveu rápido e foi muito atencioso. Compraria outra vez"
    return [body | {"comment": f"{text}, pela {number}ª vez."} for number, body in enumerate(plain)]


def post_event(survey_id: str, body: dict[str, Any], source_ip: str | None = None) -> dict[str, Any]:
    """The POST of an answer as API Gateway hands it over (payload v2), from an address of its own unless one is given."""
    source_ip = source_ip or str(_FIRST_ADDRESS + next(_addresses))
    path = f"/v1/surveys/{survey_id}/answers"
    route = "POST /v1/surveys/{survey_id}/answers"
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "accept": "*/*", "user-agent": "Mozilla/5.0", "host": "api.example"},
        "pathParameters": {"survey_id": survey_id},
        "requestContext": {
            "apiId": "api",
            "domainName": "api.example",
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": source_ip, "userAgent": "Mozilla/5.0"},
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": route,
            "stage": "$default",
            "timeEpoch": 1_700_000_000_000,
        },
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


def _one_of[Value](shares: dict[Value, float] | dict[Value, int], chance: random.Random) -> Value:
    return chance.choices(list(shares), list(shares.values()))[0]
