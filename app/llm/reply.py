"""What a model replied, whichever library brought it, and the answer in it that may be sent to a customer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from app.domain.deadline import Deadline
from app.llm.cut import whole_sentences
from app.llm.handover import handover_reason
from app.llm.prompt import Message
from app.llm.text import estimate_tokens
from app.llm.thinking import ThinkingStyle

_CUT_SHORT = {"length", "max_tokens"}
_WITHHELD = {"content_filter", "refusal", "safety"}
_TOKENS_PER_MESSAGE = 4


class ToolCall(NamedTuple):
    """A call of the tool `name`; `arguments` that could not be read are {}."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ModelReply:
    """A whole reply as it came.

    `finish_reason`: why it ended, in the provider's word ("" if it does not say). `is_refusal`: the model
    declined. `tokens`: what the provider counted, None if it did not.
    """

    text: str
    finish_reason: str = ""
    is_refusal: bool = False
    tool_calls: tuple[ToolCall, ...] = ()
    tokens: Tokens | None = None


class ChatModel(Protocol):
    """One model of one provider. Both methods raise whatever its library does, by the deadline at the latest."""

    def ask(self, prompt: Sequence[Message], deadline: Deadline) -> ModelReply:
        """The reply to `prompt`."""
        ...

    def stream(self, prompt: Sequence[Message], deadline: Deadline) -> Iterator[str | ModelReply]:
        """The reply's text in raw pieces as they come, where the provider streams; then the whole reply."""
        ...


class NoConnectionError(Exception):
    """The provider could not be reached, or the connection was lost; its cause says how."""


class UnusableReplyError(Exception):
    """The model answered, but with nothing to send; the message is a reason for the log."""


def read_answer(reply: ModelReply, prompt: Sequence[Message], model: str, style: ThinkingStyle) -> Answer:
    """The answer in `reply` to `prompt`, or its intent to hand over, which outweighs any text beside it.

    Of an answer that reached the limit of output tokens, the whole sentences count. Raises `UnusableReplyError`
    for a refusal, and where nothing is left to send.
    """
    finish_reason = reply.finish_reason.lower()
    is_cut = finish_reason in _CUT_SHORT
    if finish_reason in _WITHHELD or reply.is_refusal:
        raise UnusableReplyError("the provider withheld the answer")
    reason = handover_reason(reply.tool_calls)
    if reason is not None:
        return Answer("", _tokens(reply, prompt, reason), model, handover_reason=reason)
    text = style.visible_text(reply.text, is_cut=is_cut)
    if not text:
        raise UnusableReplyError("the limit of output tokens came first" if is_cut else "the answer was empty")
    sent = whole_sentences(text) if is_cut else text
    return Answer(text=sent, tokens=_tokens(reply, prompt, text), model=model, cut=is_cut)


def _tokens(reply: ModelReply, prompt: Sequence[Message], text: str) -> Tokens:
    if reply.tokens and reply.tokens.input > 0:
        return reply.tokens
    asked = sum(_TOKENS_PER_MESSAGE + estimate_tokens(message.content) for message in prompt)
    return Tokens(input=asked, output=estimate_tokens(text), estimated=True)
