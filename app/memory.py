"""How the C library hands out memory."""

import ctypes
import sys

_M_ARENA_MAX = -8
_ARENAS = 2


def bound_arenas() -> None:
    """Let glibc keep two heaps and not eight a core.

    The short-lived threads of index writers leave their heaps behind: 257 MB after 60 changes of an index and
    16 more indexes built, 138 MB with two (mallopt(3)). Elsewhere than on glibc nothing happens.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, _ARENAS)
