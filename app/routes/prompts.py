"""/prompts"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import caller, signed_in
from app.routes.paging import list_of, page
from app.routes.schemas.common import PageQuery
from app.routes.schemas.prompts import (
    ChangedPromptOut,
    DifferenceQuery,
    NoteIn,
    PromptDifferenceOut,
    PromptIn,
    PromptOut,
    PromptVersionOut,
    PromptVersionTextOut,
    RestoreIn,
)
from app.services.prompts import PromptService


def prompt_routes(prompts: PromptService) -> APIBlueprint:
    """What assistants are told, and were."""
    api = APIBlueprint("prompts", __name__, url_prefix="/prompts", tag="Prompts")

    @api.get("/get/<assistant_id>")
    @api.doc(summary="Show an assistant's prompt", security="token", responses=[403, 404])
    @signed_in
    @api.output(PromptOut)
    def get(assistant_id: str) -> Any:
        return PromptOut.of(prompts.present(caller(), assistant_id))

    @api.put("/update/<assistant_id>")
    @api.doc(summary="Change an assistant's prompt", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(PromptIn)
    @api.output(ChangedPromptOut)
    def update(assistant_id: str, json_data: PromptIn) -> Any:
        changed = prompts.change(caller(), assistant_id, json_data.text, json_data.note, json_data.if_version)
        return ChangedPromptOut.of_changed(changed)

    @api.get("/versions/<assistant_id>")
    @api.doc(summary="List the versions of a prompt, newest first", security="token", responses=[403, 404])
    @signed_in
    @api.input(PageQuery, location="query")
    @api.output(list_of(PromptVersionOut))
    def versions(assistant_id: str, query_data: PageQuery) -> Any:
        present = prompts.present(caller(), assistant_id).version

        def read(before: str | None, limit: int) -> Any:
            return prompts.page(caller(), assistant_id, before, limit)

        return page(
            query_data,
            read,
            lambda version: PromptVersionOut.of(version, current=present is not None and version.id == present.id),
            lambda version: version.id,
        )

    @api.get("/version/<version_id>")
    @api.doc(summary="Show a version of a prompt", security="token", responses=[403, 404])
    @signed_in
    @api.output(PromptVersionTextOut)
    def version(version_id: str) -> Any:
        found = prompts.version(caller(), version_id)
        return PromptVersionTextOut.of(found, current=prompts.is_present(found))

    @api.get("/diff/<version_id>")
    @api.doc(summary="Show what a version of a prompt changed", security="token", responses=[403, 404])
    @signed_in
    @api.input(DifferenceQuery, location="query")
    @api.output(PromptDifferenceOut)
    def diff(version_id: str, query_data: DifferenceQuery) -> Any:
        return PromptDifferenceOut.of(prompts.difference(caller(), version_id, query_data.against))

    @api.post("/restore/<version_id>")
    @api.doc(summary="Use the text of an old version again", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(RestoreIn)
    @api.output(ChangedPromptOut)
    def restore(version_id: str, json_data: RestoreIn) -> Any:
        return ChangedPromptOut.of_changed(prompts.restore(caller(), version_id, json_data.note))

    @api.put("/note/<version_id>")
    @api.doc(summary="Change the note of a version", security="token", responses=[403, 404])
    @signed_in
    @api.input(NoteIn)
    @api.output(PromptVersionTextOut)
    def annotate(version_id: str, json_data: NoteIn) -> Any:
        changed = prompts.annotate(caller(), version_id, json_data.note)
        return PromptVersionTextOut.of(changed, current=prompts.is_present(changed))

    return api
