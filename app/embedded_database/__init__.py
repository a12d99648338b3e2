"""The embedded database: SecantusDB as a managed child process, for trying out, development and tests."""

from app.embedded_database.database import EmbeddedDatabase
from app.embedded_database.deletions import DeletionListener
from app.embedded_database.dialect import EmbeddedDialect
from app.embedded_database.errors import DatabaseInUseError, EmbeddedDatabaseError
from app.embedded_database.folder import running_uri

__all__ = [
    "DatabaseInUseError",
    "DeletionListener",
    "EmbeddedDatabase",
    "EmbeddedDatabaseError",
    "EmbeddedDialect",
    "running_uri",
]
