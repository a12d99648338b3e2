"""Forms with a file."""

from functools import wraps
from typing import Any

from flask import request

from app.domain.errors import InvalidError
from app.routes.authentication import View
from app.routes.requests import UnreadableBodyError, UnsupportedTypeError


def multipart(view: View) -> View:
    """Take a form with one file in the field `file`, and nothing else."""

    @wraps(view)
    def check(*args: Any, **kwargs: Any) -> Any:
        if request.mimetype != "multipart/form-data":
            raise UnsupportedTypeError("Send the file in a form, as multipart/form-data, in the field file.")
        if not request.mimetype_params.get("boundary"):
            raise UnreadableBodyError(
                "The header Content-Type names no boundary of the form; leave that header to your HTTP library."
            )
        if [name for name, _ in request.files.items(multi=True)] not in ([], ["file"]):
            problem = "Send exactly one file, in this field."
            raise InvalidError("An upload has one file.", {"file": [problem]})
        return view(*args, **kwargs)

    return check
