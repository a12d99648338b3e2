"""`POST /chat/completions` through the openai client, without its typed round trip."""

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


class RawCompletion:
    """An answer as it came, with the two names langchain looks for."""

    def __init__(self, response: httpx2.Response) -> None:
        self.http_response = response
        self.headers = response.headers

    def parse(self) -> Any:
        """The parsed body; raises `ValueError` if it is not JSON."""
        return self.http_response.json()
