"""The three surveys of the demo: what each asks about, of whom, and how content its customers usually are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from infra.local.demo import SURVEY as BAKERY

_OF_THE_COMPANY: Final = {
    name: BAKERY[name] for name in ("company", "legal_basis", "notice_url", "encarregado", "most_per_network", "origins")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSurvey:
    """A survey and the shape of its answers.

    `touchpoints` and `moods` (by `segment:value`) say how far, in points of the scale, an answer lies from `level`; `shares` how often
    each value comes.
    """

    settings: Mapping[str, Any]
    a_day: float
    level: float
    touchpoints: Mapping[str, float]
    moods: Mapping[str, float]
    shares: Mapping[str, Mapping[str, float]]
    days: int = 365
    spread: float = 1.9
    identified: float = 0.6
    commented: float = 0.4
    customers: int = 900
    has_release: bool = False
    has_carrier: bool = False
    has_waves: bool = False
    annotations: tuple[tuple[int, str, str], ...] = field(default=())
    """Days before the day that the story is told from, kind, text."""

    @property
    def survey_id(self) -> str:
        """Its id."""
        return str(self.settings["survey_id"])

    @property
    def name(self) -> str:
        """What people call it; what chance is drawn by, so its story is the same under any id."""
        return str(self.settings["name"])


SHOP: Final = DemoSurvey(
    settings=BAKERY | {"goal": 60},
    a_day=14.0,
    level=9.1,
    touchpoints={"website": 0.2, "checkout": 0.4, "delivery": -0.9, "support": -0.8, "renewal": 0.5},
    moods={"plan:enterprise": 0.3, "region:norte": -0.5, "region:nordeste": -0.3},
    shares={
        "touchpoint": {"checkout": 40, "delivery": 28, "support": 16, "website": 11, "renewal": 5},
        "channel": {"widget": 52, "email": 33, "page": 11, "chat": 4},
        "locale": {"pt-BR": 95, "es": 3, "en": 2},
        "plan": {"free": 58, "pro": 33, "enterprise": 9},
        "region": {"sudeste": 44, "nordeste": 24, "sul": 16, "centro-oeste": 9, "norte": 7},
    },
    has_carrier=True,
    annotations=((210, "other", "Três pessoas a mais no atendimento"), (63, "campaign", "Segunda transportadora no Norte e no Nordeste")),
)
APP: Final = DemoSurvey(
    settings=_OF_THE_COMPANY
    | {
        "survey_id": "app",
        "name": "Aplicativo Aurora em Casa",
        "locales": ["pt-BR", "en", "es"],
        "touchpoints": [
            {"key": "onboarding", "label": "Primeiros passos", "journey_stage": "discovery"},
            {"key": "order", "label": "Pedido pelo app", "journey_stage": "purchase"},
            {"key": "subscription", "label": "Assinatura", "journey_stage": "loyalty"},
        ],
        "channels": ["widget", "email"],
        "segments": [
            {"key": "plan", "values": ["free", "pro", "enterprise"]},
            {"key": "platform", "values": ["android", "ios", "web"]},
        ],
        "pairs": [["segment.plan", "segment.platform"]],
        "retention_days": 730,
        "goal": 50,
    },
    a_day=12.0,
    level=8.9,
    touchpoints={"onboarding": -0.4, "order": 0.2, "subscription": 0.1},
    moods={"plan:pro": 0.5, "platform:ios": 0.2, "platform:web": -0.2},
    shares={
        "touchpoint": {"order": 62, "onboarding": 22, "subscription": 16},
        "channel": {"widget": 85, "email": 15},
        "locale": {"pt-BR": 93, "es": 5, "en": 2},
        "plan": {"free": 45, "pro": 48, "enterprise": 7},
        "platform": {"android": 61, "ios": 31, "web": 8},
    },
    identified=0.8,
    has_release=True,
    annotations=((168, "release", "Versão 4.0 do aplicativo"), (119, "release", "Versão 4.2: corrige a assinatura do plano pro")),
)
ACCOUNTS: Final = DemoSurvey(
    settings=_OF_THE_COMPANY
    | {
        "survey_id": "empresas",
        "name": "Empresas atendidas (trimestral)",
        "locales": ["pt-BR"],
        "touchpoints": [{"key": "relationship", "label": "Relacionamento", "journey_stage": "loyalty"}],
        "channels": ["email", "page"],
        "segments": [
            {"key": "size", "values": ["small", "medium", "large"], "signed_only": True},
            {"key": "sector", "values": ["hotel", "restaurant", "office", "school"], "signed_only": True},
        ],
        "retention_days": 730,
        "count_once_per": "wave",
        "goal": 55,
    },
    a_day=3.2,
    level=9.0,
    touchpoints={},
    moods={"size:large": -0.4, "sector:hotel": 0.4, "sector:school": -0.3},
    shares={
        "touchpoint": {"relationship": 1},
        "channel": {"email": 90, "page": 10},
        "locale": {"pt-BR": 1},
        "size": {"small": 57, "medium": 31, "large": 12},
        "sector": {"restaurant": 46, "office": 26, "hotel": 17, "school": 11},
    },
    identified=1.0,
    commented=0.55,
    customers=260,
    has_waves=True,
)
SURVEYS: Final = (SHOP, APP, ACCOUNTS)
