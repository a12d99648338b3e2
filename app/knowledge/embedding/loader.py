"""From the setting `EMBEDDING_MODEL` to an embedder."""

from pathlib import Path

from app.knowledge.embedding.convert import BUNDLED_MODEL, ensure_converted
from app.knowledge.embedding.embedder import Embedder
from app.knowledge.embedding.onnx_embedder import OnnxEmbedder, fingerprint
from app.knowledge.embedding.query_cache import QueryCache
from app.knowledge.embedding.remote import RemoteEmbedder
from app.net.outgoing_proxies import DIRECT, Proxies

_BUNDLED = "bundled"
_BUNDLED_FOLDER = Path("models", "multilingual-e5-small")


def open_embedder(
    model: str,
    base_url: str | None,
    api_key: str | None,
    data_dir: Path,
    timeout: float,
    *,
    question_timeout: float | None = None,
    proxies: Proxies = DIRECT,
) -> Embedder:
    """The embedder that `model` names: "bundled", a folder, or a model at an OpenAI-compatible server.

    The bundled one is converted at the first start (seconds). A server is not asked before its first use;
    `timeout` in seconds bounds a request to it, `question_timeout` one for a question, for whose answer somebody
    waits. Questions asked before are remembered. Raises `EmbeddingModelError`.
    """
    if model == _BUNDLED:
        folder = data_dir / _BUNDLED_FOLDER
        ensure_converted(folder)
        return QueryCache(OnnxEmbedder(folder, BUNDLED_MODEL))
    folder = Path(model)
    if folder.is_dir() or folder.is_absolute() or model.startswith("."):
        return QueryCache(OnnxEmbedder(folder, f"{folder.resolve().name}@{fingerprint(folder)}"))
    return QueryCache(RemoteEmbedder(model, base_url, api_key, timeout, question_timeout, proxies=proxies))
