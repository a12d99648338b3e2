"""From a folder to a running server with a user; the very first time, without one."""

import threading
from pathlib import Path

from pymongo.errors import PyMongoError

from app.embedded_database.errors import EmbeddedDatabaseError, ServerEndedError
from app.embedded_database.folder import DatabaseFolder
from app.embedded_database.server import USER, DatabaseServer, client, free_port

_PORT_ATTEMPTS = 3


def open_server(folder: DatabaseFolder, lock: int, stopping: threading.Event) -> DatabaseServer:
    """A server on the folder's store that answers and asks for a password; `lock` is that of the folder.

    Raises `EmbeddedDatabaseError` if it does not come up, or when `stopping` is set meanwhile.
    """
    password = folder.password()
    try:
        if not folder.store.exists():
            make_store(folder, lock, password, stopping)
            folder.accept_store()
        server = serve(folder, lock, folder.store, password, stopping)
        _check_users(server)
    except PyMongoError as error:
        raise EmbeddedDatabaseError(f"The embedded database could not be set up: {error}") from None
    return server


def make_store(folder: DatabaseFolder, lock: int, password: str, stopping: threading.Event) -> None:
    """Make the unfinished store, which knows the user. It gets its name only later, so that none is left open."""
    folder.drop_unfinished_store()
    server = serve(folder, lock, folder.unfinished_store, None, stopping)
    try:
        with client(server.uri) as connection:
            connection.admin.command("createUser", USER, pwd=password, roles=["root"])
    finally:
        server.stop()


def serve(
    folder: DatabaseFolder, lock: int, store: Path, password: str | None, stopping: threading.Event
) -> DatabaseServer:
    """Start a server on a free port; another program may take the port first, hence the attempts."""
    for attempt in range(1, _PORT_ATTEMPTS + 1):
        server = DatabaseServer(folder, lock, store, free_port(), password=password)
        try:
            server.wait_until_ready(stopping)
        except ServerEndedError:
            if attempt == _PORT_ATTEMPTS:
                raise
        else:
            break
    return server


def _check_users(server: DatabaseServer) -> None:
    """Nobody else made himself a user during the second in which the first start asked for no password."""
    try:
        with client(server.uri) as connection:
            users = [user["user"] for user in connection.admin["system.users"].find({}, {"user": 1})]
        if users != [USER]:
            raise EmbeddedDatabaseError(
                "The embedded database has a user that this service did not create; "
                "delete the folder `database` in DATA_DIR."
            )
    except BaseException:
        server.stop()
        raise
