"""python -m tests.fakes.replica_set [COMMAND…]: runs a command with MONGODB_URI, or prints the URI and waits."""

import os
import subprocess
import sys
from contextlib import suppress

from tests.fakes.replica_set.replica_set import running_replica_set


def main(command: list[str]) -> int:
    """The exit status of the command; 0 when interrupted while there is none."""
    with running_replica_set() as members:
        if command:
            return subprocess.run(
                command, env=os.environ | {"MONGODB_URI": members.uri, "MONGODB_IS_SCRATCH": "1"}, check=False
            ).returncode
        print(members.uri, flush=True)  # noqa: T201 - what it is for
        with suppress(KeyboardInterrupt):
            sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
