"""Several processes on one database, and a database without its service."""

import time
from pathlib import Path
from typing import Any

from app.domain.ids import new_id
from tests.e2e.service import running

SECRET = "a secret for tests, long enough to be one"
DOCUMENT = b"A garantia dos produtos e de dois anos."
QUESTION = "De quanto tempo é a garantia?"


def test_a_second_process_sees_a_change_within_two_seconds(
    tmp_path: Path, bundled_models: Path, database_uri: str
) -> None:
    shared: dict[str, Any] = {
        "MONGODB_URI": database_uri,
        "MONGODB_DB": f"test_{new_id()}",
        "SECRET_KEY": SECRET,
        "DOCUMENTS_DIR": tmp_path / "documents",
    }
    for name in ("one", "two"):
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / name / "data" / "models").symlink_to(bundled_models)
    with running(tmp_path / "one", **shared) as one, running(tmp_path / "two", **shared) as two:
        assistant = one.make_assistant()
        assert "Não encontrei" in two.say(assistant["api_key"], QUESTION).json()["response"]
        document = one.upload(assistant["_id"], DOCUMENT, "garantia.txt")
        changed = time.monotonic()
        while "dois anos" not in two.say(assistant["api_key"], QUESTION).json()["response"]:
            assert time.monotonic() - changed < 2
        one.upload(assistant["_id"], DOCUMENT.replace(b"dois", b"tres"), "garantia.txt")
        assert "tres anos" in two.say(assistant["api_key"], QUESTION).json()["response"]
        assert two.http.delete(f"/documents/delete/{document['_id']}").status_code == 200
        assert "Não encontrei" in one.say(assistant["api_key"], QUESTION).json()["response"]
        one.say(assistant["api_key"], QUESTION, channel="+551100000001")
        two.http.put("/chats/desativar/+551100000001")
        assert one.say(assistant["api_key"], QUESTION, channel="+551100000001").status_code == 409
        seen = {"If-None-Match": one.http.get("/conversations/list").headers["ETag"]}
        two.http.put("/chats/ativar/+551100000001")
        changed = time.monotonic()
        while one.http.get("/conversations/list", headers=seen).status_code == 304:
            assert time.monotonic() - changed < 2
        assert two.http.post("/auth/logout").status_code == 200
        assert two.http.get("/conversations/list", headers=seen).status_code == 401
