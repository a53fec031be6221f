"""What exporting refuses."""

from shared.api.problem import Kind, Refused


class TooManyAnswers(Refused):
    """More than a direct download gives."""

    kind = Kind(
        422,
        "too-many-answers",
        "There are too many answers to download at once",
        "Export them in the background: POST the same filters to …/exports. Or ask for fewer days.",
    )


class TooManyExports(Refused):
    """Whoever asks has enough of them under way."""

    kind = Kind(409, "too-many-exports", "Enough exports are under way", "Wait until one is done, or cancel one.")


class NoSuchExport(Refused):
    """No export of the survey has this id, or it is somebody else's: an id alone tells nobody which."""

    kind = Kind(404, "no-such-export", "There is no such export", "Check its id: GET …/exports lists yours, for 30 days.")
