"""Which answers are a person's: `answer#ANSWER` under their id in People. Implements `counting.ports.PersonAnswers`.

Whoever counts may read this much of People and no more: keys and survey ids, none of it sealed, none of it personal by itself.
"""

from collections.abc import Iterator
from typing import Final

from pynamodb.pagination import ResultIterator

from shared.store.tables import PersonItem

ANSWER: Final = "answer#"
_READ: Final = ["pk", "sk", "survey_id"]  # PynamoDB wants a list
_PAGE: Final = 100
"""Of which the nearest few are mostly enough."""


class PersonAnswers:
    """The notes of whose an answer is."""

    def answers(self, person_id: str, survey_id: str, first_id: str, last_id: str, *, newest_first: bool = False) -> Iterator[str]:
        """The ids between those two, both included, in order, of the person's answers in that survey."""
        return ResultIterator(
            PersonItem._get_connection().query,  # noqa: SLF001 - Model.query cannot say Select, which the role asks for
            (person_id,),
            {
                "range_key_condition": PersonItem.sk.between(ANSWER + first_id, ANSWER + last_id),
                "filter_condition": PersonItem.survey_id == survey_id,
                "attributes_to_get": _READ,
                "select": "SPECIFIC_ATTRIBUTES",
                "consistent_read": True,
                "scan_index_forward": not newest_first,
                "limit": _PAGE,
            },
            map_fn=lambda raw: raw["sk"]["S"].removeprefix(ANSWER),
        )
