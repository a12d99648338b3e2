"""Indexes are brought up to date once for many changes, and without anybody waiting."""

import threading
from types import SimpleNamespace

import pytest

from app.services.index_refresh import IndexRefresher

SECONDS = 10


class Versions:
    """Assistants, each at the version that was set last; `a9` does not exist."""

    def __init__(self) -> None:
        self.version = 1

    def by_id(self, assistant_id: str) -> SimpleNamespace | None:
        return None if assistant_id == "a9" else SimpleNamespace(id=assistant_id, knowledge_version=self.version)


class Index:
    """Takes note of the refreshes; each waits until `go` is set."""

    def __init__(self) -> None:
        self.refreshed: list[tuple[str, int]] = []
        self.came = threading.Semaphore(0)
        self.go = threading.Event()
        self.error: Exception | None = None

    def refresh(self, assistant_id: str, version: int) -> None:
        self.refreshed.append((assistant_id, version))
        self.came.release()
        assert self.go.wait(SECONDS)
        if self.error:
            raise self.error


def refresher_of(versions: Versions, index: Index, pause_seconds: float = 0.01) -> IndexRefresher:
    return IndexRefresher(versions, index, pause_seconds=pause_seconds)  # type: ignore[arg-type]


def test_changes_that_come_during_a_refresh_share_the_next_one() -> None:
    versions, index = Versions(), Index()
    refresher = refresher_of(versions, index)
    refresher.request("a1")
    assert index.came.acquire(timeout=SECONDS)
    for _ in range(5):
        versions.version += 1
        refresher.request("a1")

    index.go.set()

    assert index.came.acquire(timeout=SECONDS)
    refresher.stop()
    assert index.refreshed == [("a1", 1), ("a1", 6)]


def test_a_failed_refresh_does_not_end_the_next_ones(caplog: pytest.LogCaptureFixture) -> None:
    index = Index()
    index.error = OSError("disk full")
    index.go.set()
    refresher = refresher_of(Versions(), index)

    for name in ("a1", "a2"):
        refresher.request(name)
        assert index.came.acquire(timeout=SECONDS)

    refresher.stop()
    assert index.refreshed == [("a1", 1), ("a2", 1)]
    assert "a1" in caplog.text


def test_a_deleted_assistant_has_no_index() -> None:
    index = Index()
    index.go.set()
    refresher = refresher_of(Versions(), index)

    refresher.request("a9")
    refresher.request("a1")

    assert index.came.acquire(timeout=SECONDS)
    refresher.stop()
    assert index.refreshed == [("a1", 1)]


def test_nothing_is_refreshed_after_the_end() -> None:
    index = Index()
    index.go.set()
    refresher = refresher_of(Versions(), index, pause_seconds=SECONDS)
    refresher.request("a1")
    assert index.came.acquire(timeout=SECONDS)
    refresher.request("a1")

    refresher.stop()
    refresher.request("a1")

    assert index.refreshed == [("a1", 1)]
