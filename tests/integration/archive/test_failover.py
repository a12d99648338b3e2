"""An import while the database fails: it goes on, or is finished by importing the same file again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pymongo.database import Database
from pymongo.errors import PyMongoError

from app.archive import ArchiveError, has_unfinished_import
from app.domain.ids import new_id
from app.domain.rows import Row
from app.repositories.failures import is_passing
from app.repositories.mongo import connect
from tests.fakes.replica_set import Fault, ReplicaSet, faults, running_replica_set
from tests.integration.archive.helpers import exported, take

ROWS = {"many": 1200, "users": 1}


@pytest.fixture(scope="module")
def members() -> Iterator[ReplicaSet]:
    with running_replica_set() as members:
        yield members


@pytest.fixture(scope="module")
def archive(members: ReplicaSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was exported from a database with a few batches of rows."""
    folder = tmp_path_factory.mktemp("source")
    source = connect(members.uri, "source")
    for name, count in ROWS.items():
        source[name].insert_many([{"_id": number, "text": f"{name} {number}"} for number in range(count)])
    file = exported(source, folder / "documents", folder)
    source.client.close()
    return file


@pytest.fixture
def target(members: ReplicaSet) -> Iterator[Callable[[], Database[Row]]]:
    """Makes empty databases."""
    database = connect(members.uri)
    yield lambda: database.client.get_database(
        f"test_{new_id()}", read_concern=database.read_concern, write_concern=database.write_concern
    )
    database.client.close()


FAULTS: dict[str, Callable[[ReplicaSet], Fault]] = {
    "step-down": lambda members: faults.before(lambda: members.step_down(0.02)),
    "step-down after execution": lambda members: faults.after(lambda: members.step_down(0.02)),
    "not confirmed": lambda members: faults.not_confirmed(),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_everything_arrives_whatever_command_fails(
    members: ReplicaSet, archive: Path, target: Callable[[], Database[Row]], tmp_path: Path, fault: str
) -> None:
    for number, strike in enumerate(members.at_each_command(FAULTS[fault](members), step=4)):
        database, documents = target(), tmp_path / str(number)
        try:
            take(database, documents, archive)
        except (ArchiveError, PyMongoError) as error:
            if not is_passing(error) and "import the same file again" not in str(error):
                raise
            strike.disarm()
            members.wait_for_primary()
            take(database, documents, archive)
        strike.disarm()

        found = {name: database[name].count_documents({}) for name in ROWS}
        assert (found, has_unfinished_import(database)) == (ROWS, False), str(strike.struck)
