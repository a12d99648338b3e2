"""Pages that become documents and follow what is on the web."""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

import pytest

from app.domain.assistants import Assistant
from app.domain.documents import Document, DocumentType, Origin
from app.domain.errors import BusyError, FetchError, NotFoundError, UnavailableError
from app.domain.ids import new_id
from app.domain.users import User
from app.domain.web_pages import Page
from app.services.access import Access
from app.services.fair_share import FairShare
from app.services.page_refresh import PageRefresher
from app.services.ports.accounts import Assistants
from app.services.uploads import Upload
from app.services.web_pages import PageService
from tests.fakes.audit import audit_of_tests
from tests.fakes.clock import FakeClock
from tests.fakes.pages import FakeAssistants, FakePageDocuments, FakeWeb

URL = "https://loja.com.br/prazos"


@dataclass
class House:
    """An owner with an assistant, one page on the web, and the services around them."""

    owner: User
    assistant: Assistant
    clock: FakeClock
    web: FakeWeb
    assistants: FakeAssistants
    documents: FakePageDocuments
    pages: PageService
    refresher: PageRefresher

    def add(self, refresh_hours: float | None = 24) -> Document:
        return self.pages.add(self.owner, self.assistant.id, Origin(URL, refresh_hours))

    def now(self, document: Document) -> Document:
        return self.documents.rows[document.id]

    def hours_left(self, document: Document) -> float | None:
        at = self.now(document).refresh_at
        return None if at is None else round((at - self.clock()) / timedelta(hours=1), 1)


@pytest.fixture
def house() -> House:
    clock = FakeClock()
    owner = User(new_id(), "Ana", "ana@example.com", "-", False, clock())
    assistant = Assistant(new_id(), "Loja", owner.id, "key", clock())
    web = FakeWeb({URL: (b"5 dias", ".html")})
    assistants, documents = FakeAssistants(assistant), FakePageDocuments(clock)
    pages = PageService(
        Access(cast(Assistants, assistants)), web, documents, FairShare(lambda: 64), audit_of_tests()
    )
    refresher = PageRefresher(assistants, documents, web, documents, clock)
    return House(owner, assistant, clock, web, assistants, documents, pages, refresher)


def test_a_page_becomes_knowledge_that_knows_where_it_came_from(house: House) -> None:
    document = house.add(24)

    assert (document.type, document.filename) == (DocumentType.RAG, "loja.com.br_prazos.html")
    assert document.origin == Origin(URL, 24)
    assert house.hours_left(document) == 24


def test_nothing_is_fetched_for_somebody_elses_assistant(house: House) -> None:
    stranger = replace(house.owner, id=new_id())

    with pytest.raises(NotFoundError):
        house.pages.add(stranger, house.assistant.id, Origin(URL))

    assert house.web.asked == []


def test_a_page_that_cannot_be_had_makes_no_document(house: House) -> None:
    with pytest.raises(FetchError):
        house.pages.add(house.owner, house.assistant.id, Origin("https://loja.com.br/nada"))

    assert house.documents.rows == {}


def test_a_page_is_left_alone_until_it_is_due(house: House) -> None:
    house.add(24)
    house.add(24)
    house.clock.advance(hours=23)

    house.refresher.sweep()

    assert house.web.asked == [URL] * 2


def test_a_page_without_a_refresh_is_never_due(house: House) -> None:
    house.add(None)
    house.clock.advance(days=3650)

    house.refresher.sweep()

    assert house.web.asked == [URL]


def test_a_page_that_did_not_change_keeps_its_revision(house: House) -> None:
    document = house.add(24)
    house.clock.advance(hours=25)

    house.refresher.sweep()

    assert house.now(document).revision == document.revision
    assert house.hours_left(document) == 24
    assert house.web.asked == [URL] * 2


def test_a_page_that_changed_becomes_the_next_revision_of_the_same_document(house: House) -> None:
    document = house.add(24)
    house.web.pages[URL] = (b"7 dias", ".html")
    house.clock.advance(hours=25)

    house.refresher.sweep()

    now = house.now(document)
    assert list(house.documents.rows) == [document.id]
    assert (now.size, now.origin) == (len(b"7 dias"), document.origin)
    assert now.revision != document.revision
    assert house.hours_left(document) == 24


@pytest.mark.parametrize(("hours", "retry"), [(24, 1), (0.5, 0.5)])
def test_a_page_that_is_gone_keeps_its_content_and_says_why(house: House, hours: float, retry: float) -> None:
    document = house.add(hours)
    del house.web.pages[URL]
    house.clock.advance(hours=hours)

    house.refresher.sweep()

    now = house.now(document)
    assert (now.revision, now.refresh_error) == (
        document.revision,
        "The page cannot be had: its server answered with status 404.",
    )
    assert house.hours_left(document) == retry


@pytest.mark.parametrize("content", [b"5 dias", b"7 dias"])
def test_a_page_that_is_back_has_no_problem_any_more(house: House, content: bytes) -> None:
    document = house.add(24)
    del house.web.pages[URL]
    house.clock.advance(hours=25)
    house.refresher.sweep()
    house.web.pages[URL] = (content, ".html")
    house.clock.advance(hours=1)

    house.refresher.sweep()

    assert house.now(document).refresh_error is None
    assert house.hours_left(document) == 24


