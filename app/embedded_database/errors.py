"""What can go wrong with the embedded database; each message is one line for whoever starts the service."""

from app.domain.errors import UnavailableError


class EmbeddedDatabaseError(UnavailableError):
    """The embedded database cannot be started or kept running."""

    code = "database_failed"


class DatabaseInUseError(EmbeddedDatabaseError):
    """Another process owns the folder of this database."""

    code = "database_in_use"


class ServerEndedError(EmbeddedDatabaseError):
    """The server ended before it answered; another attempt, on another port, may do."""
