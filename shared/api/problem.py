"""What the API refuses, as problems (RFC 9457). Each says what to do, and none repeats a value that came in.

The texts are English. `shared.api.language` says them in others, from `shared/texts/refusals`; so one that varies is a `Phrase`.

A value may be personal data, and a problem ends up in logs, screens and support tickets. Unknown field names are values too: the
allowed ones are listed instead.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import ClassVar, Final, NamedTuple

TYPE_PREFIX: Final = "urn:recomenda:problem:"


class Kind(NamedTuple):
    """What all problems of one type share; `detail` is what is said unless a refusal knows better."""

    status: int
    slug: str
    title: str
    detail: str

    @property
    def type(self) -> str:
        """The URI that programs tell problems apart by."""
        return TYPE_PREFIX + self.slug


class FieldError(NamedTuple):
    """One thing of the body to put right: where (RFC 6901) and how."""

    pointer: str
    detail: str


class ParameterError(NamedTuple):
    """One parameter of the query to put right, and how."""

    parameter: str
    detail: str


class Refused(Exception):  # noqa: N818 - a refusal is an expected outcome, not an error
    """A request that is answered with a problem. The tree below is the whole list of them."""

    kind: ClassVar[Kind]

    def __init__(self, detail: str | None = None, *, errors: Iterable[FieldError | ParameterError] = (), **members: str) -> None:
        """Refuse, with a `detail` and extra `members` of our own making, never made of what came in."""
        super().__init__(self.kind.slug)
        self.detail = detail or self.kind.detail
        self.errors = tuple(errors)
        self.members = members

    def to_problem(self, say: Callable[[str], str] = str) -> dict[str, object]:
        """The members of the `application/problem+json` body; `say` says a text for people in their language."""
        problem: dict[str, object] = {
            "type": self.kind.type,
            "title": say(self.kind.title),
            "status": self.kind.status,
            "detail": say(self.detail),
        }
        if self.errors:
            problem["errors"] = [error._asdict() | {"detail": say(error.detail)} for error in self.errors]
        return problem | self.members


class Malformed(Refused):
    """The body cannot be read at all."""

    kind = Kind(400, "malformed", "The body cannot be read", "Send one JSON object, encoded as UTF-8.")


class CredentialMissing(Refused):
    """A bearer is needed and there is none."""

    kind = Kind(401, "credential-missing", "A credential is needed", "Send it in the header: Authorization: Bearer …")


class ScopeMissing(Refused):
    """The API key is good, but not for this."""

    kind = Kind(403, "scope-missing", "This key may not do that", "Use a key that has the scope this route needs.")


class OriginRefused(Refused):
    """A browser page of a site that the survey does not name."""

    kind = Kind(403, "origin-refused", "This site may not show the survey", "Add the site's origin to the survey's origins.")


class NoSuchSurvey(Refused):
    """No survey has this id."""

    kind = Kind(404, "no-such-survey", "There is no such survey", "Check the survey's id: GET /v1/surveys lists them.")


class NoSuchAnswer(Refused):
    """No answer of the survey has this id, or no longer, or the edit key is not its own: an id alone tells nobody which."""

    kind = Kind(404, "no-such-answer", "There is no such answer", "Check the answer's id and the edit key it was posted with.")


class NoSuchWave(Refused):
    """The survey has no wave of this id."""

    kind = Kind(404, "no-such-wave", "There is no such wave", "Check the wave's id: GET …/waves lists them.")


class NoSuchKey(Refused):
    """No API key has this id."""

    kind = Kind(404, "no-such-key", "There is no such API key", "Check the key's id: GET /v1/keys lists them.")


class NoSuchAnnotation(Refused):
    """No annotation of the survey has this id."""

    kind = Kind(404, "no-such-annotation", "There is no such annotation", "Check its id: GET …/annotations lists them.")


class NoSuchImport(Refused):
    """There is no import of that survey with this id, or no longer."""

    kind = Kind(404, "no-such-import", "There is no such import", "Check the id. An import can be read until 30 days after its end.")


class NoSuchRoute(Refused):
    """The gateway sent what the function does not answer."""

    kind = Kind(404, "no-such-route", "There is nothing here", "The API's paths are listed in its OpenAPI document.")


class SurveyNotOpen(Refused):
    """Answers are taken between opening and closing only."""

    kind = Kind(409, "survey-not-open", "The survey takes no answers now", "It is a draft or closed; opening it takes answers again.")


class SurveyExists(Refused):
    """The id wanted for a new survey is taken."""

    kind = Kind(409, "survey-exists", "A survey with this id exists", "Choose another survey_id, or change the existing survey.")


class SurveyNeverOpened(Refused):
    """A draft cannot be closed."""

    kind = Kind(409, "survey-never-opened", "The survey has never been open", "Open it first; only an open survey can be closed.")


class SurveyIsDraft(Refused):
    """Past answers need the legal basis and the retention of a survey that has opened."""

    kind = Kind(409, "survey-is-draft", "The survey is still a draft", "Open it first: answers are kept by its legal basis and retention.")


class ImportUnderWay(Refused):
    """It is being worked on, or has ended."""

    kind = Kind(
        409, "import-under-way", "The import cannot begin", "It is under way or has ended. Read how it stands, or begin a new import."
    )


class ImportHasNoFile(Refused):
    """Its file has not come."""

    kind = Kind(409, "import-has-no-file", "The file is not there yet", "Send the file with the form of the import's `upload` first.")


class RevisionPassed(Refused):
    """Somebody else changed it meanwhile."""

    kind = Kind(409, "revision-passed", "It has changed meanwhile", "Read it again, look at what changed, and send the change anew.")


class TooManyAnnotations(Refused):
    """A survey has all that it may have."""

    kind = Kind(409, "too-many-annotations", "The survey has 500 annotations", "Delete some that nobody needs any more.")


class AnswerTaken(Refused):
    """The answer id is in use with another edit key, or for another answer."""

    kind = Kind(409, "answer-taken", "This answer id is in use", "Make a new answer_id with a new edit key, and post again.")


class InvitationUsed(Refused):
    """Somebody answered by this personal link already, with another answer id."""

    kind = Kind(409, "invitation-used", "This invitation has been answered", "Change the answer that was given, or answer without it.")


class AnswerFinal(Refused):
    """The answer is withdrawn, replaced or too old to be changed."""

    kind = Kind(409, "answer-final", "This answer can no longer be changed", "It was withdrawn, replaced, or given over 30 days ago.")


class TooLarge(Refused):
    """The body is larger than any request needs to be."""

    kind = Kind(413, "too-large", "The body is too large", "Send at most 16 KB.")


class Invalid(Refused):
    """The body or a parameter can be read, but is not what is expected."""

    kind = Kind(422, "invalid", "Something is not as expected", "Put right what `errors` lists and send it again.")


class AnswerIdOutOfTime(Refused):
    """The id's time is over 30 days old or over a day ahead: mostly a device whose clock is wrong."""

    kind = Kind(
        422,
        "answer-id-out-of-time",
        "The time inside answer_id cannot be accepted",
        "Make a new answer_id (UUIDv7) whose time is server_time, with a new edit key, and post again.",
    )

    def __init__(self, now: datetime) -> None:
        """Tell the client the time as it is `now` here."""
        super().__init__(errors=[FieldError("/answer_id", "a UUIDv7 of the last 30 days is expected")], server_time=now.isoformat())


class TokenRefused(Refused):
    """The respondent_token is not what this survey signs."""

    kind = Kind(
        422,
        "token-refused",
        "The respondent_token cannot be accepted",
        "Sign it with HS256 and the survey's present signing secret, with sub and an exp that lies ahead.",
    )


class TooBusy(Refused):
    """The store asks to wait."""

    kind = Kind(503, "too-busy", "Too busy for a moment", "Send the same request again in a few seconds.")


class Fault(Refused):
    """Something broke here. What it was is in the logs, not in the answer."""

    kind = Kind(500, "fault", "Something broke on our side", "Send the same request again; if it stays so, tell who runs this system.")


def invalid(pointer: str, detail: str) -> Invalid:
    """A refusal of one field of the body."""
    return Invalid(errors=[FieldError(pointer, detail)])


def invalid_parameter(name: str, detail: str) -> Invalid:
    """A refusal of one parameter of the query."""
    return Invalid(errors=[ParameterError(name, detail)])
