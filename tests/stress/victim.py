"""A service that is killed."""

import math
import time
from pathlib import Path
from typing import Any, Self

from tests.e2e.service import free_port, launch


class Victim:
    """A service with an embedded database, on one port for all its lives; a context manager.

    `up_since` is when it was last started (seconds on the monotonic clock), infinite while it is down.
    """

    def __init__(self, place: Path, **settings: Any) -> None:
        self._place = place
        self._settings = {"PORT": free_port(), "LOG_LEVEL": "WARNING", **settings}
        self.up_since = math.inf

    def __enter__(self) -> Self:
        self._start()
        self.service.sign_in()
        return self

    def __exit__(self, *_: object) -> None:
        if self.service.process.poll() is None:
            self.service.stop()

    def kill_and_restart(self) -> None:
        """kill -9; the kernel does the same to its database."""
        self.up_since = math.inf
        token = self.service.token
        self.service.kill()
        self._start()
        self.service.token = token

    def _start(self) -> None:
        self.service = launch(self._place, **self._settings)
        self.up_since = time.monotonic()
