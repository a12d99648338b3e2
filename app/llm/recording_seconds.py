"""How long a recording is."""

import math
from pathlib import Path

_TAIL_BYTES = 64 * 1024
_PAGE = b"OggS"
_HEAD_BYTES = 64
# Opus counts 48,000 samples a second, whatever it was recorded with (RFC 7845, section 4).
_OPUS_SAMPLES = 48_000
_GRANULE_AT, _GRANULE_BYTES = 6, 8
# Less than voice messages have, so that the guess is not too short.
_FEWEST_BYTES_A_SECOND = 2_000
_LONGEST_SECONDS = 24 * 3600


def seconds_of(recording: Path) -> int:
    """Seconds, rounded up: what an Ogg file with Opus says of itself (RFC 3533), else a guess by its size."""
    size = recording.stat().st_size
    with recording.open("rb") as file:
        is_opus = b"OpusHead" in file.read(_HEAD_BYTES)
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read(_TAIL_BYTES)
    samples = _last_granule(tail) if is_opus else 0
    seconds = samples / _OPUS_SAMPLES if samples else size / _FEWEST_BYTES_A_SECOND
    return max(1, min(math.ceil(seconds), _LONGEST_SECONDS))


def _last_granule(tail: bytes) -> int:
    """How many samples there are at the end of the last page; 0 where none says so."""
    at = tail.rfind(_PAGE)
    granule = tail[at + _GRANULE_AT : at + _GRANULE_AT + _GRANULE_BYTES] if at >= 0 else b""
    return max(0, int.from_bytes(granule, "little", signed=True)) if len(granule) == _GRANULE_BYTES else 0
