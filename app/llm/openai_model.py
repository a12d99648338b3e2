"""A model at an OpenAI-compatible server, asked through the openai client.

By the client's way for undocumented endpoints (`client.post` with `cast_to`), which sends a body as it is:
`chat.completions.create` first checks every message against every type it might be, which at twenty messages
costs more than all the rest of the call.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import openai

from app.llm.chat_completion import read_completion, read_stream
from app.llm.config import ModelConfig, ModelSetupError
from app.llm.prompt import to_wire
from app.llm.reply import HANDOVER_TOOL, ModelReply, ModelRequest, NoConnectionError
from app.net.enforcement import enforced

_OPENAI_URL = "https://api.openai.com/v1"
_KNOWS_MAX_COMPLETION_TOKENS = re.compile(r"https://[^/]*\.(openai|azure)\.com(/|$)")
_REASONING_MODEL = re.compile(r"(^|/)(o[1-9]|gpt-[5-9])(?!.*chat)")

# Hidden thinking counts towards a reasoning model's limit; without room for it there is no answer at all.
_REASONING_TOKENS = 2000


class OpenAIModel:
    """The model `model`; raises `ModelSetupError` without a key for OpenAI itself."""

    def __init__(self, model: str, config: ModelConfig, http_client: httpx2.Client) -> None:
        if config.api_key is None and config.base_url is None:
            raise ModelSetupError("LLM_API_KEY: OpenAI needs a key (only with LLM_BASE_URL may it be left out).")
        self._model = model
        self._config = config
        self._client = openai.OpenAI(
            base_url=config.base_url or _OPENAI_URL,
            api_key=config.api_key or "not-needed",
            http_client=http_client,
            timeout=http_client.timeout,
            max_retries=0,
        )

    def reply(self, request: ModelRequest) -> Iterator[str | ModelReply]:
        """Raises `openai.APIStatusError`, `NoConnectionError` or, for nonsense, almost anything."""
        try:
            with enforced(request.deadline):
                response = self._client.post(
                    "/chat/completions",
                    cast_to=httpx2.Response,
                    body=self._body(request),
                    stream=request.is_streamed,
                )
            if request.is_streamed:
                yield from read_stream(response, request.deadline)
            else:
                yield read_completion(json.loads(response.content))
        except (openai.APIConnectionError, httpx2.TransportError) as error:
            raise NoConnectionError from error

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        body = {
            "model": self._model,
            "messages": [to_wire(message) for message in request.prompt],
            "tools": [HANDOVER_TOOL],
            **answer_parameters(self._model, request.temperature, self._config),
        }
        if request.is_streamed:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return {name: value for name, value in body.items() if name not in request.left_out}


def is_openai_itself(base_url: str | None) -> bool:
    """Whether the server is OpenAI's own and no other one that follows its API."""
    return (base_url or _OPENAI_URL).startswith("https://api.openai.com/")


def answer_parameters(model: str, temperature: float, config: ModelConfig) -> dict[str, Any]:
    """The parameters of a request that shape the answer, as far as `model` and its server know them."""
    if _REASONING_MODEL.search(model):
        limit = config.max_output_tokens + _REASONING_TOKENS
        return {"max_completion_tokens": limit, "reasoning_effort": "low"}
    knows_new_name = _KNOWS_MAX_COMPLETION_TOKENS.match(config.base_url or _OPENAI_URL)
    # OpenAI deprecates max_tokens; Ollama and others ignore max_completion_tokens.
    limit_name = "max_completion_tokens" if knows_new_name else "max_tokens"
    return {"temperature": temperature, limit_name: config.max_output_tokens}
