"""The pictures that came with messages, as a model sees them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

from app.domain.answers import MOST_IMAGE_BYTES, MOST_IMAGES, MOST_IMAGES_BYTES, Image
from app.domain.chats import Chat
from app.services.ports.media import MediaFiles


class Pictures:
    """Reads them from where they are kept; none where the model sees none."""

    def __init__(self, files: MediaFiles, *, sees_images: bool) -> None:
        self._files = files
        self._sees_images = sees_images

    def of(self, chats: Sequence[Chat]) -> tuple[Image, ...]:
        """Those of some messages, in their order, as many as a model is shown."""
        return tuple(islice(self._read(chats), MOST_IMAGES)) if self._sees_images else ()

    def _read(self, chats: Sequence[Chat]) -> Iterator[Image]:
        room = MOST_IMAGES_BYTES
        for chat in chats:
            for media in chat.media:
                if media.is_visible and media.size <= min(MOST_IMAGE_BYTES, room):
                    room -= media.size
                    path = self._files.path(chat.assistant_id, chat.conversation_id, media.id)
                    with suppress(FileNotFoundError):  # erased since
                        yield Image(path.read_bytes(), media.content_type)
