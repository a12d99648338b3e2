"""Models that users bring: tiny graphs in the shapes in which others export theirs."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from app.knowledge.embedding import Embedder, EmbeddingModelError, open_embedder
from app.knowledge.embedding.onnx_embedder import OnnxEmbedder

WORDS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "query", "passage", ":", "um", "dois", "três"]
TABLE = np.eye(len(WORDS), dtype=np.float32) * 3


def write_tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 1), ("[SEP]", 2)])
    tokenizer.enable_padding(length=32)
    tokenizer.enable_truncation(8)
    tokenizer.save(str(folder / "tokenizer.json"))


def write_model(folder: Path, inputs: list[str], outputs: dict[str, int]) -> None:
    """A lookup of each token's row; an output of rank 2 holds the first token's, of rank 3 all of them."""
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["rows"])]
    for name, rank in outputs.items():
        source = ["rows", "first"] if rank == 2 else ["rows"]
        operator = {"op_type": "Gather", "axis": 1} if rank == 2 else {"op_type": "Identity"}
        nodes.append(helper.make_node(inputs=source, outputs=[name], **operator))
    graph = helper.make_graph(
        nodes,
        "lookup",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "t"]) for name in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * rank) for name, rank in outputs.items()],
        [numpy_helper.from_array(TABLE, "table"), numpy_helper.from_array(np.array(0, np.int64), "first")],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "model.onnx"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "my-model"
    made.mkdir()
    write_tokenizer(made)
    write_model(made, ["input_ids", "attention_mask", "token_type_ids"], {"last_hidden_state": 3})
    return made


def opened(folder: Path) -> Embedder:
    return open_embedder(str(folder), None, None, folder.parent / "data", 5)


def mean_of(*words: str) -> np.ndarray:
    total = np.sum([TABLE[WORDS.index(word)] for word in words], axis=0)
    return np.asarray(total / np.linalg.norm(total))


def test_token_vectors_are_averaged(folder: Path) -> None:
    embedder = opened(folder)
    assert embedder.dimension == len(WORDS)
    assert embedder.embed_query("um dois dois") == pytest.approx(mean_of("[CLS]", "um", "dois", "dois", "[SEP]"))
    assert embedder.embed_passages(["três"])[0] == pytest.approx(mean_of("[CLS]", "três", "[SEP]"))


def test_padding_and_truncation_in_the_tokenizer_file_are_ignored(folder: Path) -> None:
    vector = opened(folder).embed_query("um " * 20 + "dois")
    assert vector == pytest.approx(mean_of("[CLS]", *["um"] * 20, "dois", "[SEP]"))


def test_windows_count_by_their_length(folder: Path) -> None:
    vector = opened(folder).embed_query("um " * 510 + "dois")
    long, short = mean_of("[CLS]", *["um"] * 510, "[SEP]"), mean_of("[CLS]", "dois", "[SEP]")
    expected = 512 * long + 3 * short
    assert vector == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)


def test_what_lies_beyond_four_windows_is_not_read(folder: Path) -> None:
    embedder = opened(folder)
    assert np.array_equal(embedder.embed_query("um " * 2040), embedder.embed_query("um " * 2040 + "dois"))
    assert not np.array_equal(embedder.embed_query("um " * 2039), embedder.embed_query("um " * 2039 + "dois"))


def test_a_pooled_output_is_taken_as_it_is(folder: Path) -> None:
    write_model(folder, ["input_ids", "attention_mask"], {"token_embeddings": 3, "sentence_embedding": 2})
    assert opened(folder).embed_query("um") == pytest.approx(mean_of("[CLS]"))


def test_a_pooler_beside_the_token_vectors_is_ignored(folder: Path) -> None:
    write_model(folder, ["input_ids", "attention_mask"], {"pooler_output": 2, "last_hidden_state": 3})
    assert opened(folder).embed_query("um") == pytest.approx(mean_of("[CLS]", "um", "[SEP]"))


def test_an_output_of_any_other_name_will_do(folder: Path) -> None:
    write_model(folder, ["input_ids"], {"embedding": 2})
    assert opened(folder).embed_query("um") == pytest.approx(mean_of("[CLS]"))


def test_a_model_called_e5_gets_its_prefixes(folder: Path) -> None:
    embedder = OnnxEmbedder(folder, "my-E5-base")
    assert embedder.embed_query("um") == pytest.approx(mean_of("[CLS]", "query", ":", "um", "[SEP]"))
    passage = embedder.embed_passages(["um"])[0]
    assert passage == pytest.approx(mean_of("[CLS]", "passage", ":", "um", "[SEP]"))


def test_an_e5_in_the_fingerprint_means_nothing(folder: Path) -> None:
    embedder = OnnxEmbedder(folder, "my-model@0e5a")
    assert embedder.embed_query("um") == pytest.approx(mean_of("[CLS]", "um", "[SEP]"))


def test_the_name_of_the_model_changes_with_its_files(folder: Path) -> None:
    first = opened(folder).model
    assert first == opened(folder).model
    assert first.startswith("my-model@")
    (folder / "model.onnx_data").write_bytes(b"weights outside the graph")
    assert opened(folder).model != first


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(EmbeddingModelError, match=f"lacks {name}.$") as raised:
        opened(folder)
    assert str(folder) not in raised.value.message


def test_an_empty_folder_lacks_both(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match=r"lacks model\.onnx and tokenizer\.json"):
        OnnxEmbedder(tmp_path, "x")


@pytest.mark.parametrize("model", ["./not-there", "../not-there", "/not/there"])
def test_a_mistyped_folder_is_not_taken_for_a_server_s_model(model: str, tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match="lacks"):
        open_embedder(model, None, None, tmp_path, 5)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff" * 50])
def test_a_broken_file_is_a_clear_error(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(EmbeddingModelError, match="cannot be used"):
        opened(folder)


def test_a_model_with_inputs_of_another_kind_is_a_clear_error(folder: Path) -> None:
    write_model(folder, ["input_ids", "pixel_values"], {"last_hidden_state": 3})
    with pytest.raises(EmbeddingModelError, match="cannot be used"):
        opened(folder)
