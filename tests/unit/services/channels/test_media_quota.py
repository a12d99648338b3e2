"""How much room an assistant's files may take."""

from app.services.channels.media_quota import MediaQuota

MEGABYTE = 2**20


class Files:
    def __init__(self, size: int) -> None:
        self.size, self.counted = size, 0

    def size_of(self, assistant_id: str) -> int:
        self.counted += 1
        return self.size


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_folder_is_counted_once_and_what_is_written_is_added() -> None:
    files, seconds = Files(MEGABYTE), Seconds()
    quota = MediaQuota(files, 3, seconds)

    assert quota.left("a") == 2 * MEGABYTE
    quota.added("a", MEGABYTE // 2)
    assert quota.left("a") == 3 * MEGABYTE // 2
    assert (files.counted, quota.left("b")) == (1, 2 * MEGABYTE)

    seconds.now = 901
    assert (quota.left("a"), files.counted) == (2 * MEGABYTE, 3)


def test_a_full_one_is_looked_at_again_within_a_minute() -> None:
    files, seconds = Files(4 * MEGABYTE), Seconds()
    quota = MediaQuota(files, 3, seconds)

    assert (quota.left("a"), quota.has_room("a")) == (0, False)
    files.size, seconds.now = 0, 61
    assert quota.has_room("a")

    quota.added("a", 3 * MEGABYTE)
    assert not quota.has_room("a")
    seconds.now = 122
    assert quota.has_room("a")


def test_without_a_bound_nothing_is_counted() -> None:
    files = Files(MEGABYTE)
    quota = MediaQuota(files, 0)

    assert (quota.left("a"), quota.has_room("a"), files.counted) == (None, True, 0)
