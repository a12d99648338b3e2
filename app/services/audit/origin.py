"""Where the request came from that this thread works on."""

from contextvars import ContextVar

from app.domain.audit import Origin

request_origin: ContextVar[Origin] = ContextVar("request_origin", default=Origin())  # noqa: B039 - it is frozen
"""Set by the HTTP side at the beginning of each request; nothing for what runs in the background."""
