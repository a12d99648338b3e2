"""/assistants/keys"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import person, signed_in
from app.routes.paging import list_of
from app.routes.schemas.common import MessageOut
from app.routes.schemas.keys import KeyIn, KeyOut, KeyQuery, NewKeyOut, RotationIn
from app.services.keys import KeyService


def key_routes(keys: KeyService) -> APIBlueprint:
    """The keys with which programs speak for an assistant."""
    api = APIBlueprint("keys", __name__, url_prefix="/assistants", tag="Keys")

    @api.get("/keys/<assistant_id>")
    @api.doc(summary="List an assistant's keys, oldest first", security="token", responses=[403, 404])
    @signed_in
    @api.output(list_of(KeyOut))
    def list_all(assistant_id: str) -> Any:
        return [KeyOut.of(key) for key in keys.all(person(), assistant_id)]

    @api.post("/keys/<assistant_id>")
    @api.doc(summary="Create a key, which is shown this once", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(KeyIn)
    @api.output(NewKeyOut, status_code=201)
    def create(assistant_id: str, json_data: KeyIn) -> Any:
        return NewKeyOut.of_new(*keys.create(person(), assistant_id, json_data.to_request()))

    @api.delete("/keys/<assistant_id>")
    @api.doc(summary="End a key at once", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(KeyQuery, location="query")
    @api.output(MessageOut)
    def delete(assistant_id: str, query_data: KeyQuery) -> Any:
        keys.delete(person(), assistant_id, query_data.key_id)
        return MessageOut(message="The key was deleted.")

    @api.put("/rotateKey/<assistant_id>")
    @api.doc(
        summary="Create a key in the place of another, which is good for some hours yet",
        security="token",
        responses=[403, 404, 409],
    )
    @signed_in
    @api.input(RotationIn)
    @api.output(NewKeyOut)
    def rotate(assistant_id: str, json_data: RotationIn) -> Any:
        return NewKeyOut.of_new(*keys.rotate(person(), assistant_id, json_data.key_id, json_data.grace()))

    return api
