"""Whether the service can do its work."""

import logging
from collections.abc import Callable, Mapping

from app.domain.errors import OrquestradoraError

_log = logging.getLogger(__name__)


class Readiness:
    """Tries each part the service cannot work without; a check that fails raises."""

    def __init__(self, checks: Mapping[str, Callable[[], object]]) -> None:
        self._checks = checks

    def missing(self) -> list[str]:
        """The names of the parts that cannot work now."""
        return [name for name, check in self._checks.items() if not self._works(name, check)]

    @staticmethod
    def _works(name: str, check: Callable[[], object]) -> bool:
        try:
            check()
        except OrquestradoraError as error:
            _log.warning("Not ready: %s: %s", name, error)
            return False
        except Exception:
            _log.warning("Not ready: %s", name, exc_info=True)
            return False
        return True
