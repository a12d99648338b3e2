"""/assistants: the test bench"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import caller, signed_in
from app.routes.schemas.bench import AskIn, TrialOut
from app.services.trials import TestBench


def bench_routes(bench: TestBench) -> APIBlueprint:
    """Asking outside of any conversation."""
    api = APIBlueprint("bench", __name__, url_prefix="/assistants", tag="Test bench")

    @api.post("/ask/<assistant_id>")
    @api.doc(
        summary="Ask an assistant, and see what its answer is made of",
        description="Nothing is stored as a chat. What the model costs is in the usage, as `tests`.",
        security="token",
        responses=[403, 404, 502, 503, 504],
    )
    @signed_in
    @api.input(AskIn)
    @api.output(TrialOut)
    def ask(assistant_id: str, json_data: AskIn) -> Any:
        return TrialOut.of(bench.ask(caller(), assistant_id, json_data.to_request()))

    return api
