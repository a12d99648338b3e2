"""Shows operators what a question finds, and the state of an assistant's knowledge."""

from app.domain.callers import Caller
from app.domain.documents import KnowledgeState, ScoredChunk
from app.domain.permissions import Action
from app.services.access import Access
from app.services.ports.knowledge import Knowledge, KnowledgeStates


class KnowledgeService:
    """Searches and describes knowledge; `model` is the embedding model of the settings."""

    def __init__(self, access: Access, states: KnowledgeStates, knowledge: Knowledge, model: str) -> None:
        self._access = access
        self._states = states
        self._knowledge = knowledge
        self._model = model

    def search(self, caller: Caller, assistant_id: str, query: str, limit: int) -> list[ScoredChunk]:
        """The chunks that match a question best, best first; raises `NotFoundError`, `UnavailableError`."""
        assistant = self._access.assistant(caller, assistant_id, Action.SEARCH)
        return self._knowledge.scored_chunks(assistant.id, assistant.knowledge_version, query, limit)

    def state(self, caller: Caller, assistant_id: str) -> KnowledgeState:
        """The documents, chunks and migration of an assistant's knowledge; raises `NotFoundError`."""
        assistant = self._access.assistant(caller, assistant_id, Action.READ_DOCUMENTS)
        return self._states.state(assistant.id, self._model)
