"""A document's way into the index: only what is new is embedded, and nothing that cuts it off does harm."""

import errno
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.documents import Document, DocumentStatus, DocumentType, Piece, Stage
from app.domain.errors import DiskFullError, ModelFailedError, ModelUnavailableError
from app.domain.file_text import FileText
from app.domain.ids import new_id
from app.extraction.extractor import Extractor
from app.knowledge.chunking import TEXT_VERSION, split
from app.knowledge.embedding import ChunkEmbedder, Embedder, ModelRegistry
from app.knowledge.embedding.embedder import Matrix
from app.services import leases
from app.services.document_reader import DocumentReader
from app.services.editions import EditionBuilder
from app.services.indexing import Indexer
from app.services.indexing_outcome import IndexingOutcome
from app.services.leases import LaneLimits
from app.services.ports.knowledge import Splitter
from app.services.prompts import PromptHistory
from app.services.webhooks.document_events import DocumentEvents
from app.storage.documents_folder import DocumentsFolder
from app.wiring.repositories import Repositories
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.fate import Killed, fates
from tests.integration.rows import World
from tests.integration.services.announcing import events_over

PARAGRAPH = "O prazo de entrega do produto número {} é contado a partir da confirmação do pagamento do pedido. " * 4


class CountingEmbedder(HashingEmbedder):
    """Keeps what it embedded; `before` is called before each batch."""

    def __init__(self, dimension: int = 64) -> None:
        super().__init__(dimension)
        self.embedded: list[str] = []
        self.before: Callable[[], None] = lambda: None

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        self.before()
        self.embedded.extend(texts)
        return super().embed_passages(texts)


class SlowExtractor(Extractor):
    """Says three times how far it is."""

    after_check: Callable[[], None] = staticmethod(lambda: None)

    def extract(self, path: Path, filename: str, check: Callable[[float], None] = lambda _: None) -> FileText:
        for share in (0.0, 0.5, 1.0):
            check(share)
            self.after_check()
        return super().extract(path, filename, check)


class NoIndex:
    """A process without an index of its own."""

    def request(self, assistant_id: str) -> None:
        pass


@dataclass
class Workshop:
    """Processes on one database and one folder of documents."""

    world: World
    folder: Path
    older: dict[str, Embedder] = field(default_factory=dict)
    extractor: Extractor | None = None

    @property
    def files(self) -> DocumentsFolder:
        return DocumentsFolder(self.folder / "documents")

    def process(self, embedder: Embedder, over: Callable[[Any], Any] = lambda one: one) -> Indexer:
        """A new process, which sees the database through `over`."""
        rows = self.world.rows
        reader = DocumentReader(self.files, self.extractor or Extractor(self.folder / "scratch"))
        queue, chunks, assistants = over(rows.queue), over(rows.chunks), over(rows.assistants)
        editions = EditionBuilder(
            chunks,
            rows.documents,
            rows.knowledge,
            self.files,
            ChunkEmbedder(ModelRegistry(embedder, self.older.get)),
            splitter=Splitter(TEXT_VERSION, split),
        )
        events = DocumentEvents(events_over(rows, self.world.clock), assistants, rows.documents)
        prompts = PromptHistory(rows.prompt_versions, assistants, self.world.clock)
        outcome = IndexingOutcome(queue, assistants, NoIndex(), events, prompts)  # type: ignore[arg-type]
        return Indexer(queue, reader, editions, outcome)

    def upload(self, text: str, document: Document | None = None) -> Document:
        """New bytes that wait to be indexed."""
        if document is None:
            assistant = self.world.assistant()
            document = self.world.document(assistant_id=assistant.id, filename="prazos.md")
        document = replace(document, revision=new_id(), indexed_revision=None, status=DocumentStatus.PENDING)
        self.files.prepare()
        self.files.stage(document.assistant_id, document.revision, io.BytesIO(text.encode()), 10**7)
        self.files.publish(document.assistant_id, document.revision, DocumentType.RAG, document.filename)
        self.world.rows.documents.replace_upload(document, {})
        return document

    def stored(self, document: Document) -> Document:
        found = self.world.rows.documents.by_id(document.id)
        assert found is not None
        return found

    def searched(self, document: Document, model: str) -> list[Piece]:
        """What an index of a model would hold of a document."""
        held = self.world.rows.knowledge.indexed_documents(document.assistant_id, model).get(document.id)
        ids = self.world.rows.knowledge.chunk_ids(document.id, held.revision, model) if held else ()
        pieces = self.world.rows.chunks.pieces(ids)
        assert held is None or len(pieces) == held.chunks
        return pieces


