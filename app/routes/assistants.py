"""/assistants"""

from typing import Any

from apiflask import APIBlueprint
from flask import url_for

from app.domain.assistants import Assistant
from app.domain.callers import role_at
from app.domain.permissions import Action
from app.routes.authentication import TOKEN_OR_KEY, Guard, caller, person, signed_in
from app.routes.paging import list_of, page
from app.routes.schemas.assistants import AssistantIn, AssistantOut, AssistantUpdateIn
from app.routes.schemas.common import MessageOut, PageQuery
from app.services.assistants import AssistantService


def assistant_routes(assistants: AssistantService, identified: Guard) -> APIBlueprint:
    """Making, showing, changing and deleting assistants."""
    api = APIBlueprint("assistants", __name__, url_prefix="/assistants", tag="Assistants")

    @api.post("/add")
    @api.doc(summary="Create an assistant", security="token", responses=[403])
    @signed_in
    @api.input(AssistantIn)
    @api.output(AssistantOut, status_code=201)
    def add(json_data: AssistantIn) -> Any:
        assistant = assistants.add(
            person(), json_data.name, json_data.owner_id, json_data.to_settings(), json_data.company
        )
        location = url_for("assistants.get", assistant_id=assistant.id)
        return shown(assistant), 201, {"Location": location}

    @api.get("/list")
    @api.doc(
        summary="List the assistants at which you have a role, newest first", security=TOKEN_OR_KEY, responses=[403]
    )
    @identified
    @api.input(PageQuery, location="query")
    @api.output(list_of(AssistantOut))
    def list_all(query_data: PageQuery) -> Any:
        def read(before: str | None, limit: int) -> Any:
            return assistants.page(caller(), before, limit)

        return page(query_data, read, shown, lambda assistant: assistant.id)

    @api.get("/get/<assistant_id>")
    @api.doc(summary="Show an assistant", security=TOKEN_OR_KEY, responses=[403, 404])
    @identified
    @api.output(AssistantOut)
    def get(assistant_id: str) -> Any:
        return shown(assistants.get(caller(), assistant_id))

    @api.put("/update/<assistant_id>")
    @api.doc(summary="Change an assistant", security="token", responses=[403, 404])
    @signed_in
    @api.input(AssistantUpdateIn)
    @api.output(AssistantOut)
    def update(assistant_id: str, json_data: AssistantUpdateIn) -> Any:
        current = assistants.get(person(), assistant_id, Action.CONFIGURE)
        json_data.check_unchanged(shown(current))
        return shown(assistants.update(person(), assistant_id, json_data.to_change()))

    @api.delete("/delete/<assistant_id>")
    @api.doc(summary="Delete an assistant with all it has", security="token", responses=[403, 404])
    @signed_in
    @api.output(MessageOut)
    def delete(assistant_id: str) -> Any:
        assistants.delete(person(), assistant_id)
        return MessageOut(message="The assistant was deleted with its documents and chats.")

    def shown(assistant: Assistant) -> AssistantOut:
        return AssistantOut.of(assistant, role_at(caller(), assistant))

    return api
