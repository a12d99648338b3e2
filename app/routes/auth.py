"""/auth"""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from app.routes.authentication import token_for
from app.routes.schemas.auth import LoginIn, LoginOut, RegisterIn, RegisterOut, UserOut
from app.services.auth import AuthService


def auth_routes(auth: AuthService) -> APIBlueprint:
    """Registering and signing in."""
    api = APIBlueprint("auth", __name__, url_prefix="/auth", tag="Auth")

    @api.post("/register")
    @api.input(RegisterIn)
    @api.output(RegisterOut, status_code=201)
    @api.doc(summary="Register", responses=[403, 409])
    def register(json_data: RegisterIn) -> Any:
        user = auth.register(json_data.name, json_data.email, json_data.password)
        return RegisterOut(message="The account was created.", user=UserOut.of(user))

    @api.post("/login")
    @api.input(LoginIn)
    @api.output(LoginOut)
    @api.doc(summary="Sign in", responses=[401, 429])
    def login(json_data: LoginIn) -> Any:
        user = auth.login(json_data.normalised_email(), json_data.password, request.remote_addr or "")
        return LoginOut(token=token_for(user), user=UserOut.of(user))

    return api
