"""The tool by which a model hands a conversation to a person."""

from collections.abc import Iterable
from typing import Any

from app.llm.text import clean_text

_LONGEST_REASON = 500
_NAME = "transferir_para_humano"
HANDOVER_TOOL: dict[str, Any] = {
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
"""As OpenAI's API describes a tool, which langchain takes for all providers."""


def handover_reason(tool_calls: Iterable[tuple[str, dict[str, Any]]]) -> str | None:
    """Why the calls hand over, in at most 500 characters ("": they do not say); None if they do not hand over."""
    for name, arguments in tool_calls:
        if name == _NAME:
            reason = arguments.get("motivo")
            return clean_text(reason)[:_LONGEST_REASON].rstrip() if isinstance(reason, str) else ""
    return None
