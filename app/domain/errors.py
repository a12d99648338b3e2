"""Everything that can go wrong, without a word of HTTP.

Each class has a stable `code`; the message is a sentence for the person who caused or met the error.
"""

from collections.abc import Mapping, Sequence


class OrquestradoraError(Exception):
    """The base of all errors this project raises on purpose; `replayed` if an earlier request caused it."""

    code = "error"
    replayed = False

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class NotFoundError(OrquestradoraError):
    """Unknown, malformed or somebody else's id: one and the same."""

    code = "not_found"

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.")


class ForbiddenError(OrquestradoraError):
    """The caller is known but may not do this."""

    code = "forbidden"


class QuotaExceededError(ForbiddenError):
    """As much is there as may be; the message gives the bound."""

    code = "quota_exceeded"


class UnauthorizedError(OrquestradoraError):
    """The credentials are missing, wrong or no longer good.

    `challenge` says which are wanted (RFC 9110, 11.6.1).
    """

    code = "unauthorized"

    def __init__(self, message: str, *, code: str | None = None, challenge: str = "Bearer") -> None:
        super().__init__(message, code=code)
        self.challenge = challenge


class ConflictError(OrquestradoraError):
    """The request does not fit the present state."""

    code = "conflict"


class InvalidError(OrquestradoraError):
    """Readable, but wrong; `fields` says what is wrong with each field."""

    code = "validation_error"

    def __init__(
        self, message: str, fields: Mapping[str, Sequence[str]] | None = None, *, code: str | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.fields = {name: list(problems) for name, problems in (fields or {}).items()}


class FetchError(InvalidError):
    """A web page that could not be had; the message tells whoever gave the URL why.

    Codes: `url_refused`, `fetch_failed`, `fetch_timeout`, `page_too_large`, `page_type`, `page_empty`.
    """

    code = "fetch_failed"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message, {"url": [message]}, code=code)


class SendError(OrquestradoraError):
    """A webhook's receiver could not be reached, or gave no answer; the message tells the webhook's owner why."""

    code = "send_failed"


class TooLargeError(OrquestradoraError):
    """More than a bound allows."""

    code = "payload_too_large"


class ChatInactiveError(ConflictError):
    """A person has taken the conversation over; the assistant stays silent."""

    code = "chat_inactive"

    def __init__(self) -> None:
        super().__init__("A person is answering this conversation; the message was stored and gets no reply.")


class ConversationDeletedError(ConflictError):
    """The conversation was deleted while one of its messages was being answered."""

    code = "conversation_deleted"

    def __init__(self) -> None:
        super().__init__("The conversation was deleted meanwhile.")


class InProgressError(ConflictError):
    """The same request came before and is still worked on; try again after `retry_after` seconds."""

    code = "in_progress"
    retry_after = 1

    def __init__(self) -> None:
        super().__init__("The same message came before and is still being answered; please try again.")


class BusyError(OrquestradoraError):
    """As much is under way as may be; try again after `retry_after` seconds."""

    code = "busy"
    retry_after = 5


class TooManyAttemptsError(OrquestradoraError):
    """Slow down; try again after `retry_after` seconds."""

    code = "too_many_attempts"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimitedError(OrquestradoraError):
    """The caller asks too often; try again after `retry_after` seconds."""

    code = "rate_limited"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests; please try again in {retry_after} s.")
        self.retry_after = retry_after


class ExtractionError(OrquestradoraError):
    """No text could be got out of a file; the message tells its owner why."""

    code = "extraction_failed"


class ModelError(OrquestradoraError):
    """The language model gave no usable answer; `retry_after` in seconds where waiting makes sense."""

    code = "model_failed"

    def __init__(self, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelFailedError(ModelError):
    """It answered with an error or with nonsense."""

    code = "model_failed"


class ModelUnavailableError(ModelError):
    """It could not be reached, or refuses work for now."""

    code = "model_unavailable"


class ModelTimeoutError(ModelError):
    """It did not finish in time."""

    code = "model_timeout"


class BudgetExhaustedError(OrquestradoraError):
    """The assistant's budget for the month is spent, and its settings say that the gateway is told so."""

    code = "budget_exhausted"

    def __init__(self, message: str | None = None) -> None:
        told = "The assistant's budget for this month is spent; the message was stored and not answered."
        super().__init__(message or told)


class UnavailableError(OrquestradoraError):
    """A part of the service itself (database, disk) cannot work right now."""

    code = "service_unavailable"


class DatabaseUnavailableError(UnavailableError):
    """The database cannot be used right now; try again after `retry_after` seconds."""

    code = "database_unavailable"
    retry_after = 5

    def __init__(self) -> None:
        super().__init__("The database cannot be reached right now; please try again.")


class ProviderUnavailableError(UnavailableError):
    """A channel's provider cannot be reached, or is not able to answer; try again after `retry_after` seconds."""

    code = "provider_unavailable"

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = max(1, round(retry_after or 5))


class DiskFullError(UnavailableError):
    """There is no room on a disk; try again after `retry_after` seconds. `folder` is the setting that names it."""

    code = "disk_full"
    retry_after = 30

    def __init__(self, folder: str = "") -> None:
        super().__init__("There is no room on the disk of this service right now; please try again later.")
        self.folder = folder
