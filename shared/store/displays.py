"""How often the question was shown, and what came of it: counters by survey, local day and channel, in Rollups beside the rows.

They lie under `#displays#SURVEY`, a key that no row has (no survey's id begins with `#`), so that recounts, seals and repairs never meet
them. Told by browsers and sent at most about once, they are for a rate, not for a score: nothing is derived from them but that.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pynamodb.expressions.operand import Path
from pynamodb.pagination import ResultIterator

from shared.display_counts import DisplayCounts, Displayed
from shared.store.tables import RollupItem

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

_UNDER: Final = "#displays#"


class Displays:
    """The repository of displays."""

    def add(self, survey_id: str, day: date, channel: str, counts: DisplayCounts) -> None:
        """Add to a day's counters of a channel, a declared one or `other`."""
        actions: list[Action] = [Path([f"{channel}:{name}"]).add(count) for name, count in counts.items() if count]
        if actions:
            RollupItem(_UNDER + survey_id, day.isoformat()).update(actions=actions)

    def sums(self, survey_id: str, first: date, last: date) -> Mapping[str, DisplayCounts]:
        """The counters of a period, by channel."""
        total: defaultdict[str, Counter[Displayed]] = defaultdict(Counter)
        for raw in _raw(_UNDER + survey_id, first, last):
            for attribute, value in raw.items():
                channel, _, name = attribute.rpartition(":")
                if channel and name in Displayed:
                    total[channel][Displayed(name)] += int(value["N"])
        return total


def _raw(partition: str, first: date, last: date) -> "ResultIterator[dict[str, Any]]":
    return ResultIterator(
        RollupItem._get_connection().query,  # noqa: SLF001 - a model reads only attributes that it names, and these are named by channels
        (partition,),
        {"range_key_condition": RollupItem.sk.between(first.isoformat(), last.isoformat()), "consistent_read": False},
    )
