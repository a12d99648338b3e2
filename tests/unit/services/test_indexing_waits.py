"""Requests that wait for a document."""

import threading
import time
from dataclasses import dataclass, replace
from typing import cast

import pytest

from app.domain.documents import Document, DocumentStatus, DocumentType
from app.domain.ids import new_id
from app.services.fair_share import FairShare
from app.services.indexing_waits import IndexingWaits
from app.services.ports.documents import Documents
from tests.fakes.clock import FakeClock

LONG_SECONDS = 60


@dataclass
class OneDocument:
    """A collection with one document."""

    document: Document

    def by_id(self, _document_id: str) -> Document:
        return self.document


@pytest.fixture
def rows() -> OneDocument:
    now = FakeClock()()
    document = Document(
        id=new_id(),
        assistant_id=new_id(),
        owner_id=new_id(),
        type=DocumentType.RAG,
        filename="a.md",
        filepath="a.md",
        size=1,
        sha256="-",
        revision=new_id(),
        created_at=now,
        updated_at=now,
    )
    return OneDocument(document)


def waits_of(rows: OneDocument, threads: int = 64) -> IndexingWaits:
    return IndexingWaits(cast(Documents, rows), FairShare(lambda: threads))


def test_a_wait_ends_with_the_work(rows: OneDocument) -> None:
    waits = waits_of(rows)

    def work() -> None:
        rows.document = replace(rows.document, status=DocumentStatus.READY)
        waits.notify(rows.document.id, takes_long=False)

    with waits.begin(rows.document) as wait:
        threading.Thread(target=work).start()
        found = waits.result(wait, rows.document, LONG_SECONDS)

    assert found.status is DocumentStatus.READY


def test_what_takes_long_is_not_waited_for(rows: OneDocument) -> None:
    waits = waits_of(rows)
    with waits.begin(rows.document) as wait:
        waits.notify(rows.document.id, takes_long=True)
        found = waits.result(wait, rows.document, LONG_SECONDS)

    assert found.status is DocumentStatus.PENDING


def test_a_wait_ends_with_its_time(rows: OneDocument) -> None:
    waits, began = waits_of(rows), time.monotonic()
    with waits.begin(rows.document) as wait:
        waits.result(wait, rows.document, 0.05)

    assert time.monotonic() - began < LONG_SECONDS / 2


def test_an_owner_with_too_many_waits_goes_on_without(rows: OneDocument) -> None:
    waits = waits_of(rows, threads=2)
    with waits.begin(rows.document) as first, waits.begin(rows.document) as second:
        assert (first.takes_long, second.takes_long) == (False, True)
        waits.result(second, rows.document, LONG_SECONDS)

    with waits.begin(rows.document) as third:
        assert not third.takes_long


def test_news_of_a_document_nobody_waits_for_are_no_news(rows: OneDocument) -> None:
    waits_of(rows).notify(new_id(), takes_long=False)
