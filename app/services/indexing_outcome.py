"""How the indexing of a document ends."""

from app.domain.documents import Document, Lease, Task
from app.services.index_refresh import IndexRefresher
from app.services.leases import HeldLease
from app.services.ports.accounts import Assistants
from app.services.ports.documents import Queue
from app.services.prompts.history import PromptHistory
from app.services.webhooks.document_events import DocumentEvents


class IndexingOutcome:
    """Puts what was indexed to use, tells webhooks, and then records the end, so that a crash loses neither."""

    def __init__(
        self,
        queue: Queue,
        assistants: Assistants,
        index: IndexRefresher,
        events: DocumentEvents,
        prompts: PromptHistory,
    ) -> None:
        self._queue = queue
        self._prompts = prompts
        self._assistants = assistants
        self._index = index
        self._events = events

    def use_prompt(self, document: Document, text: str) -> None:
        """A prompt was read: the assistant follows it from now on."""
        self._prompts.use(document, text)

    def finish(self, lease: HeldLease) -> None:
        """The task is done."""
        if lease.task is Task.INDEX:
            self._events.ready(lease.document)
        lease.finish()

    def finish_searched(self, lease: HeldLease) -> None:
        """The task is done, and what is searched has changed."""
        assistant_id = lease.document.assistant_id
        self._assistants.knowledge_changed(assistant_id)
        self.finish(lease)
        self._index.request(assistant_id)

    def fail(self, lease: Lease, reason: str, model: str) -> None:
        """The document cannot be indexed; what is still searched of it is embedded by `model`, if it is not yet."""
        self._events.failed(lease.document, reason)
        self._queue.fail(lease, reason)
        self._queue.embed_if_lacking(lease.document.id, model)
