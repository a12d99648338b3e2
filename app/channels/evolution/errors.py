"""What Evolution API says went wrong, and what follows from it.

Errors are `{"status", "error", "response": {"message"}}`, some `{"error": true, "message"}` with status 200.
Of what goes wrong while a message is sent it says `Error: …` with status 400, whether the message had left or not.
"""

from collections.abc import Collection
from typing import Any

from app.domain.channels import ErrorAction, ProviderError
from app.net.provider_client import ProviderResponse

_MOST_WORDS = 200
_NOT_SENT = ("connection closed", "reading 'onwhatsapp'", "instance is not connected")
_EXCEPTIONS = ("error:", "typeerror", "prisma", "invalid `")


def error_of(response: ProviderResponse, secrets: Collection[str] = ()) -> ProviderError | None:
    """The error in an answer, None where there is none; `secrets` never stand in its message."""
    answer = response.json()
    if not isinstance(answer, (dict, list)) and response.body.strip() != b"null":
        return _not_evolution(response)
    if response.status < 300 and not _says_error(answer):
        return None
    return _classified(response, _message_of(answer), secrets)


def _says_error(answer: Any) -> bool:
    if not isinstance(answer, dict):
        return False
    status = answer.get("status")
    return bool(answer.get("error")) or (isinstance(status, int) and status >= 400)


def _message_of(answer: Any) -> Any:
    if not isinstance(answer, dict):
        return ""
    inside = answer.get("response")
    return (inside.get("message") if isinstance(inside, dict) else None) or answer.get("message") or ""


def _classified(response: ProviderResponse, message: Any, secrets: Collection[str]) -> ProviderError:
    status, words = response.status, _words(message)
    shown = _shown(words, secrets)
    for known in (_refused_recipient(message), _disconnected(words), _of_status(response, words, shown)):
        if known is not None:
            return known
    if 400 <= status < 500 and words and not any(sign in words.lower() for sign in _EXCEPTIONS):
        return ProviderError(ErrorAction.FAIL, f"http_{status}", f"Evolution API does not take this.{shown}")
    sentence = f"Evolution API failed, and may have done what it was asked or not.{shown}"
    return ProviderError(ErrorAction.LOOK, f"http_{status}", sentence)


def _refused_recipient(message: Any) -> ProviderError | None:
    items = message if isinstance(message, list) else [message]
    if any(isinstance(item, dict) and item.get("exists") is False for item in items):
        return ProviderError(ErrorAction.FAIL, "not_on_whatsapp", "This number is not on WhatsApp.")
    return None


def _disconnected(words: str) -> ProviderError | None:
    if any(sign in words.lower() for sign in _NOT_SENT):
        sentence = "The instance is not connected to WhatsApp. If this lasts, scan its QR code again."
        return ProviderError(ErrorAction.RETRY, "disconnected", sentence)
    return None


def _of_status(response: ProviderResponse, words: str, shown: str) -> ProviderError | None:
    status = response.status
    if status == 401:
        sentence = "Evolution API refuses the API key. Set the key of the server or of this instance."
        return ProviderError(ErrorAction.PAUSE, "api_key_refused", sentence)
    if status == 403:
        sentence = f"Evolution API does not allow this. Check what the API key may do.{shown}"
        return ProviderError(ErrorAction.PAUSE, "forbidden", sentence)
    if status == 404 and "instance" in words.lower() and not words.startswith("Cannot "):
        sentence = "Evolution API has no instance of this name. Check the name, or set the channel up again."
        return ProviderError(ErrorAction.PAUSE, "instance_missing", sentence)
    if status == 404:
        sentence = "This is no Evolution API of version 2. Check the base URL."
        return ProviderError(ErrorAction.PAUSE, "not_evolution", sentence)
    if status in {429, 503}:
        sentence = "Evolution API is overloaded, or is starting."
        return ProviderError(ErrorAction.RETRY, f"http_{status}", sentence, retry_after=response.retry_after)
    return None


def _not_evolution(response: ProviderResponse) -> ProviderError:
    """The error for what is no JSON: a proxy answers in Evolution's place, or something else lives there.

    A proxy that has no server behind it says 404 or 503, and nothing was sent; with 502, 504 or a success it may
    have passed the request on.
    """
    status = response.status
    if 300 <= status < 400:
        sentence = "The base URL redirects, which is not followed. Set the URL that it redirects to."
        return ProviderError(ErrorAction.PAUSE, "redirected", sentence)
    if status in {401, 403}:
        sentence = f"Something before Evolution API refuses our requests with status {status}. Check the base URL."
        return ProviderError(ErrorAction.PAUSE, f"http_{status}", sentence)
    nothing_sent = status in {404, 405, 413, 429, 503}
    return ProviderError(
        ErrorAction.RETRY if nothing_sent else ErrorAction.LOOK,
        "no_json",
        f"What answers at the base URL (status {status}) does not answer as Evolution API does. Check the URL, and "
        "whether the server runs.",
        retry_after=response.retry_after,
    )


def _words(message: Any) -> str:
    if isinstance(message, list):
        return " ".join(filter(None, map(_words, message)))
    return message if isinstance(message, str) else ""


def _shown(words: str, secrets: Collection[str]) -> str:
    for secret in filter(None, secrets):
        words = words.replace(secret, "…")
    return f" It says: “{' '.join(words.split())[:_MOST_WORDS]}”." if words else ""
