"""A rule of counting switched off, and what must come of it."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pytest

from tests.counting.auditor import Broken
from tests.counting.simulation import Plan, run
from tests.counting.without import Consequences, Patching
from tests.counting.world import Parts


def parts_of(**parts: object) -> Parts:
    return Parts(auditor=Consequences, **parts)  # type: ignore[arg-type]  # each names its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """A rule, switched off: the runs that must miss it, and after how many seeds at most."""

    rule: str
    plan: Plan
    parts: Parts = field(default_factory=parts_of)
    patches: Sequence[Patching] = ()
    weights: Mapping[str, int] = field(default_factory=dict)
    seeds: int = 10
    says: str

    def finds_a_fault(self) -> None:
        """Demand that the runs miss the rule."""
        plan = replace(self.plan, parts=self.parts, weights={**self.plan.weights, **self.weights})
        with ExitStack() as stack:
            for patching in self.patches:
                stack.enter_context(patching())
            with pytest.raises(Broken, match=self.says):
                run_all(self.seeds, plan)


def run_all(seeds: int, plan: Plan) -> None:
    for seed in range(seeds):
        run(seed, plan)
