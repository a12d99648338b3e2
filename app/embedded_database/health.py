"""Whether a running server still answers from its store."""

import time

from pymongo.errors import OperationFailure, PyMongoError

from app.embedded_database.server import client

_PAUSE_SECONDS = 2.0
_CALL_SECONDS = 2.0
_INTERNAL_ERROR = 1
_FAILURES = 2


class ServerHealth:
    """Notices a server that answers everything from its store with an error.

    After a write that found no room on the disk the server stays so until it is started again.
    """

    def __init__(self, uri: str) -> None:
        self._client = client(uri, _CALL_SECONDS)
        self._next_look = time.monotonic() + _PAUSE_SECONDS
        self._failures = 0

    def is_broken(self) -> bool:
        """Look again if the last look was two seconds ago; True after two failures in a row."""
        if time.monotonic() >= self._next_look:
            self._failures = self._failures + 1 if self._fails() else 0
            self._next_look = time.monotonic() + _PAUSE_SECONDS
        return self._failures >= _FAILURES

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _fails(self) -> bool:
        """A server that is slow, or not there, is none of this."""
        try:
            self._client.admin["system.users"].find_one({}, {"_id": 1})
        except OperationFailure as error:
            return error.code == _INTERNAL_ERROR
        except PyMongoError:
            return False
        return False
