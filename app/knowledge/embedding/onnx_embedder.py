"""Embeddings from a `model.onnx` + `tokenizer.json` on this machine's processor."""

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from app.knowledge.embedding.embedder import EmbeddingModelError, Matrix, Vector, clean, unit_rows

_WINDOW_TOKENS = 512
_MAX_WINDOWS = 4
_OUTPUTS = ("sentence_embedding", "last_hidden_state", "token_embeddings")
_ERRORS_ONLY = 3


class OnnxEmbedder:
    """A BERT-like encoder on onnxruntime; may be used by many threads at once.

    `folder` holds `model.onnx` (inputs `input_ids`, and possibly `attention_mask` and `token_type_ids`; output
    either pooled, (batch, dimension), or by token, (batch, tokens, dimension), which is then averaged) and
    `tokenizer.json`. `model` is the name to give to the vectors; with "e5" in it, texts get the prefixes E5
    was trained with (Wang et al., 2024).

    One text is computed at a time: no slower than batches, whose padding costs what they save, with half the
    memory, and a text's 8-bit vector then doesn't depend on its neighbours. Texts over 512 tokens are cut
    into windows, whose vectors are averaged by length; what lies beyond 4 windows is not read.
    """

    def __init__(self, folder: Path, model: str) -> None:
        """Load the model; raises `EmbeddingModelError` when the folder holds none that can be used."""
        self.model = model
        is_e5 = "e5" in model.partition("@")[0].lower()
        self._query_prefix, self._passage_prefix = ("query: ", "passage: ") if is_e5 else ("", "")
        _require_files(folder)
        try:
            self._tokenizer = _load_tokenizer(folder / "tokenizer.json")
            self._session = _load_session(folder / "model.onnx")
            self._inputs = [value.name for value in self._session.get_inputs()]
            self._output = _pick_output([value.name for value in self._session.get_outputs()])
            # More runs at once than processors would only cost memory.
            self._slots = threading.BoundedSemaphore(os.cpu_count() or 1)
            self.dimension = len(self._embed(""))
        except Exception as error:  # both libraries raise bare exceptions
            raise EmbeddingModelError(
                "The files model.onnx and tokenizer.json of the embedding model cannot be used."
            ) from error

    def embed_query(self, text: str) -> Vector:
        """A question's vector, float32 of shape (dimension,), unit length."""
        return self._embed(self._query_prefix + text)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """The passages' vectors in their order, float32 of shape (len(texts), dimension), unit length."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._embed(self._passage_prefix + text)
        return vectors

    def _embed(self, text: str) -> Vector:
        encoding = self._tokenizer.encode(clean(text))
        windows = [encoding, *encoding.overflowing[: _MAX_WINDOWS - 1]]
        vectors = np.stack([self._run(window) for window in windows])
        lengths = np.array([len(window.ids) for window in windows], np.float32)
        return unit_rows(lengths @ vectors)

    def _run(self, window: Encoding) -> Vector:
        """The unit vector of at most 512 tokens."""
        values = {
            "input_ids": window.ids,
            "attention_mask": window.attention_mask,
            "token_type_ids": window.type_ids,
        }
        feed = {name: np.array([values[name]], np.int64) for name in self._inputs}
        with self._slots:
            (output,) = self._session.run([self._output], feed)
        vector = output[0] if output.ndim == 2 else output[0].mean(axis=0)
        return unit_rows(vector)


def fingerprint(folder: Path) -> str:
    """12 hex characters that change with the model's files; raises `EmbeddingModelError` without them."""
    _require_files(folder)
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("model.onnx*"), folder / "tokenizer.json"]):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]


def _require_files(folder: Path) -> None:
    missing = [name for name in ("model.onnx", "tokenizer.json") if not (folder / name).is_file()]
    if missing:
        raise EmbeddingModelError(f"EMBEDDING_MODEL: the folder lacks {' and '.join(missing)}.")


def _load_tokenizer(path: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_WINDOW_TOKENS)
    return tokenizer


def _load_session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(
        path,
        options,
        providers=["CPUExecutionProvider"],
        # The fused kernel is several times slower than the two it replaces.
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def _pick_output(names: Sequence[str]) -> str:
    return next((name for name in _OUTPUTS if name in names), names[0])
