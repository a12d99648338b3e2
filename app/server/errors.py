"""What waitress refuses by itself, in the body of every other error."""

import json

from waitress.task import ErrorTask

from app.domain.errors import DiskFullError

_CODES = {
    400: "bad_request",
    413: "payload_too_large",
    431: "headers_too_large",
    501: "not_implemented",
    503: DiskFullError.code,
}


class NoRoomError:
    """There is no room for a body, in the form of waitress' own errors."""

    code = 503
    reason = "Service Unavailable"


class JsonErrorTask(ErrorTask):  # type: ignore[misc]
    """Answers what waitress refuses before the application sees it."""

    def execute(self) -> None:
        """Write the answer, which is the last of its connection."""
        error = self.request.error
        code = _CODES.get(error.code, "internal_error")
        sentence = f"{error.reason}."
        if isinstance(error, NoRoomError):
            full = DiskFullError()
            sentence = full.message
            self.response_headers.append(("Retry-After", str(full.retry_after)))
        body = json.dumps({"error": sentence, "code": code}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
