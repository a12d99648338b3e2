"""How much CPU time a process has used: unlike the clock, it does not run while others have the machine."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM, _USER_OF_CHILDREN, _SYSTEM_OF_CHILDREN = 11, 12, 13, 14
"""Places behind the name in /proc/<pid>/stat (proc_pid_stat(5), fields 14 to 17)."""


def cpu_seconds(pid: int) -> float | None:
    """What a process and its children that have ended have used; None where that cannot be told, as on macOS."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        parts = (_USER, _SYSTEM, _USER_OF_CHILDREN, _SYSTEM_OF_CHILDREN)
        return sum(int(fields[place]) for place in parts) / _TICKS
    except (OSError, IndexError, ValueError):
        return None
