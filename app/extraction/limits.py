"""The limits a worker puts on itself before it opens a stranger's file."""

import contextlib
import ctypes
import os
import resource
import signal
import sys

from app.extraction.request import PATIENCE

_PR_SET_PDEATHSIG = 1


def apply_limits(*, memory_bytes: int, seconds: int, file_bytes: int) -> None:
    """Bound address space, CPU time, time by the clock and the size of any file written; no core dumps."""
    limit(resource.RLIMIT_AS, memory_bytes)
    limit(resource.RLIMIT_CPU, seconds)
    limit(resource.RLIMIT_FSIZE, file_bytes)
    limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(PATIENCE * seconds)


def die_with(parent: int) -> None:
    """Be killed when the process `parent` ends, however it ends; only Linux can do that at once."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def limit(kind: int, most: int) -> None:
    """Bound one resource: macOS refuses some of them, and nobody may raise what is set already."""
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (most, most))
