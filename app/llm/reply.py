"""From a model's message to an answer that may be sent to a customer."""

from collections.abc import Sequence

from langchain_core.messages import BaseMessage

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from app.llm.handover import handover_reason
from app.llm.prompt import Message
from app.llm.text import estimate_tokens
from app.llm.visible import visible_text

_CUT_SHORT = {"length", "max_tokens"}
_WITHHELD = {"content_filter", "refusal", "safety"}
_TOKENS_PER_MESSAGE = 4


class UnusableReplyError(Exception):
    """The model answered, but with nothing to send; the message is a reason for the log."""


def read_reply(reply: BaseMessage, prompt: Sequence[Message], model: str) -> Answer:
    """The answer in `reply` to `prompt`, or its wish to hand over, which outweighs any text beside it.

    Raises `UnusableReplyError` for half an answer, a refusal or none.
    """
    finish = str(reply.response_metadata.get("finish_reason") or reply.response_metadata.get("stop_reason")).lower()
    if finish in _CUT_SHORT:
        raise UnusableReplyError("the answer was cut off at the limit of output tokens")
    if finish in _WITHHELD or reply.additional_kwargs.get("refusal"):
        raise UnusableReplyError("the provider withheld the answer")
    reason = handover_reason(reply)
    if reason is not None:
        return Answer("", _tokens(reply, prompt, reason), model, handover_reason=reason)
    text = visible_text(reply.text)
    if not text:
        raise UnusableReplyError("the answer was empty")
    return Answer(text=text, tokens=_tokens(reply, prompt, text), model=model)


def _tokens(reply: BaseMessage, prompt: Sequence[Message], text: str) -> Tokens:
    usage = getattr(reply, "usage_metadata", None)
    if usage and usage["input_tokens"] > 0:
        return Tokens(input=usage["input_tokens"], output=usage["output_tokens"])
    asked = sum(_TOKENS_PER_MESSAGE + estimate_tokens(message.content) for message in prompt)
    return Tokens(input=asked, output=estimate_tokens(text), estimated=True)
