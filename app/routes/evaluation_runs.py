"""/evaluations: runs of a question set"""

from typing import Any

from apiflask import APIBlueprint

from app.domain.evaluations import Verdict
from app.routes.authentication import caller, signed_in
from app.routes.paging import link_to, list_of, page
from app.routes.schemas.common import MessageOut, PageQuery
from app.routes.schemas.evaluation_runs import (
    PublishIn,
    ResultOut,
    ResultQuery,
    RunIn,
    RunOut,
    RunWithPromptOut,
    VerdictIn,
)
from app.routes.schemas.prompts import ChangedPromptOut
from app.services.evaluation.publishing import PromptPublishing
from app.services.evaluation.runs import RunService


def evaluation_run_routes(runs: RunService, publishing: PromptPublishing) -> APIBlueprint:
    """Asking all questions of a set, and what came of it."""
    api = APIBlueprint("evaluation_runs", __name__, url_prefix="/evaluations", tag="Evaluations")

    @api.post("/run/<assistant_id>")
    @api.doc(
        summary="Ask all questions of an assistant's question set",
        description="In the background. What it costs is in the usage, as `tests`, and held by the budget.",
        security="token",
        responses=[403, 404, 409],
    )
    @signed_in
    @api.input(RunIn)
    @api.output(RunOut, status_code=202)
    def start(assistant_id: str, json_data: RunIn) -> Any:
        return RunOut.of(runs.start(caller(), assistant_id, json_data.to_new()))

    @api.get("/runs/<assistant_id>")
    @api.doc(summary="List the runs of a question set, newest first", security="token", responses=[403, 404])
    @signed_in
    @api.input(PageQuery, location="query")
    @api.output(list_of(RunOut))
    def list_all(assistant_id: str, query_data: PageQuery) -> Any:
        def read(before: str | None, limit: int) -> Any:
            return runs.page(caller(), assistant_id, before, limit)

        return page(query_data, read, RunOut.of, lambda run: run.id)

    @api.get("/get/<run_id>")
    @api.doc(summary="Show a run, and how far it is", security="token", responses=[403, 404])
    @signed_in
    @api.output(RunWithPromptOut)
    def get(run_id: str) -> Any:
        return RunWithPromptOut.of(runs.get(caller(), run_id))

    @api.get("/results/<run_id>")
    @api.doc(summary="List a run's answers in the order of its questions", security="token", responses=[403, 404])
    @signed_in
    @api.input(ResultQuery, location="query")
    @api.output(list_of(ResultOut))
    def results(run_id: str, query_data: ResultQuery) -> Any:
        fitting = [one for one in runs.results(caller(), run_id, query_data.against) if query_data.fits(one)]
        shown = fitting[: query_data.limit]
        is_last = len(shown) == len(fitting)
        headers = {} if is_last else {"Link": link_to(str(shown[-1].result.number))}
        return [ResultOut.of(one) for one in shown], 200, headers

    @api.put("/verdict/<result_id>")
    @api.doc(summary="Say whether an answer of a run is right", security="token", responses=[403, 404])
    @signed_in
    @api.input(VerdictIn)
    @api.output(ResultOut)
    def judge(result_id: str, json_data: VerdictIn) -> Any:
        return ResultOut.of(runs.judge(caller(), result_id, Verdict(json_data.verdict)))

    @api.post("/cancel/<run_id>")
    @api.doc(summary="Stop a run", security="token", responses=[403, 404])
    @signed_in
    @api.output(RunOut)
    def cancel(run_id: str) -> Any:
        return RunOut.of(runs.cancel(caller(), run_id))

    @api.delete("/delete/<run_id>")
    @api.doc(summary="Delete a run", security="token", responses=[403, 404])
    @signed_in
    @api.output(MessageOut)
    def delete(run_id: str) -> Any:
        runs.delete(caller(), run_id)
        return MessageOut(message="The run was deleted.")

    @api.post("/publish/<run_id>")
    @api.doc(
        summary="Use the prompt that a run tried, if no answer became worse",
        security="token",
        responses=[403, 404, 409],
    )
    @signed_in
    @api.input(PublishIn)
    @api.output(ChangedPromptOut)
    def publish(run_id: str, json_data: PublishIn) -> Any:
        changed = publishing.publish(caller(), run_id, insist=json_data.insist, note=json_data.note)
        return ChangedPromptOut.of_changed(changed)

    return api
