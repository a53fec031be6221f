"""The inventory's tables, field by field."""

from collections.abc import Mapping
from typing import Final

from shared.privacy.erasure import Step
from shared.privacy.inventory_kinds import Kept, Nature, Otherwise, Table, Whose


def _personal(holds: str, erased_by: Step | Otherwise = Step.PEOPLE) -> Kept:
    return Kept(holds, Nature.PERSONAL, Whose.RESPONDENT, erased_by)


def _traced(holds: str, erased_by: Step | Otherwise, why: str = "") -> Kept:
    return Kept(holds, Nature.PSEUDONYMOUS, Whose.RESPONDENT, erased_by, why)


def _staff(holds: str, erased_by: Otherwise) -> Kept:
    return Kept(holds, Nature.PERSONAL, Whose.STAFF, erased_by)


def _plain(**holds: str) -> dict[str, Kept]:
    return {name: Kept(text) for name, text in holds.items()}


_TTL: Final[Mapping[str, Kept]] = {"expires_at": Kept("when TTL removes the item")}
_NAMES_NOBODY: Final = "the answer that it names names nobody any more"

ANSWERS: Final = Table(
    "the survey's retention, 60 days at least; withdrawn answers until their id is refused",
    35,
    {
        "pk": Kept("survey, day, bucket"),
        "sk": _traced("the answer's id, with the time it was given", Otherwise.EXPIRY, "its key; leads to nobody without person_id"),
        "score": _traced("0 to 10", Step.ANSWERS),
        "person_id": _traced("a random id, or one derived from the answer", Step.ANSWERS),
        "edit_key_hash": _traced("what proves who gave the answer", Step.ANSWERS),
        "changed_at": _traced("when it was changed last; the day, once anonymised", Step.ANSWERS),
        "dimensions": _traced("declared values only, and whether its person was known", Step.ANSWERS),
        "suspicions": _traced("why it was set aside: enums", Step.ANSWERS),
        **_plain(
            finished="whether the respondent was done",
            commented="whether there is a comment",
            standing="whether it counts: valid, quarantined, excluded, withdrawn, superseded",
            rev="revision",
            pending="to be settled",
            counted="what it is counted as",
            counted_rev="at which revision",
            anonymised_at="when it was anonymised",
            forgotten="whether an erasure withdrew it",
            imported="whether it came from a file",
        ),
        **_TTL,
    },
    streamed=True,
)
PEOPLE: Final = Table(
    "the longest retention of the person's answers; the mark of an erasure 40 days",
    35,
    {
        "pk": _traced("the person's id, a keyed hash of an identifier, or the hash of an invitation", Step.PEOPLE),
        "sk": _traced("what of the person, with the answer's, the channel's, the survey's or the hashed invitation's id", Step.PEOPLE),
        "person_id": _traced("whose identifier or invitation it is", Step.PEOPLE),
        "customer_id": _personal("sealed with the person's own key"),
        "email": _personal("likewise"),
        "name": _personal("likewise"),
        "text": _personal("the comment, likewise"),
        "lookups": _traced("keyed hashes that lead to the person", Step.PEOPLE),
        "survey_id": _traced("which survey they answered, or were asked in", Step.PEOPLE),
        "edit_key_hash": _traced("what proves who wrote the comment", Step.PEOPLE),
        "receiver": _traced("name, kind, host and country of a channel that was given data of theirs", Step.PEOPLE),
        "fields": _traced("which data it was given", Step.PEOPLE),
        "times": _traced("how often it was given any, or they were shown a survey", Step.PEOPLE),
        "first_at": _traced("when first", Step.PEOPLE),
        "last_at": _traced("when last", Step.PEOPLE),
        "consent_version": _traced("which text they consented to", Step.PEOPLE),
        "locale": _traced("in which language", Step.PEOPLE),
        "segments": _traced("declared values that the company invited them with", Step.PEOPLE),
        "touchpoint": _traced("after what they were invited", Step.PEOPLE),
        "answer_id": _traced("which answer was given by an invitation", Step.PEOPLE),
        "claimed_at": _traced("since when it is that answer's", Step.PEOPLE),
        "answered_at": _traced("when they answered last, whatever the survey", Step.PEOPLE),
        "dismissed_at": _traced("when they dismissed the question last, whatever the survey", Step.PEOPLE),
        "changed_at": _traced("when it was written", Step.PEOPLE),
        "created_at": _traced("when it was made", Step.PEOPLE),
        "shared_with": _traced("not written any more", Step.PEOPLE),
        "shared_fields": _traced("not written any more", Step.PEOPLE),
        "shared_times": _traced("not written any more", Step.PEOPLE),
        "country": _traced("not written any more", Step.PEOPLE),
        "erased": _traced("that the person was erased", Otherwise.EXPIRY, "it keeps late writes from bringing the person back; 40 days"),
        **_TTL,
    },
)
KEYS: Final = Table(
    "as long as what the key seals",
    7,
    {
        "pk": _traced("the person's id", Step.KEY),
        "sk": Kept("`key`"),
        "salt": _traced("32 random bytes that the person's data key is derived from", Step.KEY),
        "master": Kept("which master key goes with it"),
        **_TTL,
    },
)
ROLLUPS: Final = Table(
    "for ever",
    35,
    _plain(
        pk="survey and row, or survey and bucket of imports",
        sk="day, or a keyed hash of a file's id of an answer; leads to no answer and no person",
        rev="revision of a day",
        sealed_at="when the day was sealed",
        repaired="what a repair added: counts",
        imported_by="which import counted an answer",
        imported_row="from which row of its file",
        kept="whether it was kept as well",
        packed="a week's counts",
    ),
    expires=False,
)
REGISTRY: Final = Table(
    "until it is deleted or replaced; codes 15 minutes",
    35,
    {
        "document": _staff(
            "a survey, with the encarregado's name and e-mail; a channel; a public key; an annotation, which staff wrote",
            Otherwise.SURVEY_CHANGED,
        ),
        "sealed": _staff(
            "KMS-sealed: signing secrets, keys, and channels' addresses, which may be somebody's e-mail or telephone",
            Otherwise.CHANNEL_DELETED,
        ),
        "name": _staff("what an API key is called; whose turn it is; what ends a user's weekly summary", Otherwise.KEY_REVOKED),
        **_plain(
            pk="which kind; of annotations, of which survey",
            sk="its id",
            revision="guards changes",
            scopes="of an API key",
            secret_hash="of an API key",  # noqa: S106 - says what the field holds
            previous_sealed="the secret before",
            previous_until="until when that is valid",
            created_at="when",
            last_used_at="when",
            revoked_at="when",
            touched_at="when a partition of Answers was written to",
        ),
        **_TTL,
    },
)
DELIVERIES: Final = Table(
    "messages, attempts and lists 45 days, receipts 75",
    35,
    {
        "pk": _traced("message, receipt (with the answer's id), list, digest or breaker", Step.OUTBOX),
        "sk": Kept("which part of it"),
        "partition": _traced("where the answer lies", Step.OUTBOX),
        "answer_id": _traced("which answer", Step.OUTBOX),
        "commented": _traced("that a channel was told of the comment", Otherwise.EXPIRY, _NAMES_NOBODY),
        "comment_added": _traced("likewise", Otherwise.EXPIRY, _NAMES_NOBODY),
        "withdrawn": _traced("that a channel was told of the withdrawal", Otherwise.EXPIRY, _NAMES_NOBODY),
        "erasure_id": _traced("which erasure a receiver is told of", Otherwise.EXPIRY, "the erasure names nobody once it is done"),
        **_plain(
            channel_id="whom it goes to",
            kind="what kind of message",
            created_at="when",
            status="what became of it",
            attempts="how many",
            calls="how many",
            delivered="whether",
            next_at="when next",
            lease_until="who has it, until when",
            digest_id="which message took it along",
            size="of a digest",
            number="of an attempt",
            at="when it was made",
            duration_ms="how long it took",
            code="HTTP status",
            error="why there was none",
            acknowledged="that the receiver says its copies are gone",
            failures="of an endpoint",
            failing_since="when",
            failed_at="when",
            open_until="when",
            under_way="calls",
        ),
        **_TTL,
    },
)
_AN_HOUR: Final = "it is gone an hour later, and what it names names nobody after an erasure"
_TO_SHOW: Final = "kept to show that the law was followed (arts. 6 X, 16 I); names nobody"
TRAFFIC: Final = Table(
    "an hour; a day's key an hour longer than the day",
    0,
    {
        "pk": _traced("keyed hash of survey and network; the key is thrown away with its day", Otherwise.EXPIRY, _AN_HOUR),
        "sk": Kept("which ten minutes, or which day"),
        "answers": _traced("the ids of the answers that came from there", Otherwise.EXPIRY, _AN_HOUR),
        "secret": _traced(
            "the day's key, random", Otherwise.EXPIRY, "without the address nothing follows from it, and addresses are kept nowhere"
        ),
        **_plain(changed_at="when one came last", settled="whether they were set aside"),
        **_TTL,
    },
)
JOBS: Final = Table(
    "30 days from when the job ended",
    0,
    {
        "asker": Kept(
            "the id of the API key, or of the user, who asked",
            Nature.PSEUDONYMOUS,
            Whose.STAFF,
            Otherwise.EXPIRY,
            "it shows who took data out, while that is asked",
        ),
        "cursor": _traced("where it goes on: perhaps an answer's id", Otherwise.EXPIRY, _NAMES_NOBODY),
        **_plain(
            pk="job, list of a survey's, or list of the open ones",
            sk="its id, and when it was asked for",
            kind="what it does",
            survey_id="of which survey",
            parameters="what was asked for: enums, days, declared values; never words",
            status="how far it is",
            done="how many",
            total="of how many",
            counts="what came of it",
            failure="why it failed: a code",
            tries="how many",
            lease_until="until when somebody is at it",
            created_at="when",
            changed_at="when",
            ended_at="when",
            revision="guards changes",
        ),
        **_TTL,
    },
)
LEDGER: Final = Table(
    "receipts, erasures and suppression 5 years, decisions about answers as long, and so what was done to users, holds until they end, "
    "requests an hour, "
    "of deletion 30 days once they are confirmed",
    35,
    {
        "pk": _traced("request, erasure, receipt, survey, keyed hash of an identity or of an erased person", Otherwise.EXPIRY, _TO_SHOW),
        "sk": _traced("which part, with the answer's or the channel's id; of decisions, the answer's or the user's", Step.RECEIPT),
        "receipt": Kept("the signed receipt"),
        "until": _traced("until when an identity is suppressed", Otherwise.EXPIRY, "honours what the person asked (arts. 16 I, 18 §2)"),
        "key_version": Kept("which version of the key the entry's hash is of"),
        "sealed": _personal("a request's e-mail, KMS-sealed, until the code was sent, an hour at most; a key", Otherwise.FINISHED),
        "persons": _traced("who may be meant by a request", Otherwise.FINISHED),
        "proven": _traced("answers shown to be theirs by their keys", Otherwise.FINISHED),
        "erasures": Kept("which erasures a request led to"),
        "token_hash": _traced("what shows a confirmed request to its person", Otherwise.FINISHED),
        "mailed_at": _traced("when letters went to the address of a keyed hash", Otherwise.EXPIRY, "it caps letters; an hour"),
        "person_id": _traced("whose erasure it is, until it is done", Step.RECEIPT),
        "cursor": _traced("where a step goes on: perhaps an answer's id", Step.RECEIPT),
        "partition": _traced("where an answer of theirs lies", Step.RECEIPT),
        "found": _traced("that an answer was anonymised, and by which look", Step.RECEIPT),
        "withdrawn": _traced("that it was withdrawn", Step.RECEIPT),
        "messages": _traced("which messages about it are deleted", Step.RECEIPT),
        "late_messages": _traced("likewise, by the second look", Step.RECEIPT),
        "reason": _traced("what the controller wrote of the case; the API asks not to name anybody", Otherwise.EXPIRY, _TO_SHOW),
        "legal_reference": _traced("likewise", Otherwise.EXPIRY, _TO_SHOW),
        "receiver": _traced("a channel that was given data, and which", Otherwise.EXPIRY, _TO_SHOW),
        "hold_lookup": _traced("keyed hash of whose data must be kept", Otherwise.EXPIRY, "the law asks for it (art. 16 I)"),
        **_plain(
            made_at="when a version of a key was made",
            asker="the subject or the controller; the API key or the user that decided",
            decision="whether an answer counts; that some were exported; what was done to a user of the console",
            exported="of which days, with which filters, and how many",
            role="which role they were given",
            asked_at="when",
            step="how far an erasure is",
            revision="guards changes",
            request_id="which request led to it",
            counts="how many items of each store",
            marked_at="when",
            key_destroyed_at="when",
            next_at="when it goes on",
            done_at="when",
            refusal="why it was refused",
            receipt_id="which receipt",
            status="how far a receiver is with being told",
            message_id="by which message",
            told_at="when",
            acknowledged_at="when",
            request_type="deletion or access",
            request_status="how far it is",
            request_locale="language",
            requested_at="when",
            code_until="when",
            tries_left="how many",
            token_until="when",  # noqa: S106 - likewise
            hold_reason="the case, never the person",
            hold_reference="the law or the case's number",
            hold_placed_at="when",
            hold_until="when",
        ),
        **_TTL,
    },
)
