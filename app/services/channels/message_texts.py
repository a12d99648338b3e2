"""What a customer said by a channel, as a text."""

from app.domain.inbox import InboxItem
from app.domain.media import NAMES, TRANSCRIBED

# What came where there is no text, by the providers' words for it.
_TYPES = {
    "contact": "[contato]",
    "contacts": "[contato]",
    "location": "[localização]",
    "order": "[pedido]",
    "poll": "[enquete]",
    "story": "[story]",
    "text": "[mensagem vazia]",
    "unreadable": "[mensagem ilegível]",
    "venue": "[localização]",
} | {str(kind): name for kind, name in NAMES.items()}
_UNKNOWN = "[mensagem de tipo desconhecido]"


def text_of(item: InboxItem) -> str:
    """What was written, then what was said in recordings; the names of what came where there is neither."""
    files = item.taken.files if item.taken else ()
    said = [item.event.text] if item.event.text else []
    said += [f"{TRANSCRIBED} {file.transcript}" for file in files if file.transcript]
    if said:
        return "\n".join(said)
    return " ".join(NAMES[one.kind] for one in item.event.media) or _TYPES.get(item.event.type, _UNKNOWN)
