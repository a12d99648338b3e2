"""What the service and its workers say to each other."""

from typing import NamedTuple


class Request(NamedTuple):
    """What a worker is to read, within which limits, and for whom.

    `descriptor` is the open file, `ending` one of `SUPPORTED`; `seconds` are of CPU time; `parent` is a process
    id; `tesseract` is the path of the program that recognises text in pictures ("": not installed).
    """

    descriptor: int
    ending: str
    seconds: int
    memory_bytes: int
    max_characters: int
    parent: int
    tesseract: str


PATIENCE = 3
"""How many times the CPU time a worker may use it may take by the clock: other processes want the machine, too."""

EXIT_DISK_FULL = 75
"""The exit code of a worker that has no room to write its answer."""

MOST_PICTURES = 100
"""In how many pages of one file text is recognised."""

SECONDS_PER_PICTURE = 10
"""What text recognition may take on average; added to the time a file has."""

PICTURES_ANNOUNCED = b"pictures "
"""Begins the first line of a worker's output when it starts to recognise text; the number of pictures follows."""

PICTURE_DONE = b"."
"""Follows that line once for each picture whose text is recognised."""
