"""Takes right answers down: as knowledge of the assistant, and as cases of its question set."""

from dataclasses import dataclass, replace
from io import BytesIO

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.documents import Document, DocumentType
from app.domain.errors import ConflictError, InvalidError
from app.domain.evaluations import CaseSource, EvaluationCase
from app.domain.permissions import Action
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.chats import ChatService
from app.services.corrections.document import Entry, entries_of, with_entry
from app.services.evaluation.cases import CaseBook
from app.services.ports.documents import DocumentFiles, Documents
from app.services.unanswered.service import UnansweredService
from app.services.uploads import Upload, UploadService

FILENAME = "Correções.md"
MOST_ENTRIES = 500
_ATTEMPTS = 5
_LONGEST_QUESTION = 1000


@dataclass(frozen=True, slots=True)
class Correction:
    """An entry, and what it became: the document, and a case (None where the question set is full).

    `replaced`: the question had an entry before.
    """

    document: Document
    case: EvaluationCase | None
    entry: Entry
    replaced: bool


@dataclass(frozen=True, slots=True)
class CorrectionState:
    """An assistant's document of corrections (None: there is none) and its entries."""

    document: Document | None
    entries: list[Entry]


class CorrectionDocument:
    """Reads and writes assistants' documents of corrections."""

    def __init__(self, documents: Documents, files: DocumentFiles, uploads: UploadService) -> None:
        self._documents = documents
        self._files = files
        self._uploads = uploads

    def read(self, assistant_id: str) -> tuple[Document | None, str]:
        """The document as it is, and its text ("" where there is none)."""
        document = self._documents.at(assistant_id, DocumentType.RAG, self._files.safe_name(FILENAME))
        if document is None:
            return None, ""
        path = self._files.path(assistant_id, document.type, document.filename)
        return document, path.read_text("utf-8-sig", "replace") if path.is_file() else ""

    def add(self, assistant: Assistant, entry: Entry) -> tuple[Document, bool]:
        """Add an entry, or replace that of the same question; whether it was replaced.

        What others change meanwhile stays. Raises `ConflictError` `too_many_corrections`, and what uploads raise.
        """
        for attempt in range(_ATTEMPTS):
            document, text = self.read(assistant.id)
            changed, replaced = with_entry(text, entry)
            if not replaced and len(entries_of(text)) >= MOST_ENTRIES:
                sentence = f"There are {MOST_ENTRIES} corrections at most; delete some of the document first."
                raise ConflictError(sentence, code="too_many_corrections")
            if document is not None and changed == text:
                return document, replaced
            over = document.revision if document is not None else None
            upload = Upload(DocumentType.RAG, FILENAME, BytesIO(changed.encode()), over=over)
            try:
                return self._uploads.add(assistant, upload), replaced
            except ConflictError:
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("the last attempt returns or raises")


class CorrectionService:
    """Lets operators correct answers; raises `NotFoundError`, `ForbiddenError`."""

    def __init__(
        self,
        access: Access,
        chats: ChatService,
        unanswered: UnansweredService,
        document: CorrectionDocument,
        cases: CaseBook,
        *,
        audit: AuditLog,
    ) -> None:
        self._access = access
        self._chats = chats
        self._unanswered = unanswered
        self._document = document
        self._cases = cases
        self._audit = audit

    def state(self, caller: Caller, assistant_id: str) -> CorrectionState:
        """An assistant's corrections."""
        assistant = self._access.assistant(caller, assistant_id, Action.READ_DOCUMENTS)
        document, text = self._document.read(assistant.id)
        return CorrectionState(document, entries_of(text))

    def of_chat(self, caller: Caller, chat_id: str, question: str | None, answer: str) -> Correction:
        """The answer on a chat was wrong; `question` None: the chat's message."""
        chat = self._chats.get(caller, chat_id)
        assistant = self._access.assistant(caller, chat.assistant_id, Action.CORRECT, "chat")
        return self._correct(caller, assistant, question or chat.message, answer)

    def of_group(self, caller: Caller, group_id: str, question: str | None, answer: str) -> Correction:
        """What a group of unanswered questions asks, which is done then; `question` None: the latest of them."""
        assistant, group = self._unanswered.get(caller, group_id, Action.CORRECT)
        correction = self._correct(caller, assistant, question or group.question, answer)
        self._unanswered.done(caller, group.id)
        return correction

    def of_assistant(self, caller: Caller, assistant_id: str, question: str | None, answer: str) -> Correction:
        """A question that may be asked."""
        assistant = self._access.assistant(caller, assistant_id, Action.CORRECT)
        if question is None:
            raise InvalidError("The question is missing.", {"question": ["There is no chat to take it from."]})
        return self._correct(caller, assistant, question, answer)

    def _correct(self, caller: Caller, assistant: Assistant, question: str, answer: str) -> Correction:
        entry = Entry.of(question[:_LONGEST_QUESTION], answer)
        if not any(map(str.isalnum, entry.question)):
            raise InvalidError("The question has no words.", {"question": ["Has neither letters nor digits."]})
        if not entry.answer:
            raise InvalidError("The answer has no words.", {"answer": ["Is nothing but marks."]})
        target, place = Target("correction"), Place.of(assistant)
        with self._audit.change(caller, AuditAction.CORRECTION_ADD, target, place) as change:
            document, replaced = self._document.add(assistant, entry)
            case = self._case(assistant, entry)
            change.target = replace(target, id=document.id)
        return Correction(document, case, entry, replaced)

    def _case(self, assistant: Assistant, entry: Entry) -> EvaluationCase | None:
        try:
            case, _ = self._cases.set(assistant.id, entry.question, entry.answer, (), CaseSource.CORRECTION)
        except ConflictError:  # the question set is full, which keeps nobody from correcting
            return None
        return case
