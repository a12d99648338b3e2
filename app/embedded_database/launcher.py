"""Becomes the program it is given, after tying its life to the process that started it.

Run as a script: `python launcher.py <pid of the parent> <program> <argument>...`. It is between the
service and the database because a threaded process must not run Python code between fork and exec.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends (Linux only).

    The database syncs on commit, so SIGKILL loses nothing acknowledged and frees its folder at once.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:  # it died before the kernel was asked
        sys.exit("The parent process is gone.")


def main(arguments: list[str]) -> None:
    """Replace this process by the program in `arguments[1:]`; does not return."""
    die_with_parent(int(arguments[0]))
    os.execv(arguments[1], arguments[1:])  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
