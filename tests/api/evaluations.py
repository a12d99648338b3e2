"""Runs of question sets."""

from typing import Any

from app.domain.evaluations import CaseResult, EvaluationRun, Judgement, RunState, Verdict
from app.domain.ids import new_id
from tests.api.house import Caller, House
from tests.api.waiting import until


def stored_run(house: House, owner_id: str, assistant_id: str) -> dict[str, str]:
    """A run of an assistant that has ended, with a result."""
    run = EvaluationRun(new_id(), assistant_id, owner_id, house.clock(), None)
    assert house.rows.evaluation_runs.add(run)
    assert house.rows.evaluation_runs.end(run.id, RunState.DONE, house.clock())
    case = ("Oi?", "Olá!", ())
    result = CaseResult(new_id(), run.id, assistant_id, new_id(), 1, *case, Judgement(Verdict.WRONG))
    house.rows.evaluation_results.put(result)
    return {"run": run.id, "result": result.id}


def begin(caller: Caller, assistant: dict[str, Any], **tried: Any) -> dict[str, Any]:
    """A run that has begun."""
    response = caller.post(f"/evaluations/run/{assistant['_id']}", tried)
    assert response.status_code == 202, response.text
    return dict(response.json or {})


def ended(caller: Caller, run: dict[str, Any]) -> dict[str, Any]:
    """A run once it has ended."""

    def read() -> dict[str, Any] | None:
        found = dict(caller.get(f"/evaluations/get/{run['_id']}").json or {})
        return found if found["endedAt"] else None

    return until(read)
