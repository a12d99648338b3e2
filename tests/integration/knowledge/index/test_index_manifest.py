"""The manifest knows which document a row belongs to, and is believed only when it is whole."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.knowledge.index.index_manifest import HeldDocument, IndexManifest, header_of

MODEL = "hashing"


def held(document_id: str, *rows: int) -> HeldDocument:
    return HeldDocument(document_id, f"r{document_id}", f"{document_id}.md", np.array(rows, np.int32))


def manifest_of(*documents: HeldDocument, used_rows: int) -> IndexManifest:
    by_id = {document.document_id: document for document in documents}
    return IndexManifest(MODEL, 8, by_id, used_rows, lineage="l", unembedded=frozenset({6}))


@pytest.fixture
def manifest() -> IndexManifest:
    return manifest_of(held("a", 0, 5, 2), held("b"), held("c", 6, 3), used_rows=8)


def test_a_row_has_a_document_and_a_position(manifest: IndexManifest) -> None:
    places = {row: manifest.locate(row) for row in (0, 5, 2, 6, 3)}

    found = {row: (place.held.document_id, place.position) for row, place in places.items()}
    assert found == {0: ("a", 0), 5: ("a", 1), 2: ("a", 2), 6: ("c", 0), 3: ("c", 1)}
    assert manifest.live.tolist() == [True, False, True, True, False, True, True, False]
    assert manifest.live_rows == 5


def test_of_several_positions_of_a_row_the_first_counts() -> None:
    manifest = manifest_of(held("a", 4, 1, 4, 1), used_rows=5)

    assert (manifest.locate(4).position, manifest.locate(1).position) == (0, 1)
    assert manifest.live_rows == 2


def test_a_file_brings_everything_back(manifest: IndexManifest, tmp_path: Path) -> None:
    manifest.write(tmp_path / "manifest")

    back = IndexManifest.read(tmp_path / "manifest", MODEL)

    assert back is not None
    assert [(*one[:3], one.rows.tolist()) for one in back] == [(*one[:3], one.rows.tolist()) for one in manifest]
    for name in ("model", "dimension", "used_rows", "lineage", "unembedded", "stamp"):
        assert getattr(back, name) == getattr(manifest, name)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest"]
    assert header_of(tmp_path / "manifest") == (MODEL, manifest.stamp)


def test_an_empty_one_comes_back_too(tmp_path: Path) -> None:
    IndexManifest.empty(MODEL).write(tmp_path / "manifest")

    back = IndexManifest.read(tmp_path / "manifest", MODEL)

    assert back is not None
    assert (list(back), back.live_rows, back.dimension) == ([], 0, 0)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"made_by": 1}', '{"made_by": []}', "null", "\x00\xff"])
def test_a_damaged_file_is_not_believed(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest").write_text(content, "latin-1")

    assert IndexManifest.read(tmp_path / "manifest", MODEL) is None
    assert header_of(tmp_path / "manifest") is None


def test_no_single_byte_can_be_lost_or_changed(manifest: IndexManifest, tmp_path: Path) -> None:
    path = tmp_path / "manifest"
    manifest.write(path)
    whole = path.read_bytes()
    behind_header = whole.index(b"\n") + 1

    for place in range(behind_header, len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert IndexManifest.read(path, MODEL) is None
        path.write_bytes(whole[:place])
        assert IndexManifest.read(path, MODEL) is None


def test_a_file_of_another_make_is_not_believed(manifest: IndexManifest, tmp_path: Path) -> None:
    path = tmp_path / "manifest"
    manifest.write(path)

    assert IndexManifest.read(path, "other") is None
    header, _, rest = path.read_bytes().partition(b"\n")
    content = json.loads(header)
    content["made_by"][1] += 1
    path.write_bytes(json.dumps(content).encode() + b"\n" + rest)
    assert IndexManifest.read(path, MODEL) is None
    assert header_of(path) is None
