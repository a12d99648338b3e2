"""What Telegram's errors mean for what was to be sent.

Telegram documents the shape of an error (https://core.telegram.org/bots/api#making-requests), and of its codes only
that they may change; which there are is known from use.
"""

from typing import Any

from app.domain.channels import ErrorAction, ProviderError
from app.net.provider_client import ProviderResponse

_LONGEST_DESCRIPTION = 200

_UNKNOWN_BOT = (
    "Telegram does not know the bot's token, or not any more; get the current one from @BotFather and enter it in "
    "the channel."
)
_BLOCKED = "The contact has blocked the bot, has deleted their account, or has never written to the bot."
_BUSY = "Telegram takes no more messages for the moment."
_TROUBLE = "Telegram has a trouble of its own for the moment."
_ODD = "Telegram's answer cannot be read."
_NO_CHAT = "Telegram knows no such chat."
_REFUSED = "Telegram refused this."


def error_in(response: ProviderResponse, answer: Any, token: str) -> ProviderError | None:
    """The error that an answer tells of, whatever its status; None: it went well."""
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        return _without_words(response)
    if answer["ok"]:
        return None if "result" in answer else ProviderError(ErrorAction.LOOK, "odd_answer", _ODD)
    told = answer.get("error_code")
    code = told if isinstance(told, int) and not isinstance(told, bool) else response.status
    description = answer.get("description")
    words = description if isinstance(description, str) else ""
    action, sentence = _meaning(code, words, token)
    return ProviderError(action, str(code), sentence, retry_after=_retry_after(answer, response))


def _meaning(code: int, words: str, token: str) -> tuple[ErrorAction, str]:
    # An unknown token is 401, one that does not look like a token 404, which no method's own error is.
    if code in {401, 404}:
        return ErrorAction.PAUSE, _UNKNOWN_BOT
    if code == 403:
        return ErrorAction.FAIL, _BLOCKED
    if code == 429:
        return ErrorAction.RETRY, _BUSY
    if code >= 500:
        return ErrorAction.RETRY, _TROUBLE
    sentence = _NO_CHAT if "chat not found" in words.lower() else _REFUSED
    return ErrorAction.FAIL, f"{sentence}{_shown(words, token)}"


def _shown(words: str, token: str) -> str:
    """Telegram's own words, which have no token, but who knows."""
    said = "".join(one for one in words.replace(token, "…") if one.isprintable()).strip()
    return f' It says: "{said[:_LONGEST_DESCRIPTION]}"' if said else ""


def _without_words(response: ProviderResponse) -> ProviderError:
    """Of an answer that is not the API's: from something on the way, mostly while Telegram has troubles."""
    code = f"http_{response.status}"
    if 200 <= response.status < 300:
        return ProviderError(ErrorAction.LOOK, "odd_answer", _ODD)
    if response.status in {401, 404}:
        return ProviderError(ErrorAction.PAUSE, code, _UNKNOWN_BOT)
    return ProviderError(ErrorAction.RETRY, code, _TROUBLE, retry_after=response.retry_after)


def _retry_after(answer: dict[str, Any], response: ProviderResponse) -> float | None:
    """In how many seconds it wants to be asked again."""
    parameters = answer.get("parameters")
    said = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(said, int | float) and not isinstance(said, bool) and said >= 0:
        return float(said)
    return response.retry_after
