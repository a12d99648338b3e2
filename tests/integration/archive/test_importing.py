"""An import: all of it, or a sentence that says why not and nothing written."""

import shutil
from pathlib import Path

import pytest
from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.archive import ArchiveError, Counts, export_archive, has_unfinished_import
from app.domain.rows import Row
from app.repositories.row_checks import is_readable
from tests.api.evaluations import begin, ended
from tests.api.house import open_house
from tests.fakes.database import scratch_database
from tests.integration.archive.conftest import EVERY_TYPE
from tests.integration.archive.helpers import (
    ASSISTANT,
    FILES,
    FINGERPRINT,
    MANY,
    CutOffError,
    Progressed,
    exported,
    files_in,
    media_of,
    refuse,
    rows_of,
    take,
)


def test_every_type_arrives_as_it_was(archive: Path, target: Database[Row], folder: Path) -> None:
    assert take(target, folder, archive) == Counts({"assistants": 1, "empty": 0, "types": 1}, len(FILES))
    row = target["types"].find_one()
    assert row == EVERY_TYPE
    assert {name: type(value) for name, value in row.items()} == {
        name: type(value) for name, value in EVERY_TYPE.items()
    }
    assert target["login_attempts"].find_one() is None
    assert files_in(folder) == FILES
    assert not has_unfinished_import(target)


def test_another_secret_key_is_refused(archive: Path, target: Database[Row], folder: Path) -> None:
    with pytest.raises(ArchiveError, match="made with another SECRET_KEY"):
        take(target, folder, archive, fingerprint="2e1d")
    assert target.list_collection_names() == []
    assert not folder.exists()


def test_a_database_with_rows_is_refused(archive: Path, target: Database[Row], folder: Path) -> None:
    target["users"].insert_one({"name": "Ana"})
    refuse(target, folder, archive, r"not empty .*users.* needs an empty database")


def test_empty_collections_and_attempts_are_not_rows(archive: Path, target: Database[Row], folder: Path) -> None:
    target["users"].create_index("email", unique=True)
    target["login_attempts"].insert_one({"_id": "somebody"})
    assert take(target, folder, archive).files == len(FILES)


def test_indexes_are_made_before_there_are_rows(archive: Path, target: Database[Row], folder: Path) -> None:
    """On full collections each would be built in one go, at the first start."""
    rows_then: list[int] = []

    def make_indexes() -> None:
        rows_then.append(target["types"].count_documents({}))
        target["types"].create_index([("text", ASCENDING)])

    take(target, folder, archive, make_indexes=make_indexes)

    assert rows_then == [0]
    assert "text_1" in target["types"].index_information()


def test_a_database_that_the_service_was_started_on_is_empty(
    archive: Path, database_uri: str, folder: Path, tmp_path: Path
) -> None:
    with scratch_database(database_uri) as target:
        with open_house(target, tmp_path / "house") as house:
            house.sweep()
        assert target["embedding_models"].find_one() is not None

        take(target, folder, archive)

        assert target["types"].count_documents({}) == 1
        assert target["embedding_models"].find_one() is None


def test_a_database_in_which_somebody_has_only_tried_to_sign_in_is_empty(
    archive: Path, database_uri: str, folder: Path, tmp_path: Path
) -> None:
    with scratch_database(database_uri) as target:
        with open_house(target, tmp_path / "house") as house:
            house.anyone().post("/auth/login", {"email": "ana@example.com", "password": "uma senha comprida"})
        assert target["audit"].find_one() is not None

        take(target, folder, archive)

        assert target["audit"].find_one() is None


