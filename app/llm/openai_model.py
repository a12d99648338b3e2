"""A model at an OpenAI-compatible server, asked through the openai client.

By the client's way for undocumented endpoints (`client.post` with `cast_to`), which sends a body as it stands:
`chat.completions.create` first checks every message against every type it might be, which at twenty messages
costs more than all the rest of the call.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx2
import openai

from app.domain.deadline import Deadline
from app.llm.chat_completion import read_completion
from app.llm.config import ModelConfig
from app.llm.handover import HANDOVER_TOOL
from app.llm.prompt import Message
from app.llm.providers import ModelSetupError, split_provider
from app.llm.refusals import RefusedParameters
from app.llm.reply import ModelReply, NoConnectionError
from app.llm.stream import read_stream
from app.net.enforcement import enforced

_OPENAI_URL = "https://api.openai.com/v1"
_KNOWS_MAX_COMPLETION_TOKENS = re.compile(r"https://[^/]*\.(openai|azure)\.com(/|$)")
_REASONING_MODEL = re.compile(r"(^|/)(o[1-9]|gpt-[5-9])(?!.*chat)")

# Hidden thinking counts towards a reasoning model's limit; without room for it there is no answer at all.
_REASONING_TOKENS = 2000


class OpenAIModel:
    """The model `name`, which takes `temperature`; raises `ModelSetupError` without a key for OpenAI itself."""

    def __init__(self, name: str, temperature: float, config: ModelConfig, http_client: httpx2.Client) -> None:
        if config.api_key is None and config.base_url is None:
            raise ModelSetupError("LLM_API_KEY: OpenAI needs a key (only with LLM_BASE_URL may it be left out).")
        _, self._model = split_provider(name)
        self._parameters = answer_parameters(self._model, temperature, config)
        self._refused = RefusedParameters(name)
        self._client = openai.OpenAI(
            base_url=config.base_url or _OPENAI_URL,
            api_key=config.api_key or "not-needed",
            http_client=http_client,
            timeout=http_client.timeout,
            max_retries=0,
        )

    def ask(self, prompt: Sequence[Message], deadline: Deadline) -> ModelReply:
        """The reply; raises `openai.APIStatusError`, `NoConnectionError` or, for nonsense, almost anything."""
        return read_completion(json.loads(self._post(prompt, deadline).content))

    def stream(self, prompt: Sequence[Message], deadline: Deadline) -> Iterator[str | ModelReply]:
        """The pieces of text as they come, then the reply; raises as `ask` does."""
        with _lost_connections():
            response = self._post(prompt, deadline, stream=True, stream_options={"include_usage": True})
            yield from read_stream(response, deadline)

    def _post(self, prompt: Sequence[Message], deadline: Deadline, **parameters: Any) -> httpx2.Response:
        """The response to a request with these parameters beside the usual ones; unread if it is a stream."""
        body = {
            "model": self._model,
            "messages": [message._asdict() for message in prompt],
            "tools": [HANDOVER_TOOL],
            **self._parameters,
            **parameters,
        }
        with _lost_connections(), enforced(deadline):
            return self._refused.leave_out(body, self._send)

    def _send(self, body: dict[str, Any]) -> httpx2.Response:
        is_stream: bool = body.get("stream", False)
        return self._client.post("/chat/completions", cast_to=httpx2.Response, body=body, stream=is_stream)


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


@contextmanager
def _lost_connections() -> Iterator[None]:
    try:
        yield
    except (openai.APIConnectionError, httpx2.TransportError) as error:
        raise NoConnectionError from error
