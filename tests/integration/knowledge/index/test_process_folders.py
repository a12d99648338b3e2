"""Each process has a folder of its own; what others left behind can be removed."""

from contextlib import ExitStack
from pathlib import Path

from app.domain.ids import new_id
from app.knowledge.index.process_folders import IndexFolders, own_folder


def test_processes_have_folders_of_their_own(tmp_path: Path) -> None:
    with own_folder(tmp_path) as first, own_folder(tmp_path) as second:
        assert [first.name, second.name] == ["0", "1"]
    with own_folder(tmp_path) as again:
        assert again == first


def test_indexes_of_this_process_and_of_those_that_are_gone_are_removed(tmp_path: Path) -> None:
    deleted, kept = new_id(), new_id()
    forgotten: list[str] = []
    with ExitStack() as running:
        own, _, gone = (running.enter_context(own_folder(tmp_path)) for _ in range(3))
        for folder in ("0", "1", "2"):
            for assistant_id in (deleted, kept):
                (tmp_path / folder / assistant_id / "model").mkdir(parents=True)
        running.pop_all().close()
    with own_folder(tmp_path) as own, own_folder(tmp_path) as other:
        folders = IndexFolders(own, forgotten.append)
        assert folders.assistants() == {deleted, kept}

        folders.remove(deleted)

        assert forgotten == [deleted]
        assert (other / deleted).exists()
        assert not (gone / deleted).exists()
        assert (gone / kept / "model").exists()
    assert (tmp_path / "2" / ".lock").exists()


def test_a_folder_that_belongs_to_no_process_is_left_alone(tmp_path: Path) -> None:
    assistant_id = new_id()
    (tmp_path / "0 of mine" / assistant_id).mkdir(parents=True)

    with own_folder(tmp_path) as own:
        folders = IndexFolders(own, lambda assistant_id: None)
        folders.remove(assistant_id)

    assert (tmp_path / "0 of mine" / assistant_id).exists()


def test_a_folder_that_is_gone_has_no_indexes(tmp_path: Path) -> None:
    assert IndexFolders(tmp_path / "0", lambda assistant_id: None).assistants() == set()
