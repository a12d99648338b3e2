"""How many files may be open, and how many a server needs."""

import resource

from app.settings import Settings, SettingsError

# The database's, the indexes', the log's, the queue's: 23 at rest, and as many again for each of a few documents.
_OTHER_FILES = 200
_WAITRESS_SERVE_CONNECTIONS, _WAITRESS_SERVE_THREADS = 100, 4


def connections_of(threads: int) -> int:
    """How many connections `python main.py` accepts."""
    return 4 * threads + 100


def allow_open_files(settings: Settings) -> None:
    """Raise the soft limit of open files to what `python main.py` may need; raises `SettingsError` if it cannot."""
    needed = _needed(connections_of(settings.threads), settings.threads)
    allowed = _raise_limit(needed)
    if allowed < needed:
        raise SettingsError(
            f"THREADS: {settings.threads} threads need {needed} open files, and this process may have {allowed}; "
            f"lower THREADS, or raise the limit (ulimit -n {needed})."
        )


def allow_least_open_files() -> None:
    """The same for a server that was started by others, as `waitress-serve` is without options."""
    needed = _needed(_WAITRESS_SERVE_CONNECTIONS, _WAITRESS_SERVE_THREADS)
    allowed = _raise_limit(needed)
    if allowed < needed:
        raise SettingsError(
            f"The service needs {needed} open files, and this process may have {allowed}; "
            f"raise the limit (ulimit -n {needed})."
        )


def too_few_files_for(connections: int, threads: int) -> str | None:
    """What to tell an operator whose server may not open enough files for its options; None if it may."""
    needed = _needed(connections, threads)
    allowed = _raise_limit(needed)
    if allowed >= needed:
        return None
    return (
        f"{connections} connections and {threads} threads need {needed} open files, and this process may have "
        f"{allowed}: raise the limit (ulimit -n {needed}), or lower --connection-limit and --threads"
    )


def _needed(connections: int, threads: int) -> int:
    """A connection takes up to two (its socket, and a file for a large body), a thread one for the database."""
    return 2 * connections + threads + _OTHER_FILES


def _raise_limit(needed: int) -> int:
    """Raise the soft limit to `needed`, or as far as the hard one lets it; how many files may be open now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return needed
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))
    return max(soft, allowed)