def test_the_workshop_arrives(database_uri: str, folder: Path, tmp_path: Path) -> None:
    """What people made an assistant better with, and can be read there."""
    with scratch_database(database_uri) as source, scratch_database(database_uri) as target:
        with open_house(source, tmp_path / "house") as house:
            ana = house.newcomer("Ana")
            assistant = ana.make_assistant()
            ana.put(f"/prompts/update/{assistant['_id']}", {"text": "Seja breve."})
            house.model.answers.append("Não tenho essa informação.")
            house.gateway(assistant["api_key"]).chat("Vendem pneus?")
            body = {"assistant_id": assistant["_id"], "question": "Qual é o prazo?", "answer": "Dois dias."}
            ana.post("/corrections/add", body)
            ended(ana, begin(ana, assistant))
            ana.get(f"/unanswered/list/{assistant['_id']}")
            file = exported(source, house.documents, tmp_path)

        take(target, folder, file, is_readable=is_readable)

        for name in (
            *("prompt_versions", "evaluation_cases", "evaluation_runs"),
            *("evaluation_results", "unanswered_questions"),
        ):
            assert len(rows_of(target, name)) == 1, name
            assert rows_of(target, name) == rows_of(source, name)
        assert (folder / assistant["_id"] / "knowledge" / "Correções.md").is_file()


def test_the_same_files_may_be_there_already(
    archive: Path, target: Database[Row], documents: Path, folder: Path
) -> None:
    shutil.copytree(documents, folder, symlinks=True)
    take(target, folder, archive)
    assert FILES.items() <= files_in(folder).items()


def test_another_file_in_the_place_is_refused(archive: Path, target: Database[Row], folder: Path) -> None:
    (folder / ASSISTANT).mkdir(parents=True)
    (folder / ASSISTANT / "prompt.txt").write_text("somebody else's")
    with pytest.raises(ArchiveError, match=rf"another file in the place of {ASSISTANT}/prompt\.txt"):
        take(target, folder, archive)
    assert files_in(folder) == {f"{ASSISTANT}/prompt.txt": b"somebody else's"}
    assert target.list_collection_names() == []


def test_a_link_out_of_the_documents_folder_is_refused(
    archive: Path, target: Database[Row], folder: Path, tmp_path: Path
) -> None:
    folder.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (folder / ASSISTANT).symlink_to(tmp_path / "elsewhere")
    refuse(target, folder, archive, "link leads out of the documents folder")
    assert not files_in(tmp_path / "elsewhere")


@pytest.mark.parametrize("cut_at", [1, len(FILES) + 1000])
def test_an_import_that_was_cut_off_is_finished_by_the_next(
    cut_at: int, large_archive: Path, target: Database[Row], documents: Path, folder: Path, tmp_path: Path
) -> None:
    def cut_off(done: int, total: int) -> None:
        if done >= cut_at:
            raise CutOffError

    with pytest.raises(CutOffError):
        take(target, folder, large_archive, progress=cut_off)
    assert has_unfinished_import(target)
    with pytest.raises(ArchiveError, match="cut off: finish it before you export"):
        export_archive(
            target,
            documents,
            media_of(documents),
            tmp_path / "x.gz",
            fingerprint=FINGERPRINT,
            progress=Progressed(),
        )
    assert take(target, folder, large_archive).rows == {"assistants": 1, "many": MANY}
    assert not has_unfinished_import(target)
    assert files_in(folder) == FILES


def test_another_archive_does_not_finish_an_import(archive: Path, target: Database[Row], folder: Path) -> None:
    target["unfinished_import"].insert_one({"_id": "another"})
    refuse(target, folder, archive, "import of another file into this database was cut off")


def test_rows_that_came_in_between_are_noticed(archive: Path, target: Database[Row], folder: Path) -> None:
    def intrude(done: int, total: int) -> None:
        if done == total:
            target["types"].insert_one({"name": "intruder"})

    with pytest.raises(ArchiveError, match="types has 2 rows instead of 1"):
        take(target, folder, archive, progress=intrude)
    assert has_unfinished_import(target)


def test_a_row_whose_place_is_taken_is_noticed(archive: Path, target: Database[Row], folder: Path) -> None:
    def make_indexes() -> None:
        target["assistants"].insert_one({"_id": ObjectId(ASSISTANT), "state": "somebody else's"})

    with pytest.raises(ArchiveError, match="The database holds other rows than the archive in assistants"):
        take(target, folder, archive, make_indexes=make_indexes)
