"""What is a full disk, and what is not."""

import errno
import sqlite3
from pathlib import Path

import pytest

from app.domain.disk_full import is_disk_full


@pytest.mark.parametrize(("code", "is_full"), [(errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EIO, False)])
def test_a_full_disk_is_told_from_a_broken_one(code: int, is_full: bool) -> None:
    assert is_disk_full(OSError(code, "x")) == is_full


def test_sqlite_says_it_in_its_own_way(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "small") as connection:
        connection.execute("PRAGMA max_page_count = 2")
        connection.execute("CREATE TABLE rows (text)")
        with pytest.raises(sqlite3.OperationalError) as failed:
            connection.execute("INSERT INTO rows VALUES (?)", ("x" * 100_000,))
        assert is_disk_full(failed.value)
        with pytest.raises(sqlite3.OperationalError) as failed:
            connection.execute("SELECT nothing")
        assert not is_disk_full(failed.value)
    connection.close()


def test_other_errors_are_none() -> None:
    assert not is_disk_full(ValueError("no space left"))
