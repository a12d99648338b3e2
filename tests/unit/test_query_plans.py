"""The forms in which MongoDB explains a query, shortened from its manual ("Explain Results")."""

from typing import Any

import pytest

from tests.integration.query_plans import stages

INDEX: dict[str, Any] = {
    "stage": "IXSCAN",
    "keyPattern": {"owner_id": 1, "_id": 1},
    "indexName": "owner_id_1__id_1",
    "isMultiKey": False,
    "direction": "backward",
    "indexBounds": {"owner_id": ["[1, 1]"], "_id": ["[MaxKey, MinKey]"]},
}
SLOTS = {"slots": "$$RESULT=s11 env: { s1 = TimeZoneDatabase(Asia/Kuwait) }", "stages": "[2] nlj inner [] [s4, s5]"}
SHARD = {
    "connectionString": "shardA/localhost:27017",
    "serverInfo": {"host": "a", "port": 27017, "version": "7.0.12"},
    "namespace": "orquestradora.chats",
    "indexFilterSet": False,
    "parsedQuery": {"owner_id": {"$eq": 1}},
    "rejectedPlans": [{"stage": "COLLSCAN"}],
}

CLASSIC = {"stage": "LIMIT", "limitAmount": 2, "inputStage": {"stage": "FETCH", "inputStage": INDEX}}
OR = {
    "stage": "SUBPLAN",
    "inputStage": {"stage": "OR", "inputStages": [INDEX, {"stage": "COLLSCAN", "direction": "forward"}]},
}
MERGED = {"stage": "SORT_MERGE", "sortPattern": {"_id": -1}, "inputStages": [INDEX, INDEX]}
SLOT_BASED = {
    "queryPlan": {"stage": "FETCH", "planNodeId": 2, "inputStage": {**INDEX, "planNodeId": 1}},
    "slotBasedPlan": SLOTS,
}
EXPRESS = {"isCached": False, "stage": "EXPRESS_IXSCAN", "keyPattern": "{ _id: 1 }", "indexName": "_id_"}
ONE_SHARD = {
    "stage": "SINGLE_SHARD",
    "shards": [
        {
            "shardName": "shardA",
            **SHARD,
            "winningPlan": {"stage": "FETCH", "inputStage": {"stage": "SHARDING_FILTER", "inputStage": INDEX}},
        }
    ],
}
TWO_SHARDS = {
    "stage": "SHARD_MERGE_SORT",
    "shards": [
        {"shardName": "shardA", "explainVersion": "2", **SHARD, "winningPlan": SLOT_BASED},
        {
            "shardName": "shardB",
            "explainVersion": "2",
            **SHARD,
            "winningPlan": {"queryPlan": {"stage": "COLLSCAN", "planNodeId": 1}, "slotBasedPlan": SLOTS},
        },
    ],
}


@pytest.mark.parametrize(
    ("version", "plan", "expected"),
    [
        ("1", CLASSIC, ["LIMIT", "FETCH", "IXSCAN"]),
        ("1", OR, ["SUBPLAN", "OR", "IXSCAN", "COLLSCAN"]),
        ("1", MERGED, ["SORT_MERGE", "IXSCAN", "IXSCAN"]),
        ("1", {"stage": "EOF"}, ["EOF"]),
        ("1", EXPRESS, ["EXPRESS_IXSCAN"]),
        ("1", {"stage": "IDHACK"}, ["IDHACK"]),
        ("2", SLOT_BASED, ["FETCH", "IXSCAN"]),
        ("1", ONE_SHARD, ["SINGLE_SHARD", "FETCH", "SHARDING_FILTER", "IXSCAN"]),
        ("2", TWO_SHARDS, ["SHARD_MERGE_SORT", "FETCH", "IXSCAN", "COLLSCAN"]),
    ],
)
def test_the_stages_of_the_plan_that_won(version: str, plan: dict[str, Any], expected: list[str]) -> None:
    explained = {
        "explainVersion": version,
        "queryPlanner": {"namespace": "x.y", "winningPlan": plan, "rejectedPlans": [{"stage": "COLLSCAN"}]},
        "ok": 1,
    }

    assert stages(explained) == expected
