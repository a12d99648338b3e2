"""Parameters that a provider may refuse and that an answer can do without."""

import re

_REFUSING = {400, 404, 422}
_OPTIONAL = ("temperature", "reasoning_effort", "tools", "stream_options")
_TOOLS, _LACKING = r"\b(tool|function)s?\b", r"(support|require)"
_NO_TOOLS = re.compile(f"{_TOOLS}.*{_LACKING}|{_LACKING}.*{_TOOLS}", re.IGNORECASE)


def refused_option(error: Exception) -> str | None:
    """The optional parameter without which the call that raised `error` may work."""
    if getattr(error, "status_code", None) not in _REFUSING:
        return None
    param = str(getattr(error, "param", None)).partition("[")[0]
    if param in _OPTIONAL:
        return param
    # Ollama, vLLM, Groq and OpenRouter say it in words of their own and name no parameter.
    words = " ".join(str(getattr(error, name, None)) for name in ("code", "type", "message"))
    return "tools" if _NO_TOOLS.search(words.replace("_", " ")) else None
