"""How long a recording is, by what it says of itself."""

from pathlib import Path

import pytest

from app.llm.recording_seconds import seconds_of


def page(granule: int, content: bytes = b"") -> bytes:
    """A page of an Ogg stream."""
    return b"OggS\0\0" + granule.to_bytes(8, "little", signed=True) + bytes(13) + content


OPUS = page(0, b"OpusHead\x01\x01") + page(0, b"OpusTags")


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (OPUS + page(48_000, b"a" * 5_000) + page(48_000 * 12 + 1, b"b" * 70), 13),
        (OPUS + page(-1, b"a" * 5_000), 3),
        (OPUS[:20], 1),
        (b"ID3" + b"a" * 9_000, 5),
        (b"", 1),
        (page(2**62) + b"OpusHead", 86_400),
    ],
    ids=["Opus", "no granule", "cut off", "another type", "empty", "absurd"],
)
def test_seconds(tmp_path: Path, content: bytes, seconds: int) -> None:
    (tmp_path / "recording").write_bytes(content)

    assert seconds_of(tmp_path / "recording") == seconds