@pytest.fixture
def workshop(world: World, tmp_path: Path) -> Workshop:
    return Workshop(world, tmp_path)


def never() -> bool:
    return False


def text_of(*numbers: int) -> str:
    return "\n".join(f"# Produto {number}\n{PARAGRAPH.replace('{}', str(number))}" for number in numbers)


def headings(pieces: Sequence[Piece]) -> list[str]:
    return [piece.heading for piece in pieces]


def test_a_new_version_embeds_only_what_changed(workshop: Workshop, rows: Repositories) -> None:
    embedder = CountingEmbedder()
    document = workshop.upload(text_of(*range(80)))
    assert workshop.process(embedder).run(document.id, never)
    assert len(embedder.embedded) == 80
    embedder.embedded.clear()

    workshop.upload(text_of(100, *range(1, 40), *range(41, 80), 3), document)
    workshop.process(embedder).run(document.id, never)

    assert [text.partition("\n")[0] for text in embedder.embedded] == ["Produto 100", "Produto 3"]
    found = headings(workshop.searched(document, embedder.model))
    assert found == [f"Produto {one}" for one in (100, *range(1, 40), *range(41, 80), 3)]
    assert len(rows.chunks.known(document.id, embedder.model)) == 80


def test_what_was_cut_off_goes_on_where_it_was(workshop: Workshop, rows: Repositories) -> None:
    document = workshop.upload(text_of(*range(100)))
    first, batches = CountingEmbedder(), iter([False, False, False, True])
    stops = {"now": False}
    first.before = lambda: stops.update(now=next(batches))

    workshop.process(first).run(document.id, lambda: stops["now"])

    assert workshop.stored(document).status is DocumentStatus.INDEXING
    assert 0.3 < workshop.stored(document).progress < 0.7
    second = CountingEmbedder()
    workshop.process(second).run(document.id, never)
    assert len(first.embedded) + len(second.embedded) == 100
    assert len(workshop.searched(document, second.model)) == 100
    assert (workshop.stored(document).status, workshop.stored(document).stage) == (DocumentStatus.READY, Stage.DONE)


def test_what_gets_on_a_little_each_time_is_never_given_up(workshop: Workshop, rows: Repositories) -> None:
    document = workshop.upload(text_of(*range(176)))
    embedders = []
    for _ in range(19):
        embedder, killed = CountingEmbedder(), iter([False, True])

        def dies(killed: Iterator[bool] = killed) -> None:
            if next(killed):
                raise Killed

        embedder.before = dies
        embedders.append(embedder)
        with pytest.raises(Killed) if len(embedders) < 19 else nullcontext():
            workshop.process(embedder).run(document.id, never)
        workshop.world.clock.advance(seconds=121)

    assert workshop.stored(document).status is DocumentStatus.READY
    assert sum(len(embedder.embedded) for embedder in embedders) == 176


def test_what_kills_its_process_again_and_again_is_given_up(workshop: Workshop) -> None:
    document, embedder = workshop.upload(text_of(1)), CountingEmbedder()

    def dies() -> None:
        raise Killed

    embedder.before = dies
    for _ in range(10):
        with pytest.raises(Killed):
            workshop.process(embedder).run(document.id, never)
        workshop.world.clock.advance(seconds=121)
    workshop.process(embedder).run(document.id, never)

    assert workshop.stored(document).status is DocumentStatus.FAILED
    assert "could not be processed" in (workshop.stored(document).error or "")


