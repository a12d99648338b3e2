"""/users"""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.routes.authentication import person, signed_in
from app.routes.paging import link_to, list_of, page
from app.routes.schemas.common import MessageOut
from app.routes.schemas.users import AccountOut, AccountQuery, AccountUpdateIn, ResetLinkOut
from app.services.password_resets import PasswordResets
from app.services.users import UserService


def user_routes(users: UserService, resets: PasswordResets, public_url: str | None) -> APIBlueprint:
    """What administrators do with people's accounts.

    `public_url` is where the service is reached (None: where the request came to).
    """
    api = APIBlueprint("users", __name__, url_prefix="/users", tag="Users")

    @api.get("/list")
    @api.doc(summary="List all users, newest first (administrators)", security="token", responses=[403])
    @signed_in
    @api.input(AccountQuery, location="query")
    @api.output(list_of(AccountOut))
    def list_all(query_data: AccountQuery) -> Any:
        if query_data.q is not None:
            found = users.search(person(), query_data.q, query_data.cursor, query_data.limit)
            headers = {"Link": link_to(found.next_before)} if found.next_before else {}
            return [AccountOut.of(user) for user in found.users], 200, headers

        def read(before: str | None, limit: int) -> Any:
            return users.page(person(), before, limit)

        return page(query_data, read, AccountOut.of, lambda user: user.id)

    @api.put("/update/<user_id>")
    @api.doc(
        summary="Make a user an administrator or none, block them or not (administrators)",
        security="token",
        responses=[403, 404, 409],
    )
    @signed_in
    @api.input(AccountUpdateIn)
    @api.output(AccountOut)
    def update(user_id: str, json_data: AccountUpdateIn) -> Any:
        changed = users.update(person(), user_id, is_admin=json_data.is_admin, blocked=json_data.blocked)
        return AccountOut.of(changed)

    @api.delete("/delete/<user_id>")
    @api.doc(summary="Delete a user (administrators)", security="token", responses=[403, 404, 409])
    @signed_in
    @api.output(MessageOut)
    def delete(user_id: str) -> Any:
        users.delete(person(), user_id)
        return MessageOut(message="The user was deleted.")

    @api.post("/resetLink/<user_id>")
    @api.doc(
        summary="Make a link with which a user chooses a new password (administrators)",
        security="token",
        responses=[403, 404],
    )
    @signed_in
    @api.output(ResetLinkOut, status_code=201)
    def reset_link(user_id: str) -> Any:
        reset = resets.make(users.get(person(), user_id), person())
        link = reset.link(public_url or request.host_url)
        return ResetLinkOut(link=link, token=reset.token, expires_at=reset.expires_at)

    return api
