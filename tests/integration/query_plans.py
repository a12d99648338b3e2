"""How a database answers a query, as it explains it."""

from collections.abc import Iterator, Mapping
from typing import Any


def stages(explained: Mapping[str, Any]) -> list[str]:
    """The stages of the plan that won, from the root to the leaves: `FETCH`, `IXSCAN`, `COLLSCAN`…

    Reads what MongoDB 6 to 8 and mongos answer: the classic engine's tree (`inputStage`, `inputStages`), the
    slot-based engine's (in `queryPlan`), and one plan for each shard (in `shards`).
    https://www.mongodb.com/docs/manual/reference/explain-results/
    """
    return list(_stages(explained["queryPlanner"]["winningPlan"]))


def _stages(plan: Any) -> Iterator[str]:
    if isinstance(plan, Mapping):
        if "stage" in plan:
            yield plan["stage"]
        for name, inner in plan.items():
            if name != "rejectedPlans":
                yield from _stages(inner)
    elif isinstance(plan, list):
        for one in plan:
            yield from _stages(one)
