"""The manifest knows which document a row belongs to, and is believed only when it is whole."""

import json
from pathlib import Path

import pytest

from app.domain.documents import IndexedDocument
from app.knowledge.manifest import HeldDocument, Manifest

MODEL, DIMENSION = "hashing", 8
A, B, C = (IndexedDocument(f"r{name}", f"{name}.md", 3) for name in "abc")


@pytest.fixture
def manifest() -> Manifest:
    manifest = Manifest(MODEL, DIMENSION)
    manifest.add("a", A, 3)
    manifest.add("b", B, 0)
    manifest.add("c", C, 2)
    return manifest


def test_rows_follow_each_other(manifest: Manifest) -> None:
    assert list(manifest) == [
        HeldDocument("a", A, 0, 3),
        HeldDocument("b", B, 3, 0),
        HeldDocument("c", C, 3, 2),
    ]
    assert [manifest.at(row).document_id for row in range(5)] == ["a", "a", "a", "c", "c"]
    assert manifest.rows == 5


def test_row_numbers_are_not_used_again(manifest: Manifest) -> None:
    manifest.remove("c")
    manifest.add("c", C, 1)

    assert manifest.get("c") == HeldDocument("c", C, 5, 1)
    assert manifest.at(5).document_id == "c"
    assert manifest.get("nobody") is None


def test_a_file_brings_everything_back(manifest: Manifest, tmp_path: Path) -> None:
    manifest.remove("a")
    manifest.write(tmp_path / "manifest.json")

    back = Manifest.read(tmp_path / "manifest.json", MODEL, DIMENSION)

    assert back == manifest
    assert back is not None
    assert back.next_row == 5
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_a_copy_changes_alone(manifest: Manifest) -> None:
    copy = manifest.copy()
    copy.remove("a")

    assert manifest.get("a") is not None
    assert copy != manifest


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"made_by": 1}', "null", "\x00\xff"])
def test_a_damaged_file_is_not_believed(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, "latin-1")

    assert Manifest.read(tmp_path / "manifest.json", MODEL, DIMENSION) is None


def test_a_file_of_another_make_is_not_believed(manifest: Manifest, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    manifest.write(path)

    assert Manifest.read(path, "other", DIMENSION) is None
    assert Manifest.read(path, MODEL, DIMENSION + 1) is None
    content = json.loads(path.read_text())
    content["made_by"][1] += 1
    path.write_text(json.dumps(content))
    assert Manifest.read(path, MODEL, DIMENSION) is None
