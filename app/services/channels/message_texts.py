"""What a customer said by a channel, as a text."""

from app.domain.channels import MediaKind
from app.domain.inbox import InboxItem

_TRANSCRIBED = "[áudio transcrito]"
_NAMES = {
    MediaKind.IMAGE: "[imagem]",
    MediaKind.VOICE: "[mensagem de voz]",
    MediaKind.AUDIO: "[áudio]",
    MediaKind.VIDEO: "[vídeo]",
    MediaKind.DOCUMENT: "[documento]",
    MediaKind.STICKER: "[figurinha]",
}


def text_of(item: InboxItem) -> str:
    """What was written, then what was said in recordings; the names of what came where there is neither."""
    files = item.taken.files if item.taken else ()
    said = [item.event.text] if item.event.text else []
    said += [f"{_TRANSCRIBED} {file.transcript}" for file in files if file.transcript]
    if said:
        return "\n".join(said)
    return " ".join(_NAMES[one.kind] for one in item.event.media) or f"[{item.event.type}]"
