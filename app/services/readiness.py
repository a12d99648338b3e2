"""Whether the service can do its work."""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import wait as wait_for

from app.domain.errors import OrquestradoraError

_log = logging.getLogger(__name__)

_SECONDS = 5.0


class Readiness:
    """Tries each part the service cannot work without; a check that fails raises.

    What has not answered within `seconds` does not work. A check that hangs is not begun a second time, however
    often somebody asks.
    """

    def __init__(self, checks: Mapping[str, Callable[[], object]], seconds: float = _SECONDS) -> None:
        self._checks = checks
        self._seconds = seconds
        self._lock = threading.Lock()
        self._running: dict[str, Future[bool]] = {}

    def missing(self) -> list[str]:
        """The names of the parts that cannot work now."""
        return [name for name, works in self.parts().items() if not works]

    def parts(self) -> dict[str, bool]:
        """Each part by its name, and whether it works now."""
        results = {name: self._result(name) for name in self._checks}
        wait_for(results.values(), self._seconds)
        return {name: self._works(name, result) for name, result in results.items()}

    def _result(self, name: str) -> "Future[bool]":
        with self._lock:
            running = self._running.get(name)
            if running is None or running.done():
                running = self._running[name] = Future()
                # A daemon, as nothing has to wait for it when the process ends.
                threading.Thread(
                    target=self._check, args=(name, running), name=f"check {name}", daemon=True
                ).start()
            return running

    def _check(self, name: str, result: "Future[bool]") -> None:
        try:
            self._checks[name]()
        except Exception as error:
            why = f": {error}" if isinstance(error, OrquestradoraError) else ""
            _log.warning(f"Not ready: {name}{why}", exc_info=True)
            result.set_result(False)
        else:
            result.set_result(True)

    def _works(self, name: str, result: "Future[bool]") -> bool:
        if not result.done():
            _log.warning("Not ready: %s: no answer within %g s", name, self._seconds)
            return False
        return result.result()
