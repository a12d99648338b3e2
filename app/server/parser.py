"""One request at a time, and of its body no more than somebody has agreed to."""

import logging
from typing import Any

from waitress.parser import HTTPRequestParser

from app.domain.disk_full import is_disk_full
from app.server.errors import NoRoomError

_log = logging.getLogger(__name__)

SMALL_BYTES = 64 * 1024
"""What a body may have before anybody is asked whether it may come at all; it is kept in memory."""


class RequestParser(HTTPRequestParser):  # type: ignore[misc]
    """Reads one request of a connection, and nothing that was sent along behind it.

    A body of more than `SMALL_BYTES` waits until `allow_body` says how much of it may come.
    """

    def __init__(self, adjustments: Any) -> None:
        super().__init__(adjustments)
        self.expect_continue: bool = False
        self._body_limit: int | None = None
        self._waits_to_continue = False

    @property
    def wants_to_send_much(self) -> bool:
        """Whether there is a body that nobody has agreed to yet."""
        if self._body_limit is not None or self.completed or not self.headers_finished:
            return False
        return max(int(self.content_length), int(self.body_bytes_received)) > SMALL_BYTES

    def received(self, data: bytes) -> int:
        """Take what came; how many bytes of it are done with."""
        try:
            consumed = int(super().received(data))
        except OSError as error:
            if not is_disk_full(error):
                raise
            self._refuse_for_want_of_room(error)
            return len(data)
        if self._body_limit is not None and not self.completed and self.body_bytes_received > self._body_limit:
            self._leave_out_body()
        if self.completed and not self.empty and consumed < len(data):
            if data[consumed:].strip(b"\r\n"):
                self._be_the_last()
            return len(data)
        if self.wants_to_send_much and self.expect_continue:
            self.expect_continue, self._waits_to_continue = False, True
        return consumed

    def allow_body(self, limit: int) -> None:
        """Take at most `limit` bytes; of a body that is longer nothing, and the request is complete without it."""
        self._body_limit = limit
        if max(self.content_length, self.body_bytes_received) > limit:
            self._leave_out_body()
        elif self._waits_to_continue:
            self.expect_continue = True

    def _leave_out_body(self) -> None:
        """Let the application refuse the request: by its credentials, or by the length its body would have."""
        self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received))
        self.close()
        self.body_rcv = None
        self.completed = True
        self._be_the_last()

    def _refuse_for_want_of_room(self, error: OSError) -> None:
        """A body of some length is kept in a file, and there is no room for more of it."""
        _log.error("There is no room for the body of a request in the folder for temporary files", exc_info=error)
        self.close()
        self.error = NoRoomError()
        self.body_rcv = None
        self.completed = True

    def _be_the_last(self) -> None:
        """The rest of what the client sends is not read, so that the connection ends with the answer."""
        self.headers["CONNECTION"] = "close"
