"""`POST /chat/completions` through the openai client, without its typed round trip."""

import json
from typing import Any

import httpx2
import openai


class Completions:
    """Stands in for `openai.OpenAI().chat.completions` inside langchain's ChatOpenAI.

    langchain hands over a request that is ready to send and takes a plain dict as the answer. The original
    rewrites every message against every TypedDict it might be, which at twenty messages costs more than all
    the rest of the call.
    """

    def __init__(self, client: openai.OpenAI) -> None:
        self._client = client

    @property
    def with_raw_response(self) -> "Completions":
        """langchain asks for raw responses only."""
        return self

    def create(self, *, extra_body: dict[str, Any] | None = None, **payload: Any) -> "RawCompletion":
        """Send `payload`; raises `openai.APIError`."""
        response = self._client.post(
            "/chat/completions", body={**payload, **(extra_body or {})}, cast_to=httpx2.Response
        )
        return RawCompletion(response)

    def stream(self, *, extra_body: dict[str, Any] | None = None, **payload: Any) -> httpx2.Response:
        """Send `payload`, which asks for a stream; the response is unread. Raises `openai.APIError`."""
        stream = self._client.post(
            "/chat/completions",
            body={**payload, **(extra_body or {})},
            cast_to=object,
            stream=True,
            stream_cls=openai.Stream[object],
        )
        return stream.response


class RawCompletion:
    """An answer as it came, with the two names langchain looks for."""

    def __init__(self, response: httpx2.Response) -> None:
        self.http_response = response
        self.headers = response.headers

    def parse(self) -> Any:
        """The parsed body; raises `ValueError` if it is not JSON."""
        return readable(self.http_response.json())


def readable(completion: Any) -> Any:
    """`completion` with an object as the arguments of each tool call: langchain gives up on anything else."""
    for choice in completion["choices"] or ():
        for call in choice["message"].get("tool_calls") or ():
            call["function"]["arguments"] = json.dumps(_object(call["function"].get("arguments")))
    return completion


def _object(arguments: Any) -> dict[str, Any]:
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            return {}
    return arguments if isinstance(arguments, dict) else {}
