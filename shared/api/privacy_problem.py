"""What the API refuses about requests of data subjects and erasures. See `shared.api.problem`."""

from shared.api.problem import Kind, Refused


class NotConfirmed(Refused):
    """Wrong, over 15 minutes old, used already, tried five times, or of no request: a guesser learns not which."""

    kind = Kind(
        422,
        "not-confirmed",
        "The code of the letter is not accepted",
        "Type the eight digits of the newest e-mail; after 15 minutes or 5 tries make another request.",
    )


class NoSuchRequest(Refused):
    """No request has this id, or the token is not its own, or no longer good."""

    kind = Kind(404, "no-such-request", "There is no such request", "Send the token of its confirmation; when that has ended, ask anew.")


class NobodyFound(Refused):
    """Nobody has that identifier."""

    kind = Kind(404, "nobody-found", "There is nobody by that identifier", "Check it; whoever was erased already is found no more.")


class OnLegalHold(Refused):
    """A legal hold is on the person. Its reason is told: `detail` is what was written when the hold was placed."""

    kind = Kind(409, "legal-hold", "A legal hold forbids the erasure", "Lift the hold first: GET /v1/privacy/holds lists them.")


class NoSuchErasure(Refused):
    """No erasure has this id."""

    kind = Kind(404, "no-such-erasure", "There is no such erasure", "Check the erasure's id: GET /v1/privacy/erasures lists them.")


class NoSuchRecipient(Refused):
    """The erasure knows no such receiver."""

    kind = Kind(
        404,
        "no-such-recipient",
        "The erasure has no such recipient",
        "Check the channel's id: GET /v1/privacy/erasures/{erasure_id} lists the recipients.",
    )


class NoSuchHold(Refused):
    """No hold has this id."""

    kind = Kind(404, "no-such-hold", "There is no such legal hold", "Check the hold's id: GET /v1/privacy/holds lists them.")


class NoSuchReceipt(Refused):
    """No receipt has this id."""

    kind = Kind(404, "no-such-receipt", "There is no such receipt", "Check the receipt's id, which the request or the erasure shows.")


class NoDataAskedFor(Refused):
    """The request is to be deleted, so there is nothing to take along."""

    kind = Kind(409, "no-data-asked-for", "This request has no data", "Make a request of the type access; GET this one for how far it is.")
