"""The database of the settings, and what an operator is told when it cannot be used."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from pydantic import SecretStr
from pymongo.database import Database
from pymongo.errors import PyMongoError
from pymongo.monitoring import CommandListener

from app.domain.errors import UnavailableError
from app.domain.rows import Row
from app.embedded_database import DeletionListener, EmbeddedDatabase, EmbeddedDialect, running_uri
from app.repositories.dialect import Dialect, MongoDialect
from app.repositories.failures import explain_start_failure
from app.repositories.mongo import connect, repeated
from app.repositories.own_writes import OwnWrites
from app.settings import Settings


@dataclass(frozen=True)
class OpenDatabase:
    """The database of the settings; `sole_owner`: no other process works on it, and `writes` are all there are.

    `prompt` is the same database, for what rather fails than waits.
    """

    database: Database[Row]
    prompt: Database[Row]
    dialect: Dialect
    sole_owner: bool
    writes: OwnWrites | None = None


@contextmanager
def database_failures_explained() -> Iterator[None]:
    """Turns what the driver raises in this block into an `UnavailableError` of one line, which says what to do."""
    try:
        yield
    except PyMongoError as error:
        raise UnavailableError(explain_start_failure(error)) from error


def open_database(
    settings: Settings, closing: ExitStack, *, beside_service: bool, listeners: Sequence[CommandListener] = ()
) -> OpenDatabase:
    """MongoDB where MONGODB_URI is set, else the embedded database; `listeners` hear of each command.

    Raises `UnavailableError`.
    """
    uri, sole_owner, writes = reveal(settings.mongodb_uri), False, None
    dialect: Dialect = MongoDialect() if uri else EmbeddedDialect()
    if not uri:
        listeners = (*listeners, DeletionListener(settings.data_dir))
    if uri is None and beside_service:
        uri = running_uri(settings.data_dir)
    if uri is None:
        embedded = EmbeddedDatabase(settings.data_dir)
        if not beside_service:
            embedded.compact_at_start()
        closing.callback(embedded.stop)
        uri, sole_owner, writes = embedded.start(), True, OwnWrites()
        listeners = (*listeners, writes)
    with database_failures_explained():
        try:
            database, prompt = (
                connect(uri, settings.mongodb_db, threads=settings.threads, listeners=listeners, promptly=promptly)
                for promptly in (False, True)
            )
        except ValueError as error:  # of a port or an option; the message may repeat a password
            raise UnavailableError("MONGODB_URI: this is not a URI of MongoDB.") from error
        closing.callback(database.client.close)
        closing.callback(prompt.client.close)
        repeated(lambda: database.command("ping"))
    return OpenDatabase(database, prompt, dialect, sole_owner, writes)


def compact_embedded(settings: Settings) -> None:
    """Rewrite the files of the embedded database without what was deleted; raises `UnavailableError`."""
    if settings.mongodb_uri:
        raise UnavailableError("MONGODB_URI is set: MongoDB looks after its files itself (its command compact).")
    EmbeddedDatabase(settings.data_dir).compact()


def reveal(secret: SecretStr | None) -> str | None:
    """The text of a secret setting."""
    return secret.get_secret_value() if secret else None
