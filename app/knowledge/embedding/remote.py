"""Embeddings from an OpenAI-compatible server."""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import httpx2
import numpy as np

from app.domain.deadline import Deadline
from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError, ModelUnavailableError
from app.knowledge.embedding.embedder import Matrix, Vector, clean, unit_rows
from app.net.client import open_client
from app.net.enforcement import enforced
from app.net.outgoing_proxies import DIRECT, Proxies

_OPENAI_URL = "https://api.openai.com/v1"
_BATCH_TEXTS = 64
_MAX_CHARACTERS = 8_000
_UNREADABLE = "The embedding server's answer could not be understood."


class RemoteEmbedder:
    """A model at `base_url` (None: OpenAI's); may be used by many threads at once.

    `timeout` in seconds bounds each request, of at most 64 texts; of each text 8,000 characters are read.
    `question_timeout` (None: as long) bounds a request for a question's vector.
    Nothing is tried again. The methods raise `ModelTimeoutError`, `ModelUnavailableError` or `ModelFailedError`.
    """

    def __init__(
        self,
        model: str,
        base_url: str | None,
        api_key: str | None,
        timeout: float,
        question_timeout: float | None = None,
        *,
        proxies: Proxies = DIRECT,
    ) -> None:
        self.model = model
        self._timeout = timeout
        self._question_timeout = question_timeout or timeout
        self._url = httpx2.URL(f"{(base_url or _OPENAI_URL).rstrip('/')}/embeddings")
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._http_client = open_client(proxies)

    @cached_property
    def dimension(self) -> int:
        """The length of a vector, which only the server knows: asked for once."""
        return int(self._request(["dimension"], self._question_timeout).shape[1])

    def embed_query(self, text: str) -> Vector:
        """A question's vector, float32 of shape (dimension,), unit length."""
        dimension = self.dimension
        (vector,) = self._request([text], self._question_timeout)
        if len(vector) != dimension:
            raise ModelFailedError(_UNREADABLE)
        return np.asarray(vector, np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """The passages' vectors in their order, float32 of shape (len(texts), dimension), unit length."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _BATCH_TEXTS):
            batch = self._request(texts[start : start + _BATCH_TEXTS], self._timeout)
            if batch.shape[1] != self.dimension:
                raise ModelFailedError(_UNREADABLE)
            vectors[start : start + len(batch)] = batch
        return vectors

    def close(self) -> None:
        """Close the connections."""
        self._http_client.close()

    def _request(self, texts: Sequence[str], timeout: float) -> Matrix:
        prepared = [_prepare(text) for text in texts]
        body = {"model": self.model, "input": prepared, "encoding_format": "float"}
        try:
            with enforced(Deadline(timeout)):
                response = self._http_client.post(self._url, json=body, headers=self._headers)
        except httpx2.TimeoutException as error:
            raise ModelTimeoutError("The embedding server did not answer in time.") from error
        except httpx2.RequestError as error:
            raise ModelUnavailableError("The embedding server could not be reached.") from error
        if not response.is_success:
            raise _refusal(response.status_code)
        try:
            return _parse(response.content, len(texts))
        except (ValueError, KeyError, TypeError) as error:
            raise ModelFailedError(_UNREADABLE) from error


def _prepare(text: str) -> str:
    """Servers refuse an empty text."""
    return clean(text[:_MAX_CHARACTERS]).strip() or "-"


def _parse(body: bytes, count: int) -> Matrix:
    """The vectors in the order of their `index`; raises `ValueError`, `KeyError` or `TypeError`."""
    rows: list[dict[str, Any]] = sorted(json.loads(body)["data"], key=lambda row: row["index"])
    vectors = np.array([row["embedding"] for row in rows], np.float32)
    if vectors.ndim != 2 or len(vectors) != count or not vectors.size or not np.isfinite(vectors).all():
        raise ValueError("vectors of the wrong shape")
    return unit_rows(vectors)


def _refusal(status: int) -> ModelError:
    if status in {401, 403}:
        return ModelFailedError("The embedding server refused the API key.")
    if status == 404:
        return ModelFailedError("The embedding server does not know the embedding model.")
    if status == 429 or status >= 500:
        return ModelUnavailableError("The embedding server refuses work for now.")
    return ModelFailedError(f"The embedding server refused the request (status {status}).")