def test_a_cancelled_document_stops_and_the_old_version_stays(workshop: Workshop, rows: Repositories) -> None:
    embedder = CountingEmbedder()
    document = workshop.upload(text_of(1))
    workshop.process(embedder).run(document.id, never)
    workshop.upload(text_of(*range(200, 300)), document)

    def cancel() -> None:
        rows.queue.cancel(document.id)

    embedder.before = cancel

    workshop.process(embedder).run(document.id, never)

    assert len(embedder.embedded) == 1 + 8
    assert workshop.stored(document).status is DocumentStatus.CANCELLED
    assert headings(workshop.searched(document, embedder.model)) == ["Produto 1"]

    embedder.before = lambda: None
    rows.queue.retry(document.id)
    workshop.process(embedder).run(document.id, never)
    assert len(workshop.searched(document, embedder.model)) == 100
    assert len(embedder.embedded) == 101


def test_a_small_lane_gives_a_long_document_back(workshop: Workshop, rows: Repositories) -> None:
    embedder = CountingEmbedder()
    document = workshop.upload(text_of(*range(20)))

    assert not workshop.process(embedder).run(document.id, never, LaneLimits(chunks=10, seconds=60))

    assert (embedder.embedded, workshop.stored(document).status) == ([], DocumentStatus.INDEXING)
    assert workshop.process(embedder).run(document.id, never)
    assert workshop.stored(document).status is DocumentStatus.READY


def test_a_small_lane_gives_a_document_back_that_takes_long_to_read(workshop: Workshop) -> None:
    embedder = CountingEmbedder()
    workshop.extractor = SlowExtractor(workshop.folder)
    document = workshop.upload(text_of(1))

    assert not workshop.process(embedder).run(document.id, never, LaneLimits(chunks=10, seconds=0))

    assert workshop.stored(document).status is DocumentStatus.INDEXING
    assert workshop.process(embedder).run(document.id, never, LaneLimits(chunks=10, seconds=60))
    assert workshop.stored(document).status is DocumentStatus.READY


def test_slow_reading_makes_most_of_the_progress(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "_CHECK_SECONDS", 0)
    embedder, progress = CountingEmbedder(), []
    extractor = workshop.extractor = SlowExtractor(workshop.folder)
    document = workshop.upload(text_of(*range(40)))
    extractor.after_check = embedder.before = lambda: progress.append(workshop.stored(document).progress)

    workshop.process(embedder).run(document.id, never)

    assert progress == [0.0, 0.45, 0.9, 0.9, 0.92, 0.96]


def test_an_embedding_server_that_is_down_is_waited_for(workshop: Workshop, world: World) -> None:
    embedder = CountingEmbedder()

    def down() -> None:
        raise ModelUnavailableError("The embedding server could not be reached.")

    embedder.before = down
    document = workshop.upload(text_of(1))
    for _ in range(5):
        workshop.process(embedder).run(document.id, never)
        world.clock.advance(seconds=61)
    assert workshop.stored(document).status is DocumentStatus.INDEXING

    embedder.before = lambda: None
    workshop.process(embedder).run(document.id, never)

    assert workshop.stored(document).status is DocumentStatus.READY


def test_an_embedding_server_that_refuses_is_a_reason(workshop: Workshop) -> None:
    embedder = CountingEmbedder()

    def refuses() -> None:
        raise ModelFailedError("The embedding server refused the API key.")

    embedder.before = refuses
    document = workshop.upload(text_of(1))

    workshop.process(embedder).run(document.id, never)

    found = workshop.stored(document)
    assert (found.status, found.error) == (DocumentStatus.FAILED, "The embedding server refused the API key.")


def test_another_model_embeds_what_is_there_while_the_old_one_serves(
    workshop: Workshop, rows: Repositories
) -> None:
    old, new = CountingEmbedder(64), CountingEmbedder(32)
    document = workshop.upload(text_of(1, 2))
    workshop.process(old).run(document.id, never)
    workshop.older[old.model] = old
    rows.queue.requeue(new.model, TEXT_VERSION)

    during = replace(workshop.world.document(assistant_id=document.assistant_id, filename="b.md"))
    during = workshop.upload(text_of(3), during)
    process = workshop.process(new)
    process.run(during.id, never)

    assert rows.knowledge.serving_model(document.assistant_id, new.model) == old.model
    for model in (old.model, new.model):
        assert headings(workshop.searched(during, model)) == ["Produto 3"]
    assert workshop.searched(document, new.model) == []

    process.run(document.id, never)

    assert rows.knowledge.serving_model(document.assistant_id, new.model) == new.model
    for model in (old.model, new.model):
        assert headings(workshop.searched(document, model)) == ["Produto 1", "Produto 2"]
    assert workshop.stored(document).status is DocumentStatus.READY


