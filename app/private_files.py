"""Whose eyes the service's files are for."""

import os


def keep_files_private() -> None:
    """Have everything this process and its children write from now on be for its user alone: 0700 and 0600.

    Also what libraries write: databases, queues, indexes. Process-wide, hence for whoever starts a process.
    """
    os.umask(0o077)
