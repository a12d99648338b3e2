"""What `sync` passes over in the documents folder."""

from pathlib import Path

from app.domain.ids import new_id
from app.storage.skipped import skipped_entries


def test_everything_that_cannot_become_a_document_is_named(tmp_path: Path) -> None:
    assistant = tmp_path / new_id()
    knowledge = assistant / "knowledge"
    (knowledge / "2025").mkdir(parents=True)
    (knowledge / "loja.md").touch()
    (knowledge / ".loja.md.swp").touch()
    (knowledge / "fora.txt").symlink_to("/etc/hostname")
    (assistant / "prompt.txt").touch()
    (assistant / "entrega.md").touch()
    (tmp_path / "loja-da-ana").mkdir()
    (tmp_path / "troca.md").touch()
    shown = f"documents/{assistant.name}"

    assert {path: reason.partition(" ")[0] for path, reason in skipped_entries(tmp_path)} == {
        f"{shown}/knowledge/2025": "Folders",
        f"{shown}/knowledge/.loja.md.swp": "Hidden",
        f"{shown}/knowledge/fora.txt": "Links",
        f"{shown}/entrega.md": "Only",
        "documents/loja-da-ana": "It",
        "documents/troca.md": "It",
    }


def test_our_own_files_are_not(tmp_path: Path) -> None:
    assistant = tmp_path / new_id()
    (assistant / ".staged" / new_id()).mkdir(parents=True)
    (assistant / ".lock").touch()
    (tmp_path / ".gitkeep").touch()
    (tmp_path / f".deleted-{new_id()}-0").mkdir()

    assert list(skipped_entries(tmp_path)) == []


def test_a_prompt_that_is_a_link_is_named(tmp_path: Path) -> None:
    assistant = tmp_path / new_id()
    assistant.mkdir()
    (assistant / "prompt.txt").symlink_to("/etc/hostname")

    assert [reason for _, reason in skipped_entries(tmp_path)] == ["Links are not followed."]
