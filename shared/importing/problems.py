"""Why a line is not imported, and why a whole file cannot be: codes for programs, texts for people."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from shared.survey import Locale

_FOLDER: Final = Path(__file__).parents[1] / "texts" / "importing"


class Reason(StrEnum):
    """Why a line was refused."""

    UNREADABLE = "unreadable"
    """No text in the encoding, no CSV row or no JSON object."""
    RECORD_TOO_LONG = "record_too_long"
    """Longer than any answer, or a quotation mark that nothing closes."""
    TOO_MANY_CELLS = "too_many_cells"
    NO_ID = "no_id"
    ID_TOO_LONG = "id_too_long"
    REPEATED_ID = "repeated_id"
    """An earlier line of the same file has the id."""
    NOT_NPS = "not_nps"
    """It answers a question of another kind (CSAT, CES), whose score means something else."""
    COUNTS_NOT = "counts_not"
    """An export of ours says that it did not count: set aside, withdrawn or superseded."""
    NO_SCORE = "no_score"
    SCORE = "score"
    NO_DATE = "no_date"
    DATE = "date"
    AMBIGUOUS_DATE = "ambiguous_date"
    NO_SUCH_TIME = "no_such_time"
    IN_THE_FUTURE = "in_the_future"
    TOO_OLD = "too_old"
    COMMENT_TOO_LONG = "comment_too_long"
    EMAIL = "email"
    NAME = "name"
    CUSTOMER_ID = "customer_id"
    SUPPRESSED = "suppressed"
    """The person asked not to be brought back, or was erased."""
    TRY_AGAIN = "try_again"
    """What it touches kept changing; importing the file again takes it."""
    NOT_WRITABLE = "not_writable"


class FileProblem(StrEnum):
    """Why nothing of a file can be imported."""

    EMPTY = "empty"
    UTF_16 = "utf_16"
    NO_HEADS = "no_heads"
    NO_ID_COLUMN = "no_id_column"
    NO_SCORE_COLUMN = "no_score_column"
    NO_DATE_COLUMN = "no_date_column"
    NO_SUCH_COLUMN = "no_such_column"
    TOO_MANY_LINES = "too_many_lines"
    NOT_UPLOADED = "not_uploaded"


class FileRefusedError(Exception):
    """Nothing of the file can be imported."""

    def __init__(self, problem: FileProblem) -> None:
        """Keep why."""
        super().__init__(problem.value)
        self.problem = problem


@cache
def words(locale: Locale) -> dict[str, str]:
    """All texts about imports in a language."""
    return msgspec.json.decode((_FOLDER / f"{locale}.json").read_bytes(), type=dict[str, str])


def text_of(problem: Reason | FileProblem, locale: Locale) -> str:
    """What to tell people, and what they can do about it."""
    return words(locale)[problem.value]