def test_a_page_of_another_kind_is_a_problem_and_no_second_document(house: House) -> None:
    document = house.add(24)
    house.web.pages[URL] = (b"%PDF-1.7", ".pdf")
    house.clock.advance(hours=25)

    house.refresher.sweep()

    assert house.documents.rows.keys() == {document.id}
    assert "(.pdf)" in str(house.now(document).refresh_error)


def test_what_an_upload_refuses_is_a_problem_of_the_page(house: House) -> None:
    document = house.add(24)

    class Full:
        def add(self, assistant: Assistant, upload: Upload) -> Document:
            raise UnavailableError("There is no room.")

    house.web.pages[URL] = (b"7 dias", ".html")
    house.clock.advance(hours=25)
    PageRefresher(house.assistants, house.documents, house.web, Full(), house.clock).sweep()

    assert house.now(document).refresh_error == "There is no room."
    assert house.hours_left(document) == 1


def meanwhile(house: House, happens: Callable[[], object]) -> PageRefresher:
    """A refresher during whose fetches something happens."""

    class Slow:
        def fetch(self, url: str) -> Page:
            happens()
            return house.web.fetch(url)

    return PageRefresher(house.assistants, house.documents, Slow(), house.documents, house.clock)


def test_a_document_deleted_during_the_fetch_does_not_come_back(house: House) -> None:
    document = house.add(24)
    house.web.pages[URL] = (b"7 dias", ".html")
    house.clock.advance(hours=25)

    meanwhile(house, lambda: house.documents.rows.pop(document.id)).sweep()

    assert house.documents.rows == {}


def test_an_assistant_deleted_during_the_fetch_gets_no_document(house: House) -> None:
    document = house.add(24)
    house.web.pages[URL] = (b"7 dias", ".html")
    house.clock.advance(hours=25)

    meanwhile(house, house.assistants.assistants.clear).sweep()

    assert house.now(document).revision == document.revision


def test_a_file_uploaded_over_the_page_during_the_fetch_stays(house: House) -> None:
    document = house.add(24)
    house.web.pages[URL] = (b"7 dias", ".html")
    house.clock.advance(hours=25)

    def upload() -> None:
        file = io.BytesIO(b"by hand")
        house.documents.add(house.assistant, Upload(DocumentType.RAG, document.filename, file))

    meanwhile(house, upload).sweep()

    now = house.now(document)
    assert (now.size, now.origin, now.refresh_at, now.refresh_error) == (len(b"by hand"), None, None, None)


def test_a_schedule_changed_during_the_fetch_stays(house: House) -> None:
    document = house.add(24)
    house.web.pages[URL] = (b"7 dias", ".html")
    house.clock.advance(hours=25)

    def stop_refreshing() -> None:
        row = house.now(document)
        house.documents.rows[row.id] = replace(row, origin=Origin(URL, None), refresh_at=None)

    meanwhile(house, stop_refreshing).sweep()

    now = house.now(document)
    assert (now.size, now.origin, now.refresh_at) == (len(b"7 dias"), Origin(URL, None), None)


def test_of_several_processes_one_fetches(house: House) -> None:
    document = house.add(24)
    house.clock.advance(hours=25)
    stale = house.now(document)
    others: list[PageRefresher] = []

    meanwhile(house, lambda: house.refresher.refresh(stale)).refresh(stale)
    for _ in range(3):
        others.append(PageRefresher(house.assistants, house.documents, house.web, house.documents, house.clock))
    threads = [threading.Thread(target=other.refresh, args=(stale,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert house.web.asked == [URL] * 2


def test_a_refresh_that_was_cut_off_is_taken_up_again(house: House) -> None:
    document = house.add(24)
    house.clock.advance(hours=25)

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        meanwhile(house, die).sweep()
    house.refresher.sweep()
    assert house.web.asked == [URL]
    house.clock.advance(minutes=16)
    house.refresher.sweep()

    assert house.web.asked == [URL] * 2
    assert house.hours_left(document) == 24


def test_a_sweep_takes_so_many_and_the_longest_overdue_first(house: House) -> None:
    for number in range(60):
        house.web.pages[f"{URL}/{number}"] = (b"5 dias", ".html")
        house.pages.add(house.owner, house.assistant.id, Origin(f"{URL}/{number}", 24))
    asked = list(house.web.asked)
    house.clock.advance(hours=25)

    house.refresher.sweep()
    house.refresher.sweep()

    assert house.web.asked == asked * 2


def test_a_page_can_be_refreshed_before_it_is_due(house: House) -> None:
    document = house.add(None)
    house.web.pages[URL] = (b"7 dias", ".html")

    house.refresher.refresh(document)

    assert house.now(document).revision != document.revision
    assert house.now(document).refresh_at is None


def test_a_document_without_an_origin_is_not_fetched(house: House) -> None:
    file = io.BytesIO(b"by hand")
    document = house.documents.add(house.assistant, Upload(DocumentType.RAG, "a.txt", file))

    house.refresher.refresh(document)

    assert house.web.asked == []


def test_an_owner_has_no_more_pages_fetched_at_once_than_their_share(house: House) -> None:
    share = FairShare(lambda: 2)
    pages = PageService(
        Access(cast(Assistants, house.assistants)), house.web, house.documents, share, audit_of_tests()
    )
    with share.held(house.owner.id), pytest.raises(BusyError):
        pages.add(house.owner, house.assistant.id, Origin(URL, None))

    pages.add(house.owner, house.assistant.id, Origin(URL, None))
    assert house.web.asked == [URL]
