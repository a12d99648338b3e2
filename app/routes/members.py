"""/assistants/members"""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.routes.authentication import person, signed_in
from app.routes.paging import list_of
from app.routes.schemas.common import MessageOut
from app.routes.schemas.members import MemberIn, MemberOut, MemberQuery
from app.services.invitation_mail import invitation_link
from app.services.members import MemberService, Membership


def member_routes(members: MemberService, public_url: str | None) -> APIBlueprint:
    """Sharing an assistant; `public_url` is where the service is reached (None: where this request came to)."""
    api = APIBlueprint("members", __name__, url_prefix="/assistants/members", tag="Members")

    @api.get("/<assistant_id>")
    @api.doc(
        summary="List who may use an assistant: its owner, its members, and who is invited",
        security="token",
        responses=[403, 404],
    )
    @signed_in
    @api.output(list_of(MemberOut))
    def list_all(assistant_id: str) -> Any:
        theirs, invited = members.all(person(), assistant_id)
        return [*map(MemberOut.of, theirs), *map(MemberOut.of_invited, invited)]

    @api.put("/<assistant_id>")
    @api.doc(
        summary="Give somebody a role, or invite them",
        description="Who has no account is invited: send them the `link`, with which they register within 7 days, "
        "also where registration is closed.",
        security="token",
        responses=[403, 404, 409],
    )
    @signed_in
    @api.input(MemberIn)
    @api.output(MemberOut)
    def put(assistant_id: str, json_data: MemberIn) -> Any:
        given = members.set(person(), assistant_id, json_data.email, json_data.role)
        if isinstance(given, Membership):
            return MemberOut.of(given)
        invitation, token = given
        return MemberOut.of_invited(invitation, _link(token))

    @api.delete("/<assistant_id>")
    @api.doc(
        summary="Take somebody's role or invitation away; everybody may leave by themselves",
        security="token",
        responses=[403, 404, 409],
    )
    @signed_in
    @api.input(MemberQuery, location="query")
    @api.output(MessageOut)
    def delete(assistant_id: str, query_data: MemberQuery) -> Any:
        members.remove(person(), assistant_id, query_data.email)
        return MessageOut(message="This person has no role at the assistant any more.")

    def _link(token: str) -> str:
        return invitation_link(public_url or request.host_url, token)

    return api
