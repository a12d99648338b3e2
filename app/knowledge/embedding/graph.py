"""Builds the encoder of multilingual-e5-small as an ONNX graph with 8-bit weights.

A BERT encoder (Devlin et al., 2019) with mean pooling (Wang et al., 2024, for E5). Each choice was measured:
its attention and GELU are onnxruntime's fused operators, its layer normalisations are not, as the fused one
is slower than the two nodes it stands for. It has no attention mask, with which attention takes longer: texts of
different lengths do not go into one batch.
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from app.knowledge.embedding.weights import Array, Weights

_MICROSOFT = "com.microsoft"
_OPSET = 21
_IR_VERSION = 10
# With 7 bits no sum of two products overflows 16 bits, which costs accuracy on processors without VNNI.
_WEIGHT_LIMIT = 63
_TABLE_LIMIT = 127
# What enters this product has outliers (Bondarenko et al., 2021) that cause most of the error of 8 bits.
_KEPT_IN_FLOAT = frozenset({"l4.fo"})


def build_graph(weights: Weights) -> onnx.ModelProto:
    """The encoder: `input_ids` (batch, sequence) int64 -> `sentence_embedding` (batch, hidden), unit rows."""
    return _Encoder(weights).model()


class _Encoder:
    """Collects the nodes and constants of one graph; every method returns the name of its result."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.shape = weights.shape
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        hidden = self._embeddings()
        for layer in range(self.shape.layers):
            hidden = self._layer(hidden, f"l{layer}.")
        self._mean(hidden)
        inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "sequence"])]
        output = helper.make_tensor_value_info(
            "sentence_embedding", TensorProto.FLOAT, ["batch", self.shape.hidden]
        )
        graph = helper.make_graph(self.nodes, "multilingual-e5-small", inputs, [output], self.constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    def _embeddings(self) -> str:
        hidden = self.shape.hidden
        table = self.weights.matrix("emb.word", self.shape.vocabulary, hidden)
        quantised, scales = quantise(table.T, _TABLE_LIMIT)
        self._node("Gather", [self._constant("word", quantised.T), "input_ids"], "word8")
        self._node("Cast", ["word8"], "word_float", to=TensorProto.FLOAT)
        self._node("Gather", [self._constant("word_scale", scales[:, None]), "input_ids"], "scale")
        self._node("Mul", ["word_float", "scale"], "words")
        places = self.weights.matrix("emb.pos", self.shape.positions, hidden)
        places = places + self.weights.matrix("emb.type", self.shape.token_types, hidden)[0]
        zero = self._constant("zero", np.array([0], np.int64))
        self._node("Shape", ["input_ids"], "length", start=1, end=2)
        self._node("Slice", [self._constant("place", places), zero, "length", zero], "places")
        self._node("Add", ["words", "places"], "embedded")
        return self._normalise("embedded", "emb.ln")

    def _layer(self, hidden: str, layer: str) -> str:
        size, inner = self.shape.hidden, self.shape.feed_forward
        query, key, value = (self._linear(hidden, layer + name, size, size) for name in "qkv")
        attended = self._node(
            "MultiHeadAttention",
            [query, key, value],
            layer + "attended",
            domain=_MICROSOFT,
            num_heads=self.shape.heads,
        )
        projected = self._linear(attended, layer + "ao", size, size)
        self._node("Add", [projected, hidden], layer + "sum")
        middle = self._normalise(layer + "sum", layer + "aln")
        wide = self._linear(middle, layer + "fi", inner, size)
        active = self._node("FastGelu", [wide], layer + "active", domain=_MICROSOFT)
        narrow = self._linear(active, layer + "fo", size, inner)
        self._node("Add", [narrow, middle], layer + "out")
        return self._normalise(layer + "out", layer + "oln")

    def _mean(self, hidden: str) -> None:
        """The sum over the tokens; the division by their count vanishes in the normalisation."""
        self._node("ReduceSum", [hidden, self._constant("one", np.array([1], np.int64))], "total", keepdims=0)
        self._node("LpNormalization", ["total"], "sentence_embedding", axis=-1, p=2)

    def _linear(self, source: str, name: str, outputs: int, inputs: int) -> str:
        matrix = self.weights.matrix(f"{name}.w", outputs, inputs).T
        bias = self._constant(f"{name}.bias", self.weights.tensors[f"{name}.b"])
        if name in _KEPT_IN_FLOAT:
            product = self._node("MatMul", [source, self._constant(f"{name}.weight", matrix)], f"{name}.product")
            return self._node("Add", [product, bias], name)
        integers, scales = quantise(matrix, _WEIGHT_LIMIT)
        weight = self._constant(f"{name}.weight", integers)
        scale = self._constant(f"{name}.scale", scales)
        zero = self._constant(f"{name}.zero", np.zeros(outputs, np.int8))
        return self._node("DynamicQuantizeMatMul", [source, weight, scale, zero, bias], name, domain=_MICROSOFT)

    def _normalise(self, source: str, name: str) -> str:
        gain, bias = (self._constant(f"{name}.{part}", self.weights.tensors[f"{name}.{part}"]) for part in "wb")
        return self._node("LayerNormalization", [source, gain, bias], name, axis=-1, epsilon=self.shape.eps)

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output


def quantise(matrix: Array, limit: int) -> tuple[NDArray[np.int8], Array]:
    """Symmetric integers of -limit..limit with one scale a column: matrix ~ integers * scales."""
    scales = np.abs(matrix).max(axis=0) / np.float32(limit)
    scales[scales == 0] = 1
    return np.rint(matrix / scales).astype(np.int8), scales
