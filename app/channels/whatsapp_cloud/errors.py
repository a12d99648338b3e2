"""What Meta's errors mean for what was to be sent.

Codes: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

import re
from collections.abc import Mapping
from typing import Any

from app.domain.channels import ErrorAction, ProviderError
from app.net.provider_client import ProviderResponse

_PAIR_RATE_SECONDS = 6.0
_SECRET = re.compile(r"[\w.|-]{24,}")
_LONGEST_DETAILS = 300

_REFUSED = "WhatsApp refuses the access token; create a permanent one of a system user and enter it in the channel."
_PERMISSION = (
    "The access token may not do this; give its system user the WhatsApp account, and the permissions "
    "whatsapp_business_messaging and whatsapp_business_management."
)
_NUMBER = "WhatsApp does not know this phone number id, or the access token has no right to it; check both."
_BUSY = "WhatsApp takes no more messages for the moment."
_TROUBLE = "WhatsApp has a trouble of its own for the moment."
_ACCOUNT = "Meta has restricted this WhatsApp account; see WhatsApp Manager for why."
_NOT_REGISTERED = "The phone number is not registered for the Cloud API; register it in WhatsApp Manager."
_SPAM = "Too many contacts have reported this number as spam; see its quality in WhatsApp Manager."
_UNREACHABLE = "The contact cannot be reached: no WhatsApp, an old version of it, or it blocks businesses."
_TEST_NUMBER = "A test number writes to listed recipients only; list this one in the app's settings at Meta."
_NO_CHALLENGE = (
    "Meta cannot reach the webhook's URL, or gets the wrong answer from it; it has to be public, by https, "
    "with a certificate that browsers trust."
)
_PAYMENT = "WhatsApp delivers nothing for want of a valid payment method; add one in WhatsApp Manager."

_TABLE: Mapping[int, tuple[ErrorAction, str]] = {
    **dict.fromkeys((4, 80007, 130429), (ErrorAction.RETRY, _BUSY)),
    131056: (ErrorAction.RETRY, "Too many messages to this contact within a short time."),
    **dict.fromkeys((2, 131000, 131016, 131057, 133004, 135000), (ErrorAction.RETRY, _TROUBLE)),
    131047: (ErrorAction.HOLD, "More than 24 hours have passed since the contact's last message."),
    **dict.fromkeys((0, 102, 190), (ErrorAction.PAUSE, _REFUSED)),
    **dict.fromkeys((3, 10, 131005, *range(200, 300)), (ErrorAction.PAUSE, _PERMISSION)),
    33: (ErrorAction.PAUSE, _NUMBER),
    **dict.fromkeys((368, 130497, 131031), (ErrorAction.PAUSE, _ACCOUNT)),
    131037: (ErrorAction.PAUSE, "The number's display name is not approved yet; see WhatsApp Manager."),
    131042: (ErrorAction.PAUSE, _PAYMENT),
    131045: (ErrorAction.PAUSE, _NOT_REGISTERED),
    131048: (
        ErrorAction.PAUSE,
        _SPAM,
    ),
    131064: (ErrorAction.PAUSE, _ACCOUNT),
    133010: (ErrorAction.PAUSE, _NOT_REGISTERED),
    2200: (ErrorAction.PAUSE, _NO_CHALLENGE),
    100: (ErrorAction.FAIL, "WhatsApp takes something in this message for invalid."),
    131021: (ErrorAction.FAIL, "The contact's number is the channel's own."),
    131026: (
        ErrorAction.FAIL,
        _UNREACHABLE,
    ),
    131030: (
        ErrorAction.FAIL,
        _TEST_NUMBER,
    ),
    131062: (ErrorAction.FAIL, "WhatsApp does not take this message for a contact without a phone number."),
}
_OBJECT_MISSING = 33
"""The subcode of error 100 for an id that does not exist, or that the token may not see."""


def error_in(response: ProviderResponse) -> ProviderError | None:
    """The error that an answer tells of, whatever its status; None: it went well, as far as that tells."""
    answer = response.json()
    told = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(told, dict):
        return error_of(told, response.retry_after, unknown=_by_status(response.status))
    if response.status == 200 and isinstance(answer, dict):
        return None
    return _without_words(response)


def error_of(
    told: Mapping[str, Any], retry_after: float | None = None, *, unknown: ErrorAction = ErrorAction.FAIL
) -> ProviderError:
    """The error that Graph or a failed status describes; `unknown`: what follows from a code not in the table."""
    code, subcode = _number(told.get("code")), _number(told.get("error_subcode"))
    if code == 100 and subcode == _OBJECT_MISSING:
        code = _OBJECT_MISSING
    if code is not None and code in _TABLE:
        action, sentence = _TABLE[code]
    else:
        action = ErrorAction.RETRY if told.get("is_transient") is True else unknown
        sentence = "WhatsApp refused this message." if action is ErrorAction.FAIL else _TROUBLE
    if code == 131056 and retry_after is None:
        retry_after = _PAIR_RATE_SECONDS
    named = "unknown" if code is None else str(code)
    shown = f"{sentence}{_details(told, action)} (error {named})"
    return ProviderError(action, named, shown, retry_after=retry_after)


def _without_words(response: ProviderResponse) -> ProviderError:
    """Of an answer that is not Graph's: from something on the way, or from a server that is another's."""
    status, code = response.status, f"http_{response.status}"
    if 200 <= status < 300:
        return ProviderError(ErrorAction.LOOK, "odd_answer", "WhatsApp's answer cannot be read.")
    if status in {408, 429, 503}:
        return ProviderError(ErrorAction.RETRY, code, _BUSY, retry_after=response.retry_after)
    if status >= 500:
        return ProviderError(ErrorAction.LOOK, code, f"WhatsApp broke off with status {status}.")
    sentence = f"This is not how WhatsApp answers (status {status}); check the channel's base URL and access token."
    return ProviderError(ErrorAction.PAUSE, code, sentence)


def _by_status(status: int) -> ErrorAction:
    return ErrorAction.RETRY if status >= 500 or status == 429 else ErrorAction.FAIL


def _details(told: Mapping[str, Any], action: ErrorAction) -> str:
    """Meta's own words where they can help, without what looks like a token: Meta repeats wrong ones."""
    data = told.get("error_data")
    details = data.get("details") if isinstance(data, Mapping) else None
    if action is not ErrorAction.FAIL or not isinstance(details, str) or not details.strip():
        return ""
    return f" {_SECRET.sub('…', details.strip())[:_LONGEST_DETAILS]}"


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
