"""A request to a model, what it replied, whichever library carried them, and the answer for the customer in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from app.domain.deadline import Deadline
from app.llm.prompt import Message
from app.llm.text import clean_text, estimate_tokens, whole_sentences
from app.llm.thinking import ThinkingStyle

_CUT_SHORT = {"length", "max_tokens"}
_WITHHELD = {"content_filter", "refusal", "safety"}
_TOKENS_PER_MESSAGE = 4
_TOKENS_PER_IMAGE = 1000  # what a photograph costs at most providers, give or take half
_LONGEST_REASON = 500
_HAND_OVER = "transferir_para_humano"
HANDOVER_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": _HAND_OVER,
        "description": (
            "Passa a conversa a uma pessoa da equipe. Use quando as instruções pedirem ou quando o cliente "
            "quiser falar com uma pessoa."
        ),
        "parameters": {
            "type": "object",
            "properties": {"motivo": {"type": "string", "description": "O motivo, em poucas palavras."}},
            "required": ["motivo"],
        },
    },
}
"""By which a model hands the conversation to a person; as OpenAI's API and langchain take a tool."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What is asked of one model.

    `is_streamed`: the text is wanted in pieces. `left_out`: the parameters that the model refuses.
    """

    prompt: Sequence[Message]
    temperature: float
    deadline: Deadline
    is_streamed: bool = False
    left_out: frozenset[str] = frozenset()


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
    """One model of one provider."""

    def reply(self, request: ModelRequest) -> Iterator[str | ModelReply]:
        """The whole reply, after raw pieces of its text where they are wanted and the provider streams.

        Raises whatever the provider's library does, by the deadline at the latest.
        """
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
    for call in reply.tool_calls:
        if call.name == _HAND_OVER:
            reason = _reason_of(call)
            return Answer("", _tokens(reply, prompt, reason), model, handover_reason=reason)
    text = style.visible_text(reply.text, is_cut=is_cut)
    if not text:
        raise UnusableReplyError("the limit of output tokens came first" if is_cut else "the answer was empty")
    sent = whole_sentences(text) if is_cut else text
    return Answer(text=sent, tokens=_tokens(reply, prompt, text), model=model, cut=is_cut)


def _reason_of(call: ToolCall) -> str:
    """Why a call hands over; "" if it does not say."""
    reason = call.arguments.get("motivo")
    return clean_text(reason)[:_LONGEST_REASON].rstrip() if isinstance(reason, str) else ""


def prompt_tokens(prompt: Sequence[Message]) -> int:
    """About how many tokens a prompt is to a model; see `estimate_tokens`."""
    return sum(
        _TOKENS_PER_MESSAGE + estimate_tokens(message.content) + _TOKENS_PER_IMAGE * len(message.images)
        for message in prompt
    )


def _tokens(reply: ModelReply, prompt: Sequence[Message], text: str) -> Tokens:
    if reply.tokens and reply.tokens.input > 0:
        return reply.tokens
    return Tokens(input=prompt_tokens(prompt), output=estimate_tokens(text), estimated=True)
