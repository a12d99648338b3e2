"""SECRET_KEY is changed, and nobody notices."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.service import Service, launch, running
from tests.e2e.test_commands import command

OLD, NEW = "the old secret of these tests is long", "the new secret of these tests is long"
CHANGED: dict[str, Any] = {"SECRET_KEY": NEW, "SECRET_KEYS_OLD": OLD}


def status_with(service: Service, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return service.http.get("/assistants/list", headers=headers).status_code


@pytest.mark.stress
@pytest.mark.timeout(300)  # four starts and five commands
def test_tokens_keys_and_exports_outlive_a_change_of_the_secret(place: Path, tmp_path_factory: Any) -> None:
    with running(place, SECRET_KEY=OLD) as service:
        assistant, before = service.make_assistant(), service.token
    assert command(place, "export", "all.gz", SECRET_KEY=OLD).returncode == 0

    with running(place, **CHANGED) as service:
        assert service.http.get("/assistants/list").json() == [assistant]
        assert status_with(service, before) == 200
        assert service.say(assistant["api_key"], "Oi!").status_code == 200
        first, second = command(place, "rekey", **CHANGED), command(place, "rekey", **CHANGED)
        assert (first.returncode, second.returncode) == (0, 0), first.stderr
        assert second.stdout.startswith("0 secrets were encrypted anew, ")
        since = service.token

    with running(place, SECRET_KEY=NEW) as service:
        assert service.http.get("/assistants/list").json() == [assistant]
        assert (status_with(service, since), status_with(service, before)) == (200, 401)

    elsewhere = tmp_path_factory.mktemp("elsewhere")
    refused = command(elsewhere, "import", str(place / "all.gz"), SECRET_KEY=NEW)
    assert "SECRET_KEYS_OLD" in refused.stderr.splitlines()[-1]
    assert command(elsewhere, "import", str(place / "all.gz"), **CHANGED).returncode == 0
    assert command(elsewhere, "rekey", **CHANGED).returncode == 0


@pytest.mark.stress
def test_an_import_goes_into_an_installation_that_was_started_once(place: Path, tmp_path_factory: Any) -> None:
    """It has made a secret of its own, which stays; that of the archive is named beside it."""
    with running(place, SECRET_KEY=OLD) as service:
        assistant = service.make_assistant()
    assert command(place, "export", "all.gz", SECRET_KEY=OLD).returncode == 0
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "data").mkdir()
    (elsewhere / "data" / "models").symlink_to((place / "data" / "models").resolve())
    launch(elsewhere).stop()

    assert command(elsewhere, "import", str(place / "all.gz"), SECRET_KEYS_OLD=OLD).returncode == 0
    assert command(elsewhere, "rekey", SECRET_KEYS_OLD=OLD).returncode == 0
    with running(elsewhere) as service:
        assert service.http.get("/assistants/list").json() == [assistant]


def test_what_no_named_secret_reads_is_said(place: Path) -> None:
    with running(place, SECRET_KEY=OLD) as service:
        service.make_assistant()

    done = command(place, "rekey", SECRET_KEY=NEW)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "1 can be read with none of SECRET_KEY and SECRET_KEYS_OLD" in done.stderr
