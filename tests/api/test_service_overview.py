"""GET /service/overview and GET /service/limits"""

from typing import Any

from tests.api.house import Caller, House, assert_error


def test_how_the_service_is(house: House, ada: Caller, ana: Caller, assistant: dict[str, Any]) -> None:
    before = (ada.get("/service/overview").json or {})["documents"]
    ana.upload(assistant["id"], "O prazo é de três dias.")

    response = ada.get("/service/overview")

    assert response.status_code == 200, response.text
    shown = response.json or {}
    assert {"name": "database", "works": True} in shown["parts"]
    assert all(part["works"] for part in shown["parts"])
    assert sum(shown["documents"].values()) == sum(before.values()) + 1
    assert set(shown["failures"]) == {"documents", "webhook"}
    queues = {queue["name"]: queue for queue in shown["queues"]}
    assert {"messages_waiting", "documents_index", "documents_embed", "inbox", "outbox", "webhook"} <= queues.keys()
    assert queues["outbox"] == {"name": "outbox", "waiting": 0, "oldest_seconds": 0.0}
    assert queues["webhook"]["oldest_seconds"] is None
    assert [disk["setting"] for disk in shown["disks"]] == ["DATA_DIR", "DOCUMENTS_DIR"]
    assert all(0 < disk["free_bytes"] <= disk["total_bytes"] for disk in shown["disks"])
    assert shown["database"] in {"embedded", "mongodb"}


def test_how_far_a_change_of_the_embedding_model_is(ada: Caller, house: House) -> None:
    model = (ada.get("/service/overview").json or {})["embedding"]["model"]
    documents, models = house.database["documents"], house.database["embedding_models"]
    models.insert_one({"_id": "before", "setting": "before", "used_at": house.clock(), "key_encrypted": None})
    documents.insert_many({"state": "other", "latest_model": "before"} for _ in range(3))
    try:
        shown = (ada.get("/service/overview").json or {})["embedding"]
    finally:
        documents.delete_many({"latest_model": "before"})
        models.delete_one({"_id": "before"})

    assert shown["model"] == model != "before"
    assert (shown["documents"]["before"], shown["lacking"]) == (3, 3)


def test_what_the_settings_limit(ada: Caller) -> None:
    limits = {limit["setting"]: limit for limit in ada.get("/service/limits").json or []}

    assert limits["RATE_LIMIT_MESSAGES"]["per_seconds"] == 1
    assert limits["QUOTA_DOCUMENTS"] == {
        "setting": "QUOTA_DOCUMENTS",
        "amount": None,
        "unit": "documents",
        "per_seconds": None,
    }
    assert limits["MAX_UPLOAD_MB"]["amount"] > 0


def test_only_administrators(ana: Caller, gateway: Caller) -> None:
    for path in ("/service/overview", "/service/limits"):
        assert_error(ana.get(path), 403, "not_allowed")
        assert gateway.get(path).status_code == 401
