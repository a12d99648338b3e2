"""Requests that would write are refused while the disk is full, before anything of them is kept."""

from collections.abc import Callable

from apiflask import APIFlask
from flask import request

_WITHOUT_ROOM = ("/auth/",)


def refuse_when_full(app: APIFlask, require_room: Callable[[], None]) -> None:
    """Ask `require_room`, which raises `DiskFullError`, before each POST but those of accounts.

    Reading, signing in, switching and deleting go on: a customer can still be answered by a person, and room made.
    """

    @app.before_request
    def refuse() -> None:
        if request.method == "POST" and not request.path.startswith(_WITHOUT_ROOM):
            require_room()
