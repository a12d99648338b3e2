"""/corrections"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import caller, signed_in
from app.routes.schemas.corrections import CorrectionIn, CorrectionOut, CorrectionsOut
from app.services.corrections import CorrectionService


def correction_routes(corrections: CorrectionService) -> APIBlueprint:
    """Right answers that people write."""
    api = APIBlueprint("corrections", __name__, url_prefix="/corrections", tag="Corrections")

    @api.post("/add")
    @api.doc(
        summary="Say what the right answer was",
        description="It becomes an entry of the document `Correções.md`, and a case of the question set.",
        security="token",
        responses=[403, 404, 409],
    )
    @signed_in
    @api.input(CorrectionIn)
    @api.output(CorrectionOut, status_code=201)
    def add(json_data: CorrectionIn) -> Any:
        question, answer = json_data.question, json_data.answer
        if json_data.chat_id is not None:
            return CorrectionOut.of(corrections.of_chat(caller(), json_data.chat_id, question, answer))
        if json_data.unanswered_id is not None:
            return CorrectionOut.of(corrections.of_group(caller(), json_data.unanswered_id, question, answer))
        return CorrectionOut.of(corrections.of_assistant(caller(), json_data.assistant_id or "", question, answer))

    @api.get("/get/<assistant_id>")
    @api.doc(summary="Show an assistant's corrections", security="token", responses=[403, 404])
    @signed_in
    @api.output(CorrectionsOut)
    def get(assistant_id: str) -> Any:
        return CorrectionsOut.of(corrections.state(caller(), assistant_id))

    return api
