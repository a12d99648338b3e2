"""The tool by which a model hands a conversation to a person."""

from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableBinding

from app.llm.text import clean_text

_LONGEST_REASON = 500
_NAME = "transferir_para_humano"
_TOOL = {
    "type": "function",
    "function": {
        "name": _NAME,
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


def tool_arguments(chat_model: BaseChatModel) -> dict[str, Any]:
    """What a call of `chat_model` must be given to offer the tool; nothing if it knows no tools."""
    try:
        bound = chat_model.bind_tools([_TOOL])
    except NotImplementedError:
        return {}
    return dict(bound.kwargs) if isinstance(bound, RunnableBinding) else {}


def handover_reason(reply: BaseMessage) -> str | None:
    """Why `reply` hands over, in at most 500 characters ("": it does not say); None if it does not hand over."""
    for call in getattr(reply, "tool_calls", ()):
        if call["name"] == _NAME:
            reason = call["args"].get("motivo")
            return clean_text(reason)[:_LONGEST_REASON].rstrip() if isinstance(reason, str) else ""
    return None
