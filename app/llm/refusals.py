"""Parameters that a provider may refuse and that an answer can do without."""

import logging
import re
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")

_REFUSING = {400, 404, 422}
_OPTIONAL = ("temperature", "reasoning_effort", "tools", "stream_options")
_TOOLS, _LACKING = r"\b(tool|function)s?\b", r"(support|require)"
_NO_TOOLS = re.compile(f"{_TOOLS}.*{_LACKING}|{_LACKING}.*{_TOOLS}", re.IGNORECASE)

logger = logging.getLogger(__name__)


class RefusedParameters:
    """The parameters that the model `name` has refused, which are left out from then on."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._refused: frozenset[str] = frozenset()

    def leave_out(self, parameters: dict[str, Any], send: Callable[[dict[str, Any]], Result]) -> Result:
        """What `send` makes of the parameters that are not refused; asks again where it is told of another."""
        while True:
            refused = self._refused
            kept = {name: value for name, value in parameters.items() if name not in refused}
            try:
                return send(kept)
            except Exception as error:
                parameter = refused_parameter(error)
                if parameter not in kept:
                    raise
            logger.warning("language model %s: refuses %s, which is left out from now on", self._name, parameter)
            self._refused = refused | {parameter}


def refused_parameter(error: Exception) -> str | None:
    """The optional parameter without which the call that raised `error` may work."""
    if getattr(error, "status_code", None) not in _REFUSING:
        return None
    param = str(getattr(error, "param", None)).partition("[")[0]
    if param in _OPTIONAL:
        return param
    # Ollama, vLLM, Groq and OpenRouter say it in words of their own and name no parameter.
    words = " ".join(str(getattr(error, name, None)) for name in ("code", "type", "message"))
    return "tools" if _NO_TOOLS.search(words.replace("_", " ")) else None
