"""/auth"""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.routes.authentication import current_token, person, signed_in, token_for
from app.routes.schemas.auth import (
    ForgotPasswordIn,
    LoginIn,
    LoginOut,
    MeOut,
    PasswordIn,
    RegisterIn,
    RegisterOut,
    ResetPasswordIn,
    UserOut,
)
from app.routes.schemas.common import MessageOut
from app.services.auth import AuthService
from app.services.invitations import Invitations
from app.services.password_reset_mail import PasswordResetMail
from app.services.password_resets import PasswordResets
from app.services.sessions import Sessions


def auth_routes(
    auth: AuthService,
    invitations: Invitations,
    sessions: Sessions,
    resets: PasswordResets,
    reset_mail: PasswordResetMail,
) -> APIBlueprint:
    """Registering, signing in and out, and the caller's own account."""
    api = APIBlueprint("auth", __name__, url_prefix="/auth", tag="Auth")

    @api.post("/register")
    @api.input(RegisterIn)
    @api.output(RegisterOut, status_code=201)
    @api.doc(summary="Register", responses=[403, 409])
    def register(json_data: RegisterIn) -> Any:
        given = (json_data.name, json_data.email, json_data.password, _address())
        if json_data.invitation is None:
            user = auth.register(*given)
        else:
            user = invitations.register(json_data.invitation, *given)
        return RegisterOut(message="The account was created.", user=UserOut.of(user))

    @api.post("/login")
    @api.input(LoginIn)
    @api.output(LoginOut)
    @api.doc(summary="Sign in", responses=[401, 403, 429])
    def login(json_data: LoginIn) -> Any:
        user = auth.login(json_data.normalised_email(), json_data.password, _address())
        return LoginOut(token=token_for(user), user=UserOut.of(user))

    @api.post("/logout")
    @api.doc(summary="Sign out: end this token", security="token")
    @signed_in
    @api.output(MessageOut)
    def logout() -> Any:
        sessions.sign_out(person(), current_token())
        return MessageOut(message="You are signed out.")

    @api.get("/me")
    @api.doc(summary="Show who you are", security="token")
    @signed_in
    @api.output(MeOut)
    def me() -> Any:
        return MeOut.of(person())

    @api.put("/password")
    @api.doc(summary="Change your password, and end all your other tokens", security="token", responses=[429])
    @signed_in
    @api.input(PasswordIn)
    @api.output(MessageOut)
    def change_password(json_data: PasswordIn) -> Any:
        current, new = json_data.current_password, json_data.new_password
        sessions.change_password(person(), current_token(), current, new, _address())
        return MessageOut(message="The password was changed; all other sessions were ended.")

    @api.post("/forgotPassword")
    @api.input(ForgotPasswordIn)
    @api.output(MessageOut, status_code=202)
    @api.doc(
        summary="Ask for a mail with a link that resets a password",
        description="The answer is the same whether the address has an account or not. Without `SMTP_URL` no "
        "mail is sent: ask an administrator for a link.",
    )
    def forgot_password(json_data: ForgotPasswordIn) -> Any:
        reset_mail.request(json_data.normalised_email())
        return MessageOut(message="If this address has an account, a mail with a link is on its way to it.")

    @api.post("/resetPassword")
    @api.input(ResetPasswordIn)
    @api.output(MessageOut)
    @api.doc(summary="Choose a new password by a link, and end all tokens")
    def reset_password(json_data: ResetPasswordIn) -> Any:
        resets.reset(json_data.token, json_data.password, _address())
        return MessageOut(message="The password was changed; all sessions were ended. Please sign in.")

    return api


def _address() -> str:
    """Where the caller is."""
    return request.remote_addr or ""
