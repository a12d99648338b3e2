"""How many threads answer requests in this process."""

import threading
from collections.abc import Callable

from app.settings import Settings

# The name waitress gives its threads, of which `waitress-serve --threads` may have other than THREADS.
_SERVER_THREAD = "waitress-"


def thread_count(settings: Settings) -> Callable[[], int]:
    """Counts waitress' threads; THREADS where something else serves."""

    def count() -> int:
        return sum(thread.name.startswith(_SERVER_THREAD) for thread in threading.enumerate()) or settings.threads

    return count
