"""Indexes of assistants that are no longer there."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from app.services.index_cleanup import IndexCleanup

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Fakes:
    """Assistants and the folders of their indexes."""

    def __init__(self, assistants: set[str], indexed: set[str]) -> None:
        self.there, self.indexed, self.now = assistants, indexed, NOW

    def existing(self, assistant_ids: Collection[str]) -> set[str]:
        return self.there & set(assistant_ids)

    def assistants(self) -> set[str]:
        return set(self.indexed)

    def remove(self, assistant_id: str) -> None:
        self.indexed.remove(assistant_id)

    def cleanup(self) -> IndexCleanup:
        return IndexCleanup(self, self, lambda: self.now)


def test_the_first_sweep_removes_what_belongs_to_nobody() -> None:
    fakes = Fakes({"a", "new"}, {"a", "deleted"})

    fakes.cleanup().sweep()

    assert fakes.indexed == {"a"}


def test_it_looks_again_after_an_hour() -> None:
    fakes = Fakes({"a"}, {"a"})
    cleanup = fakes.cleanup()
    cleanup.sweep()
    fakes.there.clear()

    fakes.now = NOW + timedelta(minutes=59)
    cleanup.sweep()
    assert fakes.indexed == {"a"}

    fakes.now = NOW + timedelta(minutes=60)
    cleanup.sweep()
    assert fakes.indexed == set()
