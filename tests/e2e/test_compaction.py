"""What was deleted is in no file any more after the service has started again, or after `python -m app compact`."""

from pathlib import Path

import pytest

from tests.e2e.service import running
from tests.e2e.test_commands import command

SAID = "meu segredo e abacaxi-quadrado"
WRITTEN = "O preco do girassol-redondo e R$ 7."


def mentions(folder: Path, text: str) -> list[Path]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if text.encode() in file.read_bytes()]


@pytest.mark.stress
def test_deleted_texts_are_gone_from_the_files_after_a_restart_or_the_command(place: Path) -> None:
    with running(place) as service:
        assistant = service.make_assistant()
        document = service.upload(assistant["_id"], WRITTEN.encode(), "precos.txt")
        said = service.say(assistant["api_key"], SAID).json()
        kept = service.say(assistant["api_key"], "isto fica guardado", channel="+5513000000000").json()
        conversation = service.http.get("/conversations/list", params={"assistant_id": assistant["_id"]}).json()[1]
        assert conversation["channel"] == said["channel"]
        assert service.http.delete(f"/documents/delete/{document['_id']}").status_code == 200
        assert service.http.delete(f"/conversations/delete/{conversation['_id']}").status_code == 200
        refused = command(place, "compact")
        assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
        assert "in use by another process" in refused.stderr
    assert mentions(place, "abacaxi-quadrado")

    with running(place) as service:
        assert [*mentions(place, "abacaxi-quadrado"), *mentions(place, "girassol-redondo")] == []
        assert service.http.get(f"/chats/get/{kept['_id']}").json() == kept
        again = service.say(assistant["api_key"], SAID).json()
        conversation = service.http.get("/conversations/list", params={"assistant_id": assistant["_id"]}).json()[0]
        assert conversation["channel"] == again["channel"]
        assert service.http.delete(f"/conversations/delete/{conversation['_id']}").status_code == 200

    assert command(place, "compact").returncode == 0
    assert mentions(place, "abacaxi-quadrado") == []


def test_with_mongodb_the_command_says_whose_work_it_is(place: Path) -> None:
    done = command(place, "compact", MONGODB_URI="mongodb://127.0.0.1:1", SECRET_KEY="x" * 32)

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "MongoDB looks after its files itself" in done.stderr
