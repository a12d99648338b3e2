"""The embedded database: SecantusDB as a managed child process, for trying out, development and tests."""

from app.repositories.embedded.database import EmbeddedDatabase
from app.repositories.embedded.errors import DatabaseInUseError, EmbeddedDatabaseError
from app.repositories.embedded.folder import running_uri

__all__ = ["DatabaseInUseError", "EmbeddedDatabase", "EmbeddedDatabaseError", "running_uri"]
