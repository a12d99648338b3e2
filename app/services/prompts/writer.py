"""Puts texts in the place of an assistant's prompt, by way of its document."""

from dataclasses import dataclass
from io import BytesIO

from app.domain.assistants import Assistant
from app.domain.documents import Document, DocumentStatus, DocumentType
from app.domain.errors import ConflictError
from app.domain.prompts import Authorship, PromptVersion
from app.services.document_cleanup import DocumentCleanup
from app.services.ports.documents import Documents
from app.services.prompts.history import PromptHistory
from app.services.uploads import Upload, UploadService

_FILENAME = "prompt.txt"


@dataclass(frozen=True, slots=True)
class ChangedPrompt:
    """A new version, and how far its document is: customers get it once that is ready."""

    version: PromptVersion
    status: DocumentStatus


class PromptWriter:
    """Changes prompts as an upload of their document does."""

    def __init__(
        self, documents: Documents, uploads: UploadService, cleanup: DocumentCleanup, history: PromptHistory
    ) -> None:
        self._documents = documents
        self._uploads = uploads
        self._cleanup = cleanup
        self._history = history

    def document(self, assistant: Assistant) -> Document | None:
        """The document of the assistant's prompt."""
        return self._documents.at(assistant.id, DocumentType.PROMPT, _FILENAME)

    def write(
        self, assistant: Assistant, text: str | None, authorship: Authorship, if_version: str | None
    ) -> ChangedPrompt:
        """Make `text` the prompt (None: there is none any more); nothing happens where it is so already.

        Raises `ConflictError` `prompt_changed` unless the version is still `if_version`, where one is given.
        """
        latest, document = self._history.latest(assistant), self.document(assistant)
        if if_version is not None and (latest is None or latest.id != if_version):
            raise _changed()
        if latest is not None and latest.text == text and assistant.prompt == text:
            return ChangedPrompt(latest, DocumentStatus.READY)
        if text is None:
            if document is not None:
                self._cleanup.delete(document)
            return ChangedPrompt(self._history.removed(assistant, authorship), DocumentStatus.READY)
        over = document.revision if document is not None and if_version is not None else None
        stream = BytesIO(text.encode())
        upload = Upload(DocumentType.PROMPT, _FILENAME, stream, over=over, authorship=authorship)
        try:
            stored = self._uploads.add(assistant, upload)
        except ConflictError:
            raise _changed() from None
        version = PromptVersion(stored.revision, assistant.id, stored.updated_at, text, authorship)
        return ChangedPrompt(version, stored.status)


def _changed() -> ConflictError:
    return ConflictError("Somebody else has changed the prompt meanwhile.", code="prompt_changed")
