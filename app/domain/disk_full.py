"""Telling a full disk from everything else that goes wrong with files."""

import errno

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_SQLITE_FULL = 13  # https://www.sqlite.org/rescode.html#full


def is_disk_full(error: BaseException) -> bool:
    """Whether there is no space left, or no more of it for this user; of files, and of SQLite's databases."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return getattr(error, "sqlite_errorcode", None) == _SQLITE_FULL
