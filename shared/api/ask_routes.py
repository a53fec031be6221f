"""The routes of asking: displays that pages count, whether a person may be asked, personal links and the e-mail with the question."""

from typing import Final

from shared.access import Scope
from shared.api import problem as p
from shared.api.asking_messages import AskView, AskWhom, Displays, EmailFragment, LinksMade, NewLinks, Nothing
from shared.api.route import BODY, Parameter, Route

_SURVEY: Final = "/v1/surveys/{survey_id}"
DISPLAYS: Final = f"{_SURVEY}/displays"
ASKING: Final = f"{_SURVEY}/asking"
LINKS: Final = f"{_SURVEY}/links"
EMAIL: Final = f"{_SURVEY}/email"

ASK_ROUTES: Final = (
    Route(
        method="POST",
        path=DISPLAYS,
        function="collect",
        scope=None,
        summary="Count that the question was shown, dismissed or answered. Nothing about a visitor is sent or kept",
        request=Displays,
        responses={202: Nothing},
        refusals=(*BODY, p.TokenRefused, p.OriginRefused, p.NoSuchSurvey, p.TooBusy),
    ),
    Route(
        method="POST",
        path=ASKING,
        function="collect",
        scope=None,
        summary="Whether a person may be asked now, whatever device or survey of the deployment they were asked by before",
        request=AskWhom,
        responses={200: AskView},
        refusals=(*BODY, p.TokenRefused, p.OriginRefused, p.NoSuchSurvey, p.TooBusy),
    ),
    *(
        Route(
            method="OPTIONS", path=path, function="collect", scope=None, summary="Which sites may ask from a browser", responses={204: None}
        )
        for path in (DISPLAYS, ASKING)
    ),
    Route(
        method="POST",
        path=LINKS,
        function="invite",
        scope=Scope.SURVEYS,
        summary="Make a personal link for each of up to 1,000 people. One line that is wrong spoils no other",
        request=NewLinks,
        takes_csv=True,
        query=(
            Parameter("expires_days", "With CSV: for how many days the links are good, 1 to 180; 60 unless given", "^[0-9]{1,3}$"),
            Parameter("touchpoint", "With CSV: after what the people are asked"),
        ),
        responses={200: LinksMade},
        downloads=("text/csv; charset=utf-8",),
        refusals=(*BODY, p.NoSuchSurvey, p.SurveyNotOpen),
    ),
    Route(
        method="GET",
        path=EMAIL,
        function="invite",
        scope=Scope.SURVEYS,
        summary="The question as a fragment for an e-mail, with eleven links, and as plain text",
        query=(
            Parameter("locale", "The language wanted: pt-BR, en or es. What the survey does not speak gives its default"),
            Parameter(
                "tool",
                "Whose merge tag stands for the personal link: hubspot, mailchimp or activecampaign; plain, unless given, has none",
                "^(plain|hubspot|mailchimp|activecampaign)$",
            ),
        ),
        responses={200: EmailFragment},
        refusals=(p.Invalid, p.NoSuchSurvey),
    ),
)