def test_going_back_to_a_model_embeds_nothing(workshop: Workshop, rows: Repositories) -> None:
    old, new = CountingEmbedder(64), CountingEmbedder(32)
    document = workshop.upload(text_of(1, 2))
    workshop.process(old).run(document.id, never)
    workshop.older = {old.model: old, new.model: new}
    rows.queue.requeue(new.model, TEXT_VERSION)
    workshop.process(new).run(document.id, never)
    old.embedded.clear()

    rows.queue.requeue(old.model, TEXT_VERSION)
    workshop.process(old).run(document.id, never)

    assert old.embedded == []
    assert rows.knowledge.serving_model(document.assistant_id, old.model) == old.model


@pytest.mark.parametrize("after", [False, True])
def test_a_process_killed_at_any_call_leaves_the_old_version_or_the_new(
    workshop: Workshop, world: World, rows: Repositories, after: bool
) -> None:
    for fate in fates(Killed, after=after):
        embedder = CountingEmbedder()
        document = workshop.upload(text_of(1, 2))
        workshop.process(embedder).run(document.id, never)
        workshop.upload(text_of(2, 3), document)

        try:
            workshop.process(embedder, fate.over).run(document.id, never)
        except Killed:
            found = headings(workshop.searched(document, embedder.model))
            assert found in (["Produto 1", "Produto 2"], ["Produto 2", "Produto 3"]), fate.struck_at
        world.clock.advance(seconds=121)

        workshop.process(embedder).run(document.id, never)

        assert headings(workshop.searched(document, embedder.model)) == ["Produto 2", "Produto 3"], fate.struck_at
        assert workshop.stored(document).status is DocumentStatus.READY, fate.struck_at
        assert len(embedder.embedded) <= 4, fate.struck_at


class Recorder:
    """Takes note of the calls of repositories, in their order."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def over(self, repository: object) -> Any:
        recorder = self

        class Recorded:
            def __getattr__(self, name: str) -> Any:
                recorder.calls.append(name)
                return getattr(repository, name)

        return Recorded()


def test_a_small_new_document_takes_few_commands(workshop: Workshop) -> None:
    document, recorder = workshop.upload(text_of(1, 2)), Recorder()

    workshop.process(CountingEmbedder(), recorder.over).run(document.id, never)

    written = [call for call in recorder.calls if call != "id_of"]
    assert written == ["claim", "has_editions", "put_edition", "add", "publish", "knowledge_changed", "finish"]


def test_an_upload_that_was_cut_off_is_published_by_the_worker(workshop: Workshop) -> None:
    document = workshop.upload(text_of(1))
    path = workshop.files.path(document.assistant_id, DocumentType.RAG, document.filename)
    path.rename(workshop.files.staged_path(document.assistant_id, document.revision))

    workshop.process(CountingEmbedder()).run(document.id, never)

    assert workshop.stored(document).status is DocumentStatus.READY
    assert path.read_text() == text_of(1)


@pytest.mark.parametrize("full", [OSError(errno.ENOSPC, "No space left on device"), DiskFullError("DATA_DIR")])
def test_room_on_the_disk_is_waited_for(workshop: Workshop, world: World, full: Exception) -> None:
    extractor = workshop.extractor = SlowExtractor(workshop.folder)

    def no_room() -> None:
        raise full

    extractor.after_check = no_room
    document = workshop.upload(text_of(1))
    for _ in range(5):
        workshop.process(CountingEmbedder()).run(document.id, never)
        world.clock.advance(seconds=61)
    found = workshop.stored(document)
    assert found.status is not DocumentStatus.FAILED
    assert found.error == "There is no room on the server's disk. It is tried again every minute."

    extractor.after_check = lambda: None
    workshop.process(CountingEmbedder()).run(document.id, never)

    assert workshop.stored(document).status is DocumentStatus.READY
