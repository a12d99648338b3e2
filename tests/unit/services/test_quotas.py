"""What is asked of the database where there are quotas, and where there are none."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from app.domain.assistants import Assistant
from app.domain.errors import QuotaExceededError
from app.domain.ids import new_id
from app.domain.users import User
from app.services.quotas import AssistantQuota, DocumentQuota

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ANA = User(new_id(), "Ana", "ana@example.com", "hash", False, NOW)
ASSISTANT = Assistant(new_id(), "Loja", ANA.id, "key", NOW)


@dataclass
class Rows:
    """So many rows of so many bytes together."""

    rows: int = 0
    size: int = 0
    asked: int = 0

    def count(self, _owner_id: str, most: int) -> int:
        self.asked += 1
        return min(self.rows, most)

    def total_size(self, _assistant_id: str) -> int:
        self.asked += 1
        return self.size


def test_without_quotas_nothing_is_counted() -> None:
    rows = Rows(rows=10**6, size=10**12)

    AssistantQuota(rows, 0).check(ANA, ANA.id, more=1)
    DocumentQuota(rows, 0, 0).check(ASSISTANT, 10**9, None)

    assert rows.asked == 0


@pytest.mark.parametrize(("owned", "is_allowed"), [(2, True), (3, False), (9, False)])
def test_one_more_must_fit(owned: int, is_allowed: bool) -> None:
    quota = AssistantQuota(Rows(rows=owned), 3)
    if is_allowed:
        quota.check(ANA, ANA.id, more=1)
        return
    with pytest.raises(QuotaExceededError, match="own 3 assistants"):
        quota.check(ANA, ANA.id, more=1)


@pytest.mark.parametrize(("stored", "size", "is_allowed"), [(2**20, 2**20, True), (2**20, 2**20 + 1, False)])
def test_bytes_must_fit(stored: int, size: int, is_allowed: bool) -> None:
    quota = DocumentQuota(Rows(size=stored), 0, 2)
    if is_allowed:
        quota.check(ASSISTANT, size, None)
        return
    with pytest.raises(QuotaExceededError, match="2 MB"):
        quota.check(ASSISTANT, size, None)
